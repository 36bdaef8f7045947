//! A server that a test writes byte by byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use digime_sdk::digime::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The head of a request, and what has come of its body.
pub async fn head(socket: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return (String::from_utf8(bytes).unwrap(), body);
        }
        assert_ne!(socket.read_buf(&mut bytes).await.unwrap(), 0);
    }
}

pub async fn answer(socket: &mut TcpStream, status: &str, body: &str) {
    let length = body.len();
    let text =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    socket.write_all(text.as_bytes()).await.unwrap();
}

/// What a header of a request says.
pub fn header(head: &str, name: &str) -> String {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let (_, value) = lines.find(|(header, _)| *header == name).unwrap();
    value.to_owned()
}

/// Reads the head of the next request, which has no body; whether there was one.
async fn asked(socket: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if socket.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            continue;
        }
        return false;
    }
    true
}

/// A server that does with each connection what a test says.
pub struct Server {
    pub origin: String,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// `serves` is given how many connections there were before, and the connection.
    pub async fn start<F>(serves: impl Fn(usize, TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(serves(count.fetch_add(1, Ordering::SeqCst), socket));
            }
        });
        Self {
            origin,
            connections,
        }
    }

    /// One that answers the first request of each connection with these bytes, and closes it.
    pub async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = Arc::new(bytes.into());
        Self::start(move |_, mut socket| {
            let bytes = Arc::clone(&bytes);
            async move {
                head(&mut socket).await;
                socket.write_all(&bytes).await.unwrap();
            }
        })
        .await
    }

    /// One that answers every request with an empty list, and keeps its connections.
    pub async fn keeping() -> Self {
        Self::start(|_, mut socket| async move {
            // Until the client closes it.
            while asked(&mut socket).await {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
                socket.write_all(answer).await.unwrap();
            }
        })
        .await
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn config(&self) -> Config {
        let mut config = Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(format!("{}/", self.origin));
        config.cloud_base_url = Some(format!("{}/", self.origin));
        config
    }
}
