//! The resources that a FHIR search finds, one after the other, those apart that were included.

use std::collections::VecDeque;

use serde::Serialize;

use super::{SearchMode, SearchPages};
use crate::pkb::{Client, FhirSearchOptions};
use crate::{Document, Error, JsonObject};

/// A resource that a search gives.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FoundResource {
    /// The resource, as PKB gives it.
    pub resource: JsonObject,
    /// Why it is there. Where PKB does not say: a resource of the type that was searched for is a match.
    pub search_mode: SearchMode,
    /// The address that PKB gives it, which may be at a host of PKB's own that nobody else reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_url: Option<String>,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for FoundResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FoundResource")
            .field("search_mode", &self.search_mode)
            .finish_non_exhaustive()
    }
}

/// The resources that a search finds.
pub struct FoundResources {
    pages: SearchPages,
    here: VecDeque<FoundResource>,
}

impl Client {
    /// Begins a search, of which [`FoundResources::next`] gives one resource after the other; nothing is sent before. `on_page` is not told.
    pub fn search_resources(&self, options: FhirSearchOptions) -> Result<FoundResources, Error> {
        Ok(FoundResources {
            pages: self.search(options)?,
            here: VecDeque::new(),
        })
    }
}

impl FoundResources {
    /// The next resource; none after the last. Where a page could not be had, it is asked for again.
    pub async fn next(&mut self) -> Result<Option<FoundResource>, Error> {
        while self.here.is_empty() {
            let Some(page) = self.pages.next().await? else {
                return Ok(None);
            };
            let entries = page.member("entry").and_then(|entries| entries.items());
            let entries = entries.into_iter().flatten();
            let searched = self.pages.resource_type();
            self.here
                .extend(entries.filter_map(|entry| found(&entry, searched)));
        }
        Ok(self.here.pop_front())
    }
}

/// None where an entry has no resource.
fn found(entry: &Document, searched: &str) -> Option<FoundResource> {
    let resource = JsonObject::of(entry.member("resource")?)?;
    Some(FoundResource {
        search_mode: SearchMode::of(entry, &resource, searched),
        full_url: entry.string_at("fullUrl"),
        resource,
    })
}
