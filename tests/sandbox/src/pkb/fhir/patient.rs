//! `Patient`: read by public id, searched by NHS number.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::pkb::fhir::searchset::searchset;
use crate::pkb::fhir::{Outcome, Resource, caller, patient_for};
use crate::pkb::people::{self, NHS_NUMBER, Patient, Person};
use crate::pkb::state::Pkb;

pub async fn read(
    State(pkb): State<Arc<Pkb>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Resource, Outcome> {
    let caller = caller(&pkb, &headers)?;
    Ok(Resource(patient(patient_for(caller, &id)?)))
}

pub async fn search(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Resource, Outcome> {
    let caller = caller(&pkb, &headers)?;
    let query = query.unwrap_or_default();
    let number = nhs_number(&query)?;
    let found = people::patient_by_nhs_number(&number)
        .map(|person| patient_for(caller, person.public_id))
        .transpose()?;
    let found = found.map(patient).into_iter().collect();
    let endpoint = pkb.addresses.reached(&headers).fhir_url;
    let address = format!("{endpoint}/Patient?{query}");
    Ok(Resource(searchset(&endpoint, found, &address, None)))
}

/// The one search that there is.
fn nhs_number(query: &str) -> Result<String, Outcome> {
    let mut number = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "identifier" if number.is_none() => number = Some(value),
            "_format" => {}
            _ => {
                return Err(Outcome::invalid(
                    "Patients are searched by one identifier alone",
                ));
            }
        }
    }
    let number = number.ok_or_else(|| Outcome::required("identifier is missing"))?;
    match number.split_once('|') {
        Some((system, number)) if system == NHS_NUMBER.system && !number.is_empty() => {
            Ok(number.to_owned())
        }
        _ => Err(Outcome::invalid(
            "identifier must be the system of NHS numbers, | and a number",
        )),
    }
}

fn patient(person: &Person) -> Value {
    let address = &person.address;
    let lines = address.lines.iter().filter(|line| !line.is_empty());
    let mut name = json!({ "use": "official", "family": person.family, "given": person.given });
    if !person.title.is_empty() {
        name["prefix"] = json!([person.title]);
    }
    let identifier = |patient: &Patient| {
        let system = patient.national_id.system;
        json!({ "system": system, "value": patient.national_number })
    };
    json!({
        "resourceType": "Patient",
        "id": person.public_id,
        "identifier": person.patient().into_iter().map(identifier).collect::<Value>(),
        "name": [name],
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
    })
}
