//! Keeping connections alive that nobody uses: refreshed before their sessions end unused, each once, by however many machines see to it.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;

use super::refresh::{When, tokens_after};
use super::{Keeper, LinkDocument};
use crate::connections::{LinkRecord, LinkStatus};
use crate::error::Invalid;
use crate::{Callback, Error};

/// Which connections are to be kept alive, and how fast.
pub(crate) struct Alive {
    idle_for: Duration,
    at_once: usize,
    apart: Duration,
    on_progress: Option<Callback<KeptAlive>>,
}

/// How many are refreshed at once, unless the application says otherwise.
const AT_ONCE: u16 = 4;
/// How many in a second at most, unless the application says otherwise.
const PER_SECOND: u16 = 10;

impl Alive {
    /// Those of which nothing was refreshed for so many milliseconds; so many at once, and so many in a second.
    pub(crate) fn new(
        idle_for: u64,
        at_once: Option<u16>,
        per_second: Option<u16>,
        on_progress: Option<Callback<KeptAlive>>,
    ) -> Result<Self, Invalid> {
        let apart = apart(per_second.unwrap_or(PER_SECOND))?;
        let at_once = at_once.unwrap_or(AT_ONCE);
        if at_once == 0 {
            return Err(Invalid::new("options.concurrency", "must be at least 1"));
        }
        Ok(Self {
            idle_for: Duration::from_millis(idle_for),
            at_once: usize::from(at_once),
            apart,
            on_progress,
        })
    }
}

/// How far apart those are of which there may be so many in a second.
pub(crate) fn apart(per_second: u16) -> Result<Duration, Invalid> {
    let apart = Duration::from_secs(1).checked_div(u32::from(per_second));
    apart.ok_or_else(|| Invalid::new("options.perSecond", "must be at least 1"))
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "KeepAliveResponse")
)]
pub struct KeptAlive {
    /// How many connections were looked at.
    pub seen: u64,
    /// How many of them this process has refreshed.
    pub refreshed: u64,
    /// Of which the platform said that they are over: the people must be asked again.
    pub ended: Vec<String>,
    /// Those that could not be refreshed now.
    pub failed: Vec<NotKeptAlive>,
}

/// A connection that could not be refreshed now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct NotKeptAlive {
    /// Your own id of the user.
    pub app_user_id: String,
    /// Why, without anything secret.
    pub reason: String,
}

/// Refreshes what has been idle for so long.
pub(crate) async fn keep_alive<K: Keeper>(keeper: &K, alive: &Alive) -> Result<KeptAlive, Error> {
    let keeper = &keeper.outliving();
    let idle_for = i64::try_from(alive.idle_for.as_millis()).unwrap_or(i64::MAX);
    let latest = keeper.now_ms().saturating_sub(idle_for);
    let mut done = KeptAlive::default();
    let mut under_way = FuturesUnordered::new();
    let mut after = String::new();
    let mut pause = Duration::ZERO;
    loop {
        let page = keeper.connections().after(&after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.app_user_id);
        done.seen += page.len() as u64;
        for record in page {
            if record.status == LinkStatus::Expired || record.refreshed_at > latest {
                continue;
            }
            // Those under way go on while the next has to wait.
            let mut begins = keeper.world().clock.sleep(pause);
            let mut may_begin = false;
            while !may_begin || under_way.len() >= alive.at_once {
                tokio::select! {
                    biased;
                    Some(ended) = under_way.next() => note(&mut done, ended),
                    () = &mut begins, if !may_begin => may_begin = true,
                }
            }
            pause = alive.apart;
            under_way.push(refreshed(keeper, record));
        }
        tell(alive, &done).await?;
    }
    while let Some(ended) = under_way.next().await {
        note(&mut done, ended);
    }
    tell(alive, &done).await?;
    Ok(done)
}

async fn tell(alive: &Alive, done: &KeptAlive) -> Result<(), Error> {
    match &alive.on_progress {
        Some(hook) => hook.tell(done.clone()).await,
        None => Ok(()),
    }
}

/// What has become of one.
enum Ended {
    Refreshed,
    /// By another, or it is left alone.
    Otherwise,
    Over(String),
    Failed(NotKeptAlive),
}

fn note(done: &mut KeptAlive, ended: Ended) {
    match ended {
        Ended::Refreshed => done.refreshed += 1,
        Ended::Otherwise => {}
        Ended::Over(user) => done.ended.push(user),
        Ended::Failed(failed) => done.failed.push(failed),
    }
}

async fn refreshed<K: Keeper>(keeper: &K, record: LinkRecord) -> Ended {
    let app_user_id = record.app_user_id.clone();
    let tokens = async {
        let is_uncertain = record.status == LinkStatus::Uncertain;
        let kept = keeper.connections().open::<LinkDocument>(record)?;
        let tokens = &kept.document.tokens;
        // A refresh token that may be spent is not spent as long as the access token serves: it is all that is left. Nor is one that is not there.
        let may_be_spent = is_uncertain || tokens.last_resort || tokens.refresh_token.is_none();
        if may_be_spent && tokens.expires_at > keeper.now_ms() {
            return Ok(None);
        }
        let spent = &tokens.access_token;
        let serving = tokens_after(keeper, &app_user_id, spent, When::Due);
        serving.await.map(|serving| Some(serving.refreshed))
    };
    match tokens.await {
        Ok(Some(true)) => Ended::Refreshed,
        Ok(Some(false) | None) => Ended::Otherwise,
        Err(error) if keeper.is_over(&error) => Ended::Over(app_user_id),
        Err(error) => Ended::Failed(NotKeptAlive {
            app_user_id,
            reason: error.to_string(),
        }),
    }
}
