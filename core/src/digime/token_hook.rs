//! How an application hears of a new user access token.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};

use super::UserAccessToken;
use crate::Error;
use crate::dynamic::{self, HostFunction};

type Native = dyn Fn(UserAccessToken) -> BoxFuture<'static, Result<(), Box<dyn StdError + Send + Sync>>>
    + Send
    + Sync;

/// Called with the new token as soon as a refresh has brought one, and awaited before it is used: store it there, the old one is
/// spent. Where it fails, so does the call, and nothing more is sent.
#[derive(Clone)]
pub struct TokenHook(Hook);

#[derive(Clone)]
enum Hook {
    Native(Arc<Native>),
    Host(HostFunction),
}

impl TokenHook {
    /// A hook of a Rust application.
    pub fn new<F, Fut>(hook: F) -> Self
    where
        F: Fn(UserAccessToken) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        Self(Hook::Native(Arc::new(move |token| Box::pin(hook(token)))))
    }

    pub(crate) async fn tell(&self, token: &UserAccessToken) -> Result<(), Error> {
        match &self.0 {
            Hook::Native(hook) => hook(token.clone())
                .await
                .map_err(|error| Error::sdk(format!("on_access_token_change failed: {error}"))),
            Hook::Host(function) => function.invoke(token).await.map(drop),
        }
    }
}

impl<'de> Deserialize<'de> for TokenHook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let leaf = dynamic::leaf(deserializer)?;
        leaf.into_function()
            .map(|function| Self(Hook::Host(function)))
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for TokenHook {
    fn schema_name() -> Cow<'static, str> {
        "TokenHook".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<UserAccessToken>();
        json_schema!({ "x-host": "callback", "x-argument": argument })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Debug for TokenHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHook")
    }
}
