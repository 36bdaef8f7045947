//! The search: every state that can be reached is looked at once, and then asked whether it can recover.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::state::{Process, State, Status};
use crate::weather::{Next, next};
use crate::{Model, Promise};

/// What a search has found.
#[derive(Debug)]
pub struct Verdict {
    /// How many states there are, those alike counted once. Where a promise is broken, those until then.
    pub states: usize,
    /// How many steps lead from one of them to one of them.
    pub steps: usize,
    /// How many steps away the farthest is.
    pub depth: usize,
    /// The promise that is broken, if one is.
    pub found: Option<Found>,
}

/// A promise that is broken, and the shortest way there.
#[derive(Debug)]
pub struct Found {
    /// Which one.
    pub promise: Promise,
    /// What happens, step by step.
    pub way: Vec<String>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:", self.promise)?;
        self.way.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

/// From which state, by which of its steps, one was reached first.
#[derive(Clone, Copy)]
struct Reached {
    from: u32,
    by: u16,
    depth: u16,
}

struct Search<'a> {
    model: &'a Model,
    known: HashMap<u64, u32>,
    reached: Vec<Reached>,
    recovered: Vec<u32>,
    /// The steps that are no faults, backwards: to which from which.
    calm: Vec<(u32, u32)>,
    steps: usize,
}

impl Model {
    /// Looks at every state.
    #[must_use]
    pub fn search(&self) -> Verdict {
        let mut search = Search {
            model: self,
            known: HashMap::new(),
            reached: Vec::new(),
            recovered: Vec::new(),
            calm: Vec::new(),
            steps: 0,
        };
        let found = search.reach().or_else(|| search.recover());
        Verdict {
            states: search.reached.len(),
            steps: search.steps,
            depth: search.reached.last().map_or(0, |last| last.depth.into()),
            found,
        }
    }
}

impl Search<'_> {
    /// Breadth first, so that what is found is found by the shortest way.
    fn reach(&mut self) -> Option<Found> {
        let mut left = VecDeque::new();
        let first = State::first(self.model);
        let start = Reached {
            from: 0,
            by: 0,
            depth: 0,
        };
        self.meet(&first, start);
        left.push_back((0, first));
        while let Some((from, state)) = left.pop_front() {
            let depth = self.reached[from as usize].depth + 1;
            for (by, next) in (0..).zip(next(self.model, &state)) {
                self.steps += 1;
                let (number, is_new) = self.meet(&next.state, Reached { from, by, depth });
                if let Some(promise) = next.state.broken {
                    return Some(self.found(promise, number));
                }
                if !next.is_fault {
                    self.calm.push((number, from));
                }
                if is_new {
                    left.push_back((number, next.state));
                }
            }
        }
        None
    }

    /// The number of a state, and whether it is met for the first time.
    fn meet(&mut self, state: &State, reached: Reached) -> (u32, bool) {
        let mut hasher = DefaultHasher::new();
        state.without_names().hash(&mut hasher);
        let new = u32::try_from(self.reached.len()).unwrap_or(u32::MAX);
        let number = *self.known.entry(hasher.finish()).or_insert(new);
        let is_new = number == new;
        if is_new {
            self.reached.push(reached);
            if is_recovered(state) {
                self.recovered.push(number);
            }
        }
        (number, is_new)
    }

    /// Goes back from where calls succeed: what is not met on the way never comes there.
    fn recover(&mut self) -> Option<Found> {
        self.calm.sort_unstable();
        let mut recovers = vec![false; self.reached.len()];
        let mut left = std::mem::take(&mut self.recovered);
        while let Some(to) = left.pop() {
            if std::mem::replace(&mut recovers[to as usize], true) {
                continue;
            }
            let begins = self.calm.partition_point(|(other, _)| *other < to);
            let before = self.calm[begins..].iter();
            let before = before.take_while(|(other, _)| *other == to);
            left.extend(before.map(|(_, from)| *from));
        }
        let stuck = recovers.iter().position(|recovers| !recovers)?;
        Some(self.found(Promise::Recovers, u32::try_from(stuck).ok()?))
    }

    fn found(&self, promise: Promise, last: u32) -> Found {
        let (mut choices, mut at) = (Vec::new(), last);
        while at != 0 {
            let reached = self.reached[at as usize];
            choices.push(usize::from(reached.by));
            at = reached.from;
        }
        let (mut state, mut way) = (State::first(self.model), Vec::new());
        for choice in choices.into_iter().rev() {
            let taken = next(self.model, &state).into_iter().nth(choice);
            let Some(Next {
                process,
                what,
                is_fault,
                state: then,
            }) = taken
            else {
                break;
            };
            let fault = if is_fault { " (a fault)" } else { "" };
            way.push(match process {
                Some(process) => format!("process {}: {what}{fault}", process + 1),
                None => format!("{what}{fault}"),
            });
            state = then;
        }
        Found { promise, way }
    }
}

/// Whether calls succeed, or the platform has said that they never will until the patient links again.
fn is_recovered(state: &State) -> bool {
    let rests = |process: &Process| process.flight.is_none();
    let succeeds = state.record.is_none_or(|record| {
        let serves = state.platform.alive
            && record.pair == state.platform.current
            && record.status == Status::Active
            && record.lease.is_none();
        serves || record.status == Status::Expired
    });
    succeeds && state.processes.iter().all(rests)
}
