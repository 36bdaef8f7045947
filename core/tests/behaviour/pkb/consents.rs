//! Who may see what of a patient's record.

use digime_sdk::Error;
use digime_sdk::pkb::{Client, Consent, Failure, GetConsentsOptions};
use serde_json::json;

use super::answering::ORGANISATION;
use super::sandbox::{BOBBY, Pkb};

async fn consents(client: &Client) -> Result<Vec<Consent>, Error> {
    let options = GetConsentsOptions::builder().app_user_id("user-1".parse().unwrap());
    client.get_consents(options.build()).await
}

#[tokio::test]
async fn each_consent_says_who_may_see_what_has_which_labels() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let consents = consents(&client).await.unwrap();
    let team = format!("Organization/{ORGANISATION}");
    let told: Vec<_> = consents
        .iter()
        .map(|consent| {
            let labels: Vec<_> = consent.labels.iter().map(String::as_str).collect();
            (
                consent.status.as_deref().unwrap(),
                consent.actor.as_deref().unwrap(),
                labels,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "active",
                team.as_str(),
                vec!["GENERAL_HEALTH", "SOCIAL_CARE"]
            ),
            (
                "inactive",
                "Practitioner/4a7dbe50-2bb8-4cc1-8d84-83933645c649",
                vec!["MENTAL_HEALTH"]
            ),
            ("active", "#carer", vec!["GENERAL_HEALTH"]),
        ]
    );
    let resource = consents[2].resource.to_value().unwrap();
    assert_eq!(resource["id"], consents[2].id.as_deref().unwrap());
    assert_eq!(resource["contained"][0]["resourceType"], "RelatedPerson");
    assert_eq!(format!("{:?}", consents[0]), "Consent");
}

#[tokio::test]
async fn all_pages_are_read_and_resources_are_handed_on_as_they_are() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let next = format!(
        "{}/fhir/Consent?patient={}",
        pkb.origin(),
        pkb.public_id(BOBBY)
    );
    // A reference as PKB's documents print it, a label by itself, and what is no Consent.
    let consent = r#"{"resourceType":"Consent","id":"1","actor":[{"reference":"Organization/1"}],"except":[{"securityLabel":{"code":"NEW_LABEL"}}],"x":1.10}"#;
    let page = format!(
        r#"{{"resourceType":"Bundle","link":[{{"relation":"next","url":"{next}"}}],"entry":[{{"resource":{consent}}},{{"resource":{{"resourceType":"OperationOutcome"}}}},{{}}]}}"#
    );
    let headers = json!({ "content-type": "application/fhir+json" });
    let fault = json!({ "status": 200, "headers": headers, "body": page });
    pkb.fault("GET /fhir/Consent", fault, 1).await;
    let consents = consents(&client).await.unwrap();
    assert_eq!(consents.len(), 4);
    assert_eq!(consents[0].resource.text(), consent);
    assert_eq!(consents[0].actor.as_deref(), Some("Organization/1"));
    assert_eq!(consents[0].labels, ["NEW_LABEL"]);
    assert_eq!(consents[0].status, None);
}

#[tokio::test]
async fn a_patient_who_has_not_linked_has_no_consents_to_be_read() {
    let pkb = Pkb::start().await;
    let error = consents(&pkb.client()).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::NotLinked)),
        "{error}"
    );
}
