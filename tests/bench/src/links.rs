//! Links of Patients Know Best at scale: what only its calls do with a store.

use std::sync::Arc;

use digime_bench::{BenchError, complete};
use digime_sdk::pkb::{
    Client, Config, Environment, FindLinksOptions, GetAccessTokenOptions, ImportLinksOptions,
    ImportedLink,
};
use serde::Serialize;

use crate::connections::{AT_ONCE, KEYS, PORTION, Scale};
use crate::measurement::{Measurement, Stopwatch};
use crate::place::Place;
use crate::population::{self, Anybody};
use crate::repetition::{at_once, one_at_a_time};

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
}

impl Links {
    /// Fills a store, and measures.
    pub async fn measure(scale: &Scale) -> Result<Self, BenchError> {
        let place = Place::new(&scale.store, "links");
        let config = Config::builder()
            .client_id("bench-client".parse()?)
            .redirect_uri("http://localhost/return".parse()?)
            .environment(Environment::Sandbox)
            .store(place.store())
            .maybe_store_schema(place.schema())
            .encryption_key(KEYS[0])
            .build();
        let linked = Arc::new(Linked {
            client: Client::new(config)?,
            people: scale.connections,
            anybody: Anybody::default(),
        });
        Ok(Self {
            import_all: linked.import().await?,
            token: one_at_a_time(&linked, scale.calls, Linked::token).await?,
            token16: at_once(&linked, scale.calls, AT_ONCE.into(), Linked::token).await?,
            find: one_at_a_time(&linked, scale.calls, Linked::find).await?,
        })
    }
}

/// An application with so many links.
struct Linked {
    client: Client,
    people: u64,
    anybody: Anybody,
}

impl Linked {
    async fn import(&self) -> Result<Measurement, BenchError> {
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

    async fn token(self: Arc<Self>) -> Result<(), BenchError> {
        let user = population::user(self.anybody.of(self.people))?;
        let options = GetAccessTokenOptions::builder().app_user_id(user).build();
        self.client.get_access_token(options).await?;
        Ok(())
    }

    async fn find(self: Arc<Self>) -> Result<(), BenchError> {
        let public_id = population::public_id(self.anybody.of(self.people))?;
        let options = FindLinksOptions::builder().public_id(public_id).build();
        let found = self.client.find_links(options).await?;
        complete("link found", 1, found.len() as u64)
    }
}
