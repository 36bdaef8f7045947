//! Links a patient, puts them into an organisation, and reads what changed.

use std::env;
use std::io::{self, Write};

use digime_sdk::pkb::{
    AddMeasurementOptions, Client, CompleteLinkOptions, Config, Environment, GetConsentsOptions,
    GetLastChangeOptions, GetLinkUrlOptions, GetMeasurementsOptions, JoinOrganisationOptions,
    SystemClient,
};
use digime_sdk::{Error, NonEmptyString, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret: NonEmptyString = env::var("PKB_SYSTEM_CLIENT_SECRET")?.parse()?;
    let system = SystemClient::builder()
        .client_id(env::var("PKB_SYSTEM_CLIENT_ID")?.parse()?)
        .client_secret(Secret::from(secret))
        .build();
    let config = Config::builder()
        .client_id(env::var("PKB_CLIENT_ID")?.parse()?)
        .redirect_uri(env::var("PKB_REDIRECT_URI")?.parse()?)
        .environment(Environment::Sandbox)
        .system_client(system)
        .build();
    let client = Client::new(config)?;
    let organisation: NonEmptyString = env::var("PKB_ORG_PUBLIC_ID")?.parse()?;
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
    client.complete_link(callback.build()).await?;

    let joining = JoinOrganisationOptions::builder()
        .org_public_id(organisation.clone())
        .app_user_id(user.clone());
    client.join_organisation(joining.build()).await?;

    let consents = GetConsentsOptions::builder().app_user_id(user.clone());
    let team = format!("Organization/{organisation}");
    for consent in client.get_consents(consents.build()).await? {
        if consent.actor.as_deref() == Some(&team) {
            println!("we may see {}", consent.labels.join(", "));
        }
    }

    let before = last_change(&client, &user).await?;
    let measurement = r#"{ "apiRef": "weight", "takenDate": "2026-07-01", "values": [{ "apiRef": "weight", "value": "86.5" }] }"#;
    let adding = AddMeasurementOptions::builder()
        .app_user_id(user.clone())
        .measurement(measurement.parse()?);
    client.add_measurement(adding.build()).await?;
    if last_change(&client, &user).await? != before {
        let measurements = GetMeasurementsOptions::builder().app_user_id(user);
        let measurements = client.get_measurements(measurements.build()).await?;
        let count = measurements.items().map_or(0, |items| items.len());
        println!("{count} measurements");
    }
    Ok(())
}

async fn last_change(client: &Client, user: &NonEmptyString) -> Result<Option<String>, Error> {
    let options = GetLastChangeOptions::builder().app_user_id(user.clone());
    let changes = client.get_last_change(options.build()).await?;
    Ok(changes
        .into_iter()
        .next()
        .and_then(|change| change.last_change))
}
