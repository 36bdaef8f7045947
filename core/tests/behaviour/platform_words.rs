//! What a platform says, in the messages of errors: in one line, not too long, and without what was sent to it as a secret.

use digime_sdk::ErrorKind;
use digime_sdk::digime::Failure;
use serde_json::{Value, json};

use crate::scripted::{Platform, TestClock, client_at, read_accounts, token};

const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";

async fn error_of(response: Value) -> digime_sdk::Error {
    error_of_token(response, "access-1").await
}

async fn error_of_token(response: Value, access: &str) -> digime_sdk::Error {
    let mut options = read_accounts();
    options.user_access_token = Some(token(access, "refresh-1"));
    let platform = Platform::start(json!([{ "on": ACCOUNTS, "response": response }])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = client.read_accounts(options).await.unwrap_err();
    platform.finish().await;
    error
}

fn refusal(message: &str) -> Value {
    let error = json!({ "code": "Odd", "message": message, "reference": "r" });
    json!({ "status": 403, "json": { "error": error } })
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_told_with_its_request_and_status() {
    let error = error_of(json!({ "status": 200, "json": [{ "id": ["canary"] }] })).await;
    assert!(
        matches!(error.kind(), ErrorKind::UnexpectedResponse(_)),
        "{error}"
    );
    assert_eq!(error.code(), "ERR_TYPE_VALIDATION");
    let message = error.to_string();
    assert!(
        message.starts_with(
            "GET permission-access/accounts: the platform's answer (status 200) does not have the form that was expected"
        ),
        "{message}"
    );
    assert!(!message.contains("canary"), "{message}");
}

#[tokio::test]
async fn what_the_platform_says_stands_in_one_line_of_a_message_and_is_cut_where_it_is_long() {
    let said = format!("no\r\n\u{1b}[2J\u{202e}{}", "x".repeat(5000));
    let error = error_of(refusal(&said)).await;
    let message = error.to_string();
    assert!(
        message.starts_with(r"no\r\n\u{1b}[2J\u{202e}xxx"),
        "{message}"
    );
    assert!(message.chars().count() < 600, "{}", message.len());
    let shown = format!("{error:?}");
    assert!(
        shown.chars().count() < 1500 && !shown.contains('\u{1b}'),
        "{shown}"
    );
    // As it came, for the application.
    let Some(Failure::Server(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(failure.message, said);
}

#[tokio::test]
async fn a_token_that_the_platform_echoes_is_in_no_message() {
    let signed = "eyJhbGciOiJQUzUxMiJ9.eyJub25jZSI6IjEifQ.c2lnbmF0dXJl";
    let error = error_of(refusal(&format!("bad token access-1, sent as {signed}!"))).await;
    assert_eq!(
        error.to_string(),
        "bad token [redacted], sent as [redacted]!"
    );
    assert!(!format!("{error:?}").contains("access-1"), "{error:?}");
    let Some(Failure::Server(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(failure.message, error.to_string());
}

#[tokio::test]
async fn so_is_none_that_it_echoes_as_a_form_or_an_address_has_it() {
    let echo = refusal("bad token access%2F1%2Bx%3D, which is access/1+x=");
    let error = error_of_token(echo, "access/1+x=").await;
    assert_eq!(
        error.to_string(),
        "bad token [redacted], which is [redacted]"
    );
}
