//! One request of the platform, from what a call wants to what it gets: `refresh(retry(sign(transport)))`, a file each.

mod attempt;
mod delay_function;
mod failure;
mod refresh;
mod replay;
mod response;
mod retry;
mod segment;
mod sign;
mod timeout_options;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::digime::{ByteSource, Contract, UserAccessToken};
use crate::error::Invalid;
use crate::transport::Timeouts;
use crate::{Client, Error, Secret, World};
use replay::Replayable;
use sign::Credential;

pub use delay_function::{DelayFunction, RetryAttempt};
pub(crate) use failure::failed_response;
pub(crate) use refresh::{Authorized, Refreshes};
pub(crate) use replay::Chunks;
pub(crate) use response::Response;
pub use retry::RetryOptions;
pub(crate) use segment::{can_be_segment, segment};
pub use timeout_options::TimeoutOptions;

/// How a client sends: in which world, how patiently, and how often.
#[derive(Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub world: &'a World,
    pub timeouts: Timeouts,
    pub retry_options: &'a RetryOptions,
}

/// A client of a platform.
pub(crate) trait Sender {
    fn sending(&self) -> Sending<'_>;
}

impl Sender for Sending<'_> {
    fn sending(&self) -> Sending<'_> {
        *self
    }
}

/// What a call wants to send. It is signed anew each time it leaves.
pub(crate) struct Request {
    /// The request in error messages: its method and the pattern of its path, never a value.
    label: String,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Body,
    credential: Option<Credential>,
    reading: Reading,
    repeating: Repeating,
}

/// Whether a request whose attempt failed may be sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeating {
    /// As its method tells, which for POST is no.
    ByMethod,
    Always,
    Never,
}

enum Body {
    Empty,
    Bytes(Bytes),
    Stream(Replayable),
}

/// How the body of a successful answer is to be read.
#[derive(Clone, Copy)]
enum Reading {
    Whole,
    /// Whole, unless it is longer than this.
    UpTo(u64),
    /// By the call itself.
    Stream,
}

impl Request {
    fn new(method: Method, url: Url, path: &str) -> Self {
        let label = format!("{method} {path}");
        Self {
            label,
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::Empty,
            credential: None,
            reading: Reading::Whole,
            repeating: Repeating::ByMethod,
        }
    }

    /// A GET of a path of the API.
    pub(crate) fn get(client: &Client, path: &str) -> Result<Self, Error> {
        Ok(Self::new(Method::GET, client.settings().api(path)?, path))
    }

    /// A POST to a path of the API.
    pub(crate) fn post(client: &Client, path: &str) -> Result<Self, Error> {
        Ok(Self::new(Method::POST, client.settings().api(path)?, path))
    }

    /// A HEAD of a path of the API.
    pub(crate) fn head(client: &Client, path: &str) -> Result<Self, Error> {
        Ok(Self::new(Method::HEAD, client.settings().api(path)?, path))
    }

    /// A request to another address of the platform; `label` is what errors call it.
    pub(crate) fn to_address(method: Method, address: Url, label: &str) -> Self {
        Self::new(method, address, label)
    }

    /// A DELETE of a path of the API.
    pub(crate) fn delete(client: &Client, path: &str) -> Result<Self, Error> {
        Ok(Self::new(
            Method::DELETE,
            client.settings().api(path)?,
            path,
        ))
    }

    /// A POST that changes nothing on the platform, and so may be repeated.
    pub(crate) fn repeatable(mut self) -> Self {
        self.repeating = Repeating::Always;
        self
    }

    /// Sent once, whatever its method.
    pub(crate) fn once(mut self) -> Self {
        self.repeating = Repeating::Never;
        self
    }

    /// With a value in place of the first `{name}` of its path, percent-encoded into one segment; `option` is where the
    /// application gave it.
    pub(crate) fn segment(mut self, value: &str, option: &str) -> Result<Self, Error> {
        if !can_be_segment(value) {
            return Err(Invalid::new(
                option,
                "must not be empty, \".\" or \"..\", since it is part of a path",
            )
            .into());
        }
        let path = self.url.path();
        if let (Some(from), Some(to)) = (path.find("%7B"), path.find("%7D")) {
            let value = segment(value);
            let path = format!("{}{value}{}", &path[..from], &path[to + "%7D".len()..]);
            self.url.set_path(&path);
        }
        Ok(self)
    }

    /// With a parameter in its query, if it has a value.
    pub(crate) fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.url
                .query_pairs_mut()
                .append_pair(name, &value.to_string());
        }
        self
    }

    /// Signed by the contract; `claims`, a JSON object, are added to those that every token has.
    pub(crate) fn signed(mut self, contract: &Contract, claims: Value) -> Self {
        self.credential = Some(Credential::Api {
            contract: contract.clone(),
            claims,
            access_token: None,
        });
        self
    }

    /// Signed by the contract for the cloud storage.
    pub(crate) fn signed_for_cloud(mut self, contract: &Contract) -> Self {
        self.credential = Some(Credential::Cloud {
            contract: contract.clone(),
        });
        self
    }

    /// With the token that the platform gave.
    pub(crate) fn bearer(mut self, token: &Secret<String>) -> Self {
        self.credential = Some(Credential::Bearer(token.clone()));
        self
    }

    /// From the client with this id and secret.
    pub(crate) fn basic(mut self, client_id: &str, client_secret: &str) -> Self {
        self.credential = Some(Credential::Basic {
            client_id: client_id.to_owned(),
            client_secret: client_secret.into(),
        });
        self
    }

    /// Made for the user whose token this is.
    pub(crate) fn acting_for(mut self, token: &UserAccessToken) -> Self {
        if let Some(Credential::Api { access_token, .. }) = &mut self.credential {
            *access_token = Some(token.access_token.value.clone());
        }
        self
    }

    /// Whose answer is refused if it is longer than `limit` bytes.
    pub(crate) fn reading_up_to(mut self, limit: u64) -> Self {
        self.reading = Reading::UpTo(limit);
        self
    }

    /// Whose answer, if it is a success, is read by the call.
    pub(crate) fn reading_as_stream(mut self) -> Self {
        self.reading = Reading::Stream;
        self
    }

    pub(crate) fn accept_json(self) -> Self {
        self.accept("application/json")
    }

    pub(crate) fn accept(self, content_type: &'static str) -> Self {
        self.fixed_header(ACCEPT, content_type)
    }

    /// The request in error messages.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The content type alone, for requests whose parameters are all in the token.
    pub(crate) fn content_type(self, content_type: &'static str) -> Self {
        self.fixed_header(CONTENT_TYPE, content_type)
    }

    fn fixed_header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    /// A header whose value the application gave, at `path` of its options.
    pub(crate) fn header(
        mut self,
        name: &'static str,
        value: &str,
        path: &str,
    ) -> Result<Self, Error> {
        let value = header_value(value, path)?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// A header that the application gave by name and value, at `path` of its options.
    pub(crate) fn own_header(mut self, name: &str, value: &str, path: &str) -> Result<Self, Error> {
        const KEPT: [&str; 3] = ["authorization", "content-length", "host"];
        let name = HeaderName::try_from(name)
            .ok()
            .filter(|name| !KEPT.contains(&name.as_str()))
            .ok_or_else(|| Invalid::new(path, "is not a header that a request may be given"))?;
        self.headers.insert(name, header_value(value, path)?);
        Ok(self)
    }

    pub(crate) fn json<T: Serialize>(mut self, body: &T) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|_| {
            Error::sdk(format!(
                "{}: the body cannot be written as JSON",
                self.label
            ))
        })?;
        self.body = Body::Bytes(body.into());
        Ok(self.content_type("application/json"))
    }

    /// A form, already encoded.
    pub(crate) fn form(mut self, encoded: String) -> Self {
        self.body = Body::Bytes(encoded.into());
        self.content_type("application/x-www-form-urlencoded")
    }

    /// A body that is read while it is sent, and of which nothing is kept.
    pub(crate) fn stream_once(mut self, chunks: Chunks) -> Self {
        self.body = Body::Stream(Replayable::once(chunks));
        self.content_type("application/octet-stream")
    }

    pub(crate) fn bytes_from(mut self, source: ByteSource) -> Self {
        self.body = match source {
            ByteSource::Bytes(bytes) => Body::Bytes(bytes),
            ByteSource::Stream(stream) => Body::Stream(Replayable::new(stream)),
        };
        self.content_type("application/octet-stream")
    }
}

fn header_value(value: &str, path: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value).map_err(|_| {
        let reason = "must be visible ASCII characters, since it is sent as a header";
        Invalid::new(path, reason).into()
    })
}

/// Sends a request that acts for no user of digi.me.
pub(crate) async fn send(client: &Client, request: Request) -> Result<Response, Error> {
    retry::send(client.sending(), &request)
        .await
        .and_then(failure::check)
}

/// Sends a request whose answer, of whatever status, the caller understands.
pub(crate) async fn exchange(via: &impl Sender, request: &Request) -> Result<Response, Error> {
    retry::send(via.sending(), request).await
}
