//! A transport of the application's own that breaks its word, or off: what it gives is never taken for an answer.

use bytes::Bytes;
use digime_sdk::ErrorKind;
use digime_sdk::binding::{Step, Value};
use digime_sdk::transport::Sent;
use serde_json::json;

use crate::scripted::TestClock;
use crate::skin::{
    FETCH, JSON, answer, asking, client, failure, going_on, head, header, start, text_at, value,
};

#[tokio::test]
async fn what_does_not_keep_to_what_was_agreed_is_named_and_never_taken_for_an_answer() {
    let odd_heads = [
        ("a status", json!({ "headers": [] })),
        ("a status", json!({ "status": "200", "headers": [] })),
        ("a status", json!({ "status": 103, "headers": [] })),
        ("a status", json!({ "status": 0, "headers": [] })),
        ("headers", json!({ "status": 200 })),
        (
            "header that is none",
            json!({ "status": 200, "headers": [["x", "a\nb"]] }),
        ),
        (
            "header that is none",
            json!({ "status": 200, "headers": [["x y", "a"]] }),
        ),
        (
            "header that is none",
            json!({ "status": 200, "headers": [["x", "\u{2603}"]] }),
        ),
    ];
    for (named, odd) in odd_heads {
        let call = start(
            &client(&TestClock::new()),
            "readAccounts",
            asking(&json!({})),
        );
        let going_on = going_on(&call);
        let exchange = call.exchange().await.unwrap();
        exchange.answer(&value(odd.clone()));
        assert!(
            !exchange.give(Value::Bytes(Bytes::from("[]"))).await,
            "{odd}"
        );
        exchange.end();
        let error = failure(going_on.await.unwrap());
        assert_eq!(text_at(&error, &["class"]), "TransportError", "{odd}");
        assert_eq!(text_at(&error, &["fields", "cause"]), "EPROTO", "{odd}");
        let message = text_at(&error, &["message"]);
        assert!(
            message.contains(FETCH) && message.contains(named),
            "{message}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_has_no_end_is_an_error_however_it_is_left() {
    for (left, named) in [
        ("at once", "gave no answer"),
        ("at its head", "without an end"),
        ("in its body", "without an end"),
        ("with what is no chunk", "a chunk is no bytes, but a string"),
    ] {
        let call = start(
            &client(&TestClock::new()),
            "readAccounts",
            asking(&json!({})),
        );
        let going_on = going_on(&call);
        let exchange = call.exchange().await.unwrap();
        if left != "at once" {
            exchange.answer(&head(200, &[JSON]));
        }
        match left {
            "in its body" => assert!(exchange.give(Value::Bytes(Bytes::from("[]"))).await),
            "with what is no chunk" => assert!(!exchange.give("[]".into()).await),
            _ => {}
        }
        drop(exchange);
        let error = failure(going_on.await.unwrap());
        let message = text_at(&error, &["message"]);
        assert!(
            message.contains(FETCH) && message.contains(named),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_fails_by_its_own_name_also_when_nobody_has_read_it_yet() {
    let call = start(
        &client(&TestClock::new()),
        "readAccounts",
        asking(&json!({})),
    );
    let going_on = going_on(&call);
    // A GET is made again.
    for _ in 0..3 {
        let exchange = call.exchange().await.unwrap();
        exchange.answer(&head(200, &[JSON]));
        for _ in 0..3 {
            exchange.give(Value::Bytes(Bytes::from("["))).await;
        }
        exchange.fail(Some("ECONNRESET"), Sent::Maybe);
    }
    let error = failure(going_on.await.unwrap());
    assert_eq!(text_at(&error, &["fields", "cause"]), "ECONNRESET");
    assert_eq!(
        text_at(&error, &["message"]),
        "GET permission-access/accounts: config.fetch failed: ECONNRESET"
    );
}

#[tokio::test]
async fn of_what_comes_as_it_is_the_length_is_what_was_said() {
    for (length, cause) in [("9", "ECONNRESET"), ("7", "EPROTO")] {
        let options = value(json!({
            "contractDetails":
                { "contractId": "test-contract-id", "privateKey": crate::sandbox::CONTRACT_KEY },
            "storageId": "storage-1",
            "path": "/a",
        }));
        let call = start(&client(&TestClock::new()), "downloadStorageFile", options);
        let going_on = going_on(&call);
        let exchange = call.exchange().await.unwrap();
        assert_eq!(header(&exchange, "accept-encoding"), Some("identity"));
        answer(&exchange, 200, &[("content-length", length)], "12345678").await;
        let Step::Done(done) = going_on.await.unwrap() else {
            panic!("it failed")
        };
        let Some(Value::Output(body)) = done.get("body") else {
            panic!("{done:?}")
        };
        let error = loop {
            match body.next_chunks().await {
                Ok(chunks) => assert!(!chunks.is_empty(), "it passed for the whole"),
                Err(error) => break error,
            }
        };
        let ErrorKind::Transport { cause: found, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(found.as_str(), cause, "{error}");
    }
}

#[tokio::test]
async fn what_it_reports_is_a_name_of_the_networks_or_nothing_that_is_told() {
    for (code, cause, message) in [
        ("EPIPE", "EPIPE", "config.fetch failed: EPIPE"),
        (
            "UND_ERR_ABORTED",
            "EUNKNOWN",
            "config.fetch failed: UND_ERR_ABORTED",
        ),
        // That it was withheld, and so has spent nothing, only the SDK itself knows.
        ("ECANCELED", "EUNKNOWN", "config.fetch failed: ECANCELED"),
        ("https://a/?of=somebody", "EUNKNOWN", "config.fetch failed"),
    ] {
        let options = asking(&json!({ "timeouts": { "call": 0 } }));
        let call = start(&client(&TestClock::new()), "readAccounts", options);
        let going_on = going_on(&call);
        tokio::spawn(async move {
            while let Some(exchange) = call.exchange().await {
                exchange.fail(Some(code), Sent::Maybe);
            }
        });
        let error = failure(going_on.await.unwrap());
        assert_eq!(text_at(&error, &["fields", "cause"]), cause);
        let told = text_at(&error, &["message"]);
        assert_eq!(told, format!("GET permission-access/accounts: {message}"));
    }
}
