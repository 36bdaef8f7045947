//! PEM and keys: a private key in whatever form a configuration has it, and the key that encrypts a store. What is not understood is refused
//! without a letter of it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use digime_sdk::connections::MemoryStore;
use digime_sdk::digime::{ContractDetails, ReadAccountsOptions};
use digime_sdk::{ErrorKind, NonEmptyString, pkb::Client};

use crate::digime::{self, token};
use crate::discretion;
use crate::pkb;
use crate::script::Answer;
use crate::stage::Stage;

/// The input: which key, and its text.
pub fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest).into_owned();
    if kind % 2 == 0 {
        private(text);
    } else {
        encryption(&text);
    }
}

fn private(text: String) {
    let secrets = parts(&text);
    let Ok(key) = NonEmptyString::try_from(text) else {
        return;
    };
    let stage = Stage::new([Answer::json("[]")]);
    let client = digime::client(&stage);
    let options = ReadAccountsOptions::builder()
        .contract_details(ContractDetails::new("contract".parse().unwrap(), key))
        .user_access_token(token())
        .build();
    if let Err(error) = stage.run(client.read_accounts(options)) {
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::TypeValidation { .. }), "{error}");
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        discretion::check(&error, &secrets);
    }
}

fn encryption(text: &str) {
    let bytes = key_bytes(text.trim());
    let mut config = pkb::config(Arc::new(MemoryStore::default()));
    config.encryption_key = Some(text.into());
    config.previous_encryption_keys = Some(vec![pkb::KEY.into()]);
    let stage = Stage::default();
    let opened = Client::in_world(config, stage.world());
    assert_eq!(opened.is_ok(), bytes == Some(32), "{bytes:?} bytes");
    if let Err(error) = opened {
        let secrets = parts(text);
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        discretion::check(&error, &secrets);
    }
}

/// How many bytes a key has: 64 hexadecimal digits, or base64.
fn key_bytes(text: &str) -> Option<usize> {
    if text.len() == 64 {
        return text
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then_some(32);
    }
    let bytes = STANDARD.decode(text);
    let bytes = bytes.or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')));
    bytes.ok().map(|bytes| bytes.len())
}

/// What would be known by its letters: each run of them that no sentence has.
fn parts(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '+');
    words
        .filter(|word| word.len() >= 16)
        .map(|word| word.get(..16).unwrap_or(word).to_owned())
        .collect()
}
