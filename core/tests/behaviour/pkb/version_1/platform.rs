//! The platform that the links of version 1 are with.
//!
//! `refresh-USER-N` gives `access-USER-(N+1)` and `refresh-USER-(N+1)`, once; so does `code-USER-N`, and any other code gives the
//! first tokens of `user-pending`. A test may hold an answer back while it does something else.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use tokio::sync::oneshot;

/// In the order of their public ids.
pub const USERS: [&str; 7] = [
    "user-active",
    "user-expired",
    "user-leased",
    "user-previous",
    "user-uncertain",
    "user-exchanged",
    "user-pending",
];

pub struct Platform {
    pub origin: String,
    state: Arc<Known>,
}

#[derive(Default)]
struct Known {
    spent: Mutex<HashSet<String>>,
    held: Mutex<Option<Held>>,
}

/// An answer that is held back: told that it was asked for, given when the other end is dropped, with an error of RFC 6749 if there is one.
struct Held {
    asked: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
    error: Option<&'static str>,
}

impl Platform {
    pub async fn start() -> Self {
        let state = Arc::<Known>::default();
        let router = Router::new()
            .route("/token", post(tokens))
            .route("/fhir/Consent/$purview", get(purview))
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { origin, state }
    }

    /// Holds the next answer of the token endpoint back. Gives where it is told that it was asked for, and what is dropped to release it.
    pub fn hold(
        &self,
        error: Option<&'static str>,
    ) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((asked, told), (release, released)) = (oneshot::channel(), oneshot::channel());
        *self.state.held.lock().unwrap() = Some(Held {
            asked,
            released,
            error,
        });
        (told, release)
    }

    /// How many codes and refresh tokens were spent.
    pub fn spent(&self) -> usize {
        self.state.spent.lock().unwrap().len()
    }
}

pub fn public_id(user: &str) -> String {
    let index = USERS.iter().position(|known| *known == user).unwrap();
    format!("00000000-0000-4000-8000-{:012}", index + 1)
}

async fn tokens(State(known): State<Arc<Known>>, form: String) -> Response {
    let held = known.held.lock().unwrap().take();
    if let Some(held) = held {
        held.asked.send(()).unwrap();
        let _ = held.released.await;
        if let Some(error) = held.error {
            let refused = Json(json!({ "error": error }));
            return (StatusCode::BAD_REQUEST, refused).into_response();
        }
    }
    let field = |name: &str| {
        let prefix = format!("{name}=");
        form.split('&').find_map(|pair| pair.strip_prefix(&*prefix))
    };
    let grant = field("refresh_token").or_else(|| field("code")).unwrap();
    if !known.spent.lock().unwrap().insert(grant.to_owned()) {
        let refused = Json(json!({ "error": "invalid_grant" }));
        return (StatusCode::BAD_REQUEST, refused).into_response();
    }
    let rest = grant.strip_prefix("refresh-");
    let (user, number) = match rest.or_else(|| grant.strip_prefix("code-")) {
        Some(rest) => rest.rsplit_once('-').unwrap(),
        None => ("user-pending", "0"),
    };
    let number = number.parse::<u32>().unwrap() + 1;
    Json(json!({
        "access_token": format!("access-{user}-{number}"),
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": format!("refresh-{user}-{number}"),
    }))
    .into_response()
}

async fn purview(headers: HeaderMap) -> Response {
    let sent = headers["authorization"].to_str().unwrap();
    let token = sent.strip_prefix("Bearer access-").unwrap();
    let (user, _) = token.rsplit_once('-').unwrap();
    Json(json!({
        "resourceType": "Parameters",
        "parameter": [{
            "name": "purview",
            "valueReference": { "reference": format!("Patient/{}", public_id(user)) },
        }],
    }))
    .into_response()
}
