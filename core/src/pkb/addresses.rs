//! Every address of PKB's that a call goes to, understood once.

use url::{Origin, Url};

use super::Endpoints;
use super::{Environment, HttpMethod};
use crate::address::{Address, origins};
use crate::environment::variable;
use crate::error::{Invalid, Words};
use crate::{Error, NonEmptyString};

/// The addresses.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub base: Url,
    pub authorize: Url,
    pub token: Url,
    pub system_token: Option<Url>,
    pub fhir: Url,
    pub current_user: Url,
    pub purview: Url,
    pub purview_method: Option<HttpMethod>,
    pub last_change: Url,
    pub last_change_method: Option<HttpMethod>,
    pub join: Option<Url>,
    pub messaging: Url,
    pub rest: Url,
    pub sign_in: Url,
    pub one_time_password: Option<PasswordSource>,
    trusted_origins: Vec<Origin>,
}

/// Where a patient's one-time passwords come from.
#[derive(Debug)]
pub(crate) struct PasswordSource {
    pub address: Url,
    pub method: HttpMethod,
    /// The member of the answer; none where the answer is the password itself.
    pub member: Option<NonEmptyString>,
}

impl Addresses {
    pub(crate) fn of(
        environment: Environment,
        configured: Endpoints,
        trusted_origins: Option<Vec<String>>,
    ) -> Result<Self, Error> {
        let base = Address {
            field: "endpoints.baseUrl",
            variable: "PKB_BASE_URL",
            default: match environment {
                Environment::Sandbox => "https://sandbox.patientsknowbest.com",
                Environment::Production => "https://my.patientsknowbest.com",
            },
        }
        .resolve(configured.base_url)?;
        let at = |given: Option<String>, field, default| match given {
            Some(address) => absolute(&address, field),
            None => join(&base, default, field),
        };
        let fhir = folder(at(configured.fhir_url, "endpoints.fhirUrl", "fhir/")?);
        let messaging = at(
            configured.messaging_url,
            "endpoints.messagingUrl",
            "phr-fhir/",
        )?;
        let rest = folder(at(configured.rest_url, "endpoints.restUrl", "json/")?);
        let one_time_password = configured.one_time_password.map(|password| {
            let field = "endpoints.oneTimePassword.path";
            let path = password.path.trim_start_matches('/');
            Ok::<_, Error>(PasswordSource {
                address: join(&base, path, field)?,
                method: password.method,
                member: password.member,
            })
        });
        let system_token = configured
            .system_token_url
            .or_else(|| variable("PKB_SYSTEM_TOKEN_URL"))
            .or_else(|| documented_system_token(environment))
            .map(|address| absolute(&address, "endpoints.systemTokenUrl"))
            .transpose()?;
        let join_page = configured
            .join_url
            .or_else(|| variable("PKB_JOIN_URL"))
            .or_else(|| documented_join_page(&base).map(str::to_owned))
            .map(|address| absolute(&address, "endpoints.joinUrl"))
            .transpose()?;
        let operation = |path: Option<String>, field, default: &str| {
            let path = path.as_deref().unwrap_or(default);
            join(&fhir, path.trim_start_matches('/'), field)
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
            system_token,
            current_user: match configured.current_user_url {
                Some(address) => absolute(&address, "endpoints.currentUserUrl")?,
                None => join(&rest, "users/self", "endpoints.restUrl")?,
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
            messaging: folder(messaging),
            sign_in: at(configured.sign_in_url, "endpoints.signInUrl", "otp.action")?,
            one_time_password: one_time_password.transpose()?,
            rest,
            trusted_origins: origins(trusted_origins)?,
            fhir,
            base,
        })
    }

    /// What the store calls the platform: links with one host are none with another.
    pub(crate) fn platform(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("pkb:{host}:{port}"),
            None => format!("pkb:{host}"),
        }
    }

    /// Whether an address is one of the FHIR API, or of the one that takes messages.
    pub(crate) fn is_of_fhir(&self, address: &Url) -> bool {
        [&self.fhir, &self.messaging]
            .iter()
            .any(|api| address.origin() == api.origin() && address.path().starts_with(api.path()))
    }

    /// Whether an address is at an origin that a patient's token may be sent to.
    pub(crate) fn trusts(&self, address: &Url) -> bool {
        let origin = address.origin();
        let is_own = [&self.base, &self.fhir, &self.rest]
            .iter()
            .any(|own| own.origin() == origin);
        is_own || self.trusted_origins.contains(&origin)
    }
}

fn documented_system_token(environment: Environment) -> Option<String> {
    match environment {
        Environment::Sandbox => {
            Some("https://oauth2.sandbox.patientsknowbest.com/api/oauth/token".to_owned())
        }
        Environment::Production => None,
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

fn absolute(address: &str, field: &'static str) -> Result<Url, Error> {
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        let reason = "expected an address, from http:// or https:// on";
        Invalid::new(Words::from("config.").own(field), reason).into()
    })
}

fn join(base: &Url, path: &str, field: &'static str) -> Result<Url, Error> {
    base.join(path)
        .ok()
        .filter(|url| url.origin() == base.origin())
        .ok_or_else(|| {
            let reason = "expected a path at the address before it";
            Invalid::new(Words::from("config.").own(field), reason).into()
        })
}

/// With a slash at its end, so that paths can be added to it.
fn folder(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}
