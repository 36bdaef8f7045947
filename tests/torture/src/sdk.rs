//! The SDK of either platform, as far as a caller calls it: what differs between them, and nothing else.

use digime_sdk::digime::{self, ContractDetails, ExportConnectionOptions, ReadAccountsOptions};
use digime_sdk::pkb::{self, GetAccessTokenOptions, GetCurrentUserOptions};
use digime_sdk::{Error, NonEmptyString, World};
use serde_json::Value;

use crate::WorkerError;
use crate::history::digest;

#[derive(Clone)]
pub enum Sdk {
    Pkb(pkb::Client),
    DigiMe(digime::Client, ContractDetails),
}

impl Sdk {
    /// That of digi.me where there is a contract, else that of Patients Know Best.
    pub fn of(
        config: &Value,
        contract: Option<&ContractDetails>,
        world: World,
    ) -> Result<Self, WorkerError> {
        let config = config.clone();
        Ok(match contract {
            None => Self::Pkb(pkb::Client::in_world(
                serde_json::from_value(config)?,
                world,
            )?),
            Some(contract) => {
                let client = digime::Client::in_world(serde_json::from_value(config)?, world)?;
                Self::DigiMe(client, contract.clone())
            }
        })
    }

    /// Asks the platform, and gives by what it can be told whose the answer is: a first name, or the reference of the first account.
    pub async fn ask(&self, user: NonEmptyString) -> Result<String, Error> {
        match self {
            Self::Pkb(client) => {
                let options = GetCurrentUserOptions::builder().app_user_id(user).build();
                let user = client.get_current_user(options).await?;
                Ok(user.first_name.unwrap_or_default())
            }
            Self::DigiMe(client, contract) => {
                let options = ReadAccountsOptions::builder()
                    .contract_details(contract.clone())
                    .app_user_id(user)
                    .build();
                let mut accounts = client.read_accounts(options).await?.accounts.into_iter();
                Ok(accounts
                    .next()
                    .map(|first| first.reference.clone().unwrap_or_default())
                    .unwrap_or_default())
            }
        }
    }

    /// Gives the digest of the access token.
    pub async fn access_token(&self, user: NonEmptyString) -> Result<String, Error> {
        match self {
            Self::Pkb(client) => {
                let options = GetAccessTokenOptions::builder().app_user_id(user).build();
                let issued = client.get_access_token(options).await?;
                Ok(digest(issued.access_token.expose()))
            }
            Self::DigiMe(client, contract) => {
                let options = ExportConnectionOptions::builder()
                    .app_user_id(user)
                    .contract_id(contract.contract_id.clone())
                    .build();
                let token = client.export_connection(options).await?;
                Ok(digest(token.access_token.value.expose()))
            }
        }
    }
}
