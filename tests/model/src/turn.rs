//! `turn`: whose turn it is, and what a look at another's lease says.

use crate::state::{
    Decided, Flight, LEASE, LONGEST_LOOK, Lease, Passed, Record, SECOND, Seen, State, Status, Step,
    Write,
};
use crate::{Mistake, Model};

/// What a look says.
enum Look {
    Wait,
    Count(Lease),
    LeftBehind,
}

impl Flight {
    /// Begins a turn: from here on time is measured.
    pub(crate) fn begin_turn(&mut self) {
        self.begun = Passed::default();
        self.disturbed = None;
        self.step = Step::Turn;
    }

    fn look(&mut self, model: &Model, lease: Lease, version: u8) -> Look {
        match model.mistake {
            Some(Mistake::TakesOverWithoutCounting) => return Look::LeftBehind,
            Some(Mistake::NeverTakesOver) => return Look::Wait,
            _ => {}
        }
        if SECOND * lease.counted >= LEASE {
            return Look::LeftBehind;
        }
        let seen = self.seen(model, lease, version);
        if seen.stood < SECOND {
            return Look::Wait;
        }
        seen.stood = 0;
        Look::Count(Lease {
            counted: lease.counted + 1,
            ..lease
        })
    }

    fn seen(&mut self, model: &Model, lease: Lease, version: u8) -> &mut Seen {
        let goes_on = model.mistake == Some(Mistake::CountsOnOverAnothersChange);
        let again = self
            .watch
            .filter(|seen| seen.lease == lease.id && (seen.version == version || goes_on));
        let stood = again.map_or(0, |seen| {
            let passed = match model.mistake {
                Some(Mistake::CountsByTheWallClock) => seen.last.wall.max(0),
                _ => seen.last.at_least(),
            };
            (seen.stood + passed.min(LONGEST_LOOK)).min(SECOND)
        });
        self.watch.insert(Seen {
            lease: lease.id,
            version,
            last: Passed::default(),
            stood,
        })
    }

    /// `wrote`: its own count stands in the record.
    pub(crate) fn wrote(&mut self, version: u8) {
        if let Some(seen) = &mut self.watch {
            seen.version = version;
            seen.last = Passed::default();
            seen.stood = 0;
        }
    }
}

impl State {
    /// Takes the lease, if it is free.
    pub(crate) fn turn(&mut self, model: &Model, process: usize) {
        let Some(record) = self.record else {
            return self.end(process);
        };
        let has_key = self.processes[process].new_key || !record.new_key;
        let Some(flight) = &mut self.processes[process].flight else {
            return;
        };
        if !has_key {
            // A `StoreError`, after which the turn is taken once more.
            return if flight.failed {
                self.end(process);
            } else {
                flight.failed = true;
                flight.begin_turn();
            };
        }
        if record.pair != flight.spent {
            return self.serve(process, record.pair);
        }
        if record.status == Status::Expired {
            return self.end(process);
        }
        let repeats_early = model.mistake == Some(Mistake::RepeatsEarly);
        let is_ours = |standing: &Lease| standing.id == flight.lease;
        let (is_ours, standing) = (
            record.lease.as_ref().is_some_and(is_ours),
            record.lease.filter(|standing| !is_ours(standing)),
        );
        if flight.early && !is_ours && !record.may_be_refreshed_early() && !repeats_early {
            return self.serve(process, record.pair);
        }
        let mut status = record.status;
        if let Some(other) = standing {
            match flight.look(model, other, record.version) {
                Look::Wait => {
                    flight.step = Step::Wait;
                    return;
                }
                Look::Count(counted) => {
                    let lease = Some(counted);
                    flight.send(record, Record { lease, ..record }, Decided::Count);
                    return;
                }
                Look::LeftBehind => status = Status::Uncertain,
            }
        }
        let lease = Some(Lease {
            id: flight.lease,
            counted: 0,
        });
        let taken = Record {
            status,
            lease,
            ..record
        };
        flight.send(record, taken, Decided::Take);
    }
}

impl Flight {
    /// Asks the store to write `new` over `old`.
    pub(crate) fn send(&mut self, old: Record, new: Record, of: Decided) {
        let write = Write {
            expected: old.version,
            record: new,
            slow: false,
            done: None,
        };
        self.step = Step::Write { write, of };
    }
}
