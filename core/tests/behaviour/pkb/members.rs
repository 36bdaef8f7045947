//! What a later version of the SDK has added to a record stays there when this one changes it.

use std::sync::Arc;

use digime_sdk::binding::{self, Call, Dialect, Reply, Step, Value};
use digime_sdk::connections::{AttemptRecord, LinkKey, LinkRecord, LinkStore, MemoryStore};
use digime_sdk::pkb::{Client, RotateKeysOptions};
use serde_json::json;

use super::sandbox::{BOBBY, KEY, Pkb, link_url, shared};
use crate::documents::value;

const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const METHODS: [&str; 8] = [
    "getLink",
    "findLinks",
    "listLinks",
    "putLink",
    "removeLink",
    "getAttempt",
    "putAttempt",
    "removeAttempts",
];

fn platform(pkb: &Pkb) -> String {
    format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap())
}

/// What a later version adds.
fn added() -> serde_json::Map<String, serde_json::Value> {
    let added = json!({ "newMember": { "of": ["a", "later", 1] }, "other_member": null });
    added.as_object().unwrap().clone()
}

/// Links a user in memory; the record then has what a later version adds.
async fn linked(pkb: &Pkb) -> (Arc<MemoryStore>, LinkRecord) {
    let (store, records) = shared();
    let client = Client::new(pkb.config(store)).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    let platform = platform(pkb);
    let key = LinkKey {
        platform: &platform,
        app_user_id: "user-1",
    };
    let mut record = records.link(key).await.unwrap().unwrap();
    let version = record.version;
    (record.other, record.version) = (added(), version + 1);
    assert!(records.put_link(&record, Some(version)).await.unwrap());
    (records, record)
}

#[tokio::test]
async fn a_store_in_rust_gets_back_the_members_of_a_link_that_this_version_does_not_know() {
    let pkb = Pkb::start().await;
    let (records, before) = linked(&pkb).await;
    let mut config = pkb.config(digime_sdk::pkb::Store::Own(Arc::clone(&records) as Arc<_>));
    config.encryption_key = Some(OTHER_KEY.into());
    config.previous_encryption_keys = Some(vec![KEY.into()]);
    let done = Client::new(config)
        .unwrap()
        .rotate_keys(RotateKeysOptions::default())
        .await
        .unwrap();
    assert_eq!(done.resealed, 1);
    let platform = platform(&pkb);
    let key = LinkKey {
        platform: &platform,
        app_user_id: "user-1",
    };
    let after = records.link(key).await.unwrap().unwrap();
    assert_eq!(
        (after.version, &after.other),
        (before.version + 1, &added())
    );
}

#[test]
fn a_record_is_read_from_json_and_written_to_it_with_all_its_members() {
    let mut record = json!({
        "platform": "pkb:test", "appUserId": "user-1", "publicId": "p", "sharesPublicId": true, "status": "active", "linkedAt": 1,
        "refreshedAt": "2", "lease": null, "leaseUntil": null, "keyId": "k", "sealed": "s", "version": 3, "newMember": [1, {}],
    });
    let read: LinkRecord = serde_json::from_value(record.clone()).unwrap();
    assert_eq!(read.other["newMember"], json!([1, {}]));
    // Drivers of databases give large numbers as text.
    record["refreshedAt"] = json!(2);
    assert_eq!(serde_json::to_value(&read).unwrap(), record);
}

/// A store of an application's own in another language: records of a memory store, as that language gives them.
struct Own {
    records: Arc<MemoryStore>,
    /// As `putLink` and `putAttempt` were told them.
    written: Vec<Value>,
}

impl Own {
    async fn answer(&mut self, path: &str, argument: &Value) -> Value {
        let text = |name: &str| match argument.get(name) {
            Some(Value::String(text)) => text.clone(),
            _ => panic!("{path} has no {name}"),
        };
        let either = |camel: &str, snake: &str| match argument.get(camel) {
            Some(_) => text(camel),
            None => text(snake),
        };
        match path.rsplit('.').next().unwrap() {
            "getLink" => {
                let (platform, user) = (text("platform"), either("appUserId", "app_user_id"));
                let key = LinkKey {
                    platform: &platform,
                    app_user_id: &user,
                };
                self.records
                    .link(key)
                    .await
                    .unwrap()
                    .map_or(Value::Null, given)
            }
            "listLinks" => {
                let (platform, after) = (text("platform"), text("after"));
                let links = self.records.links_after(&platform, &after, 100).await;
                Value::Array(links.unwrap().into_iter().map(given).collect())
            }
            "getAttempt" => {
                let (platform, id) = (text("platform"), text("id"));
                let found = self.records.attempt(&platform, &id).await.unwrap();
                let with_added = |attempt| AttemptRecord {
                    other: added(),
                    ..attempt
                };
                found.map(with_added).map_or(Value::Null, given)
            }
            "putLink" => {
                self.written.push(argument.get("link").unwrap().clone());
                Value::Bool(true)
            }
            "putAttempt" => {
                self.written.push(argument.get("attempt").unwrap().clone());
                Value::Bool(true)
            }
            _ => Value::Null,
        }
    }
}

/// As the store gives it: with what databases add.
fn given(record: impl serde::Serialize) -> Value {
    let mut record = serde_json::to_value(record).unwrap();
    record["_id"] = json!({ "of": "the database" });
    value(record)
}

/// Makes a call over such a store, and gives what was written.
async fn call(
    pkb: &Pkb,
    records: &Arc<MemoryStore>,
    dialect: Dialect,
    name: &str,
    options: serde_json::Value,
) -> (Vec<Value>, Step) {
    let mut config = value(json!({
        "clientId": pkb.announcement.pkb.client_id, "redirectUri": "http://127.0.0.1/return", "environment": "sandbox",
        "endpoints": { "baseUrl": pkb.origin() }, "encryptionKey": OTHER_KEY, "previousEncryptionKeys": [KEY],
    }));
    let Value::Object(settings) = &mut config else {
        panic!()
    };
    let methods = METHODS.map(|name| (name.to_owned(), Value::Function(format!("store.{name}"))));
    settings.push(("store".to_owned(), Value::Object(methods.into())));
    let client = binding::Config::read("pkb", config, dialect)
        .and_then(binding::Client::open)
        .unwrap();
    let call = Call::start(&client, name, value(options), dialect).unwrap();
    let mut own = Own {
        records: Arc::clone(records),
        written: Vec::new(),
    };
    let mut reply = None;
    loop {
        match call.next(reply.take()).await {
            Step::Invoke { path, argument } => {
                reply = Some(Reply::Value(own.answer(&path, &argument).await));
            }
            last => return (own.written, last),
        }
    }
}

/// Whether a record was written with what was added to it, as it was, and its own members in the spelling of the language.
fn is_whole(record: &Value, dialect: Dialect) {
    let name = match dialect {
        Dialect::JavaScript => "appUserId",
        Dialect::Python => "app_user_id",
    };
    assert!(matches!(record.get(name), Some(Value::String(user)) if user == "user-1"));
    let Some(Value::Object(members)) = record.get("newMember") else {
        panic!("newMember is lost")
    };
    let [(of, Value::Array(items))] = &members[..] else {
        panic!("newMember was changed")
    };
    assert_eq!((&**of, items.len()), ("of", 3));
    assert!(matches!(items[2], Value::Integer(1)));
    assert!(matches!(record.get("other_member"), Some(Value::Null)));
    if let (Dialect::Python, Value::Object(members)) = (dialect, record) {
        let camel = members
            .iter()
            .map(|(name, _)| &**name)
            .filter(|name| name.bytes().any(|byte| byte.is_ascii_uppercase()));
        assert_eq!(camel.collect::<Vec<_>>(), ["newMember"]);
    }
    // The store's own stays with the store.
    assert!(record.get("_id").is_none());
}

#[tokio::test]
async fn a_store_in_another_language_gets_back_the_members_of_a_link_that_this_version_does_not_know()
 {
    let pkb = Pkb::start().await;
    let (records, _) = linked(&pkb).await;
    for dialect in [Dialect::JavaScript, Dialect::Python] {
        let (written, last) = call(&pkb, &records, dialect, "rotateKeys", json!({})).await;
        assert!(matches!(last, Step::Done(_)), "{last:?}");
        assert_eq!(written.len(), 1);
        is_whole(&written[0], dialect);
    }
}

#[tokio::test]
async fn a_store_in_another_language_gets_back_the_members_of_an_attempt_that_this_version_does_not_know()
 {
    let pkb = Pkb::start().await;
    let (store, records) = shared();
    let client = Client::new(pkb.config(store)).unwrap();
    let sent = client.get_link_url(link_url("user-1")).await.unwrap();
    let denied = format!(
        "http://127.0.0.1/return?error=access_denied&state={}",
        sent.state.expose()
    );
    for dialect in [Dialect::JavaScript, Dialect::Python] {
        let options = json!({ "callbackUrl": denied, "appUserId": "user-1" });
        let (written, last) = call(&pkb, &records, dialect, "completeLink", options).await;
        assert!(matches!(last, Step::Failed(_)), "{last:?}");
        assert_eq!(written.len(), 1);
        is_whole(&written[0], dialect);
    }
}
