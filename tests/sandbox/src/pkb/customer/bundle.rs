//! Many interactions at once: a batch, of which each entry fails by itself, or a transaction, which is done as a whole or not at all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method};

use crate::pkb::caller::Caller;
use crate::pkb::customer::answer::endpoint;
use crate::pkb::customer::entry::{Answered, AnsweredEntry, Asked, AskedEntry};
use crate::pkb::customer::interaction::Interaction;
use crate::pkb::fhir::Outcome;
use crate::pkb::fhir::identified::said_to_be_fhir;
use crate::pkb::r4::{Resource, Shown, parse_resource};
use crate::pkb::state::{Memory, Pkb};
use crate::pkb::subject::uuid;
use crate::random;

/// The order in which a transaction does things, wherever they stand in it.
const ORDER: [Method; 4] = [Method::DELETE, Method::POST, Method::PUT, Method::GET];

pub async fn bundle(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Shown<Answered>, Outcome> {
    Caller::is_customer(&pkb, &headers)?;
    said_to_be_fhir(&headers)?;
    let resource = parse_resource(&body)?;
    let asked = (resource.kind == "Bundle").then(|| serde_json::from_slice::<Asked>(&body).ok());
    let asked = asked
        .flatten()
        .ok_or_else(|| Outcome::invalid("The body must be a Bundle"))?;
    let endpoint = endpoint(&pkb, &headers);
    let mut memory = pkb.memory();
    let answered = match asked.r#type.as_str() {
        "batch" => Answered::new(
            "batch-response",
            batch(&mut memory, &endpoint, &asked.entry),
        ),
        "transaction" => {
            let entries = transaction(&mut memory, &endpoint, &asked.entry)?;
            Answered::new("transaction-response", entries)
        }
        _ => {
            return Err(Outcome::invalid(
                "The type of the Bundle must be batch or transaction",
            ));
        }
    };
    Ok(Shown(answered))
}

fn batch(memory: &mut Memory, endpoint: &str, entries: &[AskedEntry]) -> Vec<AnsweredEntry> {
    let mut answer = |entry: &AskedEntry| {
        let interaction = entry.interaction()?;
        let method = interaction.method.clone();
        let new_id = uuid(&random::token());
        let done = interaction.perform(&mut memory.upstream, endpoint, &new_id)?;
        memory.tally.stored += u64::from(done.is_write(&method));
        Ok(AnsweredEntry::of(endpoint, &done))
    };
    entries
        .iter()
        .map(|entry| answer(entry).unwrap_or_else(|outcome| AnsweredEntry::failed(&outcome)))
        .collect()
}

/// Works on a copy, which takes the place of what was there if nothing has failed.
fn transaction(
    memory: &mut Memory,
    endpoint: &str,
    entries: &[AskedEntry],
) -> Result<Vec<AnsweredEntry>, Outcome> {
    let mut upstream = memory.upstream.clone();
    let mut planned = Vec::new();
    let mut references = HashMap::new();
    let mut written = HashSet::new();
    for entry in entries {
        let interaction = entry.interaction()?;
        let known = interaction.target(&upstream)?;
        let id = known.unwrap_or_else(|| uuid(&random::token()));
        let target = format!("{}/{id}", interaction.kind);
        let writes = interaction.method != Method::GET;
        if writes && !written.insert(target.clone()) {
            return Err(Outcome::invalid("Two entries are about one resource"));
        }
        if let Some(full_url) = entry.full_url.as_ref().filter(|_| writes)
            && references.insert(full_url.clone(), target).is_some()
        {
            return Err(Outcome::invalid("Two entries have one fullUrl"));
        }
        planned.push((interaction, id));
    }
    let order = |method: &Method| ORDER.iter().position(|known| known == method);
    let mut sorted: Vec<_> = planned.into_iter().enumerate().collect();
    sorted.sort_by_key(|(_, (interaction, _))| order(&interaction.method));
    let mut answered = Vec::new();
    let mut stored = 0;
    for (index, (interaction, id)) in sorted {
        let interaction = resolved(interaction, &references)?;
        let method = interaction.method.clone();
        let done = interaction.perform(&mut upstream, endpoint, &id)?;
        stored += u64::from(done.is_write(&method));
        answered.push((index, AnsweredEntry::of(endpoint, &done)));
    }
    answered.sort_by_key(|(index, _)| *index);
    memory.upstream = upstream;
    memory.tally.stored += stored;
    Ok(answered.into_iter().map(|(_, entry)| entry).collect())
}

/// With references to what the entries make.
fn resolved(
    interaction: Interaction,
    references: &HashMap<String, String>,
) -> Result<Interaction, Outcome> {
    let Some(mut resource) = interaction.resource else {
        return Ok(interaction);
    };
    let mut document = resource.document.clone();
    for reference in resource.all_references() {
        match references.get(reference) {
            Some(target) => document = document.with_reference(reference, target),
            None if reference.starts_with("urn:uuid:") => {
                return Err(Outcome::unprocessable(
                    "A reference is to no entry of the transaction",
                ));
            }
            None => {}
        }
    }
    resource = Resource::of(&resource.kind, document);
    Ok(Interaction {
        resource: Some(resource),
        ..interaction
    })
}
