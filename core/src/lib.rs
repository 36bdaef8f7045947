#![forbid(unsafe_code)]
//! Act for a user who consents, on digi.me: authorise, exchange the code, push files and FHIR resources, read accounts.
//!
//! Start with [`Config`] and [`Client`]; every method of the client is documented at its operation in [`digime`].

mod crypto;
pub mod describe;
pub mod digime;
pub mod dynamic;
mod error;
mod jwt;
pub mod operation;
mod request;
mod secret;
pub mod transport;
pub mod world;

pub use digime::{Client, Config};
pub use error::{ApiError, ERROR_CLASSES, Error, ErrorClass, ErrorKind, FailedResponse};
pub use secret::Secret;
pub use world::World;
