//! `Organization/$generate-invitation-tokens`: invitations for those who may register, and not a word of the others.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::clock::{self, DAY_MS};
use crate::pkb::fhir::identified::{Identifier, searched_identifiers, system_calls};
use crate::pkb::fhir::{Outcome, Resource};
use crate::pkb::people::Registrant;
use crate::pkb::state::Pkb;
use crate::{calendar, random};

const MOST: usize = 500;
/// The platform does not publish how long an invitation lasts.
const LASTS_MS: u64 = 30 * DAY_MS;

pub async fn invitation_tokens(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Resource, Outcome> {
    system_calls(&pkb, &headers)?;
    let identifiers = searched_identifiers(&headers, &body, MOST)?;
    let mut memory = pkb.memory();
    let invited: Vec<_> = identifiers
        .iter()
        .filter(|identifier| {
            let known = identifier.registrant(&memory);
            known.as_ref().is_some_and(Registrant::can_be_invited)
        })
        .collect();
    memory.tally.invitations += u64::try_from(invited.len()).unwrap_or(u64::MAX);
    let expiry = memory.modes.invitation_expiry.member();
    let told: Value = invited
        .into_iter()
        .map(|identifier| {
            let (code, token) = (random::token(), random::token());
            let told = invitation(identifier, &code, &token, expiry);
            memory.invitations.insert((code, token));
            told
        })
        .collect();
    Ok(Resource(
        json!({ "resourceType": "Parameters", "parameter": told }),
    ))
}

fn invitation(identifier: &Identifier, code: &str, token: &str, expiry: &str) -> Value {
    let ends_at = calendar::instant(clock::now_ms() + LASTS_MS);
    json!({ "name": "patientTokens", "part": [
        identifier.part(),
        { "name": "code", "valueString": code },
        { "name": "token", "valueString": token },
        { "name": "expiry", expiry: ends_at },
    ] })
}
