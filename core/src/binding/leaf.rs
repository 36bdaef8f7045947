//! What serde has no word for, bytes that are shared and things that stay with the caller, on its way through serde.
//!
//! A type that takes one asks its deserializer for a newtype of an agreed name; the deserializer of [`Value`]s then hands the
//! value over beside serde. Any other deserializer knows nothing of that name, and the type refuses what it gives.

use std::cell::RefCell;
use std::fmt;

use bytes::Bytes;
use serde::de::{self, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use super::host::{HostBytes, HostFunction, HostStream};
use super::{Dialect, Value};

/// The agreed name.
pub(super) const NAME: &str = "$leaf";

thread_local! {
    static HANDED_OVER: RefCell<Option<Handed>> = const { RefCell::new(None) };
    static RETURNED: RefCell<Option<Value>> = const { RefCell::new(None) };
}

/// A value handed over, not yet looked at.
pub(crate) struct Handed {
    value: Value,
    dialect: Dialect,
}

/// A source of bytes.
pub(crate) enum Leaf {
    Bytes(Bytes),
    Kept(HostBytes),
    Stream(HostStream),
}

pub(super) fn hand_over(value: Value, dialect: Dialect) {
    HANDED_OVER.set(Some(Handed { value, dialect }));
}

/// Hands a value to the serializer of responses.
pub(crate) fn serialize_leaf<S: Serializer>(
    serializer: S,
    value: Value,
) -> Result<S::Ok, S::Error> {
    serialize_leaf_or(serializer, value, &())
}

/// Hands a value to the serializer of responses; any other is given something else in its place.
pub(crate) fn serialize_leaf_or<S: Serializer>(
    serializer: S,
    value: Value,
    otherwise: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    RETURNED.set(Some(value));
    let outcome = serializer.serialize_newtype_struct(NAME, otherwise);
    // A serializer that knows nothing of the name leaves it.
    RETURNED.take();
    outcome
}

/// Takes the value that a response hands over.
pub(super) fn take_returned() -> Option<Value> {
    RETURNED.take()
}

/// Takes the value that a deserializer hands over.
pub(crate) fn leaf<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Handed, D::Error> {
    deserializer.deserialize_newtype_struct(NAME, TakeLeaf)
}

impl Handed {
    pub(crate) fn into_function(self) -> Result<HostFunction, String> {
        match self.value {
            Value::Function(path) => Ok(HostFunction::new(path, self.dialect)),
            Value::Unfit(reason) => Err(reason.into_owned()),
            other => Err(format!("expected a function, got {}", other.kind())),
        }
    }

    pub(crate) fn into_source(self) -> Result<Leaf, String> {
        match self.value {
            Value::Bytes(bytes) => Ok(Leaf::Bytes(bytes)),
            Value::Stream(path) => HostStream::new(path)
                .map(Leaf::Stream)
                .ok_or_else(|| "a stream can be read only within a call".to_owned()),
            Value::Kept { path, length } => {
                HostBytes::new(path, length).map(Leaf::Kept).ok_or_else(|| {
                    "bytes that stay with the caller can be read only within a call".to_owned()
                })
            }
            Value::Unfit(reason) => Err(reason.into_owned()),
            other => Err(format!(
                "expected bytes or a stream of bytes, got {}",
                other.kind()
            )),
        }
    }
}

struct TakeLeaf;

impl Visitor<'_> for TakeLeaf {
    type Value = Handed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the caller's language")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Handed, E> {
        HANDED_OVER
            .take()
            .ok_or_else(|| E::custom("expected a value of the caller's language"))
    }
}
