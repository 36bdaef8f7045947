//! Sends a measurement to PKB, and extracts what is new of a patient once something is.

use std::env;
use std::io::{self, Write};

use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Config, Environment, FhirSearchOptions, FhirSurface,
    FhirTransactionOptions, GetLinkUrlOptions, JoinOrganisationOptions, SystemClient, WatchOptions,
};
use digime_sdk::{NonEmptyString, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .client_id(env::var("PKB_CLIENT_ID")?.parse()?)
        .redirect_uri(env::var("PKB_REDIRECT_URI")?.parse()?)
        .environment(Environment::Sandbox)
        .system_client(client_of("PKB_SYSTEM_CLIENT")?)
        .customer_system_client(client_of("PKB_CUSTOMER_CLIENT")?)
        .build();
    let client = Client::new(config)?;
    let user: NonEmptyString = "user-1".parse()?;

    let sent = GetLinkUrlOptions::builder().app_user_id(user.clone());
    let sent = client.get_link_url(sent.build()).await?;
    println!("send the patient to {}", sent.url.expose());
    print!("the address that they came back to: ");
    io::stdout().flush()?;
    let callback = io::stdin()
        .lines()
        .next()
        .ok_or("they did not come back")??;
    let callback = CompleteLinkOptions::builder()
        .callback_url(callback.parse()?)
        .app_user_id(user.clone());
    let link = client.complete_link(callback.build()).await?;
    let joining = JoinOrganisationOptions::builder()
        .org_public_id(env::var("PKB_ORG_PUBLIC_ID")?.parse()?)
        .app_user_id(user);
    client.join_organisation(joining.build()).await?;

    let bundle = r#"{ "resourceType": "Bundle", "type": "transaction", "entry": [
        { "fullUrl": "urn:uuid:acme", "request": { "method": "POST", "url": "Organization" }, "resource": {
            "resourceType": "Organization",
            "identifier": [{ "system": "http://fhir.patientsknowbest.com/id/org-code", "value": "acme" }] } },
        { "fullUrl": "urn:uuid:patient", "request": { "method": "POST", "url": "Patient" }, "resource": {
            "resourceType": "Patient", "managingOrganization": { "reference": "urn:uuid:acme" },
            "identifier": [{ "system": "http://fhir.patientsknowbest.com/id/public-id", "value": "$PATIENT" }] } },
        { "request": { "method": "POST", "url": "Observation" }, "resource": {
            "resourceType": "Observation", "status": "final", "subject": { "reference": "urn:uuid:patient" },
            "code": { "text": "Body weight" }, "valueQuantity": { "value": 86.50, "unit": "kg" } } }
    ] }"#;
    let bundle = bundle.replace("$PATIENT", &link.public_id);
    let bundle = FhirTransactionOptions::builder().bundle(bundle.parse()?);
    let outcomes = client.fhir_transaction(bundle.build()).await?;
    println!("{} resources stored", outcomes.len());

    let mut changes = client.watching(WatchOptions::builder().every(900_000).build())?;
    let change = changes.next().await?;
    let search = FhirSearchOptions::builder()
        .surface(FhirSurface::Aggregated)
        .app_user_id(change.app_user_id.parse()?)
        .resource_type("Observation".parse()?);
    let mut found = client.search_resources(search.build())?;
    while let Some(found) = found.next().await? {
        let quantity = found.resource.member("valueQuantity");
        let value = quantity.and_then(|quantity| quantity.member("value"));
        println!("measured: {}", value.ok_or("there is no value")?.text());
    }
    Ok(())
}

/// The client whose id and secret are in variables that begin so.
fn client_of(name: &str) -> Result<SystemClient, Box<dyn std::error::Error>> {
    let secret: NonEmptyString = env::var(format!("{name}_SECRET"))?.parse()?;
    Ok(SystemClient::builder()
        .client_id(env::var(format!("{name}_ID"))?.parse()?)
        .client_secret(Secret::from(secret))
        .build())
}
