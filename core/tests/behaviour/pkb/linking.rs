//! From the address that a patient is sent to until the link is made.

use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::connections::LinkStatus;
use digime_sdk::pkb::LinkConflict;
use digime_sdk::pkb::{
    Client, ClientAuthentication, CompleteLinkOptions, Endpoints, Failure, FindLinksOptions,
    GetLinkOptions, OnConflict, Store,
};
use serde_json::json;

use super::linked::read;
use super::sandbox::{
    BOBBY, CLARA, MORAG, Pkb, at, complete, file, link_url, parameter, public_id, shared,
};
use crate::clock::TestClock;

#[tokio::test]
async fn a_patient_links_their_record_and_the_pair_is_stored() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let link = pkb.link(&client, "user-1", BOBBY).await;
    assert_eq!(link.app_user_id, "user-1");
    assert_eq!(link.public_id, pkb.public_id(BOBBY));
    assert_eq!(link.status, LinkStatus::Active);
    assert_eq!(
        public_id(&client, "user-1").await.unwrap(),
        pkb.public_id(BOBBY)
    );
    let of = FindLinksOptions::builder().public_id(pkb.public_id(BOBBY).parse().unwrap());
    assert_eq!(client.find_links(of.build()).await.unwrap(), [link]);
}

#[tokio::test]
async fn the_address_names_client_redirect_uri_scope_and_a_state_of_256_bits() {
    let pkb = Pkb::start().await;
    let sent = pkb.client().get_link_url(link_url("user-1")).await.unwrap();
    let url = sent.url.expose();
    assert!(url.starts_with(&format!("{}/apiAuthorize.action?", pkb.origin())));
    assert_eq!(parameter(url, "response_type").unwrap(), "code");
    assert_eq!(
        parameter(url, "client_id").unwrap(),
        pkb.announcement.pkb.client_id
    );
    assert_eq!(
        parameter(url, "redirect_uri").unwrap(),
        "http://127.0.0.1/return"
    );
    assert_eq!(parameter(url, "scope").unwrap(), "PATIENT");
    assert_eq!(parameter(url, "state").unwrap(), *sent.state.expose());
    assert_eq!(sent.state.expose().len(), 43);
    assert_eq!(parameter(url, "code_challenge"), None);
}

#[tokio::test]
async fn the_callback_may_reach_another_machine() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let machine = || Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    let callback = pkb.callback(&machine(), "user-1", BOBBY).await;
    let link = machine().complete_link(complete(&callback)).await.unwrap();
    assert_eq!(link.public_id, pkb.public_id(BOBBY));
}

#[tokio::test]
async fn the_callback_may_be_given_from_its_path_on_or_in_parts() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let path = callback.strip_prefix("http://127.0.0.1").unwrap();
    client.complete_link(complete(path)).await.unwrap();

    let callback = pkb.callback(&client, "user-2", MORAG).await;
    let mut parts = complete(&callback);
    parts.callback_url = None;
    parts.code = Some(parameter(&callback, "code").unwrap().parse().unwrap());
    parts.state = Some(parameter(&callback, "state").unwrap().parse().unwrap());
    assert_eq!(
        client.complete_link(parts).await.unwrap().app_user_id,
        "user-2"
    );
}

#[tokio::test]
async fn the_same_callback_again_gives_the_same_link_and_no_second_exchange() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let first = client.complete_link(complete(&callback)).await.unwrap();
    let again = client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn ten_callbacks_at_once_make_one_exchange_and_one_link() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let machine = || Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    let callback = pkb.callback(&machine(), "user-1", BOBBY).await;
    let calls = (0..10).map(|_| {
        let (client, callback) = (machine(), callback.clone());
        tokio::spawn(async move { client.complete_link(complete(&callback)).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap().public_id, pkb.public_id(BOBBY));
    }
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn a_completion_that_comes_late_does_not_put_spent_tokens_back() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let purview = "GET /fhir/Consent/$purview";
    pkb.fault(purview, json!({ "delayAnswerMs": 300 }), 1).await;
    let late = {
        let (client, callback) = (client.clone(), callback.clone());
        tokio::spawn(async move { client.complete_link(complete(&callback)).await })
    };
    while pkb.tally("purviews").await == 0 {
        tokio::task::yield_now().await;
    }
    let prompt = client.complete_link(complete(&callback)).await.unwrap();
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(late.await.unwrap().unwrap().linked_at, prompt.linked_at);
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(pkb.tally("reuses").await, 0);
}

#[tokio::test]
async fn what_the_application_wants_to_remember_comes_back() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let mut options = link_url("user-1");
    options.context = Some(json!({ "page": "/measurements" }).into());
    let sent = client.get_link_url(options).await.unwrap();
    let callback = pkb.approve(sent.url.expose(), BOBBY).await;
    let link = client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(
        link.context,
        Some(json!({ "page": "/measurements" }).into())
    );
}

#[tokio::test]
async fn parameters_may_be_added_to_the_redirect_uri_and_nothing_else() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let mut options = link_url("user-1");
    options.redirect_uri = Some("http://127.0.0.1/return?from=settings".parse().unwrap());
    let sent = client.get_link_url(options).await.unwrap();
    let callback = pkb.approve(sent.url.expose(), BOBBY).await;
    assert_eq!(parameter(&callback, "from").unwrap(), "settings");
    client.complete_link(complete(&callback)).await.unwrap();

    let mut elsewhere = link_url("user-1");
    elsewhere.redirect_uri = Some("http://127.0.0.1/elsewhere".parse().unwrap());
    let error = client.get_link_url(elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("options.redirectUri"), "{error}");
}

#[tokio::test]
async fn a_redirect_uri_keeps_a_parameter_as_often_as_it_is_registered() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::Memory);
    config.redirect_uri = "http://127.0.0.1/return?a=1&a=1".parse().unwrap();
    let client = Client::new(config).unwrap();
    for (query, fits) in [("a=1&b=2&a=1", true), ("a=1&b=2", false)] {
        let mut options = link_url("user-1");
        options.redirect_uri = Some(format!("http://127.0.0.1/return?{query}").parse().unwrap());
        assert_eq!(client.get_link_url(options).await.is_ok(), fits, "{query}");
    }
}

#[tokio::test]
async fn a_redirect_uri_may_have_a_scheme_of_the_applications_own() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::Memory);
    config.redirect_uri = "myapp://linked".parse().unwrap();
    let sent = Client::new(config)
        .unwrap()
        .get_link_url(link_url("user-1"))
        .await
        .unwrap();
    assert_eq!(
        parameter(sent.url.expose(), "redirect_uri").unwrap(),
        "myapp://linked"
    );
}

#[tokio::test]
async fn an_interrupted_link_goes_on_from_the_stored_tokens() {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let client = Client::new(pkb.config(store.clone())).unwrap();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    pkb.fault("GET /fhir/Consent/$purview", json!({ "status": 404 }), 1)
        .await;
    client.complete_link(complete(&callback)).await.unwrap_err();
    let elsewhere = Client::new(pkb.config(store)).unwrap();
    let link = elsewhere.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(link.public_id, pkb.public_id(BOBBY));
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn a_link_that_is_resumed_late_refreshes_its_tokens_first() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    pkb.fault("GET /fhir/Consent/$purview", json!({ "status": 404 }), 1)
        .await;
    client.complete_link(complete(&callback)).await.unwrap_err();
    clock.advance(Duration::from_hours(1));
    pkb.expire_access_tokens().await;
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(
        (pkb.tally("exchanges").await, pkb.tally("refreshes").await),
        (1, 1)
    );
}

#[tokio::test]
async fn a_cancelled_completion_does_not_cost_the_link() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    pkb.fault("POST /apiToken.action", json!({ "delayAnswerMs": 300 }), 1)
        .await;
    let cancelled = tokio::time::timeout(
        Duration::from_millis(100),
        client.complete_link(complete(&callback)),
    );
    assert!(cancelled.await.is_err());
    let link = client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(link.public_id, pkb.public_id(BOBBY));
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn a_token_endpoint_that_was_not_reached_leaves_the_code_good() {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let client = Client::new(pkb.config(store.clone())).unwrap();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let mut config = pkb.config(store);
    let nobody = Endpoints::builder()
        .base_url(pkb.origin())
        .token_url("http://127.0.0.1:9/apiToken.action");
    config.endpoints = Some(nobody.build());
    let cut_off = Client::new(config).unwrap();
    let error = cut_off
        .complete_link(complete(&callback))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Transport { .. }),
        "{error}"
    );
    client.complete_link(complete(&callback)).await.unwrap();
}

#[tokio::test]
async fn pkce_is_used_when_asked_for() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::Memory);
    config.pkce = Some(true);
    let client = Client::new(config).unwrap();
    let sent = client.get_link_url(link_url("user-1")).await.unwrap();
    assert_eq!(
        parameter(sent.url.expose(), "code_challenge_method").unwrap(),
        "S256"
    );
    let callback = pkb.approve(sent.url.expose(), BOBBY).await;
    client.complete_link(complete(&callback)).await.unwrap();
}

#[tokio::test]
async fn a_client_with_a_secret_shows_it_in_the_form_or_by_basic_authentication() {
    let pkb = Pkb::start().await;
    let ways = [
        ("body", None),
        ("body", Some(ClientAuthentication::Body)),
        ("basic", Some(ClientAuthentication::Basic)),
    ];
    for (mode, way) in ways {
        pkb.set_modes(json!({ "clientAuthentication": mode })).await;
        let mut config = pkb.config(Store::Memory);
        config.client_secret = Some(pkb.announcement.pkb.client_secret.parse().unwrap());
        config.client_authentication = way;
        let client = Client::new(config).unwrap();
        let link = pkb.link(&client, "user-1", BOBBY).await;
        assert_eq!(link.public_id, pkb.public_id(BOBBY), "{mode}");
    }
}

#[tokio::test]
async fn what_pkb_leaves_open_is_tolerated() {
    let pkb = Pkb::start().await;
    let modes = [
        json!({ "expiresInAsString": true }),
        json!({ "omitScope": true }),
        json!({ "omitRefreshToken": true }),
        json!({ "purviewMethod": "POST" }),
        json!({ "htmlErrors": true }),
    ];
    for mode in modes {
        pkb.set_modes(mode.clone()).await;
        let link = pkb.link(&pkb.client(), "user-1", BOBBY).await;
        assert_eq!(link.public_id, pkb.public_id(BOBBY), "{mode}");
    }
}

#[tokio::test]
async fn a_record_is_linked_to_one_app_user_unless_the_application_says_so() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let callback = pkb.callback(&client, "user-2", BOBBY).await;
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert!(matches!(
        Failure::of(&error),
        Some(Failure::LinkConflict {
            conflict: LinkConflict::PublicId
        })
    ));
    assert_eq!(
        public_id(&client, "user-1").await.unwrap(),
        pkb.public_id(BOBBY)
    );

    let replacing = CompleteLinkOptions {
        on_conflict: Some(OnConflict::Replace),
        ..complete(&callback)
    };
    client.complete_link(replacing).await.unwrap();
    let link_of = |user: &str| {
        GetLinkOptions::builder()
            .app_user_id(user.parse().unwrap())
            .build()
    };
    assert_eq!(client.get_link(link_of("user-1")).await.unwrap(), None);
    assert_eq!(
        public_id(&client, "user-2").await.unwrap(),
        pkb.public_id(BOBBY)
    );
    assert_eq!(pkb.tally("exchanges").await, 2);
}

#[tokio::test]
async fn an_app_user_is_linked_to_one_record_unless_the_application_says_so() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let callback = pkb.callback(&client, "user-1", MORAG).await;
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert!(matches!(
        Failure::of(&error),
        Some(Failure::LinkConflict {
            conflict: LinkConflict::AppUser
        })
    ));
    let replacing = CompleteLinkOptions {
        on_conflict: Some(OnConflict::Replace),
        ..complete(&callback)
    };
    let link = client.complete_link(replacing).await.unwrap();
    assert_eq!(link.public_id, pkb.public_id(MORAG));
}

#[tokio::test]
async fn a_patient_who_links_again_has_new_tokens_under_the_same_link() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let again = pkb.link(&client, "user-1", BOBBY).await;
    assert_eq!(again.status, LinkStatus::Active);
    assert_eq!(pkb.tally("exchanges").await, 2);
}

#[tokio::test]
async fn someone_who_is_no_patient_is_not_linked() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::Memory);
    config.scope = Some("CLINICIAN".parse().unwrap());
    let client = Client::new(config).unwrap();
    let callback = pkb.callback(&client, "user-1", CLARA).await;
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::LinkDenied { error, .. }) if error == "not_a_patient")
    );
    assert!(public_id(&client, "user-1").await.is_err());
}
