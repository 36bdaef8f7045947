//! `completeLink`: from what a patient came back with to a link.

use bon::Builder;
use serde::Deserialize;

use crate::connections::OnConflict;
use crate::connections::making::Goal;
use crate::connections::making::completion::{completed, give_up};
use crate::error::Invalid;
use crate::operation::Operation;
use crate::pkb::linking::callback_url::{Answer, Callback, missing};
use crate::pkb::{Client, Failure, Link};
use crate::{Error, NonEmptyString, Secret};

crate::operation::call! {
    /// Completes a link with what the patient came back with: exchanges the code, stores the tokens at once, asks PKB whose they are,
    /// and stores the pair of your user's id and the PKB public id.
    ///
    /// Called again with the same callback it gives the same link; the code is exchanged once. If it was interrupted after the exchange,
    /// or refused because of a conflict, calling it again goes on from the tokens that are stored.
    Client::complete_link: CompleteLink(CompleteLinkOptions) -> Link
}

/// The options of `completeLink`: `callbackUrl`, or `code` and `state`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CompleteLinkOptions {
    /// The address that the patient came back to, whole or from its path on.
    pub callback_url: Option<NonEmptyString>,
    /// Its parameter `code`.
    pub code: Option<Secret<NonEmptyString>>,
    /// Its parameter `state`.
    pub state: Option<NonEmptyString>,
    /// Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the link: else somebody who is
    /// sent the address that another user of yours asked for links their record to that user's account.
    pub app_user_id: Option<NonEmptyString>,
    /// `true` where whoever handles the callback cannot know who is logged in: the link is then made for whoever asked for it, and you
    /// must rule out by other means that they were sent somebody else's address. In place of `appUserId`.
    pub any_user: Option<bool>,
    /// What to do if the user, or the PKB record, is linked already, to another. Default: `refuse`, with a `LinkConflictError`.
    pub on_conflict: Option<OnConflict>,
}
crate::operation::unseen!(CompleteLinkOptions);

impl Operation for CompleteLink {
    type Client = Client;
    const NAME: &'static str = "completeLink";
    type Options = CompleteLinkOptions;
    type Response = Link;

    async fn run(client: &Client, options: CompleteLinkOptions) -> Result<Link, Error> {
        let callback = callback(options.callback_url, options.code, options.state)?;
        let goal = Goal {
            app_user_id: asking(options.app_user_id, options.any_user)?,
            replaces: options.on_conflict == Some(OnConflict::Replace),
        };
        match (callback.answer, callback.state) {
            (Answer::Code(code), Some(state)) => {
                let made = completed(client, &state, &code, &goal).await;
                made.map(Link::from)
            }
            (Answer::Code(_), None) => Err(missing(
                "the callback has no state: it does not come from an address that getLinkUrl gave",
            )),
            (
                Answer::Denied {
                    error,
                    error_description,
                },
                state,
            ) => {
                if let Some(state) = state {
                    give_up(client, &state, &goal).await?;
                }
                Err(Failure::LinkDenied {
                    message: "the patient, or PKB, did not grant the link; error says why"
                        .to_owned(),
                    error,
                    error_description,
                }
                .into())
            }
        }
    }
}

/// Who must have asked for the link; none for whoever did.
fn asking(
    app_user_id: Option<NonEmptyString>,
    any_user: Option<bool>,
) -> Result<Option<NonEmptyString>, Error> {
    match (app_user_id, any_user.unwrap_or(false)) {
        (Some(_), true) => Err(Invalid::new(
            "options.anyUser",
            "cannot be given together with appUserId: either one user must have asked for the link, or any",
        )
        .into()),
        (None, false) => Err(Invalid::new(
            "options.appUserId",
            "is missing: give the user who is logged in where the callback arrived, so that nobody's record is linked to another's account; anyUser: true where that cannot be known",
        )
        .into()),
        (asking, _) => Ok(asking),
    }
}

fn callback(
    callback_url: Option<NonEmptyString>,
    code: Option<Secret<NonEmptyString>>,
    state: Option<NonEmptyString>,
) -> Result<Callback, Error> {
    match (callback_url, code, state) {
        (Some(address), None, None) => Callback::parse(&address),
        (None, Some(code), Some(state)) => Ok(Callback::of(&code, &state)),
        (Some(_), _, _) => Err(Invalid::new(
            "options.callbackUrl",
            "cannot be given together with code or state, which it holds",
        )
        .into()),
        (None, Some(_), None) => Err(Invalid::new("options.state", "is missing").into()),
        (None, None, Some(_)) => Err(Invalid::new("options.code", "is missing").into()),
        (None, None, None) => Err(Invalid::new(
            "options.callbackUrl",
            "is missing: give the address that the patient came back to, or its code and state",
        )
        .into()),
    }
}
