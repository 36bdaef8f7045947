//! Refreshing a link: once per expiry, across threads, processes and machines, by a lease in the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::{BoxFuture, FutureExt, Shared};

use super::access::{SAID_BEFORE, mark_expired, over};
use super::token_endpoint::{Refusal, user_tokens};
use super::{Client, TokensChanged};
use crate::crypto::digest::sha256;
use crate::dynamic::detached;
use crate::error::ErrorKind;
use crate::link::{LinkStatus, StoredLink, Tokens, Watch};
use crate::{Error, Secret};

/// How often a lease of another is looked at, at first and at most.
const FIRST_LOOK: Duration = Duration::from_millis(25);
const LAST_LOOK: Duration = Duration::from_millis(250);
/// How long it takes at most until a store that failed is tried again.
const LAST_STORING: Duration = Duration::from_secs(2);
/// How often a store of the application's own may fail before a new pair is given up.
const HOST_FAILURES: u32 = 12;
/// For how long any other store may.
const LONGEST_STORING: Duration = Duration::from_mins(15);

type Outcome = Result<Tokens, Error>;
type Refresh = Shared<BoxFuture<'static, Outcome>>;

/// The refreshes under way in this process, by what each replaces: the digest of app user and access token.
#[derive(Default)]
pub(super) struct Refreshes(Arc<Mutex<HashMap<[u8; 32], Refresh>>>);

impl Refreshes {
    /// Tokens that are not `spent`: of a refresh that this call starts, or that another call or process has started.
    pub(super) async fn tokens_after(
        &self,
        client: &Client,
        app_user_id: &str,
        spent: &Secret<String>,
    ) -> Outcome {
        let refresh = self.join(client, app_user_id, spent);
        // A lease to wait for, and one of one's own.
        let longest = client.settings().refresh_lease * 2;
        tokio::select! {
            biased;
            outcome = refresh => outcome,
            () = client.world().clock.sleep(longest) => Err(ErrorKind::Timeout {
                request: "the refresh of a link".to_owned(),
                phase: "total",
                after: longest,
            }
            .into()),
        }
    }

    fn join(&self, client: &Client, app_user_id: &str, spent: &Secret<String>) -> Refresh {
        let mut refreshes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = sha256(&[app_user_id.as_bytes(), &[0], spent.expose().as_bytes()]);
        if let Some(refresh) = refreshes.get(&id) {
            return refresh.clone();
        }
        let (client, user, spent) = (client.clone(), app_user_id.to_owned(), spent.clone());
        let under_way = UnderWay(Arc::clone(&self.0), id);
        // A task of its own: a call that is cancelled meanwhile must not take the new pair with it.
        let refresh = detached(async move {
            let _under_way = under_way;
            refresh(&client, &user, &spent).await
        });
        let refresh = refresh.boxed().shared();
        refreshes.insert(id, refresh.clone());
        refresh
    }
}

/// Takes a refresh out of the map when it is over, however it ends.
struct UnderWay(Arc<Mutex<HashMap<[u8; 32], Refresh>>>, [u8; 32]);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut refreshes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        refreshes.remove(&self.1);
    }
}

async fn refresh(client: &Client, app_user_id: &str, spent: &Secret<String>) -> Outcome {
    let lasts = client.settings().refresh_lease;
    let mut watch = Watch::default();
    let mut pause = FIRST_LOOK;
    loop {
        let mut link = client.link(app_user_id).await?;
        if link.tokens.access_token != *spent {
            return Ok(link.tokens);
        }
        if link.record.status == LinkStatus::Expired {
            return Err(over(SAID_BEFORE));
        }
        let left_behind = link.record.lease.is_some();
        let now = client.world().clock.now();
        if !watch.is_free(&link.record, lasts, now, client.now_ms()) {
            client.world().clock.sleep(pause).await;
            pause = (pause * 2).min(LAST_LOOK);
            continue;
        }
        let expected = link.record.version;
        take_lease(client, &mut link, left_behind)?;
        let lease = link.record.lease.clone();
        let links = client.links();
        match links.put_record(&mut link.record, Some(expected)).await {
            Ok(true) => return exchange(client, link).await,
            Ok(false) => pause = FIRST_LOOK,
            Err(error) => {
                // It may have been written all the same, and would then be waited for by everyone for nothing.
                let link = client.link(app_user_id).await?;
                if link.record.lease != lease {
                    return Err(error);
                }
                return exchange(client, link).await;
            }
        }
    }
}

/// A lease that somebody left behind may have been used: its refresh token may be spent.
fn take_lease(client: &Client, link: &mut StoredLink, left_behind: bool) -> Result<(), Error> {
    let mut id = [0; 16];
    client.world().random.fill(&mut id)?;
    let lasts = i64::try_from(client.settings().refresh_lease.as_millis()).unwrap_or(i64::MAX);
    link.record.lease = Some(URL_SAFE_NO_PAD.encode(id));
    link.record.lease_until = Some(client.now_ms().saturating_add(lasts));
    if left_behind {
        link.record.status = LinkStatus::Uncertain;
    }
    Ok(())
}

/// Spends the refresh token, under the lease.
async fn exchange(client: &Client, link: StoredLink) -> Outcome {
    let Some(refresh_token) = link.tokens.refresh_token.clone() else {
        // PKB gives none where the access token was to outlive the session.
        return expire(client, link, "no_refresh_token").await;
    };
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    match user_tokens(client, &grant).await {
        Ok(tokens) => keep(client, link, tokens).await,
        Err(Refusal::Over(code)) => expire(client, link, &code).await,
        Err(Refusal::NotSent(error) | Refusal::Refused(error)) => {
            let status = link.record.status;
            release(client, link, status).await?;
            Err(error)
        }
        Err(Refusal::Lost(error)) => {
            release(client, link, LinkStatus::Uncertain).await?;
            Err(error)
        }
    }
}

/// Stores the new pair before anyone uses it. It exists nowhere else: a store that fails is tried until it serves, one of the
/// application's own, whose call may be gone, a number of times.
async fn keep(client: &Client, spent: StoredLink, mut fresh: Tokens) -> Outcome {
    fresh.scope = fresh.scope.or_else(|| spent.tokens.scope.clone());
    // With PKB it means that the session will end first; by RFC 6749 section 6, that the old one stays good. When the access token
    // has expired, the old one is all there is, and PKB's word on it tells which.
    if fresh.refresh_token.is_none() {
        fresh.refresh_token.clone_from(&spent.tokens.refresh_token);
        fresh.last_resort = true;
    }
    let started = client.world().clock.now();
    let passed = || {
        client
            .world()
            .clock
            .now()
            .duration_since(started)
            .unwrap_or_default()
    };
    let mut pause = FIRST_LOOK;
    let mut host_failures = 0;
    let stored = loop {
        match store(client, &spent, &fresh).await {
            Ok(stored) => break stored,
            Err(error) => match error.kind() {
                ErrorKind::Store { .. } if passed() < LONGEST_STORING => {}
                ErrorKind::Host { .. } if host_failures < HOST_FAILURES => host_failures += 1,
                _ => return Err(error),
            },
        }
        client.world().clock.sleep(pause).await;
        pause = (pause * 2).min(LAST_STORING);
    };
    match stored {
        Stored::Fresh(link) => {
            let changed = TokensChanged {
                app_user_id: link.record.app_user_id,
                public_id: link.record.public_id,
                access_token_expires_at: link.tokens.expires_at,
            };
            client.settings().hooks.tokens_changed(changed).await?;
            Ok(link.tokens)
        }
        Stored::Other(tokens) => Ok(tokens),
    }
}

enum Stored {
    /// The new pair.
    Fresh(Box<StoredLink>),
    /// The patient has linked again meanwhile: the pair of that is newer.
    Other(Tokens),
}

async fn store(client: &Client, spent: &StoredLink, fresh: &Tokens) -> Result<Stored, Error> {
    loop {
        let mut link = client.link(&spent.record.app_user_id).await?;
        if link.tokens == *fresh {
            return Ok(Stored::Fresh(Box::new(link)));
        }
        if link.tokens != spent.tokens {
            return Ok(Stored::Other(link.tokens));
        }
        link.tokens = fresh.clone();
        link.record.status = LinkStatus::Active;
        link.record.lease = None;
        link.record.lease_until = None;
        link.record.refreshed_at = client.now_ms();
        let expected = link.record.version;
        let links = client.links();
        if links.put(&mut link, Some(expected), client.world()).await? {
            return Ok(Stored::Fresh(Box::new(link)));
        }
    }
}

/// Lets others have their turn.
async fn release(client: &Client, link: StoredLink, status: LinkStatus) -> Result<(), Error> {
    let mut record = link.record;
    let expected = record.version;
    record.lease = None;
    record.lease_until = None;
    record.status = status;
    // Who changed it meanwhile has the say.
    let links = client.links();
    links
        .put_record(&mut record, Some(expected))
        .await
        .map(drop)
}

async fn expire(client: &Client, link: StoredLink, code: &str) -> Outcome {
    let newer = mark_expired(client, &link.record.app_user_id, &link.tokens.access_token).await?;
    newer.ok_or_else(|| over(code))
}
