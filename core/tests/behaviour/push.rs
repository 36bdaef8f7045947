//! Pushing: what is sent arrives, whole and once.

use bytes::Bytes;
use digime_sdk::digime::{
    FhirVersion, FileDescriptor, FileDescriptorAccount, FileSource, PushDataOptions,
    PushDataToLibraryOptions, PushDataToProviderOptions, PushedFile, ReadAccountsOptions,
    SourceType, UserAccessToken,
};
use futures_util::stream;
use serde_json::{Value, json};

use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};

pub fn receipt(data: impl Into<FileSource>) -> PushedFile {
    PushedFile {
        file_data: data.into(),
        file_name: "receipt.json".parse().unwrap(),
        file_descriptor: FileDescriptor {
            mime_type: "application/json".to_owned(),
            accounts: vec![
                FileDescriptorAccount {
                    account_id: "account-1".to_owned(),
                }
                .into(),
            ],
            reference: Some(vec!["Receipt 1".to_owned()]),
            tags: None,
        }
        .into(),
    }
}

pub fn to_library(token: &UserAccessToken, file: PushedFile) -> PushDataOptions {
    PushDataOptions::Library(
        PushDataToLibraryOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .user_access_token(token.clone())
            .data(file)
            .build(),
    )
}

#[tokio::test]
async fn a_file_arrives_in_the_library_as_it_was_given() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    client
        .push_data(to_library(&token, receipt("{\"total\": 12.5}")))
        .await
        .unwrap();
    let pushed = sandbox.pushed().await;
    assert_eq!(pushed.len(), 1);
    assert_eq!(pushed[0]["json"], json!({ "total": 12.5 }));
    assert_eq!(pushed[0]["mimeType"], "application/json");
}

#[tokio::test]
async fn a_stream_arrives_as_its_chunks_put_together() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    let chunks = (0..100).map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![n; 1000])));
    let file = receipt(FileSource::stream(stream::iter(chunks)));
    client.push_data(to_library(&token, file)).await.unwrap();
    assert_eq!(sandbox.pushed().await[0]["size"], 100_000);
}

#[tokio::test]
async fn a_stream_that_fails_fails_the_push_with_its_own_reason_and_nothing_is_stored() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    let chunks = vec![Ok(Bytes::from_static(b"part")), Err("the disk is gone")];
    let file = receipt(FileSource::stream(stream::iter(chunks)));
    let error = client
        .push_data(to_library(&token, file))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stream of the file failed: the disk is gone"
    );
    assert!(sandbox.pushed().await.is_empty());
}

#[tokio::test]
async fn fhir_data_arrives_at_the_provider_of_the_account_that_the_person_chose() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, reference) = sandbox.consent(&client, SourceType::Push).await;
    let read = ReadAccountsOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token)
        .build();
    let read = client.read_accounts(read).await.unwrap();
    let account = read
        .accounts
        .iter()
        .find(|account| account.reference.as_ref() == Some(&reference))
        .unwrap();
    let observation = json!({ "resourceType": "Observation", "meta": { "profile": ["http://example.org/weight"] } });
    let Value::Object(bundle) = json!({ "resourceType": "Bundle", "type": "batch", "entry": [{ "request": { "method": "POST", "url": "Observation" }, "resource": observation }] })
    else {
        panic!()
    };
    let token = read.user_access_token.unwrap();
    let push = PushDataToProviderOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token)
        .account_id(account.id.clone())
        .version(FhirVersion::Stu3)
        .data(bundle.clone().into())
        .build();
    client
        .push_data(PushDataOptions::Provider(push))
        .await
        .unwrap();
    let pushed = sandbox.pushed().await;
    assert_eq!(pushed[0]["kind"], "provider");
    assert_eq!(pushed[0]["accountId"], Value::from(account.id.clone()));
    assert_eq!(pushed[0]["json"], Value::Object(bundle));
}
