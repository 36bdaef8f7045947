//! What an application gives is sent as it was given, or refused.

use axum::body::Bytes;
use digime_sdk::binding::{Call, Client, Dialect, Step, Value};
use digime_sdk::digime::FileDescriptor;
use digime_sdk::{Error, JsonObject, Open, digime};

use serde_json::{Value as Json, json};

use super::{NUMBERS, Platform, object, send, value};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{contract, token};

#[tokio::test]
async fn an_application_s_numbers_are_written_as_its_language_writes_them() {
    let platform = Platform::start().await;
    let javascript = [
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (123_456_789_012_345_680_000.0, "123456789012345680000"),
        (0.000_001, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (12.470_849_999_999_999, "12.470849999999999"),
        (f64::MAX, "1.7976931348623157e+308"),
        (5e-324, "5e-324"),
    ];
    let python = [
        (1e16, "1e+16"),
        (1e15, "1000000000000000.0"),
        (5.0, "5.0"),
        (-0.0, "-0.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e300, "1.5e+300"),
        (12.470_849_999_999_999, "12.470849999999999"),
    ];
    for (number, written) in javascript {
        let sent = send(&platform, Value::Float(number), Dialect::JavaScript).await;
        assert_eq!(sent.unwrap(), written);
    }
    for (number, written) in python {
        let sent = send(&platform, Value::Float(number), Dialect::Python).await;
        assert_eq!(sent.unwrap(), written);
    }
    for number in NUMBERS {
        let given = object([("value", Value::Json(number.parse().unwrap()))]);
        let sent = send(&platform, given, Dialect::Python).await.unwrap();
        assert_eq!(sent, format!("{{\"value\":{number}}}"));
    }
}

#[tokio::test]
async fn lone_surrogates_in_a_document_are_sent_as_json_writes_them() {
    let platform = Platform::start().await;
    let text = Value::text(&[0x22, 0x0a, 0xd800, 0x5c, 0x20ac]);
    let sent = send(&platform, object([("note", text)]), Dialect::JavaScript).await;
    assert_eq!(sent.unwrap(), r#"{"note":"\"\n\ud800\\€"}"#);
}

#[tokio::test]
async fn json_text_with_a_lone_surrogate_is_refused_by_its_path() {
    let platform = Platform::start().await;
    for before in ["\"", "{\"a\":\"\\", ""] {
        let mut units: Vec<u16> = before.encode_utf16().collect();
        units.push(0xd800);
        for dialect in [Dialect::JavaScript, Dialect::Python] {
            let error = send(&platform, Value::text(&units), dialect).await;
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains("options.body: expected JSON, got text with a lone surrogate"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_no_document_is_refused_by_its_path() {
    let platform = Platform::start().await;
    let refused_body = async |body: Value| {
        let error = send(&platform, body, Dialect::JavaScript)
            .await
            .unwrap_err();
        error.to_string()
    };
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let reading = object([("value", Value::Array(vec![Value::Float(number)]))]);
        let error = refused_body(reading).await;
        assert!(
            error.contains("options.body.value[0]: expected a finite number"),
            "{error}"
        );
    }
    let error = refused_body("{canary".into()).await;
    assert!(error.contains("options.body: expected JSON"), "{error}");
    assert!(!error.contains("canary"), "{error}");
    let error = refused_body(Value::Bytes(Bytes::from_static(b"\xff"))).await;
    assert!(error.contains("options.body: expected JSON"), "{error}");
    let bytes = object([("value", Value::Bytes(Bytes::from_static(b"1")))]);
    let error = refused_body(bytes).await;
    assert!(error.contains("options.body.value: "), "{error}");
}

#[tokio::test]
async fn a_push_to_a_provider_sends_the_text_that_was_given() {
    let platform = Platform::start().await;
    let bundle = r#"{ "resourceType" : "Bundle", "value": 1.10, "value": 18446744073709551616 }"#;
    let push = async |data: Value| {
        let part = |value: &str| {
            object([
                ("value", value.into()),
                ("expiry", Value::Integer(4_102_444_800)),
            ])
        };
        let options = object([
            ("type", "provider".into()),
            (
                "contractDetails",
                object([
                    ("contractId", "test-contract-id".into()),
                    ("privateKey", CONTRACT_KEY.into()),
                ]),
            ),
            (
                "userAccessToken",
                object([("accessToken", part("a")), ("refreshToken", part("r"))]),
            ),
            ("data", data),
            ("version", "stu3".into()),
            ("accountId", "1".into()),
        ]);
        let client = Client::DigiMe(platform.digime());
        let call = Call::start(&client, "pushData", options, Dialect::JavaScript)?;
        assert!(matches!(call.next(None).await, Step::Done(_)));
        Ok::<_, Error>(platform.heard())
    };
    assert_eq!(push(bundle.into()).await.unwrap(), bundle);
    let bytes = Value::Bytes(Bytes::from_static(bundle.as_bytes()));
    assert_eq!(push(bytes).await.unwrap(), bundle);
    for (data, why) in [
        ("[1]", "expected an object, got an array"),
        ("nothing", "expected JSON"),
    ] {
        let error = push(data.into()).await.unwrap_err();
        assert!(
            error.to_string().contains(&format!("options.data: {why}")),
            "{error}"
        );
    }
    let typed: JsonObject = bundle.parse().unwrap();
    assert_eq!(typed.text(), bundle);
}

#[tokio::test]
async fn a_session_s_numbers_and_criteria_and_what_an_application_understands_keep_their_digits() {
    let platform = Platform::start().await;
    platform.answers(r#"{"session":{"key":"k","expiry":1}}"#);
    let mut config = digime::Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{}/v1.7/", platform.origin));
    config.agent = Some(digime::Agent {
        consumer: Some(r#"{"version":1.0}"#.parse().unwrap()),
        ..digime::Agent::default()
    });
    let limits = r#"{"duration":{"sourceFetch":18446744073709551616}}"#;
    let criteria = r#"[{"from":1.10,"metadata":{"weight":[0.00]}}]"#;
    let scope = format!(r#"{{"criteria":{criteria},"only":[1.10]}}"#);
    let session = format!(r#"{{"limits":{limits},"scope":{scope}}}"#);
    let given: Open<digime::PullSessionOptions> = serde_json::from_str(&session).unwrap();
    let options = digime::ReadSessionOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .session_options(given)
        .build();
    let client = digime::Client::new(config).unwrap();
    client.read_session(options).await.unwrap();
    let heard = platform.heard();
    assert!(heard.starts_with(session.trim_end_matches('}')), "{heard}");
    assert!(heard.contains(r#""consumer":{"version":1.0}"#), "{heard}");
}

/// What a call sends with these options beside the contract and the token.
async fn sent_with(
    platform: &Platform,
    call: &str,
    (name, option): (&str, &str),
    dialect: Dialect,
) -> Result<String, Error> {
    let text = serde_json::to_string(&json!({
        "contractDetails": { "contractId": "c", "privateKey": CONTRACT_KEY },
        "userAccessToken": {
            "accessToken": { "value": "a", "expiry": 1 },
            "refreshToken": { "value": "r", "expiry": 1 },
            "user": { "id": "u" },
        },
        "callback": "https://app.example",
        "state": "s",
    }));
    let mut given: Json = serde_json::from_str(&text.unwrap()).unwrap();
    given[name] = serde_json::from_str(option).unwrap();
    let client = Client::DigiMe(platform.digime());
    let call = Call::start(&client, call, value(given), dialect)?;
    call.next(None).await;
    Ok(platform.heard())
}

#[tokio::test]
async fn members_that_the_sdk_does_not_know_go_to_the_platform_as_they_are() {
    let platform = Platform::start().await;
    // A member that narrows what is asked for, and is lost, asks for more of a person's data than was meant.
    let session = r#"{"limits":{"duration":{"sourceFetch":1,"d_a":1},"lA":2},"scope":{"timeRanges":[{"last":"6m","t_a":3}],"serviceGroups":[{"id":1,"serviceTypes":[{"id":2,"serviceObjectTypes":[{"id":3,"o_a":4}],"s_a":5}],"g_a":6}],"criteria":[{"last":"1y","c_a":7}],"s_b":[8]},"sourceFetch":true,"sourceFetchFilter":{"account":{"id":["x"],"a_a":9},"f_a":10},"s_c":{"a_b":null}}"#;
    for dialect in [Dialect::JavaScript, Dialect::Python] {
        for (call, option, given) in [
            ("readSession", "sessionOptions", session.to_owned()),
            ("getAuthorizeUrl", "sessionOptions", format!(r#"{{"pull":{session},"push_a":1}}"#)),
            ("queryCategories", "categoriesBodyParams", r#"{"query":{"include":["id"],"q_a":1},"b_a":2}"#.to_owned()),
            ("querySources", "sourcesBodyParams", r#"{"limit":1,"sort":{"name":"asc","s_a":1},"query":{"filter":{"type":{"id":[1]},"publishedStatus":["approved"],"f_a":1},"q_a":1},"b_a":2}"#.to_owned()),
        ] {
            let sent = sent_with(&platform, call, (option, &given), dialect).await;
            let sent: Json = serde_json::from_str(&sent.unwrap()).unwrap();
            let sent = if call == "getAuthorizeUrl" { &sent["actions"] } else { &sent };
            let mut expected: Json = serde_json::from_str(&given).unwrap();
            if call == "readSession" {
                expected["agent"] = sent["agent"].clone();
            }
            assert_eq!(*sent, expected, "{call}");
        }
    }
    let descriptor =
        r#"{"mimeType":"text/plain","accounts":[{"accountId":"a","b":1.10}],"c":{"d":null}}"#;
    let read: Open<FileDescriptor> = serde_json::from_str(descriptor).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), descriptor);
}
