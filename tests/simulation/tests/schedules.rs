//! What a schedule is: the same for the same seed, and shorter where it can be.

use digime_simulation::{Plan, Platform, run};

fn traced(seed: u64) -> Plan {
    Plan {
        platform: Platform::Pkb,
        seed,
        only: None,
        traced: true,
    }
}

#[test]
fn one_seed_is_one_trace() {
    for seed in 0..20 {
        let [first, second] = [run(&traced(seed)), run(&traced(seed))];
        assert_eq!(first.trace, second.trace, "seed {seed}");
        assert!(first.trace.len() > 50, "seed {seed}");
    }
}

#[test]
fn two_seeds_are_two_traces() {
    assert_ne!(run(&traced(1)).trace, run(&traced(2)).trace);
}

#[test]
fn faults_can_be_left_out() {
    let all = run(&traced(3));
    let none = run(&Plan {
        only: Some(std::collections::BTreeSet::new()),
        ..traced(3)
    });
    assert!(!all.struck.is_empty());
    assert_eq!(none.struck, []);
    assert_eq!(none.broken, None);
    let again = run(&Plan {
        only: Some(all.struck.iter().copied().collect()),
        ..traced(3)
    });
    assert_eq!(all.trace, again.trace);
}
