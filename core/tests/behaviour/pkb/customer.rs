//! What is sent to the Customer API, and what has become of it.

use digime_sdk::Error;
use digime_sdk::pkb::{Failure, FhirOutcome};
use serde_json::{Value, json};

use super::answering::{Answering, path_of};

const STORED: &str = r#"{"resourceType":"Observation","id":"7f3a","meta":{"versionId":"18446744073709551617"},"valueQuantity":{"value":86.50}}"#;

async fn create(pkb: &Answering, options: Value) -> Result<FhirOutcome, Error> {
    let options = serde_json::from_value(options).unwrap();
    pkb.client().fhir_create(options).await
}

async fn update(pkb: &Answering, options: Value) -> Result<FhirOutcome, Error> {
    let options = serde_json::from_value(options).unwrap();
    pkb.client().fhir_update(options).await
}

async fn send(pkb: &Answering, kind: &str, bundle: Value) -> Result<Vec<FhirOutcome>, Error> {
    let options = json!({ "bundle": bundle });
    if kind == "batch" {
        let options = serde_json::from_value(options).unwrap();
        return pkb.client().fhir_batch(options).await;
    }
    let options = serde_json::from_value(options).unwrap();
    pkb.client().fhir_transaction(options).await
}

fn bundle(kind: &str) -> Value {
    let entry = |id: &str| {
        json!({
            "resource": { "resourceType": "Patient", "id": id },
            "request": { "method": "PUT", "url": format!("Patient/{id}") },
        })
    };
    json!({ "resourceType": "Bundle", "type": kind, "entry": [entry("a"), entry("b")] })
}

#[tokio::test]
async fn a_resource_is_made_with_all_its_digits_and_comes_back_with_all_of_them() {
    let pkb = Answering::with([(201, STORED.to_owned())]).await;
    let resource = r#"{"resourceType":"Observation","valueQuantity":{"value":86.50}}"#;
    let options = digime_sdk::pkb::FhirCreateOptions::builder()
        .resource(resource.parse().unwrap())
        .build();
    let made = pkb.client().fhir_create(options).await.unwrap();
    assert_eq!(made.status_code, 201);
    assert_eq!(made.id.as_deref(), Some("7f3a"));
    assert_eq!(made.version_id.as_deref(), Some("18446744073709551617"));
    assert_eq!(made.resource.unwrap().text(), STORED);
    let heard = pkb.heard().pop().unwrap();
    assert_eq!(heard.on, "POST /customer/fhir/Observation");
    assert_eq!(heard.headers["content-type"], "application/fhir+json");
    assert_eq!(heard.body, resource);
}

#[tokio::test]
async fn a_resource_is_made_where_there_is_none_that_a_search_finds() {
    let pkb = Answering::with([(200, STORED.to_owned())]).await;
    let options = json!({
        "resource": { "resourceType": "Observation" },
        "ifNoneExist": { "identifier": "https://fhir.nhs.uk/Id/nhs-number|9991566171" },
    });
    assert_eq!(create(&pkb, options).await.unwrap().status_code, 200);
    let heard = pkb.heard().pop().unwrap();
    assert_eq!(
        heard.headers["if-none-exist"],
        "identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9991566171"
    );
}

#[tokio::test]
async fn nothing_that_is_written_is_sent_twice() {
    let unavailable = || Answering::with([(503, "{}".to_owned())]);
    let pkb = unavailable().await;
    let resource = json!({ "resourceType": "Patient", "id": "a" });
    create(&pkb, json!({ "resource": resource }))
        .await
        .unwrap_err();
    update(&pkb, json!({ "resource": resource }))
        .await
        .unwrap_err();
    send(&pkb, "batch", bundle("batch")).await.unwrap_err();
    send(&pkb, "transaction", bundle("transaction"))
        .await
        .unwrap_err();
    assert_eq!(pkb.heard().len(), 4);
}

#[tokio::test]
async fn a_condition_that_would_be_none_is_refused_before_anything_is_sent() {
    let pkb = Answering::always(json!({})).await;
    for search in [
        json!({}),
        json!({ "identifier": "" }),
        json!({ "identifier": [] }),
        json!({ "identifier": ["a|b", ""] }),
    ] {
        let options = json!({ "resource": { "resourceType": "Patient" }, "ifNoneExist": search });
        let error = create(&pkb, options).await.unwrap_err();
        assert_eq!(path_of(&error), "options.ifNoneExist", "{search}");
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn an_answer_that_does_not_say_that_a_resource_is_stored_is_an_error() {
    let fatal = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "fatal", "code": "exception" }],
    });
    for (status, answer) in [
        (200, "<html>Log in</html>".to_owned()),
        (201, STORED[..40].to_owned()),
        (202, String::new()),
        (204, String::new()),
        (200, fatal.to_string()),
        (
            201,
            json!({ "resourceType": "Patient", "id": "9" }).to_string(),
        ),
    ] {
        let pkb = Answering::with([(status, answer.clone())]).await;
        let resource = json!({ "resourceType": "Observation" });
        let error = create(&pkb, json!({ "resource": resource }))
            .await
            .unwrap_err();
        let Some(Failure::Refused(refusal)) = Failure::of(&error) else {
            panic!("{answer}: {error}");
        };
        assert_eq!(refusal.status_code, Some(status));
        assert!(refusal.message.contains("look for it"), "{error}");
    }
}

#[tokio::test]
async fn a_resource_is_replaced_under_its_id_and_only_in_the_version_that_is_meant() {
    let pkb = Answering::with([(200, STORED.to_owned()), (204, String::new())]).await;
    for version in ["3", "W/\"3\""] {
        let resource = json!({ "resourceType": "Observation", "id": "7f3a" });
        let options = json!({ "resource": resource, "ifVersion": version });
        let updated = update(&pkb, options).await.unwrap();
        assert_eq!(updated.id.as_deref(), Some("7f3a"));
        let heard = pkb.heard().pop().unwrap();
        assert_eq!(heard.on, "PUT /customer/fhir/Observation/7f3a");
        assert_eq!(heard.headers["if-match"], "W/\"3\"");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_named_before_anything_is() {
    let pkb = Answering::always(json!({})).await;
    for (resource, path) in [
        (json!({}), "options.resource.resourceType"),
        (
            json!({ "resourceType": "../Patient" }),
            "options.resource.resourceType",
        ),
    ] {
        let error = create(&pkb, json!({ "resource": resource }))
            .await
            .unwrap_err();
        assert_eq!(path_of(&error), path);
    }
    for resource in [
        json!({ "resourceType": "Patient" }),
        json!({ "resourceType": "Patient", "id": ".." }),
        json!({ "resourceType": "Patient", "id": "../Organization/1" }),
    ] {
        let error = update(&pkb, json!({ "resource": resource }))
            .await
            .unwrap_err();
        assert_eq!(path_of(&error), "options.resource.id");
    }
    let without = |pointer: &str, member: &str| {
        let mut bundle = bundle("batch");
        let object = bundle.pointer_mut(pointer).unwrap().as_object_mut();
        object.unwrap().remove(member);
        bundle
    };
    for (given, path) in [
        (bundle("transaction"), "options.bundle.type"),
        (without("", "resourceType"), "options.bundle.resourceType"),
        (without("", "entry"), "options.bundle.entry"),
        (
            without("/entry/1", "request"),
            "options.bundle.entry[1].request.method",
        ),
        (
            without("/entry/0/request", "url"),
            "options.bundle.entry[0].request.url",
        ),
    ] {
        let error = send(&pkb, "batch", given).await.unwrap_err();
        assert_eq!(path_of(&error), path);
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn of_a_bundle_each_entry_has_an_outcome_of_its_own() {
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "invalid", "diagnostics": "no name" }],
    });
    let answer = json!({
        "resourceType": "Bundle",
        "type": "batch-response",
        "entry": [
            { "response": { "status": "201 Created", "location": "https://inner/fhir/Patient/a1/_history/5", "etag": "W/\"5\"", "lastModified": "2027-01-01T09:00:00.123456Z" } },
            { "response": { "status": "422", "outcome": outcome } },
        ],
    });
    let pkb = Answering::always(answer).await;
    let outcomes = send(&pkb, "batch", bundle("batch")).await.unwrap();
    assert_eq!(pkb.heard()[0].on, "POST /customer/fhir");
    let [made, refused] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };
    assert_eq!(made.status_code, 201);
    assert_eq!(made.id.as_deref(), Some("a1"));
    assert_eq!(made.version_id.as_deref(), Some("5"));
    assert_eq!(
        made.last_modified.as_deref(),
        Some("2027-01-01T09:00:00.123456Z")
    );
    assert_eq!(refused.status_code, 422);
    assert_eq!(refused.issues[0].diagnostics.as_deref(), Some("no name"));
    assert_eq!(
        format!("{refused:?}"),
        "FhirOutcome { status_code: 422, .. }"
    );
}

#[tokio::test]
async fn an_answer_that_leaves_an_entry_open_is_an_error_that_says_so() {
    for answer in [
        json!({ "resourceType": "Bundle", "entry": [{ "response": { "status": "201" } }] }),
        json!({ "resourceType": "Bundle" }),
        json!("done"),
    ] {
        let pkb = Answering::always(answer).await;
        let error = send(&pkb, "transaction", bundle("transaction"))
            .await
            .unwrap_err();
        let Some(Failure::Refused(refusal)) = Failure::of(&error) else {
            panic!("{error}");
        };
        assert_eq!(refusal.status_code, Some(200));
        assert!(refusal.message.contains("each of the 2 entries"), "{error}");
    }
}

#[tokio::test]
async fn a_transaction_that_is_refused_is_an_error_with_the_servers_outcome() {
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "invalid" }],
    });
    let pkb = Answering::with([(422, outcome.to_string())]).await;
    let error = send(&pkb, "transaction", bundle("transaction"))
        .await
        .unwrap_err();
    let Some(Failure::Fhir(failure)) = Failure::of(&error) else {
        panic!("{error}");
    };
    assert_eq!((failure.status_code, failure.issues.len()), (422, 1));
}
