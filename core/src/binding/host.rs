//! Reaching back to the caller's language from inside a call: reading its streams, calling its functions.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::parse::parse_answer;
use super::{Dialect, LaterSteps, Reply, Step, Value, leaf};
use crate::Error;
use crate::error::Words;
use crate::http::Rereadable;
use crate::http::transport::Exchange;
use crate::world::in_this_call;

/// A question to the caller, and where its answer is awaited.
pub(super) struct Pending {
    pub step: Step,
    /// None where nobody waits for an answer.
    pub reply: Option<oneshot::Sender<Reply>>,
}

/// The caller of a call under way.
#[derive(Clone, Debug)]
pub(super) struct Host {
    asker: mpsc::UnboundedSender<Pending>,
    carrier: mpsc::UnboundedSender<Exchange>,
    /// Cancelled when the caller wants the call to end soon.
    pub stop: CancellationToken,
}

tokio::task_local! {
    static HOST: Host;
}

impl Host {
    /// A caller, and where the questions come out, and the requests for a transport of its own.
    pub(super) fn new() -> (
        Self,
        mpsc::UnboundedReceiver<Pending>,
        mpsc::UnboundedReceiver<Exchange>,
    ) {
        let (asker, questions) = mpsc::unbounded_channel();
        let (carrier, exchanges) = mpsc::unbounded_channel();
        let host = Self {
            asker,
            carrier,
            stop: CancellationToken::new(),
        };
        (host, questions, exchanges)
    }

    /// The same caller, where the questions of what outlives its call come out.
    fn apart(&self) -> (Self, mpsc::UnboundedReceiver<Pending>) {
        let (asker, questions) = mpsc::unbounded_channel();
        let host = Self {
            asker,
            carrier: self.carrier.clone(),
            stop: CancellationToken::new(),
        };
        (host, questions)
    }

    /// The caller of the call in which this is asked; none in a Rust application's own.
    fn current() -> Option<Self> {
        HOST.try_with(Clone::clone).ok()
    }

    /// Reads options whose streams will be read from this caller.
    pub(super) fn during<T>(self, read: impl FnOnce() -> T) -> T {
        HOST.sync_scope(self, read)
    }

    /// Runs a call whose questions go to this caller.
    pub(super) async fn serve<F: Future>(self, call: F) -> F::Output {
        HOST.scope(self, call).await
    }

    /// Asks, and gives where the answer will come.
    fn ask(&self, step: Step) -> oneshot::Receiver<Reply> {
        let (reply, answer) = oneshot::channel();
        // To a closed conversation no answer comes.
        let _ = self.asker.send(Pending {
            step,
            reply: Some(reply),
        });
        answer
    }
}

/// The answer. A closed conversation and a failed answer look alike from here: the caller knows why.
async fn answered(answer: oneshot::Receiver<Reply>, path: &str) -> Result<Value, Error> {
    match answer.await {
        Ok(Reply::Value(value)) => Ok(value),
        Ok(Reply::Failed) | Err(_) => Err(Error::host(path)),
    }
}

/// Work of a call that goes on in a task of its own, with the same caller.
pub(crate) fn carry<F: Future>(work: F) -> impl Future<Output = F::Output> {
    served(Host::current(), work)
}

/// Work on what a call hands out, which goes on when that is over: what it tells comes with what was handed out.
pub(crate) fn apart<F: Future>(work: F) -> (impl Future<Output = F::Output>, LaterSteps) {
    let (host, asked) = Host::current().map(|host| host.apart()).unzip();
    (served(host, work), LaterSteps::of(asked))
}

fn served<F: Future>(host: Option<Host>, work: F) -> impl Future<Output = F::Output> {
    let work = in_this_call(work);
    async move {
        match host {
            Some(host) => host.serve(work).await,
            None => work.await,
        }
    }
}

/// Gives a request to the caller's own transport; false where there is nobody who would carry it.
pub(crate) fn carries(exchange: Exchange) -> bool {
    Host::current().is_some_and(|host| host.carrier.send(exchange).is_ok())
}

/// Waits until the caller wants the call to end soon; for ever, if it does not.
pub(crate) async fn stop_requested() {
    match Host::current() {
        Some(host) => host.stop.cancelled().await,
        None => std::future::pending().await,
    }
}

/// A function of the caller's language.
#[derive(Clone, Debug)]
pub(crate) struct HostFunction {
    path: String,
    dialect: Dialect,
}

impl HostFunction {
    pub(super) fn new(path: String, dialect: Dialect) -> Self {
        Self { path, dialect }
    }

    /// Reads an answer in either spelling, null being as good as nothing: what is asked for may come from wherever the application keeps
    /// it. Of a record the core knows these members. Or says what is wrong with it.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        answer: Value,
        members: &'static [&'static str],
    ) -> Result<T, Words> {
        parse_answer(answer, members).map_err(|invalid| {
            let path = Words::default().given(&self.path).own(": ");
            path.and(invalid.path).own(" ").and(invalid.reason)
        })
    }

    /// Calls the function, within the call that is under way, and does not wait for it. Outside of calls there is nobody who would call it.
    pub(crate) fn tell<T: Serialize>(&self, told: &T) {
        if let Some(host) = Host::current() {
            let step = Step::Invoke {
                path: self.path.clone(),
                argument: self.dialect.value_of(told),
            };
            let _ = host.asker.send(Pending { step, reply: None });
        }
    }

    /// Where it stands.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The language that it is written in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Calls the function, within the call that is under way, and waits for what it returns.
    pub(crate) async fn invoke<T: Serialize>(&self, told: T) -> Result<Value, Error> {
        let host = Host::current().ok_or_else(|| Error::host(&self.path))?;
        let argument = self.dialect.value_of(&told);
        // Bytes that only the caller holds need not be copied for it.
        drop(told);
        let path = self.path.clone();
        answered(host.ask(Step::Invoke { path, argument }), &self.path).await
    }
}

impl<'de> Deserialize<'de> for HostFunction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        leaf(deserializer)?
            .into_function()
            .map_err(de::Error::custom)
    }
}

/// A stream of the caller's language. It remembers its caller, since a body is read by the connection's own task.
#[derive(Debug)]
pub(crate) struct HostStream {
    path: String,
    host: Host,
    /// Where the chunk will come that was asked for already.
    next: Option<oneshot::Receiver<Reply>>,
}

impl HostStream {
    /// The stream at `path`; none outside a call.
    pub(crate) fn new(path: String) -> Option<Self> {
        let host = Host::current()?;
        Some(Self {
            path,
            host,
            next: None,
        })
    }

    /// The next chunk, or none at the end. The caller is asked for the one after it at once: it has to be woken for each.
    pub(crate) async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        let next = self.next.take().unwrap_or_else(|| self.ask());
        match answered(next, &self.path).await? {
            Value::Bytes(chunk) => {
                self.next = Some(self.ask());
                Ok(Some(chunk))
            }
            Value::Null => Ok(None),
            other => Err(Error::sdk(format!(
                "options.{}: a stream must yield bytes, got {}",
                self.path,
                other.kind()
            ))),
        }
    }

    fn ask(&self) -> oneshot::Receiver<Reply> {
        let path = self.path.clone();
        self.host.ask(Step::Read { path })
    }
}

/// Bytes that stay with the caller's language, which copies piece by piece what is needed of them.
#[derive(Debug)]
pub(crate) struct HostBytes {
    path: String,
    length: u64,
    host: Host,
}

impl HostBytes {
    /// The bytes at `path`; none outside a call.
    pub(crate) fn new(path: String, length: u64) -> Option<Self> {
        let host = Host::current()?;
        Some(Self { path, length, host })
    }
}

impl Rereadable for HostBytes {
    fn length(&self) -> u64 {
        self.length
    }

    fn read(&self, from: u64) -> BoxFuture<'static, Result<Bytes, Error>> {
        let (path, left) = (self.path.clone(), self.length.saturating_sub(from));
        let asked = self.host.ask(Step::ReadKept {
            path: path.clone(),
            from,
        });
        Box::pin(async move {
            match answered(asked, &path).await? {
                Value::Bytes(piece) if !piece.is_empty() && piece.len() as u64 <= left => Ok(piece),
                _ => Err(Error::sdk(format!(
                    "options.{path}: the bytes are not as many as they were when the call was made"
                ))),
            }
        })
    }
}
