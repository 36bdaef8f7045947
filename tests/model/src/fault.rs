//! The faults that can strike a process at any step, or its store.

use crate::state::{AHEAD, Answered, BACK, Disturbed, Lives, State, Step, Write};
use crate::weather::Possible;

impl Possible<'_> {
    pub(crate) fn faults(&mut self, number: usize) {
        let (model, here) = (self.model, Some(number));
        let process = &self.state.processes[number];
        let Some(flight) = process.flight else {
            return;
        };
        self.add_fault(here, "dies", |state| state.die(number, false));
        if let Step::Write { write, of } = flight.step {
            if write.done.is_none() && process.stray.is_none() {
                self.add_fault(here, "dies, its write on the way", |state| {
                    state.die(number, true);
                });
                self.add_fault(
                    here,
                    "the store is not heard, the write on its way",
                    |state| {
                        state.processes[number].stray = Some((write, of));
                        state.store_failed(model, number, of);
                    },
                );
            }
            if process.lives == Lives::Running {
                self.add_fault(here, "the store fails", |state| {
                    state.store_failed(model, number, of);
                });
                if write.done.is_none() {
                    self.add_fault(here, "the store writes, and is not heard", |state| {
                        state.write(model, &write, of);
                        state.store_failed(model, number, of);
                    });
                }
            }
            if !write.slow {
                self.add_fault(here, "the store is slow", |state| {
                    let slow = Write {
                        slow: true,
                        ..write
                    };
                    state.put_write(number, slow, of, write.done);
                });
            }
        }
        if process.lives == Lives::Running {
            self.add_fault(here, "is paused", |state| {
                state.processes[number].lives = Lives::Paused;
            });
            if flight.disturbed != Some(Disturbed::SetBack) {
                self.add_fault(here, "falls asleep", |state| {
                    state.processes[number].lives = Lives::Asleep;
                    state.disturb(number, Disturbed::Asleep);
                });
            }
        }
        self.add_fault(here, "its clock is set ahead", |state| {
            state.processes[number].pass(AHEAD, 0);
        });
        if flight.disturbed != Some(Disturbed::Asleep) {
            self.add_fault(here, "its clock is set back", |state| {
                state.processes[number].pass(BACK, 0);
                state.disturb(number, Disturbed::SetBack);
            });
        }
    }
}

impl State {
    fn disturb(&mut self, number: usize, disturbed: Disturbed) {
        if let Some(flight) = self.flight(number).filter(|flight| flight.is_timed()) {
            flight.disturbed = Some(disturbed);
        }
    }

    fn die(&mut self, number: usize, leaves_its_write: bool) {
        let alive = self.platform.alive;
        let process = &mut self.processes[number];
        let Some(flight) = process.flight.take() else {
            return;
        };
        process.lives = Lives::Running;
        if let (true, Step::Write { write, of }) = (leaves_its_write, flight.step) {
            process.stray = Some((write, of));
        }
        if flight.presented.is_some() && alive && self.seen.answer == Answered::Held {
            self.seen.answer = Answered::Lost;
        }
    }
}
