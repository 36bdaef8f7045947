//! From the core's values and steps to JavaScript's: plain data at once; streams of bytes, errors and values that come again as objects that
//! are asked for more.

use std::sync::Arc;

use bytes::Bytes;
use digime_sdk::Error;
use digime_sdk::binding::{Dialect, Step, Value};
use digime_sdk::digime::ByteStream;
use napi::Env;
use napi::bindgen_prelude::{
    JavaScriptClassExt, JsObjectValue, Null, Object, PromiseRaw, Result, ToNapiValue, Unknown,
};
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

use crate::given_bytes;

/// A step as an object with one member that says which it is, `invoke` with its argument beside it.
pub(crate) fn step(env: &Env, step: Step) -> Result<Object<'_>> {
    match step {
        Step::Done(result) => tagged(env, "done", value(env, result)?),
        Step::Failed(error) => tagged(env, "failed", value(env, error)?),
        Step::Read { path } => tagged(env, "read", path),
        Step::ReadKept { path, from } => {
            let mut step = tagged(env, "readKept", path)?;
            step.set("from", i64::try_from(from).unwrap_or(i64::MAX))?;
            Ok(step)
        }
        Step::Invoke { path, argument } => {
            let mut step = tagged(env, "invoke", path)?;
            step.set("argument", value(env, argument)?)?;
            Ok(step)
        }
        Step::Closed => tagged(env, "closed", true),
    }
}

/// The step of a call that failed.
pub(crate) fn failed<'env>(env: &'env Env, error: &Error) -> Result<Object<'env>> {
    tagged(env, "failed", self::error(env, error)?)
}

/// What comes next of a stream of bytes; nothing is its end.
fn chunks(env: &Env, chunks: std::result::Result<Vec<Bytes>, Error>) -> Result<Object<'_>> {
    match chunks {
        Ok(chunks) if chunks.is_empty() => tagged(env, "ended", true),
        Ok(chunks) => {
            let chunks = chunks
                .into_iter()
                .map(|chunk| given_bytes::buffer(env, chunk));
            tagged(env, "chunks", chunks.collect::<Result<Vec<_>>>()?)
        }
        Err(error) => failed(env, &error),
    }
}

/// An error as data.
fn error<'env>(env: &'env Env, error: &Error) -> Result<Unknown<'env>> {
    value(env, error.to_value(Dialect::JavaScript))
}

fn tagged<'env>(env: &'env Env, tag: &str, content: impl ToNapiValue) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set(tag, content)?;
    Ok(object)
}

/// A value with all that it holds.
fn value(env: &Env, value: Value) -> Result<Unknown<'_>> {
    match value {
        // Streams and functions stand in options alone.
        Value::Null | Value::Stream(_) | Value::Kept { .. } | Value::Function(_) => {
            Null.into_unknown(env)
        }
        Value::Bool(truth) => truth.into_unknown(env),
        Value::Integer(number) => number.into_unknown(env),
        Value::Float(number) => number.into_unknown(env),
        Value::String(text) => text.into_unknown(env),
        Value::Bytes(bytes) => given_bytes::buffer(env, bytes),
        Value::Output(stream) => NativeByteStream::from(stream)
            .into_instance(env)?
            .into_unknown(env),
        Value::Failure(error) => NativeFailure::from(error)
            .into_instance(env)?
            .into_unknown(env),
        Value::Shared(shared) => NativeShared::from(shared)
            .into_instance(env)?
            .into_unknown(env),
        Value::Array(items) => {
            let items = items
                .into_iter()
                .map(|item| self::value(env, item))
                .collect::<Result<Vec<_>>>()?;
            items.into_unknown(env)
        }
        Value::Object(members) => {
            let mut object = Object::new(env)?;
            // Set as a member, `__proto__` would replace the prototype instead.
            for (name, member) in members.into_iter().filter(|(name, _)| name != "__proto__") {
                object.set_property(env.create_string(name)?, self::value(env, member)?)?;
            }
            object.into_unknown(env)
        }
    }
}

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
        let next = async move { Some(stream?.next_chunks().await) };
        let next = self.closed.clone().run_until_cancelled_owned(next);
        env.spawn_future_with_callback(
            async move { Ok(next.await.flatten().unwrap_or(Ok(Vec::new()))) },
            chunks,
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
        error(env, &self.error)
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
        value(env, Value::clone(&self.value))
    }
}
