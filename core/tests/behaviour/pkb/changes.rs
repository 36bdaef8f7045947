//! When something was last added to a record.

use digime_sdk::pkb::{Client, Config, GetLastChangeOptions, LastChange, Store};
use digime_sdk::{Error, ErrorKind};
use serde_json::{Value, json};

use super::answering::{Answering, ORGANISATION, about, nhs_number, parameters};
use super::sandbox::{BOBBY, MORAG, Pkb};

const PUBLIC_ID: &str = "http://fhir.patientsknowbest.com/id/public-id";

async fn last_change(client: &Client, options: Value) -> Result<Vec<LastChange>, Error> {
    let options: GetLastChangeOptions = serde_json::from_value(options).unwrap();
    client.get_last_change(options).await
}

fn of_user() -> Value {
    json!({ "appUserId": "user-1" })
}

fn of_patients(identifiers: &[Value]) -> Value {
    json!({ "orgPublicId": ORGANISATION, "identifiers": identifiers })
}

/// The times alone.
fn times(changes: &[LastChange]) -> Vec<Option<&str>> {
    changes
        .iter()
        .map(|change| change.last_change.as_deref())
        .collect()
}

#[tokio::test]
async fn a_patient_is_told_when_their_own_record_changed() {
    let pkb = Pkb::start().await;
    for (method, path) in [
        ("POST", None),
        ("GET", None),
        ("GET", Some("Patient/{publicId}/$date-of-last-data-point")),
    ] {
        pkb.set_modes(json!({ "lastDataPointMethod": method }))
            .await;
        let mut config: Config = pkb.config(Store::Memory);
        let endpoints = config.endpoints.as_mut().unwrap();
        endpoints.last_change_method = serde_json::from_value(json!(method)).unwrap();
        endpoints.last_change_path = path.map(str::to_owned);
        let client = Client::new(config).unwrap();
        pkb.link(&client, "user-1", BOBBY).await;
        let changes = last_change(&client, of_user()).await.unwrap();
        assert_eq!(times(&changes), [Some("2026-06-30T20:30:00.2112Z")]);
        assert_eq!(changes[0].identifier, None);
        assert_eq!(format!("{:?}", changes[0]), "LastChange");
    }
}

#[tokio::test]
async fn an_organisation_is_told_of_each_patient_in_the_order_of_the_identifiers() {
    let pkb = Pkb::start().await;
    let public_id = json!({ "system": PUBLIC_ID, "value": pkb.public_id(MORAG) });
    let asked = [
        nhs_number("9990000000"),
        public_id,
        nhs_number("9991566171"),
    ];
    for shape in ["documented", "fhir"] {
        pkb.set_modes(json!({ "lastDataPoint": shape })).await;
        let changes = last_change(&pkb.client(), of_patients(&asked))
            .await
            .unwrap();
        let time = Some("2026-06-30T20:30:00.2112Z");
        assert_eq!(times(&changes), [None, time, time]);
        for (change, asked) in changes.iter().zip(&asked) {
            assert_eq!(serde_json::to_value(&change.identifier).unwrap(), *asked);
        }
    }
}

#[tokio::test]
async fn the_time_is_found_wherever_it_stands_and_nothing_is_no_time() {
    let mut bare = about("1");
    bare["lastRecordUpdate"] = json!("time-1");
    let mut second = about("2");
    second["lastRecordUpdate"] = json!("time-2");
    let before = json!({ "name": "patientIdentifier", "valueIdentifier":
        { "system": "urn:uuid:cd97da65-0aa4-43a6-b695-cfd0c6f3267d", "value": "p" } });
    let answer = parameters(&json!([
        { "name": "lastDataPointsResult", "part": [bare, second] },
        { "name": "lastDataPointsResult", "part": [about("3"), { "name": "lastRecordUpdate", "valueDateTime": "time-3" }] },
        { "name": "lastDataPointsResult", "part": [before], "lastRecordUpdate": "time-p" },
        { "name": "lastDataPointsResult", "part": [about("4")] },
    ]));
    let pkb = Answering::always(answer).await;
    let mut asked = ["1", "2", "3", "4", "5"].map(nhs_number).to_vec();
    asked.push(json!({ "system": PUBLIC_ID, "value": "p" }));
    let changes = last_change(&pkb.client(), of_patients(&asked))
        .await
        .unwrap();
    let expected = [
        Some("time-1"),
        Some("time-2"),
        Some("time-3"),
        None,
        None,
        Some("time-p"),
    ];
    assert_eq!(times(&changes), expected);
}

#[tokio::test]
async fn an_empty_record_of_ones_own_has_no_time() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let route = "POST /fhir/Patient/$date-of-last-data-point";
    let headers = json!({ "content-type": "application/fhir+json" });
    let part = json!([{ "name": "lastRecordUpdate", "valueInstant": "time-1" }]);
    for (parameter, expected) in [
        (json!([]), None),
        (
            json!([{ "name": "lastDataPointsResult", "part": part }]),
            Some("time-1"),
        ),
        (
            json!([{ "name": "lastDataPointsResult", "lastRecordUpdate": "time-2" }]),
            Some("time-2"),
        ),
    ] {
        let fault = json!({ "status": 200, "headers": headers, "body": parameters(&parameter) });
        pkb.fault(route, fault, 1).await;
        let changes = last_change(&client, of_user()).await.unwrap();
        assert_eq!(times(&changes), [expected]);
    }
}

#[tokio::test]
async fn patients_are_asked_about_in_batches() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let asked: Vec<_> = (0..101)
        .map(|number| nhs_number(&number.to_string()))
        .collect();
    let changes = last_change(&pkb.client(), of_patients(&asked))
        .await
        .unwrap();
    assert_eq!(changes.len(), 101);
    let heard = pkb.heard();
    let sizes: Vec<_> = heard
        .iter()
        .map(|heard| heard.json()["parameter"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [100, 1]);
    assert_eq!(heard[0].on, "POST /fhir/Patient/$date-of-last-data-point");
    assert_eq!(heard[0].headers["x-org-public-id"], ORGANISATION);
}

#[tokio::test]
async fn it_must_be_said_about_whom() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let of_one = json!({ "lastChangePath": "Patient/{publicId}/$date-of-last-data-point" });
    let of_one = Client::new(pkb.config(&of_one)).unwrap();
    let plain = pkb.client();
    for (client, options, expected) in [
        (&plain, json!({}), "options.appUserId"),
        (&plain, of_patients(&[]), "options.identifiers"),
        (
            &plain,
            json!({ "appUserId": "u", "identifiers": [nhs_number("1")] }),
            "options.identifiers",
        ),
        (
            &of_one,
            of_patients(&[nhs_number("1")]),
            "config.endpoints.lastChangePath",
        ),
    ] {
        let error = last_change(client, options).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(*path, expected);
    }
    assert!(pkb.heard().is_empty());
}
