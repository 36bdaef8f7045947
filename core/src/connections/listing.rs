//! Records one after the other, in the order of their users' ids, however many there are.

use std::collections::VecDeque;

use super::{Connections, LinkRecord, LinkStatus};
use crate::Error;

/// Which records are wanted.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Those that stand so.
    pub status: Option<LinkStatus>,
    /// Those whose tokens were last refreshed before this time, in milliseconds since 1970.
    pub refreshed_before: Option<i64>,
    /// Those of users whose id is greater.
    pub after: Option<String>,
}

/// The records that are wanted.
pub(crate) struct Listing<'a> {
    connections: &'a Connections,
    wanted: Wanted,
    after: String,
    page: VecDeque<LinkRecord>,
}

impl<'a> Listing<'a> {
    pub(crate) fn new(connections: &'a Connections, mut wanted: Wanted) -> Self {
        Self {
            connections,
            after: wanted.after.take().unwrap_or_default(),
            wanted,
            page: VecDeque::new(),
        }
    }

    /// The next, as it is stored; none after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<LinkRecord>, Error> {
        let Wanted {
            status,
            refreshed_before,
            ..
        } = self.wanted;
        loop {
            while let Some(record) = self.page.pop_front() {
                if status.is_none_or(|status| record.status == status)
                    && refreshed_before.is_none_or(|before| record.refreshed_at < before)
                {
                    return Ok(Some(record));
                }
            }
            self.page = self.connections.after(&self.after).await?.into();
            match self.page.back() {
                Some(last) => self.after.clone_from(&last.app_user_id),
                None => return Ok(None),
            }
        }
    }
}
