//! What can happen next: a process does its step, the store and the network theirs, time passes, or people act.

use crate::Model;
use crate::flight::Sent;
use crate::state::{
    Decided, Done, Flight, Kept, LEASE, LEAVES_WITHIN, LONGEST_LOOK, Lives, Passed, Process, Reply,
    State, Status, Step, Write,
};

/// Something that happens.
pub(crate) struct Next {
    /// To which process.
    pub process: Option<usize>,
    pub what: &'static str,
    pub is_fault: bool,
    pub state: State,
}

/// All that can happen in a state.
pub(crate) fn next(model: &Model, state: &State) -> Vec<Next> {
    let mut all = Possible {
        model,
        state,
        nexts: Vec::new(),
    };
    for process in 0..state.processes.len() {
        all.step(process);
        all.store(process);
        all.faults(process);
    }
    all.time();
    all.people();
    all.nexts
}

pub(crate) struct Possible<'a> {
    pub model: &'a Model,
    pub state: &'a State,
    nexts: Vec<Next>,
}

impl Possible<'_> {
    fn add(&mut self, process: Option<usize>, what: &'static str, change: impl FnOnce(&mut State)) {
        let mut state = self.state.clone();
        change(&mut state);
        self.nexts.push(Next {
            process,
            what,
            is_fault: false,
            state,
        });
    }

    pub(crate) fn add_fault(
        &mut self,
        process: Option<usize>,
        what: &'static str,
        change: impl FnOnce(&mut State),
    ) {
        if self.state.faults > 0 {
            self.add(process, what, change);
            if let Some(next) = self.nexts.last_mut() {
                next.is_fault = true;
                next.state.faults -= 1;
            }
        }
    }

    /// What a process does by itself.
    fn step(&mut self, number: usize) {
        let (model, here) = (self.model, Some(number));
        let process = &self.state.processes[number];
        if process.lives != Lives::Running {
            self.add(here, "goes on", |state| {
                state.processes[number].lives = Lives::Running;
            });
            return;
        }
        let Some(flight) = process.flight else {
            return self.begin(number);
        };
        match flight.step {
            Step::Turn => self.add(here, "turn", |state| state.turn(model, number)),
            Step::Wait => {
                self.add(here, "turn, after waiting", |state| {
                    if let Some(flight) = state.flight(number) {
                        flight.begin_turn();
                    }
                    state.turn(model, number);
                });
                self.add(here, "is waited for by nobody", |state| state.end(number));
            }
            Step::Exchange if State::is_too_late(model, &flight) => {
                self.add(here, "withheld: the lease is spent", |state| {
                    state
                        .flight(number)
                        .map(State::withhold)
                        .unwrap_or_default();
                });
            }
            Step::Exchange => {
                self.add(here, "exchange", |state| {
                    state.exchange(model, number, Sent::Answered);
                });
                for (what, sent) in [
                    ("exchange, whose answer is lost", Sent::AnswerLost),
                    ("exchange, which is lost", Sent::Lost),
                    ("exchange, by which nothing is spent", Sent::NothingSpent),
                ] {
                    self.add_fault(here, what, |state| state.exchange(model, number, sent));
                }
            }
            Step::Answer { waits, answer } => self.answer(number, waits, answer),
            Step::Keep { pause: 1.., .. } => {}
            Step::Keep { fresh, .. } => {
                self.add(here, "keep", |state| state.keep(model, number, fresh));
            }
            Step::GiveUp { uncertain } => {
                self.add(here, "give_up", |state| {
                    state.give_up(model, number, uncertain);
                });
            }
            Step::Expire => self.add(here, "expire", |state| state.expire(model, number)),
            Step::Write { write, of } => {
                if let Some(done) = write.done {
                    self.add(here, "hears from the store", |state| {
                        state.acknowledged(model, number, of, done);
                    });
                }
            }
        }
    }

    /// A call finds a token that serves no more, or not for long.
    fn begin(&mut self, number: usize) {
        let Some(record) = self.state.record else {
            return;
        };
        let has_key = self.state.processes[number].new_key || !record.new_key;
        if !has_key {
            self.add(Some(number), "is given the new key", |state| {
                state.processes[number].new_key = true;
            });
            return;
        }
        let early = self.state.platform.serves;
        let is_current = self.state.platform.alive && record.pair == self.state.platform.current;
        let is_called = (record.pair < self.model.refreshes || !is_current)
            && record.status != Status::Expired
            && (!early || record.may_be_refreshed_early());
        if is_called {
            let what = if early {
                "is called, shortly before the token expires"
            } else {
                "is called, the token having expired"
            };
            self.add(Some(number), what, |state| {
                state.processes[number].flight = Some(Flight {
                    spent: record.pair,
                    early,
                    lease: state.new_name(),
                    begun: Passed::default(),
                    disturbed: None,
                    taken: 0,
                    failed: false,
                    watch: None,
                    repeats: false,
                    step: Step::Turn,
                    presented: None,
                });
            });
        }
    }

    fn answer(&mut self, number: usize, waits: i8, answer: Option<Reply>) {
        let (model, here) = (self.model, Some(number));
        match answer {
            None => self.add(here, "finds the connection lost", |state| {
                state.lose_answer(model, number);
            }),
            Some(_) if waits == 0 => self.add(here, "waits no longer", |state| {
                state.lose_answer(model, number);
            }),
            Some(_) => {}
        }
    }

    /// What the store and the network do for a process.
    fn store(&mut self, number: usize) {
        let (model, here) = (self.model, Some(number));
        let process = &self.state.processes[number];
        if let Some((stray, of)) = process.stray {
            self.add(here, "a write that was given up arrives", |state| {
                state.processes[number].stray = None;
                state.write(model, &stray, of);
            });
            self.add(here, "a write that was given up is lost", |state| {
                state.processes[number].stray = None;
            });
        }
        let is_held = process.lives != Lives::Running;
        match process.flight.map(|flight| flight.step) {
            Some(Step::Write { write, of }) if write.done.is_none() => {
                self.add(here, "the store writes", |state| {
                    let done = state.write(model, &write, of);
                    if write.slow || is_held {
                        state.put_write(number, write, of, Some(done));
                    } else {
                        state.acknowledged(model, number, of, done);
                    }
                });
            }
            Some(Step::Answer {
                answer: Some(reply),
                ..
            }) => self.add(here, "the answer comes", |state| {
                if let Some(flight) = state.flight(number) {
                    flight.step = match reply {
                        Reply::Fresh(fresh) => Step::Keep { fresh, pause: 0 },
                        Reply::Over => Step::Expire,
                    };
                }
            }),
            _ => {}
        }
    }

    /// Time passes when whoever can do something without it has done so.
    fn time(&mut self) {
        if self.state.processes.iter().all(Process::waits) {
            self.add(None, "half a second passes", |state| {
                state.seen.stood = (state.seen.stood + 1).min(LEASE);
                for process in &mut state.processes {
                    process.live();
                }
            });
        }
        if self.state.platform.serves {
            self.add(None, "the access token expires", |state| {
                state.platform.serves = false;
            });
        }
    }

    /// What the patient and the operator do.
    fn people(&mut self) {
        let model = self.model;
        let Some(record) = self.state.record else {
            return self.add(None, "the patient links", |state| state.link(model));
        };
        self.add_fault(None, "the patient links again", |state| state.link(model));
        self.add_fault(None, "the patient unlinks", |state| state.record = None);
        if !record.new_key {
            self.add_fault(None, "the key is rotated", |state| state.reseal(record));
        }
    }
}

impl State {
    pub(crate) fn put_write(
        &mut self,
        number: usize,
        write: Write,
        of: Decided,
        done: Option<Done>,
    ) {
        if let Some(flight) = self.flight(number) {
            let write = Write { done, ..write };
            flight.step = Step::Write { write, of };
        }
    }
}

impl Process {
    /// Whether it has nothing to do before time has passed.
    fn waits(&self) -> bool {
        if self.lives != Lives::Running {
            return true;
        }
        match self.flight.map(|flight| flight.step) {
            None | Some(Step::Wait | Step::Keep { pause: 1.., .. }) => true,
            Some(Step::Answer { waits, answer }) => answer.is_some() && waits > 0,
            Some(Step::Write { write, .. }) => write.slow,
            Some(_) => false,
        }
    }

    /// Half a second passes for it.
    fn live(&mut self) {
        let is_kept = self.lives != Lives::Running;
        let steady = i8::from(self.lives != Lives::Asleep);
        self.pass(1, steady);
        let Some(flight) = &mut self.flight else {
            return;
        };
        if let Step::Answer { waits, .. } = &mut flight.step {
            *waits = (*waits - steady).max(0);
        }
        if let Step::Keep { pause, .. } = &mut flight.step {
            *pause = (*pause - steady).max(0);
        }
        let is_kept = is_kept || matches!(flight.step, Step::Write { .. });
        if let (true, Some(kept)) = (is_kept, &mut flight.presented) {
            *kept = Kept(true);
        }
    }

    /// Its clocks go on.
    pub(crate) fn pass(&mut self, wall: i8, steady: i8) {
        let Some(flight) = &mut self.flight else {
            return;
        };
        if flight.is_timed() {
            flight.begun.pass(wall, steady, LEAVES_WITHIN);
        }
        if let Some(seen) = &mut flight.watch {
            seen.last.pass(wall, steady, LONGEST_LOOK);
        }
    }
}

impl Flight {
    /// Whether it counts how much time has passed since its turn began.
    pub(crate) fn is_timed(&self) -> bool {
        matches!(
            self.step,
            Step::Turn
                | Step::Exchange
                | Step::Write {
                    of: Decided::Take,
                    ..
                }
        )
    }
}
