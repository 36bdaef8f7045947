//! The border between Node and the core: a client, and calls as conversations. It knows no operation by name.

mod exchange;
mod from_js;
mod given_bytes;
mod place;
mod to_js;

use std::collections::HashMap;
use std::sync::Arc;

use digime_sdk::ErrorKind;
use digime_sdk::binding::{Call, Client, Config, Dialect};
use napi::Env;
use napi::bindgen_prelude::{
    Either, Object, PromiseRaw, Result, Unknown, create_custom_tokio_runtime,
};
use napi_derive::napi;
use tokio::runtime::Builder;

use exchange::NativeExchange;
use from_js::{Keep, Reader};

/// Tokio wakes a second thread with each piece of work that it is given, to look for more. Of one call at a time that is most of what it costs beside
/// its signature; what computes for longer has threads of its own.
#[napi_derive::module_init]
fn with_one_thread() {
    // Without it napi makes one of its own.
    if let Ok(runtime) = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .thread_name("digime-sdk")
        .build()
    {
        create_custom_tokio_runtime(runtime);
    }
}

/// A client of the core.
#[napi]
pub struct NativeClient {
    client: Client,
}

/// Makes a client of a platform, or says as a failed step why the configuration does not do. `variables` are those of the environment that JavaScript
/// sees: a worker has its own.
#[allow(
    clippy::needless_pass_by_value,
    clippy::implicit_hasher,
    reason = "Node's strings are copied, so there is none to borrow"
)]
#[napi(
    catch_unwind,
    ts_args_type = "platform: string, config: unknown, variables: Record<string, string>, keep: Keep",
    ts_return_type = "NativeClient | { failed: ErrorData }"
)]
pub fn open<'env>(
    env: &'env Env,
    platform: String,
    config: Unknown<'env>,
    variables: HashMap<String, String>,
    keep: Keep<'env>,
) -> Result<Either<NativeClient, Object<'env>>> {
    let reader = Reader::new(env, Some(keep))?;
    let config = match reader.read(config, "config") {
        Ok(config) => config,
        Err(unfit) => return Ok(Either::B(unfit.into_step(env, "config")?)),
    };
    match Config::read(&platform, config, Dialect::JavaScript)
        .and_then(|config| Client::open_with(config, variables))
    {
        Ok(client) => Ok(Either::A(NativeClient { client })),
        Err(error) => refused(env, &reader, &error).map(Either::B),
    }
}

/// The failed step of what was refused, unless the application's own code is the reason, in a getter for one: what that threw is thrown on.
fn refused<'env>(
    env: &'env Env,
    reader: &Reader<'_>,
    error: &digime_sdk::Error,
) -> Result<Object<'env>> {
    let thrown = match error.kind() {
        ErrorKind::TypeValidation { path, .. } => reader.thrown_at(&path.to_string()),
        _ => None,
    };
    thrown.map_or_else(|| to_js::failed(env, error), Err)
}

#[napi]
impl NativeClient {
    /// Prepares the call of an operation, or says as a failed step what is wrong with its options.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "Node's strings are copied, so there is none to borrow"
    )]
    #[napi(
        catch_unwind,
        ts_args_type = "name: string, options: unknown, keep: Keep",
        ts_return_type = "NativeCall | { failed: ErrorData }"
    )]
    pub fn start<'env>(
        &self,
        env: &'env Env,
        name: String,
        options: Unknown<'env>,
        keep: Keep<'env>,
    ) -> Result<Either<NativeCall, Object<'env>>> {
        let reader = Reader::new(env, Some(keep))?;
        let options = match reader.read(options, "options") {
            Ok(options) => options,
            Err(unfit) => return Ok(Either::B(unfit.into_step(env, "options")?)),
        };
        match Call::start(&self.client, &name, options, Dialect::JavaScript) {
            Ok(call) => Ok(Either::A(NativeCall {
                call: Arc::new(call),
            })),
            Err(error) => refused(env, &reader, &error).map(Either::B),
        }
    }
}

/// A call under way.
#[napi]
pub struct NativeCall {
    call: Arc<Call>,
}

#[napi]
impl NativeCall {
    /// The next step; `reply` answers the one before.
    #[napi(
        catch_unwind,
        ts_args_type = "reply?: Reply",
        ts_return_type = "Promise<Step>"
    )]
    pub fn next<'env>(
        &self,
        env: &'env Env,
        reply: Option<Object<'env>>,
    ) -> Result<PromiseRaw<'env, Object<'env>>> {
        let reply = reply
            .map(|reply| Reader::new(env, None)?.reply(&reply))
            .transpose()?;
        let call = Arc::clone(&self.call);
        env.spawn_future_with_callback(async move { Ok(call.next(reply).await) }, to_js::step)
    }

    /// Whether the call is over before what its step asks for was read; false once the next step is asked for.
    #[napi(catch_unwind)]
    pub fn overtaken<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, bool>> {
        let overtaken = Arc::clone(&self.call).overtaken();
        env.spawn_future(async move { Ok(overtaken.await) })
    }

    /// The next request that the application's `fetch` is to carry, whatever step is being answered meanwhile; null once there will be none.
    #[napi(catch_unwind)]
    pub fn exchange<'env>(
        &self,
        env: &'env Env,
    ) -> Result<PromiseRaw<'env, Option<NativeExchange>>> {
        let call = Arc::clone(&self.call);
        env.spawn_future(async move { Ok(call.exchange().await.map(NativeExchange::from)) })
    }

    /// Asks the call to end soon, with what it has so far.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.call.stop();
    }

    /// Ends the call: its request is dropped. What its `next` asks from then on is for work that outlives it; at last it says `closed`.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.call.close();
    }
}
