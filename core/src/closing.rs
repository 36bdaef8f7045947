//! The end of a client: what is under way is waited for, nothing begins any more, and what it held open is let go.

use std::time::Duration;

use bon::Builder;
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::error::ErrorKind;
use crate::{Error, World};

/// How long is waited where the application does not say.
const LONGEST: Duration = Duration::from_secs(30);

/// The options of `close`.
#[derive(Default, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CloseOptions {
    /// How long to wait for what is under way, in milliseconds. Default 30,000.
    pub timeout: Option<u64>,
}
crate::operation::unseen!(CloseOptions);

/// How a client has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CloseResponse {
    /// Whether all that was under way was done in time. What was not goes on for as long as the process lives, and keeps its store.
    pub finished: bool,
}

/// What is under way of a client: its calls, and the work that outlives them.
#[derive(Clone, Default)]
pub struct UnderWay(TaskTracker);

impl UnderWay {
    /// Counts a call for as long as what this gives is held; refuses it where the client is closed.
    pub(crate) fn begin(&self) -> Result<TaskTrackerToken, Error> {
        let token = self.0.token();
        // Looked at afterwards, so that none begins while its end is waited for.
        if self.0.is_closed() {
            return Err(ErrorKind::ClientClosed.into());
        }
        Ok(token)
    }

    /// Counts work that a call has begun and that may outlive it: it goes on when the client is closed.
    pub(crate) fn count(&self) -> TaskTrackerToken {
        self.0.token()
    }

    /// Waits until nothing is to begin any more, and nothing is under way: for whoever waits for something else, and is not under way.
    pub(crate) async fn over(&self) {
        self.0.wait().await;
    }

    /// Lets nothing begin any more, and waits for what is under way.
    pub(crate) async fn close(&self, world: &World, options: CloseOptions) -> CloseResponse {
        let longest = options.timeout.map_or(LONGEST, Duration::from_millis);
        self.0.close();
        let finished = tokio::select! {
            biased;
            () = self.0.wait() => true,
            () = world.clock.alarm(longest) => false,
        };
        // Those that something still uses stay until that is done.
        world.transport.close();
        CloseResponse { finished }
    }
}
