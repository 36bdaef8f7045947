//! What Aggregated has of the sandbox's patients from the start: appointments, conditions and medication, as texts, so that
//! decimals end in the zeros that they are written with.

use crate::calendar;
use crate::clock::DAY_MS;
use crate::pkb::aggregated::dress::{Provenance, dress};
use crate::pkb::people::{Patient, Person};
use crate::pkb::privacy::LABELS;
use crate::pkb::r4::{Document, Resource};
use crate::pkb::subject::{Subject, uuid};

/// The source organisation of what is there from the start.
const SURGERY: &str = "SANDBOX-SURGERY";

/// Resources of a type, the oldest first.
pub fn of(person: &'static Person, kind: &str) -> Vec<Resource> {
    let Some(patient) = person.patient() else {
        return Vec::new();
    };
    match kind {
        "Appointment" => appointments(person, patient),
        "Condition" => conditions(person),
        "MedicationStatement" => medication(person),
        _ => Vec::new(),
    }
}

/// One in each of the weeks in which they have measured themselves.
fn appointments(person: &'static Person, patient: &Patient) -> Vec<Resource> {
    let weeks = (0..patient.weeks).rev();
    let appointment = |weeks: usize| {
        let day = calendar::date(weeks * 7);
        let members = format!(
            r#""status": "booked",
            "serviceType": [{{ "text": "Review of measurements" }}],
            "start": "{day}T09:00:00+00:00",
            "end": "{day}T09:10:00+00:00",
            "participant": [{{ "actor": {{ "reference": "{}" }}, "status": "accepted" }}]"#,
            reference(person),
        );
        resource(person, "Appointment", weeks, "GENERAL_HEALTH", &members)
    };
    weeks.map(appointment).collect()
}

/// One of each of three labels, of which the organisation has not all.
fn conditions(person: &'static Person) -> Vec<Resource> {
    let known = [
        (39, "GENERAL_HEALTH", "38341003", "Hypertension"),
        (21, "MENTAL_HEALTH", "35489007", "Depressive disorder"),
        (9, "SOCIAL_CARE", "105531004", "Housing unsatisfactory"),
    ];
    let condition = |(weeks, label, code, text): (usize, &str, &str, &str)| {
        let day = calendar::date(weeks * 7);
        let members = format!(
            r#""clinicalStatus": {{ "coding": [{{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }}] }},
            "code": {{ "coding": [{{ "system": "http://snomed.info/sct", "code": "{code}", "display": "{text}" }}], "text": "{text}" }},
            "subject": {{ "reference": "{}" }},
            "recordedDate": "{day}""#,
            reference(person),
        );
        resource(person, "Condition", weeks, label, &members)
    };
    known.into_iter().map(condition).collect()
}

fn medication(person: &'static Person) -> Vec<Resource> {
    let known = [
        (38, "386864001", "Amlodipine", "2.50"),
        (12, "386873009", "Lisinopril", "10.0"),
    ];
    let statement = |(weeks, code, text, dose): (usize, &str, &str, &str)| {
        let day = calendar::date(weeks * 7);
        let members = format!(
            r#""status": "active",
            "medicationCodeableConcept": {{ "coding": [{{ "system": "http://snomed.info/sct", "code": "{code}", "display": "{text}" }}], "text": "{text}" }},
            "subject": {{ "reference": "{}" }},
            "effectivePeriod": {{ "start": "{day}" }},
            "dosage": [{{ "text": "Once a day", "doseAndRate": [{{ "doseQuantity": {{ "value": {dose}, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg" }} }}] }}]"#,
            reference(person),
        );
        resource(
            person,
            "MedicationStatement",
            weeks,
            "GENERAL_HEALTH",
            &members,
        )
    };
    known.into_iter().map(statement).collect()
}

fn reference(person: &'static Person) -> String {
    format!("Patient/{}", Subject::Person(person).aggregated_id())
}

/// Recorded in the evening of a day so many weeks before the last, with 4 to 6 digits of a second.
fn resource(
    person: &'static Person,
    kind: &str,
    weeks: usize,
    label: &str,
    members: &str,
) -> Resource {
    let recorded_ms = calendar::milliseconds(weeks * 7) + DAY_MS * 20 / 24;
    let digits = ["2112", "21120", "211200"][weeks % 3];
    let recorded_at = calendar::instant(recorded_ms).replace("+00:00", &format!(".{digits}Z"));
    let id = uuid(&format!("{} {kind} {weeks}", person.public_id));
    let version = 9_007_199_254_740_000 + weeks;
    let text = format!(
        r#"{{
            "resourceType": "{kind}",
            "id": "{id}",
            "meta": {{
                "versionId": "{version}",
                "lastUpdated": "{recorded_at}",
                "extension": [{{ "url": "ex:createdAt", "valueInstant": "{recorded_at}" }}],
                "security": [{{ "system": "{LABELS}", "code": "{label}" }}]
            }},
            {members}
        }}"#
    );
    let mut document = Document::parse(&text).unwrap_or_default();
    let from = Provenance {
        route: "WEBAPP",
        recorded_at: &recorded_at,
        organisation: SURGERY,
    };
    dress(&mut document, &from);
    Resource::of(kind, document)
}
