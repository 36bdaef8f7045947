//! `Patient` as Aggregated has it: merged from the sources, without their marks, under an id of its own.

use serde_json::json;

use crate::pkb::aggregated::dress::{Provenance, dress};
use crate::pkb::people::{NHS_NUMBER, Person, is_public_id, public_id_system};
use crate::pkb::r4::{Document, Resource};
use crate::pkb::state::Memory;
use crate::pkb::subject::Subject;
use crate::pkb::upstream::{Fate, origin_of};

const RECORDED_AT: &str = "2026-06-30T20:30:00.2112Z";

pub fn of(memory: &Memory, subject: &Subject) -> Option<Resource> {
    match subject {
        Subject::Person(person) => Some(of_person(subject, person)),
        Subject::Number(..) => by_customer(memory, subject),
    }
}

fn of_person(subject: &Subject, person: &Person) -> Resource {
    let address = &person.address;
    let lines = address.lines.iter().filter(|line| !line.is_empty());
    let number = person.patient().map(|patient| {
        let system = patient.national_id.system;
        json!({ "system": system, "value": patient.national_number })
    });
    let public_id = json!({ "system": public_id_system(), "value": person.public_id });
    let identifiers: Vec<_> = number.into_iter().chain([public_id]).collect();
    let patient = json!({
        "resourceType": "Patient",
        "id": subject.aggregated_id(),
        "meta": { "versionId": "9007199254740991", "lastUpdated": RECORDED_AT },
        "identifier": identifiers,
        "name": [{ "use": "official", "family": person.family, "given": person.given }],
        "telecom": [{ "system": "email", "value": person.login }],
        "gender": person.gender.fhir(),
        "birthDate": person.birth_date,
        "deceasedBoolean": false,
        "address": [{
            "line": lines.collect::<Vec<_>>(),
            "city": address.city,
            "postalCode": address.postal_code,
            "country": address.country,
        }],
    });
    let document = Document::parse(&patient.to_string()).unwrap_or_default();
    Resource::of("Patient", document)
}

/// Of somebody who has no account there is what Customer was given, the last of it.
fn by_customer(memory: &Memory, subject: &Subject) -> Option<Resource> {
    let patients = memory.upstream.of_type("Patient").filter(|stored| {
        let origin = origin_of(memory, &stored.resource);
        origin.fate == Fate::Aggregated && origin.subject.as_ref() == Some(subject)
    });
    let stored = patients.last()?;
    let mut document = stored.resource.document.clone();
    let identifiers = stored.resource.identifiers();
    let identifiers =
        identifiers.filter(|(system, _)| is_public_id(system) || NHS_NUMBER.system == *system);
    let identifiers: Vec<_> = identifiers
        .map(|(system, value)| json!({ "system": system, "value": value }))
        .collect();
    document.set("identifier", &identifiers);
    document.set("id", &subject.aggregated_id());
    document.remove("managingOrganization");
    let from = Provenance {
        route: "FHIR_API",
        recorded_at: &stored.last_updated,
        organisation: "",
    };
    dress(&mut document, &from);
    Some(Resource::of("Patient", document))
}
