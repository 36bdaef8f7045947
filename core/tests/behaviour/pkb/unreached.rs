//! Ways that end before the token endpoint: a certificate that is refused, a proxy that says no. Nothing was sent, so nothing is spent.

use digime_sdk::ErrorKind;
use digime_sdk::pkb::{Client, Config, Endpoints, Store};
use digime_sdk::transport::Sent;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::linked::read;
use super::sandbox::{BOBBY, MORAG, Pkb, complete, shared};
use crate::again::{again, is_again};
use crate::certificates::Certificate;

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
    let acceptor = Certificate::new().acceptor("http/1.1", None);
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
    if is_again() {
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
    let proxy = format!("http://{proxy}");
    again(
        "pkb::unreached::a_proxy_that_says_no_burns_nothing",
        [("HTTPS_PROXY", proxy.as_ref())],
    )
    .await;
}
