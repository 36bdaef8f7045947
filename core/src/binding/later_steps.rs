//! What is told by work on something that a call has handed out, when the call is over.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use super::Step;
use super::host::Pending;

/// What is told by work on a stream that a call has handed out: for whoever has the stream, since the call has no steps any more.
#[derive(Clone, Default)]
pub struct LaterSteps(Arc<Mutex<Option<mpsc::UnboundedReceiver<Pending>>>>);

impl LaterSteps {
    pub(super) fn of(asked: Option<mpsc::UnboundedReceiver<Pending>>) -> Self {
        Self(Arc::new(Mutex::new(asked)))
    }

    /// All of them, each a [`Step::Invoke`] whose reply nobody waits for; given once. Waits until the work is over, as it is at the end of the
    /// stream, and soon after the stream was dropped.
    pub async fn all(&self) -> Vec<Step> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut steps = Vec::new();
        if let Some(mut asked) = asked {
            while let Some(Pending { step, .. }) = asked.recv().await {
                steps.push(step);
            }
        }
        steps
    }
}

impl fmt::Debug for LaterSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaterSteps")
    }
}
