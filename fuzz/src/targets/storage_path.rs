//! Paths in a storage: each part arrives as it was given, and nothing leads out of the application's folder.

use digime_sdk::ErrorKind;
use digime_sdk::digime::{DeleteStorageFilesOptions, ListStorageFilesOptions};
use percent_encoding::percent_decode_str;

use crate::digime::{APPLICATION, SECRETS, contract, with_client};
use crate::discretion;
use crate::script::{Answer, cut};

const CLOUD: &str = "https://cloud.digime.invalid/v1/";

/// The input: the id of a storage, and in the lines after it a path.
pub fn run(input: &[u8]) {
    let (storage, path) = cut(input, b"\n");
    let storage = String::from_utf8_lossy(storage);
    let path = String::from_utf8_lossy(path.unwrap_or_default());
    let Ok(storage_id) = storage.parse() else {
        return;
    };
    let options = DeleteStorageFilesOptions::builder()
        .contract_details(contract())
        .storage_id(storage_id)
        .path(&*path)
        .build();
    let (outcome, sent) = with_client([Answer::of(204, "")], |stage, client| {
        let outcome = stage.run(client.delete_storage_files(options));
        (outcome, stage.sent())
    });
    if let Err(error) = outcome {
        assert!(sent.is_empty());
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::TypeValidation { .. }), "{error}");
        discretion::check(&error, &SECRETS);
        let plain =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(
            !(plain(&storage) && plain(&path)),
            "refused without a reason"
        );
        return;
    }
    arrives(&sent[0].address, &storage, &path);
    list(&storage, &path);
}

/// Each part of the path stands in the address, whatever is in it, and no other does.
fn arrives(address: &str, storage: &str, path: &str) {
    let (before, rest) = address.split_at(CLOUD.len());
    assert_eq!(before, CLOUD);
    assert!(!rest.contains(['?', '#', '\\']), "{address}");
    let parts: Vec<String> = rest
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8().unwrap().into_owned())
        .collect();
    let given = path.strip_prefix('/').unwrap_or(path).split('/');
    let folder = ["clouds", storage, "files", "apps", APPLICATION];
    let expected: Vec<&str> = folder.into_iter().chain(given).collect();
    assert_eq!(parts, expected);
    let leads_out = |part: &String| part == "." || part == "..";
    assert!(!parts.iter().any(leads_out), "{address}");
}

/// What can be deleted can be listed, as a folder.
fn list(storage: &str, path: &str) {
    let options = ListStorageFilesOptions::builder()
        .contract_details(contract())
        .storage_id(storage.parse().unwrap())
        .path(path)
        .build();
    let sent = with_client([Answer::json(r#"{"files":[]}"#)], |stage, client| {
        stage.run(client.list_storage_files(options)).unwrap();
        stage.sent()
    });
    let (address, query) = sent[0].address.split_once('?').unwrap();
    assert_eq!(query, "recursive=false");
    assert!(address.ends_with('/'));
    let folder = format!("{}/", path.strip_suffix('/').unwrap_or(path));
    arrives(address, storage, &folder);
}
