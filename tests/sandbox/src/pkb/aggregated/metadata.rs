//! `metadata`: what Aggregated can do.

use std::sync::Arc;

use axum::extract::State;
use serde_json::Value;

use crate::pkb::aggregated::needed::types;
use crate::pkb::r4::{Shown, capabilities};
use crate::pkb::state::Pkb;

const INTERACTIONS: [&str; 2] = ["read", "search-type"];

pub async fn metadata(State(pkb): State<Arc<Pkb>>) -> Shown<Value> {
    let endpoint = &pkb.customer_addresses.aggregated_url;
    Shown(capabilities(
        endpoint,
        types().map(|kind| (kind, &INTERACTIONS[..])),
    ))
}
