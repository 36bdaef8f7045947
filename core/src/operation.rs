//! What an operation is, and how to reach each of them without naming any.

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(feature = "__binding")]
use crate::binding::{self, Dialect, Value};
use crate::closing::UnderWay;
use crate::http::{ResponseHook, TimeoutOptions};
use crate::{Error, World};

/// What describes a type to those who print it in other languages.
#[cfg(feature = "__binding")]
use schemars::JsonSchema as Describable;

/// Where there are no other languages, nothing has to be described.
#[cfg(not(feature = "__binding"))]
mod undescribed {
    pub trait Describable {}
    impl<T> Describable for T {}
}
#[cfg(not(feature = "__binding"))]
use undescribed::Describable;

pub(crate) const HEADLINE: &str = "Parameters failed validation.";

/// A call of the platform. Its file holds its options, its response and what it does; its doc comment is its documentation in
/// every language.
pub trait Operation: Describable {
    /// The name that the JavaScript SDK gives it. Python spells it in snake case.
    const NAME: &'static str;
    /// The client of the platform whose call it is.
    type Client: PlatformClient;
    /// What the application gives.
    type Options: DeserializeOwned + Describable + Send;
    /// What the application gets.
    type Response: Serialize + Describable + Send;

    /// How the message of a `TypeValidationError` begins when an option is wrong: as the JavaScript SDK's does.
    const HEADLINE: &'static str = HEADLINE;

    /// The one option that this is about; of any other the message begins as that of a call without a headline of its own.
    const HEADLINE_IS_ABOUT: Option<&'static str> = None;

    /// Whether it ends the client, so that it may be made of one that has ended, and is not among what that waits for.
    const ENDS: bool = false;

    /// Whether it hands out one thing after the other, to somebody who may never ask for the next: it says by itself when it is under way.
    const ITERATES: bool = false;

    /// Whether it takes as long as there is something to do, and has no time of its own.
    const GOES_ON: bool = false;

    /// Reads options that come from another language.
    #[cfg(feature = "__binding")]
    fn parse(options: Value, dialect: Dialect) -> Result<Self::Options, Error> {
        binding::parse(options, dialect).map_err(|invalid| {
            let is_other = |option| invalid.path != option;
            let headline = if Self::HEADLINE_IS_ABOUT.is_some_and(is_other) {
                HEADLINE
            } else {
                Self::HEADLINE
            };
            invalid.under(headline)
        })
    }

    /// Does it.
    fn run(
        client: &Self::Client,
        options: Self::Options,
    ) -> impl Future<Output = Result<Self::Response, Error>> + Send;
}

/// A client of a platform, as all calls see it.
pub trait PlatformClient: Clone + Send + Sync + 'static {
    /// The same client with other time-outs; what is left out stays as it is.
    #[must_use]
    fn with_timeouts(&self, timeouts: &TimeoutOptions) -> Self;

    /// The same client for calls of which this is told, beside their results, what the platform has answered.
    #[must_use]
    fn with_on_response(&self, hook: ResponseHook) -> Self;

    /// The same client for a call, or a step of one that goes on and on, which begins now: the time that it may take is counted from here.
    #[must_use]
    fn beginning(&self) -> Self;

    /// Waits for a call as long as it may take, whatever it waits for, its store for one. Where its requests alone take time, each of them is
    /// bound by itself.
    fn bound<F>(
        &self,
        _call: &'static str,
        work: F,
    ) -> impl Future<Output = Result<F::Output, Error>> + Send
    where
        F: Future<Output: Send> + Send,
    {
        async { Ok(work.await) }
    }

    /// What is under way of it.
    fn under_way(&self) -> &UnderWay;

    /// The world that it is in.
    fn world(&self) -> &World;
}

/// Something to do with an operation of a platform, of which only the name is known.
pub trait Visitor<C> {
    /// What comes of it.
    type Output;

    /// Does it with the operation `O`.
    fn visit<O: Operation<Client = C> + 'static>(self) -> Self::Output;
}

/// Declares a call: its operation and its method of the client, which say the same of what it does.
macro_rules! call {
    ($(#[$about:meta])+ $client:ident::$method:ident: $operation:ident($options:ty) -> $response:ty) => {
        $(#[$about])+
        #[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
        pub struct $operation;

        impl $client {
            $(#[$about])+
            ///
            /// # Errors
            ///
            /// Options that do not fit are [`ErrorKind::TypeValidation`](crate::ErrorKind::TypeValidation), before anything is sent;
            /// [`Error::code`](crate::Error::code) names what else can be.
            pub async fn $method(&self, options: $options) -> Result<$response, crate::Error> {
                crate::operation::perform::<$operation>(self, options).await
            }
        }
    };
}
pub(crate) use call;

/// Declares the operations of a platform, each a file of the same name beside the invocation: their modules, their names, and `visit`.
macro_rules! operations {
    ($client:path; $($module:ident: $operation:ident),* $(,)?) => {
        $(pub(crate) mod $module;)*
        $(pub use $module::*;)*

        /// The names of all operations.
        pub const NAMES: &[&str] = &[$(<$module::$operation as crate::operation::Operation>::NAME),*];

        /// Lets the visitor do its work with the operation called `name`; none if there is none.
        pub fn visit<V: crate::operation::Visitor<$client>>(
            name: &str,
            visitor: V,
        ) -> Option<V::Output> {
            match name {
                $(<$module::$operation as crate::operation::Operation>::NAME => {
                    Some(visitor.visit::<$module::$operation>())
                })*
                _ => None,
            }
        }
    };
}
pub(crate) use operations;

/// Lets debug output say of these no more than what they are: what applications give is secret, or about a person, or may become so with
/// the next field.
macro_rules! unseen {
    ($($name:ident),*) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        })*
    };
}
pub(crate) use unseen;

/// Makes a call, whose time begins to count.
pub(crate) async fn perform<O: Operation>(
    client: &O::Client,
    options: O::Options,
) -> Result<O::Response, Error> {
    let _under_way = if O::ENDS || O::ITERATES {
        None
    } else {
        Some(client.under_way().begin()?)
    };
    let client = client.beginning();
    let world = client.world();
    // What a call does takes some room, which its caller's future need not have.
    let work = Box::pin(O::run(&client, options));
    let outcome = if O::GOES_ON {
        world.observing_call(O::NAME, work).await
    } else {
        let bounded = async { client.bound(O::NAME, work).await.flatten() };
        world.observing_call(O::NAME, bounded).await
    };
    outcome.map_err(|error| error.of_call(O::NAME))
}
