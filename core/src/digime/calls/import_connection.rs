//! `importConnection`: a user who consented before their connection was kept.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::Change;
use crate::connections::keeping::LinkDocument;
use crate::connections::making::beginning::check;
use crate::digime::connection::{Missing, tokens_to_import};
use crate::digime::{Client, Connection, NonEmptyString, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Brings in a user whose token your application has kept itself: from then on it is kept here, and what your application has is of no use
    /// any more as soon as a refresh has replaced it. A user who is connected already stays as they are, so that it can be called again; `disconnect` comes
    /// first where their token is to be another. The platform is not asked.
    Client::import_connection: ImportConnection(ImportConnectionOptions) -> Connection
}

/// The options of `importConnection`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportConnectionOptions {
    /// Your own id of the user: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// The contract that they have consented to.
    pub contract_id: NonEmptyString,
    /// Their token, as it is now, with its expiry.
    pub user_access_token: UserAccessToken,
}
crate::operation::unseen!(ImportConnectionOptions);

impl Operation for ImportConnection {
    type Client = Client;
    const NAME: &'static str = "importConnection";
    type Options = ImportConnectionOptions;
    type Response = Connection;

    async fn run(client: &Client, options: ImportConnectionOptions) -> Result<Connection, Error> {
        let ImportConnectionOptions {
            app_user_id,
            contract_id,
            user_access_token,
        } = options;
        check(&app_user_id, None)?;
        let connections = client.connections(&contract_id)?;
        let user = user_access_token.user.clone();
        let public_id = user.and_then(|user| user.id).unwrap_or_default();
        let tokens = tokens_to_import(user_access_token).map_err(Missing::of_one)?;
        let now = i64::try_from(client.world().now_ms()).unwrap_or(i64::MAX);
        let imported = connections.change(client.world(), &app_user_id, |found| {
            if let Some(record) = found {
                return Ok(Change::Leave(connections.open(record)?));
            }
            let document = LinkDocument::new(tokens.clone(), String::new());
            let (user, public_id) = (app_user_id.to_string(), public_id.clone());
            let mut made = connections.make(user, public_id, document, now);
            made.record.shares_public_id = true;
            Ok(Change::Seal(Box::new(made.clone()), made))
        });
        let (kept, _) = imported.await?;
        Ok(Connection::of(&contract_id, kept))
    }
}
