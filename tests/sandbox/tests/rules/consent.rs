//! What the consent page shows, and where it sends a person back to.

use digime_sandbox::Lifetimes;
use serde_json::json;

use crate::support::{Contract, REDIRECT_URI, Sandbox, claims};

#[tokio::test]
async fn the_page_names_the_application_and_the_contract() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let page = sandbox
        .ask(&code, "sourceType=push&lng=nl")
        .await
        .assert_ok(200);
    for text in [
        "<h1>An application asks to send data",
        ">app<",
        ">push-contract<",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_link_to_push_offers_providers_and_chooses_the_one_it_names() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let page = sandbox.ask(&code, "sourceType=push&service=20").await;
    assert!(page.text.contains("Huisartsenpraktijk De Linde"));
    assert!(!page.text.contains("Stappenteller"));
    assert!(page.text.contains(r#"value="20" required checked"#));
    assert_eq!(page.text.matches(" checked").count(), 1);
}

#[tokio::test]
async fn a_link_to_read_offers_sources_to_pull_from() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Read).await;
    let page = sandbox.ask(&code, "sourceType=pull").await;
    assert!(page.text.contains("Stappenteller"));
    assert!(!page.text.contains("Huisartsenpraktijk De Linde"));
}

#[tokio::test]
async fn a_push_contract_without_a_provider_offers_the_library() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let page = sandbox.ask(&code, "sourceType=pull").await;
    assert!(page.text.contains("My digi.me library"));
    assert_eq!(page.text.matches(r#"type="radio""#).count(), 1);
    assert_eq!(page.text.matches(" checked").count(), 1);
}

#[tokio::test]
async fn a_contract_that_reads_cannot_be_asked_to_push() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Read).await;
    let page = sandbox.ask(&code, "sourceType=push").await.assert_ok(400);
    assert!(
        page.text
            .contains("asks a contract that reads data to push it")
    );
}

#[tokio::test]
async fn an_unknown_or_used_code_gets_a_page_that_says_so() {
    let sandbox = Sandbox::start().await;
    let used = sandbox.preauthorize(Contract::Push).await;
    sandbox.accept(&used).await.assert_ok(303);
    for code in ["unknown", &used] {
        let page = sandbox.ask(code, "sourceType=push").await.assert_ok(400);
        assert!(
            page.text
                .contains("unknown, has expired or was used already")
        );
        sandbox.accept(code).await.assert_ok(400);
    }
}

#[tokio::test]
async fn an_expired_code_gets_a_page_that_says_so() {
    let lifetimes = Lifetimes {
        code_seconds: 0,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::start_with(lifetimes).await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let page = sandbox.ask(&code, "sourceType=push").await.assert_ok(400);
    assert!(page.text.contains("has expired"));
}

#[tokio::test]
async fn a_link_that_is_not_what_it_should_be_gets_a_page_that_says_so() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    for query in ["sourceType=sideways", "service=nineteen"] {
        let page = sandbox.ask(&code, query).await.assert_ok(400);
        assert!(page.text.contains("This link cannot be used"));
    }
}

#[tokio::test]
async fn looking_at_the_page_does_not_use_the_code() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    for _ in 0..2 {
        sandbox.ask(&code, "sourceType=push").await.assert_ok(200);
    }
    sandbox.accept(&code).await.assert_ok(303);
}

#[tokio::test]
async fn accepting_leads_back_with_a_code_and_the_accounts_reference() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let answer = sandbox.accept(&code).await.assert_ok(303);
    assert!(
        answer
            .location()
            .as_str()
            .starts_with(&format!("{REDIRECT_URI}?success=true&"))
    );
    assert_eq!(answer.returned("state").unwrap(), "a&b=c d/é?");

    let tokens = sandbox
        .exchange(&answer.returned("code").unwrap())
        .send()
        .await
        .tokens();
    let accounts = sandbox.accounts(&tokens.access).send().await.json;
    let account = &accounts.as_array().unwrap()[0];
    assert_eq!(
        account["reference"],
        answer.returned("accountReference").unwrap()
    );
    assert_eq!(account["type"], "PUSH");
    assert_eq!(account["sourceId"], 19);
    let (service, number) = account["id"].as_str().unwrap().split_once('_').unwrap();
    assert_eq!((service, number.len()), ("19", 7));
}

#[tokio::test]
async fn an_account_has_every_member_that_the_platform_documents() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let accounts = sandbox.accounts(&tokens.access).send().await.json;
    for member in [
        "id",
        "reference",
        "type",
        "createdDate",
        "updatedDate",
        "serviceGroupId",
        "serviceGroupName",
        "serviceTypeId",
        "serviceTypeName",
        "serviceTypeReference",
        "sourceId",
        "accessTokenStatus",
        "serviceProviderId",
        "serviceProviderName",
        "serviceProviderReference",
        "username",
        "providerFavIcon",
        "providerLogo",
        "sample",
    ] {
        assert!(!accounts[0][member].is_null(), "{member}");
    }
    assert_eq!(accounts[0]["accessTokenStatus"]["authorized"], true);
    let logo = sandbox
        .http
        .get(accounts[0]["providerLogo"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(logo.headers()["content-type"], "image/svg+xml");
}

#[tokio::test]
async fn declining_leads_back_with_the_reason_and_uses_the_code() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "push"),
        ("decision", "decline"),
    ];
    let answer = sandbox.decide(&form).await.assert_ok(303);
    assert_eq!(answer.returned("success").unwrap(), "false");
    assert_eq!(answer.returned("errorCode").unwrap(), "USER_CANCEL");
    assert_eq!(answer.returned("state").unwrap(), "a&b=c d/é?");
    assert_eq!(answer.returned("code"), None);
    sandbox.decide(&form).await.assert_ok(400);
}

#[tokio::test]
async fn accepting_without_a_choice_asks_again() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    // The fitness tracker cannot be pushed to, so that it is no choice either.
    for source in [None, Some(("source", "40"))] {
        let mut form = vec![
            ("code", code.as_str()),
            ("sourceType", "push"),
            ("decision", "accept"),
        ];
        form.extend(source);
        let page = sandbox.decide(&form).await.assert_ok(400);
        assert!(page.text.contains("Choose a source before you accept."));
    }
    sandbox.accept(&code).await.assert_ok(303);
}

#[tokio::test]
async fn what_the_callback_has_in_its_query_is_kept() {
    let sandbox = Sandbox::start().await;
    let callback = json!({ "redirect_uri": "https://app.example/return?kept=1" });
    let answer = sandbox.authorize().claims(callback).send().await;
    let code = claims(&answer.json["token"])["preauthorization_code"].clone();
    let answer = sandbox.accept(code.as_str().unwrap()).await;
    assert!(
        answer
            .location()
            .as_str()
            .starts_with("https://app.example/return?kept=1&success=true&")
    );
}
