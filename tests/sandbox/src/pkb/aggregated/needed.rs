//! Which types Aggregated has, and the parameter that a search for each must have.

/// The types, and the parameters of which a search must have one.
static NEEDED: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", PATIENT),
    ("Appointment", &["actor:Patient.identifier"]),
    ("CarePlan", SUBJECT),
    ("CareTeam", SUBJECT),
    ("ChargeItem", SUBJECT),
    ("ChargeItemDefinition", &["identifier"]),
    ("Communication", SUBJECT),
    ("Composition", SUBJECT),
    ("Condition", SUBJECT),
    ("Consent", PATIENT),
    ("Device", PATIENT),
    ("DeviceRequest", SUBJECT),
    ("DeviceUseStatement", SUBJECT),
    ("DiagnosticReport", SUBJECT),
    ("DocumentReference", SUBJECT),
    ("Encounter", SUBJECT),
    ("EpisodeOfCare", PATIENT),
    ("Flag", SUBJECT),
    (
        "HealthcareService",
        &["identifier", "organization:Organization.identifier"],
    ),
    ("Immunization", PATIENT),
    ("ImmunizationRecommendation", PATIENT),
    ("MedicationStatement", SUBJECT),
    ("Observation", SUBJECT),
    ("Patient", &["identifier"]),
    // What is published does not say which.
    ("QuestionnaireResponse", &[SUBJECT[0], PATIENT[0]]),
];

const PATIENT: &[&str] = &["patient:Patient.identifier"];
const SUBJECT: &[&str] = &["subject:Patient.identifier"];

/// The parameters, each an identifier, of which a search for this type must have one; `None` if there is no such type.
pub fn needed(kind: &str) -> Option<&'static [&'static str]> {
    let known = NEEDED.iter().find(|(known, _)| *known == kind);
    known.map(|(_, needed)| *needed)
}

pub fn is_aggregated(kind: &str) -> bool {
    needed(kind).is_some()
}

/// All types.
pub fn types() -> impl Iterator<Item = &'static str> {
    NEEDED.iter().map(|(kind, _)| *kind)
}
