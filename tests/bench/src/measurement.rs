//! What is measured of a piece of work, in the form that every language prints.

use std::fs;
use std::time::{Duration, Instant};

use digime_bench::BenchError;
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::waiting::Waited;

/// The figures of a piece of work.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    count: u64,
    seconds: f64,
    cpu_seconds: f64,
    peak_rss_growth_bytes: u64,
    /// Which half of them took less than, where each was timed: what disturbs some does not move it.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_ms: Option<f64>,
    #[serde(flatten)]
    waited: Option<Waited>,
}

impl Measurement {
    /// With the median of how long each took.
    pub fn with_median(mut self, mut taken: Vec<Duration>) -> Self {
        taken.sort_unstable();
        let median = taken.get(taken.len() / 2);
        self.median_ms = median.map(|median| 1000.0 * median.as_secs_f64());
        self
    }

    /// With what came of waiting.
    pub fn with_waited(mut self, waited: Waited) -> Self {
        self.waited = Some(waited);
        self
    }
}

/// A measurement under way.
pub struct Stopwatch {
    begun: Instant,
    cpu: Duration,
    resident: u64,
}

impl Stopwatch {
    /// Begins.
    pub fn start() -> Self {
        // Forgets the peak of what came before. Where the system refuses that, the growth is overstated and not hidden.
        let _ = fs::write("/proc/self/clear_refs", "5");
        Self {
            resident: memory("VmRSS:"),
            cpu: cpu(),
            begun: Instant::now(),
        }
    }

    /// Ends; `count` is how often the work was done.
    pub fn stop(self, count: u64) -> Measurement {
        Measurement {
            count,
            seconds: self.begun.elapsed().as_secs_f64(),
            cpu_seconds: cpu().saturating_sub(self.cpu).as_secs_f64(),
            peak_rss_growth_bytes: memory("VmHWM:").saturating_sub(self.resident),
            median_ms: None,
            waited: None,
        }
    }
}

/// Measures work that is done `count` times, after it was done once to warm up.
pub fn repeat(
    count: u64,
    mut work: impl FnMut() -> Result<(), BenchError>,
) -> Result<Measurement, BenchError> {
    work()?;
    let stopwatch = Stopwatch::start();
    for _ in 0..count {
        work()?;
    }
    Ok(stopwatch.stop(count))
}

/// The time that all threads of this process have used so far.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// A field of this process's status, in bytes; 0 where there is no `/proc`.
fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kibibytes = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kibibytes.map_or(0, |kibibytes: u64| kibibytes * 1024)
}
