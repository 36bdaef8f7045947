//! One request that a transport of the application's own carries: what that is given, how it answers, and that it keeps to what was agreed.

use std::fmt;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::awaited::{Awaited, Comes, Ending, Head, Left, Waiting, misbehaved};
use super::{Body, Idle, LeavesInTime, NetworkCause, OnClock, Sent, TransportFailure};
use crate::binding::Value;

/// How many chunks of an answer may wait to be read.
const WAITING: usize = 4;

/// One request on its way through the application's own transport. Whoever carries it asks for its body, answers, and learns when nobody
/// waits any more; all of that also when the call is over that it was made for. Dropped without an end, it has failed.
pub struct Exchange {
    path: String,
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    idle: Option<Duration>,
    body: Option<RequestBody>,
    left: Arc<StdMutex<Left>>,
    /// Held by the one who asks for the next chunk.
    reading: Mutex<()>,
    answering: StdMutex<Answering>,
    ending: Arc<Ending>,
    over: CancellationToken,
}

/// What is known of a request's body before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestBody {
    /// How many bytes it has, if that is known.
    pub length: Option<u64>,
    /// Whether it may be read before there is a connection. Otherwise its first chunk is to be asked for when it is about to leave, and not
    /// before: the request is withheld if that is too late.
    pub may_be_read_ahead: bool,
}

/// A request's body breaks off: nothing more of the request is to be sent, and what was sent is to be no whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenOff;

enum Answering {
    Head(
        oneshot::Sender<Result<Head, TransportFailure>>,
        mpsc::Sender<Bytes>,
    ),
    Body(mpsc::Sender<Bytes>),
    Over,
}

impl Exchange {
    /// An exchange for the function at `path`, and where its answer is awaited.
    pub(super) fn new(request: http::Request<Body>, path: &str) -> (Self, Awaited) {
        let (head, head_awaited) = oneshot::channel();
        let (chunks, chunks_awaited) = mpsc::channel(WAITING);
        let ending = Arc::new(Ending::new());
        let over = CancellationToken::new();
        let (parts, body) = request.into_parts();
        let may_be_read_ahead = parts.extensions.get::<LeavesInTime>().is_none();
        let idle = parts.extensions.get::<Idle>().map(|idle| idle.0);
        let headers = parts.headers.iter();
        let comes = Comes {
            with_a_body: parts.method != Method::HEAD,
            perhaps_coded: super::host::may_be_coded(&parts),
            clock: parts.extensions.get::<OnClock>().cloned(),
        };
        let is_nothing = body.is_nothing();
        let (body, left) = match body {
            Body::Stream {
                length,
                chunks: left,
            } if !is_nothing => (
                Some(RequestBody {
                    length,
                    may_be_read_ahead,
                }),
                Left::Chunks(left),
            ),
            _ => (None, Left::Nothing),
        };
        let left = Arc::new(StdMutex::new(left));
        let exchange = Self {
            path: path.to_owned(),
            method: parts.method,
            url: parts.uri.to_string(),
            headers: headers
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            idle,
            body,
            left: Arc::clone(&left),
            reading: Mutex::new(()),
            answering: StdMutex::new(Answering::Head(head, chunks)),
            ending: Arc::clone(&ending),
            over: over.clone(),
        };
        let waiting = Waiting { over, left };
        let body = (chunks_awaited, ending);
        let awaited = Awaited::new(head_awaited, body, path, comes, waiting);
        (exchange, awaited)
    }

    /// Where the function stands that carries it: `config.fetch`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers, each byte of a value being one letter. That of the body's length is not among them.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// After how much silence it is given up, for whoever cannot be interrupted when it is.
    #[must_use]
    pub fn idle(&self) -> Option<Duration> {
        self.idle
    }

    /// What is known of the body; none where there is none.
    #[must_use]
    pub fn body(&self) -> Option<RequestBody> {
        self.body
    }

    /// The next chunk of the body, none at its end.
    pub async fn chunk(&self) -> Result<Option<Bytes>, BrokenOff> {
        let _reading = self.reading.lock().await;
        // Until it is there again: whoever asks may be gone meanwhile, and a part of the body with them.
        let mut chunks = match Left::Broken.put(&self.left) {
            Left::Chunks(chunks) => chunks,
            Left::Nothing => {
                Left::Nothing.put(&self.left);
                return Ok(None);
            }
            Left::Broken => return Err(BrokenOff),
        };
        let chunk = tokio::select! {
            biased;
            () = self.over.cancelled() => None,
            chunk = chunks.next() => Some(chunk),
        };
        let (left, chunk) = match chunk {
            Some(Some(Ok(chunk))) => (Left::Chunks(chunks), Some(chunk)),
            Some(None) => (Left::Nothing, None),
            Some(Some(Err(_))) | None => return Err(BrokenOff),
        };
        left.put(&self.left);
        if self.is_over() {
            Left::Broken.put(&self.left);
        }
        Ok(chunk)
    }

    /// Answers with a head: `{ status, headers, raw }`, the headers being pairs of texts or bytes. The body is `raw` where it comes as it was
    /// sent; otherwise it is decoded where there is a `content-encoding`. What is none fails the request, as what was agreed was not kept to.
    pub fn answer(&self, head: &Value) {
        let head = match read_head(head) {
            Ok(head) => head,
            Err(how) => return self.misbehave(how),
        };
        let mut answering = self.answering();
        match std::mem::replace(&mut *answering, Answering::Over) {
            Answering::Head(to, chunks) => {
                *answering = Answering::Body(chunks);
                // Whoever asked may have gone.
                let _ = to.send(Ok(head));
            }
            other => *answering = other,
        }
    }

    /// Hands over the next bytes of the answer's body. Waits until there is room; false if nobody reads them.
    pub async fn give(&self, chunk: Value) -> bool {
        let chunk = match chunk {
            Value::Bytes(chunk) => chunk,
            other => {
                self.misbehave(format!(
                    "answered with a body of which a chunk is no bytes, but {}",
                    other.kind()
                ));
                return false;
            }
        };
        let to = match &*self.answering() {
            Answering::Body(chunks) => Some(chunks.clone()),
            Answering::Head(..) | Answering::Over => None,
        };
        match to {
            // Silence is silence, however it is handed over.
            Some(chunks) if chunk.is_empty() => !chunks.is_closed(),
            Some(chunks) => chunks.send(chunk).await.is_ok(),
            None => false,
        }
    }

    /// The answer's body has come to its end.
    pub fn end(&self) {
        if let Answering::Body(_) = &*self.answering() {
            let _ = self.ending.set(Ok(()));
        }
        *self.answering() = Answering::Over;
    }

    /// No answer comes, or no more of it, since the network failed: by Node's name, if that is known (`ECONNREFUSED`), and with what is known
    /// of how much was sent.
    pub fn fail(&self, code: Option<&str>, sent: Sent) {
        let (cause, code) = match code.filter(|code| is_name(code)) {
            Some(code) => (NetworkCause::named(code), format!(": {code}")),
            None => (NetworkCause::Unknown, String::new()),
        };
        self.fail_with(TransportFailure::Network {
            cause,
            message: format!("{} failed{code}", self.path),
            sent,
        });
    }

    /// It did not keep to what was agreed: `how` goes on from its name, and quotes nothing.
    pub fn misbehave(&self, how: impl fmt::Display) {
        self.fail_with(misbehaved(&self.path, how));
    }

    /// Waits until nobody waits for it any more: it has come to its end, or was given up.
    pub async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Whether nobody waits for it any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    fn fail_with(&self, failure: TransportFailure) {
        match std::mem::replace(&mut *self.answering(), Answering::Over) {
            Answering::Head(to, _) => {
                let _ = to.send(Err(failure));
            }
            Answering::Body(_) => {
                let _ = self.ending.set(Err(failure));
            }
            Answering::Over => {}
        }
    }

    fn answering(&self) -> MutexGuard<'_, Answering> {
        self.answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Neither addresses nor headers are for everybody.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("path", &self.path)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// Whether it is a name as Node gives them, and cannot be about anybody.
fn is_name(code: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    code.len() <= 48 && code.bytes().all(is_letter)
}

/// A value of a header, each byte one letter, as JavaScript and Python have it.
fn text(value: &HeaderValue) -> String {
    value
        .as_bytes()
        .iter()
        .map(|byte| char::from(*byte))
        .collect()
}

fn read_head(head: &Value) -> Result<Head, &'static str> {
    let status = match head.get("status") {
        Some(Value::Integer(status)) => u16::try_from(*status).ok(),
        _ => None,
    };
    let status = status
        .filter(|status| *status >= 200)
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or("answered without a status from 200 to 999")?;
    let Some(Value::Array(pairs)) = head.get("headers") else {
        return Err("answered without headers");
    };
    let mut headers = HeaderMap::new();
    for pair in pairs {
        let (name, value) = header(pair).ok_or("answered with a header that is none")?;
        headers.append(name, value);
    }
    let is_raw = matches!(head.get("raw"), Some(Value::Bool(true)));
    Ok(Head {
        status,
        headers,
        is_raw,
    })
}

fn header(pair: &Value) -> Option<(HeaderName, HeaderValue)> {
    let Value::Array(pair) = pair else {
        return None;
    };
    let [name, value] = &pair[..] else {
        return None;
    };
    let name = HeaderName::from_bytes(&octets(name)?).ok()?;
    Some((name, HeaderValue::from_bytes(&octets(value)?).ok()?))
}

fn octets(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.to_vec()),
        Value::String(text) => {
            let octets = text.chars().map(|letter| u8::try_from(letter).ok());
            octets.collect()
        }
        _ => None,
    }
}
