//! Events as `tracing` has them, under the target `digime_sdk`: each call is a span, and what it does are events within it.

use std::fmt;

use serde::Serialize;
use tracing::{Level, Span};

use super::event::{CallContext, Event, EventContext};
use super::{EventLevel, SdkEvent};

/// Whether anybody listens, be it to warnings alone.
pub(super) fn is_listened_to() -> bool {
    tracing::enabled!(target: "digime_sdk", Level::WARN)
}

/// The span of a call.
pub(super) fn span_of(call: CallContext) -> Span {
    tracing::debug_span!(target: "digime_sdk", "call", call = call.name, call_id = call.id)
}

/// Tells whoever listens. The message is the event's type.
pub(super) fn tell(event: &Event, context: &EventContext) {
    macro_rules! tell {
        ($level:ident) => {
            if tracing::enabled!(target: "digime_sdk", Level::$level) {
                let told = SdkEvent::of(event, context);
                tracing::event!(
                    target: "digime_sdk",
                    Level::$level,
                    call = told.call.as_deref(),
                    call_id = told.call_id,
                    request = told.request.as_deref(),
                    request_id = told.request_id,
                    attempt = told.attempt,
                    server = told.server.as_deref(),
                    port = told.port,
                    status_code = told.status_code,
                    reason = told.reason.as_deref(),
                    sent = told.sent.map(|sent| tracing::field::display(Named(sent))),
                    duration = told.duration,
                    wait = told.wait,
                    succeeded = told.succeeded,
                    bytes = told.bytes,
                    header = told.header,
                    keys = told.keys,
                    status = told.status.as_deref(),
                    status_message = told.message.as_deref(),
                    "{}",
                    Named(told.kind)
                );
            }
        };
    }
    match event.level() {
        EventLevel::Debug => tell!(DEBUG),
        EventLevel::Info => tell!(INFO),
        EventLevel::Warning => tell!(WARN),
    }
}

/// What has the same name in every language.
struct Named<T>(T);

impl<T: Serialize> fmt::Display for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}
