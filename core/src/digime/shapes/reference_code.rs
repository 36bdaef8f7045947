//! The code that opens a page for a user whose token the application has.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digime::config::AgentBody;
use crate::digime::{Client, Contract, Session, SessionOptions};
use crate::http::{Request, Response};
use crate::{Described, Document, Error, Open};

/// The code, and the reading session that starts with what the person does on the page.
pub(in crate::digime) struct ReferenceCode {
    pub code: String,
    pub session: Option<Described<Session>>,
}

/// What the platform is told when a page is to be opened: by what, and what sessions are to follow.
#[derive(Serialize)]
pub(in crate::digime) struct OpeningBody<'a> {
    agent: AgentBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<&'a Open<SessionOptions>>,
}

impl<'a> OpeningBody<'a> {
    pub(in crate::digime) fn new(
        client: &'a Client,
        actions: Option<&'a Open<SessionOptions>>,
        consumer: Option<&'a Document>,
    ) -> Self {
        Self {
            agent: client.settings().agent(consumer),
            actions,
        }
    }
}

#[derive(Deserialize)]
struct ReferenceToken {
    token: Option<String>,
    session: Option<Described<Session>>,
}

impl ReferenceCode {
    pub(in crate::digime) fn request(
        client: &Client,
        contract: &Contract,
        claims: Value,
        session_options: Option<&Open<SessionOptions>>,
        consumer: Option<&Document>,
    ) -> Result<Request, Error> {
        let body = OpeningBody::new(client, session_options, consumer);
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
        let claims = client.verified(answer.token.as_deref(), &response).await?;
        Ok(Self {
            code: claims.text("reference_code")?.to_owned(),
            session: answer.session,
        })
    }
}
