//! The platform's token endpoint: the one place that spends a code or a refresh token, and what its answer is kept by until it is handed
//! over.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::connections::keeping::{InTime, Refusal};
use crate::digime::{Beside, Client, Contract, Failure, Token, User, UserAccessToken};
use crate::http::{Request, Response};
use crate::jwt::verify::{Claims, Unverified, Worth, unverified};
use crate::world::Event;
use crate::{Error, Secret};

/// How often an answer that cannot be verified at present is looked at again, with pauses from `FIRST_PAUSE` on that double: for about two
/// minutes.
const LOOKS: u32 = 9;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The tokens that replace `spent`, whose refresh token is spent on them. It is sent once: whether a lost answer spent the token cannot be known.
pub(super) async fn refresh(
    client: &Client,
    contract: &Contract,
    spent: &UserAccessToken,
) -> Result<UserAccessToken, Error> {
    let world = client.world();
    let begun = world.moment();
    world.observe(|| Event::Refresh {
        succeeded: None,
        duration: Duration::ZERO,
    });
    let claims =
        json!({ "grant_type": "refresh_token", "refresh_token": spent.refresh_token.value });
    let outcome = tokens_for(client, contract, claims).await;
    world.observe(|| Event::Refresh {
        succeeded: Some(outcome.is_ok()),
        duration: begun.steadily(&*world.clock),
    });
    let complete = |mut fresh: UserAccessToken| {
        // RFC 6749 section 6: without a new refresh token, the old one stays good.
        if fresh.refresh_token.value.expose().is_empty() {
            fresh.refresh_token = spent.refresh_token.clone();
        }
        if fresh.user.as_ref().is_none_or(|user| user.id.is_none()) {
            fresh.user.clone_from(&spent.user);
        }
        fresh.consentid = fresh.consentid.or_else(|| spent.consentid.clone());
        fresh
    };
    outcome
        .map(complete)
        .map_err(|error| error.replacing_user_access_token(complete))
}

#[derive(Deserialize)]
struct TokenResponse {
    token: Option<String>,
}

/// What the token endpoint gives for what the claims name, which is good once.
pub(super) async fn tokens_for(
    client: &Client,
    contract: &Contract,
    claims: Value,
) -> Result<UserAccessToken, Error> {
    let request = request(client, contract, claims)?.spending();
    let _expected = client.expect_token();
    let response = client.send(request).await?;
    let answer: TokenResponse = response.json()?;
    let token = answer.token.ok_or_else(|| no_token(&response))?;
    let mut looks = 1;
    loop {
        let error = match client.verify(&token, Worth::TheLast).await {
            Ok(claims) => return user_access_token(&claims),
            Err(Unverified::Refused(error)) => return Err(error),
            Err(Unverified::NoKey(error)) => error,
        };
        // The answer is in hand and nowhere else: it is kept until it can be verified, and if it cannot, handed over as what it is.
        if looks == LOOKS {
            let claims = unverified(&token);
            let token = claims.and_then(|claims| user_access_token(&claims).ok());
            return Err(match token {
                Some(token) => error.with_user_access_token(token),
                None => error,
            });
        }
        let pause = FIRST_PAUSE * (1 << (looks - 1));
        client.world().pause(pause).await;
        looks += 1;
    }
}

/// The same for a connection that is kept: in the time that there is, and with what became of what was to be spent where nothing comes.
pub(in crate::digime) async fn tokens_in_time(
    client: &Client,
    contract: &Contract,
    claims: Value,
    time: InTime,
) -> Result<UserAccessToken, Refusal> {
    let world = client.world();
    if time.is_over(world) {
        return Err(Refusal::Withheld);
    }
    let request = request(client, contract, claims).map_err(Refusal::NotSent)?;
    let request = request.spending_within(time.begun, time.leaves_within());
    let client = client.within(time);
    let _expected = client.expect_token();
    let response = client.send(request).await.map_err(refusal)?;
    let lost = Refusal::Lost;
    let answer: TokenResponse = response.json().map_err(lost)?;
    let token = answer.token.ok_or_else(|| lost(no_token(&response)))?;
    // The keys may be asked for again and again, each time for as long as that may take, or a server say when to come back.
    let verified = tokio::select! {
        biased;
        verified = verified_at_last(&client, &token) => Some(verified.map_err(lost)?),
        () = world.clock.alarm(time.left(world)) => None,
    };
    // It has come over TLS from the token endpoint itself, and is nowhere else: it is kept before others count the lease to its end.
    let claims = verified.or_else(|| unverified(&token));
    let claims = claims.ok_or_else(|| lost(no_token(&response)))?;
    user_access_token(&claims).map_err(lost)
}

/// The claims of a token, once there is a key that verifies it; an error where it is not what it should be.
async fn verified_at_last(client: &Client, token: &str) -> Result<Claims, Error> {
    let mut pause = FIRST_PAUSE;
    loop {
        match client.verify(token, Worth::TheLast).await {
            Ok(claims) => return Ok(claims),
            Err(Unverified::Refused(error)) => return Err(error),
            Err(Unverified::NoKey(_)) => client.world().pause(pause).await,
        }
        pause *= 2;
    }
}

/// The codes that say that what was to be spent serves no more. The platform documents none: these are all that its SDKs know of.
const OVER: [&str; 6] = [
    "InvalidGrant",
    "InvalidRefreshToken",
    "InvalidToken",
    "TokenInvalid",
    "invalid_grant",
    "invalid_token",
];

fn refusal(error: Error) -> Refusal {
    match Failure::of(&error) {
        Some(Failure::Server(server) | Failure::SdkInvalid(server)) => {
            let is_of_client = server
                .status_code
                .is_some_and(|status| (400..500).contains(&status));
            if !is_of_client {
                Refusal::Lost(error)
            } else if OVER.contains(&server.code.as_str()) {
                Refusal::Over(server.code.clone())
            } else {
                Refusal::Refused(error)
            }
        }
        _ => Refusal::unanswered(error),
    }
}

fn request(client: &Client, contract: &Contract, claims: Value) -> Result<Request, Error> {
    let request = client.post("oauth/token")?.signed(contract, claims);
    Ok(request.accept_json().content_type("application/json"))
}

/// The error of an answer that should have had a token.
pub(in crate::digime) fn no_token(response: &Response) -> Error {
    let error = response.unexpected("has no token");
    // As the JavaScript SDK begins.
    Error::unexpected_response(format!(
        "Token passed in to getPayloadFromToken must be defined. {error}"
    ))
}

/// A time in seconds, of which a fraction does not count, as a number or as text.
fn whole_seconds(time: &Value) -> Option<i64> {
    let written = match time {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let written = written.trim();
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let is_fraction = fraction.bytes().all(|digit| digit.is_ascii_digit());
    is_fraction.then(|| whole.parse().ok())?
}

/// The claims as a user access token. Without an access token it is none; the JavaScript SDK's defaults stand in for the rest.
fn user_access_token(claims: &Claims) -> Result<UserAccessToken, Error> {
    let token = |name: &str| {
        let claim = claims.get(name);
        let value = claim
            .and_then(|claim| claim.get("value"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let expiry = claim
            .and_then(|claim| claim.get("expires_on"))
            .and_then(whole_seconds)
            .unwrap_or_default();
        Token {
            value: Secret::from(value),
            expiry,
        }
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let access_token = token("access_token");
    if access_token.value.expose().is_empty() {
        return Err(Error::senseless("the platform's token has no access_token"));
    }
    Ok(UserAccessToken {
        access_token,
        refresh_token: token("refresh_token"),
        user: Some(User { id: text("sub") }),
        consentid: text("consentid"),
        beside: Beside::default(),
    })
}
