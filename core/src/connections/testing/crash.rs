//! A crash of the database in the midst of writing: what was answered must be there afterwards, and meanwhile nothing may be answered.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, join, select};
use futures_util::pin_mut;

use super::super::{LinkKey, LinkRecord, LinkStore};
use super::operations::Put;
use super::play::{Play, name};
use super::promises::{BrokenPromise, StorePromise};
use super::records::brief;

/// How long is listened for an answer that should not come.
const SILENCE: Duration = Duration::from_millis(100);

pub(super) async fn crash(
    play: &mut Play<'_>,
    put: &Put,
    is_answered: bool,
) -> Result<(), BrokenPromise> {
    let Some(database) = play.check.database.clone() else {
        return Ok(());
    };
    let (mut link, current) = play.link(&Put {
        later: false,
        ..*put
    });
    link.shares_public_id = true;
    let version = current.as_ref().map(|link| link.version);
    let writing = Arc::clone(&play.looks.stores[put.by]);
    let write = writing.put_link(&link, version);
    let answer = if is_answered {
        let answer = write.await;
        database.kill().await;
        answer
    } else {
        join(write, database.kill()).await.0
    };
    let call = format!("{}.put_link({}, {version:?})", name(put.by), brief(&link));
    let shown = answer
        .as_ref()
        .map_or_else(ToString::to_string, ToString::to_string);
    play.looks.calls.push(format!("{call} → {shown}"));
    play.looks.calls.push("the database is killed".to_owned());
    let is_away = is_silent(&*play.looks.stores[put.by], &link).await;
    database.start().await;
    play.looks
        .calls
        .push("it is started again, and the store opened anew".to_owned());
    for store in &play.looks.stores {
        store.close().await;
    }
    play.looks.stores = play.check.opened();
    play.looks.require(is_away, StorePromise::Away, || {
        format!("{}.link answered.", name(put.by))
    })?;
    adopt(play, link, current.as_ref(), answer.ok(), &call).await?;
    play.looks.everything(0, StorePromise::Durable).await
}

/// Whether a question has no answer. Who waits for the database to come back is as good as one who fails.
async fn is_silent(store: &dyn LinkStore, link: &LinkRecord) -> bool {
    let asked = store.link(LinkKey {
        platform: &link.platform,
        app_user_id: &link.app_user_id,
    });
    #[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
    let silence = tokio::time::sleep(SILENCE);
    pin_mut!(silence);
    match select(asked, silence).await {
        Either::Left((answer, _)) => answer.is_err(),
        Either::Right(_) => true,
    }
}

/// Takes over what has become of a write that the crash met: all of it or nothing, and what was answered.
async fn adopt(
    play: &mut Play<'_>,
    link: LinkRecord,
    current: Option<&LinkRecord>,
    answer: Option<bool>,
    call: &str,
) -> Result<(), BrokenPromise> {
    let key = LinkKey {
        platform: &link.platform,
        app_user_id: &link.app_user_id,
    };
    let given = play.looks.store(0).link(key).await;
    let given = play.looks.answer("link", given)?;
    let is_new = given.as_ref() == Some(&link);
    let is_old = given.as_ref() == current;
    play.looks.require(
        is_new || answer != Some(true),
        StorePromise::Durable,
        || format!("{call} answered true, and is gone after the crash."),
    )?;
    let promise = if is_new {
        StorePromise::Refused
    } else {
        StorePromise::Version
    };
    play.looks.require(answer != Some(false), promise, || {
        format!("{call} answered false, and nothing stood in its way.")
    })?;
    play.looks.require(is_new || is_old, StorePromise::Durable, || {
        format!("After the crash there is neither what {call} has written, nor what was there before.")
    })?;
    if is_new {
        play.looks.model.write(link);
    }
    Ok(())
}
