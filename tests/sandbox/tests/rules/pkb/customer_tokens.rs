//! How the customer system client gets a token, and where it is good.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::{Customer, Pkb};

fn basic(pkb: &Pkb) -> String {
    let customer = &pkb.announced().customer;
    let credentials = format!("{}:{}", customer.client_id, customer.client_secret);
    format!("Basic {}", STANDARD.encode(credentials))
}

#[tokio::test]
async fn a_token_is_told_as_keycloak_does_to_either_kind_of_authentication() {
    let pkb = Pkb::start().await;
    let url = &pkb.announced().customer.addresses.token_url;
    assert!(url.ends_with("/auth/realms/pkb/protocol/openid-connect/token"));
    let in_header = pkb
        .customer_token()
        .without("client_id")
        .without("client_secret")
        .header("authorization", &basic(&pkb));
    for request in [in_header, pkb.customer_token()] {
        let answer = request.post().await.assert_ok(200);
        assert_eq!(answer.json["token_type"], "Bearer");
        assert_eq!(answer.json["expires_in"], 300);
        assert_eq!(answer.json["not-before-policy"], 0);
        assert!(answer.json["scope"].is_string());
        assert_eq!(answer.json.get("refresh_token"), None);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    assert_eq!(pkb.tally().await["customerTokens"], 2);
}

#[tokio::test]
async fn one_kind_of_authentication_can_be_demanded() {
    let pkb = Pkb::start().await;
    let in_body = || pkb.customer_token().post();
    let in_header = || {
        let request = pkb.customer_token().without("client_secret");
        request.header("authorization", &basic(&pkb)).post()
    };
    pkb.set_modes(&json!({ "customerAuthentication": "basic" }))
        .await;
    in_body()
        .await
        .assert_token_refused(401, "invalid_client", "credentials");
    in_header().await.assert_ok(200);
    pkb.set_modes(&json!({ "customerAuthentication": "body" }))
        .await;
    in_header()
        .await
        .assert_token_refused(401, "invalid_client", "credentials");
    in_body().await.assert_ok(200);
}

#[tokio::test]
async fn whoever_is_not_the_customer_system_client_gets_no_token() {
    let pkb = Pkb::start().await;
    let system = &pkb.announced().system;
    for request in [
        pkb.customer_token().with("client_secret", "wrong"),
        pkb.customer_token()
            .with("client_id", &system.client_id)
            .with("client_secret", &system.client_secret),
    ] {
        let answer = request.post().await;
        answer.assert_token_refused(401, "invalid_client", "credentials");
    }
    let request = pkb.customer_token().with("grant_type", "refresh_token");
    let answer = request.post().await;
    answer.assert_token_refused(400, "unsupported_grant_type", "client_credentials");
}

#[tokio::test]
async fn each_kind_of_token_is_good_for_its_own_surfaces_alone() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    customer.call("/Patient").get().await.assert_ok(200);
    let public_id = pkb.person("Bobby").public_id;
    let organisation = &pkb.announced().system.org_public_id;
    for path in [
        "/fhir/Patient/",
        "/json/users/self?",
        "/phr-fhir/Patient/$process-message?",
    ] {
        let call = pkb
            .call(&customer.token, &format!("{path}{public_id}"))
            .header("x-org-public-id", organisation);
        let answer = if path.contains("process") {
            call.post_fhir(&json!({})).await
        } else {
            call.get().await
        };
        answer.assert_ok(401);
    }
    let system = pkb.system_token().post().await.json["access_token"].clone();
    let user = pkb.tokens("Bobby").await.access;
    for token in [system.as_str().unwrap(), &user, "made-up"] {
        let stranger = Customer {
            pkb: &pkb,
            token: token.to_owned(),
        };
        for call in [stranger.call("/Patient"), stranger.extract("/Patient")] {
            call.get()
                .await
                .assert_outcome(401, Some("BAD_AUTHENTICATION"));
        }
    }
}

#[tokio::test]
async fn a_token_of_this_kind_can_be_expired() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    assert_eq!(
        pkb.control("expire-access-tokens").await,
        json!({ "expired": 1 })
    );
    for call in [customer.call("/Patient"), customer.extract("/Patient")] {
        call.get()
            .await
            .assert_outcome(401, Some("ACC_TOKEN_EXPIRED"));
    }
}

#[tokio::test]
async fn faults_of_the_three_addresses_are_told_apart() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    for route in [
        "aggregated GET /fhir/{type}",
        "POST /auth/realms/pkb/protocol/openid-connect/token",
    ] {
        let fault = json!({ "route": route, "fault": { "status": 503 } });
        pkb.plan_fault(&fault).await;
    }
    customer.call("/Patient").get().await.assert_ok(200);
    customer.extract("/Patient").get().await.assert_ok(503);
    pkb.customer_token().post().await.assert_ok(503);
    pkb.set_modes(&json!({ "htmlErrors": true })).await;
    let answer = customer.extract("/Patient").get().await.assert_ok(400);
    assert!(answer.text.contains("<html"));
}
