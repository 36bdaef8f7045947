//! Measurements by PKB's REST API.

use digime_sdk::pkb::{
    AddMeasurementOptions, Client, GetMeasurementTypesOptions, GetMeasurementsOptions,
};
use digime_sdk::{Document, Error};
use serde_json::{Value, json};

use super::answering::Answering;
use super::sandbox::{BOBBY, Pkb};

async fn linked(pkb: &Pkb) -> Client {
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    client
}

async fn measurements(client: &Client, query: Value) -> Result<Document, Error> {
    let options = json!({ "appUserId": "user-1", "query": query });
    let options: GetMeasurementsOptions = serde_json::from_value(options).unwrap();
    client.get_measurements(options).await
}

async fn types(client: &Client, options: Value) -> Result<Document, Error> {
    let options: GetMeasurementTypesOptions = serde_json::from_value(options).unwrap();
    client.get_measurement_types(options).await
}

fn adding(value: &str) -> AddMeasurementOptions {
    let value = json!({ "apiRef": "weight", "value": value });
    let measurement = json!({ "apiRef": "weight", "takenDate": "2026-07-01", "values": [value] });
    let options = json!({ "appUserId": "user-1", "measurement": measurement });
    serde_json::from_value(options).unwrap()
}

#[tokio::test]
async fn a_measurement_that_is_added_is_among_those_that_are_read() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let count = async || {
        let all = measurements(&client, json!({})).await.unwrap();
        all.items().unwrap().len()
    };
    let before = count().await;
    let added = client.add_measurement(adding("86.5")).await.unwrap();
    assert_eq!(added.status_code, 200);
    assert_eq!(count().await, before + 1);
}

#[tokio::test]
async fn a_measurement_is_added_once_whatever_becomes_of_the_answer() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let fault = json!({ "status": 503, "headers": { "retry-after": "0" } });
    pkb.fault("POST /json/v1/measurements", fault, 1).await;
    client.add_measurement(adding("86.5")).await.unwrap_err();
    assert_eq!(pkb.tally("writes").await, 0);
    pkb.fault("POST /json/v1/measurements", json!("lose-answer"), 1)
        .await;
    client.add_measurement(adding("86.5")).await.unwrap_err();
    assert_eq!(pkb.tally("writes").await, 1);
    // An expired token is replaced, and it is added then.
    pkb.expire_access_tokens().await;
    client.add_measurement(adding("86.5")).await.unwrap();
    assert_eq!(pkb.tally("writes").await, 2);
}

#[tokio::test]
async fn what_pkb_tells_is_handed_on_as_it_came() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    let text = r#"{"results":[{"value":1.10,"value":2}]}"#;
    let headers = json!({ "content-type": "application/json" });
    let answer = json!({ "status": 200, "headers": headers, "body": text });
    pkb.fault("GET /json/v2-beta/measurements", answer, 1).await;
    let told = measurements(&client, json!({ "apiRefs": ["weight", "heart-rate"] })).await;
    assert_eq!(told.unwrap().text(), text);
}

#[tokio::test]
async fn types_are_told_to_everybody_and_to_a_patient_where_that_is_asked_for() {
    let pkb = Pkb::start().await;
    let client = linked(&pkb).await;
    for options in [json!({}), json!({ "appUserId": "user-1" })] {
        let told = types(&client, options).await.unwrap();
        let told = told.to_value().unwrap();
        let weight = told
            .as_array()
            .unwrap()
            .iter()
            .find(|kind| kind["apiRef"] == "weight");
        assert_eq!(weight.unwrap()["units"], json!(["kg"]));
    }
    let answering = Answering::always(json!([])).await;
    let elsewhere = json!({ "rest": { "url": format!("{}/rest", answering.origin) } });
    let client = Client::new(answering.config(&elsewhere)).unwrap();
    types(&client, json!({})).await.unwrap();
    let heard = &answering.heard()[0];
    assert_eq!(heard.on, "GET /rest/v2-beta/measurements/apiRefs");
    assert!(!heard.headers.contains_key("authorization"));
}
