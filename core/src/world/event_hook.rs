//! A function of the application that is told of events: what each of them looks like to it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::event::{Event, EventContext, LeaseEvent, Observer};
use super::event_level::EventLevel;
use crate::binding::HostFunction;
use crate::http::transport::Sent;

/// Is told of each event.
#[derive(Clone)]
pub struct EventHook {
    observer: Arc<dyn Observer>,
    least: Least,
}

/// From which level on a function of another language is told: its application may change its mind.
#[derive(Clone, Default)]
struct Least(Arc<AtomicU8>);

impl Least {
    /// Beyond all levels.
    const NOTHING: u8 = u8::MAX;

    fn includes(&self, event: &Event) -> bool {
        event.level() as u8 >= self.0.load(Ordering::Relaxed)
    }
}

impl EventHook {
    /// An observer of a Rust application, which may as well be that of its [`crate::World`].
    pub fn new(observer: impl Observer + 'static) -> Self {
        Self {
            observer: Arc::new(observer),
            least: Least::default(),
        }
    }

    pub(crate) fn observer(self) -> Arc<dyn Observer> {
        self.observer
    }

    /// From now on a function of another language is told of what matters so much, or of nothing.
    #[cfg_attr(
        not(feature = "__binding"),
        expect(dead_code, reason = "only bindings ask for it")
    )]
    pub(crate) fn tell_from(&self, least: Option<EventLevel>) {
        let least = least.map_or(Least::NOTHING, |least| least as u8);
        self.least.0.store(least, Ordering::Relaxed);
    }
}

/// One thing that the SDK does. Which members it has is a matter of its `type`; none is secret, or about a person.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SdkEvent {
    /// What happens.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// How much it matters, as logs have it.
    pub level: EventLevel,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The number of the call that it is part of, which no other call in this process has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<u64>,
    /// The name of that call: `pushData`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Cow<'static, str>>,
    /// The number of the request, which no other in this process has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<u64>,
    /// The request: its method and the pattern of its path, without a value in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Which attempt at the request, from 1 on; of a `poll`, which time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The server that an attempt is for, by its name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The server's port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// Why: what the network reported, the status for which a request is repeated, the code of a call's error, or `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How much of a request had been sent to which no answer came: `nothing`, `maybe` some of it, or the `whole`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// How long is waited before the next attempt, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
    /// Whether it went well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<bool>,
    /// How many bytes a file's content, or a header's value, has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Which header is long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<&'static str>,
    /// How many keys a key set has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<u64>,
    /// What the platform says of this version of the SDK in `x-digi-sdk-status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The same in words, in `x-digi-sdk-status-message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "`Event` has a word on each")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum EventType {
    #[default]
    CallStarted,
    CallEnded,
    RequestStarted,
    RequestSent,
    RequestAnswered,
    RequestFailed,
    RequestRetried,
    LongHeader,
    RefreshStarted,
    RefreshEnded,
    TokenStored,
    KeySetFetched,
    LeaseTaken,
    LeaseSpent,
    LeaseWaitedFor,
    LeaseTakenOver,
    LeaseReleased,
    LinkUncertain,
    FileRead,
    Poll,
    PlatformNotice,
}

impl SdkEvent {
    /// An event as a function of an application sees it.
    #[must_use]
    pub fn of(event: &Event, context: &EventContext) -> Self {
        let told = Self {
            kind: EventType::of(event),
            level: event.level(),
            at: context.at,
            call_id: context.call.map(|call| call.id),
            call: context.call.map(|call| call.name.into()),
            ..Self::default()
        };
        match event.clone() {
            Event::CallStarted | Event::TokenStored | Event::Lease(_) | Event::LinkUncertain => {
                told
            }
            Event::CallEnded { duration, error } => Self {
                duration: Some(milliseconds(duration)),
                succeeded: Some(error.is_none()),
                reason: error.map(str::to_owned),
                ..told
            },
            Event::Request { request, id } => told.about(request, id),
            Event::Sent {
                request,
                id,
                number,
                server,
                port,
            } => Self {
                attempt: Some(number),
                server: Some(server),
                port: Some(port),
                ..told.about(request, id)
            },
            Event::Attempt {
                request,
                id,
                number,
                duration,
                status,
                failure,
                sent,
            } => Self {
                attempt: Some(number),
                duration: Some(milliseconds(duration)),
                status_code: status,
                reason: failure.map(str::to_owned),
                sent,
                ..told.about(request, id)
            },
            Event::Wait {
                request,
                id,
                number,
                reason,
                pause,
            } => Self {
                attempt: Some(number),
                reason: Some(reason),
                wait: Some(milliseconds(pause)),
                ..told.about(request, id)
            },
            Event::LongHeader {
                request,
                header,
                bytes,
            } => Self {
                request: Some(request),
                header: Some(header),
                bytes: Some(bytes as u64),
                ..told
            },
            Event::Refresh {
                succeeded,
                duration,
            } => Self {
                succeeded,
                duration: succeeded.map(|_| milliseconds(duration)),
                ..told
            },
            Event::KeySet { keys } => Self {
                keys: Some(keys as u64),
                ..told
            },
            Event::File { bytes, succeeded } => Self {
                bytes: succeeded.then_some(bytes),
                succeeded: Some(succeeded),
                ..told
            },
            Event::Poll { number } => Self {
                attempt: Some(number),
                ..told
            },
            Event::Notice { status, message } => Self {
                status,
                message,
                ..told
            },
        }
    }

    fn about(self, request: String, id: u64) -> Self {
        Self {
            request: Some(request),
            request_id: Some(id),
            ..self
        }
    }
}

impl EventType {
    fn of(event: &Event) -> Self {
        match event {
            Event::CallStarted => Self::CallStarted,
            Event::CallEnded { .. } => Self::CallEnded,
            Event::Request { .. } => Self::RequestStarted,
            Event::Sent { .. } => Self::RequestSent,
            Event::Attempt {
                status: Some(_), ..
            } => Self::RequestAnswered,
            Event::Attempt { status: None, .. } => Self::RequestFailed,
            Event::Wait { .. } => Self::RequestRetried,
            Event::LongHeader { .. } => Self::LongHeader,
            Event::Refresh {
                succeeded: None, ..
            } => Self::RefreshStarted,
            Event::Refresh { .. } => Self::RefreshEnded,
            Event::TokenStored => Self::TokenStored,
            Event::KeySet { .. } => Self::KeySetFetched,
            Event::Lease(LeaseEvent::Taken) => Self::LeaseTaken,
            Event::Lease(LeaseEvent::Spent) => Self::LeaseSpent,
            Event::Lease(LeaseEvent::Watched) => Self::LeaseWaitedFor,
            Event::Lease(LeaseEvent::TakenOver) => Self::LeaseTakenOver,
            Event::Lease(LeaseEvent::Released) => Self::LeaseReleased,
            Event::LinkUncertain => Self::LinkUncertain,
            Event::File { .. } => Self::FileRead,
            Event::Poll { .. } => Self::Poll,
            Event::Notice { .. } => Self::PlatformNotice,
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A function of the caller's language: told within the call that is under way, and not waited for.
struct Host(HostFunction, Least);

impl Observer for Host {
    fn observe(&self, _: &Event) {}

    fn observe_within(&self, event: &Event, context: &EventContext) {
        if !self.1.includes(event) {
            return;
        }
        let mut told = SdkEvent::of(event, context);
        told.call = context.call.map(|call| self.0.dialect().spell(call.name));
        self.0.tell(&told);
    }
}

impl<'de> Deserialize<'de> for EventHook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let function = HostFunction::deserialize(deserializer)?;
        let least = Least::default();
        let observer = Arc::new(Host(function, least.clone()));
        Ok(Self { observer, least })
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for EventHook {
    fn schema_name() -> Cow<'static, str> {
        "EventHook".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<SdkEvent>();
        json_schema!({ "x-host": "callback", "x-argument": argument })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Debug for EventHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventHook")
    }
}
