//! What every schedule stands on: machines, time, chance, faults, a trace, and the loop in which it happens.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::chance::Chance;
use crate::executor::{Executor, Key, MILLISECOND, Micros, Owner, SECOND, lock};
use crate::faults::{Faults, Kind, Strike};
use crate::machine::Machine;

/// How far the clocks of machines are apart at most: half of it ahead of the time, half behind.
const APART: Micros = 3600 * SECOND;
/// After so many steps a schedule should long be over.
const MOST_STEPS: u64 = 400_000;

/// Whose clients a schedule is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Platform {
    /// Patients Know Best, with a store that the processes share.
    #[default]
    Pkb,
    /// digi.me, with users whose tokens the application keeps.
    Digime,
}

/// What is to be run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Whose clients it is about.
    pub platform: Platform,
    /// What all else comes from.
    pub seed: u64,
    /// Which faults strike; none for those that the seed lets strike.
    pub only: Option<BTreeSet<Strike>>,
    /// Whether what happens is written down.
    pub traced: bool,
}

/// What has come of a schedule.
#[derive(Debug)]
pub struct Outcome {
    /// The promise that was broken, if one was.
    pub broken: Option<String>,
    /// What happened, line by line, where it was written down.
    pub trace: Vec<String>,
    /// The faults that struck, in their order.
    pub struck: Vec<Strike>,
    /// How many steps tasks took.
    pub steps: u64,
    /// How long it took by its own time.
    pub lasted: Micros,
}

/// A schedule, as far as its platform does not matter.
pub struct Stage {
    pub executor: Arc<Executor>,
    pub machines: Vec<Arc<Machine>>,
    faults: Mutex<Faults>,
    /// Where what is decided in passing comes from: latencies, and what users do.
    chance: Mutex<Chance>,
    trace: Option<Mutex<Vec<String>>>,
    broken: Mutex<Option<String>>,
    over: AtomicBool,
    steps: AtomicU64,
}

impl Stage {
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut chance = Chance::of(&[plan.seed]);
        let executor = Executor::new(Chance::of(&[plan.seed, 0]));
        let count = chance.one_of(&[2, 2, 3, 3, 4]);
        let machines = (0..count).map(|number| {
            let half = i64::try_from(APART / 2).unwrap_or_default();
            let ahead = match chance.below(3) {
                0 => 0,
                _ => i64::try_from(chance.below(APART)).unwrap_or_default() - half,
            };
            let drift = i64::try_from(chance.below(401)).unwrap_or_default() - 200;
            Machine::new(number, &executor, ahead, drift)
        });
        let machines = machines.collect();
        Self {
            executor,
            machines,
            faults: Mutex::new(Faults::new(plan.seed, count, plan.only.clone())),
            chance: Mutex::new(chance),
            trace: plan.traced.then(Mutex::default),
            broken: Mutex::default(),
            over: AtomicBool::new(false),
            steps: AtomicU64::new(0),
        }
    }

    /// Decides something that is no fault.
    pub fn chance<T>(&self, decide: impl FnOnce(&mut Chance) -> T) -> T {
        decide(&mut lock(&self.chance))
    }

    /// How long something is on its way where all is well.
    pub fn latency(&self) -> Micros {
        self.chance(|chance| chance.between(50, 3 * MILLISECOND))
    }

    /// Whether a fault strikes a machine now.
    pub fn strikes(&self, kind: Kind, machine: usize) -> Option<Chance> {
        let struck = lock(&self.faults).strikes(kind, machine);
        if struck.is_some() {
            self.trace(|| format!("machine {machine}: {kind:?}"));
        }
        struck
    }

    /// How often a fault has struck a machine.
    pub fn count(&self, kind: Kind, machine: usize) -> usize {
        let faults = lock(&self.faults);
        let own = |strike: &&Strike| strike.kind == kind && strike.whom == machine;
        faults.struck().iter().filter(own).count()
    }

    /// From now on faults strike, or none does.
    pub fn let_strike(&self, storm: bool) {
        lock(&self.faults).let_strike(storm);
    }

    /// Writes a line.
    pub fn trace(&self, line: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            let now = self.executor.now();
            let line = format!("{:>12} {}", now, line());
            lock(trace).push(line);
        }
    }

    /// A promise was broken.
    pub fn broken(&self, promise: String) {
        self.trace(|| format!("BROKEN: {promise}"));
        lock(&self.broken).get_or_insert(promise);
    }

    /// The schedule has come to its end.
    pub fn ends(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed);
        if steps == MOST_STEPS {
            self.broken("it does not come to an end".to_owned());
        }
        !self.over.load(Ordering::Relaxed) && lock(&self.broken).is_none()
    }

    fn outcome(&self) -> Outcome {
        Outcome {
            broken: lock(&self.broken).clone(),
            trace: self
                .trace
                .as_ref()
                .map(|trace| lock(trace).clone())
                .unwrap_or_default(),
            struck: lock(&self.faults).struck().to_vec(),
            steps: self.steps.load(Ordering::Relaxed),
            lasted: self.executor.now(),
        }
    }
}

/// What a platform's schedule has beside the stage: processes.
pub trait Play {
    fn stage(&self) -> &Stage;

    /// What processes are meant to be frozen for longer than, now and then.
    fn patience(&self) -> Micros;

    /// The machine on which a process runs.
    fn machine_of(&self, process: usize) -> Arc<Machine>;

    /// A process dies, and is started again after so long.
    fn crashes(self: &Arc<Self>, process: usize, later: Micros);

    /// Lets go of all tasks and processes, which hold the schedule itself.
    fn let_go(&self);
}

/// Lets a schedule happen from its beginning to its end, or until a promise is broken.
pub fn played<P: Play>(play: &Arc<P>) -> Outcome {
    let stage = play.stage();
    while stage.goes_on() {
        if let Some((key, owner)) = stage.executor.pick() {
            step(play, key, owner);
        } else if !stage.executor.advance() {
            stage.broken("everybody waits, for nothing".to_owned());
        }
    }
    let outcome = stage.outcome();
    play.let_go();
    outcome
}

/// Lets a task do its next step, or what chance has in store for its process.
fn step<P: Play>(play: &Arc<P>, key: Key, owner: Owner) {
    let stage = play.stage();
    if let Owner::Process(number) = owner {
        let machine = play.machine_of(number);
        if machine.holds(key) {
            return;
        }
        let place = machine.number;
        if let Some(mut chance) = stage.strikes(Kind::Crash, place) {
            let later = chance.between(MILLISECOND, 20 * SECOND);
            return play.crashes(number, later);
        }
        if let Some(mut chance) = stage.strikes(Kind::ClockSet, place)
            && !may_sleep(place)
        {
            let ahead = i64::try_from(chance.below(APART)).unwrap_or_default();
            machine.set(ahead - i64::try_from(APART / 2).unwrap_or_default());
        }
        // A time that is set back hides that the machine has slept: either happens to a machine, not both.
        let sleeps = may_sleep(place)
            .then(|| stage.strikes(Kind::Sleep, place))
            .flatten();
        let is_asleep = sleeps.is_some();
        if let Some(mut chance) = sleeps.or_else(|| stage.strikes(Kind::Freeze, place)) {
            let patience = play.patience();
            let longest = chance.one_of(&[SECOND, patience, patience * 5 / 2]);
            let until = stage.executor.now() + chance.between(MILLISECOND, longest);
            machine.stand_still(until, is_asleep);
            stage.trace(|| format!("machine {place} stands still until {until}"));
            machine.holds(key);
            let wakes = stage.executor.until(until);
            stage.executor.spawn(Owner::Outside, async move {
                wakes.await;
                machine.wake();
            });
            return;
        }
    }
    if catch_unwind(AssertUnwindSafe(|| stage.executor.poll(key))).is_err() {
        stage.broken("something panicked".to_owned());
    }
}

/// Whether a machine sleeps now and then; the time of the others is set.
fn may_sleep(machine: usize) -> bool {
    machine.is_multiple_of(2)
}
