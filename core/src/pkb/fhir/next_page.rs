//! Which page of a search comes after one: the one that a link names, or the one with the next number where an API has no links.

use std::collections::HashSet;

use url::Url;

use super::SearchMode;
use crate::crypto::digest::sha256;
use crate::pkb::surfaces::Addresses;
use crate::pkb::{Failure, FhirSurface, Refusal};
use crate::{Document, Error, JsonObject};

/// How many pages a search may have. The address of each is remembered, as a digest: a server whose pages go in a circle would never end.
const MOST_PAGES: usize = 10_000;

/// What comes next.
pub(super) enum Step {
    Page(Url),
    /// There is a page that cannot be asked for.
    Refused(Error),
    Ended,
}

/// What is known of a search from the pages that have come.
pub(super) struct Course {
    surface: FhirSurface,
    pub resource_type: String,
    asked: HashSet<[u8; 32]>,
    /// Counts the pages of Aggregated as long as none has named its next.
    number: Option<u64>,
    /// Whether the application asks for a page of Aggregated by its number, and for no other.
    is_one_page: bool,
    /// How many resources have been found.
    found: u64,
    /// The entries of the page before, as a digest.
    before: Option<[u8; 32]>,
}

impl Course {
    /// Of a search that begins at this address.
    pub(super) fn of(surface: FhirSurface, resource_type: &str, first: &Url) -> Self {
        let is_counted = surface == FhirSurface::Aggregated;
        let names_page = first.query_pairs().any(|(name, _)| name == "page");
        Self {
            surface,
            resource_type: resource_type.to_owned(),
            asked: HashSet::new(),
            number: is_counted.then_some(1),
            is_one_page: is_counted && names_page,
            found: 0,
            before: None,
        }
    }

    /// The page after this one, and whether this is one to hand on: a server that does not count pages gives the first again. A token goes to no
    /// other origin than those that the configuration names for it.
    pub(super) fn after(
        &mut self,
        page: &JsonObject,
        here: &Url,
        endpoints: &Addresses,
    ) -> (Step, bool) {
        if self.is_one_page {
            return (Step::Ended, true);
        }
        self.asked.insert(digest(here.as_str()));
        let links = page.member("link").and_then(|links| links.items());
        let mut links = links.into_iter().flatten();
        let next = links.find(|link| link.string_at("relation").as_deref() == Some("next"));
        let Some(next) = next else {
            return self.counted(page, here);
        };
        let given = next.string_at("url");
        let Some(mut url) = given.and_then(|given| here.join(&given).ok()) else {
            return (self.refuse("has no address"), true);
        };
        url.set_fragment(None);
        if url.origin() != here.origin() && !endpoints.trusts(self.surface.into(), &url) {
            if self.number.is_some() {
                // Aggregated names hosts that are PKB's own affair.
                return self.counted(page, here);
            }
            return (self.refuse("is at another host"), true);
        }
        self.number = None;
        (self.step(url), true)
    }

    /// Aggregated documents pages by number. How many resources there are in all it may say or not: then a page without any is the last.
    fn counted(&mut self, page: &JsonObject, here: &Url) -> (Step, bool) {
        let Some(number) = self.number else {
            return (Step::Ended, true);
        };
        let entries = page.member("entry");
        let matches = entries
            .as_ref()
            .map_or(0, |entries| matches(entries, &self.resource_type));
        let total = page
            .member("total")
            .and_then(|total| total.text().parse::<u64>().ok());
        let entries = entries.as_ref().map(|entries| digest(entries.text()));
        if number > 1 && entries.is_some() && entries == self.before {
            return match total {
                Some(total) if self.found < total => {
                    (self.refuse("came again in place of the next"), false)
                }
                _ => (Step::Ended, false),
            };
        }
        self.before = entries;
        self.found = self.found.saturating_add(matches);
        if matches == 0 || total.is_some_and(|total| self.found >= total) {
            return (Step::Ended, true);
        }
        self.number = Some(number + 1);
        let mut url = here.clone();
        let others: Vec<_> = here
            .query_pairs()
            .filter(|(name, _)| name != "page")
            .collect();
        let mut query = url.query_pairs_mut();
        query.clear().extend_pairs(others);
        query.append_pair("page", &(number + 1).to_string());
        drop(query);
        (self.step(url), true)
    }

    fn step(&self, url: Url) -> Step {
        if self.asked.contains(&digest(url.as_str())) {
            return self.refuse("is one that came before");
        }
        if self.asked.len() >= MOST_PAGES {
            return self.refuse("is one of more than 10,000");
        }
        Step::Page(url)
    }

    fn refuse(&self, why: &str) -> Step {
        Step::Refused(
            Failure::Refused(Refusal::new(format!(
                "{}: the next page of the search {why}; it was not followed",
                self.resource_type
            )))
            .into(),
        )
    }
}

/// How many of a page's entries are what was searched for.
fn matches(entries: &Document, searched: &str) -> u64 {
    let entries = entries.items().unwrap_or_default();
    let is_match = |entry: &&Document| {
        entry
            .member("resource")
            .is_some_and(|resource| SearchMode::of(entry, &resource, searched) == SearchMode::Match)
    };
    entries.iter().filter(is_match).count() as u64
}

/// Addresses and entries hold what is about a patient.
fn digest(text: &str) -> [u8; 32] {
    sha256(&[text.as_bytes()])
}
