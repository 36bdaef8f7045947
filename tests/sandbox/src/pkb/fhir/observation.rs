//! A measurement as an Observation.

use serde_json::{Value, json};

use crate::pkb::measurements::{Category, Measurement, Part};
use crate::pkb::people::Person;

pub fn observation(patient: &Person, measurement: &Measurement) -> Value {
    let reading = &measurement.reading;
    let kind = reading.kind;
    let mut observation = json!({
        "resourceType": "Observation",
        "id": measurement.id,
        "status": "final",
        "category": [{ "coding": [{
            "system": Category::SYSTEM,
            "code": kind.category.code(),
            "display": kind.category.display(),
        }] }],
        "code": code(kind.loinc, kind.name),
        "subject": { "reference": format!("Patient/{}", patient.public_id) },
        "effectiveDateTime": reading.taken_at,
        "issued": reading.entered_at,
    });
    let mut measured = kind.parts.iter().zip(&reading.values);
    if let [_] = kind.parts {
        observation["valueQuantity"] = measured.next().map(quantity).unwrap_or_default();
    } else {
        observation["component"] = measured.map(component).collect();
    }
    observation
}

fn component((part, value): (&Part, &f64)) -> Value {
    json!({ "code": code(part.loinc, part.name), "valueQuantity": quantity((part, value)) })
}

fn quantity((part, value): (&Part, &f64)) -> Value {
    json!({
        "value": value,
        "unit": part.unit,
        "system": "http://unitsofmeasure.org",
        "code": part.ucum,
    })
}

fn code(loinc: &str, name: &str) -> Value {
    json!({ "coding": [{ "system": "http://loinc.org", "code": loinc, "display": name }], "text": name })
}
