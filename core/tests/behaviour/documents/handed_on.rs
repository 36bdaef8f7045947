//! What comes from a platform is handed on as it came.

use digime_sdk::binding::{Dialect, Value};
use digime_sdk::pkb::{FhirReadOptions, FhirSearchOptions, ResponseContent};
use digime_sdk::{Document, digime};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{NUMBERS, Platform, send};
use crate::scripted::{contract, token};

/// The digits of a JSON number.
fn numbers() -> impl Strategy<Value = String> {
    let weights = (0_u32..200_000).prop_map(|grams| format!("{:?}", f64::from(grams) * 0.001));
    let glucose = (0_u32..9_000).prop_map(|level| format!("{:?}", f64::from(level) * 0.1 * 0.0555));
    let pounds =
        (0_u32..5_000).prop_map(|pounds| format!("{:?}", f64::from(pounds) * 0.1 * 0.453_592_37));
    prop_oneof![
        Just(NUMBERS.map(str::to_owned).to_vec()).prop_flat_map(prop::sample::select),
        "-?(0|[1-9][0-9]{0,24})([.][0-9]{1,24})?([eE][-+]?[0-9]{1,4})?",
        weights,
        glucose,
        pounds,
    ]
}

/// A document of anything, spaces and repeated names included.
fn documents() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just(r#""\ud800""#.to_owned()),
        Just(r#""\u00e9\/""#.to_owned()),
        "[a-zé ]{0,6}".prop_map(|text| format!("\"{text}\"")),
    ];
    let leaf = prop_oneof![
        numbers(),
        text,
        Just("null".to_owned()),
        Just("true".to_owned())
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let name = prop::sample::select(vec!["a", "b", "__proto__", "constructor", "\\ud800"]);
        let members = prop::collection::vec((name, inner.clone()), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            members.prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\": {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// Whether a body of JSON comes back as the document that it is.
async fn comes_back(platform: &Platform, document: &str) -> bool {
    platform.answers(document);
    let body = platform.body().await;
    matches!(body, ResponseContent::Json(body) if body.text() == document)
}

#[test]
fn any_number_and_any_document_come_back_verbatim_and_leave_as_they_came() {
    let runtime = Runtime::new().unwrap();
    let platform = runtime.block_on(Platform::start());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(64));
    let both = (numbers(), documents());
    let outcome = runner.run(&both, |(number, document)| {
        let whole = format!("{{\"value\":{number},\"rest\":{document}}}");
        let (back, sent) = runtime.block_on(async {
            let back = comes_back(&platform, &whole).await;
            let text = Value::from(whole.as_str());
            let sent = send(&platform, text, Dialect::JavaScript).await.unwrap();
            (back, sent)
        });
        prop_assert!(back, "{}", whole);
        prop_assert_eq!(&sent, &whole);
        let whole: Document = whole.parse().map_err(|_| TestCaseError::fail("no JSON"))?;
        let value = whole.member("value").unwrap();
        prop_assert_eq!(value.text(), number);
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn a_body_of_json_is_json_however_deep_it_is() {
    let platform = Platform::start().await;
    for depth in [129, 1_000, 100_000] {
        let deep = format!("{}1.10{}", "[".repeat(depth), "]".repeat(depth));
        assert!(comes_back(&platform, &deep).await, "{depth} levels");
        let deep = format!("{}1.10{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(comes_back(&platform, &deep).await, "{depth} levels");
    }
}

#[tokio::test]
async fn a_resource_and_a_page_come_as_they_are() {
    let platform = Platform::start().await;
    let resource =
        r#"{"resourceType":"Observation","valueQuantity":{"value":1.10},"note":"\udfff","note":2}"#;
    platform.answers(resource);
    let options = json!({ "orgPublicId": "o", "resourceType": "Observation", "id": "1" });
    let options: FhirReadOptions = serde_json::from_value(options).unwrap();
    let read = platform.pkb().fhir_read(options).await.unwrap();
    assert_eq!(read.text(), resource);

    let page = format!(
        r#"{{"resourceType":"Bundle","link":[{{"relation":"self","url":"x"}}],"total":1.0,"entry":[{{"resource":{resource}}}]}}"#
    );
    platform.answers(&page);
    let options = json!({ "orgPublicId": "o", "resourceType": "Questionnaire" });
    let options: FhirSearchOptions = serde_json::from_value(options).unwrap();
    let mut pages = platform.pkb().search(options).unwrap();
    assert_eq!(pages.next().await.unwrap().unwrap().text(), page);
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_is_handed_on_whole_and_typed_as_far_as_it_is_known() {
    let platform = Platform::start().await;
    let account = r#"{"id":"1","weight":1.10,"sourceId":12,"serviceProviderName":"A","sample":"perhaps","deep":[[["\ud800"]]]}"#;
    platform.answers(&format!("[{account}]"));
    let options = digime::ReadAccountsOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build();
    let read = platform.digime().read_accounts(options).await.unwrap();
    let first = &read.accounts[0];
    assert_eq!(first.document().text(), account);
    assert_eq!((first.id.as_str(), first.source_id), ("1", Some(12)));
    assert_eq!(first.service_provider_name.as_deref(), Some("A"));
    // What is not needed need not fit.
    assert_eq!(first.sample, None);
    assert_eq!(first.member("weight").unwrap().text(), "1.10");
    assert_eq!(serde_json::to_string(first).unwrap(), account);
}

#[tokio::test]
async fn what_does_not_fit_in_an_account_is_named_by_its_place() {
    let platform = Platform::start().await;
    platform.answers(r#"[{"id":"1"},{"id":"2","sourceId":"twelve"}]"#);
    let options = digime::ReadAccountsOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build();
    let error = platform.digime().read_accounts(options).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with(" at [1].sourceId. (readAccounts)"),
        "{error}"
    );
}

#[test]
fn a_document_says_nothing_of_what_is_in_it() {
    let document: Document = r#"{"name":"canary"}"#.parse().unwrap();
    assert_eq!(format!("{document:?}"), "Document(an object, 17 bytes)");
    let error = document.parse::<std::collections::HashMap<String, i64>>();
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("at name") && !error.contains("canary"),
        "{error}"
    );
}
