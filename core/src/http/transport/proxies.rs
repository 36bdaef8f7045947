//! Which requests go through a proxy, and through which: as the application says, or else the environment and the system.

use std::env;
use std::fmt;
use std::net::IpAddr;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::error::Invalid;
use crate::{Error, Secret};

/// The variables of the environment that are heeded; the first of two counts.
pub(super) const VARIABLES: [&str; 9] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];
/// How many of them name a proxy.
const NAME_A_PROXY: usize = 6;

/// What an application says of proxies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// None, whatever the environment says.
    Off,
    /// This one, for all requests: `http://user:password@host:port`.
    At(Secret<String>),
}

impl<'de> Deserialize<'de> for Proxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given;
        impl Visitor<'_> for Given {
            type Value = Proxy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the address of a proxy, or false")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Proxy, E> {
                if on {
                    return Err(E::invalid_value(de::Unexpected::Bool(on), &self));
                }
                Ok(Proxy::Off)
            }

            fn visit_str<E: de::Error>(self, address: &str) -> Result<Proxy, E> {
                Ok(Proxy::At(address.into()))
            }
        }
        deserializer.deserialize_any(Given)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for Proxy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Proxy".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "const": false }] })
    }
}

/// Which requests go through which.
pub(super) struct Proxies {
    rules: Option<Matcher>,
    /// Where the rules do not hold; none where the application has its say.
    direct: Option<Vec<(String, u16)>>,
}

impl Proxies {
    pub(super) fn of(proxy: Option<&Proxy>) -> Result<Self, Error> {
        let address = match proxy {
            Some(Proxy::Off) => {
                return Ok(Self {
                    rules: None,
                    direct: None,
                });
            }
            Some(Proxy::At(address)) => address.expose(),
            None => return Self::of_the_environment(),
        };
        if !is_usable(address) {
            return Err(not_usable("config.proxy"));
        }
        Ok(Self {
            rules: Some(Matcher::builder().all(address.as_str()).build()),
            direct: None,
        })
    }

    fn of_the_environment() -> Result<Self, Error> {
        for name in &VARIABLES[..NAME_A_PROXY] {
            let value = env::var(name).unwrap_or_default();
            if !value.is_empty() && !is_usable(&value) {
                return Err(not_usable(name));
            }
        }
        let exceptions = env::var("NO_PROXY").or_else(|_| env::var("no_proxy"));
        Ok(Self {
            rules: Some(Matcher::from_system()),
            direct: Some(with_ports(&exceptions.unwrap_or_default())),
        })
    }

    /// The proxy that reads what is sent to `to`, and hands it on, since there is no secrecy between.
    pub(super) fn that_hands_on(&self, to: &Uri) -> Option<Intercept> {
        (to.scheme_str() == Some("http"))
            .then(|| self.by(to))
            .flatten()
    }

    /// The proxy by which `to` is reached.
    pub(super) fn by(&self, to: &Uri) -> Option<Intercept> {
        let rules = self.rules.as_ref()?;
        if let Some(direct) = &self.direct {
            let host = to.host()?.trim_start_matches('[').trim_end_matches(']');
            let port = to.port_u16().unwrap_or(match to.scheme_str() {
                Some("http") => 80,
                _ => 443,
            });
            let excepted = |(name, of): &(String, u16)| *of == port && is_within(host, name);
            if is_this_machine(host) || direct.iter().any(excepted) {
                return None;
            }
        }
        rules.intercept(to)
    }
}

/// The exceptions that name a port: the rules know only those that name none.
fn with_ports(exceptions: &str) -> Vec<(String, u16)> {
    let entries = exceptions.split(',').map(str::trim);
    let with_port = entries.filter_map(|entry| {
        let (host, port) = entry.rsplit_once(':')?;
        // `::1` is an address.
        let host = match host.strip_prefix('[') {
            Some(address) => address.strip_suffix(']')?,
            None if host.contains(':') => return None,
            None => host.trim_start_matches("*.").trim_start_matches('.'),
        };
        Some((host.to_owned(), port.parse().ok()?))
    });
    with_port.collect()
}

/// Whether a host has this name, or one within it.
fn is_within(host: &str, name: &str) -> bool {
    let Some(rest) = host.len().checked_sub(name.len()) else {
        return false;
    };
    host.is_char_boundary(rest)
        && host[rest..].eq_ignore_ascii_case(name)
        && (rest == 0 || host[..rest].ends_with('.'))
}

/// A proxy elsewhere would find itself there.
fn is_this_machine(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    is_within(host, "localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Whether it is the address of a proxy by HTTP.
fn is_usable(address: &str) -> bool {
    let matcher = Matcher::builder().all(address).build();
    let found = matcher.intercept(&Uri::from_static("https://digi.me"));
    found.is_some_and(|proxy| matches!(proxy.uri().scheme_str(), Some("http" | "https")))
}

fn not_usable(named: &'static str) -> Error {
    Invalid::new(
        named,
        "expected the address of an HTTP proxy, as http://proxy.example:8080",
    )
    .into()
}
