//! What the platform answers. The path of a request decides alone, whatever else is in it.

use aws_lc_rs::rsa::KeyPair;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::content::{brotli, repeated, text};
use crate::{BenchError, keys, seal};

const KEY_ID: &str = "bench-key";

/// All answers, made before any is asked for.
pub struct Platform {
    jwks: Bytes,
    grant: Bytes,
    files: Vec<Bytes>,
    large: Bytes,
    /// The header `x-metadata` of every file.
    described: String,
}

impl Platform {
    /// A platform at this origin, with so many files that differ, and one large file whose content has so many mebibytes.
    pub fn new(origin: &str, files: u64, large_mebibytes: usize) -> Result<Self, BenchError> {
        let (platform, contract) = (keys::platform()?, keys::contract()?);
        let jwk = json!({ "kid": KEY_ID, "kty": "RSA", "alg": "PS512", "pem": keys::public_pem(&platform)? });
        let file = |number| seal(&contract, &brotli(&text(number))?);
        let described = json!({
            "metadata": { "objectCount": 300, "objectType": "Observation", "serviceGroup": "Health", "serviceName": "Huisarts" },
            "compression": "brotli",
        });
        Ok(Self {
            jwks: json!({ "keys": [jwk] }).to_string().into(),
            grant: grant(&platform, origin)?,
            files: (0..files).map(file).collect::<Result<_, _>>()?,
            large: seal(&contract, &repeated(&text(0), large_mebibytes * 16)?)?,
            described: URL_SAFE_NO_PAD.encode(described.to_string()),
        })
    }

    /// The answer to a request for this path. The session `files-300` has 300 files, the session `large` the large one.
    pub fn answer(&self, path: &str) -> Result<Response<Bytes>, BenchError> {
        let segments: Vec<&str> = path.split('/').skip(2).collect();
        match segments.as_slice() {
            ["jwks", "oauth"] => json(self.jwks.clone()),
            ["oauth", "authorize" | "token"] => json(self.grant.clone()),
            ["permission-access", "import"] => json("{}"),
            ["permission-access", "query", session] => json(list(session)),
            ["permission-access", "query", "large", _] => self.file(&self.large),
            ["permission-access", "query", _, name] => {
                let number = number(name) % self.files.len();
                self.file(&self.files[number])
            }
            _ => Ok(Response::builder()
                .status(StatusCode::NOT_FOUND)
                .body(Bytes::new())?),
        }
    }

    fn file(&self, sealed: &Bytes) -> Result<Response<Bytes>, BenchError> {
        Ok(Response::builder()
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::LAST_MODIFIED, "Mon, 05 Jan 2026 10:00:00 GMT")
            .header("x-metadata", &self.described)
            .body(sealed.clone())?)
    }
}

/// One answer serves for `oauth/authorize` and for `oauth/token`: clients take from it what they look for.
fn grant(key: &KeyPair, origin: &str) -> Result<Bytes, BenchError> {
    let part = |value: &str| json!({ "value": value.repeat(32), "expires_on": 4_102_444_800_u64 });
    let header = json!({ "alg": "PS512", "typ": "JWT", "jku": format!("{origin}/v1.7/jwks/oauth"), "kid": KEY_ID });
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
