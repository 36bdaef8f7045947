//! Records one after the other, in the order of their users' ids, however many there are.

use std::collections::VecDeque;

use super::{Connections, LinkFilter, LinkRecord};
use crate::Error;

/// The records that a filter lets through.
pub(crate) struct Listing {
    filter: LinkFilter,
    after: String,
    page: VecDeque<LinkRecord>,
}

impl Listing {
    /// Those of users whose id is greater than `after`; of all users without it.
    pub(crate) fn new(filter: LinkFilter, after: Option<String>) -> Self {
        Self {
            filter,
            after: after.unwrap_or_default(),
            page: VecDeque::new(),
        }
    }

    /// The next, as it is stored; none after the last.
    pub(crate) async fn next(
        &mut self,
        connections: &Connections,
    ) -> Result<Option<LinkRecord>, Error> {
        if self.page.is_empty() {
            let page = connections.after_where(self.filter, &self.after);
            self.page = page.await?.into();
            if let Some(last) = self.page.back() {
                self.after.clone_from(&last.app_user_id);
            }
        }
        Ok(self.page.pop_front())
    }
}
