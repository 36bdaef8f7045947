//! An address of PostgreSQL as an application writes it: which part of it is the driver's, and how the server is to prove who it is.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use super::StoreFailure;
use crate::trust::Trust;

/// How long one host has to take a connection; there may be several.
const CONNECT: Duration = Duration::from_secs(5);

/// Where a database is.
pub(super) struct Address {
    pub config: Config,
    pub proof: Proof,
    /// The authorities that are trusted, in a file; `None` for those of `trust`.
    pub authorities: Option<PathBuf>,
    pub trust: Trust,
    /// The certificate and key by which the application proves who it is.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// What a server's certificate has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing: the connection is encrypted, or not even that.
    Nothing,
    /// That an authority which is trusted knows the server.
    Authority,
    /// That too, and that it is the server of that name.
    Name,
}

impl Address {
    /// Reads `postgres://user:password@host:port,host:port/database?sslmode=verify-full&sslrootcert=…`. A failure never quotes it.
    pub(super) fn parse(address: &str) -> Result<Self, StoreFailure> {
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        let mut rest = Vec::new();
        let (mut mode, mut authorities, mut certificate, mut key) = (None, None, None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "sslmode" => mode = Some(value()),
                "sslrootcert" => authorities = Some(value()),
                "sslcert" => certificate = Some(value()),
                "sslkey" => key = Some(value()),
                _ => rest.push(pair),
            }
        }
        let address = if rest.is_empty() {
            place.to_owned()
        } else {
            format!("{place}?{}", rest.join("&"))
        };
        let mut config: Config = address.parse().map_err(|_| {
            StoreFailure::new(
                "the address is not of the form postgres://user:password@host/database, or has a parameter that is not known",
            )
        })?;
        let given = authorities.is_some();
        let (encryption, proof) = match mode.as_deref() {
            Some("disable") => (SslMode::Disable, Proof::Nothing),
            None | Some("allow" | "prefer") => (SslMode::Prefer, Proof::Nothing),
            // As libpq has it: whoever names authorities means them.
            Some("require") if !given => (SslMode::Require, Proof::Nothing),
            Some("require" | "verify-ca") => (SslMode::Require, Proof::Authority),
            Some("verify-full") => (SslMode::Require, Proof::Name),
            Some(_) => {
                return Err(StoreFailure::new(
                    "sslmode is one of disable, prefer, require, verify-ca and verify-full",
                ));
            }
        };
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            _ => {
                return Err(StoreFailure::new(
                    "sslcert and sslkey belong together: one of them is missing",
                ));
            }
        };
        config.ssl_mode(encryption);
        if config.get_application_name().is_none() {
            config.application_name("digime-sdk");
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host("localhost");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        Ok(Self {
            config,
            proof,
            authorities: authorities.filter(|path| path != "system").map(Into::into),
            trust: Trust::default(),
            identity,
        })
    }
}
