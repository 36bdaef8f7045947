//! What Patients Know Best is set up with: its three clients and its lifetimes, given or made afresh.

use serde::Deserialize;

use crate::pkb::people::ORGANISATION;
use crate::random;

const DEFAULT_REDIRECT_URIS: [&str; 2] = ["http://127.0.0.1/return", "http://localhost/return"];

/// How long things last, and where people may be sent back to. The platform does not publish its own values.
#[derive(Clone, clap::Args)]
pub struct PkbSettings {
    /// How long an access token of Patients Know Best is good for
    #[arg(
        id = "pkb_access_token_seconds",
        long = "pkb-access-token-seconds",
        value_name = "N",
        default_value_t = Self::default().access_token_seconds
    )]
    pub access_token_seconds: u32,
    /// How long an API session of Patients Know Best lasts, from the approval on (90 days)
    #[arg(
        id = "pkb_session_seconds",
        long = "pkb-session-seconds",
        value_name = "N",
        default_value_t = Self::default().session_seconds
    )]
    pub session_seconds: u32,
    /// How long an authorization code of Patients Know Best is good for
    #[arg(
        id = "pkb_code_seconds",
        long = "pkb-code-seconds",
        value_name = "N",
        default_value_t = Self::default().code_seconds
    )]
    pub code_seconds: u32,
    /// One more address that Patients Know Best may send people back to (repeatable); the port of a loopback address
    /// is not compared
    #[arg(id = "pkb_redirect_uri", long = "pkb-redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// The port of the token endpoint for Aggregated and Customer, which take the two after it; 0 takes any free ones
    #[arg(
        id = "pkb_customer_port",
        long = "pkb-customer-port",
        value_name = "N",
        default_value_t = Self::default().customer_port
    )]
    pub customer_port: u16,
}

impl Default for PkbSettings {
    fn default() -> Self {
        Self {
            access_token_seconds: 600,
            session_seconds: 90 * 24 * 3600,
            code_seconds: 60,
            redirect_uris: Vec::new(),
            customer_port: 0,
        }
    }
}

impl PkbSettings {
    pub(crate) fn code_ms(&self) -> u64 {
        u64::from(self.code_seconds) * 1000
    }
}

/// The clients as a configuration file gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PkbFile {
    client_id: Option<String>,
    client_secret: Option<String>,
    redirect_uris: Option<Vec<String>>,
    system: SystemFile,
    customer: CustomerFile,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SystemFile {
    client_id: Option<String>,
    client_secret: Option<String>,
    org_public_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CustomerFile {
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// The clients that are registered, and the settings.
#[derive(Clone)]
pub struct PkbConfig {
    /// The user client.
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uris: Vec<String>,
    pub system: SystemClient,
    pub customer: CustomerClient,
    pub settings: PkbSettings,
}

#[derive(Clone)]
pub struct SystemClient {
    pub client_id: String,
    pub client_secret: String,
    /// The organisation that it acts for.
    pub org_public_id: String,
}

/// The customer system client, which has Aggregated and Customer.
#[derive(Clone)]
pub struct CustomerClient {
    pub client_id: String,
    pub client_secret: String,
}

impl PkbConfig {
    /// Takes what the file gives and makes the rest afresh.
    pub fn new(file: PkbFile) -> Self {
        let PkbFile {
            system, customer, ..
        } = file;
        Self {
            client_id: file.client_id.unwrap_or_else(random::token),
            client_secret: file.client_secret.unwrap_or_else(random::token),
            redirect_uris: file
                .redirect_uris
                .unwrap_or_else(|| DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec()),
            system: SystemClient {
                client_id: system.client_id.unwrap_or_else(random::token),
                client_secret: system.client_secret.unwrap_or_else(random::token),
                org_public_id: system
                    .org_public_id
                    .unwrap_or_else(|| ORGANISATION.to_owned()),
            },
            customer: CustomerClient {
                client_id: customer.client_id.unwrap_or_else(random::token),
                client_secret: customer.client_secret.unwrap_or_else(random::token),
            },
            settings: PkbSettings::default(),
        }
    }

    /// Takes other settings, whose redirect URIs are added to the client's own.
    pub fn set(&mut self, settings: PkbSettings) {
        self.redirect_uris
            .extend_from_slice(&settings.redirect_uris);
        self.settings = settings;
    }
}
