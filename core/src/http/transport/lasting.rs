//! A TCP connection that is read to its end, also after the other side has stopped to read: what it had to say may have arrived already.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A server that refuses a request early, and closes, makes writing fail while its answer waits in the socket. What is written then goes
/// nowhere, and whoever writes is told so once all was read. To be kept waiting would be wrong: some have stopped to read before.
pub(super) struct Lasting {
    stream: TcpStream,
    /// How writing failed.
    failed: Option<ErrorKind>,
    is_read_to_its_end: bool,
    is_proxied: bool,
}

impl Lasting {
    /// `is_proxied` where it leads to a proxy that hands on what is sent.
    pub(super) fn new(stream: TokioIo<TcpStream>, is_proxied: bool) -> TokioIo<Self> {
        TokioIo::new(Self {
            stream: stream.into_inner(),
            failed: None,
            is_read_to_its_end: false,
            is_proxied,
        })
    }

    /// Writes so many bytes by `write`, unless that failed before.
    fn write(
        &mut self,
        length: usize,
        write: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let kind = match (self.failed, self.is_read_to_its_end) {
            (Some(kind), _) => kind,
            (None, true) => return write(Pin::new(&mut self.stream)),
            (None, false) => match write(Pin::new(&mut self.stream)) {
                Poll::Ready(Err(error)) if is_of_the_other_side(error.kind()) => error.kind(),
                outcome => return outcome,
            },
        };
        self.failed = Some(kind);
        Poll::Ready(if self.is_read_to_its_end {
            Err(kind.into())
        } else {
            Ok(length)
        })
    }

    /// All was read: what there is to say of it.
    fn ends(&mut self, with: io::Result<()>) -> io::Result<()> {
        self.is_read_to_its_end = true;
        // Where the other side had closed in order, the system calls it a broken pipe, and the end is that of its answer. Else there may have
        // been more.
        match (with, self.failed) {
            (Ok(()), Some(kind)) if kind != ErrorKind::BrokenPipe => Err(kind.into()),
            (with, _) => with,
        }
    }
}

fn is_of_the_other_side(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}

impl Connection for Lasting {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.is_proxied)
    }
}

impl AsyncRead for Lasting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => Poll::Ready(Ok(())),
            Poll::Ready(end) => Poll::Ready(self.ends(end)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Lasting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(bytes.len(), |stream| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = bytes.iter().map(|part| part.len()).sum();
        self.write(length, |stream| stream.poll_write_vectored(context, bytes))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
