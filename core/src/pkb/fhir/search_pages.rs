//! The pages of a FHIR search, one after the other (FHIR STU3, its chapter on paging).

use std::collections::HashSet;

use http::Method;
use url::Url;

use super::MEDIA_TYPE;
use crate::crypto::digest::sha256;
use crate::error::Invalid;
use crate::http::{Request, can_be_segment, segment};
use crate::operation::PlatformClient;
use crate::pkb::actor::Actor;
use crate::pkb::{Client, Failure, FhirSearchOptions, Refusal};
use crate::{Document, Error, JsonObject};

/// One page of a search: a FHIR `Bundle`, as PKB gives it.
pub type Page = JsonObject;

/// How many pages a search may have. The address of each is remembered, as a digest: a server whose pages go in a circle would never end.
const MOST_PAGES: usize = 10_000;

/// The pages of a search.
pub struct SearchPages {
    client: Client,
    actor: Actor,
    label: String,
    next: Step,
    asked: HashSet<[u8; 32]>,
}

/// What comes next.
enum Step {
    Page(Url),
    /// There is a page that cannot be asked for.
    Refused(Error),
    Ended,
}

impl Client {
    /// Begins a search, of which [`SearchPages::next`] gives one page after the other; nothing is sent before.
    pub fn search(&self, options: FhirSearchOptions) -> Result<SearchPages, Error> {
        SearchPages::begin(self, options).map(|(pages, _)| pages)
    }
}

impl SearchPages {
    pub(in crate::pkb) fn begin(
        client: &Client,
        options: FhirSearchOptions,
    ) -> Result<(Self, Option<crate::Callback<Page>>), Error> {
        let actor = Actor::of(options.app_user_id, options.org_public_id)?;
        let resource_type = resource_type(&options.resource_type)?;
        let label = resource_type.to_owned();
        let mut first = address(client, resource_type)?;
        options.parameters.unwrap_or_default().add_to(&mut first);
        let pages = Self {
            client: client.clone(),
            actor,
            label,
            next: Step::Page(first),
            asked: HashSet::new(),
        };
        Ok((pages, options.on_page))
    }

    /// The next page; none after the last. One that could not be had can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let address = match &self.next {
            Step::Page(address) => address.clone(),
            Step::Refused(error) => return Err(error.clone()),
            Step::Ended => return Ok(None),
        };
        let request =
            Request::to_address(Method::GET, address.clone(), &self.label).accept(MEDIA_TYPE);
        let _under_way = self.client.under_way().begin()?;
        let client = self.client.beginning();
        let response = self.actor.send(&client, request).await?;
        let page: Page = response.json()?;
        // This page is there, whatever there is to say of the next.
        self.next = self.after(&page, &address);
        Ok(Some(page))
    }

    /// The page after this one. A patient's token goes to no other origin than those that the configuration names.
    fn after(&mut self, page: &Page, here: &Url) -> Step {
        let links = page.member("link").and_then(|links| links.items());
        let text = |link: &Document, name| link.member(name).and_then(|text| text.string());
        let mut links = links.into_iter().flatten();
        let Some(next) = links.find(|link| text(link, "relation").as_deref() == Some("next"))
        else {
            return Step::Ended;
        };
        let refuse = |why: &str| {
            Step::Refused(
                Failure::Refused(Refusal::new(format!(
                    "{}: the next page of the search {why}; it was not followed",
                    self.label
                )))
                .into(),
            )
        };
        let given = text(&next, "url");
        let Some(mut url) = given.and_then(|given| here.join(&given).ok()) else {
            return refuse("has no address");
        };
        url.set_fragment(None);
        let endpoints = &self.client.settings().endpoints;
        if url.origin() != here.origin() && !endpoints.trusts(&url) {
            return refuse("is at another host");
        }
        self.asked.insert(digest(here));
        if self.asked.contains(&digest(&url)) {
            return refuse("is one that came before");
        }
        if self.asked.len() >= MOST_PAGES {
            return refuse("is one of more than 10,000");
        }
        Step::Page(url)
    }
}

/// Addresses hold what a patient is searched by.
fn digest(address: &Url) -> [u8; 32] {
    sha256(&[address.as_str().as_bytes()])
}

/// A resource type: letters alone, as all of FHIR's are.
pub(in crate::pkb) fn resource_type(given: &str) -> Result<&str, Error> {
    if !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(given);
    }
    Err(Invalid::new(
        "options.resourceType",
        "must be the name of a FHIR resource type, such as Observation",
    )
    .into())
}

/// The address of a path of the FHIR API.
pub(in crate::pkb) fn address(client: &Client, path: &str) -> Result<Url, Error> {
    address_below(&client.settings().endpoints.fhir, path)
}

/// The address of a path of an API.
pub(in crate::pkb) fn address_below(api: &Url, path: &str) -> Result<Url, Error> {
    let joined = api.join(path);
    joined.map_err(|_| Error::sdk("the address of PKB's API is not one that paths can be added to"))
}

/// The address of one resource.
pub(in crate::pkb) fn resource_address(
    client: &Client,
    kind: &str,
    id: &str,
) -> Result<Url, Error> {
    if !can_be_segment(id) {
        return Err(Invalid::new(
            "options.id",
            "must not be empty, \".\" or \"..\", since it is part of a path",
        )
        .into());
    }
    address(client, &format!("{kind}/{}", segment(id)))
}
