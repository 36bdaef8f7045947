//! Headers that an application gives beside those that a request has anyway.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::Error;
use crate::error::{Invalid, Words};

/// What a request has by itself, and nobody else says.
const KEPT: [HeaderName; 3] = [AUTHORIZATION, CONTENT_LENGTH, HOST];

/// Reads headers by their names, given at `path`, which ends before the name.
pub(crate) fn own_headers(
    given: Option<&Map<String, Value>>,
    path: &Words,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in given.into_iter().flatten() {
        let path = || path.clone().given(name);
        let refuse = |reason| Invalid::new(path(), reason);
        let text = value.as_str();
        let text = text.ok_or_else(|| refuse("expected a string"))?;
        let name = HeaderName::try_from(name).ok();
        let name = name.filter(|name| !KEPT.contains(name));
        let name = name.ok_or_else(|| refuse("is not a header that a request may be given"))?;
        if headers.insert(name, header_value(text, path())?).is_some() {
            return Err(refuse("is given twice: names are not case-sensitive").into());
        }
    }
    Ok(headers)
}

/// A header's value, given at `path`.
pub(super) fn header_value(value: &str, path: Words) -> Result<HeaderValue, Error> {
    let visible = Some(value).filter(|value| value.is_ascii());
    let header = visible.and_then(|value| HeaderValue::from_str(value).ok());
    header.ok_or_else(|| {
        let reason = "must be visible ASCII characters, since it is sent as a header";
        Invalid::new(path, reason).into()
    })
}
