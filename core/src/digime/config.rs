//! The configuration: which application this is, where the platform is, and how patient to be with it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Origin, Url};

use crate::address::{Address, origins, server};
#[cfg(feature = "__binding")]
use crate::binding::{self, Dialect, Value};
use crate::connections::{EncryptionKey, Opening, Store};
use crate::digime::ConnectionEvent;
use crate::digime::files::compression::Bounds;
use crate::http::Timeouts;
use crate::http::{RetryOptions, TimeoutOptions, TraceContextHook};
use crate::transport::{ClientCertificate, HostTransport, Network, Proxy};
use crate::world::EventHook;
use crate::{Callback, Document, Error, NonEmptyString};

/// How an application is configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "SdkConfiguration")
)]
pub struct Config {
    /// The application's id, as digi.me gave it.
    pub application_id: NonEmptyString,
    /// Where the API is. Default: the environment variable `DIGIME_BASE_URL`, else `https://api.digi.me/v1.7/`.
    pub base_url: Option<String>,
    /// Where the cloud storage is. Default: `DIGIME_CLOUD_BASE_URL`, else `https://cloud.digi.me/v1/`.
    pub cloud_base_url: Option<String>,
    /// Where the pages are that a person is sent to. Default: `DIGIME_ONBOARD_URL`, else `https://api.digi.me/apps/saas/`.
    pub onboard_url: Option<String>,
    /// Origins that are believed beside those of the addresses above, `https://host:port`: the platform's tokens name the address of their keys
    /// (`jku`), and where `baseUrl` is a gateway of your own, that is not at it.
    pub trusted_origins: Option<Vec<String>>,
    /// The address of the key set that verifies the platform's tokens, which then is asked for beside the first call that brings one, and not
    /// once that has named it (`jku`); it is believed, wherever it is. Default: `jwks/oauth` below the platform's own `baseUrl`, and at any other
    /// none.
    pub key_set_url: Option<String>,
    /// When requests that failed are repeated.
    pub retry_options: Option<RetryOptions>,
    /// How long to wait.
    pub timeouts: Option<TimeoutOptions>,
    /// How large the content of a file may be.
    pub file_limits: Option<FileLimits>,
    /// Where the connections of your users are kept, for calls by `appUserId`: `"memory"`, the path of a SQLite file, an address of PostgreSQL
    /// (`postgres://…`), or an object of your own. Default: nowhere.
    pub store: Option<Store>,
    /// The schema of PostgreSQL's in which the tables are. Default `digime_sdk`.
    pub store_schema: Option<String>,
    /// The key that encrypts the tokens in the store: 32 random bytes in base64 or hexadecimal digits, as `openssl rand -base64 32`
    /// makes them; or a pair of functions by which a key management service wraps keys and unwraps them. Every store but memory needs it.
    pub encryption_key: Option<EncryptionKey>,
    /// Keys that open and do not seal: those that were `encryptionKey` before, until `rotateKeys` makes them unnecessary, and one that is
    /// to be it, which every process has to know before the first seals with it.
    pub previous_encryption_keys: Option<Vec<EncryptionKey>>,
    /// Learns what becomes of connections, once the store has it.
    pub on_connection_change: Option<Callback<ConnectionEvent>>,
    /// How long a person may take from the address that `getConnectUrl` gives until they are back, in milliseconds. Default 3,600,000 (one
    /// hour).
    pub connect_timeout: Option<u64>,
    /// How long before its end the access token of a connection is replaced, in milliseconds; a quarter of its life at most. Default 60,000.
    pub refresh_margin: Option<u64>,
    /// How long the tokens of a connection that were read from the store serve without being read again, in milliseconds. Default 0: each call reads
    /// the store, so that a connection that is removed, or over, is gone at once everywhere. What other clients and processes change, also that, is
    /// seen so much later at most; what this client changes, at once. Only calls that need an access token use it, and those of 10,000 users at
    /// most are kept, in memory, unencrypted.
    pub cache_tokens_for: Option<u64>,
    /// How long one process may take for the refresh of a connection, or for exchanging a code, in milliseconds, before another takes over.
    /// Default 30,000, at least 3,000. What takes longer to be sent than a third of it is not sent.
    pub refresh_lease: Option<u64>,
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
    /// Is told what the SDK does: requests, refreshes, leases, files. It is not waited for, and what it fails with is nobody's matter.
    pub on_event: Option<EventHook>,
    /// Says which trace each attempt at a request is part of: its `traceparent` and `tracestate` go along (W3C Trace Context). It is asked where
    /// the call was made, and may take a second; where it takes longer, fails or gives nothing, the request goes without.
    pub trace_context: Option<TraceContextHook>,
    /// What the platform is told of the SDK. It may refuse names and versions that it does not know, so the default is what the
    /// JavaScript SDK says.
    pub agent: Option<Agent>,
}

/// How large the content of a file may be. A few bytes can be compressed from a great many: what exceeds a limit is a
/// `FileLimitError`, and is not held in memory.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FileLimits {
    /// In bytes. Default 1 GiB.
    pub size: Option<u64>,
    /// As a multiple of the compressed size, for content of more than 16 MiB. Default 1,000.
    pub ratio: Option<u64>,
}

/// What the platform is told of the SDK.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Agent {
    /// The name of an SDK that the platform knows. Default `nodejs`.
    pub name: Option<String>,
    /// A version of that SDK. Default `16.1.5`.
    pub version: Option<String>,
    /// What the application understands, of all calls that do not say it themselves.
    #[cfg_attr(
        feature = "__binding",
        schemars(with = "Option<crate::digime::Consumer>")
    )]
    pub consumer: Option<Document>,
}

/// The `agent` member of request bodies.
#[derive(Serialize)]
pub(in crate::digime) struct AgentBody<'a> {
    sdk: SdkBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<&'a Document>,
}

#[derive(Serialize)]
struct SdkBody<'a> {
    name: &'a str,
    version: &'a str,
    meta: MetaBody,
}

#[derive(Serialize)]
struct MetaBody {
    #[serde(rename = "digime-sdk")]
    version: &'static str,
}

impl Config {
    /// The default configuration of an application.
    #[must_use]
    pub fn new(application_id: NonEmptyString) -> Self {
        Self {
            application_id,
            base_url: None,
            cloud_base_url: None,
            onboard_url: None,
            trusted_origins: None,
            key_set_url: None,
            retry_options: None,
            timeouts: None,
            file_limits: None,
            store: None,
            store_schema: None,
            encryption_key: None,
            previous_encryption_keys: None,
            on_connection_change: None,
            connect_timeout: None,
            refresh_margin: None,
            cache_tokens_for: None,
            refresh_lease: None,
            ca: None,
            client_certificate: None,
            proxy: None,
            transport: None,
            on_event: None,
            trace_context: None,
            agent: None,
        }
    }

    /// Reads a configuration that comes from another language.
    #[cfg(feature = "__binding")]
    pub(crate) fn from_value(value: Value, dialect: Dialect) -> Result<Self, Error> {
        let headline = match &value {
            Value::Object(_) => "Parameters failed validation.",
            _ => "SDK options should be object that contains your application Id.",
        };
        binding::parse_config(value, dialect).map_err(|invalid| {
            let empty_id = invalid.path == "config.applicationId"
                && invalid.reason.to_string().contains("empty");
            invalid.under(if empty_id {
                "Application Id cannot be an empty string."
            } else {
                headline
            })
        })
    }

    /// Where the connections are kept, and how.
    pub(super) fn opening(&mut self) -> Opening {
        Opening {
            store: self.store.take(),
            schema: self.store_schema.take(),
            encryption_key: self.encryption_key.take(),
            previous_encryption_keys: self.previous_encryption_keys.take(),
            refresh_lease: self.refresh_lease,
            refresh_margin: self.refresh_margin,
            cache_tokens_for: self.cache_tokens_for,
        }
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

/// A configuration with its defaults in place and its addresses understood.
#[derive(Debug)]
pub(crate) struct Settings {
    pub application_id: NonEmptyString,
    pub base_url: Url,
    pub onboard_url: Url,
    trusted_origins: Vec<Origin>,
    /// Where the keys of the platform's tokens are, as far as that is known before one has come.
    pub key_set_url: Option<Url>,
    pub retry_options: RetryOptions,
    pub trace_context: Option<TraceContextHook>,
    pub timeouts: Timeouts,
    pub file_bounds: Bounds,
    pub on_connection_change: Option<Callback<ConnectionEvent>>,
    pub connect_timeout: Duration,
    cloud_base_url: Url,
    agent: Agent,
}

const BASE_URL: Address = Address {
    field: "baseUrl",
    variable: "DIGIME_BASE_URL",
    default: "https://api.digi.me/v1.7/",
};
/// Where the platform's key set is, below its own address.
const KEY_SET: &str = "jwks/oauth";
const CLOUD_BASE_URL: Address = Address {
    field: "cloudBaseUrl",
    variable: "DIGIME_CLOUD_BASE_URL",
    default: "https://cloud.digi.me/v1/",
};
const ONBOARD_URL: Address = Address {
    field: "onboardUrl",
    variable: "DIGIME_ONBOARD_URL",
    default: "https://api.digi.me/apps/saas/",
};

impl Settings {
    pub(crate) fn of(config: Config) -> Result<Self, Error> {
        let limits = config.file_limits.unwrap_or_default();
        let base_url = BASE_URL.resolve(config.base_url)?;
        Ok(Self {
            application_id: config.application_id,
            key_set_url: match config.key_set_url {
                Some(address) => Some(server(&address, "config.keySetUrl")?),
                None if base_url.as_str() == BASE_URL.default => base_url.join(KEY_SET).ok(),
                None => None,
            },
            base_url,
            onboard_url: ONBOARD_URL.resolve(config.onboard_url)?,
            trusted_origins: origins(config.trusted_origins)?,
            retry_options: config.retry_options.unwrap_or_default(),
            trace_context: config.trace_context,
            timeouts: config
                .timeouts
                .unwrap_or_default()
                .over(Timeouts::default()),
            file_bounds: Bounds {
                size: limits.size.unwrap_or(1024 * 1024 * 1024),
                ratio: limits.ratio.unwrap_or(1000),
            },
            on_connection_change: config.on_connection_change,
            connect_timeout: Duration::from_millis(
                config.connect_timeout.unwrap_or(60 * 60 * 1000),
            ),
            cloud_base_url: CLOUD_BASE_URL.resolve(config.cloud_base_url)?,
            agent: config.agent.unwrap_or_default(),
        })
    }

    /// The address of a page that a person is sent to.
    pub(crate) fn page(&self, name: &str) -> Result<Url, Error> {
        self.onboard_url.join(name).map_err(|_| {
            Error::sdk("the address of the pages is not one that paths can be added to")
        })
    }

    /// The address of a path of the API.
    pub(crate) fn api(&self, path: &str) -> Result<Url, Error> {
        self.base_url
            .join(path)
            .map_err(|_| Error::sdk("the address of the API is not one that paths can be added to"))
    }

    /// The address of a path of the cloud storage.
    pub(crate) fn cloud(&self, path: &str) -> Result<Url, Error> {
        self.cloud_base_url.join(path).map_err(|_| {
            Error::sdk("the address of the storage is not one that paths can be added to")
        })
    }

    /// Whether an address is the platform's, or as good.
    pub(crate) fn trusts(&self, address: &Url) -> bool {
        let origin = address.origin();
        origin == self.base_url.origin()
            || self.trusted_origins.contains(&origin)
            || self.key_set_url.as_ref() == Some(address)
    }

    /// The `agent` member of request bodies, with what the application understands: by a call's own word, or else by the configuration's.
    pub(in crate::digime) fn agent<'a>(&'a self, consumer: Option<&'a Document>) -> AgentBody<'a> {
        AgentBody {
            sdk: SdkBody {
                name: self.agent.name.as_deref().unwrap_or("nodejs"),
                version: self.agent.version.as_deref().unwrap_or("16.1.5"),
                meta: MetaBody {
                    version: env!("CARGO_PKG_VERSION"),
                },
            },
            consumer: consumer.or(self.agent.consumer.as_ref()),
        }
    }
}
