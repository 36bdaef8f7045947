//! The token endpoints (RFC 6749 sections 3.2, 4.1.3, 4.4 and 6): the one place that asks PKB for tokens, and what it makes of the answers.

use http::Method;
use serde_json::Map;
use url::{Url, form_urlencoded};

use crate::connections::keeping::{Grant, InTime, Keeper, Refusal, Tokens};
use crate::http::{Request, Response, Sender, exchange};
use crate::pkb::fhir::operation_outcome::{code, json};
use crate::pkb::meaning::ends_session;
use crate::pkb::{Client, ClientAuthentication, Failure, Refusal as Refused};
use crate::{Error, Secret};

/// How long an access token lives where PKB does not say.
const DEFAULT_LIFETIME_S: i64 = 600;

/// What of a grant is good for tokens.
const SECRETS: [&str; 3] = ["code", "code_verifier", "refresh_token"];

/// Who asks.
pub(in crate::pkb) struct Asker<'a> {
    pub client_id: &'a str,
    pub client_secret: Option<&'a str>,
    pub authentication: ClientAuthentication,
}

/// Exchanges what `grant` says for tokens, in a patient's name. It is sent once.
pub(in crate::pkb) async fn user_tokens(
    client: &Client,
    grant: Grant<'_>,
    time: InTime,
) -> Result<Tokens, Refusal> {
    let settings = client.settings();
    let mut form = Vec::with_capacity(4);
    match grant {
        Grant::Code {
            code,
            redirect_uri,
            code_verifier,
        } => {
            form.push(("grant_type", "authorization_code"));
            form.push(("code", code.expose().as_str()));
            form.push(("redirect_uri", redirect_uri));
            if let Some(verifier) = code_verifier {
                form.push(("code_verifier", verifier.expose()));
            }
        }
        Grant::Refresh(refresh_token) => {
            form.push(("grant_type", "refresh_token"));
            form.push(("refresh_token", refresh_token.expose()));
        }
    }
    let asker = Asker {
        client_id: &settings.client_id,
        client_secret: settings
            .client_secret
            .as_ref()
            .map(|secret| &**secret.expose()),
        authentication: settings.client_authentication,
    };
    tokens(
        client,
        &settings.endpoints.token,
        "PKB's token endpoint",
        &asker,
        &form,
        Some(time),
    )
    .await
}

/// Exchanges what `grant` says for tokens.
pub(in crate::pkb) async fn tokens(
    client: &Client,
    address: &Url,
    label: &str,
    asker: &Asker<'_>,
    grant: &[(&str, &str)],
    time: Option<InTime>,
) -> Result<Tokens, Refusal> {
    let mut request = request(address, label, asker, grant);
    let mut sending = client.sending();
    if let Some(time) = time {
        if time.is_over(sending.world) {
            return Err(Refusal::Withheld);
        }
        request = request.spending_within(time.begun, time.leaves_within());
        sending = time.within(sending);
    }
    let response = exchange(&sending, &request).await;
    let response = response.map_err(Refusal::unanswered)?;
    if response.status.is_success() {
        return read(client, &response).ok_or_else(|| {
            Refusal::Lost(refused_with(
                format!(
                    "{label}: its answer (status {}) has no access token",
                    response.status.as_u16()
                ),
                &response,
                None,
            ))
        });
    }
    Err(refusal(&response, label))
}

fn request(address: &Url, label: &str, asker: &Asker<'_>, grant: &[(&str, &str)]) -> Request {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(grant);
    let mut request = Request::to_address(Method::POST, address.clone(), label)
        .accept_json()
        .once();
    match (asker.authentication, asker.client_secret) {
        (ClientAuthentication::Basic, Some(secret)) => {
            request = request.basic(asker.client_id, secret);
        }
        (ClientAuthentication::Body, Some(secret)) => {
            form.append_pair("client_id", asker.client_id);
            form.append_pair("client_secret", secret);
        }
        _ => {
            form.append_pair("client_id", asker.client_id);
        }
    }
    let secrets = grant.iter().filter(|(name, _)| SECRETS.contains(name));
    let secrets = secrets.map(|(_, secret)| *secret);
    request
        .hiding(secrets.chain(asker.client_secret))
        .form(form.finish())
}

fn refusal(response: &Response, label: &str) -> Refusal {
    let body = json(response);
    // A page may quote the code too, so the words of RFC 6749 are looked for in it as well.
    let error = body
        .and_then(|body| body.member("error")?.string())
        .or_else(|| code(response))
        .or_else(|| {
            let page = String::from_utf8_lossy(&response.body);
            page.contains("invalid_grant")
                .then(|| "invalid_grant".to_owned())
        });
    match error {
        Some(error) if error == "invalid_grant" || ends_session(&error) => Refusal::Over(error),
        // RFC 6749 section 5.2: the request or the client was wrong, and nothing was done.
        Some(error) if response.status.is_client_error() => {
            let code = Some(error).filter(|error| is_word(error, response));
            let said = code.as_deref().unwrap_or("an error code that is no word");
            let message = format!("{label} refused the request: {said}");
            Refusal::Refused(refused_with(message, response, code))
        }
        _ => Refusal::Lost(refused_with(
            format!("{label} answered with status {}", response.status.as_u16()),
            response,
            None,
        )),
    }
}

/// Whether a code is one: what a server echoes might be anything.
fn is_word(code: &str, response: &Response) -> bool {
    code.len() <= 64
        && response.asked.said(code) == code
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn refused_with(message: String, response: &Response, pkb_code: Option<String>) -> Error {
    let error = Error::from(Failure::Refused(Refused {
        message,
        pkb_code,
        status_code: Some(response.status.as_u16()),
    }));
    error.retrying_after(response.retry_after)
}

/// The error of a code that says that what was to be spent serves no more, where that is no link's.
pub(super) fn over(label: &str, code: String) -> Error {
    Failure::Refused(Refused {
        message: format!("{label} refused the request: {code}"),
        pkb_code: Some(code),
        status_code: None,
    })
    .into()
}

/// RFC 6749 section 5.1, with what PKB may leave out or write otherwise.
fn read(client: &Client, response: &Response) -> Option<Tokens> {
    let body = json(response)?;
    let text = |name: &str| {
        let text = body.member(name)?.string();
        text.filter(|text| !text.is_empty())
    };
    let seconds = body.member("expires_in").and_then(|seconds| {
        let text = seconds.string();
        let text = text.as_deref().unwrap_or_else(|| seconds.text());
        text.trim().parse::<f64>().ok()
    });
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a life of a million years is long enough"
    )]
    let seconds = seconds
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
        .map_or(DEFAULT_LIFETIME_S, |seconds| seconds.min(3.2e13) as i64);
    Some(Tokens {
        access_token: Secret::from(text("access_token")?),
        refresh_token: text("refresh_token").map(Secret::from),
        expires_at: client.now_ms().saturating_add(seconds.saturating_mul(1000)),
        scope: text("scope"),
        last_resort: false,
        beside: Map::new(),
    })
}
