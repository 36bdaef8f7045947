//! Every address of PKB's that a call goes to, understood once.

use url::{Origin, Url};

use super::Surface;
use super::apis::{Apis, SystemClients};
use super::configured::Endpoints;
use super::reading::{absolute, folder, join};
use crate::address::{Address, origins};
use crate::environment::variable;
use crate::error::Words;
use crate::pkb::{Environment, HttpMethod};
use crate::{Error, NonEmptyString};

/// The addresses.
#[derive(Debug)]
pub(in crate::pkb) struct Addresses {
    pub base: Url,
    pub authorize: Url,
    pub token: Url,
    pub apis: Apis,
    pub current_user: Url,
    pub purview: Url,
    pub purview_method: Option<HttpMethod>,
    pub last_change: Url,
    pub last_change_method: Option<HttpMethod>,
    pub join: Option<Url>,
    pub sign_in: Url,
    pub one_time_password: Option<PasswordSource>,
    trusted_origins: Vec<Origin>,
}

/// Where a patient's one-time passwords come from.
#[derive(Debug)]
pub(in crate::pkb) struct PasswordSource {
    pub address: Url,
    pub method: HttpMethod,
    /// The member of the answer; none where the answer is the password itself.
    pub member: Option<NonEmptyString>,
}

/// What of a configuration says where PKB is, and who acts there.
pub(in crate::pkb) struct Places {
    pub environment: Environment,
    pub endpoints: Endpoints,
    pub clients: SystemClients,
    pub trusted_origins: Option<Vec<String>>,
}

impl Addresses {
    pub(in crate::pkb) fn of(places: Places) -> Result<Self, Error> {
        let mut configured = places.endpoints;
        let base = Address {
            field: "endpoints.baseUrl",
            variable: "PKB_BASE_URL",
            default: match places.environment {
                Environment::Sandbox => "https://sandbox.patientsknowbest.com",
                Environment::Production => "https://my.patientsknowbest.com",
            },
        }
        .resolve(configured.base_url.take())?;
        let at = |given: Option<String>, field, default| match given {
            Some(address) => absolute(&address, Words::from("config.").own(field)),
            None => join(&base, default, field),
        };
        let apis = Apis::of(&base, places.environment, &mut configured, &places.clients)?;
        let one_time_password = configured.one_time_password.map(|password| {
            let field = "endpoints.oneTimePassword.path";
            let path = password.path.trim_start_matches('/');
            Ok::<_, Error>(PasswordSource {
                address: join(&base, path, field)?,
                method: password.method,
                member: password.member,
            })
        });
        let join_page = configured
            .join_url
            .or_else(|| variable("PKB_JOIN_URL"))
            .or_else(|| documented_join_page(&base).map(str::to_owned))
            .map(|address| absolute(&address, "config.endpoints.joinUrl".into()))
            .transpose()?;
        let operation = |path: Option<String>, field, default: &str| {
            let path = path.as_deref().unwrap_or(default);
            join(&apis.facade.url, path.trim_start_matches('/'), field)
        };
        Ok(Self {
            authorize: at(
                configured.authorize_url,
                "endpoints.authorizeUrl",
                "apiAuthorize.action",
            )?,
            token: at(
                configured.token_url,
                "endpoints.tokenUrl",
                "apiToken.action",
            )?,
            current_user: match configured.current_user_url {
                Some(address) => absolute(&address, "config.endpoints.currentUserUrl".into())?,
                None => join(&apis.rest.url, "users/self", "endpoints.rest.url")?,
            },
            purview: operation(
                configured.purview_path,
                "endpoints.purviewPath",
                "Consent/$purview",
            )?,
            purview_method: configured.purview_method,
            last_change: operation(
                configured.last_change_path,
                "endpoints.lastChangePath",
                "Patient/$date-of-last-data-point",
            )?,
            last_change_method: configured.last_change_method,
            join: join_page.map(folder),
            sign_in: at(configured.sign_in_url, "endpoints.signInUrl", "otp.action")?,
            one_time_password: one_time_password.transpose()?,
            trusted_origins: origins(places.trusted_origins)?,
            apis,
            base,
        })
    }

    /// What the store calls the platform: links with one host are none with another.
    pub(in crate::pkb) fn platform(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("pkb:{host}:{port}"),
            None => format!("pkb:{host}"),
        }
    }

    /// Whether an address is at an origin that the tokens which serve at an API may be sent to. No API's tokens go to where another's are, but for
    /// those of the patients, who have one for all.
    pub(in crate::pkb) fn trusts(&self, surface: Surface, address: &Url) -> bool {
        let origin = address.origin();
        let is_own = |url: &Url| url.origin() == origin;
        let is_of_it = match surface {
            Surface::Facade | Surface::Rest => {
                [&self.base, &self.apis.facade.url, &self.apis.rest.url]
                    .into_iter()
                    .any(is_own)
            }
            _ => self.apis.get(surface).is_ok_and(|api| is_own(&api.url)),
        };
        is_of_it || self.trusted_origins.contains(&origin)
    }
}

/// Where a patient who was invited registers. Other hosts of PKB's have pages of their own, which are not documented.
fn documented_join_page(base: &Url) -> Option<&'static str> {
    match base.host_str()? {
        "sandbox.patientsknowbest.com" => Some("http://sandbox.patientsknowbest.com/join/"),
        "my.patientsknowbest.com" => Some("http://joinpkb.com/"),
        _ => None,
    }
}
