//! PostgreSQL as it is met: behind a pooler, a bad network, a lock, with certificates, and with other parameters than the usual.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use digime_sdk::connections::{LinkRecord, LinkStore, PostgresStore, StoreFailure};

use super::database::Database;
use super::relay::Relay;
use super::store::{attempt, key, link, postgres, schema};
use crate::again::{again, is_again};

/// As long as a test waits for what does not come.
const SHORT: Duration = Duration::from_millis(400);

fn env(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("run the tests by `make test-rust`, which starts PostgreSQL and PgBouncer")
    })
}

/// Where the server listens: a host and a port.
fn host() -> String {
    let address = reqwest::Url::parse(&postgres()).unwrap();
    format!("127.0.0.1:{}", address.port().unwrap())
}

fn at(host: &str, query: &str) -> String {
    format!("postgres://postgres@{host}/postgres{query}")
}

fn opened(address: &str, schema: &str) -> PostgresStore {
    PostgresStore::new(address, Some(schema)).unwrap()
}

/// A store over a relay, which has a link, and waits for little.
async fn over_a_relay() -> (PostgresStore, Relay) {
    let relay = Relay::to(&host()).await;
    let address = at(&relay.address.to_string(), "?sslmode=disable");
    let store = opened(&address, &schema()).with_patience(SHORT);
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    (store, relay)
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_pooler_each_of_many_clients_gets_the_answer_to_its_own_question() {
    let (schema, pooler) = (schema(), env("DIGIME_TEST_PGBOUNCER"));
    let clients = (0..12).map(|number| {
        let store = opened(&pooler, &schema);
        tokio::spawn(async move {
            let (user, public_id) = (format!("user-{number}"), format!("public-{number}"));
            for turn in 1..=20 {
                let written = LinkRecord {
                    sealed: format!("sealed-{number}-{turn}"),
                    ..link(&user, &public_id, turn)
                };
                let expected = (turn > 1).then_some(turn - 1);
                assert!(store.put_link(&written, expected).await.unwrap());
                assert!(!store.put_link(&written, Some(turn - 1)).await.unwrap());
                let found = store.link(key(&user)).await.unwrap();
                assert_eq!(found.as_ref(), Some(&written));
                let found = store.links_of("pkb:test", &public_id).await.unwrap();
                assert_eq!(found, [written]);
                let begun = attempt(&format!("{user}-{turn}"), turn, 1);
                assert!(store.put_attempt(&begun, None).await.unwrap());
                let found = store.attempt("pkb:test", &begun.id).await.unwrap();
                assert_eq!(found, Some(begun));
            }
            assert!(store.count_links("pkb:test").await.unwrap().all() >= 1);
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let store = opened(&postgres(), &schema);
    assert_eq!(store.count_links("pkb:test").await.unwrap().all(), 12);
}

#[tokio::test]
async fn a_network_that_swallows_everything_costs_each_call_its_time_and_nothing_when_it_is_back() {
    let (store, relay) = over_a_relay().await;
    let store = Arc::new(store);
    relay.swallow(true);
    let calls = (0..12).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.link(key("user-1")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        let failure = call.await.unwrap().unwrap_err().to_string();
        assert!(failure.contains("milliseconds"), "{failure}");
    }
    relay.swallow(false);
    for _ in 0..12 {
        assert!(store.link(key("user-1")).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn connections_that_a_firewall_forgot_cost_one_write_at_most_and_no_read() {
    let (store, relay) = over_a_relay().await;
    let store = Arc::new(store);
    let calls = (0..8).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.count_links("pkb:test").await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert!(relay.connections() > 1);
    relay.forget_connections();
    for _ in 0..9 {
        assert!(store.link(key("user-1")).await.unwrap().is_some());
    }
    relay.forget_connections();
    let mut failed = 0;
    for number in 0..9 {
        let begun = attempt(&format!("attempt-{number}"), 10, 1);
        failed += u32::from(store.put_attempt(&begun, None).await.is_err());
    }
    assert_eq!(failed, 1);
}

#[tokio::test]
async fn connections_that_a_firewall_forgot_cost_none_of_many_who_read_at_once_its_answer() {
    let relay = Relay::to(&host()).await;
    let address = at(&relay.address.to_string(), "?sslmode=disable");
    let store = Arc::new(opened(&address, &schema()).with_patience(Duration::from_secs(2)));
    for number in 0..20 {
        let link = link(&format!("user-{number}"), &format!("public-{number}"), 1);
        assert!(store.put_link(&link, None).await.unwrap());
    }
    let users = || (0..60).map(|number| format!("user-{}", number % 20));
    ask_at_once(&store, users()).await;
    assert!(relay.connections() > 3);
    relay.forget_connections();
    for (_, found) in ask_at_once(&store, users()).await {
        assert!(found.unwrap().is_some());
    }
}

async fn waits_in_vain_behind_a_lock(address: &str) {
    let name = schema();
    let patient = opened(address, &name);
    assert_eq!(patient.count_links("pkb:test").await.unwrap().all(), 0);
    let store = opened(address, &name).with_patience(SHORT);
    // A machine that is busy may take longer to connect.
    while store.count_links("pkb:test").await.is_err() {}
    let other = Database::server().await;
    let lock = format!("BEGIN; LOCK TABLE {name}.link IN ACCESS EXCLUSIVE MODE");
    other.run(&lock).await;
    let failure = store.put_link(&link("user-1", "p", 1), None).await;
    let failure = failure.unwrap_err().to_string();
    assert!(failure.contains("no answer"), "{failure}");
    let waiting = format!(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{name}%'"
    );
    let looks = Database::server().await;
    while looks.value(&waiting).await != 0 {
        tokio::task::yield_now().await;
    }
    other.run("COMMIT").await;
    assert_eq!(patient.link(key("user-1")).await.unwrap(), None);
}

#[tokio::test]
async fn what_waits_for_a_lock_too_long_fails_and_is_not_done_later() {
    waits_in_vain_behind_a_lock(&postgres()).await;
}

#[tokio::test]
async fn nor_is_it_done_later_where_a_pooler_stands_between() {
    waits_in_vain_behind_a_lock(&env("DIGIME_TEST_PGBOUNCER")).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = at(&listener.local_addr().unwrap().to_string(), "");
    drop(listener);
    let failure = opened(&address, "s").link(key("user-1")).await.unwrap_err();
    // And not that it gave no answer in time.
    assert!(failure.to_string().contains("refused"), "{failure}");
}

#[tokio::test]
async fn what_a_database_refuses_is_told_in_words_and_with_its_code() {
    let name = schema();
    let store = opened(&postgres(), &name);
    assert_eq!(store.count_links("pkb:test").await.unwrap().all(), 0);
    let server = Database::server().await;
    let refusing = format!(
        "CREATE FUNCTION {name}.refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = TG_ARGV[0]; END $$"
    );
    server.run(&refusing).await;
    for (code, words) in [
        ("28P01", "refuses the user or the password"),
        ("28000", "refuses the user or the password"),
        ("3D000", "there is no such database"),
        ("42501", "role may not do this"),
        ("25006", "takes no writes"),
        ("53100", "disk is full"),
        ("53300", "takes no more connections"),
        ("55P03", "waiting for a lock"),
        ("57014", "its time was over"),
        ("08P01", "the pooler before the database"),
        ("54000", "longer than the database takes"),
        ("57P01", "starting or shutting down"),
        ("57P02", "starting or shutting down"),
        ("57P03", "starting or shutting down"),
        ("42P01", "not the tables of this version"),
        ("42703", "not the tables of this version"),
        ("40001", "conflict with another transaction"),
        ("40P01", "conflict with another transaction"),
        ("22012", "the database reports error"),
    ] {
        let trigger = format!(
            "CREATE OR REPLACE TRIGGER refuses BEFORE INSERT ON {name}.link
                EXECUTE FUNCTION {name}.refuse('{code}')"
        );
        server.run(&trigger).await;
        let failure = store.put_link(&link("user-1", "p", 1), None).await;
        let failure = failure.unwrap_err().to_string();
        assert!(failure.contains(words), "{failure}");
        assert!(failure.contains(code), "{failure}");
    }
}

#[tokio::test]
async fn of_several_hosts_the_one_is_used_that_serves() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap().to_string();
    drop(listener);
    let hosts = format!("{nobody},{}", host());
    let address = at(&hosts, "?target_session_attrs=read-write");
    let store = opened(&address, &schema());
    assert_eq!(store.count_links("pkb:test").await.unwrap().all(), 0);
}

#[tokio::test]
async fn an_application_is_known_by_its_own_name_or_by_the_sdks() {
    let named = |name: &str| {
        format!("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = '{name}'")
    };
    let own = schema();
    let database = Database::server().await;
    let address = at(&host(), &format!("?application_name={own}"));
    let store = opened(&address, &own);
    store.count_links("pkb:test").await.unwrap();
    assert_eq!(database.value(&named(&own)).await, 1);
    let store = opened(&postgres(), &own);
    store.count_links("pkb:test").await.unwrap();
    assert_ne!(database.value(&named("digime-sdk")).await, 0);
}

/// What comes of a connection with these parameters.
async fn with(host: &str, query: &str) -> Result<u64, StoreFailure> {
    opened(&at(host, query), &schema())
        .count_links("pkb:test")
        .await
        .map(|counts| counts.all())
}

#[tokio::test]
async fn a_server_is_believed_as_far_as_its_certificate_goes() {
    let authority = env("DIGIME_TEST_POSTGRES_CA");
    let numeric = host();
    let named = numeric.replace("127.0.0.1", "localhost");
    let trusted = |mode: &str| format!("?sslmode={mode}&sslrootcert={authority}");
    for (host, query) in [
        (&numeric, trusted("verify-full")),
        (&named, trusted("verify-ca")),
        (&named, trusted("require")),
        (&named, "?sslmode=require".to_owned()),
        (&named, "?sslmode=prefer".to_owned()),
        (&named, "?sslmode=disable".to_owned()),
    ] {
        assert_eq!(with(host, &query).await.unwrap(), 0, "{query}");
    }
    let failure = with(&named, &trusted("verify-full")).await.unwrap_err();
    assert!(failure.to_string().contains("another host's"), "{failure}");
    for mode in ["verify-ca", "verify-full"] {
        let failure = with(&numeric, &format!("?sslmode={mode}")).await;
        let failure = failure.unwrap_err().to_string();
        assert!(failure.contains("sslrootcert"), "{failure}");
    }
    let failure = with(&numeric, "?sslmode=verify-full&sslrootcert=/nowhere").await;
    let failure = failure.unwrap_err().to_string();
    assert!(failure.contains("sslrootcert"), "{failure}");
    assert!(!failure.contains("nowhere"), "{failure}");
}

#[tokio::test]
async fn the_authorities_of_the_system_are_those_that_ssl_cert_file_names() {
    if is_again() {
        assert_eq!(with(&host(), "?sslmode=verify-full").await.unwrap(), 0);
        return;
    }
    let authority = env("DIGIME_TEST_POSTGRES_CA");
    again(
        "pkb::postgres::the_authorities_of_the_system_are_those_that_ssl_cert_file_names",
        [("SSL_CERT_FILE", authority.as_ref())],
    )
    .await;
}

#[test]
fn an_address_that_cannot_be_understood_is_refused_and_never_quoted() {
    for address in [
        "postgres://me:hunter2@host:port/db",
        "postgres://me:hunter2@host/db?sslmode=perhaps",
        "postgres://me:hunter2@host/db?sslcert=mine.pem",
        "postgres://me:hunter2@host/db?no_such_parameter=1",
    ] {
        let failure = PostgresStore::new(address, None).err().unwrap().to_string();
        assert!(
            !failure.contains("hunter2") && !failure.contains("me:"),
            "{failure}"
        );
    }
}

/// A store with links of `user-0` to `user-19`.
async fn with_links() -> Arc<PostgresStore> {
    let store = Arc::new(opened(&postgres(), &schema()));
    for number in 0..20 {
        let link = link(&format!("user-{number}"), &format!("public-{number}"), 1);
        assert!(store.put_link(&link, None).await.unwrap());
    }
    store
}

/// Asks for the links of all these users at once.
async fn ask_at_once(
    store: &Arc<PostgresStore>,
    users: impl Iterator<Item = String>,
) -> Vec<(String, Result<Option<LinkRecord>, StoreFailure>)> {
    let asked = users.map(|user| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let found = store.link(key(&user)).await;
            (user, found)
        })
    });
    let mut found = Vec::new();
    for asked in asked.collect::<Vec<_>>() {
        found.push(asked.await.unwrap());
    }
    found
}

#[tokio::test]
async fn of_many_who_ask_at_once_each_gets_the_link_of_its_own_user_and_none_where_there_is_none() {
    let store = with_links().await;
    // More than one statement reads, some of them twice, and half of them of nobody.
    let users = (0..320).map(|number| format!("user-{}", number % 40));
    for (user, found) in ask_at_once(&store, users).await {
        let found = found.unwrap().map(|link| link.app_user_id);
        let number: u32 = user.strip_prefix("user-").unwrap().parse().unwrap();
        assert_eq!(found, (number < 20).then_some(user));
    }
}

#[tokio::test]
async fn a_user_whose_id_the_database_cannot_take_takes_the_links_of_no_others_along() {
    let store = with_links().await;
    let users = (0..40).map(|number| match number % 4 {
        0 => format!("user-{number}\0"),
        _ => format!("user-{}", number % 20),
    });
    for (user, found) in ask_at_once(&store, users).await {
        assert_eq!(found.is_err(), user.ends_with('\0'), "{found:?}");
    }
}

#[tokio::test]
async fn who_leaves_while_its_link_is_read_takes_the_links_of_no_others_along() {
    let store = with_links().await;
    let asked = (0..60).map(|number| {
        let (store, user) = (Arc::clone(&store), format!("user-{}", number % 20));
        tokio::spawn(async move { store.link(key(&user)).await })
    });
    let asked: Vec<_> = asked.collect();
    tokio::task::yield_now().await;
    for leaves in asked.iter().step_by(3) {
        leaves.abort();
    }
    for (number, stays) in asked.into_iter().enumerate() {
        if number % 3 != 0 {
            assert!(stays.await.unwrap().unwrap().is_some());
        }
    }
}
