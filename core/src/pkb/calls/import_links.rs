//! `importLinks`: many patients who linked before their links were kept.

use bon::Builder;
use serde::Deserialize;

use crate::connections::{Imported, Many, Newcomer, import};
use crate::operation::Operation;
use crate::pkb::{Client, LinkTokens};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Brings in many patients whose tokens your application has kept itself, however many there are: some hundreds are taken and written in one step,
    /// and no more are in memory. Those who are linked already stay as they are, so that it can be called again with the same; those who cannot be
    /// brought in, since another user has their public id for one, are named in `refused`, and the others are. Where what is given fails on the way, or
    /// the store does, those stay who were brought in before. PKB is not asked.
    Client::import_links: ImportLinks(ImportLinksOptions) -> Imported
}

/// The options of `importLinks`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportLinksOptions {
    /// The patients: whatever can be iterated over, a list or the rows of a table. A list is looked through before anybody is brought in.
    #[builder(into)]
    pub links: Many<ImportedLink>,
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
        let newcomer = |link: ImportedLink| Newcomer {
            app_user_id: link.app_user_id.to_string(),
            public_id: link.public_id.to_string(),
            tokens: Ok(link.tokens.into()),
        };
        let (many, path) = (options.links, "options.links");
        import(client.links(), client.world(), many, path, newcomer, false).await
    }
}
