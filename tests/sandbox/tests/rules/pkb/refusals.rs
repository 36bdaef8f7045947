//! Why calls are refused, with which status and code, by each API in its own shape.

use serde_json::json;

use crate::support::Pkb;

/// Makes a call to each API that must be refused for the same reason.
async fn assert_refused(pkb: &Pkb, access_token: &str, status: u16, code: &str) {
    let answer = pkb.call(access_token, "/fhir/Consent/$purview").get().await;
    answer.assert_outcome(status, Some(code));
    assert_eq!(
        answer.headers.contains_key("www-authenticate"),
        status == 401
    );
    let answer = pkb.call(access_token, "/json/users/self").get().await;
    answer.assert_code(status, code);
    assert_eq!(
        answer.headers.contains_key("www-authenticate"),
        status == 401
    );
}

#[tokio::test]
async fn a_call_needs_an_access_token() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for token in ["", "unknown", &tokens.refresh] {
        assert_refused(&pkb, token, 401, "BAD_AUTHENTICATION").await;
    }
    for authorization in ["Basic abc", "Bearer", &tokens.access] {
        let call = pkb
            .call("any", "/fhir/Patient/x")
            .header("authorization", authorization);
        call.get()
            .await
            .assert_outcome(401, Some("BAD_AUTHENTICATION"));
    }
    let url = pkb.sandbox.at("/json/users/self");
    assert_eq!(
        pkb.sandbox.http.get(url).send().await.unwrap().status(),
        401
    );
}

#[tokio::test]
async fn the_scheme_of_the_header_is_written_in_any_case() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let call = pkb.call("any", "/json/users/self");
    let call = call.header("authorization", &format!("bearer {}", tokens.access));
    call.get().await.assert_ok(200);
}

#[tokio::test]
async fn an_access_token_expires() {
    let pkb = Pkb::start().await;
    pkb.set_modes(&json!({ "accessTokenSeconds": 0 }))
        .await
        .assert_ok(200);
    let tokens = pkb.tokens("Bobby").await;
    assert_refused(&pkb, &tokens.access, 401, "ACC_TOKEN_EXPIRED").await;
}

#[tokio::test]
async fn a_session_expires() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    pkb.control("expire-sessions").await;
    assert_refused(&pkb, &tokens.access, 401, "API_SESSION_EXPIRED").await;
}

#[tokio::test]
async fn a_session_is_invalid_after_a_second_use_of_a_refresh_token() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for _ in 0..2 {
        pkb.refresh(&tokens.refresh).post().await;
    }
    assert_refused(&pkb, &tokens.access, 401, "API_SESSION_INVALID").await;
}

#[tokio::test]
async fn a_patient_whose_access_is_frozen_is_refused_until_it_is_not() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let public_id = pkb.person("Bobby").public_id;
    let freeze = |path: &str| pkb.call("any", &format!("/_sandbox/pkb/{path}"));
    let frozen = freeze("freeze").with("publicId", public_id).post().await;
    assert_eq!(
        frozen.assert_ok(200).json,
        json!({ "publicId": public_id, "frozen": true })
    );
    assert_refused(&pkb, &tokens.access, 403, "ACCESS_FROZEN_OUTWARD").await;
    let other = pkb.tokens("Morag").await;
    pkb.call(&other.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
    let thawed = freeze("unfreeze")
        .post_json(&json!({ "publicId": public_id }))
        .await;
    assert_eq!(
        thawed.assert_ok(200).json,
        json!({ "publicId": public_id, "frozen": false })
    );
    pkb.call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
    freeze("freeze")
        .with("publicId", "nobody")
        .post()
        .await
        .assert_ok(404);
}

#[tokio::test]
async fn a_clinician_has_no_measurements() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Clara").await;
    let call = || pkb.call(&tokens.access, "/json/v2-beta/measurements");
    call().get().await.assert_code(403, "USER_TYPE_NOT_PERM");
    let write = pkb.call(&tokens.access, "/json/v1/measurements");
    write
        .post_json(&json!({}))
        .await
        .assert_code(403, "USER_TYPE_NOT_PERM");
}

#[tokio::test]
async fn a_patient_sees_no_other_patient() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Morag").await;
    let public_id = pkb.person("Bobby").public_id;
    for path in [
        format!("/fhir/Patient/{public_id}"),
        format!("/fhir/Observation?patient={public_id}&category=vital-signs"),
        "/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9991566171".to_owned(),
    ] {
        let answer = pkb.call(&tokens.access, &path).get().await;
        answer.assert_outcome(403, Some("NO_CONSENT"));
    }
}
