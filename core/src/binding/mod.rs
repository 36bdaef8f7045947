//! The one door for bindings: options and results as neutral values, a call as a conversation.
//!
//! A binding converts its language's objects to [`Value`]s and back, and answers the [`Step`]s of a [`Call`]. Where the application has a
//! transport of its own, the binding has that carry the [`Exchange`]s of the call beside its steps. It knows no operation by name, so adding
//! one opens no binding. Rust applications use the typed [`crate::digime::Client`] and
//! [`crate::pkb::Client`] instead.

#[cfg(feature = "__binding")]
mod call;
mod de;
mod decimal;
mod host;
mod later_steps;
mod leaf;
mod manner;
mod misfit;
mod parse;
mod part;
#[cfg(feature = "__binding")]
mod platforms;
mod record;
mod ser;
mod spelling;
mod step;
mod value;

#[cfg(feature = "__binding")]
pub use call::Call;
pub use later_steps::LaterSteps;
#[cfg(feature = "__binding")]
pub use platforms::{Client, Config};
pub use spelling::{Dialect, nearest};
pub use step::{Reply, Step};
pub use value::Value;

pub use crate::http::transport::{BrokenOff, Exchange, RequestBody};

pub(crate) use de::CHOICE;
pub(crate) use host::{HostFunction, apart, carries, carry, stop_requested};
pub(crate) use leaf::{Leaf, leaf, serialize_leaf, serialize_leaf_or};
pub(crate) use parse::{parse, parse_at, parse_config, parse_portion};
pub(crate) use part::{DOCUMENT, KEPT_OPEN, OPEN};
pub(crate) use record::{Told, given};
