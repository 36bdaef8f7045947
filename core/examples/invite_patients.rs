//! Finds out which patients have a PKB record that they can log in to, and invites the others.

use std::env;

use digime_sdk::pkb::{
    Client, Config, Environment, GetRecordStatusOptions, InviteToRecordOptions, PatientIdentifier,
    RecordFound, SystemClient,
};
use digime_sdk::{NonEmptyString, Secret};

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

    let system: NonEmptyString = "https://fhir.nhs.uk/Id/nhs-number".parse()?;
    let mut identifiers = Vec::new();
    for number in ["9991566171", "9991566201"] {
        identifiers.push(PatientIdentifier {
            system: system.clone(),
            value: number.parse()?,
        });
    }
    let status = GetRecordStatusOptions::builder()
        .org_public_id(organisation.clone())
        .identifiers(identifiers)
        .build();
    let statuses = client.get_record_status(status).await?;
    let unregistered: Vec<_> = statuses
        .into_iter()
        .filter(|status| status.found == RecordFound::Found && status.registered == Some(false))
        .map(|status| status.identifier)
        .collect();

    let invite = InviteToRecordOptions::builder()
        .org_public_id(organisation)
        .identifiers(unregistered)
        .build();
    let invited = client.invite_to_record(invite).await?;
    println!(
        "{} invited, {} left out",
        invited.invitations.len(),
        invited.left_out.len()
    );
    Ok(())
}
