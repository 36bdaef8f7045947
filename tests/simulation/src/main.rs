//! Runs schedules, one seed after the other, and shows what broke a promise.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use clap::Parser;
use digime_simulation::{Plan, run, shortest};

/// Runs the whole core under seeds.
#[derive(Parser)]
struct Arguments {
    /// How many schedules to run.
    #[arg(long, default_value_t = 1000)]
    schedules: u64,
    /// The seed of the first; each has the next one.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A file of seeds that are run before, one a line with a word on each.
    #[arg(long)]
    seeds: Option<PathBuf>,
    /// How many of them may break a promise before it is given up.
    #[arg(long, default_value_t = 1)]
    failures: u64,
    /// How many threads run schedules; each schedule has one. Default: as many as there are cores.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Say which promise each seed broke, and no more.
    #[arg(long)]
    list: bool,
    /// Show the trace of the first schedule, whatever comes of it.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.trace {
        let outcome = run(&Plan {
            seed: arguments.seed,
            only: None,
            traced: true,
        });
        println!("{}", outcome.trace.join("\n"));
    }
    let seeds = arguments
        .seeds
        .as_deref()
        .map_or_else(|| Ok(Vec::new()), listed);
    let seeds = match seeds {
        Ok(seeds) => seeds,
        Err(error) => {
            eprintln!("digime-simulation: the seeds cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    if hunt(&arguments, &seeds) == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The seeds of a file.
fn listed(path: &Path) -> io::Result<Vec<u64>> {
    let text = fs::read_to_string(path)?;
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let number = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        word.parse()
            .map_err(|_| io::Error::other(format!("{line:?} begins with no number")))
    };
    lines.map(number).collect()
}

/// Runs the seeds and the schedules after them; how many broke a promise.
fn hunt(arguments: &Arguments, seeds: &[u64]) -> u64 {
    let began = Instant::now();
    let (next, ran) = (AtomicU64::new(0), AtomicU64::new(0));
    let (failed, steps, micros) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let cores = arguments
        .threads
        .or_else(|| thread::available_parallelism().ok());
    thread::scope(|scope| {
        for _ in 0..cores.map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                while failed.load(Ordering::Relaxed) < arguments.failures {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let known = seeds.len() as u64;
                    if number >= known + arguments.schedules {
                        return;
                    }
                    let place = usize::try_from(number).unwrap_or(usize::MAX);
                    let seed = seeds.get(place).copied();
                    let seed = seed.unwrap_or_else(|| arguments.seed + number - known);
                    let outcome = run(&Plan {
                        seed,
                        ..Plan::default()
                    });
                    ran.fetch_add(1, Ordering::Relaxed);
                    steps.fetch_add(outcome.steps, Ordering::Relaxed);
                    micros.fetch_add(outcome.lasted, Ordering::Relaxed);
                    if let Some(promise) = outcome.broken {
                        failed.fetch_add(1, Ordering::Relaxed);
                        println!(
                            "seed {seed} (schedule {}) broke a promise: {promise}",
                            number + 1
                        );
                        if !arguments.list {
                            show(seed);
                        }
                    }
                }
            });
        }
    });
    let [ran, failed, steps, micros] = [ran, failed, steps, micros].map(AtomicU64::into_inner);
    let took = began.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let a_second = ran as f64 / took.as_secs_f64();
    println!(
        "{ran} schedules in {:.1} s, {a_second:.0} a second; {steps} steps, {} hours of the time of the schedules",
        took.as_secs_f64(),
        micros / 3_600_000_000
    );
    println!("{} passed, {failed} failed", ran - failed);
    failed
}

/// Shows a schedule that broke a promise, as short as it could be made.
fn show(seed: u64) {
    let Some(shrunk) = shortest(seed) else {
        return println!(
            "seed {seed} does not break it again: something in the core is not decided by the seed"
        );
    };
    let (broken, faults) = (shrunk.broken.unwrap_or_default(), shrunk.struck.len());
    let strikes = shrunk.struck.iter().map(|strike| format!("  {strike}"));
    let lines: Vec<String> = shrunk.trace.into_iter().chain(strikes).collect();
    println!(
        "{}\nseed {seed}, with these {faults} faults: {broken}\n",
        lines.join("\n")
    );
}
