//! What must hold of each record that is written: whose lease stands in it and for how long, and that no tokens give way to older ones.

use digime_sdk::connections::{LinkRecord, LinkStatus};

use crate::executor::{MILLISECOND, Micros, SECOND, lock};
use crate::judging::TOLERANCE;
use crate::pkb::ledger::{Ledger, issued};
use crate::pkb::platform::place_of;
use crate::pkb::process::{Process, had_a_chance};
use crate::pkb::schedule::Schedule;

/// What a change of a link has done.
pub struct Written {
    pub at: Micros,
    /// The access token that stands there now and did not before.
    pub brought: Option<String>,
    /// The one that serves no more.
    pub ended: Option<String>,
}

impl Schedule {
    /// A link was written.
    pub fn writes_link(
        &self,
        process: &Process,
        before: Option<&LinkRecord>,
        after: &LinkRecord,
    ) -> Written {
        let now = self.executor.now();
        let is_sealed_anew = before.is_none_or(|before| before.sealed != after.sealed);
        let serving = is_sealed_anew
            .then(|| self.peek(&after.app_user_id))
            .flatten();
        self.trace(|| {
            let tokens = serving.as_deref().unwrap_or("its tokens as they were");
            let (user, status, lease) = (&after.app_user_id, after.status, &after.lease);
            format!(
                "process {} writes {user}: version {}, {status:?}, lease {lease:?}, {tokens}",
                process.number, after.version
            )
        });
        let mut ledger = self.ledger();
        if self.app.keys(process.machine.number) == [Some(0), None] {
            ledger.old_key = Some(after.key_id.clone());
        }
        let user = &after.app_user_id;
        ledger.end_written(process.number, user, [before, Some(after)], now);
        let leased = self.lease_written(&mut ledger, process, (after, is_sealed_anew), now);
        let is_new = ledger.serving.get(user) != serving.as_ref();
        if let (false, Some(before), Some(token)) = (is_new, before, &serving) {
            let seen = [before, after];
            let changes = &mut ledger.changes;
            changes.sealed_anew(process.number, seen, token, now);
        }
        let brought = serving.clone().filter(|_| is_new);
        let stored = tokens_written(&mut ledger, after, serving, now);
        let standing = ledger.serving.get(user).cloned();
        let standing = standing.filter(|_| after.status != LinkStatus::Expired);
        let ended = ledger.served.stands(user, standing, now);
        let over = self.is_over_by_its_word(&ledger, before, after);
        drop(ledger);
        for broken in [leased, stored, over] {
            if let Err(promise) = broken {
                self.broken(promise);
            }
        }
        Written {
            at: now,
            brought,
            ended,
        }
    }

    fn lease_written(
        &self,
        ledger: &mut Ledger,
        process: &Process,
        (after, is_sealed_anew): (&LinkRecord, bool),
        now: Micros,
    ) -> Result<(), String> {
        let standing = ledger.leases.entry(after.app_user_id.clone()).or_default();
        let before = standing.clone();
        standing.written = now;
        standing.lease.clone_from(&after.lease);
        let (id, counted, _) = after.lease.as_deref().map_or(("", 0, 0), parts);
        let (old_id, old_counted, lasts) = before.lease.as_deref().map_or(("", 0, 0), parts);
        if id.is_empty() {
            standing.holder = None;
            // Whoever brings new tokens, or the end, lets go of any lease with that; who has neither, of their own.
            let is_own = before.holder == Some(process.number);
            return (is_own || is_sealed_anew).then_some(()).ok_or_else(|| {
                format!(
                    "process {} let go of a lease that was not its own, but of process {:?}",
                    process.number, before.holder
                )
            });
        }
        if id == old_id && counted > old_counted {
            let stood = now.saturating_sub(before.written);
            let counts_right = counted == old_counted + 1 && stood + TOLERANCE >= SECOND;
            return counts_right.then_some(()).ok_or_else(|| {
                format!(
                    "process {} counted a second of a lease that had stood for {stood} µs",
                    process.number
                )
            });
        }
        if id == old_id && (is_sealed_anew || before.holder != Some(process.number)) {
            // The tokens were encrypted anew, and whose turn it is has not changed.
            return Ok(());
        }
        standing.holder = Some(process.number);
        standing.taken = now;
        let lasted = now.saturating_sub(before.taken);
        if id != old_id && !old_id.is_empty() && lasted + TOLERANCE < lasts {
            return Err(format!(
                "process {} took a lease over that had lasted for {lasted} µs",
                process.number
            ));
        }
        let is_taken_over = id != old_id && !old_id.is_empty();
        if is_taken_over && after.status != LinkStatus::Uncertain {
            return Err(format!(
                "process {} took a lease over, and the link is {:?}: its refresh token may be spent",
                process.number, after.status
            ));
        }
        let holder = before.holder.filter(|_| is_taken_over);
        let holder = holder.filter(|holder| *holder != process.number);
        let since = before.taken;
        if let Some(holder) = holder.map(|holder| self.process(holder))
            && holder.lives()
            && had_a_chance(&holder, since, now, now.saturating_sub(since))
        {
            return Err(format!(
                "process {} took over the lease of process {}, which nothing had kept from its work",
                process.number, holder.number
            ));
        }
        Ok(())
    }

    /// A link that is over from now on: the platform has said so of the session of the tokens that stand in it, and not of another.
    fn is_over_by_its_word(
        &self,
        ledger: &Ledger,
        before: Option<&LinkRecord>,
        after: &LinkRecord,
    ) -> Result<(), String> {
        let is_new = before.is_none_or(|before| before.status != LinkStatus::Expired);
        let serving = ledger.serving.get(&after.app_user_id);
        let serving = serving.filter(|_| is_new && after.status == LinkStatus::Expired);
        match serving {
            Some(access) if !lock(&self.platform).is_over(access) => {
                Err(format!("a link is marked as over, and {access} is not"))
            }
            _ => Ok(()),
        }
    }

    /// A link was removed: its tokens are nobody's any more.
    pub fn removes_link(
        &self,
        process: &Process,
        before: Option<&LinkRecord>,
        user: &str,
    ) -> Written {
        let now = self.executor.now();
        self.trace(|| format!("process {} removes {user}", process.number));
        let mut ledger = self.ledger();
        ledger.end_written(process.number, user, [before, None], now);
        *ledger.unlinked.entry(user.to_owned()).or_default() += 1;
        ledger.removed.insert(user.to_owned(), now);
        if let Some(standing) = ledger.leases.get_mut(user) {
            standing.lease = None;
            standing.holder = None;
        }
        let before = ledger.serving.remove(user);
        for spending in &mut ledger.spendings {
            if before.is_some() && issued(spending) == before.as_deref() {
                spending.replaced = Some(now);
            }
        }
        Written {
            at: now,
            brought: None,
            ended: ledger.served.stands(user, None, now),
        }
    }
}

/// New tokens stand in a record.
fn tokens_written(
    ledger: &mut Ledger,
    after: &LinkRecord,
    serving: Option<String>,
    now: Micros,
) -> Result<(), String> {
    let Some(serving) = serving else {
        return Ok(());
    };
    let before = ledger
        .serving
        .insert(after.app_user_id.clone(), serving.clone());
    if before.as_ref() == Some(&serving) {
        return Ok(());
    }
    ledger.stored.insert(serving.clone());
    for spending in &mut ledger.spendings {
        if issued(spending) == Some(&serving) {
            spending.stored.get_or_insert(now);
        } else if before.is_some() && issued(spending) == before.as_deref() {
            spending.replaced = Some(now);
        }
    }
    if after.status != LinkStatus::Active || after.lease.is_some() {
        return Err(format!(
            "{serving} was stored and the link is {:?}, with the lease {:?}",
            after.status, after.lease
        ));
    }
    let place = |token: &str| place_of(token).unwrap_or_default();
    let is_older = before.is_some_and(|before| {
        let (before, after) = (place(&before), place(&serving));
        before.0 == after.0 && before.1 > after.1
    });
    if is_older {
        return Err(format!("{serving} was stored over newer tokens"));
    }
    Ok(())
}

/// The id of a lease, how many seconds of it were counted, and how long it lasts.
fn parts(lease: &str) -> (&str, u64, Micros) {
    let mut parts = lease.split('.');
    let id = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|number| number.parse().ok());
    let counted: u64 = number().unwrap_or_default();
    let lasts: Micros = number().unwrap_or_default();
    (id, counted, lasts * MILLISECOND)
}
