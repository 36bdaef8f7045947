//! `unlink`: the end of a link.

use bon::Builder;
use serde::Deserialize;

use crate::connections::Change;
use crate::connections::keeping::LinkDocument;
use crate::connections::making::writing::{end, opened};
use crate::operation::Operation;
use crate::pkb::Client;
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which it could be told.
    Client::unlink: Unlink(UnlinkOptions) -> ()
}

/// The options of `unlink`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct UnlinkOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(UnlinkOptions);

impl Operation for Unlink {
    type Client = Client;
    const NAME: &'static str = "unlink";
    type Options = UnlinkOptions;
    type Response = ();

    async fn run(client: &Client, options: UnlinkOptions) -> Result<(), Error> {
        // Whoever made the link may have died before it could say so: were its callback loaded again, its tokens would be spent twice.
        let mut ended = None;
        loop {
            let removed = client
                .links()
                .change(client.world(), &options.app_user_id, |found| {
                    let made = found.and_then(|record| opened(client, &record));
                    let maker = made.map(|made| made.attempt);
                    Ok(match maker.filter(|maker| ended.as_ref() != Some(maker)) {
                        Some(maker) => Change::<LinkDocument, _>::Leave(Some(maker)),
                        None => Change::Remove(None),
                    })
                });
            let (Some(maker), _) = removed.await? else {
                return Ok(());
            };
            end(client, &maker).await?;
            ended = Some(maker);
        }
    }
}
