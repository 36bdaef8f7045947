//! A TCP connection that is read to its end, also after the other side has stopped to read: what it had to say may have arrived already.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A server that refuses a request early, and closes, makes writing fail while its answer waits in the socket. Whoever writes is therefore
/// kept waiting, and is told when there is nothing more to read.
pub(super) struct Lasting {
    stream: TcpStream,
    writing: Writing,
}

enum Writing {
    Goes,
    /// It failed so; whoever wanted to write on waits for the end of what is read.
    Failed {
        kind: ErrorKind,
        waiting: Option<Waker>,
    },
    /// It failed so, and all was read.
    Over(ErrorKind),
}

impl Lasting {
    pub(super) fn new(stream: TokioIo<TcpStream>) -> TokioIo<Self> {
        TokioIo::new(Self {
            stream: stream.into_inner(),
            writing: Writing::Goes,
        })
    }

    /// Writes by `write`, unless that failed before.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match &mut self.writing {
            Writing::Goes => {}
            Writing::Failed { waiting, .. } => {
                *waiting = Some(context.waker().clone());
                return Poll::Pending;
            }
            Writing::Over(kind) => return Poll::Ready(Err((*kind).into())),
        }
        match write(Pin::new(&mut self.stream), context) {
            Poll::Ready(Err(error)) if is_of_the_other_side(error.kind()) => {
                self.writing = Writing::Failed {
                    kind: error.kind(),
                    waiting: Some(context.waker().clone()),
                };
                Poll::Pending
            }
            outcome => outcome,
        }
    }

    /// All was read: what there is to say of it.
    fn ends(&mut self, with: io::Result<()>) -> io::Result<()> {
        let kind = match &mut self.writing {
            Writing::Goes => return with,
            Writing::Failed { kind, waiting } => {
                if let Some(waiting) = waiting.take() {
                    waiting.wake();
                }
                *kind
            }
            Writing::Over(kind) => *kind,
        };
        self.writing = Writing::Over(kind);
        // Where the other side had closed in order, the system calls it a broken pipe, and the end is that of its answer. Else there may have
        // been more.
        match with {
            Ok(()) if kind != ErrorKind::BrokenPipe => Err(kind.into()),
            with => with,
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
        Connected::new()
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
        self.write(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |stream, context| {
            stream.poll_write_vectored(context, bytes)
        })
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
