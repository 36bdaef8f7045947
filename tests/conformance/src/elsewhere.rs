//! The server that nothing may ever be asked of: an attacker's, with a key set that would fit its tokens.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::keys;
use crate::loopback::{Reserved, Serving};

/// The running server and the requests it got, each as method and path.
pub(crate) struct Elsewhere {
    asked: Arc<Mutex<Vec<String>>>,
    _serving: Serving,
}

impl Elsewhere {
    pub(crate) fn start(reserved: Reserved) -> Result<Self, String> {
        let key_set = json!({"keys": [{"kid": "kid-1", "pem": keys::public_pem(keys::OTHER)?}]});
        let asked = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new()
            .fallback(respond)
            .with_state((asked.clone(), key_set));
        Ok(Self {
            asked,
            _serving: reserved.serve(router),
        })
    }

    pub(crate) async fn asked(&self) -> Vec<String> {
        self.asked.lock().await.clone()
    }
}

async fn respond(
    State((asked, key_set)): State<(Arc<Mutex<Vec<String>>>, Value)>,
    request: Request,
) -> Json<Value> {
    let path = request.uri().path();
    asked
        .lock()
        .await
        .push(format!("{} {path}", request.method()));
    Json(if path.ends_with("/jwks") {
        key_set
    } else {
        json!([])
    })
}
