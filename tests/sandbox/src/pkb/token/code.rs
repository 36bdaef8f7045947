//! `grant_type=authorization_code`: a code is good once, for whoever asked for it.

use crate::clock;
use crate::pkb::parameters::Parameters;
use crate::pkb::state::{Approval, Granted, Issued, Pkb};
use crate::pkb::token::TokenError;
use crate::pkce;

/// A code that was shown is spent even if the rest is wrong: whoever holds a stolen one gets a single guess.
pub fn exchange(pkb: &Pkb, form: &Parameters) -> Result<Issued, TokenError> {
    let code = form
        .get("code")
        .ok_or_else(|| TokenError::invalid_request("code is missing"))?;
    let now = clock::now_ms();
    let mut memory = pkb.memory();
    let approval = memory.approved.spend(code, now).ok_or_else(|| {
        TokenError::invalid_grant("The code is unknown, has expired or was used already")
    })?;
    check(&approval, form)?;
    memory.tally.exchanges += 1;
    let granted = Granted {
        person: approval.person,
        scope: approval.scope,
    };
    let modes = memory.modes;
    Ok(memory.sessions.open(granted, modes, now))
}

fn check(approval: &Approval, form: &Parameters) -> Result<(), TokenError> {
    match form.get("redirect_uri") {
        Some(uri) if uri != approval.redirect_uri => {
            return Err(TokenError::invalid_grant(
                "redirect_uri is not the one that the code was sent to",
            ));
        }
        None if approval.redirect_uri_was_sent => {
            return Err(TokenError::invalid_request(
                "redirect_uri is missing, which the code was asked for with",
            ));
        }
        _ => {}
    }
    let Some(challenge) = &approval.code_challenge else {
        return Ok(());
    };
    form.get("code_verifier")
        .is_some_and(|verifier| pkce::verifies(verifier, challenge))
        .then_some(())
        .ok_or_else(|| {
            TokenError::invalid_grant(
                "code_verifier is not the one that the code_challenge was made from",
            )
        })
}
