//! One of PKB's APIs as a client calls it: its address, who gets tokens for it from whom, and what each request to it has.

use std::fmt;

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use url::Url;

use super::Surface;
use crate::Error;
use crate::crypto::digest::sha256;
use crate::error::{Invalid, Words};
use crate::http::Request;
use crate::pkb::SystemClient;

/// One of PKB's APIs.
#[derive(Clone)]
pub(in crate::pkb) struct Api {
    pub surface: Surface,
    /// The base of its addresses, with a slash at its end.
    pub url: Url,
    /// What each request to it has beside its own.
    pub headers: HeaderMap,
    /// Where clients that act by themselves get their tokens.
    pub token: Option<Url>,
    /// The client that does.
    pub client: Option<SystemClient>,
}

impl Api {
    /// Whether an address is one of this API's, however its path is encoded.
    pub(in crate::pkb) fn has(&self, address: &Url) -> bool {
        let decoded = |url: &Url| percent_decode_str(url.path()).collect::<Vec<_>>();
        let (own, mut path) = (decoded(&self.url), decoded(address));
        // The base by itself may be written without its slash.
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        address.origin() == self.url.origin() && path.starts_with(&own)
    }

    /// The address of it as a whole, as FHIR writes it: without a slash at its end.
    pub(in crate::pkb) fn base(&self) -> Url {
        let mut base = self.url.clone();
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        base
    }

    /// The address of a path of it.
    pub(in crate::pkb) fn at(&self, path: &str) -> Result<Url, Error> {
        let joined = self.url.join(path);
        joined.map_err(|_| {
            Error::sdk("the address of PKB's API is not one that paths can be added to")
        })
    }

    /// A request to it, with the headers that are configured.
    pub(in crate::pkb) fn request(&self, request: Request) -> Request {
        request.with_headers_of_kind(&self.headers)
    }

    /// Who asks for tokens for it, and where.
    pub(in crate::pkb) fn token_source(&self) -> Result<(&SystemClient, &Url), Error> {
        let (client, at) = if self.surface.is_for_customer_systems() {
            ("config.customerSystemClient", "customer")
        } else {
            ("config.systemClient", "facade")
        };
        let missing = |path: Words, reason: &'static str| Error::from(Invalid::new(path, reason));
        let client = self.client.as_ref().ok_or_else(|| {
            missing(
                client.into(),
                "is missing: a patient's token does not serve here",
            )
        })?;
        let address = self.token.as_ref().ok_or_else(|| {
            missing(
                Words::from("config.endpoints.").own(at).own(".tokenUrl"),
                "is missing: PKB documents no address for this environment; ask PKB for it",
            )
        })?;
        Ok((client, address))
    }

    /// What tells tokens for it from others: who asks for them, and where.
    pub(in crate::pkb) fn token_kind(&self) -> [u8; 32] {
        let address = self.token.as_ref().map_or("", Url::as_str);
        let client = self.client.as_ref().map_or("", |client| &client.client_id);
        sha256(&[address.as_bytes(), b"\0", client.as_bytes()])
    }
}

/// Of headers nothing is shown: a gateway's key may be among them.
impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Api");
        let shown = shown.field("url", &self.url.as_str());
        shown
            .field("token", &self.token.as_ref().map(Url::as_str))
            .finish_non_exhaustive()
    }
}
