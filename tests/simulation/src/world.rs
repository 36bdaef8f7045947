//! The world of a process: the clocks of its machine, randomness that its seed decides, and tasks that end with it.

use std::sync::{Arc, Mutex};

use digime_sdk::transport::Transport;
use digime_sdk::world::{Random, Tasks};
use digime_sdk::{Error, World};
use futures_util::future::BoxFuture;

use crate::chance::Chance;
use crate::executor::{Executor, Owner, lock};
use crate::machine::{Machine, MachineClock};
use crate::stage::Stage;

/// That of the process with this number.
pub fn of_process(
    stage: &Stage,
    machine: &Arc<Machine>,
    number: usize,
    transport: Arc<dyn Transport>,
) -> World {
    let chance = stage.chance(|chance| Chance::of(&[chance.number(), number as u64]));
    World {
        transport,
        clock: Arc::new(MachineClock(Arc::clone(machine))),
        random: Arc::new(Seeded::new(chance)),
        tasks: Arc::new(Beside {
            executor: Arc::clone(&stage.executor),
            owner: Owner::Process(number),
        }),
        observer: None,
    }
}

/// Randomness of a process.
pub struct Seeded(Mutex<Chance>);

impl Seeded {
    /// That comes from here.
    #[must_use]
    pub fn new(chance: Chance) -> Self {
        Self(Mutex::new(chance))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let mut chance = lock(&self.0);
        for piece in bytes.chunks_mut(8) {
            let number = chance.number().to_le_bytes();
            piece.copy_from_slice(&number[..piece.len()]);
        }
        Ok(())
    }
}

/// Tasks of a process.
struct Beside {
    executor: Arc<Executor>,
    owner: Owner,
}

impl Tasks for Beside {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.executor.spawn_boxed(self.owner, work);
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        work();
    }
}
