//! A test against a sandbox of its own.

use std::error::Error;

use digime_sandbox::{Config as Settings, ConfigFile, Lifetimes, Server};
use digime_sdk::digime::{Client, Config, ContractDetails, GetContractDetailsOptions};

/// In a test of yours this is a `#[tokio::test]`.
pub async fn calls_are_answered() -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(ConfigFile::default(), &[], Lifetimes::default())?;
    let server = Server::bind(settings, 0).await?;
    let announced = server.announcement();
    tokio::spawn(server.run());

    let mut config = Config::new(announced.application_id.parse()?);
    config.base_url = Some(announced.addresses.base_url);
    config.onboard_url = Some(announced.addresses.onboard_url);
    config.cloud_base_url = Some(announced.addresses.cloud_base_url);
    let client = Client::new(config)?;

    let push = announced.contracts.push;
    let contract = ContractDetails::new(push.contract_id.parse()?, push.private_key.parse()?);
    let options = GetContractDetailsOptions::builder()
        .contract_details(contract)
        .build();
    let answer = client.get_contract_details(options).await?;
    assert_eq!(answer.access_type.as_deref(), Some("w"));
    Ok(())
}
