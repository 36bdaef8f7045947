//! The page where a patient who was invited registers: it says whether there is such an invitation.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::pkb::parameters::Parameters;
use crate::pkb::problem::Problem;
use crate::pkb::state::Pkb;

pub async fn join(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes())?;
    let codes = parameters.get("t1").zip(parameters.get("t2"));
    let is_invited = codes.is_some_and(|(code, token)| {
        let invitation = (code.to_owned(), token.to_owned());
        pkb.memory().invitations.contains(&invitation)
    });
    if is_invited {
        Ok(Problem::invited().shown())
    } else {
        Err(Problem::refused("There is no invitation with these codes."))
    }
}
