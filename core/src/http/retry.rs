//! When a request is sent again, and after how long: the one loop that repeats, with the rules of the JavaScript SDK's HTTP client.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Deserializer};

use super::attempt::{self, Failed};
use super::congestion::asks_for_less;
use super::request::Repeating;
use super::transport::{NetworkCause, Phase, Sent, TransportFailure};
use super::{DelayFunction, Request, Response, RetryAttempt, Sending};
use crate::world::{Event, Moment, next_id};
use crate::{Error, World};

/// When to repeat a request that failed. What is left out has the default of the JavaScript SDK.
///
/// POST is never among `methods`: a code, a refresh token and a pushed file must not be sent twice. Where an HTTP/2 server says that it has not
/// looked at a request (`REFUSED_STREAM`, `GOAWAY`), it is repeated whatever its method, but for streams.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RetryOptions {
    /// How often a request is repeated at most. Default 2; 0 for never.
    pub limit: Option<u32>,
    /// The methods of requests that may be repeated. Default GET, PUT, HEAD, DELETE, OPTIONS, TRACE.
    #[serde(default, deserialize_with = "methods_of_http")]
    pub methods: Option<Vec<String>>,
    /// The HTTP statuses after which a request is repeated. Default 408, 413, 429, 500, 502, 503, 504, 521, 522, 524.
    pub status_codes: Option<Vec<u16>>,
    /// The network errors after which a request is repeated. Default `ETIMEDOUT`, `ECONNRESET`, `EADDRINUSE`,
    /// `ECONNREFUSED`, `EPIPE`, `ENOTFOUND`, `ENETUNREACH`, `EAI_AGAIN`.
    pub error_codes: Option<Vec<String>>,
    /// The longest `Retry-After` that is waited for, in milliseconds; a longer one ends the attempts, and so does one beyond what is left of
    /// `timeouts.call`. The error has it in `retryAfter`. Default: any within `timeouts.call`, and 120,000 where that does not bound the call.
    pub max_retry_after: Option<u64>,
    /// Given `{attemptCount, computedValue, retryAfter}`, says how many milliseconds to wait before the next attempt; 0 ends them.
    /// It is asked only where the other rules would repeat.
    pub calculate_delay: Option<DelayFunction>,
}

/// The methods that there are: another is a slip of the pen, and repeats nothing.
fn methods_of_http<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(try_from = "String")]
    struct OfHttp(String);

    impl TryFrom<String> for OfHttp {
        type Error = &'static str;

        fn try_from(method: String) -> Result<Self, Self::Error> {
            const ALL: [&str; 8] = [
                "GET", "POST", "PUT", "PATCH", "HEAD", "DELETE", "OPTIONS", "TRACE",
            ];
            if ALL.iter().any(|known| known.eq_ignore_ascii_case(&method)) {
                return Ok(Self(method));
            }
            Err("expected a method of HTTP: GET, POST, PUT, PATCH, HEAD, DELETE, OPTIONS or TRACE")
        }
    }

    let methods = Option::<Vec<OfHttp>>::deserialize(deserializer)?;
    Ok(methods.map(|methods| methods.into_iter().map(|OfHttp(method)| method).collect()))
}

const METHODS: [&str; 6] = ["GET", "PUT", "HEAD", "DELETE", "OPTIONS", "TRACE"];
const STATUSES: [u16; 10] = [408, 413, 429, 500, 502, 503, 504, 521, 522, 524];
const NETWORK_ERRORS: [&str; 8] = [
    "ETIMEDOUT",
    "ECONNRESET",
    "EADDRINUSE",
    "ECONNREFUSED",
    "EPIPE",
    "ENOTFOUND",
    "ENETUNREACH",
    "EAI_AGAIN",
];
/// The statuses whose `Retry-After` counts (RFC 9110 section 10.2.3 names more; the JavaScript SDK heeds these).
const HEED_RETRY_AFTER: [StatusCode; 3] = [
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];
/// The longest `Retry-After` that is waited for where nothing else bounds the call.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(2);
/// Noise on the delay, so that clients that failed together do not come back together.
const NOISE_MS: u64 = 100;

/// Sends the request, again where the rules say so, and answers with the answer of the last attempt, of whatever status, or its error.
pub(super) async fn send(via: Sending<'_>, request: &Request) -> Result<Response, Error> {
    let id = next_id();
    via.world.observe(|| Event::Request {
        request: request.label.clone(),
        id,
    });
    let mut attempts = 1;
    let mut sent = Sent::Nothing;
    loop {
        let mut under_way = UnderWay::begin(via, request, id, attempts);
        let trace = match via.trace_context {
            Some(hook) => hook.headers(via.world, &request.label, id, attempts).await,
            None => HeaderMap::new(),
        };
        under_way.is_sent();
        let outcome = attempt::send(via, request, trace).await;
        under_way.end(&outcome);
        if let (Some(congestion), Ok(response)) = (via.congestion, &outcome) {
            congestion.note(via.world, via.retry_options, response);
        }
        sent = sent.max(sent_in(&outcome));
        let wait = match Wait::after(via, request, attempts, &outcome)? {
            Some(wait) => wait.duration(via, attempts).await?,
            None => None,
        };
        // A pause that outlasts the call would only put its error off.
        let has_time = |wait: &Duration| {
            via.call
                .is_none_or(|call| call.left(&*via.world.clock) > *wait)
        };
        let Some(mut pause) = wait.filter(has_time) else {
            return outcome.map_err(|failed| failed.having_sent(sent).into_error(request));
        };
        via.world.observe(|| Event::Wait {
            request: request.label.clone(),
            id,
            number: attempts,
            reason: match &outcome {
                Ok(response) => response.status.as_u16().to_string(),
                Err(_) => failure_of(&outcome)
                    .map_or("", |failure| failure.node_name())
                    .to_owned(),
            },
            pause,
        });
        while !pause.is_zero() {
            via.world.clock.sleep(pause).await;
            // Another may have been told meanwhile that nothing is wanted.
            pause = held_up(via);
            if !has_time(&pause) {
                return outcome.map_err(|failed| failed.having_sent(sent).into_error(request));
            }
        }
        attempts += 1;
    }
}

/// An attempt, of whose end is told however it comes.
struct UnderWay<'a> {
    via: Sending<'a>,
    request: &'a Request,
    id: u64,
    number: u32,
    begun: Moment,
    status: Option<u16>,
    failure: Option<&'static str>,
    sent: Option<Sent>,
}

impl<'a> UnderWay<'a> {
    fn begin(via: Sending<'a>, request: &'a Request, id: u64, number: u32) -> Self {
        Self {
            via,
            request,
            id,
            number,
            begun: via.world.moment(),
            status: None,
            failure: Some("cancelled"),
            sent: Some(Sent::Nothing),
        }
    }

    fn is_sent(&mut self) {
        self.begun = self.via.world.moment();
        // From now on, nobody can tell of one that is cancelled.
        self.sent = Some(Sent::Maybe);
        self.via.world.observe(|| Event::Sent {
            request: self.request.label.clone(),
            id: self.id,
            number: self.number,
            server: self.request.url.host_str().unwrap_or_default().to_owned(),
            port: self.request.url.port_or_known_default().unwrap_or_default(),
        });
    }

    fn end(mut self, outcome: &Result<Response, Failed>) {
        self.status = outcome.as_ref().ok().map(|answer| answer.status.as_u16());
        self.failure = failure_of(outcome).map(TransportFailure::node_name);
        self.sent = failure_of(outcome).map(TransportFailure::sent);
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let world = self.via.world;
        world.observe(|| Event::Attempt {
            request: self.request.label.clone(),
            id: self.id,
            number: self.number,
            duration: self.begun.steadily(&*world.clock),
            status: self.status,
            failure: self.failure,
            sent: self.sent,
        });
    }
}

/// How much one attempt has sent: who gave an answer had the request.
fn sent_in(outcome: &Result<Response, Failed>) -> Sent {
    match outcome {
        Ok(_) => Sent::Whole,
        Err(Failed::Transport(failure)) => failure.sent(),
        Err(Failed::Final(_)) => Sent::Nothing,
    }
}

/// Why no answer came, if the network is why.
fn failure_of(outcome: &Result<Response, Failed>) -> Option<&TransportFailure> {
    match outcome {
        Err(Failed::Transport(failure)) => Some(failure),
        _ => None,
    }
}

/// How long to wait before the next attempt, as the rules have it.
struct Wait {
    computed: Duration,
    retry_after: Option<Duration>,
}

impl Wait {
    /// None if there is no next attempt.
    fn after(
        via: Sending<'_>,
        request: &Request,
        attempts: u32,
        outcome: &Result<Response, Failed>,
    ) -> Result<Option<Self>, Error> {
        let options = via.retry_options;
        let may_repeat = options.repeats(request) || was_left_untouched(request, outcome);
        if attempts > options.limit.unwrap_or(2) || !may_repeat {
            return Ok(None);
        }
        let retry_after = match outcome {
            Ok(response) if request.in_own_rhythm && asks_for_less(response.status) => {
                return Ok(None);
            }
            Ok(response) if options.repeats_after_status(response.status) => response
                .retry_after
                .filter(|_| HEED_RETRY_AFTER.contains(&response.status)),
            Err(Failed::Transport(failure)) if options.repeats_after_failure(failure) => None,
            _ => return Ok(None),
        };
        let longest = match options.max_retry_after {
            // What the call has left bounds it.
            None if via.call.is_some() => Duration::MAX,
            _ => options.longest_retry_after(),
        };
        if retry_after.is_some_and(|after| after > longest) {
            return Ok(None);
        }
        let computed = match retry_after {
            Some(after) => after,
            None => Duration::from_millis(1000 * (1 << (attempts - 1).min(20)) + noise(via)?),
        };
        Ok(Some(Self {
            computed: computed.max(held_up(via)),
            retry_after,
        }))
    }

    /// What the application makes of it, if it has a say; none if it ends the attempts.
    async fn duration(self, via: Sending<'_>, attempts: u32) -> Result<Option<Duration>, Error> {
        let Some(function) = &via.retry_options.calculate_delay else {
            return Ok(Some(self.computed));
        };
        let milliseconds =
            |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let attempt = RetryAttempt {
            attempt_count: attempts,
            computed_value: milliseconds(self.computed),
            retry_after: self.retry_after.map(milliseconds),
        };
        function.ask(attempt).await
    }
}

/// For how long the platform wants nothing of those that are made side by side, unless the application says itself how long each waits.
fn held_up(via: Sending<'_>) -> Duration {
    let has_a_say = via.retry_options.calculate_delay.is_some();
    let congestion = via.congestion.filter(|_| !has_a_say);
    congestion.map_or(Duration::ZERO, |congestion| congestion.left(via.world))
}

/// Whether the server says that it has not looked at the request: then a repeat does no harm, whatever the method. Not where there is too
/// little time for a second attempt, or a stream that may not be there any more.
fn was_left_untouched(request: &Request, outcome: &Result<Response, Failed>) -> bool {
    let untouched = matches!(
        outcome,
        Err(Failed::Transport(TransportFailure::Network {
            cause: NetworkCause::Unprocessed,
            ..
        }))
    );
    let in_a_hurry = request.spends.is_some_and(|spends| spends.within.is_some());
    untouched && !in_a_hurry && !request.is_stream()
}

impl RetryOptions {
    fn repeats(&self, request: &Request) -> bool {
        let method = request.method.as_str();
        match request.repeating {
            Repeating::Always => return true,
            Repeating::Never => return false,
            Repeating::ByMethod if request.method == Method::POST => return false,
            Repeating::ByMethod => {}
        }
        !request.is_stream()
            && match &self.methods {
                Some(methods) => methods
                    .iter()
                    .any(|listed| listed.eq_ignore_ascii_case(method)),
                None => METHODS.contains(&method),
            }
    }

    /// The longest `Retry-After` that is waited for where nothing else bounds that.
    pub(crate) fn longest_retry_after(&self) -> Duration {
        let set = self.max_retry_after.map(Duration::from_millis);
        set.unwrap_or(LONGEST_RETRY_AFTER)
    }

    fn repeats_after_status(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        self.status_codes.as_ref().map_or_else(
            || STATUSES.contains(&status),
            |listed| listed.contains(&status),
        )
    }

    fn repeats_after_failure(&self, failure: &TransportFailure) -> bool {
        if matches!(
            failure,
            TransportFailure::Timeout {
                phase: Phase::Total | Phase::Call,
                ..
            }
        ) {
            return false;
        }
        let cause = failure.node_name();
        match &self.error_codes {
            Some(listed) => listed.iter().any(|code| code == cause),
            None => NETWORK_ERRORS.contains(&cause),
        }
    }
}

/// `Retry-After` in seconds, or as a date (RFC 9110 section 10.2.3).
pub(super) fn retry_after(world: &World, headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // More than a century is for ever, and fits in every language.
        let seconds = value.parse().unwrap_or(u32::MAX);
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(world.clock.now()).unwrap_or_default())
}

fn noise(via: Sending<'_>) -> Result<u64, Error> {
    let mut byte = [0];
    via.world.random.fill(&mut byte)?;
    Ok(u64::from(byte[0]) * NOISE_MS / 256)
}
