//! One attempt at a request: signed, sent, and its answer read as far as the call wants it read.

use bytes::Bytes;
use futures_util::StreamExt;
use http::header::AUTHORIZATION;

use super::{Body, Reading, Request, Response, Sending};
use crate::Error;
use crate::error::ErrorKind;
use crate::transport::{self, ResponseBody, TransportFailure};

/// How an attempt failed, before the retry decides whether it matters.
pub(super) enum Failed {
    /// No answer came, or no whole one.
    Transport(TransportFailure),
    /// What another attempt would not change.
    Final(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl From<TransportFailure> for Failed {
    fn from(failure: TransportFailure) -> Self {
        Self::Transport(failure)
    }
}

impl Failed {
    pub(super) fn into_error(self, request: &Request) -> Error {
        match self {
            Self::Final(error) => error,
            Self::Transport(failure) => transport_error(failure, &request.label),
        }
    }
}

/// The error of a request that got no whole answer.
pub(super) fn transport_error(failure: TransportFailure, request: &str) -> Error {
    let request = request.to_owned();
    match failure {
        TransportFailure::Timeout { phase, after } => ErrorKind::Timeout {
            request,
            phase,
            after,
        }
        .into(),
        TransportFailure::Network { cause, message } => ErrorKind::Transport {
            request,
            cause,
            message,
        }
        .into(),
    }
}

/// Signs and sends the request once.
pub(super) async fn send(via: Sending<'_>, request: &Request) -> Result<Response, Failed> {
    let outgoing = outgoing(via, request)?;
    let outcome = within_total(via, exchange(via, outgoing, request.reading)).await;
    if let (Err(_), Body::Stream(stream)) = (&outcome, &request.body) {
        // The connection only reports that its body broke off; the stream knows why.
        if let Some(error) = stream.failure() {
            return Err(Failed::Final(error));
        }
    }
    outcome
}

fn outgoing(via: Sending<'_>, request: &Request) -> Result<http::Request<transport::Body>, Error> {
    let mut outgoing = http::Request::new(match &request.body {
        Body::Empty => transport::Body::Empty,
        Body::Bytes(bytes) => transport::Body::Bytes(bytes.clone()),
        Body::Stream(stream) => transport::Body::Stream(stream.play()?),
    });
    let address = request.url.as_str().parse();
    *outgoing.uri_mut() =
        address.map_err(|_| Error::sdk(format!("{}: the address is no URI", request.label)))?;
    *outgoing.method_mut() = request.method.clone();
    *outgoing.headers_mut() = request.headers.clone();
    if let Some(credential) = &request.credential {
        outgoing
            .headers_mut()
            .insert(AUTHORIZATION, credential.authorization(via.world)?);
    }
    Ok(outgoing)
}

async fn exchange(
    via: Sending<'_>,
    request: http::Request<transport::Body>,
    reading: Reading,
) -> Result<Response, Failed> {
    let (head, stream) = via
        .world
        .transport
        .send(request, via.timeouts)
        .await?
        .into_parts();
    let (status, headers) = (head.status, head.headers);
    // A failure is explained in its body, however the body of a success is to be read.
    match reading {
        Reading::Stream if status.is_success() => Ok(Response {
            status,
            headers,
            body: Bytes::new(),
            stream: Some(stream),
        }),
        Reading::Stream | Reading::Whole => {
            let body = read(stream, u64::MAX).await?;
            Ok(Response {
                status,
                headers,
                body,
                stream: None,
            })
        }
        Reading::UpTo(limit) => {
            let body = read(stream, limit).await?;
            Ok(Response {
                status,
                headers,
                body,
                stream: None,
            })
        }
    }
}

async fn read(mut stream: ResponseBody, limit: u64) -> Result<Bytes, Failed> {
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(Error::from(ErrorKind::FileLimit {
                limit: "fileLimits.size",
            })
            .into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

async fn within_total(
    via: Sending<'_>,
    answer: impl Future<Output = Result<Response, Failed>>,
) -> Result<Response, Failed> {
    let Some(total) = via.timeouts.total else {
        return answer.await;
    };
    tokio::select! {
        biased;
        answer = answer => answer,
        () = via.world.clock.sleep(total) => Err(TransportFailure::Timeout { phase: "total", after: total }.into()),
    }
}
