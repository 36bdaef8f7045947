//! `Observation`: searched by patient and category, page by page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;

use crate::pkb::fhir::observation::observation;
use crate::pkb::fhir::search::{PAGE, Search};
use crate::pkb::fhir::searchset::searchset;
use crate::pkb::fhir::{Outcome, Resource, caller, patient_for};
use crate::pkb::state::Pkb;

pub async fn search(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Resource, Outcome> {
    let caller = caller(&pkb, &headers)?;
    let query = query.unwrap_or_default();
    let mut search = Search::parse(&query)?;
    let patient = patient_for(caller, &search.patient)?;
    let measurements = pkb.memory().measurements.of(patient);
    let mut found = measurements
        .iter()
        .enumerate()
        .skip(search.from)
        .filter(|(_, measurement)| search.means(measurement));
    let page = found
        .by_ref()
        .take(search.count)
        .map(|(_, measurement)| observation(patient, measurement))
        .collect();
    let endpoint = pkb.addresses.reached(&headers).fhir_url;
    let address = format!("{endpoint}/Observation");
    let next = match found.next() {
        None => None,
        Some((index, _)) => {
            search.from = index;
            let page = search
                .page()
                .map_err(|_| Outcome::internal("The link to the next page cannot be made"))?;
            Some(format!("{address}?{PAGE}={page}"))
        }
    };
    Ok(Resource(searchset(
        &endpoint,
        page,
        &format!("{address}?{query}"),
        next,
    )))
}
