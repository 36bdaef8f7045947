//! Whom the SDK believes to be a server: the authorities that the application names, those that its environment names, or those of the system.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::NonEmptyString;
use crate::binding::Dialect;
use crate::error::Invalid;

/// Where the system's authorities are, for all languages.
const SYSTEM: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
/// The same for those who know Python's `requests`.
const PYTHON: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
/// Authorities beside those of the system, for those who know Node.
const NODE: &str = "NODE_EXTRA_CA_CERTS";

/// The variables of the environment that are heeded.
pub(crate) fn variables() -> impl Iterator<Item = &'static str> {
    SYSTEM.into_iter().chain(PYTHON).chain([NODE])
}

/// Whom to believe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trust {
    /// Certificates of authorities in PEM, in place of all others.
    pub ca: Option<NonEmptyString>,
    /// Whose conventions hold.
    pub host: Option<Dialect>,
}

impl Trust {
    /// The authorities. Reads files.
    pub(crate) fn authorities(&self) -> Result<RootCertStore, Invalid> {
        if let Some(ca) = &self.ca {
            return authorities_in(ca.as_bytes()).ok_or_else(|| {
                Invalid::new(
                    "config.ca",
                    "expected certificates of authorities in PEM, from -----BEGIN CERTIFICATE----- on",
                )
            });
        }
        let mut authorities = self.of_the_environment()?;
        if self.host == Some(Dialect::JavaScript)
            && let Some(path) = variable(NODE)
        {
            let more = of_file(NODE, &path)?;
            authorities.roots.extend(more.roots);
        }
        Ok(authorities)
    }

    fn of_the_environment(&self) -> Result<RootCertStore, Invalid> {
        let system = SYSTEM.iter().find(|name| variable(name).is_some());
        if system.is_none() && self.host == Some(Dialect::Python) {
            let named = PYTHON
                .iter()
                .find_map(|name| Some((*name, variable(name)?)));
            if let Some((name, path)) = named {
                return of_path(name, &path);
            }
        }
        if let Some(file) = variable(SYSTEM[0]) {
            of_file(SYSTEM[0], &file)?;
        }
        let mut authorities = RootCertStore::empty();
        // Of a folder, a file that cannot be read is left out, as everybody does.
        let found = rustls_native_certs::load_native_certs();
        authorities.add_parsable_certificates(found.certs);
        match system {
            Some(name) if authorities.is_empty() => Err(unusable(name)),
            // Slim containers have no certificates of their own, and then not even plain HTTP could be had.
            None if authorities.is_empty() => {
                let known = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
                authorities.add_parsable_certificates(known.iter().cloned());
                Ok(authorities)
            }
            _ => Ok(authorities),
        }
    }
}

/// What a variable says, unless it is empty.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn of_path(name: &'static str, path: &OsStr) -> Result<RootCertStore, Invalid> {
    if !Path::new(path).is_dir() {
        return of_file(name, path);
    }
    let files = fs::read_dir(path).map_err(|_| unusable(name))?;
    let mut authorities = RootCertStore::empty();
    for file in files {
        let file = file.map_err(|_| unusable(name))?.path();
        // Beside certificates such a folder may hold whatever else.
        if let Some(more) = fs::read(file).ok().and_then(|pem| authorities_in(&pem)) {
            authorities.roots.extend(more.roots);
        }
    }
    if authorities.is_empty() {
        return Err(unusable(name));
    }
    Ok(authorities)
}

fn of_file(name: &'static str, path: &OsStr) -> Result<RootCertStore, Invalid> {
    let pem = fs::read(path).map_err(|_| unusable(name))?;
    authorities_in(&pem).ok_or_else(|| unusable(name))
}

/// None where there is none, or what is no certificate. One of a kind that cannot be used is left out, as everybody does.
fn authorities_in(pem: &[u8]) -> Option<RootCertStore> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .ok()?;
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(certificates);
    (!authorities.is_empty()).then_some(authorities)
}

fn unusable(name: &'static str) -> Invalid {
    Invalid::new(
        name,
        "leads to no certificates in PEM that can be read: set it to a file that has them, or unset it",
    )
}
