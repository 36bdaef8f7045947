//! What a file of a session is, and how it is told.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reader, Sandbox, Tokens, described, names, open};

async fn read(reader: &Reader<'_>, name: &str) -> Value {
    let call = reader.file(Method::GET, &reader.session, name);
    serde_json::from_slice(&open(&call.send().await.assert_ok(200))).unwrap()
}

#[tokio::test]
async fn a_record_comes_as_bundles_compressed_each_in_its_way() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let list = reader.complete(&reader.session).await;
    let mut compressions = Vec::new();
    for listed in list["fileList"].as_array().unwrap() {
        let name = listed["name"].as_str().unwrap();
        let answer = reader.file(Method::GET, &reader.session, name).send().await;
        let bundle: Value = serde_json::from_slice(&open(&answer)).unwrap();
        assert_eq!(bundle["resourceType"], "Bundle");
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(listed["objectCount"], entries.len());
        assert!(
            entries
                .iter()
                .all(|entry| entry["resource"]["resourceType"] == listed["objectType"])
        );
        let told = described(&answer);
        assert_eq!(
            told["metadata"]["schema"],
            json!({ "standard": "fhir", "version": "3.0.2" })
        );
        assert_eq!(told["metadata"]["objectType"], listed["objectType"]);
        compressions.push(told["compression"].clone());
    }
    assert_eq!(
        compressions,
        [json!(null), json!("brotli"), json!("gzip"), json!(null)]
    );
}

#[tokio::test]
async fn what_digi_me_has_mapped_comes_as_an_array() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "40").await;
    let list = reader.complete(&reader.session).await;
    assert_eq!(list["fileList"][0]["schema"]["standard"], "digime");
    let days = read(&reader, names(&list)[0]).await;
    assert_eq!(
        list["fileList"][0]["objectCount"],
        days.as_array().unwrap().len()
    );
    assert_eq!(days[0]["startdate"], "2026-06-30");
    assert_eq!(days[122]["startdate"], "2026-02-28");
    assert_eq!(days[180]["startdate"], "2026-01-01");
}

#[tokio::test]
async fn a_file_is_the_same_at_every_reading_but_locked_anew() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let list = reader.complete(&reader.session).await;
    let read = async || {
        let call = reader.file(Method::GET, &reader.session, names(&list)[1]);
        call.send().await.assert_ok(200)
    };
    let (first, second) = (read().await, read().await);
    assert_ne!(first.bytes, second.bytes);
    assert_eq!(open(&first), open(&second));
    assert_eq!(
        first.headers["last-modified"],
        second.headers["last-modified"]
    );
}

#[tokio::test]
async fn what_was_pushed_to_the_library_is_read_back_as_it_was_sent() {
    let sandbox = Sandbox::start().await;
    let Tokens { access, .. } = sandbox.tokens().await;
    let metadata = json!({
        "mimeType": "application/pdf",
        "accounts": [{ "accountId": "account-1" }],
        "reference": ["Receipt 1"],
        "tags": ["groceries"],
    });
    let call = sandbox
        .post("permission-access/import")
        .claims(json!({ "access_token": access }))
        .header("content-type", "application/octet-stream")
        .file_descriptor(&metadata)
        .body(&b"%PDF \xff"[..]);
    call.send().await.assert_ok(200);

    let reader = Reader::linked(&sandbox, "16", Some(&access)).await;
    let list = reader.complete(&reader.session).await;
    let listed = &list["fileList"][0];
    assert_eq!(listed["objectType"], Value::Null);
    let name = listed["name"].as_str().unwrap();
    let answer = reader.file(Method::GET, &reader.session, name).send().await;
    assert_eq!(open(&answer), b"%PDF \xff");
    assert_eq!(
        described(&answer)["metadata"],
        json!({
            "mimetype": "application/pdf",
            "accounts": [{ "accountid": "account-1" }],
            "contractid": "push-contract",
            "created": listed["updatedDate"],
            "reference": ["Receipt 1"],
            "tags": ["groceries"],
        })
    );
}

#[tokio::test]
async fn a_file_cannot_be_read_before_the_list_names_it() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let other = reader.session(&json!({})).await;
    let list = reader.complete(&other).await;
    let name = names(&list)[3];
    for _ in 0..3 {
        let answer = reader.file(Method::GET, &reader.session, name).send().await;
        answer.assert_refused(404, "FileNotFound", "no file of this name");
        reader.list(&reader.session).await;
    }
    read(&reader, name).await;
}

#[tokio::test]
async fn the_name_of_a_file_may_be_percent_encoded() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let list = reader.complete(&reader.session).await;
    let encoded = names(&list)[0].replace('_', "%5F");
    read(&reader, &encoded).await;
}

#[tokio::test]
async fn head_tells_a_file_without_its_content() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let list = reader.complete(&reader.session).await;
    let call = reader.file(Method::HEAD, &reader.session, names(&list)[1]);
    let answer = call.send().await.assert_ok(200);
    assert_eq!(described(&answer)["metadata"]["objectType"], "Observation");
    assert!(answer.bytes.is_empty());
}

#[tokio::test]
async fn head_tells_an_error_in_the_headers_alone() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let call = reader.file(Method::HEAD, &reader.session, "unknown");
    let answer = call.send().await.assert_ok(404);
    assert_eq!(answer.headers["x-error-code"], "FileNotFound");
    assert!(answer.headers.contains_key("x-error-message"));
    assert!(answer.headers.contains_key("x-error-reference"));
    assert!(answer.bytes.is_empty());
}

#[tokio::test]
async fn a_file_is_asked_for_as_bytes() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let call = reader.file(Method::GET, &reader.session, "any");
    let answer = call.header("accept", "application/json").send().await;
    answer.assert_refused(406, "ValidationErrors", "Accept");
}
