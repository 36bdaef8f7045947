//! How links are kept with PKB: what its token endpoint and `$purview` say, and in which words a link is told of.

use super::linking::purview;
use super::tokens::hooks::{LinkEvent, TokensChanged};
use super::tokens::token_endpoint::user_tokens;
use super::{Client, Failure, Link, LinkConflict};
use crate::connections::keeping::{Grant, InTime, Keeper, Keeping, Refusal, Tokens, Told};
use crate::connections::{AttemptProblem, Conflict, Connections};
use crate::http::Limit;
use crate::{Error, World};

impl Keeper for Client {
    const SHARES_PUBLIC_IDS: bool = false;
    const RENEWS_PUBLIC_IDS: bool = false;

    fn world(&self) -> &World {
        self.world()
    }

    fn connections(&self) -> &Connections {
        self.links()
    }

    fn keeping(&self) -> &Keeping {
        self.kept()
    }

    fn call(&self) -> Option<Limit> {
        self.call()
    }

    fn waiting(&self) -> Option<Limit> {
        self.waiting()
    }

    fn outliving(&self) -> Self {
        self.outliving()
    }

    async fn spend(&self, grant: Grant<'_>, time: InTime) -> Result<Tokens, Refusal> {
        user_tokens(self, grant, time).await
    }

    async fn public_id(&self, tokens: &Tokens) -> Result<String, Error> {
        purview::public_id(self, &tokens.access_token).await
    }

    async fn tell(&self, of: Told<'_>) -> Result<(), Error> {
        let hooks = &self.settings().hooks;
        let change = of.change();
        let link = Link::from(of.record().clone());
        let changed = hooks.link_changed(LinkEvent { change, link }).await;
        let told = match of {
            Told::Refreshed { record, tokens, .. } => {
                let changed = TokensChanged {
                    app_user_id: record.app_user_id.clone(),
                    public_id: record.public_id.clone(),
                    access_token_expires_at: tokens.expires_at,
                };
                hooks.tokens_changed(changed).await
            }
            Told::Expired(record) => hooks.link_expired(Link::from(record.clone())).await,
            Told::Made { .. } | Told::Uncertain(_) | Told::Removed(_) => Ok(()),
        };
        changed.and(told)
    }

    fn not_connected(&self) -> Error {
        Failure::NotLinked.into()
    }

    fn over(&self, reason: &str) -> Error {
        Failure::LinkExpired {
            reason: reason.to_owned(),
        }
        .into()
    }

    fn is_over(&self, error: &Error) -> bool {
        matches!(
            Failure::of(error),
            Some(Failure::LinkExpired { .. } | Failure::NotLinked)
        )
    }

    fn stopped(&self, problem: AttemptProblem) -> Error {
        let (reason, message) = match problem {
            AttemptProblem::Unknown => (
                "unknown",
                "the state is not one of an attempt to link: it was made up, or has expired and is forgotten; begin again with getLinkUrl",
            ),
            AttemptProblem::Mismatch => (
                "mismatch",
                "the link was asked for by another user than the one who is logged in; nothing was linked",
            ),
            AttemptProblem::Late => (
                "expired",
                "the patient came back too late; begin again with getLinkUrl",
            ),
            AttemptProblem::TokensExpired => (
                "expired",
                "the tokens of this attempt to link have expired; begin again with getLinkUrl",
            ),
            AttemptProblem::CodeRefused => (
                "used",
                "PKB does not accept the code: it has expired, or was used before; begin again with getLinkUrl",
            ),
            AttemptProblem::Failed => (
                "used",
                "this attempt to link was interrupted or refused; begin again with getLinkUrl",
            ),
            AttemptProblem::Removed => (
                "used",
                "this attempt to link was completed, and the link has been removed since; begin again with getLinkUrl",
            ),
        };
        Failure::LinkState { reason, message }.into()
    }

    fn conflict(&self, conflict: Conflict) -> Error {
        let conflict = match conflict {
            Conflict::AppUser => LinkConflict::AppUser,
            Conflict::PublicId => LinkConflict::PublicId,
        };
        Failure::LinkConflict { conflict }.into()
    }
}
