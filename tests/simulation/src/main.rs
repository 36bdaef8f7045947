//! Runs schedules, one seed after the other, and shows what broke a promise.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use digime_simulation::{Plan, Platform, run, shortest};

/// Runs the whole core under seeds.
#[derive(Parser)]
struct Arguments {
    /// Whose clients: `pkb` or `digime`.
    #[arg(long, default_value = "pkb", value_parser = named)]
    platform: Platform,
    /// How many schedules to run.
    #[arg(long, default_value_t = 1000)]
    schedules: u64,
    /// After how many seconds no more of them begin. Default: none.
    #[arg(long)]
    seconds: Option<u64>,
    /// The seed of the first; each has the next one.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A file of seeds of this platform and others; those of this one are run before.
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
            platform: arguments.platform,
            seed: arguments.seed,
            only: None,
            traced: true,
        });
        println!("{}", outcome.trace.join("\n"));
    }
    let seeds = arguments
        .seeds
        .as_deref()
        .map_or_else(|| Ok(Vec::new()), |path| listed(arguments.platform, path));
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

/// The platform of this name.
fn named(name: &str) -> Result<Platform, String> {
    match name {
        "pkb" => Ok(Platform::Pkb),
        "digime" => Ok(Platform::Digime),
        _ => Err("expected pkb or digime".to_owned()),
    }
}

/// The seeds of a file that are of this platform: each line has a platform, a seed, and a word on it.
fn listed(platform: Platform, path: &Path) -> io::Result<Vec<u64>> {
    let text = fs::read_to_string(path)?;
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let seed = |line: &str| {
        let mut words = line.split_whitespace();
        let of = named(words.next().unwrap_or_default()).ok();
        of.zip(words.next().and_then(|word| word.parse().ok()))
            .ok_or_else(|| io::Error::other(format!("{line:?} begins with no platform and seed")))
    };
    let seeds: Vec<(Platform, u64)> = lines.map(seed).collect::<io::Result<_>>()?;
    let own = seeds.into_iter().filter(|(of, _)| *of == platform);
    Ok(own.map(|(_, seed)| seed).collect())
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
                    let longest = arguments.seconds.map(Duration::from_secs);
                    let is_late = longest.is_some_and(|longest| began.elapsed() >= longest);
                    if number >= known + arguments.schedules || (number >= known && is_late) {
                        return;
                    }
                    let place = usize::try_from(number).unwrap_or(usize::MAX);
                    let seed = seeds.get(place).copied();
                    let seed = seed.unwrap_or_else(|| arguments.seed + number - known);
                    let outcome = run(&Plan {
                        platform: arguments.platform,
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
                            show(arguments.platform, seed);
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
fn show(platform: Platform, seed: u64) {
    let Some(shrunk) = shortest(platform, seed) else {
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
