//! One request, from what a call wants to what it gets: `retry(sign(transport))`, and how long each part of it may take.

mod asked;
mod attempt;
mod body;
mod congestion;
mod credential;
mod delay_function;
mod own_headers;
mod patience;
mod progress;
mod reading;
mod replay;
mod request;
mod response;
mod response_hook;
mod retry;
mod segment;
mod timeouts;
mod trace_context;
pub mod transport;

use crate::{Error, World};

pub(crate) use asked::Asked;
pub(crate) use body::{ByteSource, Chunks, Rereadable};
pub(crate) use congestion::Congestion;
pub(crate) use credential::Credential;
pub use delay_function::{DelayFunction, RetryAttempt};
pub(crate) use own_headers::own_headers;
pub(crate) use patience::{Limit, in_time};
pub(crate) use request::Request;
pub(crate) use response::{Response, failed_response, is_json, media_type};
pub use response_hook::{PlatformResponse, ResponseHook};
pub use retry::RetryOptions;
pub(crate) use segment::{can_be_segment, goes_straight, segment};
pub use timeouts::TimeoutOptions;
pub(crate) use timeouts::Timeouts;
pub use trace_context::{TraceContext, TraceContextHook, TracedAttempt};
pub(crate) use transport::Phase;

/// How a client sends: in which world, how patiently, and how often.
#[derive(Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub world: &'a World,
    pub timeouts: Timeouts,
    /// By when the whole call must be over.
    pub call: Option<Limit>,
    pub retry_options: &'a RetryOptions,
    /// Who says which trace a request is part of.
    pub trace_context: Option<&'a TraceContextHook>,
    /// Who is told of answers.
    pub on_response: Option<&'a ResponseHook>,
    /// What those know that are made beside this one.
    pub congestion: Option<&'a Congestion>,
}

/// A client of a platform.
pub(crate) trait Sender {
    fn sending(&self) -> Sending<'_>;

    /// The error of an answer that is no success, as the platform explains it.
    fn refusal(&self, response: &Response) -> Error {
        failed_response(response)
    }

    /// In which header the platform says what it calls an answer.
    fn reference_header(&self) -> Option<&'static str> {
        None
    }
}

impl Sender for Sending<'_> {
    fn sending(&self) -> Sending<'_> {
        *self
    }
}

/// Sends a request whose answer, of whatever status, the caller understands.
pub(crate) async fn exchange(via: &impl Sender, request: &Request) -> Result<Response, Error> {
    let reference = via.reference_header();
    let mut via = via.sending();
    // What streams takes as long as it takes, unless the application says otherwise.
    if via.timeouts.call(request.streams()).is_none() {
        via.call = None;
    }
    let mut response = retry::send(via, request).await?;
    response.asked = Asked::of(request);
    if let Some(hook) = via.on_response {
        hook.tell(&response, reference);
    }
    Ok(response)
}
