//! What a system asks of patients by their national numbers, and the invitations that it has made.

use serde_json::{Value, json};

use crate::support::{Answer, Pkb};

const STATUS: &str = "/fhir/Patient/$status-query";
const INVITATIONS: &str = "/fhir/Organization/$generate-invitation-tokens";
const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

fn about(system: &str, numbers: &[&str]) -> Value {
    let parameters: Value = numbers
        .iter()
        .map(|number| {
            json!({ "name": "patientIdentifier", "valueIdentifier": { "system": system, "value": number } })
        })
        .collect();
    json!({ "resourceType": "Parameters", "parameter": parameters })
}

async fn ask(pkb: &Pkb, operation: &str, body: &Value) -> Answer {
    let token = pkb.system_token().post().await.assert_ok(200);
    let token = token.json["access_token"].as_str().unwrap();
    let call = pkb
        .call(token, operation)
        .header("x-org-public-id", &pkb.announced().system.org_public_id);
    call.post_fhir(body).await
}

#[tokio::test]
async fn the_status_of_a_record_is_told_as_the_documentation_has_it() {
    let pkb = Pkb::start().await;
    let numbers = ["9991566171", "9991566252", "9990000000"];
    let answer = ask(&pkb, STATUS, &about(NHS, &numbers))
        .await
        .assert_ok(200);
    let identifier = |number: &str| about(NHS, &[number])["parameter"][0].clone();
    let statuses = json!([
        { "name": "patientStatus", "part": [
            identifier(numbers[0]),
            { "name": "deceased", "valueBoolean": false },
            { "name": "registered", "valueBoolean": true },
            { "name": "dateOfBirth", "valueDate": "2000-01-01" },
        ] },
        { "name": "patientStatus", "part": [
            identifier(numbers[1]),
            { "name": "deceased", "valueBoolean": false },
            { "name": "registered", "valueBoolean": true },
            { "name": "diagnostics", "valueString": "No access" },
        ] },
        { "name": "patientStatus", "part": [
            identifier(numbers[2]),
            { "name": "diagnostics", "valueString": "Not found" },
        ] },
    ]);
    assert_eq!(answer.json["parameter"], statuses);
}

#[tokio::test]
async fn invitations_are_for_those_who_may_register_and_nobody_else_is_named() {
    let pkb = Pkb::start().await;
    let numbers = [
        "9991566171",
        "9991566201",
        "9991566228",
        "9991566236",
        "9991566244",
        "9991566252",
        "9990000000",
    ];
    let answer = ask(&pkb, INVITATIONS, &about(NHS, &numbers))
        .await
        .assert_ok(200);
    let invitations = answer.json["parameter"].as_array().unwrap();
    assert_eq!(invitations.len(), 1);
    let parts = &invitations[0]["part"];
    assert_eq!(parts[0]["valueIdentifier"]["value"], "9991566201");
    assert!(parts[3]["valueDatetime"].is_string());
    assert_eq!(pkb.tally().await["invitations"], 1);
    let join = pkb
        .call("", "/join/a-team")
        .with("t1", parts[1]["valueString"].as_str().unwrap())
        .with("t2", parts[2]["valueString"].as_str().unwrap())
        .with("e", "somebody@example.com");
    join.get().await.assert_ok(200);
    let stranger = pkb.call("", "/join/").with("t1", "1").with("t2", "2");
    stranger.get().await.assert_ok(400);
}

#[tokio::test]
async fn a_request_with_anything_but_numbers_of_the_united_kingdom_is_refused_as_a_whole() {
    let pkb = Pkb::start().await;
    let mut mixed = about(NHS, &["9991566201"]);
    let dutch = about(BSN, &["999990019"])["parameter"][0].clone();
    mixed["parameter"].as_array_mut().unwrap().push(dutch);
    let named_otherwise = json!({ "resourceType": "Parameters", "parameter": [
        { "name": "identifier", "valueIdentifier": { "system": NHS, "value": "9991566201" } },
    ] });
    for (operation, most) in [(STATUS, 5000), (INVITATIONS, 500)] {
        let too_many = vec!["9991566201"; most + 1];
        for body in [
            mixed.clone(),
            named_otherwise.clone(),
            about(NHS, &[]),
            about(NHS, &too_many),
            json!({ "resourceType": "Patient" }),
        ] {
            ask(&pkb, operation, &body).await.assert_outcome(400, None);
        }
        ask(&pkb, operation, &about(NHS, &too_many[1..]))
            .await
            .assert_ok(200);
    }
}

#[tokio::test]
async fn these_operations_are_for_systems_and_for_fhir() {
    let pkb = Pkb::start().await;
    let body = about(NHS, &["9991566201"]);
    for operation in [STATUS, INVITATIONS] {
        for name in ["Bobby", "Clara"] {
            let token = pkb.tokens(name).await.access;
            let answer = pkb.call(&token, operation).post_fhir(&body).await;
            answer.assert_outcome(403, Some("USER_TYPE_NOT_PERM"));
        }
        let token = pkb.system_token().post().await.json["access_token"].clone();
        let call = pkb
            .call(token.as_str().unwrap(), operation)
            .header("x-org-public-id", &pkb.announced().system.org_public_id);
        call.post_json(&body).await.assert_outcome(415, None);
    }
}
