//! Compares a request that was sent with what its exchange says must have been sent.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::RsaPrivateKey;
use rsa::pss::VerifyingKey;
use serde_json::{Map, Value, json};
use sha2::Sha512;

use crate::comparison::{Extent, differences, differs, missing};
use crate::keys::ContractKey;
use crate::platform::Sent;
use crate::scenario::{Exchange, RequestExpectation};
use crate::{encrypted_file, jwt};

/// The bearer token of a request; `None` when it carries none.
pub(crate) fn bearer(sent: &Sent) -> Option<String> {
    let value = header(&sent.headers, AUTHORIZATION.as_str())?;
    // A value without the scheme is kept whole: it is no JWT then, and fails as such.
    Some(value.strip_prefix("Bearer ").unwrap_or(&value).to_owned())
}

/// Every difference, and every token whose signature is not the contract's, whether or not the exchange lists it.
pub(crate) fn failures(
    path: &str,
    exchange: &Exchange,
    sent: &Sent,
    contract: &ContractKey,
) -> Vec<String> {
    let key = &contract.verifying;
    let unlisted = RequestExpectation::default();
    let expected = exchange.request.as_ref().unwrap_or(&unlisted);
    let extent = Extent::of(exchange.partial || exchange.request.is_none());

    let mut failures = Vec::new();
    for (name, expected, got) in [
        ("method", &expected.method, &sent.method),
        ("path", &expected.path, &sent.path),
    ] {
        if let Some(expected) = expected {
            let path = format!("{path}.{name}");
            failures.extend(differences(&path, expected, &json!(got), extent));
        }
    }
    for (name, expected) in &expected.headers {
        let path = format!("{path}.headers.{name}");
        failures.extend(match header(&sent.headers, name) {
            Some(got) => differences(&path, expected, &got.into(), extent),
            None => vec![missing(&path, expected)],
        });
    }
    let got = bearer(sent);
    if extent == Extent::Exact && expected.bearer.is_none() && got.is_some() {
        failures.push(format!("{path}.bearer: expected no token, got one"));
    }
    let at = format!("{path}.bearer");
    failures.extend(token(&at, expected.bearer.as_ref(), got, extent, key));
    let got = header(&sent.headers, "filedescriptor");
    let at = format!("{path}.fileDescriptor");
    failures.extend(token(
        &at,
        expected.file_descriptor.as_ref(),
        got,
        extent,
        key,
    ));
    failures.extend(match &expected.decrypted {
        Some(plain) => decrypted(path, plain, &sent.body, &contract.private),
        None => body(path, expected, &sent.body, extent),
    });
    failures
}

fn token(
    path: &str,
    expected: Option<&Map<String, Value>>,
    got: Option<String>,
    extent: Extent,
    key: &VerifyingKey<Sha512>,
) -> Vec<String> {
    let Some(got) = got else {
        return expected
            .map(|_| format!("{path}: expected a signed token, got none"))
            .into_iter()
            .collect();
    };
    let Some(got) = jwt::read(&got, key) else {
        return vec![format!(
            "{path}: expected a signed token, got something else"
        )];
    };
    let extent = expected.map_or(Extent::Partial, |_| extent);
    let mut expected = expected.cloned().unwrap_or_default();
    expected.insert("verified".to_owned(), true.into());
    let got = json!({"header": got.header, "claims": got.claims, "verified": got.verified});
    differences(path, &expected.into(), &got, extent)
}

fn body(path: &str, expected: &RequestExpectation, got: &[u8], extent: Extent) -> Vec<String> {
    if let Some(expected) = &expected.json {
        let path = format!("{path}.json");
        return match serde_json::from_slice(got) {
            Ok(got) => differences(&path, expected, &got, extent),
            Err(_) => vec![format!(
                "{path}: expected JSON, got {} bytes of something else",
                got.len()
            )],
        };
    }
    let wanted = match &expected.bytes {
        Some(bytes) => bytes.as_str(),
        None if extent == Extent::Exact => "",
        None => return Vec::new(),
    };
    content(&format!("{path}.bytes"), wanted, got)
}

fn decrypted(path: &str, wanted: &str, got: &[u8], key: &RsaPrivateKey) -> Vec<String> {
    let path = format!("{path}.decrypted");
    match encrypted_file::decrypt(got, key) {
        Ok(plain) => content(&path, wanted, &plain),
        Err(reason) => vec![format!(
            "{path}: expected a file encrypted for the contract, got {} bytes that are none: {reason}",
            got.len()
        )],
    }
}

fn content(path: &str, wanted: &str, got: &[u8]) -> Vec<String> {
    let got = BASE64_STANDARD.encode(got);
    if got == wanted {
        return Vec::new();
    }
    vec![differs(path, &format!("base64 {wanted:?}"), &got.into())]
}

/// A header as text; several of one name are joined as HTTP allows.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}
