//! How the organisation takes a patient in.

use serde_json::{Value, json};

use crate::support::{Answer, Pkb};

const MESSAGE: &str = "/phr-fhir/Patient/$process-message";
const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";

fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{ "family": "Example", "given": ["Erin"] }],
        "birthDate": "1990-04-12",
        "gender": "female",
        "identifier": [{ "system": NHS, "value": "9991566252" }],
    })
}

async fn send(pkb: &Pkb, path: &str, body: &Value) -> Answer {
    let token = pkb.system_token().post().await.assert_ok(200);
    let call = pkb
        .call(token.json["access_token"].as_str().unwrap(), path)
        .header("x-org-public-id", &pkb.announced().system.org_public_id);
    call.post_fhir(body).await
}

#[tokio::test]
async fn the_organisation_has_access_to_whom_it_has_taken_in() {
    let pkb = Pkb::start().await;
    let asked = json!({ "resourceType": "Parameters", "parameter": [
        { "name": "patientIdentifier", "valueIdentifier": { "system": NHS, "value": "9991566252" } },
    ] });
    let parts = async || {
        let answer = send(&pkb, "/fhir/Patient/$status-query", &asked).await;
        answer.json["parameter"][0]["part"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!(parts().await[3]["name"], "diagnostics");
    let answer = send(&pkb, MESSAGE, &patient()).await.assert_ok(200);
    assert_eq!(answer.text, "");
    assert_eq!(parts().await[3]["name"], "dateOfBirth");
    pkb.set_modes(&json!({ "processMessageAnswer": "patient" }))
        .await;
    let answer = send(&pkb, MESSAGE, &patient()).await.assert_ok(201);
    assert_eq!(answer.json, patient());
    assert_eq!(pkb.tally().await["joins"], 2);
}

#[tokio::test]
async fn a_message_that_breaks_a_rule_is_refused() {
    let pkb = Pkb::start().await;
    let team = |alias: &str| json!([{ "url": "http://fhir.patientsknowbest.com/structuredefinition/team-alias", "valueString": alias }]);
    for (member, value) in [
        ("resourceType", json!("Bundle")),
        ("name", json!([{ "family": "Example" }])),
        ("birthDate", json!("1990")),
        ("gender", json!("F")),
        ("identifier", json!([{ "value": "9991566252" }])),
        (
            "telecom",
            json!([{ "system": "email", "value": "a" }, { "system": "email", "value": "b" }]),
        ),
        ("extension", team("diabetes")),
        ("extension", team("another")),
    ] {
        let mut broken = patient();
        broken[member] = value;
        send(&pkb, MESSAGE, &broken).await.assert_outcome(400, None);
    }
    let mut whole = patient();
    whole["extension"] = team("sandbox-surgery");
    send(&pkb, MESSAGE, &whole).await.assert_ok(200);
    send(&pkb, "/phr-fhir/Patient", &patient())
        .await
        .assert_outcome(404, None);
    let token = pkb.tokens("Bobby").await.access;
    let answer = pkb.call(&token, MESSAGE).post_fhir(&patient()).await;
    answer.assert_outcome(403, Some("USER_TYPE_NOT_PERM"));
}
