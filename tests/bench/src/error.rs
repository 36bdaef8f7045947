//! What can go wrong in a bench. There is nobody to recover: the text is for whoever runs it.

use std::io;

use aws_lc_rs::error::{KeyRejected, Unspecified};
use digime_sdk::connections::StoreFailure;
use digime_sdk::digime::EmptyString;
use digime_sdk::transport::TransportFailure;
use tokio::task::JoinError;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem;

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A key is not what the bench takes it for.
    #[error("a key of the bench cannot be used: {0}")]
    Key(#[from] KeyRejected),
    /// A certificate or its key cannot be read.
    #[error("a certificate of the bench cannot be read: {0}")]
    Certificate(#[from] pem::Error),
    /// A certificate cannot be used.
    #[error("TLS cannot be spoken: {0}")]
    Tls(#[from] rustls::Error),
    /// A primitive failed.
    #[error("a cryptographic primitive failed: {0}")]
    Primitive(#[from] Unspecified),
    /// The SDK failed.
    #[error("a call of the SDK failed: {0}")]
    Call(#[from] digime_sdk::Error),
    /// A store cannot be had.
    #[error("a store cannot be had: {0}")]
    Store(#[from] StoreFailure),
    /// A name is missing.
    #[error("a name of the bench {0}")]
    Name(#[from] EmptyString),
    /// A bare exchange failed.
    #[error("an HTTP exchange failed: {0:?}")]
    Exchange(TransportFailure),
    /// A request or an answer cannot be written.
    #[error("an HTTP message cannot be written: {0}")]
    Message(#[from] http::Error),
    /// What was to be JSON is not, or is not the JSON that is expected.
    #[error("not the JSON that was expected: {0}")]
    Json(#[from] serde_json::Error),
    /// A socket, or the memory of bytes that are compressed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A task ended before its work was done.
    #[error("a task broke off: {0}")]
    Task(#[from] JoinError),
    /// Less came than was asked for, so that what was measured is not what was meant.
    #[error("expected {expected} {what}, got {got}")]
    Incomplete {
        /// What was counted.
        what: &'static str,
        /// How many were asked for.
        expected: u64,
        /// How many came.
        got: u64,
    },
}

impl From<TransportFailure> for BenchError {
    fn from(failure: TransportFailure) -> Self {
        Self::Exchange(failure)
    }
}

/// Refuses what is less than was asked for.
pub fn complete(what: &'static str, expected: u64, got: u64) -> Result<(), BenchError> {
    if got == expected {
        Ok(())
    } else {
        Err(BenchError::Incomplete {
            what,
            expected,
            got,
        })
    }
}
