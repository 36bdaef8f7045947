//! From the core's values and steps to JavaScript's.

use digime_sdk::dynamic::{Step, Value};
use napi::Env;
use napi::bindgen_prelude::{Buffer, JsObjectValue, Null, Object, Result, ToNapiValue, Unknown};

/// A step as an object with one member that says which it is, `invoke` with its argument beside it.
pub(crate) fn step(env: &Env, step: Step) -> Result<Object<'_>> {
    match step {
        Step::Done(result) => tagged(env, "done", value(env, result)?),
        Step::Failed(error) => failed(env, error),
        Step::Read { path } => tagged(env, "read", path),
        Step::Invoke { path, argument } => {
            let mut step = tagged(env, "invoke", path)?;
            step.set("argument", value(env, argument)?)?;
            Ok(step)
        }
        Step::Closed => tagged(env, "closed", true),
    }
}

/// The step of a call that failed.
pub(crate) fn failed(env: &Env, error: Value) -> Result<Object<'_>> {
    tagged(env, "failed", value(env, error)?)
}

fn tagged<'env>(env: &'env Env, tag: &str, content: impl ToNapiValue) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set(tag, content)?;
    Ok(object)
}

fn value(env: &Env, value: Value) -> Result<Unknown<'_>> {
    match value {
        // Streams and functions stand in options alone.
        Value::Null | Value::Stream(_) | Value::Function(_) => Null.into_unknown(env),
        Value::Bool(truth) => truth.into_unknown(env),
        Value::Integer(number) => number.into_unknown(env),
        Value::Float(number) => number.into_unknown(env),
        Value::String(text) => text.into_unknown(env),
        Value::Bytes(bytes) => Buffer::from(Vec::from(bytes)).into_unknown(env),
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
