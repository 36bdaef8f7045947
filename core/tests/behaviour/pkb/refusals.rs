//! Callbacks that lead to no link, and configurations that lead nowhere.

use std::time::Duration;

use digime_sdk::binding::{Dialect, Value};
use digime_sdk::pkb::{
    Client, ClientAuthentication, CompleteLinkOptions, Config, EncryptionKey, Failure,
    GetLinkUrlOptions, Store,
};
use digime_sdk::{Error, ErrorKind};
use serde_json::json;

use super::sandbox::{BOBBY, KEY, Pkb, at, complete, link_url, parameter, public_id};
use crate::clock::TestClock;

fn reason(error: &Error) -> &'static str {
    match Failure::of(error) {
        Some(Failure::LinkState { reason, .. }) => reason,
        _ => "not about the state",
    }
}

#[tokio::test]
async fn a_denial_says_what_pkb_said_and_ends_the_attempt() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let sent = client.get_link_url(link_url("user-1")).await.unwrap();
    let callback = pkb.deny(sent.url.expose(), BOBBY).await;
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    let Some(Failure::LinkDenied {
        error,
        error_description,
        ..
    }) = Failure::of(&error)
    else {
        panic!("{error}")
    };
    assert_eq!(error, "access_denied");
    assert_eq!(
        error_description.as_deref(),
        Some("The user denied the request")
    );

    let approved = pkb.approve(sent.url.expose(), BOBBY).await;
    let error = client.complete_link(complete(&approved)).await.unwrap_err();
    assert_eq!(reason(&error), "used");
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn a_callback_without_what_it_must_have_is_refused_before_anything_is_sent() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    for (callback, expected) in [
        ("http://127.0.0.1/return", "missing"),
        ("http://127.0.0.1/return?code=c", "missing"),
        ("http://127.0.0.1/return?code=c&state=", "missing"),
        ("http://127.0.0.1/return?code=c&state=made-up", "unknown"),
        (
            "http://127.0.0.1/return?error=access_denied&state=made-up",
            "unknown",
        ),
    ] {
        let error = client.complete_link(complete(callback)).await.unwrap_err();
        assert_eq!(reason(&error), expected, "{callback}");
    }
    let nothing = CompleteLinkOptions::builder().build();
    let error = client.complete_link(nothing).await.unwrap_err();
    assert!(error.to_string().contains("options.callbackUrl"), "{error}");
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn an_attempt_expires() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    // A quarter of an hour, and one hour that clocks may be apart.
    clock.advance(Duration::from_mins(76));
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert_eq!(reason(&error), "expired");
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn a_callback_in_another_users_browser_links_nothing() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "attacker", BOBBY).await;
    let in_the_victims_browser = CompleteLinkOptions {
        app_user_id: Some("victim".parse().unwrap()),
        any_user: None,
        ..complete(&callback)
    };
    let error = client
        .complete_link(in_the_victims_browser)
        .await
        .unwrap_err();
    assert_eq!(reason(&error), "mismatch");
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn whose_callback_it_is_must_be_said_one_way_or_the_other() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let nobody = || CompleteLinkOptions {
        any_user: None,
        ..complete(&callback)
    };
    let user = || Some("user-1".parse().unwrap());
    for (options, named) in [
        (nobody(), ["options.appUserId", "anyUser"]),
        (
            CompleteLinkOptions {
                any_user: Some(false),
                ..nobody()
            },
            ["options.appUserId", "anyUser"],
        ),
        (
            CompleteLinkOptions {
                app_user_id: user(),
                ..complete(&callback)
            },
            ["options.anyUser", "appUserId"],
        ),
    ] {
        let error = client.complete_link(options).await.unwrap_err();
        let message = error.to_string();
        assert!(named.iter().all(|name| message.contains(name)), "{message}");
    }
    assert_eq!(pkb.tally("exchanges").await, 0);
    let said = CompleteLinkOptions {
        app_user_id: user(),
        ..nobody()
    };
    client.complete_link(said).await.unwrap();
}

#[tokio::test]
async fn an_exchange_whose_answer_was_lost_is_not_made_again() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    pkb.fault("POST /apiToken.action", json!("lose-answer"), 1)
        .await;
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Transport { .. }),
        "{error}"
    );
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert_eq!(reason(&error), "used");
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn a_code_that_pkb_does_not_accept_ends_the_attempt() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let code = parameter(&callback, "code").unwrap();
    let forged = callback.replace(&code, "forged");
    let error = client.complete_link(complete(&forged)).await.unwrap_err();
    assert_eq!(reason(&error), "used", "{error}");
    assert!(!error.to_string().contains("forged"));
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_to_the_exchange_ends_the_attempt() {
    let pkb = Pkb::start().await;
    pkb.set_modes(json!({ "htmlErrors": true })).await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let code = parameter(&callback, "code").unwrap();
    let forged = callback.replace(&code, "forged");
    let error = client.complete_link(complete(&forged)).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::Refused(failure)) if failure.status_code == Some(400)),
        "{error}"
    );
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert_eq!(reason(&error), "used");
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_by_the_name_of_what_is_wrong() {
    let pkb = Pkb::start().await;
    let good = || pkb.config(Store::Memory);
    let kept = |store: &str, key: Option<&str>| Config {
        encryption_key: key.map(EncryptionKey::from),
        ..pkb.config(Store::from(store))
    };
    let cases = vec![
        (kept("links.db", None), "config.encryptionKey"),
        (
            kept("postgres://localhost/db", None),
            "config.encryptionKey",
        ),
        (kept("links.db", Some("c2hvcnQ=")), "config.encryptionKey"),
        // 64 letters, and each pair of them a number, but not 64 hexadecimal digits.
        (
            kept("links.db", Some(&"+1".repeat(32))),
            "config.encryptionKey",
        ),
        (
            Config {
                previous_encryption_keys: Some(vec!["x".into()]),
                ..good()
            },
            "config.previousEncryptionKeys[0]",
        ),
        (
            Config {
                redirect_uri: "/linked".parse().unwrap(),
                ..good()
            },
            "config.redirectUri",
        ),
        (
            Config {
                client_authentication: Some(ClientAuthentication::Basic),
                ..good()
            },
            "config.clientSecret",
        ),
        (
            Config {
                refresh_lease: Some(2999),
                ..good()
            },
            "config.refreshLease",
        ),
        (
            Config {
                refresh_lease: Some(0),
                ..good()
            },
            "config.refreshLease",
        ),
    ];
    for (config, expected) in cases {
        let message = Client::new(config).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn where_links_cannot_be_kept_is_refused_with_a_word_on_what_to_write() {
    let pkb = Pkb::start().await;
    let kept = |store: &str| Config {
        encryption_key: Some(KEY.into()),
        ..pkb.config(Store::from(store))
    };
    let cases = vec![
        (kept(""), "config.store"),
        (kept("links.db "), "config.store"),
        (kept(":memory:"), "config.store"),
        (
            kept("sqlite:///links.db"),
            "config.store: must be the path alone, without sqlite://",
        ),
        (
            kept("postgresql+psycopg2://localhost/db"),
            "config.store: must begin with postgres://",
        ),
        (
            kept("POSTGRES://localhost/db"),
            "config.store: must begin with postgres://",
        ),
        (kept("mysql://localhost/db"), "config.store"),
        (
            kept("MEMORY"),
            "config.store: must be \"memory\", in small letters",
        ),
        (
            kept("undefined"),
            "config.store: must be where links are kept",
        ),
        (kept("null"), "config.store: must be where links are kept"),
        (kept("None"), "config.store: must be where links are kept"),
        (
            kept("links.db?mode=ro"),
            "config.store: must be the path of a file alone",
        ),
        (
            kept("sqlite:folder/links.db?mode=rwc"),
            "config.store: must be the path of a file alone",
        ),
        (
            Config {
                store_schema: Some("Links-1".to_owned()),
                ..kept("postgres://localhost/db")
            },
            "config.storeSchema: the name of a schema is of lower-case letters",
        ),
        (kept("file:links.db"), "config.store"),
        (
            kept("host=localhost password=hunter2 dbname=db"),
            "config.store",
        ),
        (kept("postgres://localhost:port/db"), "config.store"),
    ];
    for (config, expected) in cases {
        let message = Client::new(config).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_file_of_a_name_that_says_nothing_is_meant_where_its_folder_stands_before_it() {
    let pkb = Pkb::start().await;
    for name in ["./memory", "./MEMORY", "./undefined", "folder/null"] {
        let config = Config {
            encryption_key: Some(KEY.into()),
            ..pkb.config(Store::from(name))
        };
        Client::new(config).unwrap();
    }
}

#[tokio::test]
async fn a_message_names_calls_as_the_language_spells_them() {
    let pkb = Pkb::start().await;
    let error = public_id(&pkb.client(), "nobody").await.unwrap_err();
    for (dialect, name) in [
        (Dialect::JavaScript, "getLinkUrl"),
        (Dialect::Python, "get_link_url"),
    ] {
        let Some(Value::String(message)) = error.to_value(dialect).get("message").cloned() else {
            panic!("no message")
        };
        assert!(message.contains(name), "{message}");
    }
}

#[tokio::test]
async fn an_id_that_a_database_cannot_keep_is_refused_before_anybody_is_sent_away() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    for id in ["x".repeat(1001), "a\0b".to_owned()] {
        let options = GetLinkUrlOptions::builder().app_user_id(id.parse().unwrap());
        let error = client.get_link_url(options.build()).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*path, "options.appUserId");
    }
}
