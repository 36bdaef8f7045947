//! A number keeps its digits, a document its members, a value its identity: a platform that answers with any, and keeps what it is sent.

mod given;
mod handed_on;
mod understood;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::any;
use digime_sdk::binding::{Call, Client, Dialect, Step, Value};
use digime_sdk::pkb::{self, RequestOptions, ResponseContent};
use digime_sdk::{Error, digime};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

/// Numbers that readers of JSON change.
const NUMBERS: [&str; 14] = [
    "1.10",
    "0.00",
    "-0",
    "-0.0",
    "3.14159265358979323846",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "1E400",
    "-1e-400",
    "12.470849999999999",
    "5.4945000000000004",
    "81.646627170000001",
    "100000000000000000000000000000000000001",
];

/// A platform that answers everything with one body, and keeps what it is sent.
struct Platform {
    origin: String,
    said: Arc<Mutex<Said>>,
}

#[derive(Default)]
struct Said {
    answer: String,
    heard: Vec<Bytes>,
}

impl Platform {
    async fn start() -> Self {
        async fn token() -> impl IntoResponse {
            let tokens = json!({ "access_token": "access", "expires_in": 3600 });
            ([(CONTENT_TYPE, "application/json")], tokens.to_string())
        }
        async fn answer(State(said): State<Arc<Mutex<Said>>>, body: Bytes) -> impl IntoResponse {
            let mut said = said.lock().unwrap();
            said.heard.push(body);
            (
                [(CONTENT_TYPE, "application/fhir+json")],
                said.answer.clone(),
            )
        }
        let said = Arc::<Mutex<Said>>::default();
        let app = Router::new()
            .route("/token", any(token))
            .fallback(answer)
            .with_state(Arc::clone(&said));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, said }
    }

    fn answers(&self, answer: &str) {
        answer.clone_into(&mut self.said.lock().unwrap().answer);
    }

    /// What it was sent last.
    fn heard(&self) -> String {
        let heard = self.said.lock().unwrap().heard.pop().unwrap();
        String::from_utf8(heard.to_vec()).unwrap()
    }

    fn pkb(&self) -> pkb::Client {
        let system = json!({ "clientId": "system", "clientSecret": "secret" });
        let endpoints = json!({
            "baseUrl": self.origin,
            "facade": { "tokenUrl": format!("{}/token", self.origin) },
        });
        let config = json!({
            "clientId": "client",
            "environment": "sandbox",
            "redirectUri": "http://127.0.0.1/return",
            "systemClient": system,
            "endpoints": endpoints,
        });
        pkb::Client::new(serde_json::from_value(config).unwrap()).unwrap()
    }

    fn digime(&self) -> digime::Client {
        let mut config = digime::Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(format!("{}/v1.7/", self.origin));
        digime::Client::new(config).unwrap()
    }

    /// The body of the answer to a call of the application's own making.
    async fn body(&self) -> ResponseContent {
        let options = json!({ "orgPublicId": "organisation", "path": "/any" });
        let options: RequestOptions = serde_json::from_value(options).unwrap();
        self.pkb().request(options).await.unwrap().body
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

pub fn value(document: Json) -> Value {
    match document {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => Value::Integer(number.as_i64().unwrap()),
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Json::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, member)| (name, value(member)));
            Value::Object(members.collect())
        }
    }
}

/// Sends a body that an application of another language gives.
async fn send(platform: &Platform, body: Value, dialect: Dialect) -> Result<String, Error> {
    let options = object([
        ("orgPublicId", "organisation".into()),
        ("path", "/any".into()),
        ("method", "PUT".into()),
        ("body", body),
    ]);
    platform.answers("{}");
    let call = Call::start(&Client::Pkb(platform.pkb()), "request", options, dialect)?;
    match call.next(None).await {
        Step::Done(_) => Ok(platform.heard()),
        other => panic!("{other:?}"),
    }
}
