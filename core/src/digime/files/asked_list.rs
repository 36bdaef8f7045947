//! The list of a session's files as the platform gives it to who waits for the session, or refuses it: for being asked too much, or otherwise.

use crate::Error;
use crate::digime::calls::read_file_list::FileList;
use crate::digime::failure::asks_for_less;
use crate::digime::{Acting, Authorized, Client, Contract, UserAccessToken};

/// What has come of asking for it.
pub(super) enum Asked {
    List(FileList),
    /// The platform is asked too much.
    TooMuch(Error),
    Failed(Error),
}

/// Asks for it. With what has come of that, the token to go on with.
pub(super) async fn ask(
    client: &Client,
    contract: &Contract,
    acting: Acting,
    session_key: &str,
) -> (Asked, Option<UserAccessToken>) {
    let mut user = match Authorized::begin(client, contract, acting).await {
        Ok(user) => user,
        Err(error) => return (Asked::Failed(error), None),
    };
    let asked = match FileList::poll(&mut user, session_key).await {
        Ok(Ok(list)) => Asked::List(list),
        // That no token can be had is no matter of how often the list is asked for.
        Ok(Err(error)) if asks_for_less(&error) => Asked::TooMuch(error),
        Ok(Err(error)) | Err(error) => Asked::Failed(error),
    };
    (asked, user.into_token())
}
