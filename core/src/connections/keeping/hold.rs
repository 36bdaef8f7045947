//! A turn at refreshing a connection, and how it is given up.

use super::until_stored::{is_of_store, until_stored};
use super::{Keeper, LinkDocument, Told};
use crate::Error;
use crate::binding::carry;
use crate::connections::{Change, Lease, LinkRecord, LinkStatus};
use crate::world::{Event, LeaseEvent};

/// A turn: the lease that is to stand for it.
#[derive(Clone)]
pub(super) struct Hold {
    pub lease: Lease,
    /// Whether the connection was uncertain before the first turn.
    pub was_uncertain: bool,
}

impl Hold {
    /// Lets others have their turn. A store that fails is tried until it serves, in a task of its own: nobody waits for that, and others would wait
    /// for as long as a lease lasts.
    pub(super) async fn give_up<K: Keeper>(
        &self,
        keeper: &K,
        app_user_id: &str,
        status: Option<LinkStatus>,
    ) {
        let released = self.release(keeper, app_user_id, status).await;
        if !released.is_err_and(|error| is_of_store(&error)) {
            return;
        }
        let (hold, keeper, user) = (self.clone(), keeper.outliving(), app_user_id.to_owned());
        let world = keeper.world().clone();
        let later = world.spawn(carry(async move {
            let lasts = keeper.keeping().lease;
            let release = || hold.release(&keeper, &user, status);
            until_stored(keeper.world(), lasts, release).await
        }));
        drop(later);
    }

    /// Takes the lease out of the record, if it is there.
    async fn release<K: Keeper>(
        &self,
        keeper: &K,
        app_user_id: &str,
        status: Option<LinkStatus>,
    ) -> Result<(), Error> {
        let world = keeper.world();
        let released = keeper.connections().change(world, app_user_id, |found| {
            let is_ours = |record: &LinkRecord| {
                let standing = record.lease.as_deref().map(Lease::parse);
                standing.is_some_and(|standing| standing.is(&self.lease))
            };
            Ok(match found.filter(is_ours) {
                Some(mut record) => {
                    record.lease = None;
                    record.lease_until = None;
                    record.status = status.unwrap_or(record.status);
                    Change::<LinkDocument, _>::Write(Box::new(record), true)
                }
                // Who changed it meanwhile has the say.
                None => Change::Leave(false),
            })
        });
        let (is_written, record) = released.await?;
        world.observe(|| Event::Lease(LeaseEvent::Released));
        if status == Some(LinkStatus::Uncertain) {
            world.observe(|| Event::LinkUncertain);
        }
        let is_new = |record: &LinkRecord| {
            is_written && !self.was_uncertain && record.status == LinkStatus::Uncertain
        };
        if let Some(record) = record.filter(is_new) {
            // What the call fails with goes before what a function of the application fails with.
            let _ = keeper.tell(Told::Uncertain(&record)).await;
        }
        Ok(())
    }
}
