//! A server on a free loopback port that lives as long as the value that stands for it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A port that is taken but does not answer yet.
pub(crate) struct Reserved {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// A server that answers until this is dropped.
pub(crate) struct Serving {
    _stop: oneshot::Sender<()>,
}

impl Reserved {
    pub(crate) async fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Answers in the background.
    pub(crate) fn serve(self, router: Router) -> Serving {
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(self.listener, router).with_graceful_shutdown(async move {
            // Dropping the sender is the signal, so the error is the news that is waited for.
            let _ = stopped.await;
        });
        tokio::spawn(server.into_future());
        Serving { _stop: stop }
    }

    /// Answers until the process ends.
    pub(crate) async fn serve_forever(self, router: Router) -> io::Result<()> {
        axum::serve(self.listener, router).await
    }
}
