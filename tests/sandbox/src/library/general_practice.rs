//! What a general practitioner's record holds, as FHIR STU3 with the profiles of `MedMij`. The person is made up.

use serde_json::{Value, json};

use crate::calendar::date;
use crate::compression::Compression;
use crate::library::document::{Document, Schema};

pub const DOCUMENTS: &[Document] = &[
    Document {
        object_type: "Patient",
        schema: Schema::FHIR,
        count: 1,
        compression: None,
        object: patient,
    },
    Document {
        object_type: "Observation",
        schema: Schema::FHIR,
        count: 240,
        compression: Some(Compression::Brotli),
        object: observation,
    },
    Document {
        object_type: "MedicationStatement",
        schema: Schema::FHIR,
        count: 18,
        compression: Some(Compression::Gzip),
        object: medication_statement,
    },
    Document {
        object_type: "AllergyIntolerance",
        schema: Schema::FHIR,
        count: 4,
        compression: None,
        object: allergy_intolerance,
    },
];

/// How other resources refer to the person.
pub fn subject() -> Value {
    json!({ "reference": "Patient/patient-1", "display": "Johanna Voorbeeld" })
}

fn patient(_: usize) -> Value {
    json!({
        "resourceType": "Patient",
        "id": "patient-1",
        "meta": { "profile": ["http://fhir.nl/fhir/StructureDefinition/nl-core-patient"] },
        "identifier": [{
            "system": "http://fhir.nl/fhir/NamingSystem/bsn",
            "_value": { "extension": [{
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": "masked",
            }] },
        }],
        "text": {
            "status": "generated",
            "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Johanna Voorbeeld, geboren op 14 maart 1971, Zutphen</div>",
        },
        "active": true,
        "name": [
            { "use": "official", "text": "Johanna Voorbeeld", "family": "Voorbeeld", "given": ["Johanna"] },
            { "use": "usual", "given": ["Hanna"] },
        ],
        "telecom": [
            { "system": "phone", "value": "+31 570 00 00 00", "use": "home" },
            { "system": "email", "value": "johanna@example.org", "use": "home" },
        ],
        "maritalStatus": {
            "coding": [{ "system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M", "display": "Married" }],
            "text": "Gehuwd",
        },
        "contact": [{
            "relationship": [{ "coding": [{
                "system": "urn:oid:2.16.840.1.113883.2.4.3.11.22.472",
                "code": "01",
                "display": "Eerste relatie/contactpersoon",
            }] }],
            "name": { "text": "Pieter Voorbeeld", "family": "Voorbeeld", "given": ["Pieter"] },
            "telecom": [{ "system": "phone", "value": "+31 570 00 00 01", "use": "mobile" }],
        }],
        "communication": [{
            "language": {
                "coding": [{ "system": "urn:ietf:bcp:47", "code": "nl-NL", "display": "Nederlands" }],
                "text": "Nederlands",
            },
            "preferred": true,
        }],
        "gender": "female",
        "birthDate": "1971-03-14",
        "address": [{
            "use": "home",
            "line": ["Lindelaan 12"],
            "city": "Zutphen",
            "postalCode": "7201 ZZ",
            "country": "NL",
        }],
        "generalPractitioner": [{ "reference": "Organization/practice-1", "display": "Huisartsenpraktijk De Linde" }],
    })
}

/// Blood pressure, heart rate and weight in turn, every three days.
fn observation(number: usize) -> Value {
    let quantity = |value: usize, unit: &str, code: &str| json!({ "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": code });
    let concept = |code: &str, display: &str| json!({ "coding": [{ "system": "http://loinc.org", "code": code, "display": display }], "text": display });
    let wave = number * 7 % 11;
    let (profile, code, measured) = match number % 3 {
        0 => (
            "zib-BloodPressure",
            concept("85354-9", "Blood pressure panel with all children optional"),
            json!({ "component": [
                { "code": concept("8480-6", "Systolic blood pressure"), "valueQuantity": quantity(118 + wave, "mmHg", "mm[Hg]") },
                { "code": concept("8462-4", "Diastolic blood pressure"), "valueQuantity": quantity(74 + wave / 2, "mmHg", "mm[Hg]") },
            ] }),
        ),
        1 => (
            "zib-HeartRate",
            concept("8867-4", "Heart rate"),
            json!({ "valueQuantity": quantity(62 + wave, "/min", "/min") }),
        ),
        _ => (
            "zib-BodyWeight",
            concept("29463-7", "Body weight"),
            json!({ "valueQuantity": quantity(68 + wave / 4, "kg", "kg") }),
        ),
    };
    let mut observation = json!({
        "resourceType": "Observation",
        "id": format!("observation-{number}"),
        "meta": { "profile": [format!("http://nictiz.nl/fhir/StructureDefinition/{profile}")] },
        "status": "final",
        "category": [{ "coding": [{
            "system": "http://hl7.org/fhir/observation-category",
            "code": "vital-signs",
            "display": "Vital Signs",
        }] }],
        "code": code,
        "subject": subject(),
        "effectiveDateTime": format!("{}T08:30:00+02:00", date(number * 3)),
        "performer": [{ "reference": "Practitioner/practitioner-1", "display": "A. Huisarts" }],
    });
    if let (Value::Object(observation), Value::Object(measured)) = (&mut observation, measured) {
        observation.extend(measured);
    }
    observation
}

fn medication_statement(number: usize) -> Value {
    let (code, name) = [
        ("67903", "Paracetamol tablet 500 mg"),
        ("83917", "Metoprololsuccinaat tablet mga 50 mg"),
        ("41823", "Omeprazol capsule msr 20 mg"),
    ][number % 3];
    json!({
        "resourceType": "MedicationStatement",
        "id": format!("medication-{number}"),
        "meta": { "profile": ["http://nictiz.nl/fhir/StructureDefinition/zib-MedicationUse"] },
        "status": if number < 3 { "active" } else { "completed" },
        "medicationCodeableConcept": {
            "coding": [{ "system": "urn:oid:2.16.840.1.113883.2.4.4.10", "code": code, "display": name }],
            "text": name,
        },
        "effectivePeriod": { "start": date(number * 60 + 59), "end": date(number * 60) },
        "subject": subject(),
        "taken": "y",
        "dosage": [{
            "text": "1 maal per dag 1 stuk",
            "timing": { "repeat": { "frequency": 1, "period": 1, "periodUnit": "d" } },
            "doseQuantity": { "value": 1, "unit": "stuk", "system": "http://unitsofmeasure.org", "code": "1" },
        }],
    })
}

fn allergy_intolerance(number: usize) -> Value {
    let (code, name) = [
        ("373270004", "Penicilline"),
        ("256277009", "Graspollen"),
        ("227493005", "Cashewnoot"),
        ("288328004", "Bijengif"),
    ][number % 4];
    json!({
        "resourceType": "AllergyIntolerance",
        "id": format!("allergy-{number}"),
        "meta": { "profile": ["http://nictiz.nl/fhir/StructureDefinition/zib-AllergyIntolerance"] },
        "clinicalStatus": "active",
        "verificationStatus": "confirmed",
        "criticality": if number == 0 { "high" } else { "low" },
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": code, "display": name }], "text": name },
        "patient": subject(),
        "assertedDate": date(number * 400),
    })
}
