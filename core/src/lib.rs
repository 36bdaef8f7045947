#![forbid(unsafe_code)]
//! Act for a person who consents: on digi.me, to push files and FHIR resources and read them back; on Patients Know Best, as the
//! patient whose record is linked.
//!
//! Start with [`digime::Client`] or [`pkb::Client`]; every method of a client is documented at its operation in the same module.

mod address;
mod callback;
mod crypto;
pub mod describe;
pub mod digime;
pub mod dynamic;
mod error;
mod jwt;
pub mod link;
mod non_empty_string;
pub mod operation;
pub mod pkb;
mod request;
mod secret;
pub mod transport;
pub mod world;

pub use callback::{BoxError, Callback};
pub use digime::{Client, Config};
pub use error::{
    ApiError, ERROR_CLASSES, Error, ErrorClass, ErrorKind, FailedResponse, FhirFailure, FhirIssue,
    LinkConflict, PkbFailure,
};
pub use non_empty_string::{EmptyString, NonEmptyString};
pub use secret::Secret;
pub use world::World;
