//! `importLink`: a patient who linked before their link was kept.

use bon::Builder;
use serde::Deserialize;

use crate::connections::Change;
use crate::connections::keeping::{Keeper, LinkDocument};
use crate::connections::making::beginning::check;
use crate::operation::Operation;
use crate::pkb::{Client, Failure, Link, LinkConflict, LinkTokens};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Brings in a patient whose tokens your application has kept itself: from then on they are kept here, and what your application has is of no use
    /// any more as soon as a refresh has replaced it. A user who is linked already stays as they are, so that it can be called again; `unlink` comes first
    /// where their tokens are to be others. PKB is not asked.
    Client::import_link: ImportLink(ImportLinkOptions) -> Link
}

/// The options of `importLink`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportLinkOptions {
    /// Your own id of the user: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// The patient's PKB public id, as `$purview` has given it.
    pub public_id: NonEmptyString,
    /// Their tokens, as they are now.
    pub tokens: LinkTokens,
}
crate::operation::unseen!(ImportLinkOptions);

impl Operation for ImportLink {
    type Client = Client;
    const NAME: &'static str = "importLink";
    type Options = ImportLinkOptions;
    type Response = Link;

    async fn run(client: &Client, options: ImportLinkOptions) -> Result<Link, Error> {
        let ImportLinkOptions {
            app_user_id,
            public_id,
            tokens,
        } = options;
        check(&app_user_id, None)?;
        let links = client.links();
        let others = links.of(&public_id).await?;
        if others.iter().any(|link| link.app_user_id != *app_user_id) {
            let conflict = LinkConflict::PublicId;
            return Err(Failure::LinkConflict { conflict }.into());
        }
        let imported = links.change(client.world(), &app_user_id, |found| {
            if let Some(record) = found {
                return Ok(Change::Leave(record));
            }
            let document = LinkDocument::new(tokens.clone().into(), String::new());
            let (user, public_id) = (app_user_id.to_string(), public_id.to_string());
            let made = links.make(user, public_id, document, client.now_ms());
            Ok(Change::Seal(Box::new(made.clone()), made.record))
        });
        let (record, _) = imported.await?;
        Ok(Link::from(record))
    }
}
