//! What the platforms answer. The address of a request decides alone, whatever else is in it; and the clock, of a session whose files become ready one after another.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rsa::KeyPair;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::content::{brotli, document, repeated, text};
use crate::fhir::Search;
use crate::ripening::Ripening;
use crate::{BenchError, Place, keys, seal};

const KEY_ID: &str = "bench-key";

/// All answers, made before any is asked for.
#[derive(Clone)]
pub struct Platform {
    jwks: Bytes,
    search: Search,
    grant: Bytes,
    files: Vec<Bytes>,
    large: Bytes,
    /// The header `x-metadata` of them.
    described: String,
    document: Bytes,
    document_described: String,
    ripening: Arc<Ripening>,
}

impl Platform {
    /// One in this place, with so many files that differ, and one large file whose content has so many mebibytes.
    pub fn new(place: &Place, files: u64, large_mebibytes: usize) -> Result<Self, BenchError> {
        let (platform, contract) = (keys::platform()?, keys::contract()?);
        let jwk = json!({ "kid": KEY_ID, "kty": "RSA", "alg": "PS512", "pem": keys::public_pem(&platform)? });
        let file = |number| seal(&contract, &brotli(&text(number))?);
        let described = json!({
            "metadata": { "objectCount": 300, "objectType": "Observation", "serviceGroup": "Health", "serviceName": "Huisarts" },
            "compression": "brotli",
        });
        let document_described = json!({
            "metadata": { "mimetype": "application/pdf", "accounts": [{ "accountid": "bench-account" }] },
        });
        Ok(Self {
            jwks: json!({ "keys": [jwk] }).to_string().into(),
            grant: grant(&platform, &place.key_set_url)?,
            search: Search::new(&place.pkb_base_url),
            files: (0..files).map(file).collect::<Result<_, _>>()?,
            large: seal(&contract, &repeated(&text(0), large_mebibytes * 16)?)?,
            described: URL_SAFE_NO_PAD.encode(described.to_string()),
            document: seal(&contract, &document())?,
            document_described: URL_SAFE_NO_PAD.encode(document_described.to_string()),
            ripening: Arc::default(),
        })
    }

    /// The same in another place.
    pub fn elsewhere(&self, place: &Place) -> Result<Self, BenchError> {
        Ok(Self {
            grant: grant(&keys::platform()?, &place.key_set_url)?,
            search: Search::new(&place.pkb_base_url),
            ..self.clone()
        })
    }

    /// The answer to a request for this address. The session `files-300` has 300 files, the session `documents-30` 30 documents of 8 MiB, the
    /// session `large` the large file. The session `ripening-anything-2000` is completed two seconds after it was asked for first.
    pub fn answer(&self, address: &Uri) -> Result<Response<Bytes>, BenchError> {
        if let Some(page) = self.search.answer(address) {
            return json(page);
        }
        let segments: Vec<&str> = address.path().split('/').skip(2).collect();
        match segments.as_slice() {
            ["jwks", "oauth"] => json(self.jwks.clone()),
            ["oauth", "authorize" | "token"] => json(self.grant.clone()),
            ["permission-access", "import"] => json("{}"),
            ["permission-access", "query", session] if session.starts_with("ripening-") => {
                let lasting = Duration::from_millis(number(session) as u64);
                json(self.ripening.list(session, lasting).to_string())
            }
            ["permission-access", "query", session] => json(list(session)),
            ["permission-access", "query", "large", _] => file(&self.large, &self.described),
            ["permission-access", "query", session, _] if session.starts_with("documents-") => {
                file(&self.document, &self.document_described)
            }
            ["permission-access", "query", _, name] => {
                let number = number(name) % self.files.len();
                file(&self.files[number], &self.described)
            }
            _ => Ok(Response::builder()
                .status(StatusCode::NOT_FOUND)
                .body(Bytes::new())?),
        }
    }
}

fn file(sealed: &Bytes, described: &str) -> Result<Response<Bytes>, BenchError> {
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::LAST_MODIFIED, "Mon, 05 Jan 2026 10:00:00 GMT")
        .header("x-metadata", described)
        .body(sealed.clone())?)
}

/// One answer serves for `oauth/authorize` and for `oauth/token`: clients take from it what they look for.
fn grant(key: &KeyPair, key_set_url: &str) -> Result<Bytes, BenchError> {
    let part = |value: &str| json!({ "value": value.repeat(32), "expires_on": 4_102_444_800_u64 });
    let header = json!({ "alg": "PS512", "typ": "JWT", "jku": key_set_url, "kid": KEY_ID });
    let claims = json!({
        "preauthorization_code": "c".repeat(64),
        "access_token": part("a"),
        "refresh_token": part("r"),
        "sub": "bench-user",
        "consentid": "bench-consent",
        "token_type": "Bearer",
    });
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(keys::sign(key, signed.as_bytes())?);
    let session = json!({ "key": "files-1", "expiry": 4_102_444_800_000_u64 });
    let answer = json!({ "token": format!("{signed}.{signature}"), "session": session });
    Ok(answer.to_string().into())
}

/// The list of a session, which is completed.
fn list(session: &str) -> String {
    let entry = |number| json!({ "name": format!("file-{number}"), "updatedDate": 1 });
    let files: Vec<Value> = (0..number(session).max(1)).map(entry).collect();
    json!({ "status": { "state": "completed" }, "fileList": files }).to_string()
}

/// The number at the end of a name; 0 where there is none.
fn number(name: &str) -> usize {
    let digits = name.rsplit('-').next();
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

fn json(body: impl Into<Bytes>) -> Result<Response<Bytes>, BenchError> {
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())?)
}
