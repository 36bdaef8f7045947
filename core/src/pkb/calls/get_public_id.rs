//! `getPublicId`: the PKB public id of a user.

use bon::Builder;
use serde::Deserialize;

use crate::operation::Operation;
use crate::pkb::{Client, Failure};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// The PKB public id of a user who has linked, which is the `id` of their FHIR `Patient`. PKB was asked for it when they linked.
    Client::get_public_id: GetPublicId(GetPublicIdOptions) -> String
}

/// The options of `getPublicId`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetPublicIdOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(GetPublicIdOptions);

impl Operation for GetPublicId {
    type Client = Client;
    const NAME: &'static str = "getPublicId";
    type Options = GetPublicIdOptions;
    type Response = String;

    async fn run(client: &Client, options: GetPublicIdOptions) -> Result<String, Error> {
        public_id_of(client, &options.app_user_id).await
    }
}

/// The public id that a user is linked with.
pub(in crate::pkb) async fn public_id_of(
    client: &Client,
    app_user_id: &str,
) -> Result<String, Error> {
    let record = client.links().record(app_user_id).await?;
    Ok(record.ok_or(Failure::NotLinked)?.public_id)
}
