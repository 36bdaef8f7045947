//! Time-outs: a silent server does not hold a call for ever, and the error says which patience ran out.

use std::time::Duration;

use bytes::Bytes;
use digime_sdk::digime::{FileSource, RetryOptions, SourceType, TimeoutOptions};
use digime_sdk::transport::Sent;
use digime_sdk::{Error, ErrorKind};
use futures_util::stream;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::push::{receipt, to_library};
use crate::sandbox::Sandbox;
use crate::scripted::{Platform, TestClock, client_at, read_accounts};

/// A server that takes connections and says nothing.
async fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1.7/", listener.local_addr().unwrap());
    (listener, base_url)
}

#[tokio::test]
async fn a_server_that_says_nothing_meets_the_idle_time_out() {
    let (_listener, base_url) = silent().await;
    let platform = Platform::start(json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(base_url);
    config.timeouts = Some(TimeoutOptions {
        idle: Some(50),
        ..TimeoutOptions::default()
    });
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = digime_sdk::digime::Client::new(config).unwrap();
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    assert_eq!(error.code(), "ERR_TIMEOUT");
    assert_eq!(
        error.to_string(),
        "GET permission-access/accounts: idle time-out after 50 ms"
    );
}

#[tokio::test]
async fn the_total_time_out_ends_a_request_that_is_not_repeated() {
    let error = meets(
        TimeoutOptions {
            total: Some(90_000),
            ..TimeoutOptions::default()
        },
        Duration::from_secs(90),
    )
    .await;
    let ErrorKind::Timeout {
        phase, after, sent, ..
    } = error.kind()
    else {
        panic!("{error}")
    };
    assert_eq!(
        (*phase, *after, *sent),
        ("total", Duration::from_secs(90), Sent::Maybe)
    );
}

#[tokio::test]
async fn a_whole_call_has_two_minutes_unless_the_application_says_otherwise() {
    let patient = TimeoutOptions {
        idle: Some(1_000_000),
        ..TimeoutOptions::default()
    };
    let error = meets(patient.clone(), Duration::from_mins(2)).await;
    assert_eq!(
        error.to_string(),
        "GET permission-access/accounts: call time-out after 120000 ms"
    );
    let hasty = TimeoutOptions {
        call: Some(5000),
        ..patient
    };
    let error = meets(hasty, Duration::from_secs(5)).await;
    assert_eq!(
        error.to_string(),
        "GET permission-access/accounts: call time-out after 5000 ms"
    );
}

/// How a call ends of which the server has the request, and says nothing for so long.
async fn meets(timeouts: TimeoutOptions, silence: Duration) -> Error {
    let (listener, base_url) = silent().await;
    let platform = Platform::start(json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(base_url);
    config.timeouts = Some(timeouts);
    let clock = TestClock::new();
    let client = client_at(config, &clock);
    let call = tokio::spawn(async move { client.read_accounts(read_accounts()).await });
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut request = [0; 1024];
    assert_ne!(connection.read(&mut request).await.unwrap(), 0);
    clock.advance(silence);
    call.await.unwrap().unwrap_err()
}

#[tokio::test]
async fn idle_counts_from_the_last_byte_of_a_request_and_no_longer() {
    let (listener, base_url) = silent().await;
    let platform = Platform::start(json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(base_url);
    let clock = TestClock::new();
    let client = client_at(config, &clock);
    let file = receipt(FileSource::from(vec![b'!'; 1024 * 1024]));
    let push = to_library(&crate::scripted::token("access-1", "refresh-1"), file);
    let call = tokio::spawn(async move { client.push_data(push).await });
    let (mut connection, _) = listener.accept().await.unwrap();
    let (mut read, mut bytes) = (0, vec![0; 64 * 1024]);
    while read < 1024 * 1024 {
        read += connection.read(&mut bytes).await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    clock.advance(Duration::from_mins(1));
    let error = call.await.unwrap().unwrap_err();
    let idle = matches!(error.kind(), ErrorKind::Timeout { phase: "idle", .. });
    assert!(idle && error.sent() == Some(Sent::Whole), "{error}");
}

#[tokio::test]
async fn a_call_may_have_time_outs_of_its_own() {
    let (_listener, base_url) = silent().await;
    let platform = Platform::start(json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(base_url);
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = digime_sdk::digime::Client::new(config).unwrap();
    let patient = TimeoutOptions {
        idle: Some(70),
        connect: Some(5000),
        ..TimeoutOptions::default()
    };
    let error = client
        .with_timeouts(&patient)
        .read_accounts(read_accounts())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET permission-access/accounts: idle time-out after 70 ms"
    );
}

#[tokio::test]
async fn an_upload_whose_source_is_slow_is_not_idle() {
    let sandbox = Sandbox::start().await;
    let mut config = sandbox.config();
    config.timeouts = Some(TimeoutOptions {
        idle: Some(50),
        ..TimeoutOptions::default()
    });
    let client = digime_sdk::digime::Client::new(config).unwrap();
    let (token, _) = sandbox.consent(&sandbox.client(), SourceType::Pull).await;
    // Slow by the real clock, which the network's own time-outs go by.
    let chunks = stream::unfold(0, |number| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (number < 4).then(|| {
            (
                Ok::<_, std::io::Error>(Bytes::from_static(b"chunk")),
                number + 1,
            )
        })
    });
    client
        .push_data(to_library(&token, receipt(FileSource::stream(chunks))))
        .await
        .unwrap();
    assert_eq!(sandbox.pushed().await[0]["size"], 20);
}
