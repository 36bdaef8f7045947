//! A world without waiting: one thread, a clock that jumps to whatever is waited for, answers as scripted, and an end for every call.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use digime_sdk::transport::{Body, NetworkCause, ResponseBody, Sent, Transport, TransportFailure};
use digime_sdk::world::{Clock, Random, Tasks};
use digime_sdk::{Error, World};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};

use crate::script::Answer;

/// The time at the begin, in seconds since 1970.
pub const BEGIN: u64 = 1_800_000_000;
/// No call takes longer than this by the clock that stands still while work is done.
const LONGEST: Duration = Duration::from_hours(24);
/// Nor more turns of the executor than this.
const MOST_TURNS: u32 = 1_000_000;

/// A request that was sent.
#[derive(Debug)]
pub struct Sending {
    pub method: String,
    pub address: String,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Sending {
    /// Whether a secret is in it: as it is, or in what was signed.
    pub fn carries(&self, secret: &str) -> bool {
        let authorization = self.headers.get("authorization");
        let authorization = authorization.map_or(&[][..], |header| header.as_bytes());
        let mut parts = authorization.split(|byte| *byte == b'.');
        let signed = parts.nth(1).map(|claims| URL_SAFE_NO_PAD.decode(claims));
        let signed = signed.and_then(Result::ok).unwrap_or_default();
        [authorization, &signed, &self.body]
            .iter()
            .any(|part| has(part, secret))
    }
}

/// Whether a text is somewhere in these bytes.
pub fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// The world of one input. Clones are the same.
#[derive(Clone, Default)]
pub struct Stage(Arc<Shared>);

#[derive(Default)]
struct Shared {
    passed: Mutex<Duration>,
    timers: Mutex<Vec<(Duration, Waker)>>,
    spawned: Mutex<Vec<BoxFuture<'static, ()>>>,
    answers: Mutex<VecDeque<Answer>>,
    sent: Mutex<Vec<Sending>>,
    drawn: Mutex<Vec<u8>>,
}

impl Stage {
    /// A world in which these answers come, one after the other, and then none.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let stage = Self::default();
        stage.will_answer(answers);
        stage
    }

    /// What comes next.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        *self.0.answers.lock().unwrap() = answers.into_iter().collect();
    }

    pub fn world(&self) -> World {
        World {
            transport: Arc::new(self.clone()),
            clock: Arc::new(self.clone()),
            random: Arc::new(self.clone()),
            tasks: Arc::new(self.clone()),
            observer: None,
        }
    }

    /// What was sent since this was asked last.
    pub fn sent(&self) -> Vec<Sending> {
        std::mem::take(&mut self.0.sent.lock().unwrap())
    }

    /// The randomness that was asked for so far.
    pub fn drawn(&self) -> Vec<u8> {
        self.0.drawn.lock().unwrap().clone()
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        *self.0.passed.lock().unwrap() += time;
    }

    fn passed(&self) -> Duration {
        *self.0.passed.lock().unwrap()
    }

    /// Works until there is an outcome; work that goes on beside it ends then.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let begun = self.passed();
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut work = pin!(work);
        let mut beside: Vec<BoxFuture<'static, ()>> = Vec::new();
        for _ in 0..MOST_TURNS {
            woken.0.store(false, Ordering::Relaxed);
            if let Poll::Ready(outcome) = work.as_mut().poll(&mut context) {
                let took = self.passed().saturating_sub(begun);
                assert!(took <= LONGEST, "the call took {took:?}");
                self.0.timers.lock().unwrap().clear();
                self.0.spawned.lock().unwrap().clear();
                return outcome;
            }
            beside.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            let spawned = std::mem::take(&mut *self.0.spawned.lock().unwrap());
            let idle = spawned.is_empty() && !woken.0.load(Ordering::Relaxed);
            beside.extend(spawned);
            if idle {
                assert!(self.jump(), "the call waits for what never comes");
            }
        }
        panic!("the call turns and turns");
    }

    /// Goes on to the moment that is waited for, if there is one.
    fn jump(&self) -> bool {
        let timers = std::mem::take(&mut *self.0.timers.lock().unwrap());
        let Some(due) = timers.iter().map(|(due, _)| *due).min() else {
            return false;
        };
        let mut passed = self.0.passed.lock().unwrap();
        *passed = due.max(*passed);
        drop(passed);
        // Who is woken too early looks at the clock and asks again.
        for (_, waker) in timers {
            waker.wake();
        }
        true
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Alarm {
    stage: Stage,
    due: Duration,
}

impl Future for Alarm {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.stage.passed() >= self.due {
            return Poll::Ready(());
        }
        let mut timers = self.stage.0.timers.lock().unwrap();
        timers.push((self.due, context.waker().clone()));
        Poll::Pending
    }
}

impl Clock for Stage {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(BEGIN) + self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let due = self.passed().saturating_add(duration);
        let stage = self.clone();
        Box::pin(Alarm { stage, due })
    }
}

/// The same bytes in every run.
impl Random for Stage {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let mut drawn = self.0.drawn.lock().unwrap();
        for byte in bytes {
            let next = (drawn.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 29;
            *byte = u8::try_from(next & 0xff).unwrap();
            drawn.push(*byte);
        }
        Ok(())
    }
}

impl Tasks for Stage {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.0.spawned.lock().unwrap().push(work);
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        work();
    }
}

impl Transport for Stage {
    fn send(
        &self,
        request: http::Request<Body>,
        _connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let failure = |cause, sent| TransportFailure::Network {
            cause,
            message: "as scripted".to_owned(),
            sent,
        };
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let mut sending = Sending {
                method: head.method.to_string(),
                address: head.uri.to_string(),
                headers: head.headers,
                body: Vec::new(),
            };
            if let Body::Stream { mut chunks, .. } = body {
                while let Some(chunk) = chunks.next().await {
                    let chunk = chunk.map_err(|_| failure(NetworkCause::Unknown, Sent::Maybe))?;
                    sending.body.extend_from_slice(&chunk);
                }
            }
            let answer = self.0.answers.lock().unwrap().pop_front();
            let echo = sending.headers.get("authorization").cloned();
            self.0.sent.lock().unwrap().push(sending);
            let Some(answer) = answer else {
                return Err(failure(NetworkCause::ConnectionRefused, Sent::Nothing));
            };
            if answer.lost {
                return Err(failure(NetworkCause::ConnectionReset, Sent::Whole));
            }
            let answer = answer.echoing(echo.as_ref());
            let mut response = http::Response::new(());
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            let broken = answer
                .breaks_off
                .then(|| Err(failure(NetworkCause::ConnectionReset, Sent::Whole)));
            let chunks = split(answer.body.into(), answer.piece).into_iter().map(Ok);
            let body = stream::iter(chunks.chain(broken)).boxed();
            Ok(response.map(|()| body))
        })
    }
}

/// Bytes in pieces of this size, or whole where that is 0.
pub fn split(mut bytes: Bytes, piece: usize) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    while piece > 0 && bytes.len() > piece && pieces.len() < 4096 {
        pieces.push(bytes.split_to(piece));
    }
    pieces.push(bytes);
    pieces
}
