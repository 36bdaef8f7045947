//! What a user can end: an account, its permission, everything; and what they can take with them.

use reqwest::Method;
use serde_json::json;

use crate::support::{Call, Cloud, Contract, REDIRECT_URI, Reader, Sandbox, Tokens, names};

/// A call of the push contract for its user.
fn call<'a>(sandbox: &'a Sandbox, tokens: &Tokens, method: Method, path: &str) -> Call<'a> {
    sandbox
        .call(method, path)
        .claims(json!({ "access_token": tokens.access }))
}

async fn account_id(sandbox: &Sandbox, tokens: &Tokens) -> String {
    let accounts = sandbox.accounts(&tokens.access).send().await.json;
    accounts[0]["id"].as_str().unwrap().to_owned()
}

/// Where the user of an account at the general practitioner takes the permission back.
async fn revocation(sandbox: &Sandbox, tokens: &Tokens) -> String {
    let account = account_id(sandbox, tokens).await;
    let path = "permission-access/revoke/h:accountId";
    let answer = call(sandbox, tokens, Method::GET, path)
        .header("accountid", &account)
        .header("redirecturi", REDIRECT_URI)
        .send()
        .await
        .assert_ok(200);
    answer.json["location"].as_str().unwrap().to_owned()
}

fn code_of(location: &str) -> &str {
    location.split_once("?code=").unwrap().1
}

#[tokio::test]
async fn a_deleted_account_is_gone() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let account = account_id(&sandbox, &tokens).await;
    let path = "permission-access/service/h:accountId";
    let delete = async |account: &str| {
        call(&sandbox, &tokens, Method::DELETE, path)
            .header("accountid", account)
            .send()
            .await
    };
    delete("19_1")
        .await
        .assert_refused(404, "NotFound", "no account");
    delete(&account).await.assert_ok(200);
    delete(&account)
        .await
        .assert_refused(404, "NotFound", "no account");
    let left = sandbox.accounts(&tokens.access).send().await.json;
    assert_eq!(left, json!([]));
}

#[tokio::test]
async fn the_account_of_a_call_is_named_by_a_header() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    for (method, path) in [
        (Method::DELETE, "permission-access/service/h:accountId"),
        (Method::GET, "permission-access/revoke/h:accountId"),
    ] {
        let answer = call(&sandbox, &tokens, method, path).send().await;
        answer.assert_refused(400, "ValidationErrors", "accountId");
    }
}

#[tokio::test]
async fn a_deleted_user_has_no_tokens_sessions_accounts_or_storage() {
    let sandbox = Sandbox::start().await;
    let cloud = Cloud::made(&sandbox).await;
    let body = json!({ "type": "cloudId", "value": cloud.storage() });
    let reference = sandbox.post("reference").json(&body).send().await.json["id"].clone();
    let code = sandbox.preauthorize(Contract::Push).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "push"),
        ("source", "19"),
        ("storageRef", reference.as_str().unwrap()),
        ("decision", "accept"),
    ];
    let code = sandbox.decide(&form).await.returned("code").unwrap();
    let tokens = sandbox.exchange(&code).send().await.tokens();
    let reader = Reader::linked(&sandbox, "16", Some(&tokens.access)).await;

    let deleted = reader.call(Method::DELETE, "user").send().await;
    assert_eq!(deleted.assert_ok(204).text, "");

    for answer in [
        reader.list(&reader.session).await,
        sandbox.accounts(&tokens.access).send().await,
        sandbox.refresh(&tokens.refresh).send().await,
    ] {
        answer.assert_refused(401, "InvalidToken", "invalid");
    }
    cloud.get("/").await.assert_ok(404);
    let expired = sandbox.control(Method::POST, "expire-sessions").await;
    assert_eq!(expired, json!({ "expired": 0 }));
}

#[tokio::test]
async fn a_permission_is_taken_back_on_a_page_that_leads_back() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let location = revocation(&sandbox, &tokens).await;
    let page = sandbox.http.get(&location).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("Huisartsenpraktijk De Linde"));

    let form = [("code", code_of(&location)), ("decision", "accept")];
    let answer = sandbox.submit(&location, &form).await.assert_ok(303);
    assert_eq!(
        answer.location().as_str(),
        format!("{REDIRECT_URI}?result=success")
    );
    let accounts = sandbox.accounts(&tokens.access).send().await.json;
    assert_eq!(accounts[0]["accessTokenStatus"]["authorized"], false);
    sandbox.submit(&location, &form).await.assert_ok(400);
}

#[tokio::test]
async fn a_permission_that_is_kept_leads_back_with_a_failure() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let location = revocation(&sandbox, &tokens).await;
    let form = [("code", code_of(&location)), ("decision", "decline")];
    let answer = sandbox.submit(&location, &form).await.assert_ok(303);
    assert_eq!(answer.returned("result").unwrap(), "failed");
    assert_eq!(answer.returned("error_message").unwrap(), "USER_CANCEL");
    let accounts = sandbox.accounts(&tokens.access).send().await.json;
    assert_eq!(accounts[0]["accessTokenStatus"]["authorized"], true);
}

#[tokio::test]
async fn nothing_can_be_pushed_through_an_account_without_permission() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let location = revocation(&sandbox, &tokens).await;
    let form = [("code", code_of(&location)), ("decision", "accept")];
    sandbox.submit(&location, &form).await.assert_ok(303);
    let account = account_id(&sandbox, &tokens).await;
    let path = "permission-access/import/h:accountId/fhir/stu3";
    let answer = call(&sandbox, &tokens, Method::POST, path)
        .header("accountid", &account)
        .json(&json!({ "resourceType": "Observation" }))
        .send()
        .await;
    answer.assert_refused(511, "ServiceAuthorizationError", "log in again");
}

#[tokio::test]
async fn only_a_medmij_permission_can_be_taken_back_and_to_a_registered_address() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "40").await;
    let accounts = reader
        .call(Method::GET, "permission-access/accounts")
        .send()
        .await
        .json;
    let revoke = async |account: &str, redirect_uri: &str| {
        reader
            .call(Method::GET, "permission-access/revoke/h:accountId")
            .header("accountid", account)
            .header("redirecturi", redirect_uri)
            .send()
            .await
    };
    let account = accounts[0]["id"].as_str().unwrap();
    revoke(account, REDIRECT_URI)
        .await
        .assert_refused(400, "ValidationErrors", "MedMij");
    revoke(account, "https://elsewhere.example/")
        .await
        .assert_refused(400, "InvalidRedirectUri", "elsewhere");
    revoke("19_1", REDIRECT_URI)
        .await
        .assert_refused(404, "NotFound", "no account");
}

#[tokio::test]
async fn a_deleted_account_is_not_read_again() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let accounts = reader.call(Method::GET, "permission-access/accounts");
    let account = accounts.send().await.json[0]["id"].clone();
    let path = "permission-access/service/h:accountId";
    let call = reader.call(Method::DELETE, path);
    call.header("accountid", account.as_str().unwrap())
        .send()
        .await
        .assert_ok(200);
    let list = reader.complete(&reader.session(&json!({})).await).await;
    assert_eq!(names(&list), [""; 0]);
}

#[tokio::test]
async fn the_report_lists_medmij_accounts_and_what_was_sent() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let account = account_id(&sandbox, &tokens).await;
    let path = "permission-access/import/h:accountId/fhir/stu3";
    call(&sandbox, &tokens, Method::POST, path)
        .header("accountid", &account)
        .json(&json!({ "resourceType": "Observation" }))
        .send()
        .await
        .assert_ok(201);
    let report = async |query: &str| {
        let path = format!("export/medmij/report?{query}");
        let call = call(&sandbox, &tokens, Method::GET, &path);
        call.header("accept", "application/octet-stream")
            .send()
            .await
    };
    let whole = report("format=xml").await.assert_ok(200);
    assert_eq!(whole.headers["content-type"], "application/xml");
    assert!(whole.text.starts_with("<?xml"));
    assert!(whole.text.contains(&format!(r#"<account id="{account}">"#)));
    assert!(
        whole
            .text
            .contains(&format!(r#"<sent account="{account}""#))
    );

    let early = report("format=xml&from=0&to=1").await.assert_ok(200);
    assert!(early.text.contains(r#"from="0" to="1""#));
    assert!(!early.text.contains("<sent "));

    for query in ["format=json", "from=0", "format=xml&from=undefined"] {
        report(query)
            .await
            .assert_refused(400, "ValidationErrors", "must be");
    }
}
