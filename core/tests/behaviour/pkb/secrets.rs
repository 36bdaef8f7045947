//! What nobody reads in a log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digime_sdk::pkb::{Client, Failure, GetSystemTokenOptions, Store, SystemClient};
use serde_json::json;

use super::linked::{read, token};
use super::sandbox::{BOBBY, KEY, Pkb, complete, link_url, parameter};

#[tokio::test]
async fn no_debug_output_shows_a_secret() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::from("postgres://me:hunter2@127.0.0.1/db"));
    config.client_secret = Some("canary-secret".parse().unwrap());
    let shown = format!("{config:?} {:?}", Client::new(config.clone()).unwrap());
    for secret in [
        "canary-secret",
        "hunter2",
        KEY,
        &pkb.announcement.pkb.system.client_secret,
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn no_error_of_linking_shows_a_code_or_a_state() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let sent = client.get_link_url(link_url("user-1")).await.unwrap();
    assert!(!format!("{sent:?}").contains(sent.state.expose()));
    for fault in [
        json!("lose-answer"),
        json!({ "status": 400, "body": { "error": "echo of the-code" } }),
        json!({ "status": 400, "body": { "error": "CODE" } }),
        json!({ "status": 200, "body": {} }),
    ] {
        let callback = pkb.callback(&client, "user-1", BOBBY).await;
        let (code, state) = (
            parameter(&callback, "code").unwrap(),
            parameter(&callback, "state").unwrap(),
        );
        let fault = serde_json::to_string(&fault).unwrap();
        let fault = serde_json::from_str(&fault.replace("CODE", &code)).unwrap();
        pkb.fault("POST /apiToken.action", fault, 1).await;
        let options = complete(&callback);
        let error = client.complete_link(options).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains(&code) && !shown.contains(&state) && !shown.contains("the-code"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn no_error_shows_a_token_that_pkb_echoes_where_its_code_should_be() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let token = token(&client).await.unwrap();
    let coding = json!({
        "system": "http://fhir.patientsknowbest.com/codesystem/response-code",
        "code": token,
    });
    let issue = json!([{ "severity": token, "code": token, "details": { "coding": [coding] } }]);
    for body in [
        json!({ "resourceType": "OperationOutcome", "issue": issue }),
        json!({ "issue": issue }),
    ] {
        let fault = json!({ "status": 403, "body": body });
        pkb.fault("GET /fhir/Patient/{id}", fault, 1).await;
        let error = read(&pkb, &client).await.unwrap_err();
        let Some(Failure::Fhir(failure)) = Failure::of(&error) else {
            panic!("{error}")
        };
        assert_eq!(failure.pkb_code.as_ref(), Some(&token));
        let shown = format!("{error} {error:?} {failure:?} {:?}", failure.issues);
        assert!(!shown.contains(&token), "{shown}");
    }
}

#[tokio::test]
async fn no_error_shows_what_a_client_says_who_it_is_with() {
    let pkb = Pkb::start().await;
    let mut config = pkb.config(Store::Memory);
    let system = SystemClient::builder()
        .client_id("client".parse().unwrap())
        .client_secret("canary-secret1".parse().unwrap());
    config.system_client = Some(system.build());
    let client = Client::new(config).unwrap();
    let both = STANDARD.encode("client:canary-secret1");
    for (echo, is_shown) in [
        ("invalid_client", true),
        ("canary-secret1", false),
        (&both, false),
    ] {
        let fault = json!({ "status": 401, "body": { "error": echo } });
        pkb.fault("POST /api/oauth/token", fault, 1).await;
        let options = GetSystemTokenOptions::default();
        let error = client.get_system_token(options).await.unwrap_err();
        let shown = format!("{error} {error:?} {:?}", Failure::of(&error));
        assert_eq!(shown.contains(echo), is_shown, "{shown}");
    }
}

#[tokio::test]
async fn no_debug_output_shows_what_a_callback_says_beside_its_code() {
    let pkb = Pkb::start().await;
    let callback = "/return?error=canary-1&error_description=canary-2";
    let error = pkb.client().complete_link(complete(callback)).await;
    let error = error.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::LinkDenied { .. })),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
}
