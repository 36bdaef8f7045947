//! What an answer is the answer to, as far as errors tell of it: which request, and what of it nobody may read again.

use std::fmt;

use url::Url;
use url::form_urlencoded::byte_serialize;

use super::Request;
use crate::Secret;
use crate::error::shown;

/// Shorter than this, a secret would be taken for one wherever its letters stand.
const SHORTEST_SECRET: usize = 6;
const REDACTED: &str = "[redacted]";

/// The request of an answer.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    label: String,
    address: Option<Url>,
    secrets: Vec<Secret<String>>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            label: request.label.clone(),
            address: Some(request.url.clone()),
            secrets: request.secrets(),
        }
    }

    /// Where it went.
    pub(crate) fn address(&self) -> Option<&Url> {
        self.address.as_ref()
    }

    /// A text of the answer as a message may have it: without what was sent as a secret, in one line, and not too long.
    pub(crate) fn said(&self, text: &str) -> String {
        shown(&self.redacted(text))
    }

    /// A text of the answer without what was sent as a secret.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let secrets = self.secrets.iter().map(|secret| secret.expose().as_str());
        let secrets = secrets.filter(|secret| secret.len() >= SHORTEST_SECRET);
        let text = secrets.fold(text.to_owned(), |text, secret| {
            // As it is, and as a form or an address has it.
            let encoded: String = byte_serialize(secret.as_bytes()).collect();
            text.replace(secret, REDACTED).replace(&encoded, REDACTED)
        });
        without_signed_tokens(&text)
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

/// A request is signed anew each time it is sent, so what it was signed with is known by its form (RFC 7515 section 3.1).
fn without_signed_tokens(text: &str) -> String {
    /// `{"`, encoded, with which the header of each begins.
    const BEGIN: &str = "eyJ";
    let of_token = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(at) = rest.find(BEGIN) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|letter| !of_token(letter)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        kept.push_str(before);
        kept.push_str(if word.contains('.') { REDACTED } else { word });
        rest = after;
    }
    kept.push_str(rest);
    kept
}
