//! Lets calls go wrong in the ways that a test has asked for.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use rsa::pss::SigningKey;
use serde_json::Value;
use sha2::Sha512;
use tokio::sync::OnceCell;

use crate::connection::Breaker;
use crate::error::ApiError;
use crate::state::{Answer, Fault, Named, Platform};
use crate::{jwt, keys, route};

/// Signs what the platform's key should have signed.
static FORGER: OnceCell<SigningKey<Sha512>> = OnceCell::const_new();

pub async fn faults(
    State(platform): State<Arc<Platform>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
    next: Next,
) -> Response {
    let fault = route::name(&request).and_then(|route| platform.memory().faults.take(&route));
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    match fault {
        Fault::Answer(answer) => instead(answer),
        Fault::Delay(delay) => {
            tokio::time::sleep(Duration::from_millis(delay.delay_ms)).await;
            next.run(request).await
        }
        Fault::DelayAnswer(delay) => {
            let response = next.run(request).await;
            tokio::time::sleep(Duration::from_millis(delay.delay_answer_ms)).await;
            response
        }
        Fault::Truncate(truncate) => {
            truncated(next.run(request).await, truncate.truncate_after).await
        }
        Fault::Named(Named::Reset) => {
            breaker.open();
            no_answer()
        }
        Fault::Named(Named::LoseAnswer) => {
            next.run(request).await;
            breaker.open();
            no_answer()
        }
        Fault::Named(Named::WrongSignature) => forged(next.run(request).await).await,
    }
}

/// Never sent. The status is the one that servers log for a connection that they close without an answer.
fn no_answer() -> Response {
    StatusCode::from_u16(444)
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response()
}

fn instead(answer: Answer) -> Response {
    let mut response = match answer.body {
        Value::Null => answer.status.into_response(),
        Value::String(text) => (answer.status, text).into_response(),
        json => (answer.status, axum::Json(json)).into_response(),
    };
    response.headers_mut().extend(answer.headers);
    response
}

/// The answer as far as so many bytes of its body, under headers that promise all of it.
async fn truncated(response: Response, after: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return ApiError::internal("The answer cannot be read").into_response();
    };
    if body.len() <= after {
        return Response::from_parts(parts, body.into());
    }
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let begin = stream::once(async move { Ok(body.slice(..after)) });
    let end = stream::once(async {
        // Lets the server send what it has before it learns that there is no more.
        tokio::task::yield_now().await;
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    let body = Body::from_stream(futures_util::StreamExt::chain(begin, end));
    Response::from_parts(parts, body)
}

/// The answer with the member `token` signed by a stranger.
async fn forged(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(forger) = FORGER.get_or_try_init(forger).await else {
        return ApiError::internal("A key cannot be made").into_response();
    };
    let Some(answer) = forge(&body, forger) else {
        return Response::from_parts(parts, body.into());
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, answer.to_string().into())
}

async fn forger() -> Result<SigningKey<Sha512>, keys::KeyError> {
    let made = tokio::task::spawn_blocking(keys::make).await;
    made.map_or(Err(keys::KeyError::NotMade), |key| {
        Ok(SigningKey::new(key?))
    })
}

fn forge(body: &[u8], forger: &SigningKey<Sha512>) -> Option<Value> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    let (signed, _) = answer["token"].as_str()?.rsplit_once('.')?;
    answer["token"] = jwt::signed(signed, forger).into();
    Some(answer)
}
