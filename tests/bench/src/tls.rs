//! How the platform proves from afar who it is: with a fixed certificate, by an authority that nobody else trusts.

use std::sync::Arc;

use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::TLS13;

use crate::BenchError;

/// The certificate of the authority, in PEM.
pub(crate) const AUTHORITY_PEM: &str = include_str!("../keys/authority.pem");
const SERVER_PEM: &str = include_str!("../keys/server.pem");
const SERVER_KEY_PEM: &str = include_str!("../keys/server.key.pem");

/// TLS 1.3 for a server that speaks this protocol and no other.
pub fn tls(protocol: &[u8]) -> Result<ServerConfig, BenchError> {
    let certificate = CertificateDer::from_pem_slice(SERVER_PEM.as_bytes())?;
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY_PEM.as_bytes())?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(config)
}
