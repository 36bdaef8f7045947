//! What an application understands is told with each call that starts a session, and what the platform says is disturbed can be read.

use digime_sdk::digime::{
    Agent, Client, Consumer, GetAuthorizeUrlOptions, GetOnboardServiceUrlOptions,
    GetReauthorizeAccountUrlOptions, GetReauthorizeUrlOptions, ObjectVersions, Ontology,
    OntologyVersion, OntologyWrapper, QuerySourcesOptions, ReadAccountsOptions,
    ReadFileListOptions, ReadSessionOptions, Schemas, SourceType, SourcesBodyParams, SourcesQuery,
};
use digime_sdk::{Document, JsonObject, digime};
use serde_json::{Value, json};

use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with, read_contract};
use crate::scripted::token;

use super::Platform;

const CONSUMER: &str = r#"{"version":"7","objectVersions":{"service":{"19":[{"ontology":{"name":"fhir","version":"r4"}}]}},"later":1.10}"#;
const CALLBACK: &str = "http://127.0.0.1/return";

fn given() -> Document {
    CONSUMER.parse().unwrap()
}

fn authorize() -> GetAuthorizeUrlOptions {
    GetAuthorizeUrlOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .callback(CALLBACK.parse().unwrap())
        .state("state-1")
        .build()
}

#[tokio::test]
async fn what_an_application_understands_goes_along_with_each_call_that_says_it_as_it_was_given() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, reference) = sandbox.consent(&client, SourceType::Push).await;
    let said = async |route: &str| sandbox.agents().await[route]["consumer"].clone();
    let expected: Value = serde_json::from_str(CONSUMER).unwrap();

    assert_eq!(said("POST /v1.7/oauth/authorize").await, Value::Null);
    let options = GetAuthorizeUrlOptions {
        consumer: Some(given()),
        ..authorize()
    };
    client.get_authorize_url(options).await.unwrap();
    assert_eq!(said("POST /v1.7/oauth/authorize").await, expected);

    let reference_code = "POST /v1.7/oauth/token/reference";
    let onboard = |consumer: Option<Document>| {
        GetOnboardServiceUrlOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .callback(CALLBACK.parse().unwrap())
            .user_access_token(token.clone())
            .maybe_consumer(consumer)
            .build()
    };
    let onboarding = onboard(Some(given()));
    client.get_onboard_service_url(onboarding).await.unwrap();
    assert_eq!(said(reference_code).await, expected);
    client.get_onboard_service_url(onboard(None)).await.unwrap();
    assert_eq!(said(reference_code).await, Value::Null);

    let reauthorizing = GetReauthorizeUrlOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .callback(CALLBACK.parse().unwrap())
        .user_access_token(token.clone())
        .consumer(given())
        .build();
    client.get_reauthorize_url(reauthorizing).await.unwrap();
    assert_eq!(said(reference_code).await, expected);
    client.get_onboard_service_url(onboard(None)).await.unwrap();

    let read = ReadAccountsOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token.clone())
        .build();
    let accounts = client.read_accounts(read).await.unwrap().accounts;
    let mut accounts = accounts.iter();
    let account = accounts.find(|account| account.reference.as_ref() == Some(&reference));
    let again = GetReauthorizeAccountUrlOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .callback(CALLBACK.parse().unwrap())
        .user_access_token(token.clone())
        .account_id(account.unwrap().id.parse().unwrap())
        .consumer(given())
        .build();
    client.get_reauthorize_account_url(again).await.unwrap();
    assert_eq!(said(reference_code).await, expected);
}

#[tokio::test]
async fn what_a_call_says_of_it_goes_before_what_the_configuration_says() {
    let platform = Platform::start().await;
    platform.answers(r#"{"session":{"key":"k","expiry":1}}"#);
    let mut config = digime::Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{}/v1.7/", platform.origin));
    config.agent = Some(Agent {
        consumer: Some(json!({ "version": "of the configuration" }).into()),
        ..Agent::default()
    });
    let client = Client::new(config).unwrap();
    let session = |consumer: Option<Document>| {
        ReadSessionOptions::builder()
            .contract_details(read_contract())
            .user_access_token(token("access-1", "refresh-1"))
            .maybe_consumer(consumer)
            .build()
    };
    client.read_session(session(None)).await.unwrap();
    let heard = platform.heard();
    let of_configuration = r#""consumer":{"version":"of the configuration"}"#;
    assert!(heard.contains(of_configuration), "{heard}");
    client.read_session(session(Some(given()))).await.unwrap();
    let heard = platform.heard();
    assert!(
        heard.contains(&format!(r#""consumer":{CONSUMER}"#)),
        "{heard}"
    );
    assert!(!heard.contains("of the configuration"), "{heard}");
}

#[test]
fn what_an_application_understands_can_be_said_in_types_of_which_r4_is_one() {
    let r4 = OntologyWrapper {
        ontology: Ontology {
            name: Schemas::Fhir,
            version: OntologyVersion::R4,
        },
    };
    let consumer = Consumer {
        version: None,
        object_versions: ObjectVersions {
            service: [("19".to_owned(), vec![r4])].into(),
            object_type: None,
        },
    };
    assert_eq!(
        Document::from(consumer).text(),
        r#"{"objectVersions":{"service":{"19":[{"ontology":{"name":"fhir","version":"r4"}}]}}}"#
    );
}

fn asking_for(include: &[&str]) -> QuerySourcesOptions {
    let include = include.iter().map(|name| (*name).to_owned()).collect();
    let filter: JsonObject = r#"{"publishedStatus":["approved"]}"#.parse().unwrap();
    QuerySourcesOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .sources_body_params(SourcesBodyParams {
            query: SourcesQuery {
                include: Some(include),
                filter,
                ..SourcesQuery::default()
            }
            .into(),
            ..SourcesBodyParams::default()
        })
        .build()
}

#[tokio::test]
async fn a_source_s_disturbance_and_that_of_what_stands_before_it_can_be_asked_for() {
    let sandbox = Sandbox::start().await;
    let include = ["id", "status", "sourceProxy.name", "sourceProxy.status"];
    let answer = sandbox.client().query_sources(asking_for(&include)).await;
    let sources = answer.unwrap().data;
    let disturbed = sources.iter().find_map(|source| source.status.as_ref());
    let disturbed = disturbed.unwrap();
    assert_eq!(disturbed.severity.as_deref(), Some("partial"));
    assert_eq!(disturbed.scopes, Some(vec!["data".to_owned()]));
    let window = disturbed.observed_window.as_ref().unwrap();
    assert_eq!(window.from.as_ref().unwrap().text(), "1782864060000");
    let proxy = sources
        .iter()
        .find_map(|source| source.source_proxy.as_ref());
    let proxy = proxy.unwrap();
    assert_eq!(proxy.name.as_deref(), Some("Schakelpunt Zorg"));
    let status = proxy.status.as_ref().unwrap();
    assert_eq!(status.severity.as_deref(), Some("full"));
}

#[tokio::test]
async fn words_for_a_disturbance_that_nobody_knows_fail_no_call_and_are_handed_on() {
    let source = r#"{"id":1,"status":{"severity":"utter","scopes":["data","moon"],"expectedWindow":[]},"sourceProxy":null}"#;
    let body = format!(r#"{{"data":[{source}],"limit":1,"offset":0,"total":1}}"#);
    let platform = Platform::start().await;
    platform.answers(&body);
    let client = platform.digime();
    let answer = client.query_sources(asking_for(&["id"])).await.unwrap();
    let read = &answer.data[0];
    let status = read.status.as_ref().unwrap();
    assert_eq!(status.severity.as_deref(), Some("utter"));
    assert_eq!(status.scopes.as_ref().unwrap()[1], "moon");
    assert!(status.expected_window.is_none());
    assert!(read.source_proxy.is_none());
    assert_eq!(read.document().text(), source);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_type_of_objects_can_be_read_from_a_list_of_files() {
    let wrong = |code: &str| json!({ "code": code, "message": "m", "statusCode": 400 });
    let failed =
        json!({ "objectType": 7, "error": wrong("A"), "errors": [wrong("A"), wrong("B")] });
    let error =
        json!({ "code": "C", "statusCode": 511, "reauth": true, "objectTypeErrors": [failed] });
    let details =
        json!({ "19_1": { "state": "partial", "error": error }, "19_2": { "state": "resting" } });
    let body = json!({ "status": { "state": "partial", "details": details }, "fileList": [] });
    let platform = Platform::start().await;
    platform.answers(&body.to_string());
    let client = platform.digime();
    let options = ReadFileListOptions::builder()
        .session_key("key-1".parse().unwrap())
        .contract_id("read".parse().unwrap())
        .private_key(CONTRACT_KEY.parse().unwrap())
        .user_access_token(token("access-1", "refresh-1"))
        .build();
    let list = client.read_file_list(options).await.unwrap();
    let details = list.status.details.as_ref().unwrap();
    let error = details["19_1"].error.as_ref().unwrap();
    assert_eq!(error.status_code, Some(511));
    let of_type = &error.object_type_errors.as_ref().unwrap()[0];
    assert_eq!(of_type.object_type, Some(7));
    let codes = of_type.errors.as_ref().unwrap().iter();
    let codes: Vec<_> = codes.map(|error| error.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["A", "B"]);
    assert_eq!(details["19_2"].state.as_deref(), Some("resting"));
}
