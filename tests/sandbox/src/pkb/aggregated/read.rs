//! One resource by its id.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;

use crate::pkb::aggregated::shown;
use crate::pkb::caller::Caller;
use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{Document, Shown};
use crate::pkb::state::Pkb;

pub async fn read(
    State(pkb): State<Arc<Pkb>>,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Shown<Document>, Outcome> {
    Caller::is_customer(&pkb, &headers)?;
    let found = shown::read(&pkb.memory(), &kind, &id);
    let found = found.ok_or_else(|| Outcome::not_found("There is no such resource"))?;
    Ok(Shown(found.document))
}
