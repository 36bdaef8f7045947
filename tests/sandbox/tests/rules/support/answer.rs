//! What the sandbox answered, and what a test can expect of it.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use url::Url;

use crate::support::signing::claims;

pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub claims: Value,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
    /// Null, if the answer is not JSON.
    pub json: Value,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status,
            headers,
            bytes,
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    #[track_caller]
    pub fn assert_ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The platform's error, in the body and in the headers.
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str, message: &str) {
        let error = &self.json["error"];
        assert_eq!(
            (self.status, &error["code"]),
            (status, &json!(code)),
            "{}",
            self.text
        );
        assert!(
            error["message"].as_str().unwrap().contains(message),
            "{}",
            self.text
        );
        assert_eq!(self.headers["x-error-code"], code);
        assert_eq!(
            self.headers["x-error-reference"],
            *error["reference"].as_str().unwrap()
        );
    }

    /// How Patients Know Best refuses tokens.
    #[track_caller]
    pub fn assert_token_refused(&self, status: u16, error: &str, description: &str) {
        assert_eq!(
            (self.status, &self.json["error"]),
            (status, &json!(error)),
            "{}",
            self.text
        );
        assert!(
            self.json["error_description"]
                .as_str()
                .unwrap()
                .contains(description),
            "{}",
            self.text
        );
        assert_eq!(self.headers["cache-control"], "no-store");
    }

    /// How the Facade refuses; no code is null.
    #[track_caller]
    pub fn assert_outcome(&self, status: u16, code: Option<&str>) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/fhir+json");
        assert_eq!(self.json["resourceType"], "OperationOutcome");
        let coding = &self.json["issue"][0]["details"]["coding"][0];
        assert_eq!(coding["code"], json!(code), "{}", self.text);
        if code.is_some() {
            assert_eq!(
                coding["system"],
                "http://fhir.patientsknowbest.com/codesystem/response-code"
            );
        }
    }

    /// How the REST API refuses.
    #[track_caller]
    pub fn assert_code(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, &self.json["code"]),
            (status, &json!(code)),
            "{}",
            self.text
        );
        assert!(self.json["message"].is_string(), "{}", self.text);
    }

    pub fn tokens(self) -> Tokens {
        let claims = claims(&self.json["token"]);
        let value = |kind: &str| claims[kind]["value"].as_str().unwrap().to_owned();
        Tokens {
            access: value("access_token"),
            refresh: value("refresh_token"),
            claims,
        }
    }

    /// Where the person was sent back to.
    pub fn location(&self) -> Url {
        Url::parse(self.headers["location"].to_str().unwrap()).unwrap()
    }

    /// What the application is told there.
    pub fn returned(&self, name: &str) -> Option<String> {
        let location = self.location();
        let mut pairs = location.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }
}
