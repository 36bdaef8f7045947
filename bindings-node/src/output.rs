//! What the core hands out that is no plain data: streams of bytes, errors that a function of the caller is told, and values that come again.

use std::sync::Arc;

use digime_sdk::Error;
use digime_sdk::binding::Value;
use digime_sdk::digime::ByteStream;
use napi::Env;
use napi::bindgen_prelude::{Object, PromiseRaw, Result, Unknown};
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

use crate::to_js;

/// The content of a file, read chunk by chunk. Collected as garbage, it ends its download.
#[napi]
pub struct NativeByteStream {
    stream: Option<ByteStream>,
    closed: CancellationToken,
}

impl From<ByteStream> for NativeByteStream {
    fn from(stream: ByteStream) -> Self {
        Self {
            stream: Some(stream),
            closed: CancellationToken::new(),
        }
    }
}

#[napi]
impl NativeByteStream {
    /// The next chunks: all that have come, so that fast downloads cross threads less often.
    #[napi(catch_unwind, ts_return_type = "Promise<Chunks>")]
    pub fn next<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, Object<'env>>> {
        let stream = self.stream.clone();
        let chunks = async move { Some(stream?.next_chunks().await) };
        let chunks = self.closed.clone().run_until_cancelled_owned(chunks);
        env.spawn_future_with_callback(
            async move { Ok(chunks.await.flatten().unwrap_or(Ok(Vec::new()))) },
            to_js::chunks,
        )
    }

    /// Ends the download; a `next` that is awaited is answered with `ended`.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.closed.cancel();
        self.stream = None;
    }
}

/// An error that a function of the caller is told.
#[napi]
pub struct NativeFailure {
    error: Error,
}

impl From<Error> for NativeFailure {
    fn from(error: Error) -> Self {
        Self { error }
    }
}

#[napi]
impl NativeFailure {
    /// The error as data.
    #[napi(catch_unwind, ts_return_type = "ErrorData")]
    pub fn data<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        to_js::error(env, &self.error)
    }
}

/// A value that is handed out again and again, and converted once.
#[napi]
pub struct NativeShared {
    value: Arc<Value>,
}

impl From<Arc<Value>> for NativeShared {
    fn from(value: Arc<Value>) -> Self {
        Self { value }
    }
}

#[napi]
impl NativeShared {
    /// Whether it is the same value.
    #[napi(catch_unwind)]
    pub fn is(&self, other: &NativeShared) -> bool {
        Arc::ptr_eq(&self.value, &other.value)
    }

    /// The value itself, a new one each time.
    #[napi(catch_unwind, ts_return_type = "unknown")]
    pub fn value<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        to_js::value(env, Value::clone(&self.value))
    }
}
