//! `exportConnection`: the token of a user whose connection is kept, to be kept elsewhere.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::keeping::LinkDocument;
use crate::digime::connection::user_access_token_of;
use crate::digime::{Client, Failure, NonEmptyString, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// The token of a user as it is stored, for an application that is to keep it itself again. From before this call until `disconnect` has removed
    /// the connection, nothing may act for the user: a refresh between the two would spend what is given here. The platform is not asked.
    Client::export_connection: ExportConnection(ExportConnectionOptions) -> UserAccessToken
}

/// The options of `exportConnection`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ExportConnectionOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// The contract that they have consented to.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(ExportConnectionOptions);

impl Operation for ExportConnection {
    type Client = Client;
    const NAME: &'static str = "exportConnection";
    type Options = ExportConnectionOptions;
    type Response = UserAccessToken;

    async fn run(
        client: &Client,
        options: ExportConnectionOptions,
    ) -> Result<UserAccessToken, Error> {
        let connections = client.connections(&options.contract_id)?;
        let kept = connections
            .get::<LinkDocument>(&options.app_user_id)
            .await?;
        let kept = kept.ok_or(Failure::NotConnected)?;
        Ok(user_access_token_of(&kept.document.tokens))
    }
}
