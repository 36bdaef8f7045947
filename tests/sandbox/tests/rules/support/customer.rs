//! The customer system client: what it stores at Customer, and what it reads at Aggregated.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::pkb::Request;
use crate::support::{Answer, Pkb};

pub const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
const TEAM_ALIAS: &str = "http://fhir.patientsknowbest.com/structuredefinition/team-alias";
const ORG_CODE: &str = "http://fhir.patientsknowbest.com/id/org-code";

pub struct Customer<'a> {
    pub pkb: &'a Pkb,
    pub token: String,
}

/// An organisation that data can come from.
pub fn organization() -> Value {
    json!({
        "resourceType": "Organization",
        "identifier": [{ "system": ORG_CODE, "value": "CLINIC" }],
        "name": "Clinic",
    })
}

/// A patient of an NHS number, of an organisation.
pub fn patient(number: &str, organization: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{ "system": NHS, "value": number }],
        "managingOrganization": { "reference": organization },
    })
}

impl<'a> Customer<'a> {
    pub async fn of(pkb: &'a Pkb) -> Self {
        let answer = pkb.customer_token().post().await.assert_ok(200);
        let token = answer.json["access_token"].as_str().unwrap().to_owned();
        Self { pkb, token }
    }

    /// A call of Customer.
    pub fn call(&self, path: &str) -> Request<'a> {
        let base = &self.pkb.announced().customer.addresses.customer_url;
        self.bearer(&format!("{base}{path}"))
    }

    /// A search of Aggregated, or a look at a resource.
    pub fn extract(&self, path: &str) -> Request<'a> {
        let base = &self.pkb.announced().customer.addresses.aggregated_url;
        self.bearer(&format!("{base}{path}"))
    }

    fn bearer(&self, url: &str) -> Request<'a> {
        let token = format!("Bearer {}", self.token);
        self.pkb.request(url, &[]).header("authorization", &token)
    }

    /// Stores a resource, and tells the reference to it.
    pub async fn store(&self, resource: &Value) -> String {
        let kind = resource["resourceType"].as_str().unwrap();
        let call = self.call(&format!("/{kind}"));
        let stored = call.post_fhir(resource).await.assert_ok(201);
        format!("{kind}/{}", stored.json["id"].as_str().unwrap())
    }

    /// Stores an organisation and Bobby as a patient of it, and tells the reference to him.
    pub async fn bobby(&self) -> String {
        let organization = self.store(&organization()).await;
        self.store(&patient("9991566171", &organization)).await
    }

    /// Posts a Bundle.
    pub async fn bundle(&self, kind: &str, entries: &Value) -> Answer {
        let bundle = json!({ "resourceType": "Bundle", "type": kind, "entry": entries });
        self.call("").post_fhir(&bundle).await
    }

    /// Takes a patient into the organisation.
    pub async fn join(&self, system: &str, number: &str) {
        self.join_teams(system, number, &[]).await;
    }

    /// The same for teams.
    pub async fn join_teams(&self, system: &str, number: &str, teams: &[&str]) {
        let token = self.pkb.system_token().post().await.assert_ok(200);
        let mut patient = json!({
            "resourceType": "Patient",
            "name": [{ "family": "Example", "given": ["Erin"] }],
            "birthDate": "1990-04-12",
            "gender": "female",
            "identifier": [{ "system": system, "value": number }],
        });
        if !teams.is_empty() {
            let extension = |alias| json!({ "url": TEAM_ALIAS, "valueString": alias });
            patient["extension"] = teams.iter().map(extension).collect();
        }
        let token = token.json["access_token"].as_str().unwrap();
        let call = self.pkb.call(token, "/phr-fhir/Patient/$process-message");
        let organisation = &self.pkb.announced().system.org_public_id;
        call.header("x-org-public-id", organisation)
            .send_fhir(Method::POST, &patient.to_string())
            .await
            .assert_ok(200);
    }

    /// What became of each resource on its way to Aggregated.
    pub async fn fates(&self) -> Vec<(String, String)> {
        let told = self.pkb.sandbox.control(Method::GET, "pkb/customer").await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let told = told.as_array().unwrap().iter();
        told.map(|told| (text(&told["reference"]), text(&told["fate"])))
            .collect()
    }
}
