//! Links of Patients Know Best at scale: what only its calls do with a store.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use digime_bench::{BenchError, complete};
use digime_sdk::World;
use digime_sdk::pkb::{
    Client, Config, Environment, FindLinksOptions, GetAccessTokenOptions, GetLinkUrlOptions,
    ImportLinksOptions, ImportedLink,
};
use digime_sdk::world::Clock;
use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::connections::{AT_ONCE, KEYS, PORTION, Scale};
use crate::measurement::{Measurement, Stopwatch};
use crate::place::Place;
use crate::population::{self, Anybody};
use crate::repetition::{at_once, one_at_a_time};

/// The file of SQLite's, or the schema of PostgreSQL's.
pub const NAME: &str = "links";

/// What is measured with PKB.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// `importLinks`, of each link.
    #[serde(rename = "importLinks")]
    import_all: Measurement,
    /// `getAccessToken`, one at a time.
    token: Measurement,
    /// `getAccessToken`, several at once.
    token16: Measurement,
    /// `findLinks`, one at a time.
    find: Measurement,
    /// `getLinkUrl`, each of which writes an attempt.
    attempt: Measurement,
    /// One `getLinkUrl` that removes all of these, of each attempt.
    clean_up: Measurement,
}

impl Links {
    /// Fills a store, and measures.
    pub async fn measure(scale: &Scale) -> Result<Self, BenchError> {
        let linked = Linked::new(&scale.store, scale.connections, 0)?;
        let left = Linked::of_long_ago(&scale.store, scale.calls)?;
        Ok(Self {
            import_all: linked.import().await?,
            token: one_at_a_time(&linked, scale.calls, Linked::token).await?,
            token16: at_once(&linked, scale.calls, AT_ONCE.into(), Linked::token).await?,
            find: one_at_a_time(&linked, scale.calls, Linked::find).await?,
            attempt: left.begin_all().await?,
            clean_up: linked.clean_up(scale.calls).await?,
        })
    }
}

/// An application with so many links.
pub struct Linked {
    client: Client,
    people: u64,
    anybody: Anybody,
}

impl Linked {
    /// One whose links are in a folder, or at an address of PostgreSQL, and which uses what it has read of them for so many milliseconds.
    pub fn new(store: &str, people: u64, cache_tokens_for: u64) -> Result<Arc<Self>, BenchError> {
        let client = Client::new(config(store, cache_tokens_for)?)?;
        Ok(Self::of(client, people))
    }

    /// The same two days ago.
    fn of_long_ago(store: &str, people: u64) -> Result<Arc<Self>, BenchError> {
        let mut world = World::real()?;
        world.clock = Arc::new(LongAgo(world.clock));
        let client = Client::in_world(config(store, 0)?, world)?;
        Ok(Self::of(client, people))
    }

    fn of(client: Client, people: u64) -> Arc<Self> {
        Arc::new(Self {
            client,
            people,
            anybody: Anybody::default(),
        })
    }

    /// Makes the links.
    pub async fn import(&self) -> Result<Measurement, BenchError> {
        let stopwatch = Stopwatch::start();
        let mut imported = 0;
        for first in (0..self.people).step_by(PORTION) {
            let portion = (first..self.people.min(first + PORTION as u64)).map(|number| {
                Ok::<_, BenchError>(ImportedLink {
                    app_user_id: population::user(number)?,
                    public_id: population::public_id(number)?,
                    tokens: population::link_tokens(number)?,
                })
            });
            let links = portion.collect::<Result<Vec<_>, _>>()?;
            let options = ImportLinksOptions::builder().links(links).build();
            imported += self.client.import_links(options).await?.imported;
        }
        complete("links imported", self.people, imported)?;
        Ok(stopwatch.stop(self.people))
    }

    /// Asks for the access token of anybody.
    pub async fn token(self: Arc<Self>) -> Result<(), BenchError> {
        let user = population::user(self.anybody.of(self.people))?;
        let options = GetAccessTokenOptions::builder().app_user_id(user).build();
        self.client.get_access_token(options).await?;
        Ok(())
    }

    async fn begin(&self, number: u64) -> Result<(), BenchError> {
        let user = population::user(number)?;
        let options = GetLinkUrlOptions::builder().app_user_id(user).build();
        self.client.get_link_url(options).await?;
        Ok(())
    }

    async fn begin_all(&self) -> Result<Measurement, BenchError> {
        let stopwatch = Stopwatch::start();
        for number in 0..self.people {
            self.begin(number).await?;
        }
        Ok(stopwatch.stop(self.people))
    }

    async fn clean_up(&self, attempts: u64) -> Result<Measurement, BenchError> {
        let stopwatch = Stopwatch::start();
        self.begin(0).await?;
        Ok(stopwatch.stop(attempts))
    }

    async fn find(self: Arc<Self>) -> Result<(), BenchError> {
        let public_id = population::public_id(self.anybody.of(self.people))?;
        let options = FindLinksOptions::builder().public_id(public_id).build();
        let found = self.client.find_links(options).await?;
        complete("link found", 1, found.len() as u64)
    }
}

fn config(store: &str, cache_tokens_for: u64) -> Result<Config, BenchError> {
    let place = Place::new(store, NAME);
    Ok(Config::builder()
        .client_id("bench-client".parse()?)
        .redirect_uri("http://localhost/return".parse()?)
        .environment(Environment::Sandbox)
        .store(place.store())
        .maybe_store_schema(place.schema())
        .encryption_key(KEYS[0])
        .cache_tokens_for(cache_tokens_for)
        .build())
}

/// A clock of two days ago.
struct LongAgo(Arc<dyn Clock>);

impl Clock for LongAgo {
    fn now(&self) -> SystemTime {
        self.0.now() - Duration::from_hours(48)
    }

    fn steady(&self) -> Duration {
        self.0.steady()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
}
