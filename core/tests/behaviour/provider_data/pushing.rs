//! What is checked as it is pushed: an error keeps it back, a warning does not.

use digime_sdk::Error;
use digime_sdk::digime::{
    Client, Failure, FhirVersion, PushDataOptions, PushDataToProviderOptions, ReadAccountsOptions,
    SourceType,
};
use serde_json::{Value, json};

use super::measurement;
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};
use crate::scripted::token;
use crate::wire::Server;

async fn push(sandbox: &Sandbox, data: &Value, check: Option<bool>) -> Result<(), Error> {
    let client = sandbox.client();
    let (token, reference) = sandbox.consent(&client, SourceType::Push).await;
    let read = ReadAccountsOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token.clone())
        .build();
    let accounts = client.read_accounts(read).await.unwrap().accounts;
    let mut accounts = accounts.iter();
    let account = accounts.find(|account| account.reference.as_ref() == Some(&reference));
    let push = PushDataToProviderOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token)
        .account_id(account.unwrap().id.clone())
        .version(FhirVersion::Stu3)
        .data(data.to_string().parse().unwrap())
        .maybe_check(check)
        .build();
    client.push_data(PushDataOptions::Provider(push)).await
}

#[tokio::test]
async fn what_is_checked_and_has_a_warning_alone_is_pushed_as_it_is() {
    let sandbox = Sandbox::start().await;
    let mut data = measurement();
    data["type"] = json!("transaction");
    push(&sandbox, &data, Some(true)).await.unwrap();
    assert_eq!(sandbox.pushed().await[0]["json"], data);
}

#[tokio::test]
async fn what_is_checked_and_has_an_error_is_not_sent_and_the_error_has_all_that_was_found() {
    let server = Server::keeping().await;
    let client = Client::new(server.config()).unwrap();
    let mut data = measurement();
    data["type"] = json!("transaction");
    data["entry"][1]["resource"]["subject"] = json!({ "reference": "urn:uuid:secret-7" });
    let options = PushDataToProviderOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token("access-1", "refresh-1"))
        .account_id("account-1".to_owned())
        .version(FhirVersion::V3_0_2)
        .data(data.to_string().parse().unwrap())
        .check(true)
        .build();
    let pushed = client.push_data(PushDataOptions::Provider(options)).await;
    let error = pushed.unwrap_err();
    assert_eq!(server.connections(), 0);
    assert_eq!(error.code(), "ERR_PROVIDER_DATA");
    let Some(Failure::ProviderData { findings }) = Failure::of(&error) else {
        panic!("{error:?}")
    };
    let rules: Vec<_> = findings.iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["batch-or-transaction", "reference-display"]);
    let said = error.to_string();
    assert!(said.contains("entry[1].resource.subject.display"), "{said}");
    assert!(!format!("{said}{error:?}").contains("secret-7"));
    // The provider is asked where nothing is checked.
    for unchecked in [None, Some(false)] {
        let refused = push(&Sandbox::start().await, &data, unchecked).await;
        assert_eq!(refused.unwrap_err().code(), "ERR_SERVER");
    }
}
