//! What a pharmacy has handed out, as FHIR STU3.

use serde_json::{Value, json};

use crate::calendar::date;
use crate::library::document::{Document, Schema};
use crate::library::general_practice::subject;

pub const DOCUMENTS: &[Document] = &[Document {
    object_type: "MedicationDispense",
    schema: Schema::FHIR,
    count: 12,
    compression: None,
    object: dispense,
}];

fn dispense(number: usize) -> Value {
    let name = "Metoprololsuccinaat tablet mga 50 mg";
    json!({
        "resourceType": "MedicationDispense",
        "id": format!("dispense-{number}"),
        "meta": { "profile": ["http://nictiz.nl/fhir/StructureDefinition/zib-Dispense"] },
        "status": "completed",
        "medicationCodeableConcept": {
            "coding": [{ "system": "urn:oid:2.16.840.1.113883.2.4.4.10", "code": "83917", "display": name }],
            "text": name,
        },
        "subject": subject(),
        "quantity": { "value": 90, "unit": "stuk", "system": "http://unitsofmeasure.org", "code": "1" },
        "whenHandedOver": format!("{}T16:10:00+02:00", date(number * 90)),
    })
}
