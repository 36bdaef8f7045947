//! Which links were found to be over and were unlinked, and whom the application was told of.

use digime_sdk::connections::{LinkRecord, LinkStatus};

use crate::executor::Micros;
use crate::pkb::ledger::Ledger;
use crate::pkb::process::{Process, had_a_chance};
use crate::pkb::schedule::Schedule;

/// The end of a link, as it stands in the store.
pub struct End {
    user: String,
    /// The process that wrote it.
    process: usize,
    stored: Micros,
    /// Whether the store has said so to that process.
    acknowledged: bool,
    /// When something else took its place: a link made anew, or nothing.
    replaced: Option<Micros>,
    told: bool,
}

impl Ledger {
    /// A record was written, or removed: an end may stand there from now on, or no more.
    pub fn end_written(
        &mut self,
        process: usize,
        user: &str,
        [before, after]: [Option<&LinkRecord>; 2],
        now: Micros,
    ) {
        let is_over =
            |link: Option<&LinkRecord>| link.is_some_and(|link| link.status == LinkStatus::Expired);
        match (is_over(before), is_over(after)) {
            (false, true) => self.ends.push(End {
                user: user.to_owned(),
                process,
                stored: now,
                acknowledged: false,
                replaced: None,
                told: false,
            }),
            (true, false) => {
                let standing = self.ends.iter_mut().rfind(|end| end.user == user);
                if let Some(end) = standing {
                    end.replaced = Some(now);
                }
            }
            _ => {}
        }
    }

    /// A process has been told that what it wrote at that time stands there.
    pub fn end_acknowledged(&mut self, process: usize, user: &str, at: Micros) {
        let own = |end: &&mut End| end.process == process && end.user == user && end.stored == at;
        if let Some(end) = self.ends.iter_mut().rfind(own) {
            end.acknowledged = true;
        }
    }
}

impl Schedule {
    /// The application of a process was told of a link that is over.
    pub fn tells_end(&self, process: &Process, user: &str) {
        self.trace(|| format!("process {} is told of the end of {user}", process.number));
        let mut ledger = self.ledger();
        let untold =
            |end: &&mut End| end.process == process.number && end.user == user && !end.told;
        let end = ledger.ends.iter_mut().rfind(untold);
        let is_known = end.is_some();
        if let Some(end) = end {
            end.told = true;
        }
        drop(ledger);
        if !is_known {
            self.broken(format!(
                "process {} was told of an end of {user} that it has not stored, or for the second time",
                process.number
            ));
        }
    }

    /// All is over: of which end nobody was told.
    pub fn untold_end(&self, ledger: &Ledger) -> Option<String> {
        let untold = |end: &&End| {
            let process = self.process(end.process);
            // Where the store said that it failed, and others had replaced the link by the time it could be asked again, nobody can know.
            let is_known = end.acknowledged
                || end.replaced.is_none_or(|replaced| {
                    had_a_chance(&process, end.stored, replaced, process.time_to_store())
                });
            !end.told && is_known && process.lives()
        };
        let end = ledger.ends.iter().find(untold)?;
        Some(format!(
            "process {} was never told of the end of {}, which it stored at {}",
            end.process, end.user, end.stored
        ))
    }
}
