//! Reaching back to the caller's language from inside a call: reading its streams, calling its functions.

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use super::{Dialect, Reply, Step, Value};
use crate::Error;

/// A question to the caller, and where its answer is awaited.
pub(super) struct Pending {
    pub step: Step,
    pub reply: oneshot::Sender<Reply>,
}

type Asker = mpsc::UnboundedSender<Pending>;

tokio::task_local! {
    static ASKER: Asker;
}

/// Runs a call whose questions go to `asker`.
pub(super) async fn converse<F: Future>(asker: Asker, call: F) -> F::Output {
    ASKER.scope(asker, call).await
}

async fn ask(asker: &Asker, step: Step, path: &str) -> Result<Value, Error> {
    let (reply, answer) = oneshot::channel();
    // A closed conversation and a failed answer look alike from here: the caller knows why.
    let unanswered = || Error::host(path);
    asker
        .send(Pending { step, reply })
        .map_err(|_| unanswered())?;
    match answer.await {
        Ok(Reply::Value(value)) => Ok(value),
        Ok(Reply::Failed) | Err(_) => Err(unanswered()),
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

    /// The same function, standing in the configuration rather than in the options of a call.
    pub(crate) fn of_configuration(self) -> Self {
        Self {
            path: format!("config.{}", self.path),
            ..self
        }
    }

    /// Calls the function, within the call that is under way, and waits for what it returns.
    pub(crate) async fn invoke<T: Serialize>(&self, argument: &T) -> Result<Value, Error> {
        let asker = ASKER
            .try_with(Clone::clone)
            .map_err(|_| Error::host(&self.path))?;
        let argument = self.dialect.value_of(argument);
        ask(
            &asker,
            Step::Invoke {
                path: self.path.clone(),
                argument,
            },
            &self.path,
        )
        .await
    }
}

/// A stream of the caller's language. It remembers its conversation, since a body is read by the connection's own task.
#[derive(Debug)]
pub(crate) struct HostStream {
    path: String,
    asker: Asker,
}

impl HostStream {
    /// The stream at `path`; none outside a call.
    pub(crate) fn new(path: String) -> Option<Self> {
        let asker = ASKER.try_with(Clone::clone).ok()?;
        Some(Self { path, asker })
    }

    /// The next chunk, or none at the end.
    pub(crate) async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        match ask(
            &self.asker,
            Step::Read {
                path: self.path.clone(),
            },
            &self.path,
        )
        .await?
        {
            Value::Bytes(chunk) => Ok(Some(chunk)),
            Value::Null => Ok(None),
            other => Err(Error::sdk(format!(
                "options.{}: a stream must yield bytes, got {}",
                self.path,
                other.kind()
            ))),
        }
    }
}
