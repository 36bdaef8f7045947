//! The header `x-metadata` of a file: understood in both alphabets, with padding or without, or refused; and what it says handed on as it came.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use digime_sdk::ErrorKind;
use digime_sdk::digime::ReadFileResponse;
use serde_json::Value;

use crate::digime::{SECRETS, read_file, with_client};
use crate::discretion;
use crate::oracles;
use crate::script::Answer;

/// The input: which form, and the header, or the JSON that is in it.
pub fn run(input: &[u8]) {
    let Some((form, rest)) = input.split_first() else {
        return;
    };
    let (header, json) = match form % 4 {
        0 => (rest.to_vec(), None),
        1 => (URL_SAFE_NO_PAD.encode(rest).into_bytes(), Some(rest)),
        2 => (URL_SAFE.encode(rest).into_bytes(), Some(rest)),
        _ => (STANDARD.encode(rest).into_bytes(), Some(rest)),
    };
    let answer = Answer::of(200, oracles::seal(b"content")).with("x-metadata", &header);
    let outcome = with_client([answer], |stage, client| {
        stage.run(client.read_file(read_file()))
    });
    let json = json.and_then(|json| serde_json::from_slice::<Value>(json).ok());
    match outcome {
        Ok(file) => {
            if let Some(json) = json {
                same(&file, &json);
            }
        }
        Err(error) => {
            let kind = error.kind();
            assert!(
                matches!(
                    kind,
                    ErrorKind::UnexpectedResponse(_)
                        | ErrorKind::Sdk(_)
                        | ErrorKind::FileDecryption(_)
                ),
                "{error}"
            );
            let marked = rest.windows(6).any(|window| window == b"SECRET");
            let secrets: &[&str] = if marked { &["SECRET"] } else { &[] };
            discretion::check(&error, secrets);
            discretion::check(&error, &SECRETS);
            // What has nothing but an object of no known member in it is understood.
            let plain = Value::from_iter([("metadata", Value::Object(serde_json::Map::new()))]);
            assert!(json.is_none_or(|json| json != plain));
        }
    }
}

fn same(file: &ReadFileResponse, json: &Value) {
    let metadata = file.file_metadata.document().to_value();
    // Of lone surrogates and deep nesting a value of that library knows nothing.
    if let Ok(metadata) = metadata {
        assert_eq!(Some(&metadata), json.get("metadata"));
    }
}
