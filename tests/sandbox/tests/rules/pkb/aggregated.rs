//! What Aggregated shows, of whom, and how it is asked.

use serde_json::{Value, json};

use crate::support::{Answer, Customer, NHS, Pkb};

const SUBJECT: &str = "subject:Patient.identifier";
const ACTOR: &str = "actor:Patient.identifier";
const BOBBY: &str = "https://fhir.nhs.uk/Id/nhs-number|9991566171";

fn texts<'a>(answer: &'a Answer, member: &str) -> Vec<&'a str> {
    let entries = answer.json["entry"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    entries
        .iter()
        .filter_map(|entry| entry["resource"].pointer(member)?.as_str())
        .collect()
}

#[tokio::test]
async fn a_patient_is_seen_once_the_organisation_has_taken_them_in() {
    let pkb = Pkb::start().await;
    let customer = Customer::of(&pkb).await;
    let search = || customer.extract("/Condition").with(SUBJECT, BOBBY).get();
    assert_eq!(search().await.assert_ok(200).json["total"], 0);
    customer.join(NHS, "9991566171").await;
    assert_eq!(search().await.assert_ok(200).json["total"], 2);
    pkb.set_modes(&json!({ "aggregatedNeedsJoining": false }))
        .await;
    let morag = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53|0102850004";
    let of_morag = customer
        .extract("/Condition")
        .with(SUBJECT, morag)
        .get()
        .await;
    assert_eq!(of_morag.assert_ok(200).json["total"], 2);
}

#[tokio::test]
async fn a_patient_is_found_by_national_number_and_by_public_id() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let public_id = pkb.person("Bobby").public_id;
    let by_public_id = format!("http://fhir.patientsknowbest.com/id/public-id|{public_id}");
    let mut found = Vec::new();
    for identifier in [BOBBY, &by_public_id] {
        let call = customer.extract("/Patient").with("identifier", identifier);
        let answer = call.get().await.assert_ok(200);
        let patient = answer.json["entry"][0]["resource"].clone();
        assert_ne!(patient["id"], public_id);
        assert_eq!(patient.get("managingOrganization"), None);
        found.push(patient);
    }
    assert_eq!(found[0], found[1]);
}

#[tokio::test]
async fn a_search_names_its_patient_by_the_parameter_of_the_type() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    for (kind, parameter) in [
        ("Appointment", SUBJECT),
        ("Condition", ACTOR),
        ("AllergyIntolerance", SUBJECT),
        ("Observation", "patient.identifier"),
    ] {
        let call = customer.extract(&format!("/{kind}"));
        let answer = call.with(parameter, BOBBY).get().await;
        answer.assert_outcome(400, None);
    }
    for identifier in [
        "9991566171",
        "https://fhir.nhs.uk/Id/nhs-number|",
        "|9991566171",
    ] {
        let call = customer.extract("/Condition").with(SUBJECT, identifier);
        call.get().await.assert_outcome(400, None);
    }
    let nobody = || customer.extract("/Condition").get();
    nobody().await.assert_outcome(400, None);
    pkb.set_modes(&json!({ "aggregatedWithoutPatient": "empty" }))
        .await;
    assert_eq!(nobody().await.assert_ok(200).json["total"], 0);
    let call = customer.extract("/Invoice").with(SUBJECT, BOBBY);
    call.get().await.assert_outcome(404, None);
}

#[tokio::test]
async fn what_is_found_is_narrowed_and_what_is_not_known_is_refused() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let conditions = |name: &str, value: &str| {
        let call = customer.extract("/Condition").with(SUBJECT, BOBBY);
        call.and(name, value).get()
    };
    let names = async |name: &str, value: &str| {
        let answer = conditions(name, value).await.assert_ok(200);
        let texts = texts(&answer, "/code/text");
        texts.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names("code", "38341003").await, ["Hypertension"]);
    assert_eq!(
        names("code", "http://snomed.info/sct|38341003,1").await,
        ["Hypertension"]
    );
    assert_eq!(names("code", "http://loinc.org|38341003").await, [""; 0]);
    assert_eq!(names("code:text", "TENSION").await, ["Hypertension"]);
    assert_eq!(
        names("_sort", "-recorded-date").await,
        ["Housing unsatisfactory", "Hypertension"]
    );
    let day = "2026-06-23";
    let dated = |bound: &str| {
        let call = customer.extract("/Appointment").with(ACTOR, BOBBY);
        let call = call.and("date", &format!("{bound}{day}"));
        async move { call.get().await.assert_ok(200).json["total"].clone() }
    };
    for (bound, total) in [("", 1), ("ge", 2), ("gt", 1), ("lt", 38), ("le", 39)] {
        assert_eq!(dated(bound).await, total, "{bound}");
    }
    for (name, value) in [
        ("colour", "red"),
        ("date", "2026"),
        ("code:above", "1"),
        ("recorded-date", "soon"),
        ("_sort", "colour"),
        ("_total", "some"),
        ("page", "0"),
        ("_include", "Condition:colour"),
    ] {
        conditions(name, value).await.assert_outcome(400, None);
    }
}

#[tokio::test]
async fn what_is_labelled_otherwise_than_the_organisation_may_see_is_missing() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let call = customer.extract("/Condition").with(SUBJECT, BOBBY);
    let answer = call.get().await.assert_ok(200);
    assert!(!answer.text.contains("Depressive"));
    let entries = answer.json["entry"].as_array().unwrap();
    let label = |entry: &Value| entry["resource"]["meta"]["security"][0]["code"].clone();
    let labels: Vec<_> = entries.iter().map(label).collect();
    assert_eq!(labels, ["GENERAL_HEALTH", "SOCIAL_CARE"]);
    let robin = "http://fhir.nl/fhir/NamingSystem/bsn|999990019";
    customer
        .join("http://fhir.nl/fhir/NamingSystem/bsn", "999990019")
        .await;
    let call = customer.extract("/Condition").with(SUBJECT, robin);
    assert_eq!(call.get().await.assert_ok(200).json["total"], 0);
}

#[tokio::test]
async fn an_organisation_sees_what_the_teams_of_a_patient_see() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let teams = ["sandbox-surgery", "mind"];
    customer.join_teams(NHS, "9991566171", &teams).await;
    let call = customer.extract("/Condition").with(SUBJECT, BOBBY);
    let answer = call.get().await.assert_ok(200);
    assert_eq!(
        texts(&answer, "/code/text"),
        [
            "Hypertension",
            "Depressive disorder",
            "Housing unsatisfactory"
        ]
    );
    let token = pkb.tokens("Bobby").await.access;
    let public_id = pkb.person("Bobby").public_id;
    let call = pkb.call(&token, "/fhir/Consent");
    let consents = call.with("patient", public_id).get().await.assert_ok(200);
    let of_mind = &consents.json["entry"][3]["resource"]["except"];
    assert_eq!(of_mind[0]["securityLabel"][0]["code"], "MENTAL_HEALTH");
}

#[tokio::test]
async fn a_resource_tells_how_it_came_and_keeps_its_zeros() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let call = customer
        .extract("/MedicationStatement")
        .with(SUBJECT, BOBBY);
    let answer = call.get().await.assert_ok(200);
    assert!(answer.text.contains(r#""value": 2.50,"#), "{}", answer.text);
    let entry = &answer.json["entry"][0];
    let meta = &entry["resource"]["meta"];
    let extension = |name: &str| {
        let url = format!("http://fhir.patientsknowbest.com/structuredefinition/{name}");
        let mut extensions = meta["extension"].as_array().unwrap().iter();
        extensions
            .find(|extension| extension["url"] == url)
            .unwrap()
    };
    assert_eq!(extension("access-route")["valueCoding"]["code"], "WEBAPP");
    let recorded = extension("recorded-date")["valueDateTime"]
        .as_str()
        .unwrap();
    assert!((5..=7).contains(&(recorded.len() - "2026-06-30T20:00:00Z".len())));
    let id = entry["resource"]["id"].as_str().unwrap();
    let path = format!("/MedicationStatement/{id}");
    let read = customer.extract(&path).get().await.assert_ok(200);
    assert_eq!(read.json, entry["resource"]);
    let call = customer.extract("/MedicationStatement/none");
    call.get().await.assert_outcome(404, None);
}

#[tokio::test]
async fn what_is_referred_to_can_come_along() {
    let pkb = Pkb::start().await;
    let customer = pkb.customer().await;
    let call = customer.extract("/Condition").with(SUBJECT, BOBBY);
    let call = call.and("_include", "Condition:subject");
    let answer = call.get().await.assert_ok(200);
    assert_eq!(answer.json["total"], 2);
    let entries = answer.json["entry"].as_array().unwrap();
    let modes: Vec<_> = entries
        .iter()
        .map(|entry| &entry["search"]["mode"])
        .collect();
    assert_eq!(modes, ["match", "match", "include"]);
    let patient = &entries[2]["resource"];
    let reference = format!("Patient/{}", patient["id"].as_str().unwrap());
    assert_eq!(entries[0]["resource"]["subject"]["reference"], reference);
}
