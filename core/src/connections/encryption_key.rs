//! What an application gives as the key that encrypts its connections: the key itself, or how a key management service wraps keys.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::host_key_wrapping::KeyWrapping as HostKeyWrapping;
use crate::binding::CHOICE;
use crate::{BoxError, Secret};

/// For how long an unwrapped key is kept in memory, unless the application says otherwise.
pub(super) const CACHED_FOR: Duration = Duration::from_hours(1);

/// The key that encrypts what a store keeps.
#[derive(Clone)]
pub enum EncryptionKey {
    /// 32 random bytes in base64 or hexadecimal digits.
    Held(Secret<String>),
    /// Keys that the SDK makes and that a key management service wraps. What is stored has its wrapped key beside it.
    Wrapped {
        /// The service.
        by: Arc<dyn KeyWrapping>,
        /// For how long an unwrapped key is kept in memory.
        cached_for: Duration,
    },
}

impl EncryptionKey {
    /// Keys that are wrapped by a key management service, each kept in memory for an hour.
    pub fn wrapped(by: impl KeyWrapping + 'static) -> Self {
        Self::Wrapped {
            by: Arc::new(by),
            cached_for: CACHED_FOR,
        }
    }
}

/// A key management service, which never shows the key by which it wraps others.
pub trait KeyWrapping: Send + Sync {
    /// Wraps a key of 32 bytes.
    fn wrap<'a>(&'a self, key: &'a [u8; 32]) -> BoxFuture<'a, Result<WrappedKey, BoxError>>;

    /// Gives the 32 bytes that were wrapped.
    fn unwrap<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<Secret<Vec<u8>>, BoxError>>;
}

/// A key as a service has wrapped it: bytes, or text, by what the service gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrappedKey {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text, such as `vault:v1:…`.
    Text(String),
}

impl From<Secret<String>> for EncryptionKey {
    fn from(key: Secret<String>) -> Self {
        Self::Held(key)
    }
}

impl From<String> for EncryptionKey {
    fn from(key: String) -> Self {
        Self::Held(key.into())
    }
}

impl From<&str> for EncryptionKey {
    fn from(key: &str) -> Self {
        Self::Held(key.into())
    }
}

impl<'de> Deserialize<'de> for EncryptionKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice;

        impl<'de> Visitor<'de> for Choice {
            type Value = EncryptionKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key, or an object with the functions wrap and unwrap")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<EncryptionKey, E> {
                Ok(text.into())
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                key: D,
            ) -> Result<EncryptionKey, D::Error> {
                key.deserialize_str(self)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                functions: D,
            ) -> Result<EncryptionKey, D::Error> {
                let host = HostKeyWrapping::deserialize(functions)?;
                let cached_for = host.cached_for.map(Duration::from_millis);
                Ok(EncryptionKey::Wrapped {
                    cached_for: cached_for.unwrap_or(CACHED_FOR),
                    by: Arc::new(host),
                })
            }
        }

        deserializer.deserialize_newtype_struct(CHOICE, Choice)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for EncryptionKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EncryptionKey".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let wrapping = generator.subschema_for::<HostKeyWrapping>();
        // Where an object is of a class, its members are looked for by their names.
        json_schema!({ "anyOf": [{ "type": "string" }, wrapping], "x-members": ["wrap", "unwrap", "cacheFor"] })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey")
    }
}
