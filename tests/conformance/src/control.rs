//! The HTTP interface through which runners in other languages list, start and finish scenarios.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::loopback::Reserved;
use crate::{Outcome, ReplayError, Run, Scenario};

/// The interface on a port of its own, not yet answering.
pub struct Control {
    reserved: Reserved,
    replays: Arc<Replays>,
}

struct Replays {
    scenarios: BTreeMap<String, Scenario>,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    started: u64,
    open: HashMap<u64, Run>,
}

#[derive(Deserialize)]
struct Report {
    steps: Vec<Outcome>,
}

type Refusal = (StatusCode, Json<Value>);

impl Control {
    /// Takes a free loopback port.
    pub async fn new(scenarios: Vec<Scenario>) -> Result<Self, ReplayError> {
        let scenarios = scenarios
            .into_iter()
            .map(|scenario| (scenario.id.clone(), scenario))
            .collect();
        Ok(Self {
            reserved: Reserved::new().await?,
            replays: Arc::new(Replays {
                scenarios,
                runs: Mutex::default(),
            }),
        })
    }

    /// Where runners reach it.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.reserved.address)
    }

    /// Answers until the process ends.
    pub async fn serve(self) -> Result<(), ReplayError> {
        let router = Router::new()
            .route("/scenarios", get(list))
            .route("/scenarios/{id}/start", post(start))
            .route("/runs/{run}/finish", post(finish))
            .layer(DefaultBodyLimit::disable())
            .with_state(self.replays);
        Ok(self.reserved.serve_forever(router).await?)
    }
}

async fn list(State(replays): State<Arc<Replays>>) -> Json<Vec<String>> {
    Json(replays.scenarios.keys().cloned().collect())
}

async fn start(
    State(replays): State<Arc<Replays>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let scenario = replays
        .scenarios
        .get(&id)
        .ok_or_else(|| refusal(StatusCode::NOT_FOUND, "there is no such scenario"))?;
    let run = Run::start(scenario)
        .await
        .map_err(|error| refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()))?;
    let mut runs = replays.runs.lock().await;
    runs.started += 1;
    let number = runs.started;
    let answer = json!({"run": number, "origin": run.origin, "init": run.init, "steps": run.calls});
    runs.open.insert(number, run);
    Ok(Json(answer))
}

async fn finish(
    State(replays): State<Arc<Replays>>,
    Path(number): Path<u64>,
    Json(report): Json<Report>,
) -> Result<Json<Value>, Refusal> {
    let run = replays
        .runs
        .lock()
        .await
        .open
        .remove(&number)
        .ok_or_else(|| refusal(StatusCode::NOT_FOUND, "there is no such open run"))?;
    let failures = run.finish(report.steps).await;
    Ok(Json(
        json!({"passed": failures.is_empty(), "failures": failures}),
    ))
}

fn refusal(status: StatusCode, reason: &str) -> Refusal {
    (status, Json(json!({ "error": reason })))
}
