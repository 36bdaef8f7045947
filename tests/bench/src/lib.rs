//! The platform that the bench measures against: it checks nothing, and has made all its answers before it is asked.

mod announcement;
mod content;
mod envelope;
mod error;
mod fhir;
mod keys;
mod platform;
mod ripening;
mod tls;

pub use announcement::{Announcement, Place};
pub use content::{brotli, gzip, repeated, text};
pub use envelope::{Cipher, ENVELOPE_HEAD, Endless, seal};
pub use error::{BenchError, complete};
pub use keys::{CONTRACT_PEM, contract, sign};
pub use platform::Platform;
pub use tls::tls;
