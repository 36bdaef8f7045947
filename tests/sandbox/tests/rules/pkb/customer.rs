//! What Customer stores and gives back: whatever is sent, as it was sent.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Customer, Pkb, organization, patient};

fn version(resource: &Value) -> u64 {
    resource["meta"]["versionId"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn what_is_created_has_an_id_and_a_version_of_the_server() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let mut sent = organization();
    sent["id"] = json!("my-own");
    let created = customer
        .call("/Organization")
        .post_fhir(&sent)
        .await
        .assert_ok(201);
    let id = created.json["id"].as_str().unwrap();
    assert_ne!(id, "my-own");
    let version = version(&created.json);
    assert!(version > 1 << 53);
    assert!(created.json["meta"]["lastUpdated"].is_string());
    let extension = &created.json["meta"]["extension"][0];
    assert_eq!(extension["url"], "ex:createdAt");
    assert!(extension["valueInstant"].is_string());
    let base = &pkb.announced().customer.addresses.customer_url;
    let location = format!("{base}/Organization/{id}/_history/{version}");
    assert_eq!(created.headers["location"], location);
    assert_eq!(created.headers["etag"], format!("W/\"{version}\""));
    for path in [
        format!("/Organization/{id}"),
        format!("/Organization/{id}/_history/{version}"),
    ] {
        let read = customer.call(&path).get().await.assert_ok(200);
        assert_eq!(read.text, created.text);
    }
    assert_eq!(pkb.tally().await["stored"], 1);
}

#[tokio::test]
async fn numbers_and_members_that_nobody_knows_stay_as_they_were_sent() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let sent = r#"{"resourceType":"Observation","meta":{"profile":["http://example.com/p"]},"valueQuantity":{"value":1.50,"other":1e-7},"_own":{"digits":12345678901234567890.10}}"#;
    let answer = customer
        .call("/Observation")
        .send_fhir(Method::POST, sent)
        .await
        .assert_ok(201);
    for kept in [
        r#""valueQuantity":{"value":1.50,"other":1e-7}"#,
        r#""_own":{"digits":12345678901234567890.10}"#,
        r#""profile":["http://example.com/p"]"#,
    ] {
        assert!(answer.text.contains(kept), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_update_keeps_the_id_of_the_client_and_makes_a_new_version() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let mut sent = organization();
    sent["id"] = json!("my-own");
    let put = async |body: &Value| {
        let call = customer.call("/Organization/my-own");
        call.send_fhir(Method::PUT, &body.to_string()).await
    };
    let first = put(&sent).await.assert_ok(201);
    assert_eq!(first.json["id"], "my-own");
    let second = put(&first.json).await.assert_ok(200);
    assert!(version(&second.json) > version(&first.json));
    assert_eq!(
        second.json["meta"]["extension"],
        first.json["meta"]["extension"]
    );
    let old = format!("/Organization/my-own/_history/{}", version(&first.json));
    customer.call(&old).get().await.assert_outcome(404, None);
    for id in [json!("another"), json!(null)] {
        let mut wrong = organization();
        wrong["id"] = id;
        put(&wrong).await.assert_outcome(400, None);
    }
    let call = customer.call("/Organization/my-own");
    assert_eq!(call.delete().await.status, 204);
    let gone = customer.call("/Organization/my-own").get().await;
    gone.assert_outcome(404, None);
}

#[tokio::test]
async fn resources_are_searched_by_id_and_identifier() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let reference = customer.bobby().await;
    customer
        .store(&patient("9991566201", "Organization/none"))
        .await;
    let all = customer.call("/Patient").get().await.assert_ok(200);
    assert_eq!(all.json["type"], "searchset");
    assert_eq!(all.json["total"], 2);
    let id = reference.strip_prefix("Patient/").unwrap();
    for (name, value) in [
        ("_id", id),
        ("identifier", "https://fhir.nhs.uk/Id/nhs-number|9991566171"),
    ] {
        let found = customer.call("/Patient").with(name, value).get().await;
        assert_eq!(found.json["total"], 1, "{}", found.text);
        assert_eq!(found.json["entry"][0]["resource"]["id"], id);
    }
    let unknown = customer.call("/Patient").with("colour", "red").get().await;
    unknown.assert_outcome(400, None);
}

#[tokio::test]
async fn only_what_is_no_fhir_is_refused() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    for body in [
        "no json",
        "[]",
        r#"{"resourceType":"Patient","resourceType":"Patient"}"#,
        r#"{"resourceType":"Patient","name":[{"text":"A","text":"B"}]}"#,
        r#"{"resourceType":"Observation"}"#,
        r#"{"id":"1"}"#,
        r#"{"resourceType":"Patient","name":[]}"#,
        r#"{"resourceType":"Patient","gender":null}"#,
        r#"{"resourceType":"Patient","gender":""}"#,
    ] {
        let call = customer.call("/Patient");
        let answer = call.send_fhir(Method::POST, body).await;
        answer.assert_outcome(400, None);
    }
    let unknown = json!({ "resourceType": "Pacient" });
    let answer = customer.call("/Pacient").post_fhir(&unknown).await;
    answer.assert_outcome(400, None);
    let patient = json!({ "resourceType": "Patient" });
    let answer = customer.call("/Patient").post_json(&patient).await;
    answer.assert_outcome(415, None);
    let nonsense = json!({ "resourceType": "Patient", "birthDate": "yesterday" });
    customer.store(&nonsense).await;
}

#[tokio::test]
async fn a_resource_is_created_unless_a_search_finds_it() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let search = "identifier=http://fhir.patientsknowbest.com/id/org-code|CLINIC";
    let create = || {
        let call = customer
            .call("/Organization")
            .header("if-none-exist", search);
        async move { call.post_fhir(&organization()).await }
    };
    let first = create().await.assert_ok(201);
    let again = create().await.assert_ok(200);
    assert_eq!(again.json, first.json);
    customer.store(&organization()).await;
    create().await.assert_outcome(412, None);
}

#[tokio::test]
async fn it_says_what_it_can_do() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    for call in [customer.call("/metadata"), customer.extract("/metadata")] {
        let told = call.get().await.assert_ok(200).json;
        assert_eq!(told["resourceType"], "CapabilityStatement");
        assert_eq!(told["fhirVersion"], "4.0.1");
    }
    let call = customer.call("/Patient/1/$everything");
    call.get().await.assert_outcome(404, None);
    let call = customer.extract("/Observation");
    call.post_fhir(&json!({ "resourceType": "Observation" }))
        .await
        .assert_outcome(405, None);
}
