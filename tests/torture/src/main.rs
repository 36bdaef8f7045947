//! The worker in Rust: keeps calls going on one connection until its standard input ends.

mod ahead;
mod caller;
mod history;
mod passage;
mod sdk;

use std::io;
use std::num::ParseIntError;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use caller::Caller;
use digime_sdk::NonEmptyString;
use digime_sdk::digime::ContractDetails;
use history::History;
use passage::Passage;
use sdk::Sdk;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::sync::{mpsc, watch};

/// What the first line of standard input says. Each line after it is a mark: a number greater than the one before.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    /// Callers are of one of them, in turns.
    parties: Vec<Party>,
    /// How many calls are under way at any time.
    calls: usize,
    /// How many SDK objects make them, in turns, as if each part of an application had its own.
    clients: usize,
    /// By how much its clock is ahead.
    #[serde(default)]
    clock_ahead_ms: u64,
    /// How long a caller rests after each call.
    #[serde(default)]
    pause_ms: u64,
    /// The file to which each call is written; then one call in three is for the access token.
    #[serde(default)]
    history: Option<PathBuf>,
}

/// People of one platform.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    config: Value,
    /// That of digi.me's under which calls are made; without one the configuration is for Patients Know Best.
    contract: Option<ContractDetails>,
    /// The people on whose behalf calls are made, each caller's of one of them.
    app_user_ids: Vec<NonEmptyString>,
}

#[derive(Debug, thiserror::Error)]
enum WorkerError {
    #[error("standard input ended before it said what to do")]
    NotTold,
    #[error("the settings cannot be read: {0}")]
    Settings(#[from] serde_json::Error),
    #[error("a mark is no number: {0}")]
    Mark(#[from] ParseIntError),
    #[error(transparent)]
    Sdk(#[from] digime_sdk::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("digime-torture: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), WorkerError> {
    let mut lines = BufReader::new(stdin()).lines();
    let settings = lines.next_line().await?.ok_or(WorkerError::NotTold)?;
    let settings: Settings = serde_json::from_str(&settings)?;
    let world = ahead::world(Duration::from_millis(settings.clock_ahead_ms))?;
    let sdks = |party: &Party| {
        let sdk = |_| Sdk::of(&party.config, party.contract.as_ref(), world.clone());
        (0..settings.clients)
            .map(sdk)
            .collect::<Result<Vec<_>, _>>()
    };
    let sdks = settings.parties.iter().map(sdks);
    let sdks = sdks.collect::<Result<Vec<_>, _>>()?;
    let history = settings.history.as_deref().map(History::at).transpose()?;
    let history = history.map(Arc::new);
    let (marks, marked) = watch::channel(0);
    let (ended, mut calls) = mpsc::unbounded_channel();
    for place in 0..settings.calls {
        let (party, turn) = (place % sdks.len(), place / sdks.len());
        let app_user_ids = &settings.parties[party].app_user_ids;
        let caller = Caller {
            place,
            sdk: sdks[party][turn % settings.clients].clone(),
            app_user_id: app_user_ids[turn % app_user_ids.len()].clone(),
            pause: Duration::from_millis(settings.pause_ms),
            history: history.clone(),
            marks: marked.clone(),
            ended: ended.clone(),
        };
        tokio::spawn(caller.keep_calling());
    }
    drop(ended);
    let mut passage = Passage::of(settings.calls);
    loop {
        tokio::select! {
            Some(call) = calls.recv() => passage.record(&call),
            line = lines.next_line() => match line? {
                Some(mark) => {
                    marks.send_replace(mark.parse()?);
                }
                None => break,
            },
        }
    }
    // Callers end with the channel, each after the call that it is at.
    drop(marks);
    while let Some(call) = calls.recv().await {
        passage.record(&call);
    }
    passage.tell();
    Ok(())
}
