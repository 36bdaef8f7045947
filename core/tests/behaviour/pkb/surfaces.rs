//! PKB's APIs, each called by whoever may call it, with a token of its own kind.

use digime_sdk::Error;
use digime_sdk::pkb::{Client, Config};
use serde_json::{Value, json};

use super::answering::{Answering, Heard, ORGANISATION, path_of};

async fn pkb() -> Answering {
    Answering::always(json!({ "resourceType": "Patient", "id": "1" })).await
}

async fn read(client: &Client, more: Value) -> Result<(), Error> {
    let mut options = json!({ "resourceType": "Patient", "id": "1" });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    let options = serde_json::from_value(options).unwrap();
    client.fhir_read(options).await.map(drop)
}

async fn request(client: &Client, options: Value) -> Result<(), Error> {
    let options = serde_json::from_value(options).unwrap();
    client.request(options).await.map(drop)
}

fn header<'a>(heard: &'a Heard, name: &str) -> Option<&'a str> {
    heard.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn each_api_is_called_with_a_token_of_its_own_kind() {
    let pkb = pkb().await;
    let client = pkb.linked().await;
    for options in [
        json!({ "appUserId": "user-1" }),
        json!({ "orgPublicId": ORGANISATION, "surface": "facade" }),
        json!({ "surface": "aggregated" }),
        json!({ "surface": "customer" }),
    ] {
        read(&client, options).await.unwrap();
    }
    let heard = pkb.heard();
    let seen: Vec<_> = heard
        .iter()
        .map(|heard| {
            let token = header(heard, "authorization").unwrap();
            let organisation = header(heard, "x-org-public-id");
            (heard.on.as_str(), token, organisation)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("GET /fhir/Patient/1", "Bearer patients-own", None),
            ("GET /fhir/Patient/1", "Bearer access-1", Some(ORGANISATION)),
            (
                "GET /aggregated/fhir/Patient/1",
                "Bearer customer-by-basic",
                None
            ),
            (
                "GET /customer/fhir/Patient/1",
                "Bearer customer-by-basic",
                None
            ),
        ]
    );
}

#[tokio::test]
async fn a_token_is_handed_out_for_the_api_that_it_serves_at() {
    let pkb = pkb().await;
    let client = pkb.client();
    for (surface, expected) in [
        (json!(null), "access-1"),
        (json!("messaging"), "access-1"),
        (json!("aggregated"), "customer-by-basic"),
        (json!("customer"), "customer-by-basic"),
    ] {
        let options = serde_json::from_value(json!({ "surface": surface })).unwrap();
        let token = client.get_system_token(options).await.unwrap();
        assert_eq!(token.access_token.expose(), expected, "{surface}");
    }
    let options = serde_json::from_value(json!({ "surface": "rest" })).unwrap();
    let error = client.get_system_token(options).await.unwrap_err();
    assert_eq!(path_of(&error), "options.surface");
}

#[tokio::test]
async fn a_customer_system_client_proves_itself_as_is_configured_for_the_api() {
    let pkb = pkb().await;
    let client =
        json!({ "clientId": "other", "clientSecret": "secret", "clientAuthentication": "body" });
    let aggregated = json!({
        "url": format!("{}/aggregated/fhir", pkb.origin),
        "tokenUrl": format!("{}/customer-token", pkb.origin),
        "client": client,
    });
    let client = Client::new(pkb.config(&json!({ "aggregated": aggregated }))).unwrap();
    read(&client, json!({ "surface": "aggregated" }))
        .await
        .unwrap();
    read(&client, json!({ "surface": "customer" }))
        .await
        .unwrap();
    let heard = pkb.heard();
    let tokens: Vec<_> = heard
        .iter()
        .map(|heard| header(heard, "authorization"))
        .collect();
    assert_eq!(
        tokens,
        [
            Some("Bearer customer-by-body"),
            Some("Bearer customer-by-basic")
        ]
    );
}

#[tokio::test]
async fn what_pkb_forbids_is_refused_before_anything_is_sent() {
    let pkb = pkb().await;
    let client = pkb.linked().await;
    let user = json!("user-1");
    for (options, path) in [
        (
            json!({ "path": "/json/users/self", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
        (
            json!({ "surface": "rest", "path": "users/self", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
        (
            json!({ "path": "/phr-fhir/Patient/1", "appUserId": user }),
            "options.appUserId",
        ),
        (
            json!({ "surface": "messaging", "path": "Patient/1", "appUserId": user }),
            "options.appUserId",
        ),
        (
            json!({ "surface": "customer", "path": "Patient/1", "appUserId": user }),
            "options.appUserId",
        ),
        (
            json!({ "surface": "aggregated", "path": "Patient/1", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
        (
            json!({ "path": format!("{}/customer/fhir/Patient/1", pkb.origin), "appUserId": user }),
            "options.appUserId",
        ),
        (
            json!({ "surface": "facade", "path": "Patient/1" }),
            "options.appUserId",
        ),
        (
            json!({ "path": "/json", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
        (
            json!({ "path": "/%6ason/users/self", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
        (
            json!({ "path": "/fhir/..%2f..%2fjson/users/self", "orgPublicId": ORGANISATION }),
            "options.path",
        ),
        (
            json!({ "surface": "customer", "path": "..%5c..%2faggregated/fhir" }),
            "options.path",
        ),
        (
            json!({ "surface": "customer", "path": "../aggregated/fhir/Patient/1" }),
            "options.path",
        ),
        (
            json!({ "surface": "customer", "path": format!("{}/aggregated/fhir/Patient/1", pkb.origin) }),
            "options.path",
        ),
        (
            json!({ "surface": "aggregated", "path": "https://elsewhere.example/fhir/Patient/1" }),
            "options.path",
        ),
    ] {
        let error = request(&client, options.clone()).await.unwrap_err();
        assert_eq!(path_of(&error), path, "{options}");
    }
    for (options, path) in [
        (
            json!({ "surface": "aggregated", "appUserId": user }),
            "options.appUserId",
        ),
        (
            json!({ "surface": "customer", "orgPublicId": ORGANISATION }),
            "options.orgPublicId",
        ),
    ] {
        let error = read(&client, options.clone()).await.unwrap_err();
        assert_eq!(path_of(&error), path, "{options}");
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn a_request_names_its_api_and_a_path_of_it() {
    let pkb = pkb().await;
    let client = pkb.linked().await;
    for options in [
        json!({ "surface": "customer", "path": "Patient/1/_history" }),
        json!({ "surface": "aggregated", "path": "/metadata" }),
        json!({ "surface": "aggregated", "path": format!("{}/aggregated/fhir/metadata", pkb.origin) }),
        json!({ "surface": "messaging", "path": "metadata", "orgPublicId": ORGANISATION }),
        json!({ "surface": "rest", "path": "users/self", "appUserId": "user-1" }),
    ] {
        request(&client, options).await.unwrap();
    }
    let heard = pkb.heard();
    let on: Vec<_> = heard
        .iter()
        .map(|heard| (heard.on.as_str(), header(heard, "accept").unwrap()))
        .collect();
    let fhir = "application/fhir+json";
    assert_eq!(
        on,
        [
            ("GET /customer/fhir/Patient/1/_history", fhir),
            ("GET /aggregated/fhir/metadata", fhir),
            ("GET /aggregated/fhir/metadata", fhir),
            ("GET /phr-fhir/metadata", fhir),
            ("GET /json/users/self", "application/json"),
        ]
    );
}

#[tokio::test]
async fn headers_that_are_configured_for_an_api_go_with_its_requests_and_no_others() {
    let pkb = pkb().await;
    let aggregated = json!({
        "url": format!("{}/aggregated/fhir", pkb.origin),
        "tokenUrl": format!("{}/customer-token", pkb.origin),
        "headers": { "X-Team-Id": "team-1" },
    });
    let client = Client::new(pkb.config(&json!({ "aggregated": aggregated }))).unwrap();
    read(&client, json!({ "surface": "aggregated" }))
        .await
        .unwrap();
    read(&client, json!({ "surface": "customer" }))
        .await
        .unwrap();
    let own = json!({ "surface": "aggregated", "path": "metadata", "headers": { "x-team-id": "team-2" } });
    request(&client, own).await.unwrap();
    let heard = pkb.heard();
    let teams: Vec<_> = heard
        .iter()
        .map(|heard| header(heard, "x-team-id"))
        .collect();
    assert_eq!(teams, [Some("team-1"), None, Some("team-2")]);
}

#[tokio::test]
async fn what_is_configured_wrongly_of_an_api_is_named() {
    let pkb = pkb().await;
    for (endpoints, path) in [
        (
            json!({ "aggregated": { "url": "nowhere" } }),
            "config.endpoints.aggregated.url",
        ),
        (
            json!({ "customer": { "tokenUrl": "ftp://host" } }),
            "config.endpoints.customer.tokenUrl",
        ),
        (
            json!({ "aggregated": { "url": "https://host.example/fhir?tenant=1" } }),
            "config.endpoints.aggregated.url",
        ),
        (
            json!({ "customer": { "url": "https://user:secret@host.example/fhir" } }),
            "config.endpoints.customer.url",
        ),
        (
            json!({ "customer": { "headers": { "x-team-id": "\u{e9}quipe" } } }),
            "config.endpoints.customer.headers.x-team-id",
        ),
        (
            json!({ "rest": { "headers": { "authorization": "mine" } } }),
            "config.endpoints.rest.headers.authorization",
        ),
        (
            json!({ "facade": { "headers": { "x-team-id": 5 } } }),
            "config.endpoints.facade.headers.x-team-id",
        ),
    ] {
        let error = Client::new(pkb.config(&endpoints)).unwrap_err();
        assert_eq!(path_of(&error), path, "{endpoints}");
    }
}

#[tokio::test]
async fn an_api_of_which_nobody_says_where_it_is_or_who_calls_it_is_named_by_what_is_missing() {
    let pkb = pkb().await;
    let without = |change: &dyn Fn(&mut Config)| {
        let mut config = pkb.config(&json!({ "customer": {} }));
        change(&mut config);
        Client::new(config).unwrap()
    };
    let client = without(&|_| {});
    let error = read(&client, json!({ "surface": "customer" }))
        .await
        .unwrap_err();
    assert_eq!(path_of(&error), "config.endpoints.customer.url");
    let client = without(&|config| config.customer_system_client = None);
    let error = read(&client, json!({ "surface": "aggregated" }))
        .await
        .unwrap_err();
    assert_eq!(path_of(&error), "config.customerSystemClient");
    assert!(pkb.heard().is_empty());
}
