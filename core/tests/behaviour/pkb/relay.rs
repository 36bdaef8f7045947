//! A way to a server that a test makes bad.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A relay. It swallows what it is told to swallow, as a network does that is gone: nothing is closed.
pub struct Relay {
    pub address: SocketAddr,
    swallows: Arc<AtomicBool>,
    /// How many connections came in before the last that is still believed; those before it lead nowhere.
    dropped: Arc<AtomicUsize>,
    came: Arc<AtomicUsize>,
}

impl Relay {
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            address: listener.local_addr().unwrap(),
            swallows: Arc::default(),
            dropped: Arc::default(),
            came: Arc::default(),
        };
        let (server, swallows) = (server.to_owned(), Arc::clone(&relay.swallows));
        let (dropped, came) = (Arc::clone(&relay.dropped), Arc::clone(&relay.came));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let number = came.fetch_add(1, Ordering::SeqCst);
                let (swallows, dropped) = (Arc::clone(&swallows), Arc::clone(&dropped));
                let is_gone = move || {
                    swallows.load(Ordering::SeqCst) || number < dropped.load(Ordering::SeqCst)
                };
                let far = TcpStream::connect(&server).await.unwrap();
                let (near_read, near_write) = near.into_split();
                let (far_read, far_write) = far.into_split();
                tokio::spawn(carry(near_read, far_write, is_gone.clone()));
                tokio::spawn(carry(far_read, near_write, is_gone));
            }
        });
        relay
    }

    /// Lets everything vanish, or not.
    pub fn swallow(&self, everything: bool) {
        self.swallows.store(everything, Ordering::SeqCst);
    }

    /// Lets vanish what comes over the connections that there are, as a firewall does that has forgotten them.
    pub fn forget_connections(&self) {
        self.dropped
            .store(self.came.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    pub fn connections(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    is_gone: impl Fn() -> bool,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if !is_gone() && to.write_all(&bytes[..read]).await.is_err() {
            break;
        }
    }
    // The end of a connection does not get through either.
    if is_gone() {
        std::future::pending::<()>().await;
    }
}
