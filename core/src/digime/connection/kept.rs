//! How connections are kept with digi.me: what its token endpoint says, and in which words a connection is told of.

use std::sync::Arc;

use serde_json::json;

use super::tokens::just_issued;
use super::{Connection, ConnectionEvent};
use super::{tokens_of, user_access_token_of};
use crate::connections::keeping::{
    Grant, InTime, Keeper, Keeping, LinkDocument, Refusal, Tokens, Told, access,
};
use crate::connections::{AttemptProblem, Conflict, Connections, LinkRecord};
use crate::digime::user::tokens_in_time;
use crate::digime::{Client, Contract, Failure, UserAccessToken};
use crate::http::Limit;
use crate::{Error, Secret, World};

/// By which name the store knows the connections under a contract.
pub(in crate::digime) fn platform(application_id: &str, contract_id: &str) -> String {
    format!("digime:{application_id}:{contract_id}")
}

/// The connections of an application's users under one contract.
#[derive(Clone)]
pub(in crate::digime) struct Kept {
    client: Client,
    contract: Contract,
    connections: Arc<Connections>,
}

impl Kept {
    pub(in crate::digime) fn new(
        client: &Client,
        contract: &Contract,
        connections: Connections,
    ) -> Self {
        Self {
            client: client.clone(),
            contract: contract.clone(),
            connections: Arc::new(connections),
        }
    }

    /// A token of the user's that serves: the one stored, or one that replaces it; `spent` is an access token that the platform has refused.
    /// Says whether it has come for this call.
    pub(in crate::digime) async fn token(
        &self,
        app_user_id: &str,
        spent: Option<&Secret<String>>,
    ) -> Result<(UserAccessToken, bool), Error> {
        let serving = access::tokens(self, app_user_id, spent);
        let clock = &*self.world().clock;
        let serving = Limit::bound(self.call(), clock, "the token of a connection", serving);
        let serving = serving.await??;
        Ok((user_access_token_of(&serving.tokens), serving.refreshed))
    }

    /// Forgets a token that was read a moment ago: the platform has refused it.
    pub(in crate::digime) fn forget_token(&self, app_user_id: &str) {
        self.connections.forget_tokens(app_user_id);
    }

    /// A token that serves, of a user who is connected; none of one who is not, or not any more. `spent` is an access token that the platform has
    /// refused.
    pub(in crate::digime) async fn token_if_connected(
        &self,
        app_user_id: &str,
        spent: Option<&Secret<String>>,
    ) -> Result<Option<UserAccessToken>, Error> {
        match self.token(app_user_id, spent).await {
            Ok((token, _)) => Ok(Some(token)),
            Err(error) if self.is_over(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A record, as applications see it.
    pub(in crate::digime) fn shown(&self, record: LinkRecord) -> Result<Connection, Error> {
        let kept = self.connections.open::<LinkDocument>(record)?;
        Ok(Connection::of(self.contract.id(), kept))
    }
}

/// Tells the application of a change to a connection under a contract.
pub(in crate::digime) async fn tell(
    client: &Client,
    contract_id: &str,
    connections: &Connections,
    of: Told<'_>,
) -> Result<(), Error> {
    let Some(hook) = &client.settings().on_connection_change else {
        return Ok(());
    };
    let record = of.record().clone();
    let event = ConnectionEvent {
        change: of.change(),
        connection: Connection::read_from(contract_id, connections, record),
    };
    hook.tell(event).await
}

impl Keeper for Kept {
    // The platform does not say that a library is one user's alone.
    const SHARES_PUBLIC_IDS: bool = true;
    // Without a token that serves, the platform makes them another library.
    const RENEWS_PUBLIC_IDS: bool = true;

    fn world(&self) -> &World {
        self.client.world()
    }

    fn connections(&self) -> &Connections {
        &self.connections
    }

    fn keeping(&self) -> &Keeping {
        self.client.keeping()
    }

    fn call(&self) -> Option<Limit> {
        self.client.call()
    }

    fn waiting(&self) -> Option<Limit> {
        self.client.waiting()
    }

    fn outliving(&self) -> Self {
        Self {
            client: self.client.outliving(),
            ..self.clone()
        }
    }

    async fn spend(&self, grant: Grant<'_>, time: InTime) -> Result<Tokens, Refusal> {
        let claims = match grant {
            Grant::Code {
                code,
                code_verifier,
                ..
            } => json!({
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": code_verifier,
            }),
            Grant::Refresh(refresh_token) => {
                json!({ "grant_type": "refresh_token", "refresh_token": refresh_token })
            }
        };
        let token = tokens_in_time(&self.client, &self.contract, claims, time);
        Ok(just_issued(tokens_of(token.await?), self.now_ms()))
    }

    async fn public_id(&self, tokens: &Tokens) -> Result<String, Error> {
        let user = user_access_token_of(tokens).user;
        Ok(user.and_then(|user| user.id).unwrap_or_default())
    }

    async fn tell(&self, of: Told<'_>) -> Result<(), Error> {
        tell(&self.client, self.contract.id(), &self.connections, of).await
    }

    fn not_connected(&self) -> Error {
        Failure::NotConnected.into()
    }

    fn over(&self, reason: &str) -> Error {
        Failure::ConnectionExpired {
            reason: reason.to_owned(),
        }
        .into()
    }

    fn is_over(&self, error: &Error) -> bool {
        matches!(
            Failure::of(error),
            Some(Failure::ConnectionExpired { .. } | Failure::NotConnected)
        )
    }

    fn stopped(&self, problem: AttemptProblem) -> Error {
        let (reason, message) = match problem {
            AttemptProblem::Unknown => (
                "unknown",
                "the state is not one of an attempt to connect under this contract: it was made up, or has expired and is forgotten; begin again with getConnectUrl",
            ),
            AttemptProblem::Mismatch => (
                "mismatch",
                "the connection was asked for by another user than the one who is logged in; nobody was connected",
            ),
            AttemptProblem::Late => (
                "expired",
                "the person came back too late; begin again with getConnectUrl",
            ),
            AttemptProblem::TokensExpired => (
                "expired",
                "the tokens of this attempt to connect have expired; begin again with getConnectUrl",
            ),
            AttemptProblem::CodeRefused => (
                "used",
                "digi.me does not accept the code: it has expired, or was used before; begin again with getConnectUrl",
            ),
            AttemptProblem::Failed => (
                "used",
                "this attempt to connect was interrupted or refused; begin again with getConnectUrl",
            ),
            AttemptProblem::Removed => (
                "used",
                "this attempt to connect was completed, and the connection has been removed since; begin again with getConnectUrl",
            ),
        };
        Failure::ConnectState { reason, message }.into()
    }

    fn conflict(&self, _: Conflict) -> Error {
        Failure::ConnectionConflict.into()
    }
}
