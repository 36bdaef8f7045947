//! Purview, patients and what else the Facade answers.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Pkb};

#[tokio::test]
async fn purview_tells_the_patient_or_the_organisation() {
    let pkb = Pkb::start().await;
    let bobby = format!("Patient/{}", pkb.person("Bobby").public_id);
    let organisation = format!("Organization/{}", pkb.announced().system.org_public_id);
    for (name, reference) in [("Bobby", bobby), ("Clara", organisation)] {
        let tokens = pkb.tokens(name).await;
        for path in ["/fhir/Consent/$purview", "/fhir/Consent/%24purview"] {
            let answer = pkb.call(&tokens.access, path).get().await.assert_ok(200);
            assert_eq!(answer.headers["content-type"], "application/fhir+json");
            let parameters = json!({
                "resourceType": "Parameters",
                "parameter": [{ "name": "purview", "valueReference": { "reference": reference } }],
            });
            assert_eq!(answer.json, parameters);
        }
    }
}

#[tokio::test]
async fn purview_answers_to_one_method() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let purview = || pkb.call(&tokens.access, "/fhir/Consent/$purview");
    let parameters = json!({ "resourceType": "Parameters" });
    purview().get().await.assert_ok(200);
    let refused = purview().post_json(&parameters).await;
    refused.assert_outcome(405, None);
    assert_eq!(refused.headers["allow"], "GET");

    pkb.set_modes(&json!({ "purviewMethod": "POST" }))
        .await
        .assert_ok(200);
    purview().post_json(&parameters).await.assert_ok(200);
    purview().post().await.assert_ok(200);
    purview()
        .post_json(&json!({ "resourceType": "Patient" }))
        .await
        .assert_outcome(400, None);
    let refused = purview().get().await;
    refused.assert_outcome(405, None);
    assert_eq!(refused.headers["allow"], "POST");
}

#[tokio::test]
async fn a_patient_is_read_by_public_id() {
    let pkb = Pkb::start().await;
    for (name, family, gender, system, number) in [
        (
            "Bobby",
            "Barton",
            "male",
            "https://fhir.nhs.uk/Id/nhs-number",
            "9991566171",
        ),
        (
            "Morag",
            "Specimen",
            "female",
            "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
            "0102850004",
        ),
        (
            "Robin",
            "Voorbeeld",
            "other",
            "http://fhir.nl/fhir/NamingSystem/bsn",
            "999990019",
        ),
    ] {
        let tokens = pkb.tokens(name).await;
        let public_id = pkb.person(name).public_id;
        let call = pkb.call(&tokens.access, &format!("/fhir/Patient/{public_id}"));
        let patient = call.get().await.assert_ok(200).json;
        assert_eq!(patient["id"], public_id);
        assert_eq!(patient["name"][0]["family"], family);
        assert_eq!(patient["name"][0]["given"][0], name);
        assert_eq!(patient["gender"], gender);
        assert_eq!(
            patient["identifier"],
            json!([{ "system": system, "value": number }])
        );
    }
}

#[tokio::test]
async fn nobody_but_patients_is_a_patient() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for id in ["unknown", pkb.person("Clara").public_id] {
        let answer = pkb
            .call(&tokens.access, &format!("/fhir/Patient/{id}"))
            .get()
            .await;
        answer.assert_outcome(404, None);
    }
}

#[tokio::test]
async fn a_patient_is_found_by_nhs_number() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let search = |identifier: &str| {
        pkb.call(&tokens.access, "/fhir/Patient")
            .with("identifier", identifier)
    };
    let found = search("https://fhir.nhs.uk/Id/nhs-number|9991566171")
        .get()
        .await
        .assert_ok(200)
        .json;
    assert_eq!(
        (&found["resourceType"], &found["type"]),
        (&json!("Bundle"), &json!("searchset"))
    );
    assert_eq!(
        found["entry"][0]["resource"]["id"],
        pkb.person("Bobby").public_id
    );
    let none = search("https://fhir.nhs.uk/Id/nhs-number|9999999999")
        .get()
        .await
        .assert_ok(200);
    assert_eq!(none.json.get("entry"), None);
    for identifier in [
        "9991566171",
        "|9991566171",
        "https://fhir.nhs.uk/Id/nhs-number|",
        "urn:other|1",
    ] {
        search(identifier).get().await.assert_outcome(400, None);
    }
    pkb.call(&tokens.access, "/fhir/Patient")
        .get()
        .await
        .assert_outcome(400, None);
    let by_name = pkb
        .call(&tokens.access, "/fhir/Patient")
        .with("family", "Barton");
    by_name.get().await.assert_outcome(400, None);
}

#[tokio::test]
async fn what_the_facade_does_not_have_is_an_outcome() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for path in [
        "/fhir/Medication",
        "/fhir/Observation/1",
        "/fhir/Patient/1/extra",
    ] {
        pkb.call(&tokens.access, path)
            .get()
            .await
            .assert_outcome(404, None);
    }
    let url = pkb.sandbox.at("/fhir/Patient/1");
    let answer = Answer::of(pkb.sandbox.http.request(Method::DELETE, url)).await;
    answer.assert_outcome(404, None);
}

#[tokio::test]
async fn the_capabilities_are_told_to_everybody() {
    let pkb = Pkb::start().await;
    let url = pkb.sandbox.at("/fhir/metadata");
    let capabilities = Answer::of(pkb.sandbox.http.get(url))
        .await
        .assert_ok(200)
        .json;
    assert_eq!(capabilities["resourceType"], "CapabilityStatement");
    assert_eq!(capabilities["fhirVersion"], "3.0.2");
    assert_eq!(capabilities["rest"][0]["operation"][0]["name"], "purview");
}
