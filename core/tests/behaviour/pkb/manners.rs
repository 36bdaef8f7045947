//! How many requests about one patient are under way at once.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::any;
use digime_sdk::pkb::{Client, Config, TimeoutOptions};
use digime_sdk::transport::Sent;
use digime_sdk::{Error, ErrorKind};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::answering::path_of;

/// A PKB that lets the requests of `user-1` wait until a test says otherwise, and counts them.
struct Holding {
    origin: String,
    state: Arc<Held>,
}

struct Held {
    open: watch::Sender<bool>,
    inside: watch::Sender<usize>,
    most: watch::Sender<usize>,
}

impl Holding {
    async fn start() -> Self {
        async fn answer(State(held): State<Arc<Held>>, request: Request) -> &'static str {
            let token = request.headers()["authorization"].to_str().unwrap();
            if token == "Bearer access-of-user-1" {
                held.inside.send_modify(|inside| *inside += 1);
                let inside = *held.inside.borrow();
                held.most.send_modify(|most| *most = inside.max(*most));
                held.open.subscribe().wait_for(|open| *open).await.unwrap();
                held.inside.send_modify(|inside| *inside -= 1);
            }
            "{}"
        }
        let state = Arc::new(Held {
            open: watch::Sender::new(false),
            inside: watch::Sender::new(0),
            most: watch::Sender::new(0),
        });
        let app = Router::new()
            .fallback(any(answer))
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, state }
    }

    fn config(&self, per_patient: &Value) -> Config {
        let config = json!({
            "clientId": "client",
            "environment": "sandbox",
            "redirectUri": "http://127.0.0.1/return",
            "endpoints": { "baseUrl": self.origin },
            "perPatient": per_patient,
        });
        serde_json::from_value(config).unwrap()
    }

    async fn client(&self, per_patient: Value) -> Client {
        let client = Client::new(self.config(&per_patient)).unwrap();
        for user in ["user-1", "user-2"] {
            let options = json!({
                "appUserId": user,
                "publicId": format!("patient of {user}"),
                "tokens": { "accessToken": format!("access-of-{user}"), "expiresAt": 4_102_444_800_000_i64 },
            });
            let options = serde_json::from_value(options).unwrap();
            client.import_link(options).await.unwrap();
        }
        client
    }

    /// So many requests at once of `user-1`; how many were under way together, while another patient's were answered.
    async fn most_of(&self, client: &Client, path: &str, count: usize, expected: usize) -> usize {
        let all = join_all((0..count).map(|_| request(client, "user-1", path)));
        let others = async {
            let mut inside = self.state.inside.subscribe();
            inside.wait_for(|inside| *inside >= expected).await.unwrap();
            // What could be sent would have been by then.
            for _ in 0..3 {
                request(client, "user-2", path).await.unwrap();
            }
            self.state.open.send_replace(true);
        };
        let (all, ()) = futures_util::join!(all, others);
        assert!(all.into_iter().all(|answered| answered.is_ok()));
        *self.state.most.borrow()
    }
}

async fn request(client: &Client, user: &str, path: &str) -> Result<(), Error> {
    let options = json!({ "appUserId": user, "path": path });
    let options = serde_json::from_value(options).unwrap();
    client.request(options).await.map(drop)
}

#[tokio::test]
async fn four_requests_of_the_fhir_api_are_under_way_for_one_patient_and_any_number_for_others() {
    let pkb = Holding::start().await;
    let client = pkb.client(json!({})).await;
    assert_eq!(pkb.most_of(&client, "/fhir/Patient/1", 9, 4).await, 4);
}

#[tokio::test]
async fn calls_of_the_rest_api_are_made_one_after_the_other_for_one_patient() {
    let pkb = Holding::start().await;
    let client = pkb.client(json!({})).await;
    assert_eq!(pkb.most_of(&client, "/json/users/self", 5, 1).await, 1);
}

#[tokio::test]
async fn an_application_sets_how_many_there_are() {
    let pkb = Holding::start().await;
    let client = pkb.client(json!({ "fhir": 1, "rest": 3 })).await;
    assert_eq!(pkb.most_of(&client, "/json/users/self", 5, 3).await, 3);
    let pkb = Holding::start().await;
    let client = pkb.client(json!({ "fhir": 1, "rest": 3 })).await;
    assert_eq!(pkb.most_of(&client, "/fhir/Patient/1", 5, 1).await, 1);
}

#[tokio::test]
async fn none_at_all_is_refused_by_the_name_of_the_setting() {
    let pkb = Holding::start().await;
    for (per_patient, expected) in [
        (json!({ "fhir": 0 }), "config.perPatient.fhir"),
        (json!({ "rest": 0 }), "config.perPatient.rest"),
    ] {
        let error = Client::new(pkb.config(&per_patient)).unwrap_err();
        assert_eq!(path_of(&error), expected);
    }
}

#[tokio::test]
async fn whose_time_is_over_while_they_wait_for_their_turn_hears_that_nothing_was_sent() {
    let pkb = Holding::start().await;
    let client = pkb.client(json!({})).await;
    let path = "/json/users/self";
    let mut inside = pkb.state.inside.subscribe();
    let first = tokio::spawn({
        let client = client.clone();
        async move { request(&client, "user-1", path).await }
    });
    inside.wait_for(|inside| *inside == 1).await.unwrap();
    let hurried = client.with_timeouts(&TimeoutOptions {
        call: Some(100),
        ..TimeoutOptions::default()
    });
    let error = request(&hurried, "user-1", path).await.unwrap_err();
    let ErrorKind::Timeout {
        request: what,
        sent,
        ..
    } = error.kind()
    else {
        panic!("{error}");
    };
    assert_eq!(*sent, Sent::Nothing);
    assert!(what.contains("its turn"), "{error}");
    pkb.state.open.send_replace(true);
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_stops_waiting_is_in_nobodys_way() {
    let pkb = Holding::start().await;
    let client = pkb.client(json!({})).await;
    let path = "/json/users/self";
    let mut inside = pkb.state.inside.subscribe();
    let first = tokio::spawn({
        let client = client.clone();
        async move { request(&client, "user-1", path).await }
    });
    inside.wait_for(|inside| *inside == 1).await.unwrap();
    {
        let waiting = request(&client, "user-1", path);
        let others = request(&client, "user-2", path);
        futures_util::pin_mut!(waiting);
        futures_util::select_biased! {
            _ = futures_util::FutureExt::fuse(waiting.as_mut()) => panic!("two at once"),
            answered = futures_util::FutureExt::fuse(Box::pin(others)) => answered.unwrap(),
        }
    }
    pkb.state.open.send_replace(true);
    first.await.unwrap().unwrap();
    request(&client, "user-1", path).await.unwrap();
}
