//! A function of the application that is told, within one call, what the platform has answered beside the call's result.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::Response;
use crate::binding::HostFunction;

/// Headers by which servers hand out credentials.
const CREDENTIALS: [&str; 6] = [
    "authentication-info",
    "authorization",
    "proxy-authentication-info",
    "proxy-authorization",
    "set-cookie",
    "set-cookie2",
];
/// What the name of a header holds of a server's own that does the same.
const OF_CREDENTIALS: [&str; 4] = ["api-key", "cookie", "secret", "token"];

/// An answer of the platform to one request of a call, of its last attempt: what stands before its body. It holds no token.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PlatformResponse {
    /// The request: its method and the pattern of its path, without a value in it.
    pub request: String,
    /// The HTTP status.
    pub status_code: u16,
    /// The headers, by their names in lower case; one that came more than once is a list, parted by commas. Those that hold credentials, such
    /// as `set-cookie`, are left out.
    pub headers: BTreeMap<String, String>,
    /// What the platform calls this answer, where it says so: its support can look it up. Of digi.me, the header `x-error-reference`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}
crate::operation::unseen!(PlatformResponse);

impl PlatformResponse {
    fn of(response: &Response, reference: Option<&str>) -> Self {
        let headers = response.headers_as_text().into_iter();
        let headers = headers.filter(|(name, _)| !holds_credentials(name));
        let headers = headers.map(|(name, value)| (name, response.asked.redacted(&value)));
        let headers: BTreeMap<_, _> = headers.collect();
        Self {
            request: response.asked.to_string(),
            status_code: response.status.as_u16(),
            reference: reference.and_then(|name| headers.get(name).cloned()),
            headers,
        }
    }
}

fn holds_credentials(name: &str) -> bool {
    CREDENTIALS.contains(&name) || OF_CREDENTIALS.iter().any(|part| name.contains(part))
}

/// Is told of each answer, before the call goes on. It is not waited for, and what it fails with is no matter of the call's.
#[derive(Clone)]
pub struct ResponseHook(Function);

#[derive(Clone)]
enum Function {
    Native(Arc<dyn Fn(&PlatformResponse) + Send + Sync>),
    Host(HostFunction),
}

impl ResponseHook {
    /// A function of a Rust application, which must not wait.
    pub fn new(function: impl Fn(&PlatformResponse) + Send + Sync + 'static) -> Self {
        Self(Function::Native(Arc::new(function)))
    }

    /// `reference` is the header in which the platform says what it calls an answer.
    pub(super) fn tell(&self, response: &Response, reference: Option<&str>) {
        let told = PlatformResponse::of(response, reference);
        match &self.0 {
            Function::Native(function) => {
                let _ = catch_unwind(AssertUnwindSafe(|| function(&told)));
            }
            Function::Host(function) => function.tell(&told),
        }
    }
}

impl<'de> Deserialize<'de> for ResponseHook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let function = HostFunction::deserialize(deserializer)?;
        Ok(Self(Function::Host(function)))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for ResponseHook {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ResponseHook".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<PlatformResponse>();
        json_schema!({ "x-host": "callback", "x-argument": argument })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Debug for ResponseHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseHook")
    }
}
