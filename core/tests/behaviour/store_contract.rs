//! That the contract test for stores finds each way to break a promise, and nothing in stores that keep them, the SDK's own among them.

use std::sync::Arc;

use digime_sdk::connections::testing::{
    BrokenPromise, Check, Database, StorePromise, check_link_store,
};
use digime_sdk::connections::{LinkStore, MemoryStore, PostgresStore, SqliteStore};

use crate::faulty_store::{Client, Fault, Server};
use crate::pkb::store::{postgres, schema};

fn check(fault: Fault) -> Check {
    let server = Arc::new(Server::default());
    let database: Arc<dyn Database> = Arc::clone(&server) as _;
    let open = move || {
        let server = Arc::clone(&server);
        Arc::new(Client { server, fault }) as Arc<dyn LinkStore>
    };
    Check::new(open).database(database).runs(200).seed(1)
}

async fn broken(fault: Fault) -> BrokenPromise {
    check_link_store(check(fault)).await.unwrap_err()
}

/// That one of these promises is said to be broken.
async fn finds(fault: Fault, promises: &[StorePromise]) {
    let broken = broken(fault).await;
    assert!(promises.contains(&broken.promise()), "{broken}");
}

#[tokio::test]
async fn it_finds_nothing_in_a_store_that_keeps_its_promises_over_crashes() {
    check_link_store(check(Fault::None).runs(50)).await.unwrap();
}

#[tokio::test]
async fn it_finds_nothing_in_the_store_in_memory() {
    let store: Arc<dyn LinkStore> = Arc::new(MemoryStore::default());
    let check = Check::new(move || Arc::clone(&store));
    check_link_store(check).await.unwrap();
}

#[tokio::test]
async fn it_finds_nothing_in_a_file_of_sqlites() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("links.db");
    let check = Check::new(move || Arc::new(SqliteStore::new(path.clone())) as _).runs(30);
    check_link_store(check).await.unwrap();
}

#[tokio::test]
async fn it_finds_nothing_in_postgresql() {
    let schema = schema();
    let open = move || Arc::new(PostgresStore::new(&postgres(), Some(&schema)).unwrap()) as _;
    check_link_store(Check::new(open).runs(10)).await.unwrap();
}

#[tokio::test]
async fn it_finds_a_store_that_compares_versions_as_text() {
    finds(Fault::ComparesAsText, &[StorePromise::Version]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_compares_versions_as_floats() {
    finds(Fault::ComparesAsFloats, &[StorePromise::Version]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_answers_before_what_it_has_written_is_durable() {
    finds(Fault::AnswersEarly, &[StorePromise::Durable]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_reads_from_a_replica_that_lags_behind() {
    finds(
        Fault::ReadsAReplica,
        &[StorePromise::Fresh, StorePromise::Written],
    )
    .await;
}

#[tokio::test]
async fn it_finds_a_store_that_swallows_a_conflict() {
    let promises = [
        StorePromise::Version,
        StorePromise::PublicId,
        StorePromise::Once,
    ];
    finds(Fault::SwallowsConflicts, &promises).await;
}

#[tokio::test]
async fn it_finds_a_store_that_compares_in_one_step_and_writes_in_another() {
    finds(Fault::ComparesFirst, &[StorePromise::Once]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_drops_members_that_it_does_not_know() {
    finds(Fault::DropsMembers, &[StorePromise::Members]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_ignores_after() {
    finds(Fault::IgnoresAfter, &[StorePromise::Listed]).await;
}

#[tokio::test]
async fn it_finds_a_filter_that_lets_through_what_it_should_not_or_ends_too_soon() {
    for fault in [Fault::IgnoresTheFilter, Fault::EndsWhereNoneIsWanted] {
        finds(fault, &[StorePromise::Listed]).await;
    }
}

#[tokio::test]
async fn it_finds_a_store_that_cuts_what_is_sealed_at_the_last_letter() {
    finds(Fault::CutsWhatIsSealed, &[StorePromise::Written]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_keeps_255_letters_of_an_id() {
    let promises = [
        StorePromise::Written,
        StorePromise::Apart,
        StorePromise::Version,
        StorePromise::Refused,
    ];
    finds(Fault::CutsIds, &promises).await;
}

#[tokio::test]
async fn it_finds_a_store_that_heeds_no_public_id() {
    finds(
        Fault::HeedsNoPublicId,
        &[StorePromise::PublicId, StorePromise::Once],
    )
    .await;
}

#[tokio::test]
async fn it_finds_a_store_that_removes_attempts_of_other_platforms() {
    finds(Fault::RemovesOfOtherPlatforms, &[StorePromise::Expired]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_removes_attempts_of_other_users() {
    finds(Fault::RemovesOfOtherUsers, &[StorePromise::Expired]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_says_that_nothing_is_stored_while_its_database_is_away() {
    finds(Fault::SaysNothingIsThere, &[StorePromise::Away]).await;
}

#[tokio::test]
async fn it_finds_a_store_that_fails_and_says_with_what() {
    let broken = broken(Fault::Fails).await;
    assert_eq!(broken.promise(), StorePromise::Works);
    assert!(
        broken.to_string().contains("failed: too many connections"),
        "{broken}"
    );
}

#[tokio::test]
async fn a_failure_has_the_promise_the_shortest_calls_that_lead_there_and_the_seed() {
    let broken = broken(Fault::IgnoresAfter).await;
    let words = broken.to_string();
    let lines: Vec<&str> = words.lines().collect();
    let [promise, found, _, calls @ .., seed] = &lines[..] else {
        panic!("{words}");
    };
    assert!(
        promise.starts_with("The store breaks a promise. `links_after` gives each link"),
        "{promise}"
    );
    assert!(found.starts_with("Found: "), "{found}");
    // One link is enough, by one call or by some at once.
    assert!(calls[0].starts_with("  1. "), "{words}");
    let numbered = calls.iter().filter(|call| !call.starts_with("     "));
    assert_eq!(numbered.count(), 1, "{words}");
    assert!(words.contains("put_link") && words.contains("→ true"));
    assert_eq!(*seed, "The same calls are made again with the seed 1.");
}
