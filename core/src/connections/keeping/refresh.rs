//! Refreshing a connection: once per expiry, across threads, processes and machines, by a lease in the store. `tests/model` has its steps, by these names.

use std::time::Duration;

use super::access::{Serving, may_refresh_early};
use super::ends::{mark_expired, over_before};
use super::hold::Hold;
use super::storing::{Stored, store};
use super::until_stored::{is_of_store, until_stored};
use super::{Grant, InTime, Keeper, LinkDocument, Refusal, Tokens, Told};
use crate::connections::making::conclusion::renewed;
use crate::connections::{Change, Connection, Lease, LinkStatus, Look, Watch, too_slow};
use crate::crypto::digest::sha256;
use crate::http::{Limit, Phase};
use crate::single_flight::{Outcome, Waiting};
use crate::world::{Event, LeaseEvent};
use crate::{Error, Secret};

/// How often a lease of another is looked at, at first and at most.
const FIRST_LOOK: Duration = Duration::from_millis(25);
const LAST_LOOK: Duration = Duration::from_millis(250);
/// How often a lease may be taken that is too old to be used when it is there.
const MOST_LEASES: u32 = 8;

/// Why tokens are replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// They still serve, but not for long.
    Early,
    /// They serve no more.
    Due,
}

/// Tokens that are not `spent`: of a refresh that this call starts, or that another call or process has started. An early one that may not be
/// made any more gives those that are there.
pub(super) async fn tokens_after<K: Keeper>(
    keeper: &K,
    app_user_id: &str,
    spent: &Secret<String>,
    when: When,
) -> Result<Serving, Error> {
    let id = sha256(&[
        app_user_id.as_bytes(),
        &[0, u8::from(when == When::Early)],
        spent.expose().as_bytes(),
    ]);
    let refreshes = &keeper.keeping().refreshes;
    let serving = refreshes.join(keeper.world(), id, |waiting| {
        let (keeper, user, spent) = (keeper.clone(), app_user_id.to_owned(), spent.clone());
        async move {
            let refresh = Refresh {
                keeper,
                user,
                spent,
                when,
            };
            refresh.tokens(waiting).await
        }
    });
    // As long as the call may take; else for a lease of another, and one of one's own.
    let limit = keeper.waiting().unwrap_or_else(|| {
        let two_leases = keeper.keeping().lease * 2;
        Limit::new(Phase::Call, two_leases, keeper.world().moment())
    });
    let clock = &*keeper.world().clock;
    Limit::bound(Some(limit), clock, "the refresh of a connection", serving).await?
}

/// One refresh.
struct Refresh<K> {
    keeper: K,
    user: String,
    spent: Secret<String>,
    when: When,
}

/// Whose turn it is.
enum Turn {
    /// There are other tokens already, or those that there are serve and are another's to replace.
    Over(Tokens),
    /// Another's.
    Wait,
    /// Ours: the lease stands in the record.
    Ours(Box<Connection<LinkDocument>>),
}

/// What has come of a turn.
enum Taken {
    Tokens(Serving),
    /// The lease was too old before anything was sent under it.
    TooLate,
}

impl<K: Keeper> Refresh<K> {
    async fn tokens(&self, mut waiting: Waiting) -> Outcome<Serving> {
        let world = self.keeper.world();
        let lasts = self.keeper.keeping().lease;
        let lease = match Lease::new(world, lasts) {
            Ok(lease) => lease,
            Err(error) => return Some(Err(error)),
        };
        let mut watch = Watch::default();
        let mut pause = FIRST_LOOK;
        let mut taken = 0;
        let mut failures = 0;
        let mut was_uncertain = None;
        loop {
            // Before it is taken: the store may take long to say that it was.
            let time = InTime {
                begun: world.moment(),
                lasts,
            };
            let turn = self.turn(&lease, &mut watch, &mut was_uncertain).await;
            let hold = Hold {
                lease: lease.clone(),
                was_uncertain: was_uncertain.unwrap_or_default(),
            };
            let connection = match turn {
                Ok(Turn::Over(tokens)) => return Some(Ok(Serving::stored(tokens))),
                Ok(Turn::Ours(connection)) => connection,
                Ok(Turn::Wait) => {
                    // Nothing is in hand: if nobody waits any more, nor does this.
                    tokio::select! {
                        biased;
                        () = waiting.nobody() => return None,
                        () = world.clock.sleep(pause) => {}
                    }
                    pause = (pause * 2).min(LAST_LOOK);
                    continue;
                }
                // It may have been taken all the same, and would then be waited for by everyone for nothing.
                Err(error) if failures == 0 && is_of_store(&error) => {
                    failures += 1;
                    continue;
                }
                Err(error) => {
                    if was_uncertain.is_some() {
                        hold.give_up(&self.keeper, &self.user, None).await;
                    }
                    return Some(Err(error));
                }
            };
            taken += 1;
            match self.exchange(*connection, &hold, time).await {
                Ok(Taken::Tokens(serving)) => return Some(Ok(serving)),
                Ok(Taken::TooLate) if taken < MOST_LEASES => {
                    world.observe(|| Event::Lease(LeaseEvent::Spent));
                }
                Ok(Taken::TooLate) => {
                    hold.give_up(&self.keeper, &self.user, None).await;
                    return Some(Err(too_slow()));
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Takes the lease, if it is free. Whether the connection was uncertain before is known once the store has been asked for it for the first time.
    async fn turn(
        &self,
        lease: &Lease,
        watch: &mut Watch,
        was_uncertain: &mut Option<bool>,
    ) -> Result<Turn, Error> {
        let Self {
            keeper,
            user,
            spent,
            when,
        } = self;
        let (world, lasts) = (keeper.world(), keeper.keeping().lease);
        let (mut event, mut asked) = (None, None);
        let decided = keeper.connections().change(world, user, |found| {
            (event, asked) = (None, None);
            let mut link = keeper.opened(found)?;
            if link.document.tokens.access_token != *spent {
                return Ok(Change::Leave(Turn::Over(link.document.tokens)));
            }
            if link.record.status == LinkStatus::Expired {
                return Err(over_before(keeper, &link.document));
            }
            let standing = link.record.lease.as_deref().map(Lease::parse);
            let is_ours = standing.as_ref().is_some_and(|other| other.is(lease));
            // Others may have been faster since the call looked, and an answer lost.
            let tokens = &link.document.tokens;
            if *when == When::Early && !is_ours && !may_refresh_early(&link.record, tokens) {
                return Ok(Change::Leave(Turn::Over(link.document.tokens)));
            }
            event = Some(LeaseEvent::Taken);
            let stood = link.record.status == LinkStatus::Uncertain;
            if let Some(other) = standing.filter(|_| !is_ours) {
                event = Some(LeaseEvent::Watched);
                match watch.look(world, &other, link.record.version, lasts) {
                    Look::Wait => return Ok(Change::Leave(Turn::Wait)),
                    Look::Count(counted) => {
                        link.record.lease = Some(counted.to_text());
                        return Ok(Change::Write(Box::new(link.record), Turn::Wait));
                    }
                    // It may have been used: its refresh token may be spent.
                    Look::LeftBehind => link.record.status = LinkStatus::Uncertain,
                }
                event = Some(LeaseEvent::TakenOver);
            }
            asked = Some(stood);
            link.record.lease = Some(lease.to_text());
            link.record.lease_until = None;
            let record = link.record.clone();
            Ok(Change::<LinkDocument, _>::Write(
                Box::new(record),
                Turn::Ours(Box::new(link)),
            ))
        });
        let decided = decided.await;
        *was_uncertain = was_uncertain.or(asked);
        let (turn, record) = decided?;
        if let Some(event) = event {
            world.observe(|| Event::Lease(event));
            if event == LeaseEvent::TakenOver {
                world.observe(|| Event::LinkUncertain);
            }
        }
        if let (Turn::Wait, Some(record)) = (&turn, &record) {
            watch.wrote(world, record.version);
        }
        Ok(match (turn, record) {
            (Turn::Ours(link), Some(record)) => {
                let document = link.document;
                Turn::Ours(Box::new(Connection { record, document }))
            }
            (turn, _) => turn,
        })
    }

    /// Spends the refresh token, under the lease.
    async fn exchange(
        &self,
        link: Connection<LinkDocument>,
        hold: &Hold,
        time: InTime,
    ) -> Result<Taken, Error> {
        let keeper = &self.keeper;
        match renewed(keeper, &link).await {
            Ok(None) => {}
            Ok(Some(fresh)) => return self.keep(link, fresh, hold).await.map(Taken::Tokens),
            Err(error) => {
                hold.give_up(&self.keeper, &self.user, None).await;
                return Err(error);
            }
        }
        let tokens = &link.document.tokens;
        let Some(refresh_token) = tokens.refresh_token.clone() else {
            // The platform gives none where the access token was to outlive the session.
            return self.expire("no_refresh_token", hold).await;
        };
        // What comes is encrypted: the key for it is had before anything is spent.
        if let Err(error) = keeper.connections().sealing_key_id().await {
            hold.give_up(&self.keeper, &self.user, None).await;
            return Err(error);
        }
        let world = keeper.world();
        let begun = world.moment();
        world.observe(|| Event::Refresh {
            succeeded: None,
            duration: Duration::ZERO,
        });
        let answer = keeper.spend(Grant::Refresh(&refresh_token), time).await;
        world.observe(|| Event::Refresh {
            succeeded: Some(answer.is_ok()),
            duration: begun.steadily(&*world.clock),
        });
        match answer {
            Ok(fresh) => self.keep(link, fresh, hold).await.map(Taken::Tokens),
            Err(Refusal::Over(code)) => self.expire(&code, hold).await,
            Err(Refusal::Withheld) => Ok(Taken::TooLate),
            Err(Refusal::NotSent(error) | Refusal::Refused(error)) => {
                hold.give_up(&self.keeper, &self.user, None).await;
                Err(error)
            }
            Err(Refusal::Lost(error)) => {
                hold.give_up(&self.keeper, &self.user, Some(LinkStatus::Uncertain))
                    .await;
                Err(error)
            }
        }
    }

    /// Stores the new pair before anyone uses it. It exists nowhere else: a store that fails is tried until it serves.
    async fn keep(
        &self,
        spent: Connection<LinkDocument>,
        fresh: Tokens,
        hold: &Hold,
    ) -> Result<Serving, Error> {
        let fresh = fresh.in_place_of(&spent.document.tokens);
        let keeper = &self.keeper;
        let lasts = keeper.keeping().lease;
        let now = keeper.now_ms();
        let stored = until_stored(keeper.world(), lasts, || store(keeper, &spent, &fresh, now));
        let (stored, record) = stored.await?;
        // What was there before was written here, and acknowledged to nobody: nobody has told the application of it.
        if let (Stored::Fresh | Stored::Before, Some(record)) = (&stored, &record) {
            keeper.world().observe(|| Event::TokenStored);
            let refreshed = Told::Refreshed {
                record,
                tokens: &fresh,
                recovered: hold.was_uncertain,
            };
            keeper.tell(refreshed).await?;
        }
        match stored {
            Stored::Fresh | Stored::Before => Ok(Serving {
                tokens: fresh,
                refreshed: true,
            }),
            Stored::Other(tokens) => Ok(Serving::stored(tokens)),
            Stored::Unreadable(error) => Err(error),
        }
    }

    async fn expire(&self, code: &str, hold: &Hold) -> Result<Taken, Error> {
        let keeper = &self.keeper;
        match mark_expired(keeper, &self.user, &self.spent, code).await {
            Ok(newer) => newer
                .map(|tokens| Taken::Tokens(Serving::stored(tokens)))
                .ok_or_else(|| keeper.over(code)),
            Err(error) => {
                // Who reads it later asks the platform again.
                hold.give_up(&self.keeper, &self.user, Some(LinkStatus::Uncertain))
                    .await;
                Err(error)
            }
        }
    }
}
