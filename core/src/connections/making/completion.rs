//! The steps from a code to tokens, each stored before the next, so that whoever is interrupted can go on and nothing is done twice.

use std::time::Duration;

use super::turn::{Step, Turn};
use super::{AttemptContent, AttemptProblem, conclusion};
use crate::connections::keeping::until_stored::is_of_store;
use crate::connections::keeping::{Grant, InTime, Keeper, Refusal};
use crate::connections::{AttemptStatus, Lease, LinkAttempt, LinkRecord, Watch, too_slow};
use crate::crypto::digest::sha256;
use crate::http::Limit;
use crate::single_flight::Waiting;
use crate::{Document, Error, NonEmptyString, Secret};

/// How often an attempt that another process is busy with is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How often a turn may be taken that is too old to be used when it is there.
const MOST_TURNS: u32 = 8;
/// How far the clocks of machines may be apart: an attempt that expires by one of them may have begun a moment ago by another.
const CLOCKS_MS: i64 = 60 * 60 * 1000;
/// What a time-out calls it.
const WHAT: &str = "the completion of a connection";

/// What the application wants of a callback.
#[derive(Clone)]
pub(crate) struct Goal {
    /// Who must have asked for the link; none for whoever did.
    pub app_user_id: Option<NonEmptyString>,
    /// Whether other links may be removed for it.
    pub replaces: bool,
}

/// What a callback has led to.
#[derive(Clone)]
pub(crate) struct Made {
    pub record: LinkRecord,
    /// What the application gave when the attempt began.
    pub context: Option<Document>,
    /// What the platform gave then.
    pub kept: Option<Document>,
}

impl Made {
    pub(super) fn of(record: LinkRecord, content: AttemptContent) -> Self {
        Self {
            record,
            context: content.context,
            kept: content.kept,
        }
    }
}

/// The connection that a callback leads to.
pub(crate) async fn completed<K: Keeper>(
    keeper: &K,
    state: &str,
    code: &Secret<String>,
    goal: &Goal,
) -> Result<Made, Error> {
    let user = goal.app_user_id.as_deref().map_or("", |user| user);
    let parts = [state, code.expose(), user].map(|part| sha256(&[part.as_bytes()]));
    let [state_id, code_id, user_id] = &parts;
    let id = sha256(&[state_id, code_id, user_id, &[u8::from(goal.replaces)]]);
    let completions = &keeper.keeping().completions;
    let made = completions.join(keeper.world(), id, |waiting| {
        let keeper = keeper.outliving();
        let (state, code, goal) = (state.to_owned(), code.clone(), goal.clone());
        async move {
            let completed = complete(&keeper, &state, &code, &goal, waiting).await;
            completed.transpose()
        }
    });
    Limit::bound(keeper.call(), &*keeper.world().clock, WHAT, made).await?
}

/// Goes on with an attempt from wherever it stands; gives up where another process is at it and nobody waits any more.
async fn complete<K: Keeper>(
    keeper: &K,
    state: &str,
    code: &Secret<String>,
    goal: &Goal,
    mut waiting: Waiting,
) -> Result<Option<Made>, Error> {
    let (world, lasts) = (keeper.world(), keeper.keeping().lease);
    let turn = Turn {
        keeper,
        state,
        lease: Lease::new(world, lasts)?,
    };
    let mut watch = Watch::default();
    let limit = keeper.waiting();
    let (mut turns, mut failures) = (0, 0);
    loop {
        // Before it is taken: the store may take long to say that it was.
        let time = InTime {
            begun: world.moment(),
            lasts,
        };
        let (step, attempt) = match turn.take(goal, &mut watch).await {
            Ok(taken) => taken,
            // It may have been taken all the same, and would then be waited for by everyone for nothing.
            Err(error) if failures == 0 && is_of_store(&error) => {
                failures += 1;
                continue;
            }
            Err(error) => {
                if is_of_store(&error) {
                    // What the call fails with goes before what this does.
                    let _ = turn.let_go().await;
                }
                return Err(error);
            }
        };
        match step {
            Step::Exchange => {
                if !turn.exchange(&attempt, code, time).await? {
                    turns += 1;
                }
            }
            Step::Link => {
                let made = conclusion::conclude(&turn, attempt, time, goal.replaces).await?;
                if made.is_some() {
                    return Ok(made);
                }
                turns += 1;
            }
            Step::Wait => {
                let pause = world.clock.sleep(LOOK);
                let pause = Limit::bound(limit, &*world.clock, WHAT, pause);
                // Nothing is in hand: if nobody waits any more, nor does this.
                tokio::select! {
                    biased;
                    () = waiting.nobody() => return Ok(None),
                    paused = pause => paused?,
                }
            }
            Step::Again => {}
            Step::Done => return conclusion::completed(keeper, attempt).await.map(Some),
        }
        if turns == MOST_TURNS {
            return Err(too_slow());
        }
    }
}

/// Ends an attempt that was denied.
pub(crate) async fn give_up<K: Keeper>(keeper: &K, state: &str, goal: &Goal) -> Result<(), Error> {
    let attempts = keeper.attempts();
    let ended = attempts.change(keeper.world(), state, |attempt| {
        check(keeper, attempt, goal)?;
        let pending = attempt.record.status == AttemptStatus::Pending;
        if pending {
            attempt.record.status = AttemptStatus::Failed;
        }
        Ok((pending, ()))
    });
    let ended = ended.await?;
    ended
        .ok_or_else(|| keeper.stopped(AttemptProblem::Unknown))
        .map(drop)
}

pub(super) fn check<K: Keeper>(
    keeper: &K,
    attempt: &LinkAttempt<AttemptContent>,
    goal: &Goal,
) -> Result<(), Error> {
    let asked = goal.app_user_id.as_deref();
    if asked.is_some_and(|user| *user != *attempt.record.app_user_id) {
        return Err(keeper.stopped(AttemptProblem::Mismatch));
    }
    if attempt.record.expires_at.saturating_add(CLOCKS_MS) <= keeper.now_ms() {
        return Err(keeper.stopped(AttemptProblem::Late));
    }
    Ok(())
}

impl<K: Keeper> Turn<'_, K> {
    /// Spends the code, and stores the tokens; false where the turn was too old to be used when it was there, and is given back.
    async fn exchange(
        &self,
        attempt: &LinkAttempt<AttemptContent>,
        code: &Secret<String>,
        time: InTime,
    ) -> Result<bool, Error> {
        // What comes is encrypted: the key for it is had before anything is spent.
        if let Err(error) = self.keeper.connections().sealing_key_id().await {
            self.advance(AttemptStatus::Pending, |_| {}).await?;
            return Err(error);
        }
        let content = &attempt.document;
        let grant = Grant::Code {
            code,
            redirect_uri: &content.redirect_uri,
            code_verifier: content.code_verifier.as_ref(),
        };
        let (status, outcome) = match self.keeper.spend(grant, time).await {
            Ok(tokens) => {
                let exchanged = AttemptStatus::Exchanged;
                let keep = |content: &mut AttemptContent| content.tokens = Some(tokens.clone());
                self.until_stored(|| self.advance(exchanged, keep)).await?;
                return Ok(true);
            }
            Err(Refusal::Withheld) => {
                self.advance(AttemptStatus::Pending, |_| {}).await?;
                return Ok(false);
            }
            // The callback can be loaded again.
            Err(Refusal::NotSent(error)) => (AttemptStatus::Pending, error),
            Err(Refusal::Over(_)) => (
                AttemptStatus::Failed,
                self.keeper.stopped(AttemptProblem::CodeRefused),
            ),
            Err(Refusal::Refused(error) | Refusal::Lost(error)) => (AttemptStatus::Failed, error),
        };
        self.advance(status, |_| {}).await?;
        Err(outcome)
    }
}
