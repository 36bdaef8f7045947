//! One schedule of Patients Know Best: all that its machines, its platform and its store share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use digime_sdk::connections::MemoryStore;
use digime_sdk::pkb::Client;

use crate::executor::{Micros, Owner, SECOND, lock};
use crate::machine::Machine;
use crate::pkb::app::App;
use crate::pkb::application;
use crate::pkb::cached::kept;
use crate::pkb::data::Data;
use crate::pkb::director;
use crate::pkb::habits::Habits;
use crate::pkb::ledger::Ledger;
use crate::pkb::platform::Platform;
use crate::pkb::process::{self, Process};
use crate::pkb::store::Weather;
use crate::stage::{Outcome, Plan, Play, Stage, played};

/// One schedule.
pub struct Schedule {
    stage: Stage,
    processes: Mutex<Vec<Arc<Process>>>,
    pub platform: Mutex<Platform>,
    pub records: Arc<MemoryStore>,
    pub weather: Mutex<Weather>,
    ledger: Mutex<Ledger>,
    pub app: App,
    pub habits: Habits,
    /// How long a lease lasts, the shortest where they differ, an access token lives, and a call may take.
    pub lease: Micros,
    pub life: Micros,
    pub call: Micros,
    peeking: Client,
}

impl Deref for Schedule {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl Schedule {
    fn new(plan: &Plan) -> Arc<Self> {
        let stage = Stage::new(plan);
        let count = stage.machines.len();
        let lease = stage.chance(|chance| chance.one_of(&[3, 3, 3, 5, 10, 30])) * SECOND;
        let life = stage.chance(|chance| chance.one_of(&[20, 40, 60, 120])) * SECOND;
        let call = stage.chance(|chance| chance.one_of(&[10, 30, 60, 120])) * SECOND;
        let revokes = stage.chance(|chance| chance.once_in(2));
        let app = stage.chance(|chance| App::new(count, chance));
        let records = Arc::new(MemoryStore::default());
        let habits = Habits::new(plan.seed, count);
        let data = Data::new(app.users);
        let platform = Platform::new(life, revokes, habits.forbids, data);
        Arc::new(Self {
            platform: Mutex::new(platform),
            weather: Mutex::new(Weather {
                partitioned: vec![0; count],
                ..Weather::default()
            }),
            ledger: Mutex::default(),
            app,
            habits,
            lease,
            life,
            call,
            peeking: process::peeking(&records),
            records,
            stage,
            processes: Mutex::default(),
        })
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// From now on faults strike, or none does and what they have done to the store is over.
    pub fn let_strike(&self, storm: bool) {
        self.stage.let_strike(storm);
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
        let kept = kept(self.habits.tokens_kept_for(number));
        let lease = self.habits.lease_of(machine, self.lease);
        let (now, machine_of_it) = (self.executor.now(), &self.machines[machine]);
        let process = Process::new(number, machine_of_it, now, [lease, kept]);
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

    /// Something is added to a patient's record, or deleted from it.
    pub fn changes_data(&self, patient: usize) {
        let now = self.executor.now();
        let mut platform = lock(&self.platform);
        let data = &mut platform.data;
        self.chance(|chance| data.change(patient, chance, now));
        self.trace(|| {
            let last_change = data.last_change(patient);
            format!("the record of patient {patient} changes: {last_change:?}")
        });
    }

    /// The access token that serves a user, as it stands in the store.
    pub fn peek(&self, user: &str) -> Option<String> {
        process::access_token(&self.peeking, user)
    }

    /// Whether a user's link is marked as over.
    pub fn is_expired(&self, user: &str) -> bool {
        process::is_expired(&self.records, user)
    }
}

impl Play for Schedule {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn patience(&self) -> Micros {
        self.lease
    }

    fn machine_of(&self, process: usize) -> Arc<Machine> {
        Arc::clone(&lock(&self.processes)[process].machine)
    }

    fn crashes(self: &Arc<Self>, process: usize, later: Micros) {
        let process = self.process(process);
        self.kill(&process);
        application::restart(self, process.machine.number, later);
    }

    fn let_go(&self) {
        let processes = std::mem::take(&mut *lock(&self.processes));
        for process in processes {
            self.executor.end(Owner::Process(process.number));
            process.close();
        }
        self.executor.end(Owner::Outside);
    }
}

/// Runs a schedule.
#[must_use]
pub fn run(plan: &Plan) -> Outcome {
    let schedule = Schedule::new(plan);
    let directed = director::direct(Arc::clone(&schedule));
    schedule.executor.spawn(Owner::Outside, directed);
    played(&schedule)
}
