//! What a schedule is: the same for the same seed, and shorter where it can be.

use std::collections::BTreeSet;

use digime_simulation::{Plan, Platform, run};

fn traced(platform: Platform, seed: u64) -> Plan {
    Plan {
        platform,
        seed,
        only: None,
        traced: true,
    }
}

/// So many schedules are the same when they are run again.
fn are_the_same(platform: Platform, seeds: u64) {
    for seed in 0..seeds {
        let [first, second] = [(); 2].map(|()| run(&traced(platform, seed)));
        assert_eq!(first.trace, second.trace, "seed {seed}");
        assert!(first.trace.len() > 50, "seed {seed}");
    }
}

#[test]
fn one_seed_is_one_trace() {
    are_the_same(Platform::Pkb, 20);
}

#[test]
fn one_seed_of_digime_is_one_trace_although_signatures_differ() {
    are_the_same(Platform::Digime, 10);
}

#[test]
fn two_seeds_are_two_traces() {
    for platform in [Platform::Pkb, Platform::Digime] {
        let [first, second] = [1, 2].map(|seed| run(&traced(platform, seed)));
        assert_ne!(first.trace, second.trace);
    }
}

#[test]
fn faults_can_be_left_out() {
    for platform in [Platform::Pkb, Platform::Digime] {
        let all = run(&traced(platform, 3));
        let with = |only: BTreeSet<_>| {
            run(&Plan {
                only: Some(only),
                ..traced(platform, 3)
            })
        };
        let none = with(BTreeSet::new());
        assert!(!all.struck.is_empty());
        assert_eq!(none.struck, []);
        assert_eq!(none.broken, None);
        let again = with(all.struck.iter().copied().collect());
        assert_eq!(all.trace, again.trace);
    }
}
