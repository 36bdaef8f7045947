//! One of the calls that are under way at any time: made again and again, and after a failure not before the next mark.

use std::time::{Duration, Instant};

use digime_sdk::pkb::{Client, GetCurrentUserOptions};
use digime_sdk::{Error, NonEmptyString};
use tokio::sync::{mpsc, watch};

/// Makes calls, one after the other.
pub struct Caller {
    /// Which of the callers it is.
    pub place: usize,
    pub client: Client,
    pub app_user_id: NonEmptyString,
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
        while self.marks.has_changed().is_ok() {
            let mark = *self.marks.borrow_and_update();
            let options = GetCurrentUserOptions::builder()
                .app_user_id(self.app_user_id.clone())
                .build();
            let began = Instant::now();
            let outcome = self.client.get_current_user(options).await;
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
        }
    }
}
