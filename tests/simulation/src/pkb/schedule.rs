//! One schedule: all that its machines, its platform and its store share, and the loop that lets it happen.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use digime_sdk::connections::MemoryStore;
use digime_sdk::pkb::Client;

use crate::application::{self, App};
use crate::chance::Chance;
use crate::director;
use crate::executor::{Executor, Key, Micros, Owner, lock};
use crate::faults::{Faults, Kind, Strike};
use crate::ledger::Ledger;
use crate::machine::Machine;
use crate::platform::Platform;
use crate::process::{self, Process};
use crate::store::Weather;

pub const MILLISECOND: Micros = 1000;
pub const SECOND: Micros = 1_000_000;
/// How far the clocks of machines are apart at most: half of it ahead of the time, half behind.
const APART: Micros = 3600 * SECOND;
/// After so many steps a schedule should long be over.
const MOST_STEPS: u64 = 400_000;

/// What is to be run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
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

/// One schedule.
pub struct Schedule {
    pub executor: Arc<Executor>,
    pub machines: Vec<Arc<Machine>>,
    processes: Mutex<Vec<Arc<Process>>>,
    faults: Mutex<Faults>,
    pub platform: Mutex<Platform>,
    pub records: Arc<MemoryStore>,
    pub weather: Mutex<Weather>,
    ledger: Mutex<Ledger>,
    pub app: App,
    /// How long a lease lasts, an access token lives, and a call may take.
    pub lease: Micros,
    pub life: Micros,
    pub call: Micros,
    /// Where what is decided in passing comes from: latencies, and what users do.
    chance: Mutex<Chance>,
    peeking: Client,
    trace: Option<Mutex<Vec<String>>>,
    broken: Mutex<Option<String>>,
    over: AtomicBool,
    steps: AtomicU64,
}

impl Schedule {
    fn new(plan: &Plan) -> Arc<Self> {
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
        let machines: Vec<_> = machines.collect();
        let lease = chance.one_of(&[3, 3, 3, 5, 10, 30]) * SECOND;
        let life = chance.one_of(&[20, 40, 60, 120]) * SECOND;
        let call = chance.one_of(&[10, 30, 60, 120]) * SECOND;
        let records = Arc::new(MemoryStore::default());
        Arc::new(Self {
            executor,
            faults: Mutex::new(Faults::new(plan.seed, count, plan.only.clone())),
            platform: Mutex::new(Platform::new(life, chance.once_in(2))),
            weather: Mutex::new(Weather {
                partitioned: vec![0; count],
                ..Weather::default()
            }),
            ledger: Mutex::default(),
            app: App::new(count, &mut chance),
            lease,
            life,
            call,
            peeking: process::peeking(&records),
            records,
            machines,
            processes: Mutex::default(),
            chance: Mutex::new(chance),
            trace: plan.traced.then(Mutex::default),
            broken: Mutex::default(),
            over: AtomicBool::new(false),
            steps: AtomicU64::new(0),
        })
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
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

    /// From now on faults strike, or none does and what they have done to the store is over.
    pub fn let_strike(&self, storm: bool) {
        lock(&self.faults).let_strike(storm);
        if !storm {
            let now = self.executor.now();
            let mut weather = lock(&self.weather);
            weather.restarts = 0;
            weather.full = 0;
            weather.partitioned.fill(0);
            drop(weather);
            for process in lock(&self.processes).iter() {
                process.recovers(now);
            }
        }
    }

    /// A machine, or all, cannot use the store as they should.
    pub fn trouble(&self, machine: Option<usize>, from: Micros, until: Micros, what: &str) {
        self.trace(|| match machine {
            Some(machine) => format!("machine {machine} {what} until {until}"),
            None => format!("all {what} until {until}"),
        });
        let processes = lock(&self.processes);
        let concerned = processes.iter().filter(|process| {
            process.lives() && machine.is_none_or(|machine| process.machine.number == machine)
        });
        for process in concerned {
            process.has_trouble(from, until);
        }
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

    /// A process that has been started.
    pub fn process(&self, number: usize) -> Arc<Process> {
        Arc::clone(&lock(&self.processes)[number])
    }

    /// The process that lives on a machine.
    pub fn living(&self, machine: usize) -> Option<Arc<Process>> {
        let processes = lock(&self.processes);
        let of_it = |process: &&Arc<Process>| process.machine.number == machine && process.lives();
        processes.iter().rev().find(of_it).cloned()
    }

    /// Starts a process on a machine.
    pub fn start(self: &Arc<Self>, machine: usize) -> Arc<Process> {
        let mut processes = lock(&self.processes);
        let number = processes.len();
        let process = Process::new(number, &self.machines[machine], self.executor.now());
        // What keeps the machine from the store now keeps this process from it, too.
        let (now, weather) = (self.executor.now(), lock(&self.weather));
        let until = weather
            .restarts
            .max(weather.full)
            .max(weather.partitioned[machine]);
        if until > now {
            process.has_trouble(now, until);
        }
        drop(weather);
        processes.push(Arc::clone(&process));
        drop(processes);
        self.trace(|| format!("process {number} starts on machine {machine}"));
        process.open(self);
        process
    }

    /// Lets a process die.
    pub fn kill(&self, process: &Process) {
        self.trace(|| format!("process {} dies", process.number));
        process.dies();
        self.executor.end(Owner::Process(process.number));
        process.close();
    }

    /// The access token that serves a user, as it stands in the store.
    pub fn peek(&self, user: &str) -> Option<String> {
        process::access_token(&self.peeking, user)
    }

    /// Whether a user's link is marked as over.
    pub fn is_expired(&self, user: &str) -> bool {
        process::is_expired(&self.records, user)
    }

    /// Lets a task do its next step, or what chance has in store for its process.
    fn step(self: &Arc<Self>, key: Key, owner: Owner) {
        if let Owner::Process(number) = owner {
            let process = self.process(number);
            let machine = &process.machine;
            if machine.holds(key) {
                return;
            }
            let place = machine.number;
            if let Some(mut chance) = self.strikes(Kind::Crash, place) {
                self.kill(&process);
                let later = chance.between(MILLISECOND, 20 * SECOND);
                application::restart(self, place, later);
                return;
            }
            if let Some(mut chance) = self.strikes(Kind::ClockSet, place)
                && !may_sleep(place)
            {
                let ahead = i64::try_from(chance.below(APART)).unwrap_or_default();
                machine.set(ahead - i64::try_from(APART / 2).unwrap_or_default());
            }
            // A time that is set back hides that the machine has slept: either happens to a machine, not both.
            let sleeps = may_sleep(place)
                .then(|| self.strikes(Kind::Sleep, place))
                .flatten();
            let is_asleep = sleeps.is_some();
            if let Some(mut chance) = sleeps.or_else(|| self.strikes(Kind::Freeze, place)) {
                let longest = chance.one_of(&[SECOND, self.lease, self.lease * 5 / 2]);
                let until = self.executor.now() + chance.between(MILLISECOND, longest);
                machine.stand_still(until, is_asleep);
                self.trace(|| format!("machine {place} stands still until {until}"));
                machine.holds(key);
                let (machine, wakes) = (Arc::clone(machine), self.executor.until(until));
                self.executor.spawn(Owner::Outside, async move {
                    wakes.await;
                    machine.wake();
                });
                return;
            }
        }
        if catch_unwind(AssertUnwindSafe(|| self.executor.poll(key))).is_err() {
            self.broken("something panicked".to_owned());
        }
    }

    fn goes_on(&self) -> bool {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed);
        if steps == MOST_STEPS {
            self.broken("it does not come to an end".to_owned());
        }
        !self.over.load(Ordering::Relaxed) && lock(&self.broken).is_none()
    }
}

/// Whether a machine sleeps now and then; the time of the others is set.
fn may_sleep(machine: usize) -> bool {
    machine.is_multiple_of(2)
}

/// Runs a schedule from its beginning to its end, or until a promise is broken.
#[must_use]
pub fn run(plan: &Plan) -> Outcome {
    let schedule = Schedule::new(plan);
    let directed = director::direct(Arc::clone(&schedule));
    schedule.executor.spawn(Owner::Outside, directed);
    while schedule.goes_on() {
        if let Some((key, owner)) = schedule.executor.pick() {
            schedule.step(key, owner);
        } else if !schedule.executor.advance() {
            schedule.broken("everybody waits, for nothing".to_owned());
        }
    }
    let outcome = Outcome {
        broken: lock(&schedule.broken).clone(),
        trace: schedule
            .trace
            .as_ref()
            .map(|trace| lock(trace).clone())
            .unwrap_or_default(),
        struck: lock(&schedule.faults).struck().to_vec(),
        steps: schedule.steps.load(Ordering::Relaxed),
        lasted: schedule.executor.now(),
    };
    schedule.let_go();
    outcome
}

impl Schedule {
    /// Lets go of all tasks and processes, which hold the schedule itself.
    fn let_go(&self) {
        let processes = std::mem::take(&mut *lock(&self.processes));
        for process in processes {
            self.executor.end(Owner::Process(process.number));
            process.close();
        }
        self.executor.end(Owner::Outside);
    }
}
