//! How what an application sends leaves its machine, by its configuration: whom it believes, who it is, and through which proxy it goes.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;

use super::proxies::Proxy;
use crate::binding::Dialect;
use crate::error::Invalid;
use crate::trust::Trust;
use crate::{Error, NonEmptyString, Secret};

/// The certificate by which an application shows servers who it is (mutual TLS), and its private key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ClientCertificate {
    /// The certificate in PEM, followed by those between it and its authority.
    #[serde(deserialize_with = "crate::secret::certificates")]
    pub cert: NonEmptyString,
    /// Its private key in PEM, not encrypted.
    #[serde(deserialize_with = "crate::secret::key")]
    pub key: Secret<NonEmptyString>,
}

/// What an application says of the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Certificates of the authorities that may vouch for a server, in PEM, in place of those of the environment and the system.
    pub ca: Option<NonEmptyString>,
    /// The certificate by which the application shows servers who it is.
    pub client_certificate: Option<ClientCertificate>,
    /// The proxy through which all requests go. Default: as the environment says.
    pub proxy: Option<Proxy>,
}

impl Network {
    /// Refuses what has no meaning beside a transport of the application's own.
    pub(crate) fn must_be_as_it_is(&self) -> Result<(), Error> {
        let said = [
            ("config.ca", self.ca.is_some()),
            (
                "config.clientCertificate",
                self.client_certificate.is_some(),
            ),
            ("config.proxy", self.proxy.is_some()),
        ];
        match said.into_iter().find(|(_, is_said)| *is_said) {
            None => Ok(()),
            Some((named, _)) => Err(Invalid::new(
                named,
                "has no meaning beside a transport of your own, which makes the connections",
            )
            .into()),
        }
    }

    /// Whom it believes, by the conventions of `host`.
    pub(crate) fn trust(&self, host: Option<Dialect>) -> Trust {
        Trust {
            ca: self.ca.clone(),
            host,
        }
    }

    /// How TLS is spoken. Reads the files of the authorities.
    pub(super) fn tls(&self, host: Option<Dialect>) -> Result<ClientConfig, Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| Error::sdk("TLS cannot be set up"))?
            .with_root_certificates(self.trust(host).authorities()?);
        let Some(own) = &self.client_certificate else {
            return Ok(config.with_no_client_auth());
        };
        let chain = CertificateDer::pem_slice_iter(own.cert.as_bytes());
        let chain: Vec<_> = chain
            .collect::<Result<_, _>>()
            .ok()
            .filter(|chain: &Vec<_>| !chain.is_empty())
            .ok_or_else(|| {
                Invalid::new(
                    "config.clientCertificate.cert",
                    "expected certificates in PEM",
                )
            })?;
        let key = PrivateKeyDer::from_pem_slice(own.key.expose().as_bytes()).map_err(|_| {
            Invalid::new(
                "config.clientCertificate.key",
                "expected a private key in PEM that is not encrypted",
            )
        })?;
        config.with_client_auth_cert(chain, key).map_err(|_| {
            Invalid::new(
                "config.clientCertificate",
                "the certificate and the key do not belong together",
            )
            .into()
        })
    }
}
