//! `exportLink`: the tokens of a patient whose link is kept, to be kept elsewhere.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::connections::keeping::LinkDocument;
use crate::operation::Operation;
use crate::pkb::{Client, Failure, LinkTokens};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// The tokens of a patient as they are stored, for an application that is to keep them itself again. From before this call until `unlink` has
    /// removed the link, nothing may act for the patient: a refresh between the two would spend what is given here. PKB is not asked.
    Client::export_link: ExportLink(ExportLinkOptions) -> ExportedLink
}

/// The options of `exportLink`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ExportLinkOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(ExportLinkOptions);

/// A link outside the store: with `appUserId` what `importLink` takes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ExportedLink {
    /// The patient's PKB public id.
    pub public_id: String,
    /// Their tokens.
    pub tokens: LinkTokens,
}
crate::operation::unseen!(ExportedLink);

impl Operation for ExportLink {
    type Client = Client;
    const NAME: &'static str = "exportLink";
    type Options = ExportLinkOptions;
    type Response = ExportedLink;

    async fn run(client: &Client, options: ExportLinkOptions) -> Result<ExportedLink, Error> {
        let kept = client.links().get::<LinkDocument>(&options.app_user_id);
        let kept = kept.await?.ok_or(Failure::NotLinked)?;
        Ok(ExportedLink {
            public_id: kept.record.public_id,
            tokens: kept.document.tokens.try_into()?,
        })
    }
}
