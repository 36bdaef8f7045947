//! A request on its way through the application's `fetch`, as JavaScript has it.

use std::sync::Arc;

use bytes::Bytes;
use digime_sdk::binding::{BrokenOff, Exchange};
use digime_sdk::transport::Sent;
use napi::Env;
use napi::bindgen_prelude::{Object, PromiseRaw, Result, Unknown};
use napi_derive::napi;

use crate::from_js::Reader;
use crate::given_bytes;

/// A request that `fetch` carries, and what becomes of it. Collected as garbage without an end, it has failed.
#[napi]
pub struct NativeExchange {
    exchange: Arc<Exchange>,
}

impl From<Exchange> for NativeExchange {
    fn from(exchange: Exchange) -> Self {
        Self {
            exchange: Arc::new(exchange),
        }
    }
}

#[napi]
impl NativeExchange {
    /// The method.
    #[napi(catch_unwind, getter)]
    pub fn method(&self) -> String {
        self.exchange.method().to_owned()
    }

    /// The address.
    #[napi(catch_unwind, getter)]
    pub fn url(&self) -> String {
        self.exchange.url().to_owned()
    }

    /// The headers, by names in lower case.
    #[napi(catch_unwind, ts_return_type = "Record<string, string>")]
    pub fn headers<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let mut headers = Object::new(env)?;
        for (name, value) in self.exchange.headers() {
            headers.set(name, value)?;
        }
        Ok(headers)
    }

    /// What is known of the body, if there is one.
    #[napi(catch_unwind, ts_return_type = "RequestBody | null")]
    pub fn body<'env>(&self, env: &'env Env) -> Result<Option<Object<'env>>> {
        let Some(known) = self.exchange.body() else {
            return Ok(None);
        };
        let mut body = Object::new(env)?;
        let length = known
            .length
            .map(|length| i64::try_from(length).unwrap_or(i64::MAX));
        body.set("length", length)?;
        body.set("mayBeReadAhead", known.may_be_read_ahead)?;
        Ok(Some(body))
    }

    /// The next chunk of the body, or how it ends.
    #[napi(catch_unwind, ts_return_type = "Promise<RequestChunk>")]
    pub fn chunk<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, Object<'env>>> {
        let exchange = Arc::clone(&self.exchange);
        env.spawn_future_with_callback(async move { Ok(exchange.chunk().await) }, chunk)
    }

    /// Answers with a head.
    #[napi(
        catch_unwind,
        ts_args_type = "head: { status: unknown; headers: [string, string][] }"
    )]
    pub fn answer(&self, env: Env, head: Unknown<'_>) -> Result<()> {
        match Reader::new(&env, None)?.read(head, "head") {
            Ok(head) => self.exchange.answer(&head),
            Err(_) => self.exchange.misbehave("answered with a head that is none"),
        }
        Ok(())
    }

    /// Hands over bytes of the answer, once there is room for them; false if nobody reads them.
    #[napi(
        catch_unwind,
        ts_args_type = "chunk: Uint8Array",
        ts_return_type = "Promise<boolean>"
    )]
    pub fn give<'env>(
        &self,
        env: &'env Env,
        chunk: Unknown<'env>,
    ) -> Result<PromiseRaw<'env, bool>> {
        let chunk = Reader::new(env, None)?.read(chunk, "chunk").ok();
        let exchange = Arc::clone(&self.exchange);
        env.spawn_future(async move {
            match chunk {
                Some(chunk) => Ok(exchange.give(chunk).await),
                None => Ok(false),
            }
        })
    }

    /// The answer has come to its end.
    #[napi(catch_unwind)]
    pub fn end(&self) {
        self.exchange.end();
    }

    /// No answer comes, or no more of it: the network failed, by this name if it has one.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "Node's strings are copied, so there is none to borrow"
    )]
    #[napi(catch_unwind)]
    pub fn fail(&self, code: Option<String>) {
        self.exchange.fail(code.as_deref(), Sent::Maybe);
    }

    /// `fetch` did not keep to its standard: `how` goes on from its name.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "Node's strings are copied, so there is none to borrow"
    )]
    #[napi(catch_unwind)]
    pub fn misbehave(&self, how: String) {
        self.exchange.misbehave(how);
    }

    /// Waits until nobody waits for it any more: it has come to its end, or was given up.
    #[napi(catch_unwind)]
    pub fn over<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, ()>> {
        let exchange = Arc::clone(&self.exchange);
        env.spawn_future(async move {
            exchange.over().await;
            Ok(())
        })
    }

    /// Whether nobody waits for it any more.
    #[napi(catch_unwind, getter)]
    pub fn is_over(&self) -> bool {
        self.exchange.is_over()
    }
}

fn chunk(env: &Env, chunk: std::result::Result<Option<Bytes>, BrokenOff>) -> Result<Object<'_>> {
    let mut step = Object::new(env)?;
    match chunk {
        Ok(Some(chunk)) => step.set("chunk", given_bytes::buffer(env, chunk)?)?,
        Ok(None) => step.set("ended", true)?,
        Err(BrokenOff) => step.set("broken", true)?,
    }
    Ok(step)
}
