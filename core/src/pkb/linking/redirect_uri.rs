//! Where PKB sends a patient back to: what is registered, and what may be added to it.

use url::Url;

use crate::error::Invalid;
use crate::{Error, NonEmptyString};

/// The registered redirect URI.
pub(crate) struct RedirectUri {
    given: NonEmptyString,
    parsed: Url,
}

impl RedirectUri {
    pub(crate) fn parse(given: NonEmptyString) -> Result<Self, Error> {
        let parsed = parse(&given, "config.redirectUri")?;
        Ok(Self { given, parsed })
    }

    /// What an attempt sends, letter by letter as it was given: PKB compares it with what it has. PKB lets a request add
    /// parameters to the query, and nothing else.
    pub(crate) fn for_attempt(&self, wanted: Option<NonEmptyString>) -> Result<String, Error> {
        let Some(wanted) = wanted else {
            return Ok(self.given.to_string());
        };
        let path = "options.redirectUri";
        let url = parse(&wanted, path)?;
        let without_query = |url: &Url| {
            let mut url = url.clone();
            url.set_query(None);
            url
        };
        if without_query(&url) != without_query(&self.parsed) || !keeps_query(&url, &self.parsed) {
            return Err(Invalid::new(
                path,
                "must be the redirectUri of the configuration, with nothing but parameters added to its query",
            )
            .into());
        }
        Ok(wanted.to_string())
    }
}

/// Whether an address has all parameters of another, each as often.
fn keeps_query(address: &Url, registered: &Url) -> bool {
    let mut left: Vec<_> = address.query_pairs().collect();
    registered.query_pairs().all(|parameter| {
        let found = left.iter().position(|other| *other == parameter);
        found.map(|at| left.swap_remove(at)).is_some()
    })
}

fn parse(uri: &str, path: &'static str) -> Result<Url, Error> {
    let invalid = |reason: &'static str| Error::from(Invalid::new(path, reason));
    let url = Url::parse(uri).map_err(|_| {
        invalid(
            "expected an absolute address, such as https://app.example/linked or myapp://linked",
        )
    })?;
    // RFC 6749 section 3.1.2.
    if url.fragment().is_some() {
        return Err(invalid("must not have a fragment (#…)"));
    }
    Ok(url)
}
