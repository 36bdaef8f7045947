//! From the core's values and steps to JavaScript's: plain data at once; streams of bytes, errors and values that come again as objects that
//! are asked for more.

use std::sync::Arc;

use bytes::Bytes;
use digime_sdk::binding::{Dialect, LaterSteps, Step, Value};
use digime_sdk::digime::ByteStream;
use digime_sdk::{Document, Error};
use napi::Env;
use napi::bindgen_prelude::{
    JavaScriptClassExt, JsObjectValue, JsValue, Null, Object, PromiseRaw, Result, ToNapiValue,
    Unknown,
};
use napi_derive::napi;
use tokio_util::sync::CancellationToken;

use crate::given_bytes;

/// A step as an object with one member that says which it is, `invoke` with its argument beside it.
pub(crate) fn step(env: &Env, step: Step) -> Result<Object<'_>> {
    match step {
        Step::Done(result) => with_documents(env, "done", result),
        Step::Failed(error) => with_documents(env, "failed", error),
        Step::Read { path } => tagged(env, "read", path),
        Step::ReadKept { path, from } => {
            let mut step = tagged(env, "readKept", path)?;
            step.set("from", i64::try_from(from).unwrap_or(i64::MAX))?;
            Ok(step)
        }
        Step::Invoke { path, argument } => {
            let mut step = with_documents(env, "argument", argument)?;
            step.set("invoke", path)?;
            Ok(step)
        }
        Step::Closed => tagged(env, "closed", true),
    }
}

/// The step of a call that failed.
pub(crate) fn failed<'env>(env: &'env Env, error: &Error) -> Result<Object<'env>> {
    with_documents(env, "failed", error.to_value(Dialect::JavaScript))
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

fn tagged<'env>(env: &'env Env, tag: &str, content: impl ToNapiValue) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set(tag, content)?;
    Ok(object)
}

/// An object that has the value under its tag. Null stands for each document, which `documents` lists by threes: what holds it, by which
/// name or index, and its text. JavaScript's own reader makes values of them.
fn with_documents<'env>(env: &'env Env, tag: &str, value: Value) -> Result<Object<'env>> {
    let mut documents = Documents {
        env,
        listed: Vec::new(),
    };
    let (made, text) = documents.part(value)?;
    let mut object = tagged(env, tag, made)?;
    let holder = object.to_unknown();
    documents.list(holder, env.create_string(tag)?.to_unknown(), text)?;
    if !documents.listed.is_empty() {
        object.set("documents", documents.listed)?;
    }
    Ok(object)
}

/// The documents in a value, as they are found.
struct Documents<'env> {
    env: &'env Env,
    listed: Vec<Unknown<'env>>,
}

impl<'env> Documents<'env> {
    fn list(
        &mut self,
        holder: Unknown<'env>,
        name: Unknown<'env>,
        document: Option<Document>,
    ) -> Result<()> {
        if let Some(document) = document {
            let text = self.env.create_string(document.text())?.to_unknown();
            self.listed.extend([holder, name, text]);
        }
        Ok(())
    }

    /// A part of the value, null and the document where it is one.
    fn part(&mut self, value: Value) -> Result<(Unknown<'env>, Option<Document>)> {
        match value {
            Value::Json(document) => Ok((Null.into_unknown(self.env)?, Some(document))),
            value => Ok((self.value(value)?, None)),
        }
    }

    /// A value with all that it holds.
    fn value(&mut self, value: Value) -> Result<Unknown<'env>> {
        let env = self.env;
        match value {
            // Streams and functions stand in options alone; documents are put in their places later.
            Value::Null
            | Value::Json(_)
            | Value::Stream(_)
            | Value::Kept { .. }
            | Value::Function(_)
            | Value::Written(_)
            | Value::Unfit(_) => Null.into_unknown(env),
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
            Value::Given { name, .. } => NativeGiven { name }.into_instance(env)?.into_unknown(env),
            Value::Shared(shared) => NativeShared::from(shared)
                .into_instance(env)?
                .into_unknown(env),
            Value::Array(items) => {
                let items = items.into_iter().map(|item| self.part(item));
                let (made, texts): (Vec<_>, Vec<_>) =
                    items.collect::<Result<Vec<_>>>()?.into_iter().unzip();
                let array = made.into_unknown(env)?;
                for (index, text) in (0_u32..).zip(texts) {
                    self.list(array, index.into_unknown(env)?, text)?;
                }
                Ok(array)
            }
            Value::Object(members) => {
                let mut object = Object::new(env)?;
                // Set as a member, `__proto__` would replace the prototype instead.
                for (name, member) in members.into_iter().filter(|(name, _)| name != "__proto__") {
                    let (made, text) = self.part(member)?;
                    let name = env.create_string(name)?;
                    object.set_property(name, made)?;
                    self.list(object.to_unknown(), name.to_unknown(), text)?;
                }
                object.into_unknown(env)
            }
        }
    }
}

/// The content of a file, read chunk by chunk. Collected as garbage, it ends its download.
#[napi]
pub struct NativeByteStream {
    stream: Option<ByteStream>,
    later: LaterSteps,
    closed: CancellationToken,
}

impl From<ByteStream> for NativeByteStream {
    fn from(stream: ByteStream) -> Self {
        Self {
            later: stream.later_steps(),
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

    /// What is still told of the stream, once it has ended or was closed: each an `invoke` that nobody waits for.
    #[napi(catch_unwind, ts_return_type = "Promise<Step[]>")]
    pub fn later_steps<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, Vec<Object<'env>>>> {
        let later = self.later.clone();
        env.spawn_future_with_callback(async move { Ok(later.all().await) }, |env, steps| {
            steps.into_iter().map(|each| step(env, each)).collect()
        })
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
    /// The error as the step of a call that failed with it.
    #[napi(
        catch_unwind,
        ts_return_type = "{ failed: ErrorData; documents?: Documents }"
    )]
    pub fn data<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        failed(env, &self.error)
    }
}

/// What the caller gave as an option, and gets again.
#[napi]
pub struct NativeGiven {
    name: &'static str,
}

#[napi]
impl NativeGiven {
    /// The option.
    #[napi(catch_unwind, getter)]
    pub fn name(&self) -> &'static str {
        self.name
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

    /// The value itself, a new one each time, and its documents.
    #[napi(
        catch_unwind,
        ts_return_type = "{ value: unknown; documents?: Documents }"
    )]
    pub fn value<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        with_documents(env, "value", Value::clone(&self.value))
    }
}
