//! What a push of FHIR to a provider must be.

use serde_json::{Value, json};

use crate::support::{Answer, Contract, Sandbox};

/// A user who agreed to push to a provider, and the account there.
struct Patient {
    sandbox: Sandbox,
    access_token: String,
    account_id: String,
}

impl Patient {
    async fn new() -> Self {
        let sandbox = Sandbox::start().await;
        let access_token = sandbox.tokens().await.access;
        let accounts = sandbox.accounts(&access_token).send().await.json;
        let account_id = accounts[0]["id"].as_str().unwrap().to_owned();
        Self {
            sandbox,
            access_token,
            account_id,
        }
    }

    async fn push(&self, body: &Value) -> Answer {
        self.push_as("fhir/stu3", &self.account_id, body).await
    }

    async fn push_as(&self, standard: &str, account_id: &str, body: &Value) -> Answer {
        self.sandbox
            .post(&format!("permission-access/import/h:accountId/{standard}"))
            .claims(json!({ "access_token": self.access_token }))
            .header("accountid", account_id)
            .json(body)
            .send()
            .await
    }

    /// Pushes the bundle with one change; the refusal must name the rule.
    async fn assert_refused(&self, pointer: &str, value: Value, rule: &str) {
        let mut bundle = bundle();
        *bundle.pointer_mut(pointer).unwrap() = value;
        self.push(&bundle)
            .await
            .assert_refused(400, "ValidationErrors", rule);
    }
}

/// A self-measurement with the patient it is about.
fn bundle() -> Value {
    json!({
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {
                "fullUrl": "urn:uuid:2d4ba1a2-6f0e-4b8f-9d0a-0c5f5d1f7a11",
                "resource": {
                    "resourceType": "Patient",
                    "meta": { "profile": ["http://fhir.nl/fhir/StructureDefinition/nl-core-patient"] },
                    "identifier": [{
                        "system": "http://fhir.nl/fhir/NamingSystem/bsn",
                        "_value": { "extension": [{ "valueCode": "masked" }] },
                    }],
                },
                "request": { "method": "POST", "url": "Patient" },
            },
            {
                "resource": {
                    "resourceType": "Observation",
                    "meta": { "profile": ["http://nictiz.nl/fhir/StructureDefinition/zib-BodyWeight"] },
                    "status": "final",
                    "subject": { "reference": "urn:uuid:2d4ba1a2-6f0e-4b8f-9d0a-0c5f5d1f7a11", "display": "J. Jansen" },
                },
                "request": { "method": "POST", "url": "Observation" },
            },
        ],
    })
}

#[tokio::test]
async fn a_bundle_is_answered_with_a_response_for_every_entry() {
    let patient = Patient::new().await;
    for kind in ["batch", "transaction"] {
        let mut bundle = bundle();
        bundle["type"] = json!(kind);
        let answer = patient.push(&bundle).await.assert_ok(200).json;
        assert_eq!(answer["resourceType"], "Bundle");
        assert_eq!(answer["type"], format!("{kind}-response"));
        assert_eq!(answer["entry"].as_array().unwrap().len(), 2);
        assert_eq!(answer["entry"][1]["response"]["status"], "201 Created");
    }
}

#[tokio::test]
async fn a_single_resource_is_answered_with_the_resource_that_was_created() {
    let patient = Patient::new().await;
    let observation = json!({ "resourceType": "Observation", "status": "final" });
    let answer = patient
        .push_as("fhir/3.0.2", &patient.account_id, &observation)
        .await;
    let created = answer.assert_ok(201).json;
    assert_eq!(created["status"], "final");
    assert!(created["id"].is_string());
}

#[tokio::test]
async fn what_was_pushed_is_kept_with_its_account() {
    let patient = Patient::new().await;
    patient.push(&bundle()).await.assert_ok(200);
    let pushed = patient
        .sandbox
        .control(reqwest::Method::GET, "pushed")
        .await;
    let pushed = &pushed[0];
    assert_eq!(pushed["kind"], "provider");
    assert_eq!(pushed["accountId"], patient.account_id);
    assert_eq!(
        (&pushed["standard"], &pushed["version"]),
        (&json!("fhir"), &json!("stu3"))
    );
    assert_eq!(pushed["json"], bundle());
}

#[tokio::test]
async fn another_standard_or_version_is_refused() {
    let patient = Patient::new().await;
    for standard in ["fhir/r4", "fhir/4.0.1", "hl7/stu3"] {
        let answer = patient
            .push_as(standard, &patient.account_id, &bundle())
            .await;
        answer.assert_refused(400, "ValidationErrors", "standard");
    }
}

#[tokio::test]
async fn an_account_of_somebody_else_is_refused() {
    let patient = Patient::new().await;
    let stranger = patient.sandbox.tokens().await;
    let accounts = patient.sandbox.accounts(&stranger.access).send().await.json;
    for account_id in ["19_0000000", accounts[0]["id"].as_str().unwrap()] {
        let answer = patient.push_as("fhir/stu3", account_id, &bundle()).await;
        answer.assert_refused(404, "NotFound", "account");
    }
}

#[tokio::test]
async fn an_account_that_takes_no_data_is_refused() {
    let sandbox = Sandbox::start().await;
    let code = sandbox.preauthorize(Contract::Push).await;
    let form = [
        ("code", code.as_str()),
        ("sourceType", "pull"),
        ("source", "1"),
        ("decision", "accept"),
    ];
    let code = sandbox.decide(&form).await.returned("code").unwrap();
    let access_token = sandbox.exchange(&code).send().await.tokens().access;
    let accounts = sandbox.accounts(&access_token).send().await.json;
    let account_id = accounts[0]["id"].as_str().unwrap().to_owned();
    let patient = Patient {
        sandbox,
        access_token,
        account_id,
    };
    patient
        .push(&bundle())
        .await
        .assert_refused(404, "NotFound", "account");
}

#[tokio::test]
async fn a_missing_account_header_is_refused() {
    let patient = Patient::new().await;
    let answer = patient
        .sandbox
        .post("permission-access/import/h:accountId/fhir/stu3")
        .claims(json!({ "access_token": patient.access_token }))
        .json(&bundle())
        .send()
        .await;
    answer.assert_refused(400, "ValidationErrors", "accountId");
}

#[tokio::test]
async fn a_body_that_is_no_resource_is_refused() {
    let patient = Patient::new().await;
    patient
        .push(&json!([]))
        .await
        .assert_refused(400, "ValidationErrors", "JSON object");
    patient
        .push(&json!({}))
        .await
        .assert_refused(400, "ValidationErrors", "resourceType");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let patient = Patient::new().await;
    let answer = patient
        .sandbox
        .post("permission-access/import/h:accountId/fhir/stu3")
        .claims(json!({ "access_token": patient.access_token }))
        .header("accountid", &patient.account_id)
        .json(&bundle())
        .header("content-type", "application/octet-stream")
        .send()
        .await;
    answer.assert_refused(406, "ValidationErrors", "application/json");
}

#[tokio::test]
async fn a_bundle_must_be_a_batch_or_a_transaction() {
    let patient = Patient::new().await;
    patient
        .assert_refused("/type", json!("collection"), "Bundle.type")
        .await;
}

#[tokio::test]
async fn a_bundle_must_have_entries() {
    let patient = Patient::new().await;
    patient
        .assert_refused("/entry", json!([]), "Bundle.entry")
        .await;
}

#[tokio::test]
async fn every_entry_must_have_a_resource_and_a_request() {
    let patient = Patient::new().await;
    patient
        .assert_refused(
            "/entry/1/resource",
            json!(null),
            "entry[1] must have a resource",
        )
        .await;
    patient
        .assert_refused(
            "/entry/1/request",
            json!(null),
            "entry[1] must have a request",
        )
        .await;
    patient
        .assert_refused(
            "/entry/1/request/url",
            json!(""),
            "entry[1] must have a request",
        )
        .await;
}

#[tokio::test]
async fn a_resource_that_is_posted_must_have_no_id() {
    let patient = Patient::new().await;
    let mut bundle = bundle();
    bundle["entry"][1]["resource"]["id"] = json!("1");
    let answer = patient.push(&bundle).await;
    answer.assert_refused(
        400,
        "ValidationErrors",
        "entry[1].resource must not have an id",
    );
    bundle["entry"][1]["request"] = json!({ "method": "PUT", "url": "Observation/1" });
    let answer = patient.push(&bundle).await.assert_ok(200);
    assert_eq!(answer.json["entry"][1]["response"]["status"], "200 OK");
}

#[tokio::test]
async fn every_resource_but_a_binary_must_have_a_profile() {
    let patient = Patient::new().await;
    patient
        .assert_refused(
            "/entry/1/resource/meta/profile",
            json!([]),
            "entry[1].resource must have a meta.profile",
        )
        .await;
    let mut bundle = bundle();
    bundle["entry"][1]["resource"] = json!({ "resourceType": "Binary", "content": "" });
    patient.push(&bundle).await.assert_ok(200);
}

#[tokio::test]
async fn every_reference_must_have_a_display() {
    let patient = Patient::new().await;
    let reference = json!({ "reference": "Patient/1" });
    patient
        .assert_refused(
            "/entry/1/resource/subject",
            reference,
            "entry[1].resource.subject must have a display",
        )
        .await;
}

#[tokio::test]
async fn the_value_of_a_bsn_must_be_nowhere() {
    let patient = Patient::new().await;
    let bsn = json!({ "system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120" });
    let rule = "entry[0].resource.identifier[0] must not hold the value of a BSN";
    let mut bundle = bundle();
    bundle["entry"][0]["resource"]["identifier"][0] = bsn;
    let answer = patient.push(&bundle).await;
    answer.assert_refused(400, "ValidationErrors", rule);
    assert!(!answer.text.contains("999911120"));
}
