//! How PostgreSQL is asked to let go of a statement: whoever asks waits until the server hangs up, as libpq does. A pooler forgets a wish
//! whose sender has gone.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::config::Host;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Config};

use super::postgres_tls::Tls;

/// Asks for it. Whether the server heeds it cannot be seen.
pub(super) async fn ask_to_cancel(config: &Config, token: CancelToken, mut tls: Tls) {
    // Which of several hosts it is, the driver alone knows.
    let port = config.get_ports().first().copied().unwrap_or(5432);
    if let [Host::Tcp(host)] = config.get_hosts()
        && let Ok(stream) = TcpStream::connect((host.as_str(), port)).await
        && let Ok(handshake) = MakeTlsConnect::<UntilHungUp>::make_tls_connect(&mut tls, host)
    {
        let _ = token.cancel_query_raw(UntilHungUp(stream), handshake).await;
    } else {
        let _ = token.cancel_query(tls).await;
    }
}

/// A connection that is over when the other side says so.
struct UntilHungUp(TcpStream);

impl AsyncRead for UntilHungUp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for UntilHungUp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut bytes = [0; 64];
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut self.0).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
