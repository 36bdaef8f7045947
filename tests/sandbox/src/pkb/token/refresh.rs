//! `grant_type=refresh_token`: a refresh token is good once, and a second use ends the session.

use crate::clock;
use crate::pkb::parameters::Parameters;
use crate::pkb::state::{Issued, Pkb, Refusal};
use crate::pkb::token::TokenError;

pub fn refresh(pkb: &Pkb, form: &Parameters) -> Result<Issued, TokenError> {
    let refresh_token = form
        .get("refresh_token")
        .ok_or_else(|| TokenError::invalid_request("refresh_token is missing"))?;
    let now = clock::now_ms();
    let mut memory = pkb.memory();
    let modes = memory.modes;
    let issued = memory.sessions.refresh(refresh_token, modes, now);
    match issued {
        Ok(_) => memory.tally.refreshes += 1,
        Err(Refusal::Reused) => memory.tally.reuses += 1,
        Err(_) => {}
    }
    issued.map_err(|refusal| TokenError::invalid_grant(explanation(refusal)))
}

fn explanation(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown => "The refresh token is unknown",
        Refusal::Reused => {
            "The refresh token was used already; its API session is invalid from now on"
        }
        Refusal::Invalid => "The API session of the refresh token is invalid",
        Refusal::Expired => "The API session of the refresh token is over",
    }
}
