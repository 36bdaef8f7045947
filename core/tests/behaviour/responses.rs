//! Whoever asks is told what the platform has answered beside a call's result: status, headers and reference, and no credential.

use std::sync::{Arc, Mutex};

use digime_sdk::digime::Client;
use digime_sdk::{PlatformResponse, ResponseHook};
use serde_json::json;

use crate::scripted::{Platform, TestClock, client_at, read_accounts};
use crate::wire::Server;

type Told = Arc<Mutex<Vec<PlatformResponse>>>;

fn hook() -> (Told, ResponseHook) {
    let told = Told::default();
    let hook = ResponseHook::new({
        let told = Arc::clone(&told);
        move |response: &PlatformResponse| told.lock().unwrap().push(response.clone())
    });
    (told, hook)
}

#[tokio::test]
async fn status_headers_and_reference_of_an_answer_are_told_without_a_credential() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nx-error-reference: ref-1\r\nVia: 1.1 one\r\nVia: 1.1 two\r\n\
         set-cookie: session=secret-1\r\nx-csrf-token: secret-2\r\nproxy-authorization: Basic secret-3\r\n\
         x-echo: Bearer access-1\r\nx-signed: eyJhbGciOiJub25lIn0.secret-4.secret-5\r\n\
         connection: close\r\ncontent-length: 2\r\n\r\n[]",
    )
    .await;
    let (told, hook) = hook();
    let client = Client::new(server.config()).unwrap();
    let client = client.with_on_response(hook);
    client.read_accounts(read_accounts()).await.unwrap();
    let told = told.lock().unwrap();
    let [response] = &told[..] else {
        panic!("{} answers", told.len())
    };
    assert_eq!(response.request, "GET permission-access/accounts");
    assert_eq!(response.status_code, 200);
    assert_eq!(response.reference.as_deref(), Some("ref-1"));
    assert_eq!(response.headers["via"], "1.1 one, 1.1 two");
    assert_eq!(response.headers["x-echo"], "Bearer [redacted]");
    let whole = serde_json::to_string(response).unwrap();
    assert!(!whole.contains("secret"), "{whole}");
    assert_eq!(format!("{response:?}"), "PlatformResponse { .. }");
}

#[tokio::test]
async fn of_each_request_of_a_call_the_last_answer_is_told_also_where_it_is_no_success() {
    const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";
    let platform = Platform::start(json!([
        { "on": ACCOUNTS, "response": { "status": 503, "text": "" } },
        { "on": ACCOUNTS, "response": { "status": 401, "text": "" } },
        { "on": "POST /v1.7/oauth/token", "response": { "status": 400, "text": "" } },
    ]))
    .await;
    let (told, hook) = hook();
    let client = client_at(platform.config(), &TestClock::new()).with_on_response(hook);
    client.read_accounts(read_accounts()).await.unwrap_err();
    platform.finish().await;
    let told = told.lock().unwrap();
    let told = told
        .iter()
        .map(|told| (&told.request[..], told.status_code));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("GET permission-access/accounts", 401),
            ("POST oauth/token", 400)
        ]
    );
}

#[tokio::test]
async fn a_function_that_panics_over_an_answer_fails_no_call() {
    let server = Server::keeping().await;
    let client = Client::new(server.config()).unwrap();
    let client = client.with_on_response(ResponseHook::new(|_| {
        std::panic::resume_unwind(Box::new("mine"));
    }));
    client.read_accounts(read_accounts()).await.unwrap();
}
