//! One schedule of digi.me: machines, each with users of its own whose tokens its application keeps, and the platform that they share.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use digime_sdk::digime::UserAccessToken;

use crate::digime::application;
use crate::digime::director;
use crate::digime::platform::{Platform, parse};
use crate::digime::process::Process;
use crate::digime::promises::Ledger;
use crate::executor::{Micros, Owner, SECOND, lock};
use crate::machine::Machine;
use crate::stage::{Outcome, Plan, Play, Stage, played};

/// What an application keeps of a user, whatever becomes of its processes.
#[derive(Default)]
pub struct Account {
    pub token: Option<UserAccessToken>,
    /// The code that they came back with, and its verifier, until it is exchanged.
    pub code: Option<(String, String)>,
    /// The session that is read.
    pub session: Option<String>,
    /// What was uploaded, by its path.
    pub uploaded: Vec<String>,
}

/// One schedule.
pub struct Schedule {
    stage: Stage,
    processes: Mutex<Vec<Arc<Process>>>,
    pub platform: Mutex<Platform>,
    pub ledger: Mutex<Ledger>,
    /// The user of each machine.
    pub accounts: Vec<Mutex<Account>>,
    /// How long an access token lives, and a call may take.
    pub life: Micros,
    pub call: Micros,
    pub stops: AtomicBool,
    pub callers: AtomicUsize,
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
        let life = stage.chance(|chance| chance.one_of(&[20, 40, 60, 120])) * SECOND;
        let call = stage.chance(|chance| chance.one_of(&[10, 30, 60, 120])) * SECOND;
        let accounts = stage.machines.iter().map(|_| Mutex::default()).collect();
        Arc::new(Self {
            stage,
            processes: Mutex::default(),
            platform: Mutex::new(Platform::new(plan.seed, life)),
            ledger: Mutex::default(),
            accounts,
            life,
            call,
            stops: AtomicBool::new(false),
            callers: AtomicUsize::new(0),
        })
    }

    /// The application keeps a token, unless it has a newer one.
    pub fn keeps(&self, user: usize, token: &UserAccessToken) {
        let place = |token: &UserAccessToken| parse("access", token.access_token.value.expose());
        let mut account = lock(&self.accounts[user]);
        let is_newer = |kept: &UserAccessToken| place(token) > place(kept);
        if account.token.as_ref().is_none_or(is_newer) {
            account.token = Some(token.clone());
        }
        drop(account);
        lock(&self.ledger).knows(token.access_token.value.expose());
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
        let process = Process::new(processes.len(), &self.machines[machine]);
        processes.push(Arc::clone(&process));
        drop(processes);
        self.trace(|| format!("process {} starts on machine {machine}", process.number));
        process.open(self);
        process
    }
}

impl Play for Schedule {
    fn stage(&self) -> &Stage {
        &self.stage
    }

    fn patience(&self) -> Micros {
        10 * SECOND
    }

    fn machine_of(&self, process: usize) -> Arc<Machine> {
        Arc::clone(&lock(&self.processes)[process].machine)
    }

    fn crashes(self: &Arc<Self>, process: usize, later: Micros) {
        let process = self.process(process);
        self.trace(|| format!("process {} dies", process.number));
        process.dies();
        self.executor.end(Owner::Process(process.number));
        process.close();
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
