//! How the system client gets a token, and what it may do for its organisation.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::Pkb;

const ORGANISATION: &str = "x-org-public-id";

async fn token(pkb: &Pkb) -> String {
    let answer = pkb.system_token().post().await.assert_ok(200);
    answer.json["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_system_token_is_what_the_platform_documents() {
    let pkb = Pkb::start().await;
    let system = &pkb.announced().system;
    let credentials = STANDARD.encode(format!("{}:{}", system.client_id, system.client_secret));
    let in_header = pkb
        .system_token()
        .without("client_id")
        .without("client_secret")
        .header("authorization", &format!("Basic {credentials}"));
    for request in [in_header, pkb.system_token()] {
        let answer = request.post().await.assert_ok(200);
        assert_eq!(answer.json["token_type"], "bearer");
        assert_eq!(answer.json["expires_in"], 3599);
        assert_eq!(
            answer.json["scope"],
            format!("{}-all", system.org_public_id)
        );
        assert!(answer.json["client_name"].is_string());
        assert!(answer.json["jti"].is_string());
        assert_eq!(answer.json.get("refresh_token"), None);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn whoever_is_not_the_system_client_is_refused_as_documented() {
    let pkb = Pkb::start().await;
    for request in [
        pkb.system_token().without("client_secret"),
        pkb.system_token().with("client_secret", "wrong"),
        pkb.system_token()
            .with("client_id", &pkb.announced().client_id),
    ] {
        let answer = request.post().await.assert_ok(401);
        let body = json!({
            "error": "unauthorized",
            "error_description": "Full authentication is required to access this resource",
        });
        assert_eq!(answer.json, body);
    }
    let request = pkb.system_token().with("grant_type", "refresh_token");
    let answer = request.post().await;
    answer.assert_token_refused(400, "unsupported_grant_type", "client_credentials");
}

#[tokio::test]
async fn a_system_call_names_its_organisation() {
    let pkb = Pkb::start().await;
    let token = token(&pkb).await;
    let path = format!("/fhir/Patient/{}", pkb.person("Bobby").public_id);
    pkb.call(&token, &path)
        .get()
        .await
        .assert_outcome(400, None);
    let another = pkb.call(&token, &path).header(ORGANISATION, "another");
    another
        .get()
        .await
        .assert_outcome(403, Some("NO_ASSOCIATION"));
    let organisation = &pkb.announced().system.org_public_id;
    let answer = pkb.call(&token, &path).header(ORGANISATION, organisation);
    assert_eq!(
        answer.get().await.assert_ok(200).json["resourceType"],
        "Patient"
    );
}

#[tokio::test]
async fn an_organisation_sees_only_patients_who_consented() {
    let pkb = Pkb::start().await;
    let system = token(&pkb).await;
    let clinician = pkb.tokens("Clara").await.access;
    for (name, sees) in [("Bobby", true), ("Morag", true), ("Robin", false)] {
        let path = format!("/fhir/Patient/{}", pkb.person(name).public_id);
        for token in [&system, &clinician] {
            let call = pkb.call(token, &path);
            let answer = call
                .header(ORGANISATION, &pkb.announced().system.org_public_id)
                .get()
                .await;
            if sees {
                answer.assert_ok(200);
            } else {
                answer.assert_outcome(403, Some("NO_CONSENT"));
            }
        }
    }
}

#[tokio::test]
async fn a_system_is_no_user() {
    let pkb = Pkb::start().await;
    let token = token(&pkb).await;
    let answer = pkb.call(&token, "/json/users/self").get().await;
    answer.assert_code(403, "USER_TYPE_NOT_PERM");
    let organisation = &pkb.announced().system.org_public_id;
    let purview = pkb
        .call(&token, "/fhir/Consent/$purview")
        .header(ORGANISATION, organisation);
    purview
        .get()
        .await
        .assert_outcome(403, Some("USER_TYPE_NOT_PERM"));
}

#[tokio::test]
async fn a_system_token_can_be_expired() {
    let pkb = Pkb::start().await;
    let token = token(&pkb).await;
    assert_eq!(
        pkb.control("expire-access-tokens").await,
        json!({ "expired": 1 })
    );
    let answer = pkb.call(&token, "/fhir/Patient/any").get().await;
    answer.assert_outcome(401, Some("ACC_TOKEN_EXPIRED"));
}
