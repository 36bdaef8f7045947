//! How a connection is removed, whoever made it.

use super::writing::{end, opened};
use crate::connections::keeping::LinkDocument;
use crate::connections::{Change, Connections, LinkRecord};
use crate::{Error, World};

/// Removes the connection of a user, and all attempts to make one; gives what stood there.
pub(crate) async fn remove(
    connections: &Connections,
    world: &World,
    app_user_id: &str,
) -> Result<Option<LinkRecord>, Error> {
    // Whoever made it may have died before it could say so: were its callback loaded again, its tokens would be spent twice.
    let mut ended = None;
    loop {
        let mut stood = None;
        let removed = connections.change(world, app_user_id, |found| {
            stood.clone_from(&found);
            let made = found.and_then(|record| opened(connections, &record));
            let maker = made.map(|made| made.attempt);
            Ok(match maker.filter(|maker| ended.as_ref() != Some(maker)) {
                Some(maker) => Change::<LinkDocument, _>::Leave(Some(maker)),
                None => Change::Remove(None),
            })
        });
        let (Some(maker), _) = removed.await? else {
            connections.forget_attempts_of(app_user_id).await?;
            return Ok(stood);
        };
        end(connections, world, &maker).await?;
        ended = Some(maker);
    }
}
