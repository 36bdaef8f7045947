//! One attempt at a request: a token of its own, and the way through the transport within the time-out of the whole call.

use bytes::Bytes;
use futures_util::StreamExt;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::Value;

use super::{Body, Request, Response, Signer};
use crate::error::ErrorKind;
use crate::transport::{self, TransportFailure};
use crate::{Client, Error, jwt};

/// The claims of every request (the platform's "basic" ones), and the call's own.
#[derive(Serialize)]
struct Claims<'a> {
    client_id: String,
    nonce: String,
    timestamp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(flatten)]
    own: &'a Value,
}

/// How an attempt failed, before the retry decides whether it matters.
pub(super) enum Failed {
    /// No answer came.
    Transport(TransportFailure),
    /// What another attempt would not change.
    Final(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl Failed {
    pub(super) fn into_error(self, request: &Request) -> Error {
        let request = request.label.clone();
        match self {
            Self::Final(error) => error,
            Self::Transport(TransportFailure::Timeout { phase, after }) => ErrorKind::Timeout {
                request,
                phase,
                after,
            }
            .into(),
            Self::Transport(TransportFailure::Network { cause, message }) => ErrorKind::Transport {
                request,
                cause,
                message,
            }
            .into(),
        }
    }
}

/// Signs and sends the request once, and reads the answer whole.
pub(super) async fn send(client: &Client, request: &Request) -> Result<Response, Failed> {
    let mut outgoing = http::Request::new(match &request.body {
        Body::Empty => transport::Body::Empty,
        Body::Bytes(bytes) => transport::Body::Bytes(bytes.clone()),
        Body::Stream(stream) => transport::Body::Stream(stream.play()?),
    });
    *outgoing.method_mut() = request.method.clone();
    *outgoing.uri_mut() = request
        .url
        .as_str()
        .parse()
        .map_err(|_| Error::sdk(format!("{}: the address is no URI", request.label)))?;
    *outgoing.headers_mut() = request.headers.clone();
    if let Some(signer) = &request.signer {
        outgoing
            .headers_mut()
            .insert(AUTHORIZATION, authorization(client, signer)?);
    }
    let outcome = exchange(client, outgoing).await;
    if let (Err(_), Body::Stream(stream)) = (&outcome, &request.body) {
        // The connection only reports that its body broke off; the stream knows why.
        if let Some(error) = stream.failure() {
            return Err(Failed::Final(error));
        }
    }
    outcome.map_err(Failed::Transport)
}

fn authorization(client: &Client, signer: &Signer) -> Result<HeaderValue, Error> {
    let claims = Claims {
        client_id: format!(
            "{}_{}",
            client.settings().application_id,
            signer.contract.id()
        ),
        nonce: client.world().alphanumeric(32)?,
        timestamp: client.world().now_ms(),
        access_token: signer
            .access_token
            .as_ref()
            .map(|token| token.expose().as_str()),
        own: &signer.claims,
    };
    let token = jwt::sign::sign(signer.contract.key(), &claims)?;
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::sdk("a signed token fits in no header"))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn exchange(
    client: &Client,
    request: http::Request<transport::Body>,
) -> Result<Response, TransportFailure> {
    let answer = async {
        let response = client.world().transport.send(request).await?;
        let (head, mut stream) = response.into_parts();
        let mut body = Vec::new();
        while let Some(chunk) = stream.next().await {
            body.extend_from_slice(&chunk?);
        }
        Ok(Response {
            status: head.status,
            headers: head.headers,
            body: Bytes::from(body),
        })
    };
    let Some(total) = client.settings().timeouts.total else {
        return answer.await;
    };
    tokio::select! {
        biased;
        answer = answer => answer,
        () = client.world().clock.sleep(total) => Err(TransportFailure::Timeout { phase: "total", after: total }),
    }
}
