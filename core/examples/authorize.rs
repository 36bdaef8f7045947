//! Says where to send a person so that they consent.

use std::env;

use digime_sdk::digime::{Client, Config, ContractDetails, GetAuthorizeUrlOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?))?;
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract)
        .callback("http://localhost/return".parse()?)
        .state("a random value, tied to the person's browser session")
        .build();
    let authorization = client.get_authorize_url(options).await?;
    println!("send the person to {}", authorization.url.expose());
    Ok(())
}
