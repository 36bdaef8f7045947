//! One attempt at a request: signed, sent, and answered, or why not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method};
use tokio_util::sync::CancellationToken;

use super::body::{EARLY_PIECE, in_turns, pieces};
use super::patience::Patience;
use super::progress::Progress;
use super::request::Content;
use super::transport::{
    self, FreshConnection, Idle, LeavesInTime, NetworkCause, OnClock, Phase, Sent, TransportFailure,
};
use super::{Request, Response, Sending, reading};
use crate::Error;
use crate::error::ErrorKind;
use crate::world::Moment;

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
    /// The same of several attempts, of which the one that sent most sent so much.
    pub(super) fn having_sent(self, most: Sent) -> Self {
        match self {
            Self::Transport(failure) if failure.sent() < most => {
                Self::Transport(failure.with_sent(most))
            }
            failed => failed,
        }
    }

    pub(super) fn into_error(self, request: &Request) -> Error {
        match self {
            Self::Final(error) => error,
            Self::Transport(failure) => {
                let unreached = failure.sent() == Sent::Nothing;
                let error = transport_error(failure, &request.label);
                match (unreached, request.url.host_str()) {
                    // An address that is wrong looks like an outage otherwise.
                    (true, Some(host)) => {
                        let port = request.url.port_or_known_default().unwrap_or_default();
                        error.noting(format!("there was no connection to {host}:{port}"))
                    }
                    _ => error,
                }
            }
        }
    }
}

/// The error of a request that got no whole answer.
pub(super) fn transport_error(failure: TransportFailure, request: &str) -> Error {
    let request = request.to_owned();
    match failure {
        TransportFailure::Timeout { phase, after, sent } => ErrorKind::Timeout {
            request,
            phase: phase.as_str(),
            after,
            sent,
        }
        .into(),
        TransportFailure::Network {
            cause,
            message,
            sent,
        } => ErrorKind::Transport {
            request,
            cause,
            message,
            sent,
        }
        .into(),
    }
}

/// Signs and sends the request once, with these headers on its way that are no part of it.
pub(super) async fn send(
    via: Sending<'_>,
    request: &Request,
    trace: HeaderMap,
) -> Result<Response, Failed> {
    let transport = &via.world.transport;
    let progress = Progress::begin(&via.world.clock, transport.sends_what_it_takes());
    let patience = Patience::begin(via, &progress, request.spends.is_some());
    // A connection must not go on asking the application for a body when the attempt is over.
    let over = CancellationToken::new();
    let streams = matches!(request.content, Content::Replayable(_));
    let _over = streams.then(|| over.clone().drop_guard());
    let connect = time_to_connect(via, request)?;
    let mut outgoing = outgoing(via, request, &progress, over)?;
    for (name, value) in trace
        .iter()
        .filter(|(name, _)| !request.headers.contains_key(*name))
    {
        outgoing.headers_mut().insert(name, value.clone());
    }
    let answer = async {
        let answer = transport.send(outgoing, connect).await?;
        progress.moves();
        reading::read(via, answer, request, &patience, &progress).await
    };
    let outcome = match patience.with(answer).await {
        Ok(outcome) => outcome,
        Err(failure) => Err(failure.into()),
    };
    let outcome = outcome.and_then(|response| {
        // Whoever says that all is well before the end of the body was sent cannot mean the whole of it. What is one piece has left as a whole.
        let in_pieces = match &request.content {
            Content::Empty => false,
            Content::Bytes(bytes) => bytes.len() > EARLY_PIECE,
            Content::Replayable(_) => true,
        };
        let cut_short = in_pieces && response.status.is_success() && !progress.was_taken();
        if cut_short {
            return Err(answered_too_soon().into());
        }
        Ok(response)
    });
    let failed = match outcome {
        Ok(response) => return Ok(response),
        Err(failed) => failed,
    };
    // The connection only reports that its body broke off; the source knows why.
    if let Content::Replayable(body) = &request.content
        && let Some(error) = body.failure()
    {
        return Err(Failed::Final(error));
    }
    let (was_late, sent) = (progress.was_withheld(), progress.sent());
    // What has not left by now must not leave later: a connection may still be under way. Of what is spent in a header alone nobody sees when
    // it leaves: what is not known of it has to count as sent.
    let is_watched = must_leave_in_time(request).is_some() && spends_in_body(request);
    let nothing_left = is_watched && progress.withhold();
    Err(match failed {
        Failed::Transport(TransportFailure::Timeout { phase, .. })
            if nothing_left && phase != Phase::Connect =>
        {
            withheld().into()
        }
        Failed::Transport(_) if was_late => withheld().into(),
        Failed::Transport(failure) if nothing_left => failure.with_sent(Sent::Nothing).into(),
        Failed::Transport(failure) => failure.having_sent(sent).into(),
        failed @ Failed::Final(_) => failed,
    })
}

/// Whether what a request would spend is in its body, whose first byte is watched. With digi.me it is in a header.
fn spends_in_body(request: &Request) -> bool {
    !matches!(request.content, Content::Empty)
}

/// How long connecting may take. What is spent in a header leaves as soon as there is a connection, so there must be one in time.
fn time_to_connect(via: Sending<'_>, request: &Request) -> Result<Duration, Failed> {
    let connect = via.timeouts.connect;
    match must_leave_in_time(request).filter(|_| !spends_in_body(request)) {
        None => Ok(connect),
        Some((begun, time)) => match time.saturating_sub(begun.at_most(&*via.world.clock)) {
            Duration::ZERO => Err(withheld().into()),
            left => Ok(connect.min(left)),
        },
    }
}

/// From when on, and for how long, the request may leave, if not for ever.
fn must_leave_in_time(request: &Request) -> Option<(Moment, Duration)> {
    request.spends.and_then(|spends| spends.within)
}

fn withheld() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::Withheld,
        message:
            "there was too little time left for what the request would spend, so it was not sent"
                .to_owned(),
        sent: Sent::Nothing,
    }
}

fn answered_too_soon() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::Protocol,
        message: "the server answered with success before the whole body was sent, so it cannot have all of it"
            .to_owned(),
        sent: Sent::Maybe,
    }
}

fn outgoing(
    via: Sending<'_>,
    request: &Request,
    progress: &Progress,
    over: CancellationToken,
) -> Result<http::Request<transport::Body>, Error> {
    let mut outgoing = http::Request::new(body(via, request, progress, over));
    let address = request.url.as_str().parse();
    *outgoing.uri_mut() =
        address.map_err(|_| Error::sdk(format!("{}: the address is no URI", request.label)))?;
    *outgoing.method_mut() = request.method.clone();
    *outgoing.headers_mut() = request.headers.clone();
    if let Some(credential) = &request.credential {
        let value = HeaderValue::try_from(credential.authorization(via.world)?);
        let mut value =
            value.map_err(|_| Error::sdk("the token has characters that fit in no header"))?;
        value.set_sensitive(true);
        outgoing.headers_mut().insert(AUTHORIZATION, value);
    }
    // RFC 9110 section 8.6: without it some servers wait for a body, or refuse the request (411).
    let may_have_body = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    if may_have_body && outgoing.body().is_nothing() {
        outgoing
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    outgoing.extensions_mut().insert(Idle(via.timeouts.idle));
    let clock = Arc::clone(&via.world.clock);
    outgoing.extensions_mut().insert(OnClock(clock));
    if request.spends.is_some() {
        // A connection that was idle may be closed by the server in this very moment, and with it what is good once be lost.
        outgoing.extensions_mut().insert(FreshConnection);
        // By its length it can be told whether all of the answer has come, whoever undoes codings before it gets here.
        outgoing.headers_mut().remove(ACCEPT_ENCODING);
    }
    if must_leave_in_time(request).is_some() {
        outgoing.extensions_mut().insert(LeavesInTime);
    }
    Ok(outgoing)
}

/// What is sent, watched on its way: how far it has come, and whether it may leave at all.
fn body(
    via: Sending<'_>,
    request: &Request,
    progress: &Progress,
    over: CancellationToken,
) -> transport::Body {
    let (length, chunks) = match &request.content {
        Content::Empty => return transport::Body::Empty,
        Content::Bytes(bytes) => (
            Some(bytes.len() as u64),
            pieces(bytes.clone()).map(Ok).boxed(),
        ),
        Content::Replayable(body) => (body.length(), body.play()),
    };
    // Of nothing, nobody asks for the first byte.
    if length == Some(0) {
        progress.go_on(true);
    }
    let guard = must_leave_in_time(request);
    let clock = Arc::clone(&via.world.clock);
    let progress = progress.clone();
    let chunks = in_turns(chunks);
    let watched = stream::unfold(Some((chunks, guard, 0)), move |state| {
        let (progress, clock) = (progress.clone(), Arc::clone(&clock));
        let over = over.clone();
        async move {
            let (mut chunks, guard, before) = state?;
            // Looked at again here, just before the first byte leaves: the process may have been frozen since.
            if let Some((begun, time)) = guard {
                if begun.at_most(&*clock) >= time {
                    progress.withhold();
                }
                if !progress.leaves() {
                    return Some((Err(io::Error::other("too late")), None));
                }
            }
            progress.wait_for_application();
            let chunk = tokio::select! {
                biased;
                () = over.cancelled() => Some(Err(io::Error::other("the attempt is over"))),
                chunk = chunks.next() => chunk,
            };
            let sent = match &chunk {
                Some(Ok(chunk)) => before + chunk.len() as u64,
                _ => before,
            };
            // Where the length is known, nobody asks whether there is more.
            progress.go_on(chunk.is_none() || length == Some(sent));
            Some((chunk?, Some((chunks, None, sent))))
        }
    });
    transport::Body::Stream {
        length,
        chunks: watched.boxed(),
    }
}
