//! The code that opens a page for a user whose token the application has.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Error;
use crate::digime::{Client, Contract, Session, SessionOptions};
use crate::http::{Request, Response};

/// The code, and the reading session that starts with what the person does on the page.
pub(in crate::digime) struct ReferenceCode {
    pub code: String,
    pub session: Session,
}

#[derive(Deserialize)]
struct ReferenceToken {
    token: Option<String>,
    session: Session,
}

impl ReferenceCode {
    pub(in crate::digime) fn request(
        client: &Client,
        contract: &Contract,
        claims: Value,
        session_options: Option<&SessionOptions>,
    ) -> Result<Request, Error> {
        let mut body = json!({ "agent": client.settings().agent() });
        if let Some(actions) = session_options {
            body["actions"] = json!(actions);
        }
        client
            .post("oauth/token/reference")?
            .signed(contract, claims)
            .accept_json()
            .json(&body)
    }

    pub(in crate::digime) async fn read(
        client: &Client,
        response: Response,
    ) -> Result<Self, Error> {
        let answer: ReferenceToken = response.json()?;
        let claims = client.verified(answer.token.as_deref()).await?;
        Ok(Self {
            code: claims.text("reference_code")?.to_owned(),
            session: answer.session,
        })
    }
}
