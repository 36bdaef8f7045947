//! Which trace of the application's a request is part of, as it tells servers on the way (W3C Trace Context).

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde::{Deserialize as Read, Serialize};

use crate::World;
use crate::binding::HostFunction;
use crate::world::this_call;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
/// How long a request waits to be told its trace: it is no part of what it is for.
const LONGEST: Duration = Duration::from_secs(1);

/// An attempt at a request that is about to be sent. Its numbers are those of its events.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct TracedAttempt {
    /// The number of the call that it is part of, which no other call in this process has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<u64>,
    /// The name of that call: `pushData`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Cow<'static, str>>,
    /// The number of the request, which no other in this process has.
    pub request_id: u64,
    /// The request: its method and the pattern of its path, without a value in it.
    pub request: String,
    /// Which attempt at the request, from 1 on.
    pub attempt: u32,
}

/// What a request says of the trace that it is part of.
#[derive(Debug, Clone, Default, Read)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct TraceContext {
    /// The header `traceparent`: `00-`, the trace's id, `-`, the span's, `-01`. One that has not that form is not sent.
    pub traceparent: Option<String>,
    /// The header `tracestate`, which goes with it.
    pub tracestate: Option<String>,
}

/// Says which trace an attempt at a request is part of, before it is sent. It may take a second; where it takes longer or fails, the request
/// goes without.
#[derive(Clone)]
pub struct TraceContextHook(Function);

type Native = dyn Fn(&TracedAttempt) -> Option<TraceContext> + Send + Sync;

#[derive(Clone)]
enum Function {
    Native(Arc<Native>),
    Host(HostFunction),
}

impl TraceContextHook {
    /// A function of a Rust application, which must not wait.
    pub fn new(
        function: impl Fn(&TracedAttempt) -> Option<TraceContext> + Send + Sync + 'static,
    ) -> Self {
        Self(Function::Native(Arc::new(function)))
    }

    /// The headers of an attempt that is about to be sent.
    pub(super) async fn headers(
        &self,
        world: &World,
        request: &str,
        request_id: u64,
        attempt: u32,
    ) -> HeaderMap {
        let call = this_call();
        let asked = TracedAttempt {
            call_id: call.map(|call| call.id),
            call: call.map(|call| call.name.into()),
            request_id,
            request: request.to_owned(),
            attempt,
        };
        let context = tokio::select! {
            biased;
            context = self.ask(asked) => context,
            () = world.clock.alarm(LONGEST) => None,
        };
        context.map_or_else(HeaderMap::new, TraceContext::into_headers)
    }

    async fn ask(&self, mut asked: TracedAttempt) -> Option<TraceContext> {
        match &self.0 {
            Function::Native(function) => {
                catch_unwind(AssertUnwindSafe(|| function(&asked))).ok()?
            }
            Function::Host(function) => {
                asked.call = asked.call.map(|call| match call {
                    Cow::Borrowed(name) => function.dialect().spell(name),
                    spelled @ Cow::Owned(_) => spelled,
                });
                let answer = function.invoke(asked).await.ok()?;
                function.read(answer, &["traceparent", "tracestate"]).ok()?
            }
        }
    }
}

impl TraceContext {
    fn into_headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let parent = self.traceparent.filter(|parent| is_traceparent(parent));
        let Some(parent) = parent.and_then(|parent| HeaderValue::try_from(parent).ok()) else {
            return headers;
        };
        headers.insert(TRACEPARENT, parent);
        let state = self.tracestate.filter(|state| !state.is_empty());
        if let Some(state) = state.and_then(|state| HeaderValue::try_from(state).ok()) {
            headers.insert(TRACESTATE, state);
        }
        headers
    }
}

/// Whether it has the form of version 00 (section 3.2), or of one to come that begins like it.
fn is_traceparent(value: &str) -> bool {
    let hex = |part: &str, length: usize| {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        part.len() == length && part.bytes().all(is_digit)
    };
    let id = |part: &str, length| hex(part, length) && part.bytes().any(|byte| byte != b'0');
    let mut parts = value.split('-');
    let mut next = || parts.next().unwrap_or_default();
    let version = next();
    let begins_well = hex(version, 2) && version != "ff" && id(next(), 32) && id(next(), 16);
    begins_well && hex(next(), 2) && (version != "00" || parts.next().is_none())
}

impl<'de> Deserialize<'de> for TraceContextHook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let function = HostFunction::deserialize(deserializer)?;
        Ok(Self(Function::Host(function)))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for TraceContextHook {
    fn schema_name() -> Cow<'static, str> {
        "TraceContextHook".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<TracedAttempt>();
        let answer = generator.subschema_for::<Option<TraceContext>>();
        json_schema!({ "x-host": "callback", "x-argument": argument, "x-answer": answer })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Debug for TraceContextHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TraceContextHook")
    }
}
