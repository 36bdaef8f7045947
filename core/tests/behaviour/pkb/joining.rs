//! How a patient is put into an organisation.

use digime_sdk::Error;
use digime_sdk::pkb::{ApiResponse, Client, Failure, JoinOrganisationOptions, ResponseContent};
use serde_json::{Value, json};

use super::answering::{Answering, NHS, ORGANISATION, nhs_number, path_of};
use super::sandbox::{BOBBY, MORAG, Pkb};

const TEAM_ALIAS: &str = "http://fhir.patientsknowbest.com/structuredefinition/team-alias";

fn joining(more: &Value) -> JoinOrganisationOptions {
    let mut options = json!({ "orgPublicId": ORGANISATION });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    serde_json::from_value(options).unwrap()
}

async fn join(client: &Client, more: Value) -> Result<ApiResponse, Error> {
    client.join_organisation(joining(&more)).await
}

fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{ "family": "Example", "given": ["Erin", "Middle"] }],
        "birthDate": "1990-04-12",
        "gender": "female",
        "identifier": [nhs_number("9990000000")],
        "telecom": [{ "system": "email", "value": "erin@example.com" }, { "system": "phone", "value": "0" }],
    })
}

#[tokio::test]
async fn a_patient_who_has_linked_joins_with_what_pkb_says_of_them() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.set_modes(json!({ "processMessageAnswer": "patient" }))
        .await;
    let answer = join(&client, json!({ "appUserId": "user-1" }))
        .await
        .unwrap();
    assert_eq!(answer.status_code, 201);
    let ResponseContent::Json(sent) = answer.body else {
        panic!("{:?}", answer.body)
    };
    let expected = json!({
        "resourceType": "Patient",
        "identifier": [nhs_number("9991566171")],
        "name": [{ "family": "Barton", "given": ["Bobby"], "prefix": ["Dr."] }],
        "birthDate": "2000-01-01",
        "gender": "male",
        "address": [{
            "line": ["1 Sandbox Street", "Testington"],
            "city": "Cambridge",
            "postalCode": "CB1 0AA",
            "country": "GB-ENG",
        }],
    });
    assert_eq!(sent.to_value().unwrap(), expected);
    assert_eq!((pkb.tally("joins").await, pkb.tally("mails").await), (1, 0));
}

#[tokio::test]
async fn middle_names_are_kept_although_the_rest_api_does_not_tell_them() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", MORAG).await;
    pkb.set_modes(json!({ "processMessageAnswer": "patient" }))
        .await;
    let answer = join(&client, json!({ "appUserId": "user-1" }))
        .await
        .unwrap();
    let ResponseContent::Json(sent) = answer.body else {
        panic!("{:?}", answer.body)
    };
    let given = sent.to_value().unwrap()["name"][0]["given"].clone();
    assert_eq!(given, json!(["Morag", "Example"]));
}

#[tokio::test]
async fn nothing_is_sent_of_a_patient_whose_names_pkb_does_not_tell_in_full() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", MORAG).await;
    pkb.fault("GET /fhir/Patient/{id}", json!({ "status": 403 }), 1)
        .await;
    join(&client, json!({ "appUserId": "user-1" }))
        .await
        .unwrap_err();
    assert_eq!(pkb.tally("joins").await, 0);
}

#[tokio::test]
async fn an_email_address_is_sent_only_where_the_patient_is_to_be_invited() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let answer = join(&client, json!({ "patient": patient() }))
        .await
        .unwrap();
    // No body is a success too.
    assert_eq!(
        (answer.status_code, answer.body),
        (200, ResponseContent::Text(String::new()))
    );
    assert_eq!(pkb.tally("mails").await, 0);
    join(&client, json!({ "patient": patient(), "invite": true }))
        .await
        .unwrap();
    assert_eq!((pkb.tally("joins").await, pkb.tally("mails").await), (2, 1));
    let mut unreachable = patient();
    unreachable["telecom"] = json!([]);
    let error = join(&client, json!({ "patient": unreachable, "invite": true })).await;
    assert_eq!(path_of(&error.unwrap_err()), "options.invite");
    assert_eq!(pkb.tally("joins").await, 2);
}

#[tokio::test]
async fn teams_are_named_with_the_default_one_among_them() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let teams =
        json!({ "patient": patient(), "teams": ["diabetes"], "defaultTeam": "sandbox-surgery" });
    join(&client, teams).await.unwrap();
    let teams = json!({ "patient": patient(), "teams": ["diabetes"] });
    assert_eq!(
        path_of(&join(&client, teams).await.unwrap_err()),
        "options.defaultTeam"
    );
    // What PKB refuses is an error of its FHIR API.
    let teams = json!({ "patient": patient(), "teams": ["diabetes"], "defaultTeam": "another" });
    let error = join(&client, teams).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::Fhir(_))),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_given_is_sent_as_it_is_but_for_teams_and_email() {
    let pkb = Answering::always(json!({})).await;
    let text = r#"{"resourceType":"Patient","name":[{"family":"E","given":["E"]}],"birthDate":"1990-04-12","gender":"other",
        "extension":[{"url":"x","valueDecimal":1.10}],"multipleBirthInteger":1.0}"#;
    let mut options = joining(&json!({ "teams": ["a", "b"], "defaultTeam": "b" }));
    options.patient = Some(text.parse().unwrap());
    pkb.client().join_organisation(options).await.unwrap();
    let heard = &pkb.heard()[0];
    assert_eq!(heard.on, "POST /phr-fhir/Patient/$process-message");
    assert_eq!(heard.headers["x-org-public-id"], ORGANISATION);
    assert_eq!(heard.headers["content-type"], "application/fhir+json");
    let sent = String::from_utf8(heard.body.to_vec()).unwrap();
    assert!(sent.contains("\"multipleBirthInteger\":1.0"), "{sent}");
    assert!(
        sent.contains(r#"{"url":"x","valueDecimal":1.10},"#),
        "{sent}"
    );
    let team = |alias: &str| json!({ "url": TEAM_ALIAS, "valueString": alias });
    let extensions = &heard.json()["extension"];
    assert_eq!((&extensions[1], &extensions[2]), (&team("a"), &team("b")));
    assert_eq!(extensions.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_patient_whom_pkb_would_not_take_is_refused_by_the_name_of_what_is_wrong() {
    let pkb = Answering::always(json!({})).await;
    let without = |member: &str| {
        let mut patient = patient();
        patient.as_object_mut().unwrap().remove(member);
        patient
    };
    let with = |member: &str, value: Value| {
        let mut patient = patient();
        patient[member] = value;
        patient
    };
    let phone = json!({ "system": "phone", "value": "1" });
    for (patient, expected) in [
        (without("resourceType"), "resourceType"),
        (without("name"), "name[0].family"),
        (
            with("name", json!([{ "family": "Example" }])),
            "name[0].given[0]",
        ),
        (without("birthDate"), "birthDate"),
        (with("birthDate", json!("1990")), "birthDate"),
        (without("gender"), "gender"),
        (with("gender", json!("F")), "gender"),
        (with("identifier", json!([{ "value": "1" }])), "identifier"),
        (with("telecom", json!([phone, phone])), "telecom"),
        (
            with("address", json!([{ "line": ["1", "2", "3"] }])),
            "address[0].line",
        ),
        (
            with(
                "extension",
                json!([{ "url": TEAM_ALIAS, "valueString": "a" }]),
            ),
            "extension",
        ),
    ] {
        let error = join(&pkb.client(), json!({ "patient": patient })).await;
        assert_eq!(
            path_of(&error.unwrap_err()),
            format!("options.patient.{expected}")
        );
    }
    let mut dead = with("deceasedBoolean", json!(true));
    dead["deceasedDateTime"] = json!("2020-01-01");
    let error = join(&pkb.client(), json!({ "patient": dead }))
        .await
        .unwrap_err();
    assert_eq!(path_of(&error), "options.patient.deceasedDateTime");
    for (more, expected) in [
        (json!({}), "options.appUserId"),
        (
            json!({ "appUserId": "u", "patient": patient() }),
            "options.patient",
        ),
    ] {
        assert_eq!(
            path_of(&join(&pkb.client(), more).await.unwrap_err()),
            expected
        );
    }
    assert!(pkb.heard().is_empty());
}

#[tokio::test]
async fn a_patient_of_whom_pkb_does_not_say_enough_is_not_sent_and_nothing_of_them_is_told() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let user = json!({
        "firstName": "Canary", "lastName": "Canary", "dob": "2000-01-01", "gender": "X", "dateDeceased": "then",
        "nationalIds": [{ "value": "1", "countryCodes": ["GB-ENG"] }],
    });
    let answer =
        json!({ "status": 200, "headers": { "content-type": "application/json" }, "body": user });
    pkb.fault("GET /json/users/self", answer, 1).await;
    let error = join(&client, json!({ "appUserId": "user-1" }))
        .await
        .unwrap_err();
    assert_eq!(path_of(&error), "options.appUserId");
    assert!(error.to_string().contains("gender"), "{error}");
    assert!(
        !format!("{error} {error:?}").contains("Canary"),
        "{error:?}"
    );
    assert_eq!(pkb.tally("joins").await, 0);
}

#[tokio::test]
async fn a_message_is_sent_once_and_where_the_configuration_says() {
    let pkb = Answering::with([(503, String::new())]).await;
    let elsewhere = json!({ "messaging": { "url": format!("{}/messages", pkb.origin) } });
    let client = Client::new(pkb.config(&elsewhere)).unwrap();
    join(&client, json!({ "patient": patient() }))
        .await
        .unwrap_err();
    let heard = pkb.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].on, "POST /messages/Patient/$process-message");
    assert_eq!(heard[0].json()["identifier"][0]["system"], NHS);
}
