//! A call to the API that is right in every way until a test breaks one rule.

use reqwest::header::HeaderMap;
use reqwest::{Body, Method};
use rsa::RsaPrivateKey;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::signing::{key, nonce, now_ms, sign};
use crate::support::{Contract, Sandbox};

pub struct Call<'a> {
    sandbox: &'a Sandbox,
    method: Method,
    path: String,
    claims: Value,
    algorithm: &'static str,
    key: RsaPrivateKey,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

impl<'a> Call<'a> {
    /// A call of the push contract.
    pub fn new(sandbox: &'a Sandbox, method: Method, path: &str) -> Self {
        let claims =
            json!({ "client_id": "app_push-contract", "nonce": nonce(), "timestamp": now_ms() });
        Self {
            sandbox,
            method,
            path: path.to_owned(),
            claims,
            algorithm: "PS512",
            key: key().clone(),
            headers: Vec::new(),
            body: Body::default(),
        }
    }

    /// Sets claims; one that is null is left out.
    pub fn claims(mut self, claims: Value) -> Self {
        let Value::Object(claims) = claims else {
            panic!("claims are an object")
        };
        let members = self.claims.as_object_mut().unwrap();
        members.extend(claims);
        members.retain(|_, value| !value.is_null());
        self
    }

    pub fn of(self, contract: Contract) -> Self {
        let client_id = match contract {
            Contract::Push => "app_push-contract",
            Contract::Read => "app_read-contract",
        };
        self.claims(json!({ "client_id": client_id }))
    }

    pub fn algorithm(mut self, algorithm: &'static str) -> Self {
        self.algorithm = algorithm;
        self
    }

    pub fn signed_by(mut self, key: RsaPrivateKey) -> Self {
        self.key = key;
        self
    }

    /// Adds a header, or replaces one.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub fn json(self, value: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(value.to_string())
    }

    /// The metadata of a library file, signed as this call is.
    pub fn file_descriptor(self, metadata: &Value) -> Self {
        let token = sign(&self.key, "PS512", &json!({ "metadata": metadata }));
        self.header("filedescriptor", &token)
    }

    pub fn bearer(&self) -> String {
        sign(&self.key, self.algorithm, &self.claims)
    }

    pub async fn send(self) -> Answer {
        let mut headers = HeaderMap::new();
        let authorization = format!("Bearer {}", self.bearer());
        headers.insert("authorization", authorization.parse().unwrap());
        for (name, value) in self.headers {
            headers.insert(name, value.parse().unwrap());
        }
        let url = format!(
            "{}{}",
            self.sandbox.announcement.addresses.base_url, self.path
        );
        let request = self
            .sandbox
            .http
            .request(self.method, url)
            .headers(headers)
            .body(self.body);
        Answer::of(request).await
    }
}
