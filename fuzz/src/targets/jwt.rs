//! Tokens of digi.me and the key sets that they name: a token is believed only if it is signed with the platform's key, whatever it says, and
//! what it says is handed on as it stands there.

use std::io::Write;

use digime_sdk::digime::{ExchangeCodeForTokenOptions, UserAccessToken};
use digime_sdk::{Error, ErrorKind, Secret};
use serde_json::{Value, json};

use crate::digime::{ORIGIN, client, contract};
use crate::discretion;
use crate::oracles;
use crate::script::{Answer, cut, replaced};
use crate::stage::Stage;

const CODE: &str = "SECRET-code-4711";
const VERIFIER: &str = "SECRET-verifier-4711";

/// The input: a token, or its header and claims to be signed, each in a line; and the answers of who has keys.
pub fn run(input: &[u8]) {
    let (token, keys) = cut(input, b"\n%%%\n");
    let keys = Answer::all(&named(keys.unwrap_or_default()));
    let token = match token.first() {
        Some(b'{') => {
            let (header, claims) = cut(token, b"\n");
            oracles::signed(&named(header), &named(claims.unwrap_or_default()))
        }
        _ => String::from_utf8_lossy(token).into_owned(),
    };
    let answer = Answer::json(json!({ "token": token }).to_string());
    let stage = Stage::new(std::iter::once(answer).chain(keys));
    let client = client(&stage);
    let options = ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier(VERIFIER.parse::<Secret<_>>().unwrap())
        .authorization_code(CODE.parse::<Secret<_>>().unwrap())
        .build();
    let outcome = stage.run(client.exchange_code_for_token(options));
    for sent in stage.sent() {
        let origin = sent.address.get(..=ORIGIN.len());
        assert_eq!(origin, Some(&*format!("{ORIGIN}/")), "{}", sent.address);
    }
    judge(outcome, &token);
}

/// With the platform's public key, and with where its key sets are.
fn named(text: &[u8]) -> Vec<u8> {
    let mut pem = Vec::new();
    write!(pem, "{}", oracles::platform_pem().replace('\n', "\\n")).unwrap();
    replaced(
        &replaced(text, "{{pem}}", &pem),
        "{{origin}}",
        ORIGIN.as_bytes(),
    )
}

fn judge(outcome: Result<UserAccessToken, Error>, token: &str) {
    match outcome {
        Ok(given) => {
            let claims = oracles::claims(token).expect("a token that the platform did not sign");
            said(&given, &claims);
        }
        Err(error) => {
            let kind = error.kind();
            assert!(
                matches!(
                    kind,
                    ErrorKind::Sdk(_)
                        | ErrorKind::TokenVerification(_)
                        | ErrorKind::UnexpectedResponse(_)
                        | ErrorKind::Http(_)
                        | ErrorKind::Platform(_)
                        | ErrorKind::Transport { .. }
                        | ErrorKind::Timeout { .. }
                ),
                "{error}"
            );
            let mut secrets = vec![CODE, VERIFIER, "SECRET"];
            // What a platform answers to a request for keys is no secret of the SDK's.
            if matches!(kind, ErrorKind::Platform(_)) {
                secrets.pop();
            }
            discretion::check(&error, &secrets);
        }
    }
}

fn said(given: &UserAccessToken, claims: &Value) {
    let value = |name: &str| {
        claims[name]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(*given.access_token.value.expose(), value("access_token"));
    assert!(!given.access_token.value.expose().is_empty());
    assert_eq!(*given.refresh_token.value.expose(), value("refresh_token"));
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    assert_eq!(given.consentid, text("consentid"));
    assert_eq!(given.user.as_ref().unwrap().id, text("sub"));
    if let Some(expiry) = claims["access_token"]["expires_on"].as_i64() {
        assert_eq!(given.access_token.expiry, expiry);
    }
}
