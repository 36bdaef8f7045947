//! What a patient's app asks after they have linked: consents, news, and a way into the platform's own pages.

use serde_json::{Value, json};

use crate::support::{Answer, Pkb};

const LAST: &str = "/fhir/Patient/$date-of-last-data-point";
const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
const TIME: &str = "2026-06-30T20:30:00.2112Z";

async fn as_system(pkb: &Pkb, path: &str, body: &Value) -> Answer {
    let token = pkb.system_token().post().await.assert_ok(200);
    let call = pkb
        .call(token.json["access_token"].as_str().unwrap(), path)
        .header("x-org-public-id", &pkb.announced().system.org_public_id);
    call.post_fhir(body).await
}

#[tokio::test]
async fn consents_are_told_to_the_patient_and_not_to_systems() {
    let pkb = Pkb::start().await;
    let token = pkb.tokens("Robin").await.access;
    let robin = pkb.person("Robin").public_id;
    let search = |patient: &str| {
        pkb.call(&token, "/fhir/Consent")
            .with("patient", &format!("Patient/{patient}"))
    };
    let answer = search(robin).get().await.assert_ok(200);
    let entries = answer.json["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    // Robin has not consented: nothing may be seen.
    let of_team = &entries[0]["resource"];
    let team = format!("Organization/{}", pkb.announced().system.org_public_id);
    assert_eq!(of_team["actor"][0]["reference"]["reference"], team);
    assert_eq!(of_team.get("except"), None);
    let another = search(pkb.person("Bobby").public_id).get().await;
    another.assert_outcome(403, Some("NO_CONSENT"));
    let everybody = pkb.call(&token, "/fhir/Consent").get().await;
    everybody.assert_outcome(400, None);
    let by_status = search(robin).with("status", "active").get().await;
    by_status.assert_outcome(400, None);
    let system = pkb.system_token().post().await.json["access_token"].clone();
    let system = pkb
        .call(system.as_str().unwrap(), "/fhir/Consent")
        .header("x-org-public-id", &pkb.announced().system.org_public_id);
    let answer = system.get().await;
    answer.assert_outcome(403, Some("USER_TYPE_NOT_PERM"));
}

#[tokio::test]
async fn a_patient_is_told_by_one_method_when_their_data_changed() {
    let pkb = Pkb::start().await;
    let token = pkb.tokens("Bobby").await.access;
    let empty = json!({ "resourceType": "Parameters" });
    let answer = pkb
        .call(&token, LAST)
        .post_fhir(&empty)
        .await
        .assert_ok(200);
    assert_eq!(answer.json["parameter"][0]["valueInstant"], TIME);
    pkb.call(&token, LAST).get().await.assert_outcome(405, None);
    pkb.set_modes(&json!({ "lastDataPointMethod": "GET" }))
        .await;
    pkb.call(&token, LAST).get().await.assert_ok(200);
    let clinician = pkb.tokens("Clara").await.access;
    let answer = pkb.call(&clinician, LAST).get().await;
    answer.assert_outcome(403, Some("USER_TYPE_NOT_PERM"));
}

#[tokio::test]
async fn the_time_of_the_last_change_can_be_set_and_holds_until_there_is_another() {
    let pkb = Pkb::start().await;
    let token = pkb.tokens("Bobby").await.access;
    let public_id = pkb.person("Bobby").public_id;
    let set = async |time: Value| {
        let call = pkb.call("", "/_sandbox/pkb/last-change");
        call.post_json(&json!({ "publicId": public_id, "time": time }))
            .await
            .assert_ok(204);
    };
    let told = async || {
        let empty = json!({ "resourceType": "Parameters" });
        let answer = pkb.call(&token, LAST).post_fhir(&empty).await;
        answer.assert_ok(200).json["parameter"].clone()
    };
    let earlier = "2026-06-29T20:30:00.2112Z";
    set(json!(earlier)).await;
    assert_eq!(told().await[0]["valueInstant"], earlier);
    set(json!(null)).await;
    assert_eq!(told().await, json!(null));
    let weight = json!({ "apiRef": "weight", "values": [{ "apiRef": "weight", "value": "80" }] });
    let write = pkb.call(&token, "/json/v1/measurements");
    write.post_json(&weight).await.assert_ok(200);
    let now = told().await[0]["valueInstant"].clone();
    assert!(now.as_str().unwrap() > TIME);
    let nobody = pkb.call("", "/_sandbox/pkb/last-change");
    let answer = nobody.post_json(&json!({ "publicId": "x" })).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_patient_is_told_in_any_of_the_ways_that_are_left_open() {
    let pkb = Pkb::start().await;
    let token = pkb.tokens("Bobby").await.access;
    let told = async |mode: &str| {
        pkb.set_modes(&json!({ "lastDataPoint": mode })).await;
        let empty = json!({ "resourceType": "Parameters" });
        let answer = pkb.call(&token, LAST).post_fhir(&empty).await;
        answer.assert_ok(200).json["parameter"].clone()
    };
    assert_eq!(told("fhir").await[0]["valueInstant"], TIME);
    assert_eq!(told("dateTime").await[0]["valueDateTime"], TIME);
    let bare = &told("bare").await[0]["part"][0];
    assert_eq!(bare["lastRecordUpdate"], TIME);
    assert_eq!(
        bare["valueIdentifier"]["value"],
        pkb.person("Bobby").public_id
    );
}

#[tokio::test]
async fn a_system_is_told_of_those_whom_it_sees_and_the_others_are_ignored() {
    let pkb = Pkb::start().await;
    let identifier = |system: &str, value: &str| json!({ "name": "patientIdentifier", "valueIdentifier": { "system": system, "value": value } });
    let bobby = identifier(NHS, "9991566171");
    let robin = identifier(
        "http://fhir.patientsknowbest.com/id/public-id",
        pkb.person("Robin").public_id,
    );
    let unknown = identifier(NHS, "9990000000");
    let asked = json!({ "resourceType": "Parameters", "parameter": [robin, bobby, unknown] });
    let mut part = bobby.clone();
    part["lastRecordUpdate"] = json!(TIME);
    let documented = json!([{ "name": "lastDataPointsResult", "part": [part] }]);
    let answer = as_system(&pkb, LAST, &asked).await.assert_ok(200);
    assert_eq!(answer.json["parameter"], documented);
    pkb.set_modes(&json!({ "lastDataPoint": "fhir" })).await;
    let answer = as_system(&pkb, LAST, &asked).await.assert_ok(200);
    let time = json!({ "name": "lastRecordUpdate", "valueInstant": TIME });
    assert_eq!(answer.json["parameter"][0]["part"], json!([bobby, time]));
    pkb.set_modes(&json!({ "lastDataPoint": "dateTime" })).await;
    let answer = as_system(&pkb, LAST, &asked).await.assert_ok(200);
    let time = json!({ "name": "lastRecordUpdate", "valueDateTime": TIME });
    assert_eq!(answer.json["parameter"][0]["part"], json!([bobby, time]));
    let nobody = json!({ "resourceType": "Parameters" });
    as_system(&pkb, LAST, &nobody)
        .await
        .assert_outcome(400, None);
}

#[tokio::test]
async fn a_one_time_password_opens_a_page_within_the_platform_once() {
    let pkb = Pkb::start().await;
    let token = pkb.tokens("Bobby").await.access;
    let password = async || {
        let call = pkb.call(&token, "/json/_sandbox/one-time-password");
        let answer = call.post().await.assert_ok(200);
        answer.json["password"].as_str().unwrap().to_owned()
    };
    let open = async |password: &str, page: &str| {
        let call = pkb.call("", "/otp.action").with("otpToken", password);
        call.with("redirect_uri", page).get().await.status
    };
    let good = password().await;
    assert_eq!(open(&good, "//elsewhere.example/").await, 400);
    assert_eq!(open(&good, "/auth/patientSummary.action").await, 200);
    assert_eq!(open(&good, "/auth/patientSummary.action").await, 400);
    assert_eq!(open("made-up", "/").await, 400);
}

#[tokio::test]
async fn what_can_be_measured_is_told_to_everybody() {
    let pkb = Pkb::start().await;
    let call = pkb.call("", "/json/v2-beta/measurements/apiRefs");
    let answer = call.get().await.assert_ok(200);
    let pressure = json!({
        "name": "Blood pressure", "apiRef": "blood-pressure", "category": "Vital Signs", "units": ["mmHg", "mmHg"],
    });
    assert!(answer.json.as_array().unwrap().contains(&pressure));
}
