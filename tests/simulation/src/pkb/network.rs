//! The network between a process and the platform: what arrives, when, and what is lost on its way.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::transport::{
    Body, NetworkCause, Phase, ResponseBody, Sent, Transport, TransportFailure,
};
use futures_util::future::{BoxFuture, Either, select};
use futures_util::{StreamExt, stream};
use tokio::sync::oneshot;
use url::form_urlencoded;

use crate::executor::{MILLISECOND, Micros, Owner, SECOND, lock};
use crate::faults::Kind;
use crate::pkb::platform::Reply;
use crate::pkb::process::Process;
use crate::pkb::schedule::Schedule;

/// A process' way to the platform.
pub struct Network {
    pub schedule: Arc<Schedule>,
    pub process: Arc<Process>,
}

type Answer = Result<http::Response<ResponseBody>, TransportFailure>;

/// A request that has left.
struct Left {
    /// Which of the ledger's spendings it is, if it spends anything.
    spending: Option<usize>,
    /// What it spends, or which access token it shows.
    shows: String,
    path: String,
}

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

impl Network {
    async fn sent(&self, request: http::Request<Body>, connect: Duration) -> Answer {
        let Self { schedule, process } = self;
        let (executor, machine) = (&schedule.executor, process.machine.number);
        executor.after(schedule.latency()).await;
        let unreached = schedule.strikes(Kind::Unreached, machine);
        if let Some(mut chance) = unreached {
            let connect = u64::try_from(connect.as_micros()).unwrap_or(u64::MAX);
            if chance.once_in(2) {
                return Err(network(NetworkCause::ConnectionRefused, Sent::Nothing));
            }
            executor.after(connect).await;
            return Err(TransportFailure::Timeout {
                phase: Phase::Connect,
                after: Duration::from_micros(connect),
                sent: Sent::Nothing,
            });
        }
        let (head, body) = request.into_parts();
        let mut form = Vec::new();
        if let Body::Stream { length, mut chunks } = body {
            // As the real one does it: what has its length by then is not asked for more.
            while length.is_none_or(|length| (form.len() as u64) < length)
                && let Some(chunk) = chunks.next().await
            {
                let broken = |_| network(NetworkCause::Unknown, Sent::Maybe);
                form.extend_from_slice(&chunk.map_err(broken)?);
            }
        }
        let left = self.leaves(&head, &form);
        let (spending, asked) = (left.spending, (left.shows.clone(), left.path.clone()));
        let (answers, answered) = oneshot::channel();
        executor.spawn(
            Owner::Outside,
            travel(Arc::clone(schedule), Arc::clone(process), left, answers),
        );
        let outcome = if schedule.habits.has_sockets {
            self.through_a_task(answered).await
        } else {
            answered.await
        };
        let (reply, is_cut) = match outcome {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => {
                schedule.ledger().ended(spending);
                return Err(failure);
            }
            // What is lost is waited for until the waiting has an end.
            Err(_) => return std::future::pending().await,
        };
        Ok(self.response(reply, is_cut, spending, asked))
    }

    /// An answer that a task of the process reads, for as long as somebody waits for it.
    async fn through_a_task(
        &self,
        answered: oneshot::Receiver<Outcome>,
    ) -> Result<Outcome, oneshot::error::RecvError> {
        let (mut hands_over, handed_over) = oneshot::channel();
        let owner = Owner::Process(self.process.number);
        self.schedule.executor.spawn(owner, async move {
            let read = match select(answered, pin!(hands_over.closed())).await {
                Either::Left((read, _)) => read,
                Either::Right(_) => return,
            };
            // What is lost is heard of by nobody, and who has gone hears nothing.
            if let Ok(outcome) = read {
                let _ = hands_over.send(outcome);
            }
        });
        handed_over.await
    }

    /// The request leaves: from now on the platform may have it.
    fn leaves(&self, head: &http::request::Parts, form: &[u8]) -> Left {
        let Self { schedule, process } = self;
        let path = head.uri.path().to_owned();
        let header = head.headers.get(http::header::AUTHORIZATION);
        let bearer = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let spent = form_urlencoded::parse(form)
            .find(|(key, _)| key == "code" || key == "refresh_token")
            .map(|(_, value)| value.into_owned());
        schedule.trace(|| {
            let what = spent.as_deref().or(bearer).unwrap_or("nothing");
            format!("process {} sends {what} to {path}", process.number)
        });
        match (spent, bearer) {
            (Some(spent), _) => Left {
                spending: Some(schedule.leaves(process, &spent)),
                shows: spent,
                path,
            },
            (None, bearer) => {
                let shows = bearer.unwrap_or_default().to_owned();
                schedule.leaves_with(process, &shows, &path);
                Left {
                    spending: None,
                    shows,
                    path,
                }
            }
        }
    }

    /// The answer, as it is read.
    fn response(
        &self,
        reply: Reply,
        is_cut: bool,
        spending: Option<usize>,
        (shows, path): (String, String),
    ) -> http::Response<ResponseBody> {
        let mut response = http::Response::new(());
        *response.status_mut() = http::StatusCode::from_u16(reply.status).unwrap_or_default();
        let headers = response.headers_mut();
        let json = http::HeaderValue::from_static("application/json");
        headers.insert(http::header::CONTENT_TYPE, json);
        headers.insert(http::header::CONTENT_LENGTH, reply.body.len().into());
        let (schedule, process) = (Arc::clone(&self.schedule), Arc::clone(&self.process));
        let status = reply.status;
        let text = Bytes::from(reply.body);
        let first = if is_cut {
            text.slice(..text.len() / 2)
        } else {
            text
        };
        let end = stream::once(async move {
            if is_cut {
                schedule.ledger().ended(spending);
                return Some(Err(network(NetworkCause::ConnectionReset, Sent::Whole)));
            }
            // Nothing is waited for between this and what is made of it.
            match spending {
                Some(spending) => schedule.takes(&process, spending),
                None => schedule.hears(&process, &shows, &path, status),
            }
            None
        });
        let body = stream::once(async move { Ok(first) }).chain(end.filter_map(std::future::ready));
        response.map(|()| body.boxed())
    }
}

/// What comes of a request: the answer, and whether it breaks off.
type Outcome = Result<(Reply, bool), TransportFailure>;
type Answers = oneshot::Sender<Outcome>;

/// The way of a request to the platform, and of its answer back, whatever has become of who sent it.
async fn travel(schedule: Arc<Schedule>, process: Arc<Process>, left: Left, answers: Answers) {
    let machine = process.machine.number;
    let executor = Arc::clone(&schedule.executor);
    let late = |kind| {
        let late = schedule.strikes(kind, machine);
        late.map_or(0, |mut chance| delay(&schedule, &mut chance))
    };
    executor
        .after(schedule.latency() + late(Kind::RequestLate))
        .await;
    let fails = |answers: Answers, mut chance: crate::chance::Chance| {
        if chance.once_in(2) {
            // Who has gone is told nothing.
            let _ = answers.send(Err(network(NetworkCause::ConnectionReset, Sent::Maybe)));
        }
    };
    if let Some(chance) = schedule.strikes(Kind::RequestLost, machine) {
        schedule.trace(|| format!("{} of process {} is lost", left.shows, process.number));
        return fails(answers, chance);
    }
    let reply = acts(&schedule, machine, &left);
    schedule.trace(|| {
        let issued = reply.issued.as_deref().unwrap_or("nothing");
        let (status, shows) = (reply.status, &left.shows);
        format!(
            "the platform answers {shows} of process {} with {status}, issuing {issued}",
            process.number
        )
    });
    schedule.ledger().answered(left.spending, &reply);
    executor
        .after(schedule.latency() + late(Kind::AnswerLate))
        .await;
    if let Some(chance) = schedule.strikes(Kind::AnswerLost, machine) {
        schedule.trace(|| {
            format!(
                "the answer to {} of process {} is lost",
                left.shows, process.number
            )
        });
        return fails(answers, chance);
    }
    let is_cut = schedule.strikes(Kind::AnswerCut, machine).is_some();
    if !is_cut {
        let now = executor.now();
        schedule.ledger().arrives(left.spending, now);
    }
    if left.spending.is_none() && reply.status == 401 {
        schedule.ledger().refuses(process.number, &left.shows);
    }
    let _ = answers.send(Ok((reply, is_cut)));
}

/// What the platform does, and answers.
fn acts(schedule: &Schedule, machine: usize, left: &Left) -> Reply {
    let now = schedule.executor.now();
    let mut platform = lock(&schedule.platform);
    let broken = || Reply::saying(503, "");
    let failure = schedule.strikes(Kind::PlatformFails, machine);
    let after_it_has_acted = failure.map(|mut chance| chance.once_in(2));
    if after_it_has_acted == Some(false) {
        return broken();
    }
    let reply = if left.spending.is_some() {
        if schedule.strikes(Kind::PlatformRefuses, machine).is_some() {
            return Reply::saying(400, r#"{"error":"temporarily_unavailable"}"#);
        }
        platform.exchange(&left.shows, now)
    } else {
        if schedule.strikes(Kind::Unauthorized, machine).is_some() {
            return Reply::saying(401, "");
        }
        if schedule.habits.are_any() && schedule.strikes(Kind::Forbidden, machine).is_some() {
            return Reply::saying(403, "");
        }
        if schedule.strikes(Kind::SessionEnds, machine).is_some() {
            platform.end(&left.shows);
        }
        platform.call(&left.path, &left.shows, now)
    };
    if after_it_has_acted == Some(true) {
        broken()
    } else {
        reply
    }
}

/// How late something is: a little, or longer than a lease lasts.
fn delay(schedule: &Schedule, chance: &mut crate::chance::Chance) -> Micros {
    match chance.below(4) {
        0 => chance.between(10 * MILLISECOND, SECOND),
        1 | 2 => chance.between(SECOND, schedule.lease),
        _ => chance.between(schedule.lease / 2, schedule.lease * 2),
    }
}
