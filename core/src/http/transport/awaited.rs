//! What is made of an answer that the application's transport gives: its body as it comes, whole as far as that can be told, and an error where
//! there is none.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{NetworkCause, ResponseBody, Sent, TransportFailure};

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
        let length = headers.get(CONTENT_LENGTH).cloned();
        if was_coded {
            headers.remove(CONTENT_LENGTH);
        }
        // Whether that is the length of the body as it is given.
        let counts = is_raw || (!self.comes.perhaps_coded && !was_coded);
        let length = length
            .filter(|_| counts && self.comes.with_a_body && !bodiless)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        let mut response = http::Response::new(self.into_body(length));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// The body, which is so many bytes long, where that is known.
    fn into_body(self, length: Option<u64>) -> ResponseBody {
        stream::unfold(Some((self, 0_u64)), move |state| async move {
            let (mut awaited, before) = state?;
            if let Some(chunk) = awaited.chunks.recv().await {
                let come = before + chunk.len() as u64;
                return Some((Ok(chunk), Some((awaited, come))));
            }
            let failure = match awaited.ending.get() {
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
