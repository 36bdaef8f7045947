//! What a patient comes back with, in the address that they come back to (RFC 6749 sections 4.1.2 and 4.1.2.1).

use crate::Error;
use crate::connections::making::CallbackQuery;
use crate::pkb::Failure;
use crate::{NonEmptyString, Secret};

/// The parameters of a callback.
pub(crate) struct Callback {
    pub state: Option<String>,
    pub answer: Answer,
}

pub(crate) enum Answer {
    Code(Secret<String>),
    Denied {
        error: String,
        error_description: Option<String>,
    },
}

impl Callback {
    /// From the address as the application's server saw it: whole, or from its path or its query on.
    pub(crate) fn parse(address: &NonEmptyString) -> Result<Self, Error> {
        let query = CallbackQuery::parse(address)?;
        let parameter = |name: &str| query.parameter(name);
        let answer = match (parameter("error"), parameter("code")) {
            (Some(error), _) => Answer::Denied {
                error,
                error_description: parameter("error_description"),
            },
            (None, Some(code)) => Answer::Code(code.into()),
            (None, None) => {
                return Err(missing(
                    "the callback has neither code nor error: it is not the address that PKB sent the patient back to",
                ));
            }
        };
        Ok(Self {
            state: parameter("state"),
            answer,
        })
    }

    /// From its parts, which the application has taken from the address.
    pub(crate) fn of(code: &Secret<NonEmptyString>, state: &NonEmptyString) -> Self {
        Self {
            state: Some(state.to_string()),
            answer: Answer::Code(code.expose().to_string().into()),
        }
    }
}

pub(crate) fn missing(message: &'static str) -> Error {
    Failure::LinkState {
        reason: "missing",
        message,
    }
    .into()
}
