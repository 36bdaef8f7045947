//! The one door for bindings: options and results as neutral values, a call as a conversation.
//!
//! A binding converts its language's objects to [`Value`]s and back, and answers the [`Step`]s of a [`Call`]. It knows no
//! operation by name, so adding one opens no binding. Rust applications use the typed [`crate::Client`] instead.

mod call;
mod de;
mod host;
mod leaf;
mod ser;
mod spelling;
mod value;

pub use call::{Call, Reply, Step};
pub use spelling::Dialect;
pub use value::Value;

pub(crate) use de::{parse, parse_at};
pub(crate) use host::{HostFunction, carry, stop_requested};
pub(crate) use leaf::{Leaf, leaf, serialize_leaf};

use crate::{Client, Config, Error};

/// Makes a client from the configuration that an application gave in its own language.
///
/// Functions in the configuration (`retryOptions.calculateDelay`) are asked for through the [`Call`] that needs them, with
/// `config.` before their path.
pub fn open(config: Value, dialect: Dialect) -> Result<Client, Error> {
    Client::new(Config::from_value(config, dialect)?)
}
