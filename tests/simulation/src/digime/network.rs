//! The network between a process and digi.me: what arrives of bodies that stream both ways, when, and what is lost on its way.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use digime_sdk::transport::{
    Body, NetworkCause, Phase, ResponseBody, Sent, Transport, TransportFailure,
};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::chance::Chance;
use crate::digime::keys;
use crate::digime::platform::{Asked, Reply};
use crate::digime::process::Process;
use crate::digime::schedule::Schedule;
use crate::executor::{MILLISECOND, Micros, Owner, SECOND, lock};
use crate::faults::Kind;

/// A process' way to the platform.
pub struct Network {
    pub schedule: Arc<Schedule>,
    pub process: Arc<Process>,
}

type Answer = Result<http::Response<ResponseBody>, TransportFailure>;
type Answers = oneshot::Sender<Result<Reply, TransportFailure>>;

fn network(cause: NetworkCause, sent: Sent) -> TransportFailure {
    let message = "the network of the simulation failed".to_owned();
    TransportFailure::Network {
        cause,
        message,
        sent,
    }
}

impl Transport for Network {
    fn send(&self, request: http::Request<Body>, connect: Duration) -> BoxFuture<'_, Answer> {
        Box::pin(self.sent(request, connect))
    }
}

/// What a process has spent, for as long as it waits for the answer.
struct Awaited {
    schedule: Arc<Schedule>,
    process: Arc<Process>,
    spending: Option<usize>,
    /// When something of the answer came last, or the request left.
    moved: Micros,
    /// Whether the network has said that there will be no answer, or it has come.
    is_over: bool,
}

/// For how long an answer that brings tokens is waited for at least: for as long as a client waits for the next bytes of any, where nothing is set.
const WAITED_FOR: Micros = 59 * SECOND;

impl Drop for Awaited {
    fn drop(&mut self) {
        let waited = self.schedule.executor.now().saturating_sub(self.moved);
        let is_given_up = self.spending.is_some() && !self.is_over && self.process.lives();
        if is_given_up && waited < WAITED_FOR {
            self.schedule.broken(format!(
                "process {} waited for the answer to what it has spent no longer than {waited} µs",
                self.process.number
            ));
        }
        if let Some(spending) = lock(&self.schedule.ledger).of(self.spending) {
            spending.ended();
        }
    }
}

impl Network {
    async fn sent(&self, request: http::Request<Body>, connect: Duration) -> Answer {
        let Self { schedule, process } = self;
        let (executor, machine) = (&schedule.executor, process.machine.number);
        executor.after(schedule.latency()).await;
        if let Some(mut chance) = schedule.strikes(Kind::Unreached, machine) {
            if chance.once_in(2) {
                return Err(network(NetworkCause::ConnectionRefused, Sent::Nothing));
            }
            executor
                .after(u64::try_from(connect.as_micros()).unwrap_or(u64::MAX))
                .await;
            return Err(TransportFailure::Timeout {
                phase: Phase::Connect,
                after: connect,
                sent: Sent::Nothing,
            });
        }
        let (head, body) = request.into_parts();
        let claims = claims(&head);
        let spending = schedule.leaves(process, &claims);
        let mut awaited = Awaited {
            schedule: Arc::clone(schedule),
            process: Arc::clone(process),
            spending,
            moved: executor.now(),
            is_over: false,
        };
        let (body, whole) = self
            .uploaded(body)
            .await
            .inspect_err(|_| awaited.is_over = true)?;
        let path = head.uri.path().to_owned();
        schedule.trace(|| {
            let (number, method, shows) = (process.number, &head.method, shown(&claims));
            let (length, part) = (body.len(), if whole { "" } else { " of more" });
            format!("process {number} sends {method} {path} with {shows} and {length} bytes{part}")
        });
        let asked = Asked {
            method: head.method,
            path,
            claims,
            descriptor: head
                .headers
                .get("filedescriptor")
                .and_then(|value| keys::claims(value.to_str().ok()?)),
            body,
            whole,
        };
        let (answers, answered) = oneshot::channel();
        let travels = travel(Arc::clone(schedule), machine, (asked, spending), answers);
        executor.spawn(Owner::Outside, travels);
        match answered.await {
            Ok(Ok(reply)) => {
                awaited.moved = executor.now();
                Ok(self.response(reply, awaited))
            }
            Ok(Err(failure)) => {
                awaited.is_over = true;
                Err(failure)
            }
            // What is lost is waited for until the waiting has an end.
            Err(_) => std::future::pending().await,
        }
    }

    /// What arrives of a body, and whether it is the whole.
    async fn uploaded(&self, body: Body) -> Result<(Bytes, bool), TransportFailure> {
        let Self { schedule, process } = self;
        let machine = process.machine.number;
        let Body::Stream { length, mut chunks } = body else {
            return Ok((Bytes::new(), true));
        };
        let mut arrived = BytesMut::new();
        // As the real one does it: what has its length by then is not asked for more.
        while length.is_none_or(|length| (arrived.len() as u64) < length) {
            let Some(chunk) = chunks.next().await else {
                break;
            };
            let broken = |_| network(NetworkCause::Unknown, Sent::Maybe);
            arrived.extend_from_slice(&chunk.map_err(broken)?);
            if let Some(mut chance) = schedule.strikes(Kind::RequestSlow, machine) {
                let time = chance.between(MILLISECOND, 10 * SECOND);
                schedule.executor.after(time).await;
            }
            if schedule.strikes(Kind::RequestCut, machine).is_some() {
                return Err(network(NetworkCause::ConnectionReset, Sent::Maybe));
            }
            let is_all = length.is_some_and(|length| arrived.len() as u64 >= length);
            if !is_all && schedule.strikes(Kind::AnswerEarly, machine).is_some() {
                return Ok((arrived.freeze(), false));
            }
        }
        let is_all = length.is_none_or(|length| arrived.len() as u64 == length);
        if !is_all {
            return Err(network(NetworkCause::Protocol, Sent::Maybe));
        }
        Ok((arrived.freeze(), true))
    }

    /// The answer, as it is read.
    fn response(&self, reply: Reply, awaited: Awaited) -> http::Response<ResponseBody> {
        let Self { schedule, process } = self;
        let machine = process.machine.number;
        let mut response = http::Response::new(());
        *response.status_mut() = http::StatusCode::from_u16(reply.status).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(http::header::CONTENT_LENGTH, reply.body.len().into());
        for (name, value) in &reply.headers {
            if let Ok(value) = value.parse() {
                headers.insert(*name, value);
            }
        }
        let mut pieces = schedule.chance(|chance| split(reply.body, chance));
        let cut = schedule.strikes(Kind::AnswerCut, machine);
        if let Some(mut chance) = cut.clone() {
            pieces.truncate(chance.place(pieces.len() + 1));
        }
        pieces.reverse();
        let reading = Reading {
            schedule: Arc::clone(schedule),
            machine,
            pieces,
            cut,
            awaited,
        };
        let body = stream::unfold(Some(reading), |reading| async move {
            let mut reading = reading?;
            let piece = reading.next().await?;
            let reading = piece.is_ok().then_some(reading);
            Some((piece, reading))
        });
        response.map(|()| body.boxed())
    }
}

/// An answer that is being read.
struct Reading {
    schedule: Arc<Schedule>,
    machine: usize,
    /// What is left of it, the next last.
    pieces: Vec<Bytes>,
    cut: Option<Chance>,
    awaited: Awaited,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Bytes, TransportFailure>> {
        if let Some(mut chance) = self.schedule.strikes(Kind::AnswerSlow, self.machine) {
            let time = chance.between(MILLISECOND, 10 * SECOND);
            self.schedule.executor.after(time).await;
        }
        if let Some(piece) = self.pieces.pop() {
            self.awaited.moved = self.schedule.executor.now();
            return Some(Ok(piece));
        }
        if let Some(chance) = &mut self.cut {
            // Some connections break without a word.
            if chance.once_in(3) {
                std::future::pending::<()>().await;
            }
            self.awaited.is_over = true;
            return Some(Err(network(NetworkCause::ConnectionReset, Sent::Whole)));
        }
        // Nothing is waited for between this and what is made of it.
        self.awaited.is_over = true;
        if let Some(spending) = lock(&self.schedule.ledger).of(self.awaited.spending) {
            spending.taken();
        }
        None
    }
}

/// The bytes in some pieces.
fn split(mut bytes: Bytes, chance: &mut Chance) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    for _ in 0..chance.below(4) {
        if bytes.len() > 1 {
            let at = 1 + chance.place(bytes.len() - 1);
            pieces.push(bytes.split_to(at));
        }
    }
    pieces.push(bytes);
    pieces
}

/// What the token says that a request is signed with.
fn claims(head: &http::request::Parts) -> Value {
    let header = head.headers.get(http::header::AUTHORIZATION);
    let token = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    token.and_then(keys::claims).unwrap_or_default()
}

/// What of it belongs in a trace: no nonce, and no time.
fn shown(claims: &Value) -> &str {
    let shown = ["access_token", "refresh_token", "code"].map(|name| claims[name].as_str());
    shown.into_iter().flatten().next().unwrap_or("nothing")
}

/// The way of a request to the platform, and of its answer back, whatever has become of who sent it.
async fn travel(
    schedule: Arc<Schedule>,
    machine: usize,
    (asked, spending): (Asked, Option<usize>),
    answers: Answers,
) {
    let executor = Arc::clone(&schedule.executor);
    let late = |kind| {
        let late = schedule.strikes(kind, machine);
        late.map_or(0, |mut chance| delay(&mut chance))
    };
    executor
        .after(schedule.latency() + late(Kind::RequestLate))
        .await;
    let fails = |answers: Answers, mut chance: Chance| {
        if chance.once_in(2) {
            // Who has gone is told nothing.
            let _ = answers.send(Err(network(NetworkCause::ConnectionReset, Sent::Maybe)));
        }
    };
    if let Some(chance) = schedule.strikes(Kind::RequestLost, machine) {
        schedule.trace(|| format!("{} with {} is lost", asked.path, shown(&asked.claims)));
        return fails(answers, chance);
    }
    let reply = acts(&schedule, machine, &asked);
    schedule.trace(|| {
        let (status, issued) = (reply.status, reply.issued.as_deref().unwrap_or("nothing"));
        let (path, shows) = (&asked.path, shown(&asked.claims));
        format!("the platform answers {path} with {shows} by {status}, issuing {issued}")
    });
    schedule.is_pushed_right();
    if let Some(spending) = lock(&schedule.ledger).of(spending) {
        spending.answered(&reply);
    }
    executor
        .after(schedule.latency() + late(Kind::AnswerLate))
        .await;
    if let Some(chance) = schedule.strikes(Kind::AnswerLost, machine) {
        schedule.trace(|| format!("the answer to {} is lost", asked.path));
        return fails(answers, chance);
    }
    let _ = answers.send(Ok(reply));
}

/// What the platform does, and answers.
fn acts(schedule: &Schedule, machine: usize, asked: &Asked) -> Reply {
    let broken = || Reply::of(503, "");
    if schedule.strikes(Kind::KeyRotation, machine).is_some() {
        lock(&schedule.platform).key += 1;
    }
    if let Some(mut chance) = schedule.strikes(Kind::Throttled, machine) {
        let seconds = chance.one_of(&[0, 1, 5, 30, 3600]);
        let status = chance.one_of(&[429, 503]);
        return Reply::of(status, "").with(("retry-after", seconds.to_string()));
    }
    let failure = schedule.strikes(Kind::PlatformFails, machine);
    let after_it_has_acted = failure.map(|mut chance| chance.once_in(2));
    if after_it_has_acted == Some(false) {
        return broken();
    }
    if !asked.claims["access_token"].is_null()
        && schedule.strikes(Kind::Unauthorized, machine).is_some()
    {
        return Reply::refusing(401, "InvalidToken");
    }
    let reply = lock(&schedule.platform).answer(asked, schedule.executor.now());
    if after_it_has_acted == Some(true) {
        // What it may have issued is with nobody.
        broken()
    } else {
        reply
    }
}

/// How late something is: a little, or longer than some calls may take.
fn delay(chance: &mut Chance) -> Micros {
    match chance.below(4) {
        0 => chance.between(10 * MILLISECOND, SECOND),
        1 | 2 => chance.between(SECOND, 20 * SECOND),
        _ => chance.between(10 * SECOND, 90 * SECOND),
    }
}
