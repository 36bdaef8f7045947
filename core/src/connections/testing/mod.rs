//! A contract test for stores, one's own among them: calls at random, some of them at once, each compared with what a store has to answer.

mod crash;
mod looks;
mod model;
mod operations;
mod play;
mod promises;
mod race;
mod records;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::looks::Looks;
use self::model::Model;
use self::operations::{INSTANCES, Operation, sequences};
use self::play::Play;
use super::LinkStore;

pub use self::promises::{BrokenPromise, StorePromise};

/// The server on which the data of a store is, of the test's own.
pub trait Database: Send + Sync {
    /// Ends it as a crash does (`SIGKILL`, not a shutdown), and returns when it has ended.
    fn kill(&self) -> BoxFuture<'_, ()>;

    /// Starts it again on what is left of its data, and returns when it can be asked.
    fn start(&self) -> BoxFuture<'_, ()>;
}

type Open = dyn Fn() -> Arc<dyn LinkStore> + Send + Sync;

/// A store to be checked, and how long.
pub struct Check {
    open: Box<Open>,
    database: Option<Arc<dyn Database>>,
    runs: u32,
    seed: Option<u64>,
}

impl Check {
    /// A check of the store that `open` opens as one more process would: an instance with a connection of its own, on the same data.
    /// Records of others in it are left alone.
    pub fn new(open: impl Fn() -> Arc<dyn LinkStore> + Send + Sync + 'static) -> Self {
        Self {
            open: Box::new(open),
            database: None,
            runs: 100,
            seed: None,
        }
    }

    /// Without it nothing is found out of what outlasts a crash.
    #[must_use]
    pub fn database(mut self, database: Arc<dyn Database>) -> Self {
        self.database = Some(database);
        self
    }

    /// How many sequences of calls are made: 100 by default.
    #[must_use]
    pub fn runs(mut self, runs: u32) -> Self {
        self.runs = runs;
        self
    }

    /// Which ones: the seed that a failure names makes the same again. Others each time by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    fn opened(&self) -> Vec<Arc<dyn LinkStore>> {
        (0..INSTANCES).map(|_| (self.open)()).collect()
    }
}

/// How many shorter sequences are tried, at most.
const SHRINKING: usize = 2_000;

/// Checks that a store keeps the promises that the SDK builds on, by calls at random through three instances of it.
///
/// # Errors
///
/// A promise that it broke, with the shortest sequence of calls that was found to lead there.
pub async fn check_link_store(check: Check) -> Result<(), BrokenPromise> {
    let seed = check.seed.unwrap_or_else(any_number);
    let mut runner = TestRunner::new_with_rng(Config::default(), random(seed));
    let sequences = sequences(check.database.is_some());
    let mut stores = check.opened();
    for _ in 0..check.runs {
        // No filter of these strategies gives up.
        let Ok(mut tree) = sequences.new_tree(&mut runner) else {
            continue;
        };
        let Err(mut broken) = play(&check, &mut stores, &tree.current()).await else {
            continue;
        };
        let mut goes_on = tree.simplify();
        for _ in 0..SHRINKING {
            if !goes_on {
                break;
            }
            goes_on = match play(&check, &mut stores, &tree.current()).await {
                Err(shorter) => {
                    broken = shorter;
                    tree.simplify()
                }
                Ok(()) => tree.complicate(),
            };
        }
        return Err(broken.under(seed));
    }
    for store in stores {
        store.close().await;
    }
    Ok(())
}

async fn play(
    check: &Check,
    stores: &mut Vec<Arc<dyn LinkStore>>,
    operations: &[Operation],
) -> Result<(), BrokenPromise> {
    let looks = Looks {
        stores: stores.clone(),
        model: Model::default(),
        platforms: records::platforms(any_number()),
        calls: Vec::new(),
    };
    let mut play = Play {
        looks,
        check,
        marks: 0,
    };
    let played = play.run(operations).await;
    let ended = play.end().await;
    *stores = play.looks.stores;
    // What cannot be removed of a run that has failed stays.
    played.and(ended)
}

fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

fn any_number() -> u64 {
    let mut bytes = [0; 8];
    #[expect(clippy::disallowed_methods, reason = "a test has no world of its own")]
    let filled = aws_lc_rs::rand::fill(&mut bytes);
    // Without randomness of the machine's it is the same each time.
    debug_assert!(filled.is_ok());
    u64::from_le_bytes(bytes)
}
