//! What may happen to a store: operations at random, of which proptest finds the shortest sequence.

use proptest::prelude::*;
use proptest::sample::select;

use super::records::IDS;

pub(super) const INSTANCES: usize = 3;

/// Which version a change expects, beside that which is there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expectation {
    Right,
    Nothing,
    Before,
    After,
    Shorter,
    Longer,
}

/// Which record is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub platform: usize,
    pub id: usize,
}

/// What is written; `first` is the version of a record that is new.
#[derive(Debug, Clone, Copy)]
pub(super) struct Put {
    pub key: Key,
    pub by: usize,
    pub expectation: Expectation,
    pub public_id: usize,
    pub shares: bool,
    pub later: bool,
    pub first: i64,
    pub expires_at: i64,
}

/// What is changed several times at once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Over {
    Link,
    LinkOrRemoval,
    Attempt,
    PublicId,
}

#[derive(Debug, Clone)]
pub(super) enum Operation {
    Put(Put),
    PutAttempt(Put),
    Remove(Put),
    RemoveAttempts {
        platform: usize,
        by: usize,
        expires_at: i64,
    },
    RemoveAttemptsOf {
        platform: usize,
        by: usize,
        owner: usize,
    },
    Race(Over, Put),
    List {
        platform: usize,
        by: usize,
        limit: u32,
    },
    /// The database is killed while a link is written, or at once when it is.
    Crash {
        put: Put,
        is_answered: bool,
    },
}

/// Where a comparison as text, as 32 bits or as a float goes wrong within a few changes.
const FIRST_VERSIONS: [i64; 12] = [
    1,
    8,
    9,
    97,
    99,
    (1 << 24) - 1,
    (1 << 31) - 2,
    (1 << 32) - 2,
    999_999_999_999_998,
    (1 << 53) - 2,
    1 << 53,
    1 << 62,
];

const MOST: usize = 20;

pub(super) fn sequences(crashes: bool) -> impl Strategy<Value = Vec<Operation>> {
    let by = 0..INSTANCES;
    let platform = prop_oneof![3 => Just(0_usize), 1 => Just(1)];
    let operation = prop_oneof![
        8 => put().prop_map(Operation::Put),
        3 => put().prop_map(Operation::PutAttempt),
        2 => put().prop_map(Operation::Remove),
        2 => (platform.clone(), by.clone(), 0..4_i64)
            .prop_map(|(platform, by, expires_at)| Operation::RemoveAttempts { platform, by, expires_at }),
        1 => (platform.clone(), by.clone(), 0..2_usize)
            .prop_map(|(platform, by, owner)| Operation::RemoveAttemptsOf { platform, by, owner }),
        3 => (select(vec![Over::Link, Over::LinkOrRemoval, Over::Attempt, Over::PublicId]), put())
            .prop_map(|(over, put)| Operation::Race(over, put)),
        2 => (platform, by, 1..5_u32)
            .prop_map(|(platform, by, limit)| Operation::List { platform, by, limit }),
        u32::from(crashes) => (put(), any::<bool>())
            .prop_map(|(put, is_answered)| Operation::Crash { put, is_answered }),
    ];
    prop::collection::vec(operation, 1..=MOST)
}

fn put() -> impl Strategy<Value = Put> {
    // Few are met often, and the others now and then.
    let id = prop_oneof![3 => 0..4_usize, 1 => 0..IDS.len()];
    let key = (prop_oneof![3 => Just(0_usize), 1 => Just(1)], id);
    let expectation = prop_oneof![
        6 => Just(Expectation::Right),
        3 => select(vec![
            Expectation::Nothing,
            Expectation::Before,
            Expectation::After,
            Expectation::Shorter,
            Expectation::Longer,
        ]),
    ];
    let rest = (
        0..4_usize,
        any::<bool>(),
        any::<bool>(),
        select(FIRST_VERSIONS.to_vec()),
        0..3_i64,
    );
    (key, 0..INSTANCES, expectation, rest).prop_map(|((platform, id), by, expectation, rest)| {
        let (public_id, shares, later, first, expires_at) = rest;
        Put {
            key: Key { platform, id },
            by,
            expectation,
            public_id,
            shares,
            later,
            first,
            expires_at,
        }
    })
}

/// The version that a change names, where the record has this one.
pub(super) fn expected(expectation: Expectation, current: Option<i64>) -> Option<i64> {
    let Some(current) = current else {
        let is_none = matches!(expectation, Expectation::Right | Expectation::Nothing);
        return (!is_none).then_some(1);
    };
    match expectation {
        Expectation::Right => Some(current),
        Expectation::Nothing => None,
        Expectation::Before if current > 1 => Some(current - 1),
        Expectation::Shorter if current > 9 => Some(current / 10),
        Expectation::Longer if current < 1_000_000_000_000_000 => Some(current * 10),
        Expectation::Longer => Some(current - 10),
        Expectation::Before | Expectation::After | Expectation::Shorter => Some(current + 1),
    }
}
