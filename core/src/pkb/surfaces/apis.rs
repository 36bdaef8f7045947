//! Where each of PKB's APIs is: as it is configured, as the environment says, or as PKB documents it.

use url::Url;

use super::configured::{Endpoints, SurfaceEndpoint};
use super::reading::{absolute, folder, join};
use super::{Api, Surface};
use crate::Error;
use crate::environment::variable;
use crate::error::{Invalid, Words};
use crate::http::own_headers;
use crate::pkb::{Environment, SystemClient};

/// Where PKB's sandbox has what its production documents nothing of.
const SANDBOX_SYSTEM_TOKEN: &str = "https://oauth2.sandbox.patientsknowbest.com/api/oauth/token";
const SANDBOX_CUSTOMER_TOKEN: &str =
    "https://iam.sandbox.patientsknowbest.com/auth/realms/pkb/protocol/openid-connect/token";
const SANDBOX_AGGREGATED: &str = "https://aggregated-fhir.sandbox.patientsknowbest.com/fhir/";

/// The APIs.
#[derive(Debug)]
pub(in crate::pkb) struct Apis {
    pub facade: Api,
    pub messaging: Api,
    pub rest: Api,
    aggregated: Option<Api>,
    customer: Option<Api>,
}

/// The clients that act by themselves, where an API has none of its own.
pub(in crate::pkb) struct SystemClients {
    pub system: Option<SystemClient>,
    pub customer_system: Option<SystemClient>,
}

impl Apis {
    /// They are taken out of what is configured.
    pub(super) fn of(
        base: &Url,
        environment: Environment,
        configured: &mut Endpoints,
        clients: &SystemClients,
    ) -> Result<Self, Error> {
        let is_sandbox = environment == Environment::Sandbox;
        let documented = |address: &str| is_sandbox.then(|| address.to_owned());
        let (facade, messaging) = pair(
            (Surface::Facade, configured.facade.take()),
            (Surface::Messaging, configured.messaging.take()),
            [
                Some(join(base, "fhir/", "endpoints.baseUrl")?),
                Some(join(base, "phr-fhir/", "endpoints.baseUrl")?),
            ],
            variable("PKB_SYSTEM_TOKEN_URL").or_else(|| documented(SANDBOX_SYSTEM_TOKEN)),
            clients.system.as_ref(),
        )?;
        let in_environment = |name: &'static str, otherwise: Option<String>| {
            let address = variable(name).or(otherwise);
            let url = address.map(|address| absolute(&address, Words::from(name)));
            url.transpose()
        };
        let (aggregated, customer) = pair(
            (Surface::Aggregated, configured.aggregated.take()),
            (Surface::Customer, configured.customer.take()),
            [
                in_environment("PKB_AGGREGATED_URL", documented(SANDBOX_AGGREGATED))?,
                in_environment("PKB_CUSTOMER_URL", None)?,
            ],
            variable("PKB_CUSTOMER_TOKEN_URL").or_else(|| documented(SANDBOX_CUSTOMER_TOKEN)),
            clients.customer_system.as_ref(),
        )?;
        let rest = configured.rest.take().unwrap_or_default();
        let rest = SurfaceEndpoint {
            url: rest.url,
            headers: rest.headers,
            ..SurfaceEndpoint::default()
        };
        let json = join(base, "json/", "endpoints.baseUrl")?;
        let rest = api(Surface::Rest, rest, Some(json), None, None)?;
        let (Some(facade), Some(messaging), Some(rest)) = (facade, messaging, rest) else {
            return Err(Error::sdk("an API at the base has no address"));
        };
        Ok(Self {
            facade,
            messaging,
            rest,
            aggregated,
            customer,
        })
    }

    /// The API, if somebody has said where it is.
    pub(in crate::pkb) fn get(&self, surface: Surface) -> Result<&Api, Error> {
        let (api, path) = match surface {
            Surface::Facade => (Some(&self.facade), ""),
            Surface::Messaging => (Some(&self.messaging), ""),
            Surface::Rest => (Some(&self.rest), ""),
            Surface::Aggregated => (self.aggregated.as_ref(), "config.endpoints.aggregated.url"),
            Surface::Customer => (self.customer.as_ref(), "config.endpoints.customer.url"),
        };
        api.ok_or_else(|| {
            let reason = "is missing: PKB documents no address for it here; ask PKB for it";
            Invalid::new(path, reason).into()
        })
    }

    fn all(&self) -> impl Iterator<Item = &Api> {
        let own = [&self.messaging, &self.rest, &self.facade];
        own.into_iter()
            .chain(&self.aggregated)
            .chain(&self.customer)
    }

    /// The API that an address is of, if it is of one.
    pub(in crate::pkb) fn surface_of(&self, address: &Url) -> Option<Surface> {
        let found = self.all().find(|api| api.has(address));
        found.map(|api| api.surface)
    }
}

type Configured = (Surface, Option<SurfaceEndpoint>);

/// Two APIs that share a token endpoint: where one of them alone has it configured, it is the other's too.
fn pair(
    first: Configured,
    second: Configured,
    urls: [Option<Url>; 2],
    token: Option<String>,
    client: Option<&SystemClient>,
) -> Result<(Option<Api>, Option<Api>), Error> {
    let [first_url, second_url] = urls;
    let (of_first, of_second) = (first.1.unwrap_or_default(), second.1.unwrap_or_default());
    let own = |endpoint: &SurfaceEndpoint| endpoint.token_url.clone();
    let token_of_first = own(&of_second).or_else(|| token.clone());
    let token_of_second = own(&of_first).or(token);
    Ok((
        api(first.0, of_first, first_url, token_of_first, client)?,
        api(second.0, of_second, second_url, token_of_second, client)?,
    ))
}

/// The base of an API, which paths are added to.
fn base_of(address: &str, path: Words) -> Result<Url, Error> {
    let url = absolute(address, path.clone())?;
    let is_bare = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_bare {
        return Ok(url);
    }
    let reason = "must be an address without a query, a fragment or a user's name";
    Err(Invalid::new(path, reason).into())
}

/// An API as it is configured, and as it is known otherwise; none where nobody says where it is.
fn api(
    surface: Surface,
    configured: SurfaceEndpoint,
    known: Option<Url>,
    token: Option<String>,
    client: Option<&SystemClient>,
) -> Result<Option<Api>, Error> {
    let field = |member| {
        Words::from("config.endpoints.")
            .own(surface.option())
            .own(member)
    };
    let url = match configured.url {
        Some(address) => Some(base_of(&address, field(".url"))?),
        None => known,
    };
    let token = configured.token_url.or(token);
    let token = token.map(|address| absolute(&address, field(".tokenUrl")));
    let (headers, token) = (
        own_headers(configured.headers.as_ref(), &field(".headers."))?,
        token.transpose()?,
    );
    Ok(url.map(|url| Api {
        surface,
        url: folder(url),
        headers,
        token,
        client: configured.client.or_else(|| client.cloned()),
    }))
}
