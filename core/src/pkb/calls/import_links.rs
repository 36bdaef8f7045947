//! `importLinks`: many patients who linked before their links were kept.

use bon::Builder;
use serde::Deserialize;

use crate::connections::{Imported, Newcomer, import};
use crate::operation::Operation;
use crate::pkb::{Client, LinkTokens};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Brings in many patients whose tokens your application has kept itself, hundreds in one step of the store: a table of any size in portions of some
    /// thousands. Those who are linked already stay as they are, so that it can be called again with the same; those who cannot be brought in, since
    /// another user has their public id for one, are named in `refused`, and the others are. PKB is not asked.
    Client::import_links: ImportLinks(ImportLinksOptions) -> Imported
}

/// The options of `importLinks`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportLinksOptions {
    /// The patients.
    pub links: Vec<ImportedLink>,
}
crate::operation::unseen!(ImportLinksOptions);

/// A patient who linked before their link was kept.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportedLink {
    /// Your own id of the user: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// The patient's PKB public id, as `$purview` has given it.
    pub public_id: NonEmptyString,
    /// Their tokens, as they are now.
    pub tokens: LinkTokens,
}
crate::operation::unseen!(ImportedLink);

impl Operation for ImportLinks {
    type Client = Client;
    const NAME: &'static str = "importLinks";
    const GOES_ON: bool = true;
    type Options = ImportLinksOptions;
    type Response = Imported;

    async fn run(client: &Client, options: ImportLinksOptions) -> Result<Imported, Error> {
        let newcomers = options.links.into_iter().map(|link| Newcomer {
            app_user_id: link.app_user_id.to_string(),
            public_id: link.public_id.to_string(),
            tokens: Ok(link.tokens.into()),
        });
        import(client.links(), client.world(), newcomers.collect(), false).await
    }
}
