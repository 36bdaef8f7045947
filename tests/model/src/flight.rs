//! The steps of a refresh under its lease: `exchange`, `keep`, `give_up`, `expire`, and what each makes of the store's answer.

use crate::state::{
    Answered, Decided, Done, Flight, Kept, LEASE, LEAVES_WITHIN, MOST_LEASES, Passed, Record,
    Reply, STORING, State, Status, Step,
};
use crate::{Mistake, Model, Promise};

/// What becomes of a request at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is answered, some time.
    Answered,
    /// It is answered, and the answer is lost.
    AnswerLost,
    /// It is lost itself.
    Lost,
    /// It never leaves, or is refused for a reason that spends nothing.
    NothingSpent,
}

impl State {
    pub(crate) fn flight(&mut self, process: usize) -> Option<&mut Flight> {
        self.processes[process].flight.as_mut()
    }

    /// A refresh is over, with an error.
    pub(crate) fn end(&mut self, process: usize) {
        self.processes[process].flight = None;
    }

    /// A refresh is over: its callers use this pair.
    pub(crate) fn serve(&mut self, process: usize, pair: u8) {
        if self.seen.stored & (1 << pair) == 0 {
            self.break_promise(Promise::StoredBeforeUsed);
        }
        self.end(process);
    }

    /// Whether too much of the lease is gone for anything to be sent under it.
    pub(crate) fn is_too_late(model: &Model, flight: &Flight) -> bool {
        match model.mistake {
            Some(Mistake::SendsWithoutALookAtTheTime) => false,
            Some(Mistake::MeasuresBySteadyClockAlone) => flight.begun.steady >= LEAVES_WITHIN,
            _ => flight.begun.at_most() >= LEAVES_WITHIN,
        }
    }

    /// The lease is spent before anything is sent under it: it is taken anew.
    pub(crate) fn withhold(flight: &mut Flight) {
        if flight.taken < MOST_LEASES {
            flight.begin_turn();
        } else {
            flight.step = Step::GiveUp { uncertain: false };
        }
    }

    /// Spends the refresh token, under the lease.
    pub(crate) fn exchange(&mut self, model: &Model, process: usize, sent: Sent) {
        let Some(flight) = self.flight(process).copied() else {
            return;
        };
        let reply = match sent {
            Sent::Answered | Sent::AnswerLost => Some(self.present(&flight)),
            Sent::Lost | Sent::NothingSpent => None,
        };
        if sent == Sent::AnswerLost && self.platform.alive {
            self.seen.answer = Answered::Lost;
        }
        let Some(flight) = self.flight(process) else {
            return;
        };
        let waits = if model.mistake == Some(Mistake::WaitsForTheAnswerBeyondTheLease) {
            2 * LEASE
        } else {
            (LEASE - STORING - flight.begun.at_most()).max(0)
        };
        flight.begun = Passed::default();
        flight.disturbed = None;
        flight.presented = reply.map(|_| Kept(false));
        flight.step = match (sent, reply) {
            (Sent::NothingSpent, _) => Step::GiveUp { uncertain: false },
            (Sent::Answered, Some(reply)) => Step::Answer {
                waits,
                answer: Some(reply),
            },
            _ => Step::Answer {
                waits,
                answer: None,
            },
        };
    }

    /// The platform takes a refresh token once, and ends the session when it comes again.
    fn present(&mut self, flight: &Flight) -> Reply {
        let pair = flight.spent;
        if !self.platform.alive || pair < self.platform.session {
            return Reply::Over;
        }
        if pair == self.platform.current {
            self.platform.current += 1;
            self.seen.answer = Answered::Held;
            return Reply::Fresh(self.platform.current);
        }
        if !flight.repeats && !self.may_be_repeated(pair) {
            self.break_promise(Promise::PresentedOnce);
        } else if flight.early && self.platform.serves {
            self.break_promise(Promise::NotRepeatedEarly);
        }
        self.platform.alive = false;
        Reply::Over
    }

    /// Whether who had the answer for this pair's refresh token may have lost it.
    pub(crate) fn may_be_repeated(&self, pair: u8) -> bool {
        match self.seen.answer {
            Answered::Lost => true,
            Answered::Held => self.was_kept(pair),
            Answered::Stored => false,
        }
    }

    /// The answer was lost, as far as the process can tell.
    pub(crate) fn lose_answer(&mut self, model: &Model, process: usize) {
        let alive = self.platform.alive;
        let Some(flight) = self.flight(process) else {
            return;
        };
        let held = flight.presented.is_some();
        let uncertain = model.mistake != Some(Mistake::ForgetsThatAnAnswerWasLost);
        flight.step = Step::GiveUp { uncertain };
        if held && alive && self.seen.answer == Answered::Held {
            self.seen.answer = Answered::Lost;
        }
    }

    /// Stores the new pair before anyone uses it.
    pub(crate) fn keep(&mut self, model: &Model, process: usize, fresh: u8) {
        let Some(record) = self.record else {
            return self.end(process);
        };
        let new_key = self.processes[process].new_key;
        let Some(flight) = self.processes[process].flight.as_mut() else {
            return;
        };
        if model.mistake == Some(Mistake::UsesBeforeStoring) {
            return self.serve(process, fresh);
        }
        let is_unknown = record.new_key && !new_key;
        if is_unknown && model.mistake == Some(Mistake::RefusesToStoreUnderAnUnknownKey) {
            return self.drop_answer(process);
        }
        if record.pair == fresh {
            if is_unknown {
                self.drop_answer(process);
            } else {
                self.serve(process, fresh);
            }
            return;
        }
        let blindly = model.mistake == Some(Mistake::StoresOverWhateverStands)
            || is_unknown && model.mistake == Some(Mistake::StoresBlindlyUnderAnUnknownKey);
        if record.pair != flight.spent && !blindly {
            if is_unknown {
                self.drop_answer(process);
            } else {
                self.serve(process, record.pair);
            }
            return;
        }
        let kept = Record::linked(fresh, record.version, new_key);
        flight.send(record, kept, Decided::Keep { fresh });
    }

    /// Ends with the new pair in hand. Where another has taken its place nothing is lost by it.
    fn drop_answer(&mut self, process: usize) {
        let spent = self.flight(process).map(|flight| flight.spent);
        if self.record.map(|record| record.pair) == spent {
            self.break_promise(Promise::AnswerKept);
        }
        self.end(process);
    }

    /// Lets others have their turn.
    pub(crate) fn give_up(&mut self, model: &Model, process: usize, uncertain: bool) {
        let record = self.record;
        let Some(flight) = self.flight(process) else {
            return;
        };
        let is_ours = |record: &Record| {
            record
                .lease
                .is_some_and(|standing| standing.id == flight.lease)
                || model.mistake == Some(Mistake::GivesUpTheLeaseOfAnother)
        };
        let Some(record) = record.filter(is_ours) else {
            return self.end(process);
        };
        let status = if uncertain {
            Status::Uncertain
        } else {
            record.status
        };
        let given_up = Record {
            lease: None,
            status,
            ..record
        };
        flight.send(record, given_up, Decided::GiveUp { uncertain });
    }

    /// Remembers that the platform says that the session is over (`mark_expired`).
    pub(crate) fn expire(&mut self, model: &Model, process: usize) {
        let new_key = self.processes[process].new_key;
        let Some(record) = self.record else {
            return self.end(process);
        };
        let Some(flight) = self.processes[process].flight.as_mut() else {
            return;
        };
        if record.new_key && !new_key {
            flight.step = Step::GiveUp { uncertain: true };
            return;
        }
        if record.pair != flight.spent && model.mistake != Some(Mistake::EndsWhateverStands) {
            return self.serve(process, record.pair);
        }
        if record.status == Status::Expired {
            return self.end(process);
        }
        let expired = Record {
            lease: None,
            status: Status::Expired,
            new_key,
            ..record
        };
        flight.send(record, expired, Decided::Expire);
    }

    /// The store has said what became of a write.
    pub(crate) fn acknowledged(&mut self, model: &Model, process: usize, of: Decided, done: Done) {
        let Some(flight) = self.flight(process) else {
            return;
        };
        let (version, repeats) = match done {
            Done::Written { version, repeats } => (Some(version), repeats),
            Done::Refused => (None, false),
        };
        match (of, version) {
            (Decided::Take, Some(_)) => {
                flight.taken += 1;
                flight.watch = None;
                flight.repeats = repeats;
                flight.step = Step::Exchange;
                if model.mistake == Some(Mistake::MeasuresFromAfterTaking) {
                    flight.begun = Passed::default();
                }
            }
            (Decided::Count, Some(version)) => {
                flight.wrote(version);
                flight.step = Step::Wait;
            }
            (Decided::Keep { fresh }, Some(_)) => self.serve(process, fresh),
            (Decided::GiveUp { .. } | Decided::Expire, Some(_)) => self.end(process),
            // Somebody else was faster: it decides again, and in a turn measures from where it did.
            (Decided::Take | Decided::Count, None) => flight.step = Step::Turn,
            (Decided::Keep { fresh }, None) => flight.step = Step::Keep { fresh, pause: 0 },
            (Decided::GiveUp { uncertain }, None) => flight.step = Step::GiveUp { uncertain },
            (Decided::Expire, None) => flight.step = Step::Expire,
        }
    }

    /// The store has failed, or its acknowledgement was lost.
    pub(crate) fn store_failed(&mut self, model: &Model, process: usize, of: Decided) {
        let Some(flight) = self.flight(process) else {
            return;
        };
        match of {
            Decided::Take | Decided::Count if flight.failed => self.end(process),
            Decided::Take | Decided::Count => {
                flight.failed = true;
                flight.begin_turn();
            }
            Decided::Keep { .. } if model.mistake == Some(Mistake::StoresOnceOnly) => {
                self.drop_answer(process);
            }
            Decided::Keep { fresh } => {
                let is_long = model.mistake == Some(Mistake::WaitsLongToStoreAgain);
                let pause = if is_long { LEASE } else { 0 };
                flight.step = Step::Keep { fresh, pause };
            }
            Decided::GiveUp { .. } => self.end(process),
            Decided::Expire => flight.step = Step::GiveUp { uncertain: true },
        }
    }
}
