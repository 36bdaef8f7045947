//! `Consent`: who may see what of a patient's record, told to people and not to systems.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::pkb::fhir::search::public_id;
use crate::pkb::fhir::searchset::searchset;
use crate::pkb::fhir::{Outcome, Resource, caller, patient_for};
use crate::pkb::people::{CLARA, Person};
use crate::pkb::privacy::{self, LABELS};
use crate::pkb::state::Pkb;
use crate::pkb::subject::Subject;
use crate::pkb::teams::{Team, default_team};

pub async fn search(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Resource, Outcome> {
    let caller = caller(&pkb, &headers)?;
    caller.person()?;
    let query = query.unwrap_or_default();
    let patient = patient_for(caller, &patient(&query)?)?;
    let team = format!("Organization/{}", pkb.config.system.org_public_id);
    let teams = Subject::Person(patient).teams(&pkb.memory());
    let consents = consents(patient, &team, &teams);
    let endpoint = pkb.addresses.reached(&headers).fhir_url;
    let address = format!("{endpoint}/Consent?{query}");
    Ok(Resource(searchset(&endpoint, consents, &address, None)))
}

/// The one parameter that there is.
fn patient(query: &str) -> Result<String, Outcome> {
    let mut patient = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "patient" if patient.is_none() => patient = Some(public_id(&value)),
            "_format" => {}
            _ => {
                return Err(Outcome::invalid(
                    "Consents are searched by one patient alone",
                ));
            }
        }
    }
    patient.ok_or_else(|| Outcome::required("patient is missing"))
}

/// That of the organisation's team, of a professional who has discharged the patient, of a carer, and of the other teams that the patient
/// was put into.
fn consents(patient: &'static Person, team: &str, teams: &[&'static Team]) -> Vec<Value> {
    let subject = Subject::Person(patient);
    let of_team = privacy::seen_by(default_team(), &subject);
    let professional = format!("Practitioner/{CLARA}");
    let mut of_carer = consent(patient, 3, "active", "#carer", &["GENERAL_HEALTH"]);
    of_carer["contained"] = json!([{ "resourceType": "RelatedPerson", "id": "carer" }]);
    let others = teams
        .iter()
        .filter(|team| team.alias != default_team().alias);
    let of_others = others.zip(4..).map(|(team, number)| {
        let actor = format!("Organization/{}", team.public_id);
        let labels = privacy::seen_by(team, &subject);
        consent(patient, number, "active", &actor, labels)
    });
    let mut consents = vec![
        consent(patient, 1, "active", team, of_team),
        consent(patient, 2, "inactive", &professional, &["MENTAL_HEALTH"]),
        of_carer,
    ];
    consents.extend(of_others);
    consents
}

/// Nothing may be seen except what has one of the labels.
fn consent(patient: &Person, number: u32, status: &str, actor: &str, labels: &[&str]) -> Value {
    let except = |label: &&str| json!({ "type": "permit", "securityLabel": [{ "system": LABELS, "code": label }] });
    let role = json!({ "coding": [{ "code": "CONSENTER" }] });
    let mut consent = json!({
        "resourceType": "Consent",
        "id": format!("{:08x}-0000-4000-9000-{number:012x}", patient.rest_id),
        "status": status,
        "patient": { "reference": format!("Patient/{}", patient.public_id) },
        "actor": [{ "role": role, "reference": { "reference": actor } }],
    });
    if !labels.is_empty() {
        consent["except"] = labels.iter().map(except).collect();
    }
    consent
}
