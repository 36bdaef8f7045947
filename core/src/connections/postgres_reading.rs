//! Links that several calls ask for at once: a few statements are under way, and who comes meanwhile is answered by the next, together with all others.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::postgres_failure::no_connection;
use super::{LinkKey, LinkRecord, StoreFailure};
use crate::world;

/// How many statements that read links are under way at once. Understanding and planning one takes a server longer than finding some rows more.
const AT_ONCE: usize = 4;
/// How many of those that take long leave their turns to others, since their connections may be dead. What is written needs connections, too.
const SLOW_AT_ONCE: usize = 2;
/// How long is long.
const LONG: Duration = Duration::from_secs(1);
/// How many links one statement reads at most.
const MOST: usize = 100;

pub(super) type Answer = Result<Option<LinkRecord>, StoreFailure>;

/// Reads links, as long as somebody polls it: the answer to each user's.
type Read = BoxFuture<'static, HashMap<String, Answer>>;

/// Who waits for links.
pub(super) struct Reading {
    turns: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    waiting: Mutex<HashMap<String, VecDeque<Asked>>>,
    asked: AtomicU64,
}

/// A link that is waited for.
struct Asked {
    number: u64,
    app_user_id: String,
    answer: Sender<Answer>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            slow: Arc::new(Semaphore::new(SLOW_AT_ONCE)),
            waiting: Mutex::default(),
            asked: AtomicU64::new(0),
        }
    }
}

impl Reading {
    /// A link, as it is stored at some moment after this was called; `read` reads those of these users of a platform.
    pub(super) async fn link(
        &self,
        key: LinkKey<'_>,
        patience: Duration,
        read: impl Fn(Vec<String>) -> Read,
    ) -> Answer {
        // Those whose turn it is may ask a second time.
        let patience = 2 * patience;
        let (mut number, mut answer) = self.ask(key);
        loop {
            let turn = Arc::clone(&self.turns).acquire_owned();
            let turn = tokio::select! {
                biased;
                answered = &mut answer => {
                    if let Ok(answered) = answered {
                        return answered;
                    }
                    // The runtime has ended on which it was to be read.
                    (number, answer) = self.ask(key);
                    continue;
                }
                turn = world::within(patience, turn) => turn,
            };
            let Some(Ok(turn)) = turn else {
                return Err(no_connection(patience).into());
            };
            if let Some(next) = self.next(key.platform, number) {
                begin(turn, Arc::clone(&self.slow), next, &read);
                // Where more wait than one statement reads, it may not have been among them.
                continue;
            }
            drop(turn);
            if let Ok(answered) = (&mut answer).await {
                return answered;
            }
            (number, answer) = self.ask(key);
        }
    }

    fn ask(&self, key: LinkKey<'_>) -> (u64, Receiver<Answer>) {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = channel();
        let asked = Asked {
            number,
            app_user_id: key.app_user_id.to_owned(),
            answer: sender,
        };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting
            .entry(key.platform.to_owned())
            .or_default()
            .push_back(asked);
        (number, receiver)
    }

    /// The links to be read next, this one among those that wait; none if another is about to read it.
    fn next(&self, platform: &str, number: u64) -> Option<Vec<Asked>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = waiting.get_mut(platform)?;
        asked.retain(|asked| !asked.answer.is_closed());
        asked.iter().find(|asked| asked.number == number)?;
        let next = asked.drain(..asked.len().min(MOST)).collect();
        if asked.is_empty() {
            waiting.remove(platform);
        }
        Some(next)
    }
}

/// Reads links for all who wait for them, beside the call that has the turn: that may be cancelled, or not be polled for long.
fn begin(
    turn: OwnedSemaphorePermit,
    slow: Arc<Semaphore>,
    asked: Vec<Asked>,
    read: impl Fn(Vec<String>) -> Read,
) {
    let users = asked.iter().map(|asked| asked.app_user_id.clone());
    let mut users: Vec<_> = users.collect();
    users.sort_unstable();
    users.dedup();
    let mut read = read(users);
    world::keep_going(async move {
        let answers = if let Some(answers) = world::within(LONG, &mut read).await {
            answers
        } else {
            let place = slow.try_acquire_owned();
            let _turn = place.is_err().then_some(turn);
            read.await
        };
        for asked in asked {
            if let Some(answer) = answers.get(&asked.app_user_id) {
                // Who asked may have left.
                let _ = asked.answer.send(answer.clone());
            }
        }
    });
}
