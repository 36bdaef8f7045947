//! Functions of the application's own language by which a key management service wraps keys.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use super::encryption_key::{self, WrappedKey};
use crate::binding::{HostFunction, Value};
use crate::{BoxError, Error, Secret};

/// How a key management service wraps the keys that encrypt the store: the SDK makes them, and keeps them wrapped, beside what they encrypt.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub(crate) struct KeyWrapping {
    /// Wraps a key, which is 32 bytes: gives what the service makes of it, as bytes or text.
    wrap: Wrap,
    /// Gives the 32 bytes of a key again, or their base64, for what `wrap` has given.
    unwrap: Unwrap,
    /// For how long an unwrapped key is kept in memory, in milliseconds: for so long the service may be away. Default 3,600,000 (one hour).
    #[serde(rename = "cacheFor")]
    pub(super) cached_for: Option<u64>,
}

/// A function that is given a key and answers with another form of it.
macro_rules! key_function {
    ($name:ident, $argument:literal, $answer:literal) => {
        #[derive(Debug, Clone)]
        struct $name(HostFunction);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                HostFunction::deserialize(deserializer).map(Self)
            }
        }

        #[cfg(feature = "__binding")]
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "x-host": "callback", "x-argument": { "x-host": $argument }, "x-answer": { "x-host": $answer } })
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

key_function!(Wrap, "bytes", "keyMaterial");
key_function!(Unwrap, "wrappedKey", "keyMaterial");

/// What a function is given.
enum Given<'a> {
    Bytes(&'a [u8]),
    Text(&'a str),
}

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// What a function has answered that is neither bytes nor text.
#[derive(Debug)]
struct Misfit(&'static str);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it gave {}, and not a key as bytes or text", self.0)
    }
}

impl std::error::Error for Misfit {}

/// As the application sees it: its own error, or the SDK's on what it gave.
fn failed(error: Error) -> BoxError {
    Box::new(error)
}

impl encryption_key::KeyWrapping for KeyWrapping {
    fn wrap<'a>(&'a self, key: &'a [u8; 32]) -> BoxFuture<'a, Result<WrappedKey, BoxError>> {
        Box::pin(async move {
            match self
                .wrap
                .0
                .invoke(Given::Bytes(key))
                .await
                .map_err(failed)?
            {
                Value::Bytes(bytes) => Ok(WrappedKey::Bytes(bytes.to_vec())),
                Value::String(text) => Ok(WrappedKey::Text(text)),
                other => Err(Box::new(Misfit(other.kind())) as BoxError),
            }
        })
    }

    fn unwrap<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<Secret<Vec<u8>>, BoxError>> {
        Box::pin(async move {
            let given = match wrapped {
                WrappedKey::Bytes(bytes) => Given::Bytes(bytes),
                WrappedKey::Text(text) => Given::Text(text),
            };
            match self.unwrap.0.invoke(given).await.map_err(failed)? {
                Value::Bytes(bytes) => Ok(bytes.to_vec().into()),
                Value::String(text) => {
                    let text = Secret::from(text);
                    let bytes = STANDARD.decode(text.expose().trim());
                    Ok(bytes.map_err(|_| Misfit("text that is not base64"))?.into())
                }
                other => Err(Box::new(Misfit(other.kind())) as BoxError),
            }
        })
    }
}
