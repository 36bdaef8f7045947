//! What the REST API tells and takes.

use serde_json::json;

use crate::support::Pkb;

#[tokio::test]
async fn a_patient_is_told_in_the_shape_of_the_documentation() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let answer = pkb
        .call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
    assert_eq!(answer.headers["content-type"], "application/json");
    let user = json!({
        "id": "7329844",
        "userType": null,
        "patient": true,
        "title": "Dr.",
        "firstName": "Bobby",
        "lastName": "Barton",
        "dob": "2000-01-01",
        "dateDeceased": null,
        "gender": "M",
        "genderMF": "m",
        "email": "bobby.barton@example.com",
        "phone": "",
        "address1": "1 Sandbox Street",
        "address2": "Testington",
        "city": "Cambridge",
        "state": "",
        "postalCode": "CB1 0AA",
        "country": "GB-ENG",
        "heightCm": "178",
        "heightFeet": "5",
        "heightInches": "10",
        "heightInchesTotal": "70",
        "weightKg": "87",
        "weightLbs": "191.8",
        "jobTitle": null,
        "organizationName": null,
        "teamName": null,
        "nationalIds": [{
            "value": "9991566171",
            "name": "NHS number",
            "countryCodes": ["GB-ENG", "GB-WLS"],
        }],
        "orgLevelIds": null,
        "teamLevelIds": null,
        "contacts": [{
            "id": "10329844",
            "contactType": "EMAIL",
            "contactValue": "bobby.barton@example.com",
            "phoneUseType": null,
            "primary": true,
            "confirmed": true,
        }],
    });
    assert_eq!(answer.json, user);
}

#[tokio::test]
async fn a_clinician_is_no_patient() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Clara").await;
    let user = pkb
        .call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200)
        .json;
    assert_eq!(user["patient"], false);
    assert_eq!(user["jobTitle"], "General practitioner");
    assert_eq!(user["nationalIds"], json!(null));
    assert_eq!(user["weightKg"], json!(null));
}

#[tokio::test]
async fn a_gender_that_is_neither_is_missing_where_there_are_two() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Robin").await;
    let user = pkb
        .call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200)
        .json;
    assert_eq!(
        (&user["gender"], &user["genderMF"]),
        (&json!("I"), &json!(null))
    );
}

#[tokio::test]
async fn a_measurement_is_stored_once_for_each_time_that_it_is_sent() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Morag").await;
    let list = || pkb.call(&tokens.access, "/json/v2-beta/measurements").get();
    let before = list().await.assert_ok(200).json.as_array().unwrap().len();
    let sent = json!({
        "apiRef": "blood-pressure",
        "takenDate": "2026-07-01T08:00:00Z",
        "values": [{ "apiRef": "systolic", "value": "121" }, { "apiRef": "diastolic", "value": "79.5" }],
    });
    let write = || pkb.call(&tokens.access, "/json/v1/measurements");
    let stored = write().post_json(&sent).await.assert_ok(200).json;
    assert_eq!(stored["name"], "Blood pressure");
    assert_eq!(stored["takenDate"], "2026-07-01T08:00:00Z");
    let values = json!([
        { "apiRef": "systolic", "value": "121", "units": "mmHg" },
        { "apiRef": "diastolic", "value": "79.5", "units": "mmHg" },
    ]);
    assert_eq!(stored["values"], values);
    let again = write().post_json(&sent).await.assert_ok(200).json;
    assert_ne!(again["id"], stored["id"]);
    let after = list().await.json;
    assert_eq!(after.as_array().unwrap().len(), before + 2);
    assert_eq!(after[before], stored);
    assert_eq!(pkb.tally().await["writes"], 2);
}

#[tokio::test]
async fn a_measurement_that_is_not_understood_is_not_stored() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let value = |value: &str| json!([{ "apiRef": "weight", "value": value }]);
    for sent in [
        json!({}),
        json!({ "apiRef": "mood", "values": value("80") }),
        json!({ "apiRef": "weight", "values": [] }),
        json!({ "apiRef": "weight", "values": value("much") }),
        json!({ "apiRef": "weight", "values": value("NaN") }),
        json!({ "apiRef": "weight", "values": value("80"), "takenDate": "yesterday" }),
    ] {
        let call = pkb.call(&tokens.access, "/json/v1/measurements");
        call.post_json(&sent)
            .await
            .assert_code(400, "INVALID_REQUEST");
    }
    assert_eq!(pkb.tally().await["writes"], 0);
}

#[tokio::test]
async fn a_path_that_there_is_not_is_refused_in_json() {
    let pkb = Pkb::start().await;
    let answer = pkb.call("any", "/json/v1/unknown").get().await;
    answer.assert_code(404, "NOT_FOUND");
}
