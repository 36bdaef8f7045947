//! A search: of one patient, page by page.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};

use crate::pkb::aggregated::address::{INNER, INNER_ORIGIN};
use crate::pkb::aggregated::included::included;
use crate::pkb::aggregated::needed::needed;
use crate::pkb::aggregated::shown;
use crate::pkb::caller::Caller;
use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{Entry, Link, Resource, Search, Searchset, Shown};
use crate::pkb::state::{Paging, Pkb, WithoutPatient};

pub async fn search(
    State(pkb): State<Arc<Pkb>>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Shown<Searchset>, Outcome> {
    Caller::is_customer(&pkb, &headers)?;
    let needed = needed(&kind).ok_or_else(|| {
        let text = "Aggregated has no resources of this type";
        Outcome::not_supported(StatusCode::NOT_FOUND, text)
    })?;
    let search = Search::parse(&kind, &query.unwrap_or_default(), needed)?;
    let memory = pkb.memory();
    let modes = memory.modes;
    let all = match (&search.named, modes.aggregated_without_patient) {
        (Some(named), _) => shown::named(&memory, &kind, named),
        (None, WithoutPatient::Empty) => Vec::new(),
        (None, WithoutPatient::Refused) => {
            return Err(Outcome::required(
                "A search must name its patient by the parameter that this type has for it",
            ));
        }
    };
    let usual_count = usize::try_from(modes.aggregated_page_size).unwrap_or(usize::MAX);
    let page = search.page(all, usual_count);
    let along = included(&memory, &page.found, &search.included);
    let links = links(&search, page.next, modes.aggregated_paging);
    let found = page.found.into_iter().map(|found| entry(found, true));
    let along = along.into_iter().map(|along| entry(along, false));
    let entries = found.chain(along).collect();
    Ok(Shown(Searchset::new(page.total, links, entries)))
}

fn links(search: &Search, next: Option<usize>, paging: Paging) -> Vec<Link> {
    let mut links = vec![
        Link::new("first", search.address(1)),
        Link::new("self", search.own_address()),
    ];
    let next = next.map(|next| search.address(next));
    match paging {
        Paging::Next => links.extend(next.map(|next| Link::new("next", next))),
        Paging::Inner => {
            let next = next.map(|next| format!("{INNER_ORIGIN}{next}"));
            links.extend(next.map(|next| Link::new("next", next)));
        }
        Paging::None => {}
    }
    links
}

fn entry(resource: Resource, is_match: bool) -> Entry {
    let mut entry = Entry::new(INNER, resource, is_match);
    entry.link = vec![Link::new("self", entry.full_url.clone())];
    entry
}
