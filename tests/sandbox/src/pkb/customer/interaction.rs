//! What is done with the resources that Customer keeps, whether it was asked for alone or in a Bundle.

use std::sync::Arc;

use axum::http::{Method, StatusCode};

use crate::clock;
use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{Entry, Link, Resource, Search, Searchset, is_id, is_resource_type};
use crate::pkb::upstream::{Stored, Upstream};

/// How many a page has, unless the search says.
const PAGE: usize = 100;

/// What is asked for.
pub struct Interaction {
    pub method: Method,
    pub kind: String,
    pub id: Option<String>,
    pub query: String,
    pub resource: Option<Resource>,
    /// The search that must find nothing, or else what it finds is there already.
    pub if_none_exist: Option<String>,
}

/// What was done.
pub struct Done {
    pub status: StatusCode,
    pub stored: Option<Arc<Stored>>,
    pub found: Option<Searchset>,
}

impl Interaction {
    /// Does it; a resource that is new has this id.
    pub fn perform(
        self,
        upstream: &mut Upstream,
        endpoint: &str,
        new_id: &str,
    ) -> Result<Done, Outcome> {
        self.check()?;
        match (self.method.as_str(), self.id, self.resource) {
            ("POST", None, Some(resource)) => {
                if let Some(known) = existing(upstream, &self.kind, self.if_none_exist.as_deref())?
                {
                    return Ok(Done::with(StatusCode::OK, known));
                }
                let (stored, _) = upstream.put(resource, new_id, clock::now_ms());
                Ok(Done::with(StatusCode::CREATED, stored))
            }
            ("PUT", Some(id), Some(resource)) => {
                if resource.id() != id {
                    return Err(Outcome::invalid(
                        "The id of the resource must be that of the address",
                    ));
                }
                let (stored, is_new) = upstream.put(resource, &id, clock::now_ms());
                let status = if is_new {
                    StatusCode::CREATED
                } else {
                    StatusCode::OK
                };
                Ok(Done::with(status, stored))
            }
            ("GET", Some(id), _) => {
                let stored = upstream.get(&self.kind, &id).map(Arc::clone);
                let stored =
                    stored.ok_or_else(|| Outcome::not_found("There is no such resource"))?;
                Ok(Done::with(StatusCode::OK, stored))
            }
            ("GET", None, _) => {
                let search = Search::parse(&self.kind, &self.query, &[])?;
                Ok(Done {
                    status: StatusCode::OK,
                    stored: None,
                    found: Some(found(upstream, endpoint, &self.kind, &search)),
                })
            }
            ("DELETE", Some(id), _) => {
                upstream.remove(&self.kind, &id);
                Ok(Done {
                    status: StatusCode::NO_CONTENT,
                    stored: None,
                    found: None,
                })
            }
            _ => Err(Outcome::invalid(
                "There is no such interaction, or it lacks a resource",
            )),
        }
    }

    /// The resource that it is about before it is done: that of its id, or the one that need not be made.
    pub fn target(&self, upstream: &Upstream) -> Result<Option<String>, Outcome> {
        if let Some(id) = &self.id {
            return Ok(Some(id.clone()));
        }
        let known = existing(upstream, &self.kind, self.if_none_exist.as_deref())?;
        Ok(known.map(|known| known.resource.id().to_owned()))
    }

    fn check(&self) -> Result<(), Outcome> {
        if !is_resource_type(&self.kind) {
            return Err(Outcome::not_found("R4 has no resources of this type"));
        }
        if self.id.as_deref().is_some_and(|id| !is_id(id)) {
            return Err(Outcome::invalid(
                "An id has 1 to 64 letters, digits, hyphens and points",
            ));
        }
        let is_other = |resource: &Resource| resource.kind != self.kind;
        if self.resource.as_ref().is_some_and(is_other) {
            return Err(Outcome::invalid(
                "resourceType must be the type of the address",
            ));
        }
        Ok(())
    }
}

impl Done {
    fn with(status: StatusCode, stored: Arc<Stored>) -> Self {
        Self {
            status,
            stored: Some(stored),
            found: None,
        }
    }

    /// Whether something was written.
    pub fn is_write(&self, method: &Method) -> bool {
        let is_new = self.status == StatusCode::CREATED;
        self.stored.is_some() && (is_new || *method == Method::PUT)
    }
}

/// The resource that a search for one finds.
fn existing(
    upstream: &Upstream,
    kind: &str,
    query: Option<&str>,
) -> Result<Option<Arc<Stored>>, Outcome> {
    let Some(query) = query else {
        return Ok(None);
    };
    let search = Search::parse(kind, query.trim_start_matches('?'), &[])?;
    let all = upstream.of_type(kind).map(|stored| stored.resource.clone());
    let mut found = search.page(all.collect(), PAGE).found;
    match (found.pop(), found.is_empty()) {
        (None, _) => Ok(None),
        (Some(known), true) => Ok(upstream.get(kind, known.id()).map(Arc::clone)),
        (Some(_), false) => Err(Outcome::ambiguous(
            "ifNoneExist finds more than one resource",
        )),
    }
}

fn found(upstream: &Upstream, endpoint: &str, kind: &str, search: &Search) -> Searchset {
    let all = upstream.of_type(kind).map(|stored| stored.resource.clone());
    let page = search.page(all.collect(), PAGE);
    let mut links = vec![Link::new("self", search.own_address())];
    links.extend(
        page.next
            .map(|next| Link::new("next", search.address(next))),
    );
    let entries = page.found.into_iter();
    let entries = entries.map(|resource| Entry::new(endpoint, resource, true));
    Searchset::new(page.total, links, entries.collect())
}
