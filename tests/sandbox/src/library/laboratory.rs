//! What a laboratory has measured, as FHIR STU3.

use serde_json::{Value, json};

use crate::calendar::date;
use crate::compression::Compression;
use crate::library::document::{Document, Schema};
use crate::library::general_practice::subject;

pub const DOCUMENTS: &[Document] = &[Document {
    object_type: "Observation",
    schema: Schema::FHIR,
    count: 96,
    compression: Some(Compression::Gzip),
    object: result,
}];

/// One measurement of the panel that is taken every month.
fn result(number: usize) -> Value {
    let (code, name, value, unit) = [
        ("59261-8", "HbA1c", 41 + number % 5, "mmol/mol"),
        ("62238-1", "eGFR", 82 + number % 9, "mL/min/1.73m2"),
        ("14647-2", "Cholesterol", 4 + number % 2, "mmol/L"),
        ("2823-3", "Kalium", 4 + number % 2, "mmol/L"),
    ][number % 4];
    json!({
        "resourceType": "Observation",
        "id": format!("result-{number}"),
        "meta": { "profile": ["http://nictiz.nl/fhir/StructureDefinition/zib-LaboratoryTestResult-Observation"] },
        "status": "final",
        "category": [{ "coding": [{
            "system": "http://snomed.info/sct",
            "code": "49581000146104",
            "display": "Laboratory test finding",
        }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": code, "display": name }], "text": name },
        "subject": subject(),
        "effectiveDateTime": format!("{}T07:45:00+02:00", date(number / 4 * 30)),
        "valueQuantity": { "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit },
    })
}
