//! A PKB whose answers to an organisation a test writes down, and which keeps what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use digime_sdk::pkb::{Client, Config};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const ORGANISATION: &str = "5a9d8f60-0d1c-4b59-8c3e-6f0e7a4d2b10";
pub const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Gives every System Client a token, and each other request the next answer; the last of them again and again.
pub struct Answering {
    pub origin: String,
    said: Arc<Mutex<Said>>,
}

#[derive(Default)]
struct Said {
    answers: VecDeque<(StatusCode, String)>,
    heard: Vec<Heard>,
}

/// A request that came.
#[derive(Clone)]
pub struct Heard {
    /// Its method and path, with its query.
    pub on: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Answering {
    pub async fn with(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        async fn token() -> impl IntoResponse {
            let tokens = json!({ "access_token": "access-1", "expires_in": 3600 });
            ([(CONTENT_TYPE, "application/json")], tokens.to_string())
        }
        async fn answer(State(said): State<Arc<Mutex<Said>>>, request: Request) -> Response {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let mut said = said.lock().unwrap();
            said.heard.push(Heard {
                on: format!("{} {}", parts.method, parts.uri),
                headers: parts.headers,
                body,
            });
            let (status, text) = match said.answers.len() {
                1 => said.answers[0].clone(),
                _ => said.answers.pop_front().unwrap(),
            };
            // What is asked again need not wait.
            let headers = [(CONTENT_TYPE, "application/fhir+json"), (RETRY_AFTER, "0")];
            (status, headers, text).into_response()
        }
        let answers = answers.into_iter();
        let said = Arc::new(Mutex::new(Said {
            answers: answers
                .map(|(status, text)| (StatusCode::from_u16(status).unwrap(), text))
                .collect(),
            heard: Vec::new(),
        }));
        let app = Router::new()
            .route("/token", any(token))
            .fallback(answer)
            .with_state(Arc::clone(&said));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, said }
    }

    /// One that gives one answer to all.
    pub async fn always(answer: Value) -> Self {
        Self::with([(200, answer.to_string())]).await
    }

    /// The requests that came so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.said.lock().unwrap().heard.clone()
    }

    pub fn config(&self, endpoints: &Value) -> Config {
        let mut all = json!({
            "baseUrl": self.origin,
            "systemTokenUrl": format!("{}/token", self.origin),
            "joinUrl": "https://join.example/join",
        });
        for (name, value) in endpoints.as_object().unwrap() {
            all[name] = value.clone();
        }
        let config = json!({
            "clientId": "client",
            "environment": "sandbox",
            "redirectUri": "http://127.0.0.1/return",
            "systemClient": { "clientId": "system", "clientSecret": "secret" },
            "endpoints": all,
        });
        serde_json::from_value(config).unwrap()
    }

    pub fn client(&self) -> Client {
        Client::new(self.config(&json!({}))).unwrap()
    }
}

/// FHIR's `Parameters`.
pub fn parameters(parameters: &Value) -> Value {
    json!({ "resourceType": "Parameters", "parameter": parameters })
}

pub fn nhs_number(number: &str) -> Value {
    json!({ "system": NHS, "value": number })
}

/// The part of an answer that says whom it is about.
pub fn about(number: &str) -> Value {
    json!({ "name": "patientIdentifier", "valueIdentifier": nhs_number(number) })
}
