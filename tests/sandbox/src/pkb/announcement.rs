//! What a client must be told to use Patients Know Best, and who can log in there.

use serde::Serialize;

use crate::pkb::addresses::{CustomerAddresses, PkbAddresses};
use crate::pkb::config::PkbConfig;
use crate::pkb::people::{PEOPLE, Person, Role};
use crate::pkb::teams::TEAMS;

/// Addresses, clients and people, secrets and passwords included: they are for tests alone.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedPkb {
    /// Where it is.
    #[serde(flatten)]
    pub addresses: PkbAddresses,
    /// The user client, which acts for a person who approved.
    pub client_id: String,
    /// Its secret, asked for in the modes `body` and `basic` of `clientAuthentication`.
    pub client_secret: String,
    /// Where it may send people back to.
    pub redirect_uris: Vec<String>,
    /// The system client, which acts for an organisation.
    pub system: AnnouncedSystemClient,
    /// The customer system client, which sends and extracts.
    pub customer: AnnouncedCustomerClient,
    /// Who can log in.
    pub people: Vec<AnnouncedPerson>,
}

/// The system client.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedSystemClient {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The organisation that it acts for, `X-Org-Public-Id`.
    pub org_public_id: String,
    /// The aliases of its teams, the default one first.
    pub teams: Vec<&'static str>,
}

/// The customer system client, and what it alone is for.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedCustomerClient {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Its token endpoint, Aggregated and Customer.
    #[serde(flatten)]
    pub addresses: CustomerAddresses,
}

/// Somebody who can log in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedPerson {
    /// What they type as login.
    pub login: &'static str,
    /// What they type as password.
    pub password: &'static str,
    /// Their public id, a UUID.
    pub public_id: &'static str,
    /// What they are.
    pub kind: PersonKind,
    /// First and last name.
    pub name: String,
}

/// What somebody is to Patients Know Best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonKind {
    /// Somebody with a record.
    Patient,
    /// Somebody who works for an organisation.
    Clinician,
}

impl AnnouncedPkb {
    pub(crate) fn new(
        addresses: PkbAddresses,
        customer: CustomerAddresses,
        config: &PkbConfig,
    ) -> Self {
        Self {
            addresses,
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            redirect_uris: config.redirect_uris.clone(),
            system: AnnouncedSystemClient {
                client_id: config.system.client_id.clone(),
                client_secret: config.system.client_secret.clone(),
                org_public_id: config.system.org_public_id.clone(),
                teams: TEAMS.iter().map(|team| team.alias).collect(),
            },
            customer: AnnouncedCustomerClient {
                client_id: config.customer.client_id.clone(),
                client_secret: config.customer.client_secret.clone(),
                addresses: customer,
            },
            people: PEOPLE.iter().map(AnnouncedPerson::new).collect(),
        }
    }
}

impl AnnouncedPerson {
    fn new(person: &'static Person) -> Self {
        Self {
            login: person.login,
            password: person.password,
            public_id: person.public_id,
            kind: match person.role {
                Role::Patient(_) => PersonKind::Patient,
                Role::Clinician(_) => PersonKind::Clinician,
            },
            name: person.name(),
        }
    }
}
