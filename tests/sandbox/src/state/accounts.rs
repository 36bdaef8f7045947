//! The users of the platform and their accounts at sources.

use serde::Serialize;

use crate::addresses::Addresses;
use crate::clock::DAY_MS;
use crate::random;
use crate::sources::{Source, SourceType};

const YEAR_MS: u64 = 365 * DAY_MS;

/// An account as `permission-access/accounts` lists it; times in milliseconds.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: String,
    pub reference: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub created_date: u64,
    pub updated_date: u64,
    pub service_group_id: u32,
    service_group_name: String,
    pub service_type_id: u32,
    service_type_name: String,
    pub service_type_reference: String,
    service_provider_id: u32,
    pub service_provider_name: String,
    service_provider_reference: String,
    pub source_id: u32,
    username: String,
    provider_fav_icon: String,
    provider_logo: String,
    pub sample: bool,
    pub access_token_status: AccessTokenStatus,
}

/// Whether the platform may still use the account.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessTokenStatus {
    pub authorized: bool,
    expires_at: u64,
}

impl Account {
    /// The type of an account to which data is pushed.
    pub const PUSH: &str = "PUSH";

    fn new(source: &Source, kind: &str, addresses: &Addresses, now: u64) -> Self {
        let logo = addresses.logo(source.id);
        Self {
            id: format!("{}_{}", source.service_type.id, random::account_number()),
            reference: random::token(),
            kind: kind.to_owned(),
            created_date: now,
            updated_date: now,
            service_group_id: source.service_group.id,
            service_group_name: source.service_group.name.clone(),
            service_type_id: source.service_type.id,
            service_type_name: source.service_type.name.clone(),
            service_type_reference: source.service_type.reference.clone(),
            service_provider_id: source.provider.id,
            service_provider_name: source.provider.name.clone(),
            service_provider_reference: source.provider.reference.clone(),
            source_id: source.id,
            username: "sandbox".to_owned(),
            provider_fav_icon: logo.clone(),
            provider_logo: logo,
            sample: false,
            access_token_status: AccessTokenStatus {
                authorized: !source.lapses,
                expires_at: if source.lapses { now } else { now + YEAR_MS },
            },
        }
    }
}

/// A person.
pub struct User {
    /// Stays the same for one application, whatever the contract.
    pub identifier: String,
    pub accounts: Vec<Account>,
}

impl Default for User {
    fn default() -> Self {
        Self {
            identifier: random::token(),
            accounts: Vec::new(),
        }
    }
}

impl User {
    /// The account at this source, made if there is none; connecting one again is logging in again.
    pub fn connect(
        &mut self,
        source: &Source,
        source_type: SourceType,
        addresses: &Addresses,
        now: u64,
    ) -> &mut Account {
        let kind = match source_type {
            SourceType::Push => Account::PUSH,
            SourceType::Pull => &source.account_type,
        };
        let known = |account: &Account| account.source_id == source.id && account.kind == kind;
        let index = self
            .accounts
            .iter()
            .position(known)
            .unwrap_or(self.accounts.len());
        if index == self.accounts.len() {
            self.accounts
                .push(Account::new(source, kind, addresses, now));
            return &mut self.accounts[index];
        }
        let account = &mut self.accounts[index];
        account.updated_date = now;
        account.access_token_status.authorized = true;
        account
    }
}
