//! The distance to the far platform: what one end sends reaches the other half of a round trip later, in order and as fast as it was sent.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, sleep_until};

/// How long it takes there and back.
pub const ROUND_TRIP: Duration = Duration::from_millis(50);
/// How much may be on its way in each direction: beyond it whoever sends has to wait, as with TCP.
pub const WINDOW: usize = 4 * 1024 * 1024;
/// How much is taken on at a time.
const PIECE: u32 = 64 * 1024;

/// The far end of a connection that was accepted just now.
pub fn far_end(connection: TcpStream) -> io::Result<DuplexStream> {
    connection.set_nodelay(true)?;
    // TCP has connected a round trip after its first packet has left. Here the client believes to be connected at once.
    let connected = Instant::now() + ROUND_TRIP;
    let (end, platform) = duplex(PIECE as usize);
    let (from_client, to_client) = connection.into_split();
    let (from_platform, to_platform) = split(platform);
    tokio::spawn(carry(from_client, to_platform, connected));
    tokio::spawn(carry(from_platform, to_client, connected));
    Ok(end)
}

/// What is on its way. None of it ends a direction.
struct Piece {
    bytes: Bytes,
    arrives: Instant,
    /// Its part of the window.
    _window: OwnedSemaphorePermit,
}

/// Carries one direction to its end. An end that breaks off is told to the other by the end of what it sends.
async fn carry(
    from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
    connected: Instant,
) -> Option<()> {
    let (leaving, arriving) = mpsc::unbounded_channel();
    tokio::join!(leave(from, leaving, connected), arrive(to, arriving)).1
}

/// Takes on what is sent, as far as there is room on the way.
async fn leave(
    mut from: impl AsyncRead + Unpin,
    leaving: mpsc::UnboundedSender<Piece>,
    connected: Instant,
) -> Option<()> {
    let window = Arc::new(Semaphore::new(WINDOW));
    loop {
        let room = Arc::clone(&window).acquire_many_owned(PIECE).await;
        let mut room = room.ok()?;
        let mut bytes = BytesMut::with_capacity(PIECE as usize);
        let read = (&mut from).take(PIECE.into()).read_buf(&mut bytes).await;
        let read = read.unwrap_or_default();
        let left = Instant::now().max(connected);
        let piece = Piece {
            bytes: bytes.freeze(),
            arrives: left + ROUND_TRIP / 2,
            _window: room.split(read)?,
        };
        leaving.send(piece).ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// Hands over each piece in its time.
async fn arrive(
    mut to: impl AsyncWrite + Unpin,
    mut arriving: mpsc::UnboundedReceiver<Piece>,
) -> Option<()> {
    while let Some(piece) = arriving.recv().await {
        sleep_until(piece.arrives).await;
        if piece.bytes.is_empty() {
            return to.shutdown().await.ok();
        }
        to.write_all(&piece.bytes).await.ok()?;
    }
    None
}
