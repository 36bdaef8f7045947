//! The store: of two changes of a version one is written. And the patient and the operator, who change the record as well.

use crate::state::{Answered, Decided, Done, Kept, LEASE, Record, State, Status, Write};
use crate::{Mistake, Model, Promise};

impl State {
    pub(crate) fn break_promise(&mut self, promise: Promise) {
        self.broken.get_or_insert(promise);
    }

    /// Compares and swaps.
    pub(crate) fn write(&mut self, model: &Model, write: &Write, of: Decided) -> Done {
        let Some(old) = self.record else {
            return Done::Refused;
        };
        if old.version != write.expected && model.mistake != Some(Mistake::StoreDoesNotCompare) {
            return Done::Refused;
        }
        let repeats = old.pair < self.platform.current && self.may_be_repeated(old.pair);
        self.judge(old, write.record, of);
        let version = self.new_name();
        let record = Record {
            version,
            ..write.record
        };
        if record.pair != old.pair {
            self.seen.answer = Answered::Stored;
            self.platform.serves = true;
        }
        if matches!(of, Decided::Take) || record.lease.is_none() {
            self.seen.stood = 0;
        }
        self.seen.stored |= 1 << record.pair;
        self.seen.untouched = false;
        self.record = Some(record);
        Done::Written { version, repeats }
    }

    /// Whether who presented the refresh token of this pair was kept from its work since.
    pub(crate) fn was_kept(&self, pair: u8) -> bool {
        self.processes.iter().any(|process| {
            let held = process.flight.filter(|flight| flight.spent == pair);
            held.and_then(|flight| flight.presented) == Some(Kept(true))
        })
    }

    fn judge(&mut self, old: Record, new: Record, of: Decided) {
        if new.pair < old.pair {
            self.break_promise(Promise::NewestPairStays);
        }
        let goes_on = self.platform.alive && new.pair == self.platform.current;
        if new.status == Status::Expired && goes_on {
            self.break_promise(Promise::OverByItsWord);
        }
        let takes_over = match (of, old.lease, new.lease) {
            (Decided::Take, Some(old), Some(new)) => old.id != new.id,
            _ => false,
        };
        if takes_over && self.seen.stood < LEASE {
            self.break_promise(Promise::WatchedToItsEnd);
        }
    }

    /// The patient links (again): a session of its own.
    pub(crate) fn link(&mut self, model: &Model) {
        let pair = self.platform.current + 1;
        let begins_anew = model.mistake == Some(Mistake::VersionsBeginAnew);
        let version = match self.record {
            None if begins_anew && self.seen.untouched => 0,
            _ => self.new_name(),
        };
        let new_key = self.record.is_some_and(|record| record.new_key);
        self.record = Some(Record::linked(pair, version, new_key));
        self.platform.current = pair;
        self.platform.session = pair;
        self.platform.alive = true;
        self.platform.serves = true;
        self.seen.stored |= 1 << pair;
        self.seen.stood = 0;
        self.seen.answer = Answered::Stored;
    }

    /// A process that has the new key seals the record anew (`rotateKeys`).
    pub(crate) fn reseal(&mut self, record: Record) {
        let version = self.new_name();
        self.seen.untouched = false;
        self.record = Some(Record {
            new_key: true,
            version,
            ..record
        });
    }
}
