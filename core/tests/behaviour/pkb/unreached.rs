//! Ways that end before the token endpoint: a certificate that is refused, a proxy that says no. Nothing was sent, so nothing is spent.

use std::process::Stdio;
use std::sync::Arc;

use digime_sdk::ErrorKind;
use digime_sdk::pkb::{Client, Config, Endpoints, Store};
use digime_sdk::transport::Sent;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;

use super::linked::read;
use super::sandbox::{BOBBY, MORAG, Pkb, complete, shared};

/// Set in the process whose environment has a proxy.
const PROXIED: &str = "DIGIME_TEST_PROXIED";

/// The configuration of a machine whose way to the token endpoint ends there.
fn cut_off(pkb: &Pkb, store: Store, token_url: &str) -> Config {
    let mut config = pkb.config(store);
    let endpoints = Endpoints::builder()
        .base_url(pkb.origin())
        .token_url(token_url);
    config.endpoints = Some(endpoints.build());
    config
}

/// Neither a link attempt nor a refresh token is burnt by such a way.
async fn costs_nothing(token_url: &str) {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let client = Client::new(pkb.config(store.clone())).unwrap();
    let cut_off = Client::new(cut_off(&pkb, store, token_url)).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let callback = pkb.callback(&client, "user-2", MORAG).await;
    for _ in 0..2 {
        let error = cut_off
            .complete_link(complete(&callback))
            .await
            .unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Transport {
                    sent: Sent::Nothing,
                    ..
                }
            ),
            "{error}"
        );
        let error = read(&pkb, &cut_off).await.unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Transport {
                    sent: Sent::Nothing,
                    ..
                }
            ),
            "{error}"
        );
    }
    client.complete_link(complete(&callback)).await.unwrap();
    read(&pkb, &client).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn a_certificate_that_is_refused_burns_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (
        folder.path().join("key.pem"),
        folder.path().join("cert.pem"),
    );
    let made = Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1".split(' '))
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output();
    assert!(made.await.unwrap().status.success());
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let certificate = CertificateDer::from_pem_file(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // The client breaks it off.
            drop(acceptor.accept(connection).await);
        }
    });
    costs_nothing(&format!("https://{address}/apiToken.action")).await;
}

#[tokio::test]
async fn a_proxy_that_says_no_burns_nothing() {
    if std::env::var_os(PROXIED).is_some() {
        return costs_nothing("https://pkb.invalid/apiToken.action").await;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let read = connection.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"CONNECT pkb.invalid:443"));
            let no = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
            connection.write_all(no).await.unwrap();
        }
    });
    // The environment belongs to the process: this test runs once more in one that has the proxy.
    let name = "pkb::unreached::a_proxy_that_says_no_burns_nothing";
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env("HTTPS_PROXY", format!("http://{proxy}"))
        .env(PROXIED, "yes")
        .env_remove("https_proxy")
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("no_proxy")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output();
    let output = child.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
