//! What becomes of what Customer was given.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Customer, NHS, Pkb, organization, patient};

const BOBBY: &str = "https://fhir.nhs.uk/Id/nhs-number|9991566171";

fn weight(subject: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","code":{{"text":"Weight"}},"effectiveDateTime":"2026-07-01","subject":{{ "reference" : "{subject}" }},"valueQuantity":{{"value":86.50}}}}"#
    )
}

async fn observations(customer: &Customer<'_>, identifier: &str) -> Answer {
    let call = customer
        .extract("/Observation")
        .with("subject:Patient.identifier", identifier);
    call.get().await.assert_ok(200)
}

async fn send(customer: &Customer<'_>, observation: &str) -> Answer {
    let call = customer.call("/Observation");
    call.send_fhir(Method::POST, observation)
        .await
        .assert_ok(201)
}

#[tokio::test]
async fn data_of_a_patient_whom_the_platform_knows_comes_to_aggregated() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let bobby = customer.bobby().await;
    let sent = send(&customer, &weight(&bobby)).await;
    let found = observations(&customer, BOBBY).await;
    assert_eq!(found.json["total"], 1);
    assert!(found.text.contains(r#"{"value":86.50}"#));
    let shown = &found.json["entry"][0]["resource"];
    assert_eq!(shown["id"], sent.json["id"]);
    assert_ne!(shown["subject"]["reference"], bobby);
    let security = shown["meta"]["security"].as_array().unwrap();
    let codes: Vec<&Value> = security.iter().map(|coding| &coding["code"]).collect();
    assert_eq!(codes, ["CLINIC", "GENERAL_HEALTH"]);
    let routes = &shown["meta"]["extension"][1];
    assert_eq!(routes["valueCoding"]["code"], "FHIR_API");
    let narrowed = customer
        .extract("/Observation")
        .with("subject:Patient.identifier", BOBBY)
        .and("code:text", "weight")
        .and("date", "ge2026-07-01");
    assert_eq!(narrowed.get().await.json["total"], 1);
}

#[tokio::test]
async fn data_without_a_source_organisation_is_kept_and_not_shown() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let organization = customer.store(&organization()).await;
    let mut homeless = patient("9991566171", "");
    homeless
        .as_object_mut()
        .unwrap()
        .remove("managingOrganization");
    let bobby = customer.store(&homeless).await;
    send(&customer, &weight(&bobby)).await;
    assert_eq!(observations(&customer, BOBBY).await.json["total"], 0);
    let fates = customer.fates().await;
    assert_eq!(fates[0], (organization.clone(), "other-type".to_owned()));
    assert_eq!(fates[1].1, "no-source-organisation");
    assert_eq!(fates[2].1, "no-source-organisation");
    pkb.set_modes(&json!({ "customerDefaultOrganisation": true }))
        .await;
    assert_eq!(observations(&customer, BOBBY).await.json["total"], 1);
    pkb.set_modes(&json!({ "customerDefaultOrganisation": false }))
        .await;
    homeless["id"] = json!(bobby.strip_prefix("Patient/").unwrap());
    homeless["managingOrganization"] = json!({ "reference": organization });
    customer
        .call(&format!("/{bobby}"))
        .send_fhir(Method::PUT, &homeless.to_string())
        .await
        .assert_ok(200);
    assert_eq!(customer.fates().await[2].1, "aggregated");
    assert_eq!(observations(&customer, BOBBY).await.json["total"], 1);
}

#[tokio::test]
async fn data_of_somebody_unknown_is_kept_and_not_shown_until_they_join() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let organization = customer.store(&organization()).await;
    let stranger = customer.store(&patient("9990000000", &organization)).await;
    send(&customer, &weight(&stranger)).await;
    send(&customer, &weight("Patient/none")).await;
    let fates = customer.fates().await;
    assert_eq!(fates[2].1, "unknown-patient");
    assert_eq!(fates[3].1, "no-source-organisation");
    let identifier = format!("{NHS}|9990000000");
    assert_eq!(observations(&customer, &identifier).await.json["total"], 0);
    customer.join(NHS, "9990000000").await;
    assert_eq!(observations(&customer, &identifier).await.json["total"], 1);
    let call = customer.extract("/Patient").with("identifier", &identifier);
    let found = call.get().await.assert_ok(200);
    let patient = &found.json["entry"][0]["resource"];
    assert_eq!(patient.get("managingOrganization"), None);
    assert_ne!(
        format!("Patient/{}", patient["id"].as_str().unwrap()),
        stranger
    );
}

#[tokio::test]
async fn new_data_moves_the_signal_and_new_demographics_do_not() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let token = pkb.tokens("Bobby").await.access;
    let last = async || {
        let call = pkb.call(&token, "/fhir/Patient/$date-of-last-data-point");
        let body = json!({ "resourceType": "Parameters" });
        let answer = call.post_fhir(&body).await.assert_ok(200);
        answer.json["parameter"][0]["valueInstant"].clone()
    };
    let before = last().await;
    let bobby = customer.bobby().await;
    assert_eq!(last().await, before);
    let sent = send(&customer, &weight(&bobby)).await;
    let once = last().await;
    assert_ne!(once, before);
    send(&customer, &weight(&bobby)).await;
    let twice = last().await;
    assert_ne!(twice, once);
    let id = sent.json["id"].as_str().unwrap();
    let call = customer.call(&format!("/Observation/{id}"));
    assert_eq!(call.delete().await.status, 204);
    assert_eq!(last().await, twice);
    assert_eq!(observations(&customer, BOBBY).await.json["total"], 1);
}
