//! What Patients Know Best answers to a search of its FHIR API.

use std::str;

use http::Uri;

use crate::content::text;

/// How many resources a page has.
const OF_A_PAGE: usize = 50;

/// A search for observations, whose pages are all alike but for where they lead.
#[derive(Clone)]
pub(crate) struct Search {
    address: String,
    entries: String,
}

impl Search {
    /// Of PKB at this address.
    pub fn new(pkb_base_url: &str) -> Self {
        let text = text(0);
        let lines = str::from_utf8(&text).unwrap_or_default().lines();
        let entries: Vec<String> = lines
            .take(OF_A_PAGE)
            .map(|resource| format!(r#"{{"resource":{resource}}}"#))
            .collect();
        Self {
            address: format!("{pkb_base_url}fhir/Observation"),
            entries: entries.join(","),
        }
    }

    /// A page, where the address is that of one. The search for the code `pages-20` has 20.
    pub fn answer(&self, address: &Uri) -> Option<String> {
        let query = address.query().unwrap_or_default();
        let number = |name| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name));
            value.and_then(|value| value.parse::<u32>().ok())
        };
        let pages = number("code=pages-").filter(|_| address.path() == "/fhir/Observation")?;
        let page = number("page=").unwrap_or(1);
        let next = if page < pages {
            let next = format!("{}?code=pages-{pages}&page={}", self.address, page + 1);
            format!(r#"{{"relation":"next","url":"{next}"}}"#)
        } else {
            String::new()
        };
        Some(format!(
            r#"{{"resourceType":"Bundle","type":"searchset","link":[{next}],"entry":[{}]}}"#,
            self.entries
        ))
    }
}
