//! Where an address of a platform comes from: the configuration, the environment, or what the platform documents.

use url::{Origin, Url};

use crate::Error;
use crate::environment;
use crate::error::{Invalid, Words};

/// An address of the platform: how it is configured, and where it is otherwise.
pub(crate) struct Address {
    /// Where it stands in the configuration.
    pub field: &'static str,
    /// The environment variable that goes before the default.
    pub variable: &'static str,
    pub default: &'static str,
}

impl Address {
    /// The address, with a slash at its end so that paths can be added to it.
    pub(crate) fn resolve(&self, configured: Option<String>) -> Result<Url, Error> {
        let configured =
            configured.map(|address| (address, Words::from("config.").own(self.field)));
        let from_environment = || {
            environment::variable(self.variable)
                .map(|address| (address, Words::from(self.variable)))
        };
        let (mut address, named) = configured
            .or_else(from_environment)
            .unwrap_or_else(|| (self.default.to_owned(), self.field.into()));
        if !address.ends_with('/') {
            address.push('/');
        }
        server(&address, named)
    }
}

/// An address of a server, as it is named where it stands.
pub(crate) fn server(address: &str, named: impl Into<Words>) -> Result<Url, Error> {
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Invalid::new(
            named,
            "expected the address of a server, from http:// or https:// on",
        )
        .into()
    })
}

/// The origins that are believed beside the platform's own.
pub(crate) fn origins(configured: Option<Vec<String>>) -> Result<Vec<Origin>, Error> {
    let configured = configured.unwrap_or_default().into_iter().enumerate();
    let origins = configured.map(|(number, address)| {
        let url = Url::parse(&address).ok().filter(|url| {
            let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            matches!(url.scheme(), "http" | "https") && is_bare && url.username().is_empty()
        });
        let url = url.ok_or_else(|| {
            let path = Words::from("config.trustedOrigins").given(&format!("[{number}]"));
            Invalid::new(
                path,
                "expected an origin, as https://host or https://host:port",
            )
        })?;
        Ok(url.origin())
    });
    origins.collect()
}
