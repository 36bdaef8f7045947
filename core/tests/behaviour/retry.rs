//! Retrying: what may be repeated is, after the right time and signed anew; what may not is not.

use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::binding::{Dialect, Value as Neutral};
use digime_sdk::digime::{RefreshTokenOptions, RetryOptions, TimeoutOptions};
use digime_sdk::transport::Sent;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::scripted::{Platform, TestClock, client_at, contract, read_accounts, token};
use crate::wire::head;

const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";

fn answer(status: u16, headers: &Value) -> Value {
    json!({ "on": ACCOUNTS, "response": { "status": status, "text": "", "headers": headers } })
}

fn success() -> Value {
    json!({ "on": ACCOUNTS, "response": { "status": 200, "json": [] } })
}

#[tokio::test]
async fn a_get_is_repeated_twice_after_one_and_two_seconds_and_some_noise_each_time_signed_anew() {
    let platform = Platform::start(json!([
        answer(500, &json!({})),
        answer(502, &json!({})),
        success()
    ]))
    .await;
    let clock = TestClock::new();
    client_at(platform.config(), &clock)
        .read_accounts(read_accounts())
        .await
        .unwrap();
    for (slept, base) in clock.slept().into_iter().zip([1000, 2000]) {
        assert!((base..base + 100).contains(&slept.as_millis()), "{slept:?}");
    }
    assert_eq!(clock.slept().len(), 2);
    // The platform refuses a nonce that it has seen, and checks every signature.
    platform.finish().await;
}

#[tokio::test]
async fn clients_that_failed_together_do_not_come_back_together() {
    let clock = TestClock::new();
    for _ in 0..8 {
        let platform = Platform::start(json!([answer(500, &json!({})), success()])).await;
        let client = client_at(platform.config(), &clock);
        client.read_accounts(read_accounts()).await.unwrap();
        platform.finish().await;
    }
    let slept = clock.slept();
    assert_eq!(slept.len(), 8);
    // Of eight numbers below a hundred, all are the same once in 10^14 times.
    assert!(slept.iter().any(|other| *other != slept[0]), "{slept:?}");
}

#[tokio::test]
async fn the_third_failure_is_the_callers() {
    let failures = json!([
        answer(503, &json!({})),
        answer(503, &json!({})),
        answer(504, &json!({}))
    ]);
    let platform = Platform::start(failures).await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    assert_eq!(error.to_string(), "Response code 504 (Gateway Timeout)");
    platform.finish().await;
}

#[tokio::test]
async fn retry_after_is_heeded_in_seconds_and_as_a_date() {
    let clock = TestClock::new();
    let date = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_hours(1));
    let headers = [
        json!({ "retry-after": "7" }),
        json!({ "retry-after": date }),
    ];
    let platform = Platform::start(json!([
        answer(429, &headers[0]),
        answer(503, &headers[1]),
        success()
    ]))
    .await;
    let mut config = platform.config();
    config.timeouts = Some(TimeoutOptions {
        call: Some(0),
        ..TimeoutOptions::default()
    });
    config.retry_options = Some(RetryOptions {
        max_retry_after: Some(3_600_000),
        ..RetryOptions::default()
    });
    client_at(config, &clock)
        .read_accounts(read_accounts())
        .await
        .unwrap();
    assert_eq!(clock.slept()[0], Duration::from_secs(7));
    assert!(
        (3580..=3600).contains(&clock.slept()[1].as_secs()),
        "{:?}",
        clock.slept()
    );
    platform.finish().await;
}

#[tokio::test]
async fn a_retry_after_beyond_the_limit_set_ends_the_attempts() {
    let platform = Platform::start(json!([answer(429, &json!({ "retry-after": "7" }))])).await;
    let mut config = platform.config();
    config.retry_options = Some(RetryOptions {
        max_retry_after: Some(5000),
        ..RetryOptions::default()
    });
    let clock = TestClock::new();
    client_at(config, &clock)
        .read_accounts(read_accounts())
        .await
        .unwrap_err();
    assert!(clock.slept().is_empty());
    platform.finish().await;
}

#[tokio::test]
async fn a_retry_after_of_more_than_two_minutes_is_slept_through_by_no_call_that_nothing_bounds() {
    for after in [
        "121",
        "31536000",
        "99999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let platform =
            Platform::start(json!([answer(503, &json!({ "retry-after": after }))])).await;
        let mut config = platform.config();
        config.timeouts = Some(TimeoutOptions {
            call: Some(0),
            ..TimeoutOptions::default()
        });
        let clock = TestClock::new();
        let client = client_at(config, &clock);
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        assert!(clock.slept().is_empty(), "{after}");
        assert!(
            error.retry_after().unwrap() > Duration::from_mins(2),
            "{after}"
        );
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_retry_after_is_slept_through_for_as_long_as_a_call_may_take() {
    let refusal = answer(503, &json!({ "retry-after": "300" }));
    let platform = Platform::start(json!([refusal, success()])).await;
    let mut config = platform.config();
    config.timeouts = Some(TimeoutOptions {
        call: Some(600_000),
        ..TimeoutOptions::default()
    });
    let clock = TestClock::new();
    let client = client_at(config, &clock);
    client.read_accounts(read_accounts()).await.unwrap();
    assert_eq!(clock.slept(), [Duration::from_mins(5)]);
    platform.finish().await;
}

#[tokio::test]
async fn an_error_says_after_how_long_the_call_may_be_made_again_whoever_explains_it() {
    let explained = json!({ "error": { "code": "TooBusy", "message": "later", "reference": "r" } });
    for body in [json!(""), explained] {
        let response =
            json!({ "status": 429, "json": body, "headers": { "retry-after": "86400" } });
        let platform = Platform::start(json!([{ "on": ACCOUNTS, "response": response }])).await;
        let client = client_at(platform.config(), &TestClock::new());
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_hours(24)));
        let told = error.to_value(Dialect::Python);
        let member = |value: &Neutral, name: &str| {
            let Neutral::Object(members) = value else {
                panic!("{value:?}")
            };
            let member = members.iter().find(|(member, _)| member == name);
            member.unwrap().1.clone()
        };
        let retry_after = member(&member(&told, "fields"), "retry_after");
        assert!(
            matches!(retry_after, Neutral::Integer(86_400_000)),
            "{retry_after:?}"
        );
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_limit_of_none_repeats_nothing() {
    let platform = Platform::start(json!([answer(500, &json!({}))])).await;
    let mut config = platform.config();
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    client_at(config, &TestClock::new())
        .read_accounts(read_accounts())
        .await
        .unwrap_err();
    platform.finish().await;
}

#[tokio::test]
async fn a_refresh_token_is_sent_once_even_where_the_retry_options_name_post() {
    let failure =
        json!([{ "on": "POST /v1.7/oauth/token", "response": { "status": 503, "text": "" } }]);
    let platform = Platform::start(failure).await;
    let mut config = platform.config();
    config.retry_options = Some(RetryOptions {
        methods: Some(vec!["POST".to_owned()]),
        ..RetryOptions::default()
    });
    let options = RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token("a", "r"))
        .build();
    client_at(config, &TestClock::new())
        .refresh_token(options)
        .await
        .unwrap_err();
    platform.finish().await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_tried_again_and_then_named_in_the_error() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let platform = Platform::start(json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(format!("http://{address}/v1.7/"));
    let clock = TestClock::new();
    let error = client_at(config, &clock)
        .read_accounts(read_accounts())
        .await
        .unwrap_err();
    assert_eq!(clock.slept().len(), 2);
    let ErrorKind::Transport { cause, request, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(cause.as_str(), "ECONNREFUSED");
    assert_eq!(request, "GET permission-access/accounts");
    platform.finish().await;
}

#[tokio::test]
async fn what_was_sent_is_that_of_all_attempts() {
    for (answer, sent_most) in [
        ("", Sent::Maybe),
        (
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
            Sent::Whole,
        ),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let platform = Platform::start(json!([])).await;
        let mut config = platform.config();
        config.base_url = Some(format!("http://{}/v1.7/", listener.local_addr().unwrap()));
        let client = client_at(config, &TestClock::new());
        let reading = tokio::spawn(async move { client.read_accounts(read_accounts()).await });
        let (mut socket, _) = listener.accept().await.unwrap();
        head(&mut socket).await;
        // Who has had the request is gone when it is made once more.
        drop(listener);
        socket.write_all(answer.as_bytes()).await.unwrap();
        drop(socket);
        let error = reading.await.unwrap().unwrap_err();
        let ErrorKind::Transport { cause, sent, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((cause.as_str(), *sent), ("ECONNREFUSED", sent_most));
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_retry_after_beyond_what_the_call_has_left_ends_it_at_once_with_the_answers_error() {
    let headers = json!({ "retry-after": "86400" });
    let platform = Platform::start(json!([answer(503, &headers)])).await;
    let clock = TestClock::new();
    let client = client_at(platform.config(), &clock);
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    let ErrorKind::Http(response) = error.kind() else {
        panic!("{error}")
    };
    let retry_after = ("retry-after".to_owned(), "86400".to_owned());
    assert!(response.headers.contains(&retry_after), "{response:?}");
    assert!(clock.slept().is_empty());
    platform.finish().await;
}
