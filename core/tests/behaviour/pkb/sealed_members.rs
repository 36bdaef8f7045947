//! What a later version of the SDK has sealed in a record stays sealed in it when this one changes it.

use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use digime_sdk::connections::{AttemptRecord, LinkKey, LinkRecord};
use digime_sdk::pkb::CompleteLinkOptions;
use serde_json::{Value, json};

use super::version_1::{CURRENT_KEY, PLATFORM, Platform, Stored, client_with, clock, token_of};

/// What a later version has written: it seals as this one does.
struct Sealer(LessSafeKey);

impl Sealer {
    fn new() -> Self {
        Self(LessSafeKey::new(
            UnboundKey::new(&AES_256_GCM, &[2; 32]).unwrap(),
        ))
    }

    /// Every part with its length before it.
    fn context(parts: &[&str]) -> Aad<Vec<u8>> {
        let mut bytes = Vec::new();
        for part in [&["digime-sdk"], parts].concat() {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Aad::from(bytes)
    }

    fn open(&self, sealed: &str, parts: &[&str]) -> Value {
        let sealed = URL_SAFE_NO_PAD.decode(sealed.strip_prefix("1.").unwrap());
        let mut sealed = sealed.unwrap();
        let (nonce, content) = sealed.split_first_chunk_mut::<12>().unwrap();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Self::context(parts), content);
        serde_json::from_slice(opened.unwrap()).unwrap()
    }

    fn seal(&self, document: &Value, parts: &[&str]) -> String {
        let nonce: [u8; 12] = rand::random();
        let mut content = serde_json::to_vec(document).unwrap();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0
            .seal_in_place_append_tag(unique, Self::context(parts), &mut content)
            .unwrap();
        format!(
            "1.{}",
            URL_SAFE_NO_PAD.encode([&nonce[..], &content].concat())
        )
    }
}

fn added() -> Value {
    json!({ "since": "a later version", "list": [1, null, { "a": true }] })
}

fn of_link(link: &LinkRecord) -> [&str; 5] {
    ["link", &link.platform, &link.app_user_id, "", &link.key_id]
}

fn of_attempt(attempt: &AttemptRecord) -> [&str; 5] {
    [
        "attempt",
        &attempt.platform,
        &attempt.app_user_id,
        &attempt.id,
        &attempt.key_id,
    ]
}

#[tokio::test]
async fn a_refresh_keeps_what_a_later_version_has_sealed_of_a_link() {
    let (stored, platform, sealer) = (Stored::sqlite(), Platform::start().await, Sealer::new());
    let store = stored.opened();
    let key = LinkKey {
        platform: PLATFORM,
        app_user_id: "user-active",
    };
    let mut record = store.link(key).await.unwrap().unwrap();
    let mut document = sealer.open(&record.sealed, &of_link(&record));
    document["newMember"] = added();
    record.sealed = sealer.seal(&document, &of_link(&record));
    record.version = 2;
    assert!(store.put_link(&record, Some(1)).await.unwrap());

    let clock = clock();
    clock.advance(Duration::from_hours(1));
    let client = client_with(&stored, &platform, &clock, &[CURRENT_KEY]);
    let fresh = token_of(&client, "user-active").await.unwrap();
    let record = store.link(key).await.unwrap().unwrap();
    let after = sealer.open(&record.sealed, &of_link(&record));
    assert_eq!(after["tokens"]["accessToken"], fresh);
    assert_ne!(after["tokens"], document["tokens"]);
    assert_eq!(after["newMember"], added());
    assert_eq!(after["publicId"], document["publicId"]);
    assert_eq!(after["attempt"], document["attempt"]);
}

#[tokio::test]
async fn a_completion_keeps_what_a_later_version_has_sealed_of_an_attempt() {
    let (stored, platform, sealer) = (Stored::sqlite(), Platform::start().await, Sealer::new());
    let store = stored.opened();
    let id = "MHJFWVAV0TTM4CDLGINwqQMSuA7CPfkzZf0ghAPToyU";
    let mut attempt = store.attempt(PLATFORM, id).await.unwrap().unwrap();
    let mut document = sealer.open(&attempt.sealed, &of_attempt(&attempt));
    document["newMember"] = added();
    attempt.sealed = sealer.seal(&document, &of_attempt(&attempt));
    attempt.version = 2;
    assert!(store.put_attempt(&attempt, Some(1)).await.unwrap());

    let client = client_with(&stored, &platform, &clock(), &[CURRENT_KEY]);
    let options = CompleteLinkOptions::builder()
        .code("any-code".parse().unwrap())
        .state(
            "tOXZHthPUMq98IMLDir1JVJRiXMOpaLnqvZVycMkMCg"
                .parse()
                .unwrap(),
        )
        .app_user_id("user-pending".parse().unwrap());
    client.complete_link(options.build()).await.unwrap();
    let attempt = store.attempt(PLATFORM, id).await.unwrap().unwrap();
    let after = sealer.open(&attempt.sealed, &of_attempt(&attempt));
    assert_eq!(after["newMember"], added());
    assert_eq!(after["context"], document["context"]);
    assert_eq!(after["tokens"], Value::Null);
}
