//! Connections at scale: a store is filled with them, and what is done with it is measured, beside the same done one by one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;
use digime_bench::{Announcement, BenchError, complete};
use digime_sdk::digime::{
    BoxError, Callback, Client, CloseOptions, Config, ContractDetails, CountConnectionsOptions,
    GetConnectionOptions, ImportConnectionOptions, ImportConnectionsOptions, ImportedConnection,
    KeepAliveOptions, ListConnectionsOptions, RotateKeysOptions,
};
use serde::Serialize;

use crate::measurement::{Measurement, Stopwatch};
use crate::place::Place;
use crate::population::{self, Anybody};
use crate::repetition::{at_once, one_at_a_time};

/// How many are brought in by one call.
pub const PORTION: usize = 5000;
/// How many are asked for, or refreshed, at once.
pub const AT_ONCE: u16 = 16;
/// The key that seals before `rotateKeys`, and the one after it.
pub const KEYS: [&str; 2] = [
    "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
];
/// More than can be done, so that nobody waits.
const PER_SECOND: u16 = u16::MAX;

/// How much is done.
#[derive(Args)]
pub struct Scale {
    /// Where the stores are: a folder, in which SQLite's files are made, or an address of PostgreSQL
    #[arg(long)]
    pub store: String,
    /// How many connections a store has
    #[arg(long, value_name = "N")]
    pub connections: u64,
    /// How often somebody's connection is asked for
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub calls: u64,
    /// How many are brought in, refreshed and sealed anew one by one
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub sample: u64,
}

/// What is measured with digi.me.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connections {
    /// `importConnections`, of each connection.
    import_all: Measurement,
    /// `importConnection`.
    import_each: Measurement,
    /// `getConnection`, one at a time.
    get: Measurement,
    /// `getConnection`, several at once.
    get16: Measurement,
    /// `listConnections` of all, of each connection.
    list: Measurement,
    /// `countConnections`.
    count: Measurement,
    /// `keepAlive`, of each connection that it refreshes.
    keep_alive: Measurement,
    /// `rotateKeys` of all, of each connection.
    rotate_all: Measurement,
    /// The same in a store that writes them one by one.
    rotate_each: Measurement,
}

impl Connections {
    /// Fills a store, and measures.
    pub async fn measure(scale: &Scale, platform: Announcement) -> Result<Self, BenchError> {
        let place = Place::new(&scale.store, "connections");
        let config = |store, key: usize| {
            let mut config = Config::new(platform.application_id.clone());
            config.base_url = Some(platform.place.base_url.clone());
            config.store = Some(store);
            config.store_schema = place.schema();
            config.encryption_key = Some(KEYS[key].into());
            config.previous_encryption_keys = Some(vec![KEYS[1 - key].into()]);
            config
        };
        let contract = |id: &str| {
            let key = platform.private_key.clone();
            Ok::<_, BenchError>(ContractDetails::new(id.parse()?, key))
        };
        let (many, few) = (contract("many")?, contract("few")?);
        let connected = |store, key, contract: &ContractDetails, people| {
            let client = Client::new(config(store, key))?;
            let contract = contract.clone();
            Ok::<_, BenchError>(Arc::new(Connected {
                client,
                contract,
                people,
                anybody: Anybody::default(),
            }))
        };
        let all = connected(place.store(), 0, &many, scale.connections)?;
        let sample = connected(place.store(), 0, &few, scale.sample)?;
        let import_all = all.import_all().await?;
        let import_each = sample.import_each().await?;
        let get = one_at_a_time(&all, scale.calls, Connected::get).await?;
        let get16 = at_once(&all, scale.calls, AT_ONCE.into(), Connected::get).await?;
        let list = all.list().await?;
        let count = all.count().await?;
        let keep_alive = sample.keep_alive().await?;
        for ended in [all, sample] {
            ended.client.close(CloseOptions::default()).await?;
        }
        let sample = connected(place.one_by_one()?, 1, &few, scale.sample)?;
        let all = connected(place.store(), 1, &many, scale.connections)?;
        Ok(Self {
            import_all,
            import_each,
            get,
            get16,
            list,
            count,
            keep_alive,
            rotate_each: sample.rotate().await?,
            rotate_all: all.rotate().await?,
        })
    }
}

/// An application with so many connections under a contract.
struct Connected {
    client: Client,
    contract: ContractDetails,
    people: u64,
    anybody: Anybody,
}

impl Connected {
    async fn import_all(&self) -> Result<Measurement, BenchError> {
        // The tables are made before.
        self.count().await?;
        let stopwatch = Stopwatch::start();
        let mut imported = 0;
        for first in (0..self.people).step_by(PORTION) {
            let portion = (first..self.people.min(first + PORTION as u64)).map(|number| {
                Ok::<_, BenchError>(ImportedConnection {
                    app_user_id: population::user(number)?,
                    user_access_token: population::user_access_token(number)?,
                })
            });
            let options = ImportConnectionsOptions::builder()
                .contract_id(self.contract.contract_id.clone())
                .connections(portion.collect::<Result<Vec<_>, _>>()?)
                .build();
            imported += self.client.import_connections(options).await?.imported;
        }
        complete("connections imported", self.people, imported)?;
        Ok(stopwatch.stop(self.people))
    }

    async fn import_each(&self) -> Result<Measurement, BenchError> {
        let stopwatch = Stopwatch::start();
        for number in 0..self.people {
            let options = ImportConnectionOptions::builder()
                .app_user_id(population::user(number)?)
                .contract_id(self.contract.contract_id.clone())
                .user_access_token(population::user_access_token(number)?)
                .build();
            self.client.import_connection(options).await?;
        }
        Ok(stopwatch.stop(self.people))
    }

    async fn get(self: Arc<Self>) -> Result<(), BenchError> {
        let options = GetConnectionOptions::builder()
            .app_user_id(population::user(self.anybody.of(self.people))?)
            .contract_id(self.contract.contract_id.clone())
            .build();
        let found = self.client.get_connection(options).await?;
        complete("connection found", 1, found.iter().count() as u64)
    }

    async fn list(&self) -> Result<Measurement, BenchError> {
        let listed = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&listed);
        let count = move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, BoxError>(()) }
        };
        let options = ListConnectionsOptions::builder()
            .contract_id(self.contract.contract_id.clone())
            .on_connection(Callback::new(count))
            .build();
        let stopwatch = Stopwatch::start();
        self.client.list_connections(options).await?;
        complete(
            "connections listed",
            self.people,
            listed.load(Ordering::Relaxed),
        )?;
        Ok(stopwatch.stop(self.people))
    }

    async fn count(&self) -> Result<Measurement, BenchError> {
        let options = CountConnectionsOptions::builder()
            .contract_id(self.contract.contract_id.clone())
            .build();
        let stopwatch = Stopwatch::start();
        self.client.count_connections(options).await?;
        Ok(stopwatch.stop(1))
    }

    async fn keep_alive(&self) -> Result<Measurement, BenchError> {
        let options = KeepAliveOptions::builder()
            .contract_details(self.contract.clone())
            .idle_for(0)
            .concurrency(AT_ONCE)
            .per_second(PER_SECOND)
            .build();
        let stopwatch = Stopwatch::start();
        let kept = self.client.keep_alive(options).await?;
        complete("connections refreshed", self.people, kept.refreshed)?;
        Ok(stopwatch.stop(self.people))
    }

    async fn rotate(&self) -> Result<Measurement, BenchError> {
        let options = RotateKeysOptions::builder()
            .contract_id(self.contract.contract_id.clone())
            .build();
        let stopwatch = Stopwatch::start();
        let rotated = self.client.rotate_keys(options).await?;
        complete("connections sealed anew", self.people, rotated.resealed)?;
        Ok(stopwatch.stop(self.people))
    }
}
