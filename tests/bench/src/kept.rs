//! Links of which anybody's token is asked for: the store that every language opens, and the column of Rust.

use clap::{Args, ValueEnum};
use digime_bench::BenchError;
use serde::{Deserialize, Serialize};

use crate::connections::{AT_ONCE, KEYS};
use crate::links::{Linked, NAME};
use crate::measurement::{Measurement, Stopwatch};
use crate::place::Place;
use crate::population;
use crate::repetition::repeat;

/// A store that is to be filled.
#[derive(Args)]
pub struct Filling {
    /// Where it is: a folder, in which SQLite's file is made, or an address of PostgreSQL
    #[arg(long)]
    store: String,
    /// How many links it has
    #[arg(long, value_name = "N")]
    links: u64,
}

/// A store that was filled, as clients are told of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// As it was given.
    place: String,
    /// The file, or the address.
    store: String,
    /// The schema, of one in PostgreSQL.
    store_schema: Option<String>,
    encryption_key: String,
    app_user_ids: Vec<String>,
}

impl Filling {
    /// Fills it.
    pub async fn fill(self) -> Result<Kept, BenchError> {
        Linked::new(&self.store, self.links, 0)?.import().await?;
        let place = Place::new(&self.store, NAME);
        let ids = (0..self.links).map(|number| Ok(population::user(number)?.to_string()));
        Ok(Kept {
            store: place.text(),
            store_schema: place.schema(),
            place: self.store,
            encryption_key: KEYS[0].to_owned(),
            app_user_ids: ids.collect::<Result<_, BenchError>>()?,
        })
    }
}

/// What is to be measured.
#[derive(Args)]
pub struct Asking {
    /// How it is asked for
    work: How,
    /// How many calls
    size: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    /// From the store
    Links,
    /// From what was read in the last minute
    LinksCached,
}

impl Asking {
    /// Asks for anybody's token, several at once, after it was asked for everybody's.
    pub async fn measure(self, kept: Kept) -> Result<Measurement, BenchError> {
        let people = kept.app_user_ids.len() as u64;
        let lasts = match self.work {
            How::Links => 0,
            How::LinksCached => 60_000,
        };
        let linked = Linked::new(&kept.place, people, lasts)?;
        repeat(&linked, 4 * people, AT_ONCE.into(), Linked::token).await?;
        let stopwatch = Stopwatch::start();
        repeat(&linked, self.size, AT_ONCE.into(), Linked::token).await?;
        Ok(stopwatch.stop(self.size))
    }
}
