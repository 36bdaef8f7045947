//! The configuration: which client of PKB's this is, where PKB is, and where links are kept.

use serde::Deserialize;

use super::{EncryptionKey, Endpoints, Link, LinkEvent, PerPatient, Store, TokensChanged};
#[cfg(feature = "__binding")]
use crate::binding::{self, Dialect, Value};
use crate::http::{RetryOptions, TimeoutOptions, TraceContextHook};
use crate::transport::{ClientCertificate, HostTransport, Network, Proxy};
use crate::world::EventHook;
use crate::{Callback, NonEmptyString, Secret};

/// How an application is configured that calls PKB.
#[derive(Debug, Clone, Deserialize, bon::Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbConfiguration")
)]
pub struct Config {
    /// The id of your User Client, as PKB gave it.
    pub client_id: NonEmptyString,
    /// Its secret, if PKB gave one.
    pub client_secret: Option<Secret<NonEmptyString>>,
    /// Where PKB sends the patient back to: exactly as registered with PKB. An address of localhost or a custom scheme
    /// (`myapp://linked`) is one too.
    pub redirect_uri: NonEmptyString,
    /// Which of PKB's environments. The environment variable `PKB_BASE_URL` goes before it.
    pub environment: Environment,
    /// Where links are kept: `"memory"`, the path of a SQLite file, an address of PostgreSQL (`postgres://…`), or an object of your
    /// own. Default: in memory, so that they end with the process.
    pub store: Option<Store>,
    /// The schema of PostgreSQL's in which the tables are. Default `digime_sdk`.
    pub store_schema: Option<String>,
    /// The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand -base64 32`
    /// makes them; or a pair of functions by which a key management service wraps keys and unwraps them. Every store but memory needs it.
    #[builder(into)]
    pub encryption_key: Option<EncryptionKey>,
    /// Keys that open and do not seal: those that were `encryptionKey` before, until `rotateKeys` makes them unnecessary, and one that is
    /// to be it, which every process has to know before the first seals with it.
    pub previous_encryption_keys: Option<Vec<EncryptionKey>>,
    /// Learns of each new pair of tokens, once it is stored.
    pub on_tokens_changed: Option<Callback<TokensChanged>>,
    /// Learns of each link that PKB says is over, once that is stored: time to ask the patient to link again.
    pub on_link_expired: Option<Callback<Link>>,
    /// Learns of each change of a link, once it is stored: of those, and of links that were made, replaced, removed, or whose refresh token may be
    /// spent.
    pub on_link_change: Option<Callback<LinkEvent>>,
    /// Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is nobody's matter.
    pub on_event: Option<EventHook>,
    /// Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace Context). It is asked where
    /// the call was made, and may take a second; where it takes longer, fails or gives nothing, the request goes without.
    pub trace_context: Option<TraceContextHook>,
    /// What an app user is asked for. Default `PATIENT`.
    pub scope: Option<NonEmptyString>,
    /// How your client proves to PKB's token endpoint who it is. Default: `body` if there is a `clientSecret`, else `none`.
    pub client_authentication: Option<ClientAuthentication>,
    /// Whether linking uses PKCE (RFC 7636). PKB documents none, so the default is not to.
    pub pkce: Option<bool>,
    /// How long a patient may take from the address that `getLinkUrl` gives until they are back, in milliseconds. Default 900,000
    /// (15 minutes).
    pub link_timeout: Option<u64>,
    /// How long before its end an access token is replaced, in milliseconds; a quarter of its life at most. Default 60,000.
    pub refresh_margin: Option<u64>,
    /// How long the tokens of a link that were read from the store serve without being read again, in milliseconds. Default 0: each call reads
    /// the store, so that a link that is removed, or over, is gone at once everywhere. What other clients and processes change, also that, is
    /// seen so much later at most; what this client changes, at once. Only calls that need an access token use it, and those of 10,000 users at
    /// most are kept, in memory, unencrypted.
    pub cache_tokens_for: Option<u64>,
    /// How long one process may take for a refresh, or for exchanging a code, in milliseconds, before another takes over. Default 30,000, at
    /// least 3,000. What takes longer to be sent than a third of it is not sent.
    pub refresh_lease: Option<u64>,
    /// Your System Client, for calls of the Facade and of Messaging on an organisation's behalf.
    pub system_client: Option<SystemClient>,
    /// Your Customer System Client, for calls of Aggregated and Customer.
    pub customer_system_client: Option<SystemClient>,
    /// How many requests about one patient are under way at once.
    pub per_patient: Option<PerPatient>,
    /// Addresses, paths and methods that are not as PKB documents them.
    pub endpoints: Option<Endpoints>,
    /// Origins that are believed beside those of the addresses above, `https://host:port`: a search goes on at the address that its page
    /// names, and where PKB is behind a gateway of your own, that is not at it. Patients' tokens are sent there.
    pub trusted_origins: Option<Vec<String>>,
    /// When GET requests that failed are repeated. Others never are.
    pub retry_options: Option<RetryOptions>,
    /// How long to wait.
    pub timeouts: Option<TimeoutOptions>,
    /// Certificates of the authorities that may vouch for a server, in PEM, in place of all others: those of the system, and those to which
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`, in Node `NODE_EXTRA_CA_CERTS` and in Python `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` lead.
    #[serde(default, deserialize_with = "crate::secret::certificates")]
    pub ca: Option<NonEmptyString>,
    /// The certificate by which the application shows servers who it is, where a gateway asks for one (mutual TLS).
    pub client_certificate: Option<ClientCertificate>,
    /// The proxy through which all requests go, `http://user:password@host:port`, or `false` for none. Default: as `HTTPS_PROXY`,
    /// `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and never for addresses of this machine.
    pub proxy: Option<Proxy>,
    /// Sends all requests in place of the SDK's own transport: `fetch` as the standard has it, or what behaves so. It makes the connections, so
    /// `ca`, `clientCertificate` and `proxy` are refused beside it, and `timeouts.connect` has no meaning; signing, repeating, refreshing,
    /// decrypting and all other time-outs stay with the SDK.
    #[serde(rename = "fetch")]
    pub transport: Option<HostTransport>,
}

/// An environment of PKB's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbEnvironment")
)]
pub enum Environment {
    /// `https://sandbox.patientsknowbest.com`
    Sandbox,
    /// `https://my.patientsknowbest.com`, the production of the United Kingdom. Others are set by `endpoints.baseUrl`.
    Production,
}

/// How a client proves who it is (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum ClientAuthentication {
    /// It sends its id alone.
    None,
    /// Its secret is in the form that it sends.
    Body,
    /// By HTTP Basic authentication.
    Basic,
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "their names say it")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A client of PKB's that acts for an organisation, or for a system of its own, by RFC 6749 section 4.4.
#[derive(Debug, Clone, Deserialize, bon::Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SystemClient {
    /// Its id.
    pub client_id: NonEmptyString,
    /// Its secret.
    pub client_secret: Secret<NonEmptyString>,
    /// How it proves who it is. Default `basic`.
    pub client_authentication: Option<ClientAuthentication>,
}

impl Config {
    /// Reads a configuration that comes from another language.
    #[cfg(feature = "__binding")]
    pub(crate) fn from_value(value: Value, dialect: Dialect) -> Result<Self, crate::Error> {
        Ok(binding::parse_config(value, dialect)?)
    }

    /// How it is reached.
    pub(super) fn network(&self) -> Network {
        Network {
            ca: self.ca.clone(),
            client_certificate: self.client_certificate.clone(),
            proxy: self.proxy.clone(),
        }
    }
}
