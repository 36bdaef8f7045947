//! A call to the cloud that is right in every way until a test breaks one rule.

use reqwest::{Body, Method};
use serde_json::{Value, json};

use crate::support::signing::{key, now_ms, sign_with};
use crate::support::{Answer, Sandbox};

pub struct Cloud<'a> {
    sandbox: &'a Sandbox,
    storage: String,
    header: Value,
    claims: Value,
}

impl<'a> Cloud<'a> {
    pub fn new(sandbox: &'a Sandbox, storage: &str) -> Self {
        let now = now_ms() / 1000;
        Self {
            sandbox,
            storage: storage.to_owned(),
            header: json!({ "typ": "at+jwt", "alg": "PS512", "kid": "push-contract_app_0" }),
            claims: json!({ "sub": "app", "iss": "push-contract", "aud": "cloud", "iat": now, "exp": now + 60 }),
        }
    }

    /// A new provisional storage.
    pub async fn made(sandbox: &'a Sandbox) -> Self {
        let answer = sandbox.post("storage").send().await.assert_ok(201);
        Self::new(sandbox, answer.json["id"].as_str().unwrap())
    }

    pub fn storage(&self) -> &str {
        &self.storage
    }

    /// The same with another member of the token's header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.header[name] = json!(value);
        self
    }

    /// The same with another claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    pub async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        self.send_to(method, &format!("apps/app{path}"), body).await
    }

    /// Sends to a path that begins above the application's folder.
    pub async fn send_to(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let base = &self.sandbox.announcement.addresses.cloud_base_url;
        let request = self
            .sandbox
            .http
            .request(
                method,
                format!("{base}clouds/{}/files/{path}", self.storage),
            )
            .bearer_auth(sign_with(key(), &self.header, &self.claims))
            .header("content-type", "application/octet-stream")
            .body(body);
        Answer::of(request).await
    }

    pub async fn upload(&self, path: &str) -> Answer {
        self.send(Method::POST, path, path.to_owned()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, "").await
    }

    /// The original paths and names of a folder's files.
    pub async fn listed(&self, path: &str) -> Vec<String> {
        let list = self.get(path).await.assert_ok(200).json;
        let files = list["files"].as_array().unwrap();
        assert_eq!(list["total"], files.len());
        let place = |file: &Value| {
            let text = |member: &str| file[member].as_str().unwrap().to_owned();
            text("originalPath") + &text("originalName")
        };
        files.iter().map(place).collect()
    }
}
