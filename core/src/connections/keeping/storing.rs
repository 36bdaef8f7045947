//! How a new pair of tokens comes to stand in a record, whatever has become of the record since the old pair was spent.

use super::{Keeper, LinkDocument, Tokens};
use crate::Error;
use crate::connections::{Change, Connection, LinkRecord, LinkStatus};

/// Which tokens stand in the record then.
pub(crate) enum Stored {
    /// The new pair.
    Fresh,
    /// The new pair, which was there already: its writing was acknowledged to nobody.
    Before,
    /// The person has connected again meanwhile: the pair of that is newer. Or others had the new pair as well, and have stored it: they tell of it.
    Other(Tokens),
    /// Others have replaced the tokens meanwhile, under a key that this process does not have: the error names it.
    Unreadable(Error),
}

/// Stores what has come for the tokens that were spent. `refreshed_at` is the same for each try: by that one's own writing is known again.
pub(crate) async fn store<K: Keeper>(
    keeper: &K,
    spent: &Connection<LinkDocument>,
    fresh: &Tokens,
    refreshed_at: i64,
) -> Result<(Stored, Option<LinkRecord>), Error> {
    let links = keeper.connections();
    let stored = links.change(keeper.world(), &spent.record.app_user_id, |found| {
        let unknown = found
            .as_ref()
            .is_some_and(|record| links.is_under_an_unknown_key(record));
        let mut link = match found {
            // Another process seals under a key that this one was not told of. As long as nobody has replaced the tokens, what it has
            // sealed is known here.
            Some(record) if unknown && has_tokens_of(&record, &spent.record) => Connection {
                record,
                document: spent.document.clone(),
            },
            found => match keeper.opened(found) {
                // To try again would not bring the key.
                Err(error) if unknown => return Ok(Change::Leave(Stored::Unreadable(error))),
                opened => opened?,
            },
        };
        let (is_there, is_spent) = (
            link.document.tokens == *fresh,
            link.document.tokens == spent.document.tokens,
        );
        if is_there && link.record.refreshed_at == refreshed_at {
            return Ok(Change::Leave(Stored::Before));
        }
        if is_there || !is_spent {
            return Ok(Change::Leave(Stored::Other(link.document.tokens)));
        }
        link.document.tokens = fresh.clone();
        link.document.ended = None;
        link.document.ended_by = None;
        link.record.status = LinkStatus::Active;
        link.record.lease = None;
        link.record.lease_until = None;
        link.record.refreshed_at = refreshed_at;
        Ok(Change::Seal(Box::new(link), Stored::Fresh))
    });
    stored.await
}

/// Whether a record has the tokens that another had: with each replacement one of these changes, and with nothing else.
fn has_tokens_of(record: &LinkRecord, other: &LinkRecord) -> bool {
    (record.linked_at, record.refreshed_at) == (other.linked_at, other.refreshed_at)
}
