//! A function of the application that a call tells things to.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::Error;
use crate::binding::HostFunction;
use crate::closing::UnderWay;

/// What a function of a Rust application may fail with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

type Native<T> = dyn Fn(T) -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync;

/// A function that is told a `T` and awaited.
pub struct Callback<T>(Function<T>);

enum Function<T> {
    Native(Arc<Native<T>>),
    Host(HostFunction),
}

impl<T> Callback<T> {
    /// A function of a Rust application.
    pub fn new<F, Fut>(function: F) -> Self
    where
        F: Fn(T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        Self(Function::Native(Arc::new(move |told| {
            Box::pin(function(told))
        })))
    }
}

impl<T: Serialize> Callback<T> {
    /// Calls the function and waits for it.
    pub(crate) async fn tell(&self, told: T) -> Result<(), Error> {
        match &self.0 {
            Function::Native(function) => {
                let outcome = function(told).await;
                // An error of this SDK comes from another callback that this one has called.
                outcome.map_err(|error| match error.downcast::<Error>() {
                    Ok(error) => *error,
                    Err(error) => Error::sdk(format!("a callback failed: {error}")),
                })
            }
            Function::Host(function) => function.invoke(told).await.map(drop),
        }
    }
}

impl<T: Serialize> Callback<T> {
    /// Hands it to whoever iterates, and waits until the next is asked for, which may be never: nothing is under way meanwhile. `counted` is what
    /// says that something is.
    pub(crate) async fn hand_out(
        &self,
        told: T,
        under_way: &UnderWay,
        counted: TaskTrackerToken,
    ) -> Result<TaskTrackerToken, Error> {
        match &self.0 {
            // What the application does with it is work of the call's.
            Function::Native(_) => self.tell(told).await.map(|()| counted),
            Function::Host(function) => {
                drop(counted);
                function.invoke(told).await?;
                under_way.begin()
            }
        }
    }
}

impl<T> Clone for Callback<T> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Function::Native(function) => Function::Native(Arc::clone(function)),
            Function::Host(function) => Function::Host(function.clone()),
        })
    }
}

impl<'de, T> Deserialize<'de> for Callback<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let function = HostFunction::deserialize(deserializer)?;
        Ok(Self(Function::Host(function)))
    }
}

#[cfg(feature = "__binding")]
impl<T: JsonSchema> JsonSchema for Callback<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("CallbackOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<T>();
        json_schema!({ "x-host": "callback", "x-argument": argument })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl<T> fmt::Debug for Callback<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}
