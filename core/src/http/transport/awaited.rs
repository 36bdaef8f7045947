//! What is made of an answer that the application's transport gives: its body as it comes, whole as far as that can be told, and an error where
//! there is none.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{NetworkCause, OnClock, ResponseBody, Sent, TransportFailure};

/// How long the end of an answer is waited for of which every byte has come: its connection may serve again then.
const LINGER: Duration = Duration::from_millis(100);

/// The head of an answer.
pub(super) struct Head {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Whether the body comes as it was sent, coded where the headers say so.
    pub is_raw: bool,
}

/// What is known of an answer before it comes.
pub(super) struct Comes {
    /// Whether it may have a body.
    pub with_a_body: bool,
    /// Whether it may come coded, and then, decoded, have another length than it says.
    pub perhaps_coded: bool,
    /// Whose time it is waited in, if that is known.
    pub clock: Option<OnClock>,
}

/// How an answer's body has ended. One that has not was dropped.
pub(super) type Ending = OnceLock<Result<(), TransportFailure>>;

/// What is left of a request's body.
pub(super) enum Left {
    Chunks(BoxStream<'static, std::io::Result<Bytes>>),
    Nothing,
    Broken,
}

impl Left {
    /// Puts this in its place, whose lock nobody holds for long.
    pub(super) fn put(self, place: &Mutex<Self>) -> Self {
        let mut left = place.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *left, self)
    }
}

/// The other end of an exchange. Dropped, it says that nobody waits.
pub(super) struct Awaited {
    head: oneshot::Receiver<Result<Head, TransportFailure>>,
    chunks: mpsc::Receiver<Bytes>,
    ending: Arc<Ending>,
    path: String,
    comes: Comes,
    _waiting: Waiting,
}

/// Somebody who waits for an answer.
pub(super) struct Waiting {
    pub over: CancellationToken,
    pub left: Arc<Mutex<Left>>,
}

impl Drop for Waiting {
    /// However long the other end is kept, what it would have sent is let go of: that may hold the call.
    fn drop(&mut self) {
        self.over.cancel();
        drop(Left::Broken.put(&self.left));
    }
}

impl Awaited {
    pub(super) fn new(
        head: oneshot::Receiver<Result<Head, TransportFailure>>,
        (chunks, ending): (mpsc::Receiver<Bytes>, Arc<Ending>),
        path: &str,
        comes: Comes,
        waiting: Waiting,
    ) -> Self {
        Self {
            head,
            chunks,
            ending,
            path: path.to_owned(),
            comes,
            _waiting: waiting,
        }
    }

    /// The answer, whose body is read as it comes.
    pub(super) async fn response(
        mut self,
    ) -> Result<http::Response<ResponseBody>, TransportFailure> {
        let head = (&mut self.head).await;
        let Head {
            status,
            mut headers,
            is_raw,
        } = head.unwrap_or_else(|_| Err(misbehaved(&self.path, "gave no answer")))?;
        let bodiless = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        let was_coded = !is_raw && headers.remove(CONTENT_ENCODING).is_some();
        // Whether its length, as it is told, is that of the body as it is given.
        let counts = is_raw || (!self.comes.perhaps_coded && !was_coded);
        let length = if counts && self.comes.with_a_body && !bodiless {
            let told = length_told(&headers);
            told.map_err(|()| {
                misbehaved(&self.path, "gave an answer whose content-length is none")
            })?
        } else {
            None
        };
        if was_coded {
            headers.remove(CONTENT_LENGTH);
        }
        let mut response = http::Response::new(self.into_body(length));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// What comes after every byte of the answer, which is nothing, unless it tells a wrong length.
    async fn lingering(&mut self) -> Option<Bytes> {
        let OnClock(clock) = self.comes.clock.as_ref()?;
        tokio::select! {
            biased;
            chunk = self.chunks.recv() => chunk,
            () = clock.alarm(LINGER) => None,
        }
    }

    /// The body, which is so many bytes long, where that is known.
    fn into_body(self, length: Option<u64>) -> ResponseBody {
        stream::unfold(Some((self, 0_u64)), move |state| async move {
            let (mut awaited, before) = state?;
            let is_whole = length == Some(before);
            let next = if is_whole {
                awaited.lingering().await
            } else {
                awaited.chunks.recv().await
            };
            if let Some(chunk) = next {
                let come = before + chunk.len() as u64;
                return Some((Ok(chunk), Some((awaited, come))));
            }
            let failure = match awaited.ending.get() {
                // Whatever becomes of a connection that has brought everything.
                _ if is_whole => return None,
                Some(Ok(())) => {
                    let told = length.filter(|length| *length != before)?;
                    not_as_long(&awaited.path, before, told)
                }
                Some(Err(failure)) => failure.clone(),
                None => misbehaved(&awaited.path, "gave an answer without an end"),
            };
            Some((Err(failure), None))
        })
        .boxed()
    }
}

/// The length that an answer's head tells, if it does (RFC 9110 section 8.6).
fn length_told(headers: &HeaderMap) -> Result<Option<u64>, ()> {
    let mut told = None;
    for value in headers.get_all(CONTENT_LENGTH) {
        for length in value.to_str().map_err(drop)?.split(',').map(str::trim) {
            let is_number = length.bytes().all(|digit| digit.is_ascii_digit());
            let length: u64 = length.parse().map_err(drop)?;
            if !is_number || *told.get_or_insert(length) != length {
                return Err(());
            }
        }
    }
    Ok(told)
}

/// It did not keep to what was agreed: `how` goes on from its name, and quotes nothing.
pub(super) fn misbehaved(path: &str, how: impl fmt::Display) -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::Protocol,
        message: format!("{path} {how}"),
        sent: Sent::Maybe,
    }
}

fn not_as_long(path: &str, come: u64, told: u64) -> TransportFailure {
    TransportFailure::Network {
        cause: if come < told {
            NetworkCause::ConnectionReset
        } else {
            NetworkCause::Protocol
        },
        message: format!("{path} gave an answer of {come} bytes, whose content-length is {told}"),
        sent: Sent::Maybe,
    }
}
