//! What a push to the library must be.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Call, Contract, Sandbox, make_key, sign};

fn metadata() -> Value {
    json!({
        "mimeType": "application/json",
        "accounts": [{ "accountId": "1" }],
        "reference": ["Receipt 1"],
        "tags": ["groceries"],
    })
}

fn import<'a>(sandbox: &'a Sandbox, access_token: &str) -> Call<'a> {
    sandbox
        .post("permission-access/import")
        .claims(json!({ "access_token": access_token }))
        .header("content-type", "application/octet-stream")
        .file_descriptor(&metadata())
        .body(r#"{"total": 12.5}"#)
}

#[tokio::test]
async fn a_file_is_kept_as_it_was_sent() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    import(&sandbox, &tokens.access).send().await.assert_ok(200);
    let pushed = sandbox.control(Method::GET, "pushed").await;
    let pushed = &pushed[0];
    assert_eq!(pushed["kind"], "library");
    assert_eq!(pushed["fileDescriptor"], metadata());
    assert_eq!(pushed["mimeType"], "application/json");
    assert_eq!(pushed["userId"], tokens.claims["sub"]);
    assert_eq!(pushed["contractId"], "push-contract");
    assert_eq!(pushed["size"], 15);
    assert_eq!(pushed["json"], json!({ "total": 12.5 }));
    assert_eq!(pushed["content"], "eyJ0b3RhbCI6IDEyLjV9");
}

#[tokio::test]
async fn a_file_of_another_content_type_is_refused() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let answer = import(&sandbox, &tokens.access)
        .header("content-type", "application/json")
        .send()
        .await;
    answer.assert_refused(406, "ValidationErrors", "application/octet-stream");
}

#[tokio::test]
async fn a_file_descriptor_that_is_missing_or_forged_is_refused() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let forged = sign(&make_key(), "PS512", &json!({ "metadata": metadata() }));
    for descriptor in ["", "{}", &forged] {
        let answer = import(&sandbox, &tokens.access)
            .header("filedescriptor", descriptor)
            .send()
            .await;
        answer.assert_refused(400, "ValidationErrors", "FileDescriptor");
    }
}

#[tokio::test]
async fn file_metadata_must_have_its_members() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    for (member, value) in [
        ("mimeType", json!(null)),
        ("mimeType", json!("")),
        ("accounts", json!(null)),
        ("accounts", json!([{}])),
        ("reference", json!("Receipt 1")),
        ("tags", json!([1])),
    ] {
        let mut metadata = metadata();
        metadata[member] = value;
        let answer = import(&sandbox, &tokens.access)
            .file_descriptor(&metadata)
            .send()
            .await;
        answer.assert_refused(400, "ValidationErrors", &format!("metadata.{member}"));
    }
}

#[tokio::test]
async fn a_contract_that_reads_cannot_push() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Read).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("source", "40"),
        ("decision", "accept"),
    ];
    let code = sandbox.decide(&form).await.returned("code").unwrap();
    let tokens = sandbox
        .exchange(&code)
        .of(Contract::Read)
        .send()
        .await
        .tokens();
    let answer = import(&sandbox, &tokens.access)
        .of(Contract::Read)
        .send()
        .await;
    answer.assert_refused(401, "InsufficientScope", "privileges");
}

/// A client that looks for no answer before it has written everything, as many do.
fn write_then_read(origin: &str, bearer: &str, body: &[u8]) -> std::io::Result<String> {
    let authority = origin.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority)?;
    let length = body.len();
    write!(
        stream,
        "POST /v1.7/permission-access/import HTTP/1.1\r\nHost: {authority}\r\n\
         Authorization: Bearer {bearer}\r\nContent-Type: application/octet-stream\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_writes_everything_first_still_sees_an_early_refusal() {
    let sandbox = Sandbox::start().await;
    let bearer = import(&sandbox, "expired").bearer();
    let origin = sandbox.announcement.addresses.origin.clone();
    let body = vec![7; 64 * 1024 * 1024];
    let written = tokio::task::spawn_blocking(move || write_then_read(&origin, &bearer, &body));
    let answer = written.await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized"), "{answer}");
    assert!(answer.contains("InvalidToken"), "{answer}");
    assert_eq!(sandbox.control(Method::GET, "pushed").await, json!([]));
}
