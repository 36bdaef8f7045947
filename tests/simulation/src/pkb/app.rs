//! What all processes of the application know: its users, how far it has come with another key, and whether it goes on.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::chance::Chance;
use crate::executor::lock;

/// What all processes of the application know.
pub struct App {
    pub users: usize,
    /// Whether the encryption key is changed in this schedule.
    pub rotates: bool,
    /// How far each machine has come with that: the step of the documentation.
    steps: Mutex<Vec<usize>>,
    /// Who has come back from the platform, and with which address.
    pub callbacks: Mutex<Vec<(usize, String)>>,
    /// Who is linked, as far as the application knows.
    pub linked: Mutex<Vec<bool>>,
    stops: AtomicBool,
    closes: AtomicBool,
    /// How many make calls.
    pub callers: AtomicUsize,
}

impl App {
    #[must_use]
    pub fn new(machines: usize, chance: &mut Chance) -> Self {
        let users = chance.one_of(&[1, 1, 2]);
        Self {
            users,
            rotates: chance.once_in(3),
            steps: Mutex::new(vec![0; machines]),
            callbacks: Mutex::default(),
            linked: Mutex::new(vec![false; users]),
            stops: AtomicBool::new(false),
            closes: AtomicBool::new(false),
            callers: AtomicUsize::new(0),
        }
    }

    /// The keys of a machine's processes: the one that seals, and one that opens.
    pub fn keys(&self, machine: usize) -> [Option<usize>; 2] {
        match lock(&self.steps)[machine] {
            0 => [Some(0), None],
            1 => [Some(0), Some(1)],
            _ => [Some(1), Some(0)],
        }
    }

    /// Takes a machine to the next step.
    pub fn goes_on(&self, machine: usize) {
        lock(&self.steps)[machine] += 1;
    }

    /// Whether every process seals with the new key.
    pub fn may_rotate(&self) -> bool {
        lock(&self.steps).iter().all(|step| *step == 2)
    }

    /// Lets nobody begin another call.
    pub fn stop(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    /// Whether nobody is to begin another call.
    pub fn is_over(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    /// From now on clients are closed.
    pub fn close(&self) {
        self.closes.store(true, Ordering::Relaxed);
    }

    /// Whether they are.
    pub fn is_closing(&self) -> bool {
        self.closes.load(Ordering::Relaxed)
    }

    /// Whether nobody makes calls any more.
    pub fn has_stopped(&self) -> bool {
        self.callers.load(Ordering::Relaxed) == 0
    }
}
