//! From the core's values and steps to JavaScript's.

use bytes::Bytes;
use digime_sdk::Error;
use digime_sdk::binding::{Dialect, Step, Value};
use napi::Env;
use napi::bindgen_prelude::{
    JavaScriptClassExt, JsObjectValue, Null, Object, Result, ToNapiValue, Unknown,
};

use crate::lent_bytes;
use crate::output::{NativeByteStream, NativeFailure, NativeShared};

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
pub(crate) fn chunks(
    env: &Env,
    chunks: std::result::Result<Vec<Bytes>, Error>,
) -> Result<Object<'_>> {
    match chunks {
        Ok(chunks) if chunks.is_empty() => tagged(env, "ended", true),
        Ok(chunks) => {
            let chunks = chunks
                .into_iter()
                .map(|chunk| lent_bytes::buffer(env, chunk));
            tagged(env, "chunks", chunks.collect::<Result<Vec<_>>>()?)
        }
        Err(error) => failed(env, &error),
    }
}

/// An error as data.
pub(crate) fn error<'env>(env: &'env Env, error: &Error) -> Result<Unknown<'env>> {
    value(env, error.to_value(Dialect::JavaScript))
}

fn tagged<'env>(env: &'env Env, tag: &str, content: impl ToNapiValue) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set(tag, content)?;
    Ok(object)
}

/// A value with all that it holds.
pub(crate) fn value(env: &Env, value: Value) -> Result<Unknown<'_>> {
    match value {
        // Streams and functions stand in options alone.
        Value::Null | Value::Stream(_) | Value::Kept { .. } | Value::Function(_) => {
            Null.into_unknown(env)
        }
        Value::Bool(truth) => truth.into_unknown(env),
        Value::Integer(number) => number.into_unknown(env),
        Value::Float(number) => number.into_unknown(env),
        Value::String(text) => text.into_unknown(env),
        Value::Bytes(bytes) => lent_bytes::buffer(env, bytes),
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
