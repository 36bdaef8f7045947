//! The page on which a person is told who asks for what, chooses a source, and accepts or declines.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::contract::{Access, Contract};
use crate::pages::{Decision, Problem, onboard, page};
use crate::sources::{SAMPLE_DATA_SET, Source, SourceType};
use crate::state::Platform;

const NOTHING_TO_CHOOSE: &str = "It asks a contract that reads data to push it.";
const UNKNOWN_SAMPLE: &str = "It names sample data that the sources do not have.";

/// What a link carries; what else it may carry changes nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub code: String,
    #[serde(default)]
    pub source_type: SourceType,
    pub service: Option<u32>,
    pub storage_ref: Option<String>,
    sample_data_set: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    code: String,
    source_type: SourceType,
    source: Option<u32>,
    storage_ref: Option<String>,
    sample_data_set: Option<String>,
    decision: Decision,
}

impl Answer {
    /// The link as it would be with the source that was chosen, and the decision.
    pub fn split(self) -> (Link, Decision) {
        let link = Link {
            code: self.code,
            source_type: self.source_type,
            service: self.source,
            storage_ref: self.storage_ref,
            sample_data_set: self.sample_data_set,
        };
        (link, self.decision)
    }
}

impl Link {
    /// Whether the account is to hold sample data.
    pub fn is_sample(&self) -> bool {
        self.sample_data_set.is_some()
    }
}

/// The page, and where its form is sent.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Consent<'a> {
    application_id: &'a str,
    contract_id: &'a str,
    access: Access,
    action: &'static str,
    link: &'a Link,
    sources: Vec<&'a Source>,
    /// The source that the link names, if it is one of those offered.
    pub chosen: Option<&'a Source>,
    /// The person accepted without choosing.
    incomplete: bool,
}

impl<'a> Consent<'a> {
    pub fn new(
        platform: &'a Platform,
        contract: &'a Contract,
        action: &'static str,
        link: &'a Link,
    ) -> Result<Self, Problem> {
        let sources = platform
            .config
            .sources
            .offered(contract.access, link.source_type);
        if sources.is_empty() {
            return Err(Problem::unusable_link(NOTHING_TO_CHOOSE));
        }
        let sample = link.sample_data_set.as_deref();
        if sample.is_some_and(|sample| sample != SAMPLE_DATA_SET) {
            return Err(Problem::unusable_link(UNKNOWN_SAMPLE));
        }
        Ok(Self {
            application_id: &platform.config.application_id,
            contract_id: &contract.id,
            access: contract.access,
            action,
            link,
            chosen: sources
                .iter()
                .copied()
                .find(|source| Some(source.id) == link.service),
            sources,
            incomplete: false,
        })
    }

    pub fn shown(&self) -> Response {
        page(StatusCode::OK, self)
    }

    /// The same again, because no source was chosen.
    pub fn asked_again(mut self) -> Response {
        self.incomplete = true;
        page(StatusCode::BAD_REQUEST, &self)
    }

    fn is_checked(&self, source: &Source) -> bool {
        match self.chosen {
            Some(chosen) => chosen.id == source.id,
            None => self.sources.len() == 1,
        }
    }
}
