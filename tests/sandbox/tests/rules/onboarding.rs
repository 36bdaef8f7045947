//! The pages for somebody who is a user already: another account, a renewed consent, another log-in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Answer, Call, Contract, REDIRECT_URI, Reader, Sandbox, VERIFIER, agent, challenge, claims,
    names,
};

fn reference<'a>(reader: &Reader<'a>, more: Value) -> Call<'a> {
    reader
        .call(Method::POST, "oauth/token/reference")
        .claims(json!({ "redirect_uri": REDIRECT_URI, "state": "s 1" }))
        .claims(more)
        .json(&agent())
}

fn pkce() -> Value {
    json!({ "code_challenge": challenge(), "code_challenge_method": "S256" })
}

async fn reference_code(reader: &Reader<'_>, more: Value) -> String {
    let answer = reference(reader, more).send().await.assert_ok(200);
    let code = &claims(&answer.json["token"])["reference_code"];
    code.as_str().unwrap().to_owned()
}

async fn accept(reader: &Reader<'_>, page: &str, form: &[(&str, &str)]) -> Answer {
    let url = reader.sandbox.at(&format!("/apps/saas/{page}"));
    let mut form = form.to_vec();
    form.push(("decision", "accept"));
    reader.sandbox.submit(&url, &form).await
}

async fn look(sandbox: &Sandbox, page: &str) -> Answer {
    let url = sandbox.at(&format!("/apps/saas/{page}"));
    Answer::of(sandbox.http.get(url)).await
}

async fn accounts(reader: &Reader<'_>) -> Value {
    let call = reader.call(Method::GET, "permission-access/accounts");
    call.send().await.json
}

async fn account_ref(reader: &Reader<'_>, account: &str) -> String {
    let body = json!({ "type": "accountId", "value": account });
    let call = reader.sandbox.post("reference").of(Contract::Read);
    let answer = call.json(&body).send().await;
    answer.json["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_reference_code_comes_with_a_session() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let answer = reference(&reader, json!({})).send().await.assert_ok(200);
    assert!(claims(&answer.json["token"])["reference_code"].is_string());
    assert!(answer.json["session"]["key"].is_string());
    assert!(answer.json["session"]["expiry"].is_u64());
}

#[tokio::test]
async fn a_reference_code_is_asked_for_with_a_registered_address_an_sdk_and_a_user() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let elsewhere = json!({ "redirect_uri": "https://elsewhere.example/" });
    let answer = reference(&reader, elsewhere).send().await;
    answer.assert_refused(400, "InvalidRedirectUri", "elsewhere");
    let answer = reference(&reader, json!({})).json(&json!({})).send().await;
    answer.assert_refused(400, "SDKInvalid", "agent.sdk");
    let answer = reference(&reader, json!({ "access_token": "other" }))
        .send()
        .await;
    answer.assert_refused(401, "InvalidToken", "access_token");
    let answer = reference(&reader, json!({ "code_challenge": "abc" }))
        .send()
        .await;
    answer.assert_refused(400, "InvalidRequest", "code_challenge");
}

#[tokio::test]
async fn a_user_adds_an_account() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, json!({})).await;
    let page = look(
        &sandbox,
        &format!("onboard?code={code}&sourceType=pull&service=40"),
    )
    .await;
    assert!(page.text.contains(r#"value="40" required checked"#));
    assert!(page.text.contains(r#"action="/apps/saas/onboard""#));
    assert!(page.text.contains("one more source"));

    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("source", "40"),
    ];
    let answer = accept(&reader, "onboard", &form).await.assert_ok(303);
    assert_eq!(answer.returned("success").unwrap(), "true");
    assert_eq!(answer.returned("state").unwrap(), "s 1");
    assert_eq!(answer.returned("code"), None);
    let accounts = accounts(&reader).await;
    assert_eq!(accounts.as_array().unwrap().len(), 2);
    assert_eq!(
        accounts[1]["reference"],
        answer.returned("accountReference").unwrap()
    );
    accept(&reader, "onboard", &form).await.assert_ok(400);
}

#[tokio::test]
async fn the_session_of_a_new_account_reads_it() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let answer = reference(&reader, json!({})).send().await;
    let code = claims(&answer.json["token"])["reference_code"].clone();
    let session = answer.json["session"]["key"].as_str().unwrap();
    let form = [
        ("code", code.as_str().unwrap()),
        ("sourceType", "pull"),
        ("source", "40"),
    ];
    accept(&reader, "onboard", &form).await.assert_ok(303);
    let list = reader.complete(session).await;
    assert_eq!(names(&list).len(), 7);
}

#[tokio::test]
async fn somebody_who_declines_an_account_is_led_back_with_the_reason() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, json!({})).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("decision", "decline"),
    ];
    let page = sandbox.at("/apps/saas/onboard");
    let answer = sandbox.submit(&page, &form).await.assert_ok(303);
    assert_eq!(answer.returned("success").unwrap(), "false");
    assert_eq!(answer.returned("errorCode").unwrap(), "USER_CANCEL");
    assert_eq!(answer.returned("state").unwrap(), "s 1");
}

#[tokio::test]
async fn a_state_that_was_not_given_does_not_come_back() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, json!({ "state": null })).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("source", "40"),
    ];
    let answer = accept(&reader, "onboard", &form).await.assert_ok(303);
    assert_eq!(answer.returned("state"), None);
}

#[tokio::test]
async fn a_renewed_consent_gives_a_code_for_the_same_user() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, pkce()).await;
    let page = look(&sandbox, &format!("user-reauth?code={code}")).await;
    assert!(page.assert_ok(200).text.contains(">read-contract<"));
    let answer = accept(&reader, "user-reauth", &[("code", &code)]).await;
    assert_eq!(answer.returned("state").unwrap(), "s 1");
    let exchange = json!({
        "code": answer.returned("code").unwrap(),
        "code_verifier": VERIFIER,
        "grant_type": "authorization_code",
    });
    let call = sandbox.post("oauth/token").of(Contract::Read);
    let tokens = call.claims(exchange).send().await.tokens();
    assert_eq!(tokens.claims["sub"], reader.tokens.claims["sub"]);
    assert_ne!(tokens.access, reader.tokens.access);
}

#[tokio::test]
async fn a_consent_cannot_be_renewed_without_a_code_challenge() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, json!({})).await;
    for page in [
        look(&sandbox, &format!("user-reauth?code={code}")).await,
        accept(&reader, "user-reauth", &[("code", &code)]).await,
    ] {
        assert!(
            page.assert_ok(400)
                .text
                .contains("without a code challenge")
        );
    }
}

#[tokio::test]
async fn another_log_in_lets_a_source_be_read_again() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "32").await;
    let partial = reader.complete(&reader.session).await;
    assert_eq!(partial["status"]["state"], "partial");

    let account = accounts(&reader).await[0].clone();
    let account_ref = account_ref(&reader, account["id"].as_str().unwrap()).await;
    let code = reference_code(&reader, json!({})).await;
    let page = look(
        &sandbox,
        &format!("reauthorize?code={code}&accountRef={account_ref}"),
    )
    .await;
    assert!(page.assert_ok(200).text.contains("Apotheek Zuid"));
    let form = [("code", code.as_str()), ("accountRef", &account_ref)];
    let answer = accept(&reader, "reauthorize", &form).await.assert_ok(303);
    assert_eq!(
        account["reference"],
        answer.returned("accountReference").unwrap()
    );

    let list = reader.complete(&reader.session(&json!({})).await).await;
    assert_eq!(list["status"]["state"], "completed");
    assert_eq!(names(&list).len(), 1);
}

#[tokio::test]
async fn connecting_an_account_again_is_logging_in_again() {
    let sandbox = Sandbox::start().await;
    let first = Reader::of(&sandbox, "32").await;
    let reader = Reader::linked(&sandbox, "32", Some(&first.tokens.access)).await;
    let accounts = accounts(&reader).await;
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!(accounts[0]["accessTokenStatus"]["authorized"], true);
}

#[tokio::test]
async fn somebody_can_log_in_at_their_own_accounts_only() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let stranger = Reader::of(&sandbox, "16").await;
    let account = accounts(&stranger).await[0]["id"].clone();
    let account_ref = account_ref(&stranger, account.as_str().unwrap()).await;
    for account_ref in [account_ref.as_str(), "unknown"] {
        let code = reference_code(&reader, json!({})).await;
        let form = [("code", code.as_str()), ("accountRef", account_ref)];
        let link = format!("reauthorize?code={code}&accountRef={account_ref}");
        let page = look(&sandbox, &link).await;
        for page in [page, accept(&reader, "reauthorize", &form).await] {
            assert!(page.assert_ok(400).text.contains("not one of this person"));
        }
    }
}

#[tokio::test]
async fn every_page_tells_that_its_code_is_not_open() {
    let sandbox = Sandbox::start().await;
    for page in [
        "onboard?code=unknown&sourceType=pull",
        "user-reauth?code=unknown",
        "reauthorize?code=unknown&accountRef=1",
        "revoke?code=unknown",
    ] {
        let page = look(&sandbox, page).await.assert_ok(400);
        assert!(
            page.text
                .contains("unknown, has expired or was used already")
        );
    }
}

#[tokio::test]
async fn sample_data_makes_a_sample_account() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let code = reference_code(&reader, json!({})).await;
    let page = look(
        &sandbox,
        &format!("onboard?code={code}&sampleDataSet=other"),
    )
    .await;
    assert!(page.assert_ok(400).text.contains("sample data"));
    let page = look(
        &sandbox,
        &format!("onboard?code={code}&sampleDataSet=default"),
    )
    .await;
    assert!(
        page.text
            .contains(r#"name="sampleDataSet" value="default""#)
    );
    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("source", "40"),
        ("sampleDataSet", "default"),
    ];
    accept(&reader, "onboard", &form).await.assert_ok(303);
    let accounts = accounts(&reader).await;
    assert_eq!(
        (&accounts[0]["sample"], &accounts[1]["sample"]),
        (&json!(false), &json!(true))
    );
}
