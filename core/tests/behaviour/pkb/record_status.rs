//! Whether patients have a record.

use digime_sdk::pkb::{
    Client, Failure, GetRecordStatusOptions, PatientIdentifier, RecordFound, RecordStatus,
};
use digime_sdk::{Error, ErrorKind};
use serde_json::{Value, json};

use super::answering::{Answering, NHS, ORGANISATION, about, nhs_number, parameters};
use super::sandbox::Pkb;

fn about_all(identifiers: &[Value]) -> GetRecordStatusOptions {
    let options = json!({ "orgPublicId": ORGANISATION, "identifiers": identifiers });
    serde_json::from_value(options).unwrap()
}

async fn ask(client: &Client, identifiers: &[Value]) -> Result<Vec<RecordStatus>, Error> {
    client.get_record_status(about_all(identifiers)).await
}

#[tokio::test]
async fn the_status_of_each_record_is_told_in_the_order_of_the_identifiers() {
    let pkb = Pkb::start().await;
    let numbers = [
        "9990000000",
        "9991566201",
        "9991566252",
        "9991566171",
        "9991566228",
    ];
    let identifiers: Vec<_> = numbers.map(nhs_number).into();
    let statuses = ask(&pkb.client(), &identifiers).await.unwrap();
    let told: Vec<_> = statuses
        .iter()
        .map(|status| {
            let born = status.date_of_birth.as_deref();
            (
                &*status.identifier.value,
                status.found,
                status.registered,
                status.deceased,
                born,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("9990000000", RecordFound::NotFound, None, None, None),
            (
                "9991566201",
                RecordFound::Found,
                Some(false),
                Some(false),
                Some("1990-04-12")
            ),
            (
                "9991566252",
                RecordFound::NoAccess,
                Some(true),
                Some(false),
                None
            ),
            (
                "9991566171",
                RecordFound::Found,
                Some(true),
                Some(false),
                Some("2000-01-01")
            ),
            (
                "9991566228",
                RecordFound::Found,
                Some(false),
                Some(true),
                Some("1990-04-12")
            ),
        ]
    );
    assert_eq!(
        format!("{:?} {:?}", statuses[0], statuses[0].identifier),
        "RecordStatus PatientIdentifier { .. }"
    );
}

#[tokio::test]
async fn an_identifier_that_pkb_would_refuse_is_named_before_anything_is_sent() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let dutch = json!({ "system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999990019" });
    let cases = [
        (vec![], "options.identifiers"),
        (
            vec![nhs_number("1"), dutch],
            "options.identifiers[1].system",
        ),
    ];
    for (identifiers, expected) in cases {
        let error = ask(&pkb.client(), &identifiers).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*path, expected);
        assert!(!error.to_string().contains("999990019"), "{error}");
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn the_operation_is_asked_in_batches_on_behalf_of_the_organisation() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let identifiers: Vec<_> = (0..5001)
        .map(|number| nhs_number(&number.to_string()))
        .collect();
    // What PKB says nothing of is not known.
    let statuses = ask(&pkb.client(), &identifiers).await.unwrap();
    assert_eq!(statuses.len(), 5001);
    assert!(
        statuses
            .iter()
            .all(|status| status.found == RecordFound::Unknown)
    );
    let heard = pkb.heard();
    let sizes: Vec<_> = heard
        .iter()
        .map(|heard| heard.json()["parameter"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [5000, 1]);
    for heard in &heard {
        assert_eq!(heard.on, "POST /fhir/Patient/$status-query");
        assert_eq!(heard.headers["x-org-public-id"], ORGANISATION);
        assert_eq!(heard.headers["accept"], "application/fhir+json");
        assert_eq!(heard.headers["content-type"], "application/fhir+json");
        assert_eq!(heard.headers["authorization"], "Bearer access-1");
    }
    let first = json!({ "resourceType": "Parameters", "parameter": [about("5000")] });
    assert_eq!(heard[1].json(), first);
}

#[tokio::test]
async fn diagnostics_of_any_type_are_understood_and_other_words_are_handed_on() {
    let coded = json!({ "coding": [{ "code": "x", "display": "No access" }] });
    let status = |number: &str, name: &str, value: Value| {
        let identifier = json!({ "system": format!("{NHS} "), "value": number });
        json!({ "name": "patientStatus", "part": [
            { "name": "patientIdentifier", "valueIdentifier": identifier },
            { "name": "diagnostics", name: value },
        ] })
    };
    let answer = parameters(&json!([
        status("1", "valueCode", json!("Not found")),
        status("2", "valueCodeableConcept", coded),
        status("3", "valueCodeableConcept", json!({ "text": "Not found" })),
        status("4", "valueString", json!("Being merged")),
        { "name": "patientStatus", "part": [about("5"), { "name": "registered", "valueBoolean": true }] },
    ]));
    let pkb = Answering::always(answer).await;
    // PKB may write a number without the spaces that it was asked with.
    let identifiers: Vec<_> = ["1", "2", "3", " 4", "5"].map(nhs_number).into();
    let statuses = ask(&pkb.client(), &identifiers).await.unwrap();
    let told: Vec<_> = statuses
        .iter()
        .map(|status| (status.found, status.diagnostics.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (RecordFound::NotFound, Some("Not found")),
            (RecordFound::NoAccess, Some("No access")),
            (RecordFound::NotFound, Some("Not found")),
            (RecordFound::Unknown, Some("Being merged")),
            (RecordFound::Found, None),
        ]
    );
    assert_eq!(&*statuses[3].identifier.value, " 4");
}

#[tokio::test]
async fn a_question_that_failed_is_asked_again_since_it_changes_nothing() {
    let found = parameters(&json!([{ "name": "patientStatus", "part": [about("1")] }]));
    let pkb = Answering::with([(503, String::new()), (200, found.to_string())]).await;
    let statuses = ask(&pkb.client(), &[nhs_number("1")]).await;
    assert_eq!(statuses.unwrap()[0].found, RecordFound::Found);
    assert_eq!(pkb.heard().len(), 2);
}

#[tokio::test]
async fn what_pkb_refuses_and_what_makes_no_sense_is_told_without_a_number() {
    let issue = json!([{ "severity": "error", "code": "invalid", "diagnostics": "9991566171" }]);
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": issue });
    let pkb = Answering::with([
        (400, outcome.to_string()),
        (200, "\"9991566171\"".to_owned()),
    ])
    .await;
    let refused = async || {
        let error = ask(&pkb.client(), &[nhs_number("9991566171")]).await;
        let error = error.unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("9991566171"),
            "{error:?}"
        );
        error
    };
    let error = refused().await;
    assert!(
        matches!(Failure::of(&error), Some(Failure::Fhir(_))),
        "{error}"
    );
    let error = refused().await;
    assert!(
        matches!(Failure::of(&error), Some(Failure::Refused(_))),
        "{error}"
    );
}

#[test]
fn an_identifier_is_made_of_text() {
    let identifier = PatientIdentifier::builder()
        .system(NHS.parse().unwrap())
        .value("9991566171".parse().unwrap())
        .build();
    assert_eq!(
        serde_json::to_value(identifier).unwrap(),
        nhs_number("9991566171")
    );
}
