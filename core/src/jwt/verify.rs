//! Verifying a token of the platform: the one place where its word is trusted.

use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Map, Value};

use crate::{Client, Error};

/// How far the clocks of the platform and of this machine may be apart, in seconds.
const LEEWAY: u64 = 60;

/// The claims of a verified token.
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
        text.ok_or_else(|| Error::sdk(format!("the platform's token has no {name}")))
    }
}

/// Verifies a token `{"token": "<JWT>"}` of the platform and hands on its claims.
pub(crate) async fn verify(client: &Client, token: Option<&str>) -> Result<Claims, Error> {
    let token = token.ok_or_else(|| {
        Error::unexpected_response("Token passed in to getPayloadFromToken must be defined. The platform's answer has no token.")
    })?;
    let header = jsonwebtoken::decode_header(token)
        .map_err(|_| Error::token_verification("the platform's token is not a JSON Web Token"))?;
    let (Some(jku), Some(kid)) = (&header.jku, &header.kid) else {
        return Err(Error::sdk(
            "Unexpected JWT payload in token. No jku or kid found.",
        ));
    };
    if header.alg != Algorithm::PS512 {
        return Err(Error::token_verification(
            "the platform's token is not signed with PS512",
        ));
    }
    let key = client.key_sets().key(client, jku, kid).await?;
    let mut validation = Validation::new(Algorithm::PS512);
    // Time is checked below, by the clock of this client's world.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)
        .map_err(|_| {
            Error::token_verification("the signature of the platform's token does not verify")
        })?
        .claims;
    within_its_time(client, &claims)?;
    Ok(Claims(claims))
}

fn within_its_time(client: &Client, claims: &Map<String, Value>) -> Result<(), Error> {
    let now = client.world().now_ms() / 1000;
    let time = |name| claims.get(name).and_then(Value::as_u64);
    if time("exp").is_some_and(|exp| exp.saturating_add(LEEWAY) <= now) {
        return Err(Error::token_verification(
            "the platform's token has expired (exp); is this machine's clock right?",
        ));
    }
    if time("nbf").is_some_and(|nbf| nbf > now.saturating_add(LEEWAY)) {
        return Err(Error::token_verification(
            "the platform's token is not valid yet (nbf); is this machine's clock right?",
        ));
    }
    Ok(())
}
