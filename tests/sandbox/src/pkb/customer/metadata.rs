//! `metadata`: what Customer can do.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::pkb::customer::answer::endpoint;
use crate::pkb::r4::{Shown, capabilities, resource_types};
use crate::pkb::state::Pkb;

const INTERACTIONS: [&str; 6] = ["read", "vread", "update", "delete", "create", "search-type"];

pub async fn metadata(State(pkb): State<Arc<Pkb>>, headers: HeaderMap) -> Shown<Value> {
    let resources = resource_types().map(|kind| (kind, &INTERACTIONS[..]));
    let mut told = capabilities(&endpoint(&pkb, &headers), resources);
    told["rest"][0]["interaction"] = json!([{ "code": "transaction" }, { "code": "batch" }]);
    Shown(told)
}
