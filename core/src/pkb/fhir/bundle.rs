//! A bundle of requests (FHIR, its chapter on the interactions `batch` and `transaction`): what has to be in it, and what came of each entry.

use http::Method;

use super::{FhirOutcome, MEDIA_TYPE};
use crate::error::{Invalid, Words};
use crate::http::Request;
use crate::pkb::actor::Actor;
use crate::pkb::meaning::makes_no_sense;
use crate::pkb::{Client, Surface};
use crate::{Error, JsonObject};

/// Sends a bundle of this type to Customer, once, and gives what came of each entry, in their order.
pub(in crate::pkb) async fn send(
    client: &Client,
    kind: &'static str,
    bundle: &JsonObject,
) -> Result<Vec<FhirOutcome>, Error> {
    let entries = entries_of(bundle, kind)?;
    let actor = Actor::customer_system(Surface::Customer, None);
    let address = client
        .settings()
        .endpoints
        .apis
        .get(Surface::Customer)?
        .base();
    let request = Request::to_address(Method::POST, address, kind)
        .accept(MEDIA_TYPE)
        .json(bundle)?
        .content_type(MEDIA_TYPE)
        .once();
    let response = actor.send(client, request).await?;
    let answered: Option<JsonObject> = response.json().ok();
    let answered = answered.and_then(|bundle| bundle.member("entry")?.items());
    let outcomes: Vec<_> = answered
        .iter()
        .flatten()
        .filter_map(FhirOutcome::of_entry)
        .collect();
    if outcomes.len() == entries {
        return Ok(outcomes);
    }
    let said = format!(
        "does not say what became of each of the {entries} entries: read them before they are sent again"
    );
    Err(makes_no_sense(&response, said))
}

/// How many entries a bundle has, each of which has to say what is asked for.
fn entries_of(bundle: &JsonObject, kind: &'static str) -> Result<usize, Error> {
    let refuse = |path: Words, reason| Error::from(Invalid::new(path, reason));
    let is = |name, wanted: &str| bundle.string_at(name).as_deref() == Some(wanted);
    if !is("resourceType", "Bundle") {
        let reason = "must be Bundle";
        return Err(refuse("options.bundle.resourceType".into(), reason));
    }
    if !is("type", kind) {
        let reason = if kind == "batch" {
            "must be batch"
        } else {
            "must be transaction"
        };
        return Err(refuse("options.bundle.type".into(), reason));
    }
    let entries = bundle.member("entry").and_then(|entries| entries.items());
    let entries = entries.filter(|entries| !entries.is_empty());
    let entries = entries.ok_or_else(|| {
        let reason = "must be a list with at least one entry";
        refuse("options.bundle.entry".into(), reason)
    })?;
    for (number, entry) in entries.iter().enumerate() {
        let asked = entry.member("request");
        for member in ["method", "url"] {
            let given = asked.as_ref().and_then(|asked| asked.string_at(member));
            if given.is_none_or(|given| given.is_empty()) {
                let path = Words::from("options.bundle.entry").given(&format!("[{number}]"));
                let path = path.own(".request.").own(member);
                return Err(refuse(path, "is missing"));
            }
        }
    }
    Ok(entries.len())
}
