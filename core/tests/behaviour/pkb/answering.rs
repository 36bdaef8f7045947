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
use digime_sdk::{Error, ErrorKind};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub const ORGANISATION: &str = "5a9d8f60-0d1c-4b59-8c3e-6f0e7a4d2b10";
pub const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Gives every client that acts by itself a token, another for customer systems, and each other request the next answer; the last of them again
/// and again.
pub struct Answering {
    pub origin: String,
    said: Arc<Mutex<Said>>,
    counted: watch::Sender<usize>,
}

struct Said {
    counted: watch::Sender<usize>,
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
        async fn customer_token(request: Request) -> impl IntoResponse {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let by = if parts.headers.contains_key("authorization") {
                "basic"
            } else if String::from_utf8_lossy(&body).contains("client_secret=") {
                "body"
            } else {
                "nothing"
            };
            let tokens = json!({ "access_token": format!("customer-by-{by}"), "expires_in": 300 });
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
            said.counted.send_modify(|heard| *heard += 1);
            let (status, text) = match said.answers.len() {
                1 => said.answers[0].clone(),
                _ => said.answers.pop_front().unwrap(),
            };
            // What is asked again need not wait.
            let headers = [(CONTENT_TYPE, "application/fhir+json"), (RETRY_AFTER, "0")];
            (status, headers, text).into_response()
        }
        let answers = answers.into_iter();
        let counted = watch::Sender::new(0);
        let said = Arc::new(Mutex::new(Said {
            answers: answers
                .map(|(status, text)| (StatusCode::from_u16(status).unwrap(), text))
                .collect(),
            heard: Vec::new(),
            counted: counted.clone(),
        }));
        let app = Router::new()
            .route("/token", any(token))
            .route("/customer-token", any(customer_token))
            .fallback(answer)
            .with_state(Arc::clone(&said));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            origin,
            said,
            counted,
        }
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
            "facade": { "tokenUrl": format!("{}/token", self.origin) },
            "aggregated": {
                "url": format!("{}/aggregated/fhir", self.origin),
                "tokenUrl": format!("{}/customer-token", self.origin),
            },
            "customer": { "url": format!("{}/customer/fhir", self.origin) },
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
            "customerSystemClient": { "clientId": "customer-system", "clientSecret": "secret" },
            "endpoints": all,
        });
        serde_json::from_value(config).unwrap()
    }

    /// A client with the link of `user-1`, whose public id is `patient-1`.
    pub async fn linked(&self) -> Client {
        let client = self.client();
        self.import(&client).await;
        client
    }

    /// Gives a client the link of `user-1`.
    pub async fn import(&self, client: &Client) {
        let options = json!({
            "appUserId": "user-1",
            "publicId": "patient-1",
            "tokens": { "accessToken": "patients-own", "refreshToken": "refresh", "expiresAt": 4_102_444_800_000_i64 },
        });
        let options = serde_json::from_value(options).unwrap();
        client.import_link(options).await.unwrap();
    }

    /// Waits until so many requests have come.
    pub async fn heard_so_many(&self, count: usize) {
        let mut counted = self.counted.subscribe();
        counted.wait_for(|heard| *heard >= count).await.unwrap();
    }

    pub fn client(&self) -> Client {
        Client::new(self.config(&json!({}))).unwrap()
    }
}

/// What an error says is wrong of the options or the configuration.
pub fn path_of(error: &Error) -> String {
    match error.kind() {
        ErrorKind::TypeValidation { path, .. } => path.to_string(),
        _ => panic!("{error}"),
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
