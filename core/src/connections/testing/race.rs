//! Changes at once, each of which excludes the others: through several instances, and more than one through each.

use std::sync::Arc;

use futures_util::future::join_all;

use super::super::{AttemptRecord, LinkKey, LinkRecord, LinkStore, StoreFailure};
use super::operations::{INSTANCES, Over, Put};
use super::play::{Play, name};
use super::promises::{BrokenPromise, StorePromise};
use super::records::{IDS, brief, brief_attempt};

const CONTENDERS: usize = 2 * INSTANCES;

/// A change, which excludes the others.
enum Contender {
    Put(LinkRecord, Option<i64>),
    Remove(LinkRecord),
    PutAttempt(AttemptRecord, Option<i64>),
}

impl Contender {
    async fn ask(&self, store: Arc<dyn LinkStore>) -> Result<bool, StoreFailure> {
        match self {
            Self::Put(link, expected) => store.put_link(link, *expected).await,
            Self::PutAttempt(attempt, expected) => store.put_attempt(attempt, *expected).await,
            Self::Remove(link) => {
                let key = LinkKey {
                    platform: &link.platform,
                    app_user_id: &link.app_user_id,
                };
                store.remove_link(key, link.version).await
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Put(link, expected) => format!("put_link({}, {expected:?})", brief(link)),
            Self::PutAttempt(attempt, expected) => {
                format!("put_attempt({}, {expected:?})", brief_attempt(attempt))
            }
            Self::Remove(link) => format!("remove_link({})", brief(link)),
        }
    }
}

pub(super) async fn race(play: &mut Play<'_>, over: Over, put: &Put) -> Result<(), BrokenPromise> {
    let mut put = *put;
    put.later = false;
    let contenders: Vec<Contender> = (0..CONTENDERS)
        .filter_map(|index| contender(play, over, put, index))
        .collect();
    if contenders.len() < 2 {
        return Ok(());
    }
    let stores = &play.looks.stores;
    let asked = contenders.iter().enumerate();
    let asked = asked.map(|(index, each)| each.ask(Arc::clone(&stores[index % INSTANCES])));
    let answers = join_all(asked).await;
    let mut lines = "at once:".to_owned();
    for (index, (each, answer)) in contenders.iter().zip(&answers).enumerate() {
        let answer = answer
            .as_ref()
            .map_or_else(ToString::to_string, ToString::to_string);
        lines = format!("{lines}\n     {}.{} → {answer}", name(index), each.shown());
    }
    play.looks.calls.push(lines);
    let mut winners = Vec::new();
    for (index, (each, answer)) in contenders.into_iter().zip(answers).enumerate() {
        if play
            .looks
            .answer("One of several changes at once", answer)?
        {
            winners.push((index, each));
        }
    }
    let count = winners.len();
    let Some((by, winner)) = winners.pop() else {
        let found = "None was told true, and nothing stood in the way of the first.";
        return Err(play.looks.broken(StorePromise::Version, found));
    };
    play.looks.require(count == 1, StorePromise::Once, || {
        format!("{count} were told true.")
    })?;
    won(play, winner, by).await?;
    play.looks.lists(by + 1, StorePromise::Once).await
}

async fn won(play: &mut Play<'_>, winner: Contender, by: usize) -> Result<(), BrokenPromise> {
    let model = &mut play.looks.model;
    let (platform, id) = match winner {
        Contender::PutAttempt(attempt, _) => {
            let (platform, id) = (attempt.platform.clone(), attempt.id.clone());
            model.write_attempt(attempt);
            return play
                .looks
                .attempt(&platform, &id, by, StorePromise::Written)
                .await;
        }
        Contender::Remove(link) => {
            model.remove(&link.platform, &link.app_user_id);
            (link.platform, link.app_user_id)
        }
        Contender::Put(link, _) => {
            let key = (link.platform.clone(), link.app_user_id.clone());
            model.write(link);
            key
        }
    };
    play.looks
        .link(&platform, &id, by, StorePromise::Written)
        .await
}

fn contender(play: &mut Play<'_>, over: Over, mut put: Put, index: usize) -> Option<Contender> {
    if matches!(over, Over::Attempt) {
        let (attempt, current) = play.attempt(&put);
        return Some(Contender::PutAttempt(attempt, current));
    }
    if matches!(over, Over::PublicId) {
        // Users who have no link, and a public id that nobody has.
        let (platform, _) = play.keyed(put.key);
        let mut strangers =
            (0..IDS.len()).filter(|id| play.looks.model.link(&platform, IDS[*id]).is_none());
        put.key.id = strangers.nth(index)?;
        put.shares = false;
    }
    let (mut link, current) = play.link(&put);
    if matches!(over, Over::PublicId) {
        "wanted".clone_into(&mut link.public_id);
    }
    if play.looks.model.is_in_the_way(&link) {
        return None;
    }
    match (over, current) {
        (Over::LinkOrRemoval, Some(current)) if index % 2 == 1 => Some(Contender::Remove(current)),
        (_, current) => Some(Contender::Put(link, current.map(|link| link.version))),
    }
}
