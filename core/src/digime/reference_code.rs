//! The code that opens a page for a user whose token the application has.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Contract, Session, SessionOptions};
use crate::request::{Request, Response};
use crate::{Client, Error, jwt};

/// The code, and the reading session that starts with what the person does on the page.
pub(super) struct ReferenceCode {
    pub code: String,
    pub session: Session,
}

#[derive(Deserialize)]
struct ReferenceToken {
    token: Option<String>,
    session: Session,
}

impl ReferenceCode {
    pub(super) fn request(
        client: &Client,
        contract: &Contract,
        claims: Value,
        session_options: Option<&SessionOptions>,
    ) -> Result<Request, Error> {
        let mut body = json!({ "agent": client.settings().agent() });
        if let Some(actions) = session_options {
            body["actions"] = json!(actions);
        }
        Request::post(client, "oauth/token/reference")?
            .signed(contract, claims)
            .accept_json()
            .json(&body)
    }

    pub(super) async fn read(client: &Client, response: Response) -> Result<Self, Error> {
        let answer: ReferenceToken = response.json()?;
        let claims = jwt::verify::verify(client, answer.token.as_deref()).await?;
        Ok(Self {
            code: claims.text("reference_code")?.to_owned(),
            session: answer.session,
        })
    }
}
