//! What a person comes back with from digi.me's pages, in the address that they come back to.

use crate::connections::making::CallbackQuery;
use crate::digime::{Failure, NonEmptyString};
use crate::{Error, Secret};

/// The parameters of a callback.
pub(in crate::digime) struct Callback {
    pub state: String,
    pub answer: Answer,
}

pub(in crate::digime) enum Answer {
    Granted {
        code: Secret<String>,
        account_reference: Option<String>,
    },
    Denied {
        error_code: Option<String>,
    },
}

impl Callback {
    /// From the address as the application's server saw it: whole, or from its path or its query on.
    pub(in crate::digime) fn parse(address: &NonEmptyString) -> Result<Self, Error> {
        let query = CallbackQuery::parse(address)?;
        let parameter = |name: &str| query.parameter(name);
        let state = parameter("state").ok_or_else(|| {
            missing("the callback has no state: it does not come from an address that getConnectUrl gave")
        })?;
        let succeeded = parameter("success").map(|success| success.eq_ignore_ascii_case("true"));
        let error_code = parameter("errorCode");
        let answer = match (succeeded, error_code, parameter("code")) {
            // Where it says nothing else, a code says enough.
            (Some(true) | None, None, Some(code)) => Answer::Granted {
                code: code.into(),
                account_reference: parameter("accountReference"),
            },
            (Some(false), error_code, _) | (_, error_code @ Some(_), _) => {
                Answer::Denied { error_code }
            }
            (Some(true) | None, None, None) => {
                return Err(missing(
                    "the callback has neither code nor errorCode: it is not the address that digi.me sent the person back to",
                ));
            }
        };
        Ok(Self { state, answer })
    }
}

fn missing(message: &'static str) -> Error {
    Failure::ConnectState {
        reason: "missing",
        message,
    }
    .into()
}
