//! What must hold in every run, whatever its scenario lists.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rsa::pss::VerifyingKey;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

use crate::jwt;
use crate::outcome::{End, Outcome};
use crate::platform::Sent;
use crate::request::bearer;

/// The claims of the bearer token of each request, in order; null where there is none.
pub(crate) fn bearer_claims<'a>(
    requests: impl Iterator<Item = &'a Sent>,
    key: &VerifyingKey<Sha512>,
) -> Vec<Value> {
    requests
        .map(|sent| {
            bearer(sent)
                .and_then(|text| jwt::read(&text, key))
                .map_or(Value::Null, |token| token.claims)
        })
        .collect()
}

/// A nonce is used once: the platform refuses the second request.
pub(crate) fn repeated_nonces(claims: &[Value]) -> Vec<String> {
    let mut seen = HashMap::new();
    let mut failures = Vec::new();
    for (index, claims) in claims.iter().enumerate() {
        if let Some(nonce) = claims["nonce"].as_str()
            && let Some(first) = seen.insert(nonce, index)
        {
            failures.push(format!(
                "requests[{index}]: expected a new nonce, got that of requests[{first}]"
            ));
        }
    }
    failures
}

/// A `codeVerifier` is of use only when the platform was sent its S256 challenge.
pub(crate) fn unchallenged_verifiers(claims: &[Value], outcomes: &[Outcome]) -> Vec<String> {
    let challenges: HashSet<_> = claims
        .iter()
        .filter_map(|claims| claims["code_challenge"].as_str())
        .collect();
    outcomes
        .iter()
        .enumerate()
        .filter_map(|(index, outcome)| match &outcome.end {
            End::Result(result) => Some((index, result["codeVerifier"].as_str()?)),
            End::Error(_) => None,
        })
        .filter(|(_, verifier)| {
            let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            !challenges.contains(digest.as_str())
        })
        .map(|(index, _)| {
            format!(
                "steps[{index}].result.codeVerifier: expected its S256 among the code_challenges sent, got none"
            )
        })
        .collect()
}
