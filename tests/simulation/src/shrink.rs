//! How a schedule that broke a promise is made shorter: with fewer faults, as long as it still breaks one.

use std::collections::BTreeSet;

use crate::faults::Strike;
use crate::run;
use crate::stage::{Outcome, Plan, Platform};

/// How many schedules are run for it at most.
const MOST_RUNS: u32 = 400;

/// The shortest schedule of this seed that still breaks a promise, as far as it was looked for; none where the seed breaks none.
#[must_use]
pub fn shortest(platform: Platform, seed: u64) -> Option<Outcome> {
    let first = run(&Plan {
        platform,
        seed,
        ..Plan::default()
    });
    first.broken.as_ref()?;
    let mut faults: Vec<Strike> = first.struck;
    let mut runs = 0;
    let mut size = faults.len().div_ceil(2);
    while size > 0 && runs < MOST_RUNS {
        let mut from = 0;
        let mut has_shrunk = false;
        while from < faults.len() && runs < MOST_RUNS {
            let to = (from + size).min(faults.len());
            let fewer: Vec<Strike> = [&faults[..from], &faults[to..]].concat();
            let outcome = with(platform, seed, &fewer, false);
            runs += 1;
            if outcome.broken.is_some() {
                // Some of those that were to strike may have had no opportunity.
                faults = outcome.struck;
                has_shrunk = true;
            } else {
                from = to;
            }
        }
        if !has_shrunk || size > faults.len() {
            size /= 2;
        }
    }
    Some(with(platform, seed, &faults, true))
}

fn with(platform: Platform, seed: u64, faults: &[Strike], traced: bool) -> Outcome {
    let only: BTreeSet<Strike> = faults.iter().copied().collect();
    run(&Plan {
        platform,
        seed,
        only: Some(only),
        traced,
    })
}
