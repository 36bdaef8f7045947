//! What the SDK costs, beside what its work must cost: the server, the floors and the column of Rust, as one command.

mod application;
mod connections;
mod distance;
mod exchanges;
mod far;
mod floors;
mod kept;
mod links;
mod measurement;
mod one_by_one;
mod place;
mod population;
mod repetition;
mod searching;
mod server;
mod waiting;
mod work;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use connections::{Connections, Scale};
use digime_bench::{Announcement, BenchError};
use exchanges::Exchanges;
use floors::{Primitives, Sizes};
use kept::{Asking, Filling, Kept};
use links::Links;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

/// The server of the bench, and what is measured in Rust.
///
/// `floors`, `work` and `connections` read the line that `serve` prints from their standard input, and print one line of JSON themselves.
#[derive(Parser)]
#[command(version)]
struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a platform that checks nothing, until the process is ended
    Serve(server::Stock),
    /// Measure what the work must cost
    Floors(Sizes),
    /// Measure what the work costs with the SDK in Rust
    Work(work::Task),
    /// Fill a store with connections, and measure what is done with it
    Connections(Scale),
    /// Fill a store with links, and say how it is opened
    Fill(Filling),
    /// Ask for the tokens of anybody in a store that was filled, whose line is read from the standard input
    Links(Asking),
}

#[derive(Serialize)]
struct AtScale {
    connections: Connections,
    links: Links,
}

#[derive(Serialize)]
struct Floors {
    primitives: Primitives,
    exchanges: Exchanges,
}

fn main() -> ExitCode {
    match run(Flags::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("digime-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), BenchError> {
    match command {
        Command::Serve(stock) => Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(server::serve(stock)),
        Command::Floors(sizes) => {
            let primitives = Primitives::measure(&sizes)?;
            let platform = announced()?;
            let exchanges = in_a_task(Exchanges::measure(platform, sizes))?;
            print(&Floors {
                primitives,
                exchanges,
            })
        }
        Command::Work(task) => {
            let platform = announced()?;
            print(&in_a_task(task.measure(platform))?)
        }
        Command::Connections(scale) => {
            let platform = announced()?;
            print(&in_a_task(async move {
                let connections = Connections::measure(&scale, platform).await?;
                let links = Links::measure(&scale).await?;
                Ok(AtScale { connections, links })
            })?)
        }
        Command::Fill(filling) => print(&in_a_task(filling.fill())?),
        Command::Links(asking) => {
            let kept: Kept = serde_json::from_reader(io::stdin())?;
            print(&in_a_task(asking.measure(kept))?)
        }
    }
}

/// Runs a future as services run theirs: on one of several worker threads.
fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = Result<T, BenchError>> + Send + 'static,
) -> Result<T, BenchError> {
    let runtime = Runtime::new()?;
    runtime.block_on(runtime.spawn(work))?
}

fn announced() -> Result<Announcement, BenchError> {
    Ok(serde_json::from_reader(io::stdin())?)
}

fn print(figures: &impl Serialize) -> Result<(), BenchError> {
    println!("{}", serde_json::to_string(figures)?);
    Ok(())
}
