//! Looking at which patients' records have changed, link by link: what was seen is kept with the link, so that it outlives a process and each
//! link is looked at by one of many.

use std::time::Duration;

use serde::Serialize;

use super::calls::get_last_change::last_change_of;
use super::{Client, WatchOptions};
use crate::closing::UnderWay;
use crate::connections::keeping::alive::apart;
use crate::connections::keeping::{Keeper, LinkDocument, Watched};
use crate::connections::{Change, LinkFilter, LinkRecord, LinkStatus, Listing};
use crate::error::Invalid;
use crate::operation::PlatformClient;
use crate::{Callback, Error, NonEmptyString};

/// How many patients are looked at in a second at most, unless the application says otherwise.
const PER_SECOND: u16 = 1;

/// How often a patient may be looked at, and for how long is waited at least before what failed is tried again.
const SHORTEST: Duration = Duration::from_secs(1);

/// A record of which something has changed.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RecordChange {
    /// Your own id of the user.
    pub app_user_id: String,
    /// The patient's public id at PKB.
    pub public_id: String,
    /// When the record last changed, as PKB writes it; left out where nothing is in it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_change: Option<String>,
    /// What it was when it was last dealt with; left out for a record that never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for RecordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordChange")
    }
}

/// The records that change, one after the other, for as long as somebody asks for the next.
pub struct Watch {
    client: Client,
    every: i64,
    apart: Duration,
    /// How long to wait before the next is looked at.
    pause: Duration,
    listing: Listing,
    /// When the first is due again of those that were seen since the list began.
    due: Option<i64>,
    /// Since when nobody could be looked at.
    failing_since: Option<i64>,
    /// What was handed out last, which has been dealt with when the next is asked for.
    handed_out: Option<Found>,
}

/// A change, and when the link was made of which it is: in one that is made anew nothing has been dealt with.
struct Found {
    change: RecordChange,
    linked_at: i64,
}

impl Client {
    /// Begins to look at the records of all links; nothing is sent before [`Watch::next`].
    pub fn watching(&self, options: WatchOptions) -> Result<Watch, Error> {
        Watch::begin(self, options).map(|(watch, _)| watch)
    }
}

impl Watch {
    pub(super) fn begin(
        client: &Client,
        options: WatchOptions,
    ) -> Result<(Self, Option<Callback<RecordChange>>), Error> {
        if Duration::from_millis(options.every) < SHORTEST {
            return Err(Invalid::new("options.every", "must be at least 1000 milliseconds").into());
        }
        let watch = Self {
            client: client.clone(),
            every: i64::try_from(options.every).unwrap_or(i64::MAX),
            apart: apart(options.per_second.unwrap_or(PER_SECOND))?,
            pause: Duration::ZERO,
            listing: Listing::new(LinkFilter::default(), None),
            due: None,
            failing_since: None,
            handed_out: None,
        };
        Ok((watch, options.on_change))
    }

    /// The next record that has changed, whenever that is. To ask for it says that the one before has been dealt with.
    pub async fn next(&mut self) -> Result<RecordChange, Error> {
        loop {
            let pause = std::mem::take(&mut self.pause);
            if !pause.is_zero() {
                self.rest(pause).await?;
            }
            if let Some(found) = self.step().await? {
                let change = found.change.clone();
                self.handed_out = Some(found);
                return Ok(change);
            }
        }
    }

    /// Nothing is under way meanwhile, so that a client can be closed.
    async fn rest(&self, time: Duration) -> Result<(), Error> {
        let under_way: &UnderWay = self.client.under_way();
        let clock = &self.client.world().clock;
        tokio::select! {
            biased;
            () = under_way.over() => {}
            () = clock.sleep(time) => {}
        }
        under_way.begin().map(drop)
    }

    /// One link, or the end of a round; what has changed, if it has.
    async fn step(&mut self) -> Result<Option<Found>, Error> {
        let _under_way = self.client.under_way().begin()?;
        let client = self.client.beginning();
        if let Some(found) = &self.handed_out {
            if let Err(error) = client.bound(NAME, note(&client, found)).await.flatten() {
                self.pause = SHORTEST;
                return self.failed(error).map(|()| None);
            }
            self.handed_out = None;
        }
        let next = client.bound(NAME, self.listing.next(client.links()));
        let record = match next.await.flatten() {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.round_over();
                return Ok(None);
            }
            Err(error) => {
                self.pause = SHORTEST;
                return self.failed(error).map(|()| None);
            }
        };
        if record.status == LinkStatus::Expired {
            return Ok(None);
        }
        let looked = Box::pin(look(&client, record, self.every));
        let looked = client.bound(NAME, looked).await;
        let (changed, due) = match looked.flatten() {
            Ok(Looked::NotDue(due)) => (None, due),
            Ok(Looked::At(changed)) => {
                self.pause = self.apart;
                self.failing_since = None;
                (changed, client.now_ms().saturating_add(self.every))
            }
            Err(error) => {
                self.pause = self.apart;
                // Of a link that is over, who asks about it is told: it is no failure of this.
                if !client.is_over(&error) {
                    self.failed(error)?;
                }
                (None, client.now_ms().saturating_add(self.every))
            }
        };
        self.due = Some(self.due.map_or(due, |earlier| earlier.min(due)));
        Ok(changed)
    }

    /// What failed is tried again: who could not be looked at when it is due, as all else is. Where nobody could be looked at for as long as that, and
    /// cannot be now, the iteration ends.
    fn failed(&mut self, error: Error) -> Result<(), Error> {
        let now = self.client.now_ms();
        let since = *self.failing_since.get_or_insert(now);
        if now.saturating_sub(since) < self.every {
            return Ok(());
        }
        self.failing_since = None;
        Err(error)
    }

    fn round_over(&mut self) {
        self.listing = Listing::new(LinkFilter::default(), None);
        let now = self.client.now_ms();
        let due = self.due.take();
        let wait = due.map_or(self.every, |due| due.saturating_sub(now));
        let wait = u64::try_from(wait.min(self.every)).unwrap_or(0);
        self.pause = Duration::from_millis(wait).max(SHORTEST);
    }
}

const NAME: &str = "watch";

enum Looked {
    /// Somebody has looked at it, or does.
    NotDue(i64),
    At(Option<Found>),
}

/// Looks at one record, if it is due and nobody else does.
async fn look(client: &Client, record: LinkRecord, every: i64) -> Result<Looked, Error> {
    let now = client.now_ms();
    let app_user_id = record.app_user_id.clone();
    let found = client.links().open::<LinkDocument>(record)?;
    let before = found.document.watched;
    // One that was looked at when it will be due again and later was looked at by a clock that was wrong.
    let by_clocks = |watched: &&Watched| watched.looked_at <= now.saturating_add(every);
    let due = before
        .as_ref()
        .filter(by_clocks)
        .map_or(i64::MIN, |watched| watched.looked_at.saturating_add(every));
    if due > now {
        return Ok(Looked::NotDue(due));
    }
    let Some((watched, public_id, linked_at)) = claim(client, &app_user_id, before, now).await?
    else {
        return Ok(Looked::NotDue(now.saturating_add(every)));
    };
    let user: NonEmptyString = app_user_id
        .parse()
        .map_err(|_| Error::sdk("a link is kept of nobody"))?;
    let last_change = last_change_of(client, &user).await?;
    // Before that was kept, what had been dealt with had something in it.
    let was_never = !watched.noted && watched.seen.is_none();
    let has_changed = was_never || last_change != watched.seen;
    let change = RecordChange {
        app_user_id,
        public_id,
        last_change,
        previous: watched.seen,
    };
    Ok(Looked::At(
        has_changed.then_some(Found { change, linked_at }),
    ))
}

/// Says that this process looks at a record now; gives what stands there then, whose record it is and when it was linked, unless somebody else was
/// faster.
async fn claim(
    client: &Client,
    app_user_id: &str,
    before: Option<Watched>,
    now: i64,
) -> Result<Option<(Watched, String, i64)>, Error> {
    let looked_at = |watched: &Option<Watched>| watched.as_ref().map(|watched| watched.looked_at);
    let decide = |found: Option<LinkRecord>| {
        let Some(record) = found.filter(|record| record.status != LinkStatus::Expired) else {
            return Ok(Change::Leave(None));
        };
        let mut link = client.links().open::<LinkDocument>(record)?;
        let watched = link.document.watched.take();
        if looked_at(&watched) != looked_at(&before) {
            return Ok(Change::Leave(None));
        }
        let (seen, noted) = watched.map_or((None, false), |watched| (watched.seen, watched.noted));
        let watched = Watched {
            looked_at: now,
            seen,
            noted,
        };
        link.document.watched = Some(watched.clone());
        let (public_id, linked_at) = (link.record.public_id.clone(), link.record.linked_at);
        Ok(Change::Seal(
            Box::new(link),
            Some((watched, public_id, linked_at)),
        ))
    };
    let claimed = client.links().change(client.world(), app_user_id, decide);
    Ok(claimed.await?.0)
}

/// Keeps that the application has dealt with a change; of a link that was made anew since it has not.
async fn note(client: &Client, found: &Found) -> Result<(), Error> {
    let Found { change, linked_at } = found;
    let decide = |stored: Option<LinkRecord>| {
        let Some(record) = stored.filter(|record| record.linked_at == *linked_at) else {
            return Ok(Change::Leave(()));
        };
        let mut link = client.links().open::<LinkDocument>(record)?;
        let watched = link.document.watched.as_mut();
        let Some(watched) = watched.filter(|watched| watched.seen == change.previous) else {
            return Ok(Change::Leave(()));
        };
        watched.seen.clone_from(&change.last_change);
        watched.noted = true;
        Ok(Change::Seal(Box::new(link), ()))
    };
    let noted = client
        .links()
        .change(client.world(), &change.app_user_id, decide);
    noted.await.map(drop)
}
