//! A call as a conversation: the caller asks for the next step, and answers what the core asks back.

use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::host::{Host, Pending};
use super::{Client, Dialect, Exchange, Reply, Step, Value, parse_at, ser};
use crate::Error;
use crate::operation::{self, Operation, PlatformClient, Visitor};

/// A call under way. It makes progress while a [`Call::next`] or a [`Call::overtaken`] is awaited; dropping or closing it drops its request at
/// once.
pub struct Call {
    conversation: Mutex<Conversation>,
    exchanges: Mutex<mpsc::UnboundedReceiver<Exchange>>,
    /// How often the next step was asked for.
    steps: watch::Sender<u64>,
    closed: CancellationToken,
    stop: CancellationToken,
}

pub(super) type Outcome = Pin<Box<dyn Future<Output = Step> + Send>>;

struct Conversation {
    outcome: Outcome,
    asked: mpsc::UnboundedReceiver<Pending>,
    reply_to: Option<oneshot::Sender<Reply>>,
}

impl Call {
    /// Prepares the call `name`, the operation's name as [`crate::describe`] spells it, or says what is wrong with its options.
    /// Nothing is sent before the first [`Call::next`].
    pub fn start(
        client: &Client,
        name: &str,
        options: Value,
        dialect: Dialect,
    ) -> Result<Self, Error> {
        client.prepare(name, options, dialect)
    }

    /// The same for a client of one platform, whose operations `visit` finds.
    pub(super) fn prepare<C: PlatformClient>(
        client: &C,
        name: &str,
        mut options: Value,
        dialect: Dialect,
        visit: impl FnOnce(Run<C>) -> Option<Result<Outcome, Error>>,
    ) -> Result<Self, Error> {
        let (host, asked, exchanges) = Host::new();
        let client = match options.take("timeouts") {
            Some(Value::Null) if dialect.null_is_absent() => client.clone(),
            Some(timeouts) => {
                client.with_timeouts(&parse_at(timeouts, dialect, "options.timeouts")?)
            }
            None => client.clone(),
        };
        let client = match options.take_spelled("onResponse", dialect) {
            Some(Value::Null) if dialect.null_is_absent() => client,
            Some(hook) => client.with_on_response(parse_at(hook, dialect, "options.onResponse")?),
            None => client,
        };
        let run = Run {
            client,
            options,
            dialect,
        };
        let outcome = host.clone().during(|| visit(run));
        let outcome = outcome.unwrap_or_else(|| {
            Err(Error::sdk(format!(
                "{name} is not an operation of this version of the SDK"
            )))
        })?;
        let stop = host.stop.clone();
        let outcome = Box::pin(host.serve(outcome));
        let conversation = Mutex::new(Conversation {
            outcome,
            asked,
            reply_to: None,
        });
        Ok(Self {
            conversation,
            exchanges: Mutex::new(exchanges),
            steps: watch::Sender::new(0),
            closed: CancellationToken::new(),
            stop,
        })
    }

    /// The next step; `reply` answers the one before, if that asked for something.
    ///
    /// Of a call that was closed, the steps go on to [`Step::Closed`]: work that must not be left half done, such as storing the
    /// tokens that a refresh has brought, still calls the functions that it needs.
    pub async fn next(&self, reply: Option<Reply>) -> Step {
        self.steps.send_modify(|steps| *steps += 1);
        let mut conversation = self.conversation.lock().await;
        conversation.take(reply);
        let step = tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            step = conversation.advance() => Some(step),
        };
        match step {
            Some(step) => step,
            None => conversation.conclude().await,
        }
    }

    /// The next request that the application's own transport is to carry, as often as there is one, whatever step is being answered
    /// meanwhile; none where the call is over, and all work that outlives it. Without such a transport there is none from the start, and
    /// nothing to ask for.
    pub async fn exchange(&self) -> Option<Exchange> {
        let mut exchanges = self.exchanges.lock().await;
        loop {
            let exchange = exchanges.recv().await?;
            // It may have been given up before anybody took it.
            if !exchange.is_over() {
                return Some(exchange);
            }
        }
    }

    /// Whether the call is over before the caller has read what the step before asks for, since a time-out has struck, or the server has
    /// answered or is gone: the next step need not wait for a reply then. False once that step is asked for.
    pub fn overtaken(self: Arc<Self>) -> impl Future<Output = bool> + Send + 'static {
        // Of this step, and no later one, however late the first poll.
        let mut steps = self.steps.subscribe();
        async move {
            tokio::select! {
                biased;
                _ = steps.changed() => return false,
                () = self.closed.cancelled() => {}
                () = async { self.conversation.lock().await.end().await } => return true,
            }
            self.conversation.lock().await.outcome = over();
            true
        }
    }

    /// Whether work that outlives the call waits for the answer to the step before. A binding that was interrupted while it answered a call
    /// that it has closed since answers anew.
    #[must_use]
    pub fn awaits_reply(&self) -> bool {
        let conversation = self.conversation.try_lock();
        conversation.is_ok_and(|conversation| {
            let reply_to = conversation.reply_to.as_ref();
            reply_to.is_some_and(|reply| !reply.is_closed())
        })
    }

    /// Whether nothing is left of the call, not even work that outlives it: [`Call::next`] would say [`Step::Closed`] at once.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let conversation = self.conversation.try_lock();
        conversation.is_ok_and(|conversation| {
            let asked = &conversation.asked;
            asked.is_closed() && asked.is_empty()
        })
    }

    /// Asks the call to end soon, with what it has so far. A call that has only one end takes no notice.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Ends the call: its request is dropped, and a `next` that is awaited goes on to [`Step::Closed`].
    pub fn close(&self) {
        self.closed.cancel();
        if let Ok(mut conversation) = self.conversation.try_lock() {
            conversation.outcome = over();
        }
    }
}

impl Conversation {
    fn take(&mut self, reply: Option<Reply>) {
        if let (Some(to), Some(reply)) = (self.reply_to.take(), reply) {
            // Whoever asked may be gone: a body that the server did not want read to its end, for one.
            let _ = to.send(reply);
        }
    }

    async fn advance(&mut self) -> Step {
        // The outcome comes first: a stream that always has a chunk to ask for must not keep a time-out from striking.
        tokio::select! {
            biased;
            step = &mut self.outcome => self.outcome = Box::pin(std::future::ready(step)),
            Some(Pending { step, reply }) = self.asked.recv() => {
                self.reply_to = reply;
                return step;
            }
        }
        // The call is over, but for whom it has to tell something.
        while let Ok(Pending { step, reply }) = self.asked.try_recv() {
            let is_awaited = reply.as_ref().is_none_or(|reply| !reply.is_closed());
            if matches!(step, Step::Invoke { .. }) && is_awaited {
                self.reply_to = reply;
                return step;
            }
        }
        std::mem::replace(&mut self.outcome, over()).await
    }

    /// Waits until the call is over, whose last step is kept.
    async fn end(&mut self) {
        let step = (&mut self.outcome).await;
        self.outcome = Box::pin(std::future::ready(step));
    }

    /// What is still asked by work that outlives the call, until there is none.
    async fn conclude(&mut self) -> Step {
        self.outcome = over();
        while let Some(Pending { step, reply }) = self.asked.recv().await {
            // A stream is part of what was closed.
            if matches!(step, Step::Invoke { .. }) {
                self.reply_to = reply;
                return step;
            }
        }
        Step::Closed
    }
}

fn over() -> Outcome {
    Box::pin(std::future::ready(Step::Closed))
}

pub(super) struct Run<C> {
    client: C,
    options: Value,
    dialect: Dialect,
}

impl<C: PlatformClient> Visitor<C> for Run<C> {
    type Output = Result<Outcome, Error>;

    fn visit<O: Operation<Client = C> + 'static>(self) -> Self::Output {
        let Self {
            client,
            options,
            dialect,
        } = self;
        let options = O::parse(options, dialect)?;
        Ok(Box::pin(async move {
            let response = operation::perform::<O>(&client, options).await;
            match response.and_then(|response| ser::to_value(&response, dialect)) {
                Ok(value) => Step::Done(value),
                Err(error) => Step::Failed(error.to_value(dialect)),
            }
        }))
    }
}
