#![forbid(unsafe_code)]
//! Act for a person who consents: on digi.me, to push files and FHIR resources and read them back; on Patients Know Best, as the
//! patient whose record is linked.
//!
//! Start with [`digime::Client`] or [`pkb::Client`]; every method of a client is documented at its operation in the same module.

mod address;
pub mod binding;
mod byte_stream;
mod callback;
mod closing;
pub mod connections;
mod crypto;
pub mod describe;
pub mod digime;
mod document;
mod environment;
mod error;
mod http;
mod jwt;
mod non_empty_string;
pub mod operation;
pub mod pkb;
mod secret;
mod single_flight;
mod trust;
pub mod world;

pub use crate::http::transport;
pub use byte_stream::ByteStream;
pub use callback::{BoxError, Callback};
pub use document::{Described, Document, JsonNumber, JsonObject, Open};
pub use error::{Error, ErrorClass, ErrorKind, FailedResponse, PlatformFailure, Words};
pub use http::{PlatformResponse, ResponseHook, TraceContext, TraceContextHook, TracedAttempt};
pub use non_empty_string::{EmptyString, NonEmptyString};
pub use secret::Secret;
pub use world::World;
