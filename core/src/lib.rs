#![forbid(unsafe_code)]
// The ground serves both platforms and all stores: of a build with some of them, a part of it serves nobody. What is dead for good shows
// in a build with all.
#![cfg_attr(
    not(all(
        feature = "digime",
        feature = "pkb",
        feature = "sqlite",
        feature = "postgres"
    )),
    allow(dead_code, unused_imports)
)]
#![doc = include_str!("../README.md")]
//!
//! # Where to start
//!
//! With [`digime::Client`] or [`pkb::Client`]; every method of a client is documented at its operation in the same module.

#[cfg(not(any(feature = "digime", feature = "pkb")))]
compile_error!("digime-sdk without a platform does nothing: turn on its feature `digime` or `pkb`");

mod address;
#[cfg(feature = "__binding")]
pub mod binding;
#[cfg(not(feature = "__binding"))]
#[expect(
    dead_code,
    unused_imports,
    reason = "nobody comes in by a door that is shut"
)]
mod binding;
mod byte_stream;
mod callback;
mod closing;
pub mod connections;
mod crypto;
#[cfg(feature = "__binding")]
pub mod describe;
#[cfg(feature = "digime")]
pub mod digime;
mod document;
mod environment;
mod error;
mod http;
#[cfg(feature = "digime")]
mod jwt;
mod non_empty_string;
pub mod operation;
#[cfg(feature = "pkb")]
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
