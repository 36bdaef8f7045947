//! The scripted platform: it answers what the scenario says, once each, and remembers what it was asked.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use tokio::sync::Mutex;

use crate::loopback::{Reserved, Serving};
use crate::scenario::{self, Exchange};

/// The running server and its memory.
pub(crate) struct Platform {
    log: Arc<Mutex<Log>>,
    _serving: Serving,
}

/// What has happened so far.
pub(crate) struct Log {
    pub(crate) exchanges: Vec<Exchange>,
    answers: Vec<Answer>,
    answered: Vec<bool>,
    /// Every request, with the position of the exchange that answered it.
    pub(crate) requests: Vec<(Sent, Option<usize>)>,
    /// Requests of which not even the body arrived whole.
    pub(crate) broken: Vec<String>,
}

/// A request as it arrived; the percent-encoding of its path is the client's own.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

type Answer = (StatusCode, HeaderMap, Bytes);

impl Platform {
    /// Starts to answer; the error names the position of an answer that cannot be sent.
    pub(crate) fn start(
        reserved: Reserved,
        exchanges: Vec<Exchange>,
    ) -> Result<Self, (usize, String)> {
        let answers = exchanges
            .iter()
            .enumerate()
            .map(|(index, exchange)| answer(&exchange.response).map_err(|reason| (index, reason)))
            .collect::<Result<Vec<_>, _>>()?;
        let log = Arc::new(Mutex::new(Log {
            answered: vec![false; exchanges.len()],
            exchanges,
            answers,
            requests: Vec::new(),
            broken: Vec::new(),
        }));
        let router = Router::new().fallback(respond).with_state(log.clone());
        Ok(Self {
            log,
            _serving: reserved.serve(router),
        })
    }

    /// How often it was asked this so far.
    pub(crate) async fn asked(&self, on: &str) -> usize {
        let log = self.log.lock().await;
        let is_that = |sent: &&(Sent, Option<usize>)| {
            let path = sent.0.path.split('?').next().unwrap_or_default();
            format!("{} {path}", sent.0.method) == on
        };
        log.requests.iter().filter(is_that).count()
    }

    /// Runs `judge` over what happened.
    pub(crate) async fn judged(&self, judge: impl FnOnce(&Log) -> Vec<String>) -> Vec<String> {
        judge(&*self.log.lock().await)
    }
}

impl Log {
    /// The exchanges that had to be asked for and were not.
    pub(crate) fn unasked(&self) -> impl Iterator<Item = (usize, &Exchange)> {
        self.exchanges
            .iter()
            .enumerate()
            .filter(|(index, exchange)| !exchange.optional && !self.answered[*index])
    }

    fn next_for(&self, on: &str) -> Option<usize> {
        self.exchanges
            .iter()
            .zip(&self.answered)
            .position(|(exchange, answered)| exchange.on == on && (exchange.repeat || !answered))
    }
}

async fn respond(State(log): State<Arc<Mutex<Log>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let on = format!("{} {}", parts.method, parts.uri.path());
    let body = to_bytes(body, usize::MAX).await;
    let mut log = log.lock().await;
    let Ok(body) = body else {
        log.broken.push(on);
        return StatusCode::BAD_REQUEST.into_response();
    };
    let sent = Sent {
        method: parts.method.to_string(),
        path: parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        headers: parts.headers,
        body,
    };
    let next = log.next_for(&on);
    log.requests.push((sent, next));
    match next {
        Some(index) => {
            log.answered[index] = true;
            let (status, headers, body) = log.answers[index].clone();
            // As a `Body`, so that no content type is added that the scenario does not give.
            (status, headers, Body::from(body)).into_response()
        }
        // A status that no client retries, lest one surplus request becomes three.
        None => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

fn answer(response: &scenario::Response) -> Result<Answer, String> {
    let mut headers = HeaderMap::new();
    let body = match (&response.json, &response.text, &response.bytes) {
        (Some(json), None, None) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            json.to_string().into()
        }
        (None, Some(text), None) => text.clone().into(),
        (None, None, Some(bytes)) => BASE64_STANDARD
            .decode(bytes)
            .map_err(|error| format!("its bytes are not base64: {error}"))?
            .into(),
        (None, None, None) => Bytes::new(),
        _ => return Err("it has more than one body".to_owned()),
    };
    for (name, value) in &response.headers {
        let value = value.as_str().map(HeaderValue::from_str);
        match (HeaderName::try_from(name.as_str()), value) {
            (Ok(name), Some(Ok(value))) => headers.insert(name, value),
            _ => return Err(format!("`{name}` is not a usable header")),
        };
    }
    Ok((response.status, headers, body))
}
