//! An application of Patients Know Best's on a stage: two users who are linked, one who is about to be, and what of that is secret.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use digime_sdk::Secret;
use digime_sdk::connections::{AttemptRecord, LinkKey, LinkRecord, LinkStore, MemoryStore};
use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Config, Endpoints, Environment, GetAccessTokenOptions,
    GetLinkUrlOptions, Store, SurfaceEndpoint, SystemClient,
};
use serde_json::json;

use crate::script::Answer;
use crate::stage::Stage;

pub const ORIGIN: &str = "https://pkb.invalid";
pub const PLATFORM: &str = "pkb:pkb.invalid";
pub const REDIRECT_URI: &str = "https://app.invalid/linked?from=pkb";
pub const ALICE: &str = "user-alice";
pub const BOB: &str = "user-bob";
pub const CAROL: &str = "user-carol";

/// What must not be seen.
pub const ACCESS: &str = "SECRET-access-user-alice";
pub const REFRESH: &str = "SECRET-refresh-user-alice";
pub const OTHER_ACCESS: &str = "SECRET-access-user-bob";
pub const CLIENT_SECRET: &str = "SECRET-client-secret-4711";
pub const SYSTEM_SECRET: &str = "SECRET-system-secret-4711";
pub const KEY: &str = "U0VDUkVULWVuY3J5cHRpb24ta2V5LW9mLTMyLWJ5dCE=";
pub const SECRETS: [&str; 6] = [
    ACCESS,
    REFRESH,
    OTHER_ACCESS,
    CLIENT_SECRET,
    SYSTEM_SECRET,
    KEY,
];

/// What a store has when the two are linked, and the third is on their way.
pub struct Records {
    pub alice: LinkRecord,
    pub bob: LinkRecord,
    pub attempt: AttemptRecord,
    /// What the third comes back with.
    pub state: String,
}

pub fn config(store: Arc<dyn LinkStore>) -> Config {
    let endpoints = Endpoints::builder()
        .base_url(ORIGIN)
        .facade(
            SurfaceEndpoint::builder()
                .token_url("https://system.pkb.invalid/token")
                .build(),
        )
        .build();
    let system = SystemClient::builder()
        .client_id("system-client".parse().unwrap())
        .client_secret(SYSTEM_SECRET.parse().unwrap())
        .build();
    Config::builder()
        .client_id("user-client".parse().unwrap())
        .client_secret(CLIENT_SECRET.parse().unwrap())
        .redirect_uri(REDIRECT_URI.parse().unwrap())
        .environment(Environment::Sandbox)
        .endpoints(endpoints)
        .encryption_key(Secret::from(KEY))
        .system_client(system)
        .store(Store::Own(store))
        .build()
}

/// A client of a store that has these records.
pub fn client(stage: &Stage, store: Arc<dyn LinkStore>) -> Client {
    Client::in_world(config(store), stage.world()).unwrap()
}

/// A client of a store of its own in which two are linked.
pub fn linked(stage: &Stage) -> Client {
    let store = MemoryStore::default();
    let records = records();
    put(&store, records);
    // The world in which they were made was another: what is random goes on after theirs.
    client(stage, Arc::new(store))
}

pub fn put(store: &MemoryStore, records: &Records) {
    let stage = Stage::default();
    for link in [&records.alice, &records.bob] {
        let put = LinkRecord {
            version: 1,
            ..link.clone()
        };
        assert!(stage.run(store.put_link(&put, None)).unwrap());
    }
    let attempt = AttemptRecord {
        version: 1,
        ..records.attempt.clone()
    };
    assert!(stage.run(store.put_attempt(&attempt, None)).unwrap());
}

pub fn records() -> &'static Records {
    static RECORDS: LazyLock<Records> = LazyLock::new(make);
    &RECORDS
}

pub fn access_token(user: &str) -> GetAccessTokenOptions {
    GetAccessTokenOptions::builder()
        .app_user_id(user.parse().unwrap())
        .build()
}

/// The answer of a token endpoint.
pub fn tokens(user: &str, seconds: u32) -> Answer {
    let tokens = json!({
        "access_token": format!("SECRET-access-{user}"),
        "refresh_token": format!("SECRET-refresh-{user}"),
        "token_type": "Bearer",
        "expires_in": seconds,
    });
    Answer::json(tokens.to_string())
}

/// The answer that says whose record a token opens.
pub fn purview(number: u32) -> Answer {
    let reference = format!("Patient/00000000-0000-4000-8000-{number:012}");
    let parameter = json!({ "name": "purview", "valueReference": { "reference": reference } });
    let parameters = json!({ "resourceType": "Parameters", "parameter": [parameter] });
    Answer::json(parameters.to_string())
}

/// How long the tokens of the records last.
pub const LIFE: Duration = Duration::from_hours(1);

fn make() -> Records {
    let (stage, records) = (Stage::default(), Arc::new(MemoryStore::default()));
    let client = client(&stage, records.clone());
    let begin = |user: &str| {
        let options = GetLinkUrlOptions::builder().app_user_id(user.parse().unwrap());
        let begun = stage.run(client.get_link_url(options.build())).unwrap();
        begun.state.expose().clone()
    };
    let link = |user: &str, number| {
        let given = begin(user);
        let seconds = u32::try_from(LIFE.as_secs()).unwrap();
        stage.will_answer([tokens(user, seconds), purview(number)]);
        let options = CompleteLinkOptions::builder()
            .code("SECRET-code".parse().unwrap())
            .state(given.parse().unwrap())
            .app_user_id(user.parse().unwrap());
        stage.run(client.complete_link(options.build())).unwrap();
        let key = LinkKey {
            platform: PLATFORM,
            app_user_id: user,
        };
        stage.run(records.link(key)).unwrap().unwrap()
    };
    let (alice, bob) = (link(ALICE, 1), link(BOB, 2));
    let carols = begin(CAROL);
    let id = crate::oracles::digest(&carols);
    let attempt = stage.run(records.attempt(PLATFORM, &id)).unwrap().unwrap();
    Records {
        alice,
        bob,
        attempt,
        state: carols,
    }
}
