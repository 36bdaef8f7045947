//! One of the calls that are under way at any time: made again and again, and after a failure not before the next mark.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use digime_sdk::{Error, NonEmptyString};
use tokio::sync::{mpsc, watch};

use crate::history::History;
use crate::sdk::Sdk;

/// Every so many calls of a history one asks for the token.
const TURN: usize = 3;

/// Makes calls, one after the other.
pub struct Caller {
    /// Which of the callers it is.
    pub place: usize,
    pub sdk: Sdk,
    pub app_user_id: NonEmptyString,
    /// How long it rests after each call.
    pub pause: Duration,
    pub history: Option<Arc<History>>,
    /// The last mark; closed when it is time to stop.
    pub marks: watch::Receiver<u64>,
    pub ended: mpsc::UnboundedSender<Ended>,
}

/// A call that has ended.
pub struct Ended {
    pub place: usize,
    /// The mark that was the last one when it began.
    pub mark: u64,
    pub took: Duration,
    pub failure: Option<Error>,
}

impl Caller {
    pub async fn keep_calling(mut self) {
        let mut call = self.place;
        while self.marks.has_changed().is_ok() {
            let mark = *self.marks.borrow_and_update();
            let began = Instant::now();
            let outcome = match self.history.as_deref() {
                None => self.sdk.ask(self.app_user_id.clone()).await,
                Some(history) => match self.recorded(history, call.is_multiple_of(TURN)).await {
                    Ok(outcome) => outcome,
                    // Without a history nothing can be judged: who reads it finds its end.
                    Err(_) => return,
                },
            };
            call += 1;
            let has_failed = outcome.is_err();
            let ended = Ended {
                place: self.place,
                mark,
                took: began.elapsed(),
                failure: outcome.err(),
            };
            let is_heard = self.ended.send(ended).is_ok();
            if !is_heard || has_failed && self.marks.changed().await.is_err() {
                return;
            }
            if !self.pause.is_zero() {
                tokio::time::sleep(self.pause).await;
            }
        }
    }

    async fn recorded(
        &self,
        history: &History,
        is_for_token: bool,
    ) -> io::Result<Result<String, Error>> {
        let kind = if is_for_token {
            "accessToken"
        } else {
            "answer"
        };
        let call = history.begin(kind, &self.app_user_id)?;
        let user = self.app_user_id.clone();
        let outcome = if is_for_token {
            self.sdk.access_token(user).await
        } else {
            self.sdk.ask(user).await
        };
        history.end(call, &outcome)?;
        Ok(outcome)
    }
}
