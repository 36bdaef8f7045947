//! What resources of each type are searched by, and in which members that is found.

/// A parameter of a search.
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    /// The members of a resource that have it.
    pub members: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Date,
    Reference,
    Token,
}

const fn date(name: &'static str, members: &'static [&'static str]) -> Parameter {
    Parameter {
        name,
        kind: Kind::Date,
        members,
    }
}

const fn reference(name: &'static str, members: &'static [&'static str]) -> Parameter {
    Parameter {
        name,
        kind: Kind::Reference,
        members,
    }
}

const fn token(name: &'static str, members: &'static [&'static str]) -> Parameter {
    Parameter {
        name,
        kind: Kind::Token,
        members,
    }
}

/// Of every type.
static OF_ALL: [Parameter; 2] = [token("_id", &["id"]), token("identifier", &["identifier"])];

static OF_SOME: &[(&str, &[Parameter])] = &[
    (
        "AllergyIntolerance",
        &[
            token("code", &["code"]),
            token("clinical-status", &["clinicalStatus"]),
            token("category", &["category"]),
            token("criticality", &["criticality"]),
            date("date", &["recordedDate"]),
            reference("patient", &["patient"]),
            reference("recorder", &["recorder"]),
        ],
    ),
    (
        "Appointment",
        &[
            token("status", &["status"]),
            token("service-type", &["serviceType"]),
            token("specialty", &["specialty"]),
            date("date", &["start"]),
            reference("actor", &["participant"]),
            reference("based-on", &["basedOn"]),
        ],
    ),
    (
        "Condition",
        &[
            token("code", &["code"]),
            token("category", &["category"]),
            token("clinical-status", &["clinicalStatus"]),
            token("verification-status", &["verificationStatus"]),
            date("onset-date", &["onsetDateTime", "onsetPeriod"]),
            date("recorded-date", &["recordedDate"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("encounter", &["encounter"]),
            reference("asserter", &["asserter"]),
        ],
    ),
    (
        "DiagnosticReport",
        &[
            token("code", &["code"]),
            token("category", &["category"]),
            token("status", &["status"]),
            date("date", &["effectiveDateTime", "effectivePeriod"]),
            date("issued", &["issued"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("encounter", &["encounter"]),
            reference("performer", &["performer"]),
            reference("result", &["result"]),
        ],
    ),
    (
        "DocumentReference",
        &[
            token("type", &["type"]),
            token("category", &["category"]),
            token("status", &["status"]),
            date("date", &["date"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("author", &["author"]),
        ],
    ),
    (
        "Encounter",
        &[
            token("class", &["class"]),
            token("status", &["status"]),
            token("type", &["type"]),
            date("date", &["period"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("service-provider", &["serviceProvider"]),
        ],
    ),
    (
        "Immunization",
        &[
            token("vaccine-code", &["vaccineCode"]),
            token("status", &["status"]),
            date("date", &["occurrenceDateTime"]),
            reference("patient", &["patient"]),
            reference("location", &["location"]),
        ],
    ),
    (
        "MedicationStatement",
        &[
            token("code", &["medicationCodeableConcept"]),
            token("category", &["category"]),
            token("status", &["status"]),
            date("effective", &["effectiveDateTime", "effectivePeriod"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("medication", &["medicationReference"]),
            reference("context", &["context"]),
            reference("source", &["informationSource"]),
        ],
    ),
    (
        "Observation",
        &[
            token("code", &["code"]),
            token("category", &["category"]),
            token("status", &["status"]),
            date(
                "date",
                &["effectiveDateTime", "effectivePeriod", "effectiveInstant"],
            ),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("encounter", &["encounter"]),
            reference("performer", &["performer"]),
            reference("specimen", &["specimen"]),
        ],
    ),
    (
        "QuestionnaireResponse",
        &[
            token("status", &["status"]),
            date("authored", &["authored"]),
            reference("subject", &["subject"]),
            reference("patient", &["subject"]),
            reference("author", &["author"]),
        ],
    ),
];

/// Those of a type, the most common first.
pub fn parameters(kind: &str) -> impl Iterator<Item = &'static Parameter> {
    let own = OF_SOME.iter().find(|(known, _)| *known == kind);
    OF_ALL
        .iter()
        .chain(own.map_or(&[][..], |(_, parameters)| *parameters))
}
