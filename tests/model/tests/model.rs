//! What holds of the lease in every state that its model can come to, and that the search finds it when a step is done wrongly.

use digime_lease_model::{Mistake, Model, Promise};

const SMALL: Model = Model {
    processes: 2,
    refreshes: 1,
    faults: 1,
    mistake: None,
};

fn keeps_every_promise(model: Model, states: usize) {
    let verdict = model.search();
    if let Some(found) = verdict.found {
        panic!("{found}");
    }
    assert!(verdict.states > states, "{verdict:?}");
}

#[test]
fn every_promise_is_kept_whatever_one_fault_strikes_wherever_in_two_refreshes() {
    let model = Model {
        refreshes: 2,
        ..SMALL
    };
    keeps_every_promise(model, 300_000);
}

#[test]
fn three_processes_keep_every_promise_where_nothing_fails() {
    let model = Model {
        processes: 3,
        refreshes: 2,
        faults: 0,
        ..SMALL
    };
    keeps_every_promise(model, 50_000);
}

/// Each with the faults that it takes until it shows, and the promise that it breaks first.
fn are_found(mistakes: &[(Mistake, u8, Promise)]) {
    for (mistake, faults, promise) in mistakes {
        let model = Model {
            faults: *faults,
            mistake: Some(*mistake),
            ..SMALL
        };
        is_found(model, *promise);
    }
}

fn is_found(model: Model, promise: Promise) {
    let found = model.search().found;
    let found = found.unwrap_or_else(|| panic!("{:?} is not found", model.mistake));
    assert_eq!(found.promise, promise, "{:?} {found}", model.mistake);
}

#[test]
fn a_lease_that_is_watched_wrongly_is_found() {
    are_found(&[
        (
            Mistake::TakesOverWithoutCounting,
            0,
            Promise::WatchedToItsEnd,
        ),
        (Mistake::CountsByTheWallClock, 1, Promise::WatchedToItsEnd),
        (Mistake::NeverTakesOver, 1, Promise::Recovers),
    ]);
    let two_watch = Model {
        processes: 3,
        faults: 0,
        mistake: Some(Mistake::CountsOnOverAnothersChange),
        ..SMALL
    };
    is_found(two_watch, Promise::WatchedToItsEnd);
}

#[test]
fn time_that_is_measured_wrongly_is_found() {
    are_found(&[
        (Mistake::MeasuresFromAfterTaking, 1, Promise::PresentedOnce),
        (
            Mistake::SendsWithoutALookAtTheTime,
            1,
            Promise::PresentedOnce,
        ),
        (
            Mistake::MeasuresBySteadyClockAlone,
            1,
            Promise::PresentedOnce,
        ),
        (
            Mistake::WaitsForTheAnswerBeyondTheLease,
            0,
            Promise::PresentedOnce,
        ),
    ]);
}

#[test]
fn a_refresh_that_is_repeated_or_given_up_wrongly_is_found() {
    are_found(&[
        (
            Mistake::ForgetsThatAnAnswerWasLost,
            1,
            Promise::NotRepeatedEarly,
        ),
        (Mistake::RepeatsEarly, 1, Promise::NotRepeatedEarly),
        (Mistake::EndsWhateverStands, 1, Promise::OverByItsWord),
    ]);
    let gives_up = Model {
        refreshes: 2,
        mistake: Some(Mistake::GivesUpTheLeaseOfAnother),
        ..SMALL
    };
    is_found(gives_up, Promise::PresentedOnce);
}

#[test]
fn a_pair_that_is_kept_wrongly_is_found() {
    are_found(&[
        (Mistake::UsesBeforeStoring, 0, Promise::StoredBeforeUsed),
        (Mistake::StoresOnceOnly, 1, Promise::AnswerKept),
        (Mistake::WaitsLongToStoreAgain, 1, Promise::PresentedOnce),
        (
            Mistake::StoresOverWhateverStands,
            1,
            Promise::NewestPairStays,
        ),
        (
            Mistake::RefusesToStoreUnderAnUnknownKey,
            1,
            Promise::AnswerKept,
        ),
        (
            Mistake::StoresBlindlyUnderAnUnknownKey,
            2,
            Promise::NewestPairStays,
        ),
        (Mistake::VersionsBeginAnew, 1, Promise::NewestPairStays),
        (Mistake::StoreDoesNotCompare, 0, Promise::WatchedToItsEnd),
    ]);
}
