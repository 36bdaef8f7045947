//! What a call wants to send: described once, and signed anew each time it leaves.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use url::Url;

use super::credential::{Basic, Bearer};
use super::own_headers::header_value;
use super::replay::Replayable;
use super::{ByteSource, Chunks, Credential, can_be_segment, segment};
use crate::error::Invalid;
use crate::world::Moment;
use crate::{Error, Secret};

/// What a call wants to send. It is signed anew each time it leaves.
pub(crate) struct Request {
    /// The request in error messages: its method and the pattern of its path, never a value.
    pub(super) label: String,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) content: Content,
    pub(super) credential: Option<Arc<dyn Credential>>,
    pub(super) reading: Reading,
    pub(super) repeating: Repeating,
    /// Whether its caller decides when it is made again where the platform asks for less.
    pub(super) in_own_rhythm: bool,
    pub(super) spends: Option<Spends>,
    sends_file: bool,
    /// How much of the path has its values.
    filled: usize,
    /// Which headers the application gave for this request.
    own_headers: HashSet<HeaderName>,
    hidden: Vec<Secret<String>>,
}

/// What a request spends that is good once.
#[derive(Clone, Copy)]
pub(super) struct Spends {
    /// It must leave within so much time from that moment, or not at all.
    pub within: Option<(Moment, Duration)>,
}

/// Whether a request whose attempt failed may be sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeating {
    /// As its method tells, which for POST is no.
    ByMethod,
    Always,
    Never,
}

pub(super) enum Content {
    Empty,
    Bytes(Bytes),
    Replayable(Replayable),
}

/// How the body of a successful answer is to be read.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    Whole,
    /// Whole, unless it is longer than this.
    UpTo(u64),
    /// By the call itself.
    Stream,
}

impl Request {
    /// A request to an address; `label` is what errors call it, beside its method.
    pub(crate) fn to_address(method: Method, url: Url, label: &str) -> Self {
        Self {
            label: format!("{method} {label}"),
            method,
            url,
            headers: HeaderMap::new(),
            content: Content::Empty,
            credential: None,
            reading: Reading::Whole,
            repeating: Repeating::ByMethod,
            in_own_rhythm: false,
            spends: None,
            sends_file: false,
            filled: 0,
            own_headers: HashSet::new(),
            hidden: Vec::new(),
        }
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

    /// Made again and again in a rhythm of the caller's own, who slows down by itself where the platform asks for less.
    pub(crate) fn in_own_rhythm(mut self) -> Self {
        self.in_own_rhythm = true;
        self
    }

    /// With a value in place of the next `{name}` of its path, percent-encoded into one segment; `option` is where the
    /// application gave it.
    pub(crate) fn segment(mut self, value: &str, option: &'static str) -> Result<Self, Error> {
        if !can_be_segment(value) {
            return Err(Invalid::new(
                option,
                "must not be empty, \".\" or \"..\", since it is part of a path",
            )
            .into());
        }
        let (filled, open) = self.url.path().split_at(self.filled);
        // A value may look like a name itself, so what has its values is not looked at again.
        if let (Some(from), Some(to)) = (open.find("%7B"), open.find("%7D")) {
            let filled = format!("{filled}{}{}", &open[..from], segment(value));
            let path = format!("{filled}{}", &open[to + "%7D".len()..]);
            self.filled = filled.len();
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

    /// With a credential of the platform's own kind.
    pub(crate) fn with_credential(mut self, credential: impl Credential + 'static) -> Self {
        self.credential = Some(Arc::new(credential));
        self
    }

    /// With the token that the platform gave.
    pub(crate) fn bearer(mut self, token: &Secret<String>) -> Self {
        self.credential = Some(Arc::new(Bearer(token.clone())));
        self
    }

    /// From the client with this id and secret.
    pub(crate) fn basic(mut self, client_id: &str, client_secret: &str) -> Self {
        self.credential = Some(Arc::new(Basic {
            client_id: client_id.to_owned(),
            client_secret: client_secret.into(),
        }));
        self
    }

    /// Made on behalf of whoever has this access token.
    pub(crate) fn acting_for(mut self, access_token: &Secret<String>) -> Self {
        let credential = self.credential.as_ref();
        if let Some(acting) = credential.and_then(|own| own.acting_for(access_token)) {
            self.credential = Some(acting);
        }
        self
    }

    /// It spends what is good once: an answer that comes late is waited for a little longer.
    pub(crate) fn spending(mut self) -> Self {
        self.spends = Some(Spends { within: None });
        self
    }

    /// The same, where it must leave within so much time from that moment, or not at all.
    pub(crate) fn spending_within(mut self, begun: Moment, time: Duration) -> Self {
        self.spends = Some(Spends {
            within: Some((begun, time)),
        });
        self
    }

    /// Whether it sends or reads what may be as long as it likes: a stream, or the content of a file.
    pub(crate) fn streams(&self) -> bool {
        self.sends_file || !matches!(self.reading, Reading::Whole)
    }

    /// Whether anything follows its head.
    pub(super) fn has_body(&self) -> bool {
        !matches!(self.content, Content::Empty)
    }

    /// Whether it only reads.
    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    /// Whether it sends what may be sent a second time only within limits.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.content, Content::Replayable(_))
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

    /// JSON may come compressed; what else there is may be a file's own bytes.
    pub(crate) fn accept(self, content_type: &'static str) -> Self {
        let asking = self.fixed_header(ACCEPT, content_type);
        if content_type.ends_with("json") {
            asking.fixed_header(ACCEPT_ENCODING, "gzip")
        } else {
            asking
        }
    }

    /// Whose body has secrets, which no message is to repeat.
    pub(crate) fn hiding<'a>(mut self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        self.hidden = secrets.into_iter().map(Secret::from).collect();
        self
    }

    /// What it sends that no message is to repeat.
    pub(super) fn secrets(&self) -> Vec<Secret<String>> {
        let own = self.credential.iter().flat_map(|own| own.secrets());
        own.chain(self.hidden.iter().cloned()).collect()
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
        path: &'static str,
    ) -> Result<Self, Error> {
        let value = header_value(value, path.into())?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// With headers that the application gave for it.
    pub(crate) fn own_headers(mut self, headers: HeaderMap) -> Self {
        self.own_headers.extend(headers.keys().cloned());
        self.headers.extend(headers);
        self
    }

    /// With headers that the application gave for all requests of a kind, but for those that it has given for this one.
    pub(crate) fn with_headers_of_kind(mut self, headers: &HeaderMap) -> Self {
        for (name, value) in headers {
            if !self.own_headers.contains(name) {
                self.headers.insert(name, value.clone());
            }
        }
        self
    }

    pub(crate) fn json<T: Serialize>(mut self, body: &T) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|_| {
            Error::sdk(format!(
                "{}: the body cannot be written as JSON",
                self.label
            ))
        })?;
        self.content = Content::Bytes(body.into());
        Ok(self.content_type("application/json"))
    }

    /// A form, already encoded.
    pub(crate) fn form(mut self, encoded: String) -> Self {
        self.content = Content::Bytes(encoded.into());
        self.content_type("application/x-www-form-urlencoded")
    }

    /// A body that is read while it is sent, and of which nothing is kept; of this length, if it is known.
    pub(crate) fn stream_once(mut self, chunks: Chunks, length: Option<u64>) -> Self {
        self.sends_file = true;
        self.content = Content::Replayable(Replayable::once(chunks, length));
        self.content_type("application/octet-stream")
    }

    /// What an application gives to be sent.
    pub(crate) fn bytes_from(mut self, source: ByteSource) -> Self {
        self.sends_file = true;
        self.content = match source {
            ByteSource::Bytes(bytes) => Content::Bytes(bytes),
            ByteSource::Stream(stream) => Content::Replayable(Replayable::stream(stream)),
            ByteSource::Kept(kept) => Content::Replayable(Replayable::kept(kept)),
        };
        self.content_type("application/octet-stream")
    }
}
