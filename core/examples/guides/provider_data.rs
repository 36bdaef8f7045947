//! Looks at a Bundle before it is pushed, and pushes what nothing is certain to be refused of.

use std::env;
use std::error::Error;

use digime_sdk::JsonObject;
use digime_sdk::digime::{
    CheckProviderDataOptions, Client, ContractDetails, Failure, FhirVersion, ProviderDataFinding,
    PushDataOptions, PushDataToProviderOptions, UserAccessToken,
};

pub async fn problems(
    client: &Client,
    bundle: JsonObject,
) -> Result<Vec<ProviderDataFinding>, Box<dyn Error>> {
    let options = CheckProviderDataOptions::builder()
        .data(bundle)
        .version(FhirVersion::Stu3)
        .build();
    Ok(client.check_provider_data(options).await?)
}

pub async fn send_if_sound(
    client: &Client,
    bundle: JsonObject,
    account_id: String,
    token: UserAccessToken,
) -> Result<Vec<ProviderDataFinding>, Box<dyn Error>> {
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let options = PushDataToProviderOptions::builder()
        .contract_details(contract)
        .user_access_token(token)
        .account_id(account_id)
        .version(FhirVersion::Stu3)
        .data(bundle)
        .check(true)
        .build();
    let pushed = client.push_data(PushDataOptions::Provider(options)).await;
    match pushed {
        Ok(()) => Ok(Vec::new()),
        Err(error) => match Failure::of(&error) {
            Some(Failure::ProviderData { findings }) => Ok(findings.clone()),
            _ => Err(error.into()),
        },
    }
}
