//! Verifying a token of an issuer: the one place where its word is trusted.

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};
use url::Url;

use super::jwks::{Belief, KeySets};
use crate::Error;
use crate::http::Sender;

/// How far the clocks of the platform and of this machine may be apart, in seconds.
const LEEWAY: f64 = 60.0;

/// The claims of a token.
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim that has to be there, as text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Error> {
        let text = self
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        text.ok_or_else(|| Error::senseless(format!("the platform's token has no {name}")))
    }
}

/// Who issues tokens: where its keys may be fetched from, and those that were.
pub(crate) struct Issuer<'a, S> {
    pub via: &'a S,
    pub key_sets: &'a KeySets,
    /// Whether a key set at this address is the issuer's.
    pub trusts: &'a (dyn Fn(&Url) -> bool + Sync),
}

/// What a token was had for, and so what must not make it be lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Another can be had.
    Another,
    /// Something that is good once was spent for it. It came from the issuer itself, so a clock that is wrong is no reason to refuse it, nor
    /// is a key that was not there a moment ago.
    TheLast,
}

/// Why a token is not verified.
pub(crate) enum Unverified {
    /// It is not the issuer's, or makes no sense.
    Refused(Error),
    /// The key cannot be had at present.
    NoKey(Error),
}

impl Unverified {
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Refused(error) | Self::NoKey(error) => error,
        }
    }
}

impl<S: Sender + Clone + Send + Sync + 'static> Issuer<'_, S> {
    /// Verifies a token and hands on its claims.
    pub(crate) async fn verify(&self, token: &str, worth: Worth) -> Result<Claims, Unverified> {
        let refused = |reason: &str| Unverified::Refused(Error::token_verification(reason));
        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| refused("the platform's token is not a JSON Web Token"))?;
        // RFC 7515 section 4.1.11: none of what it may name is understood here.
        if header.crit.is_some() {
            return Err(refused(
                "the platform's token has extensions (crit) that this SDK does not know",
            ));
        }
        let (Some(jku), Some(kid)) = (&header.jku, &header.kid) else {
            return Err(Unverified::Refused(Error::sdk(
                "Unexpected JWT payload in token. No jku or kid found.",
            )));
        };
        if header.alg != Algorithm::PS512 {
            return Err(refused("the platform's token is not signed with PS512"));
        }
        let address = Url::parse(jku).ok().filter(|url| (self.trusts)(url));
        let address = address.ok_or_else(|| {
            refused("the token names a key set (jku) outside the platform; it was not fetched")
        })?;
        let last = worth == Worth::TheLast;
        let key = async |belief| {
            let key = self.key_sets.key(self.via, &address, kid, belief).await;
            key.map_err(Unverified::NoKey)?.ok_or_else(|| {
                let reason = "the platform's key set has no key with the token's kid";
                Unverified::NoKey(Error::token_verification(reason))
            })
        };
        let mut validation = Validation::new(Algorithm::PS512);
        // Time is checked below, by the clock of this client's world.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let decode =
            |key: &DecodingKey| jsonwebtoken::decode::<Map<String, Value>>(token, key, &validation);
        let misfit =
            |error: &jsonwebtoken::errors::Error| *error.kind() == ErrorKind::InvalidSignature;
        let (first, fetched_before) = key(Belief::at_first(last)).await?;
        let mut decoded = decode(&first);
        if fetched_before && decoded.as_ref().is_err_and(misfit) {
            let (second, _) = key(Belief::after_misfit(last)).await?;
            decoded = decode(&second);
        }
        let claims = decoded.map(|token| token.claims).map_err(|error| {
            refused(if misfit(&error) {
                "the signature of the platform's token does not verify"
            } else {
                "the claims of the platform's token cannot be read"
            })
        })?;
        if worth == Worth::Another {
            within_its_time(self.via, &claims).map_err(Unverified::Refused)?;
        }
        Ok(Claims(claims))
    }
}

/// What a token says that nobody vouches for: not to be acted on, but to be handed over where nothing else is left.
pub(crate) fn unverified(token: &str) -> Option<Claims> {
    let decoded = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token);
    decoded.ok().map(|token| Claims(token.claims))
}

fn within_its_time(via: &impl Sender, claims: &Map<String, Value>) -> Result<(), Error> {
    let now = Duration::from_millis(via.sending().world.now_ms()).as_secs_f64();
    // RFC 7519 section 2: a NumericDate is a number of seconds, which may have a fraction.
    let time = |name: &str| {
        let Some(time) = claims.get(name) else {
            return Ok(None);
        };
        let seconds = time.as_f64().filter(|seconds| *seconds >= 0.0);
        seconds.map(Some).ok_or_else(|| {
            Error::token_verification(format!("the time in the platform's token ({name}) is none"))
        })
    };
    if time("exp")?.is_some_and(|exp| exp + LEEWAY <= now) {
        return Err(Error::token_verification(
            "the platform's token has expired (exp); is this machine's clock right?",
        ));
    }
    if time("nbf")?.is_some_and(|nbf| nbf > now + LEEWAY) {
        return Err(Error::token_verification(
            "the platform's token is not valid yet (nbf); is this machine's clock right?",
        ));
    }
    Ok(())
}
