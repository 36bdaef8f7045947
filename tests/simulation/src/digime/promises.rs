//! What was spent, told, pushed and read, and what must hold of it in every schedule.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde_json::Value;

use crate::digime::keys;
use crate::digime::platform::{Reply, parse};
use crate::digime::process::Process;
use crate::digime::schedule::Schedule;
use crate::executor::lock;

/// A code or a refresh token that has left a process.
pub struct Spending {
    pub spent: String,
    process: usize,
    /// The access token that came of it, once the platform has answered.
    issued: Option<String>,
    /// Whether the process has read the answer to its end.
    taken: bool,
    /// Whether it knows that none will come, or waits no more.
    ended: bool,
}

/// All of it.
#[derive(Default)]
pub struct Ledger {
    spendings: Vec<Spending>,
    /// Which access tokens the application has: it was told of them, or they were handed to it.
    known: BTreeSet<String>,
    /// Of which it was told, if it could take them or not.
    told: BTreeSet<String>,
    /// The last that each process was told for each consent.
    last_told: BTreeMap<(usize, usize), usize>,
    /// What is to be pushed, by what it is known by.
    pub given: BTreeMap<String, Bytes>,
}

impl Ledger {
    /// The application has a token.
    pub fn knows(&mut self, access_token: &str) {
        self.known.insert(access_token.to_owned());
    }

    /// What a process has spent last.
    pub fn of(&mut self, spending: Option<usize>) -> Option<&mut Spending> {
        self.spendings.get_mut(spending?)
    }
}

impl Spending {
    pub fn answered(&mut self, reply: &Reply) {
        self.issued.clone_from(&reply.issued);
    }

    pub fn taken(&mut self) {
        self.taken = true;
        self.ended = true;
    }

    pub fn ended(&mut self) {
        self.ended = true;
    }
}

impl Schedule {
    /// A request leaves a process; gives its place in the ledger, if it spends anything.
    pub fn leaves(&self, process: &Process, claims: &Value) -> Option<usize> {
        let mut ledger = lock(&self.ledger);
        if let Some(access) = claims["access_token"].as_str()
            && !ledger.known.contains(access)
        {
            drop(ledger);
            self.broken(format!(
                "process {} used {access} before its application had it",
                process.number
            ));
            return None;
        }
        let spent = claims["refresh_token"]
            .as_str()
            .or(claims["code"].as_str())?;
        let own =
            |spending: &&Spending| spending.process == process.number && spending.spent == spent;
        let again = ledger.spendings.iter().filter(own);
        let broken =
            again.filter_map(
                |earlier| match (&earlier.issued, earlier.taken, earlier.ended) {
                    (Some(access), true, _) => Some(format!("it has {access} for it")),
                    (_, _, false) => Some("it waits for the answer to the first".to_owned()),
                    _ => None,
                },
            );
        let broken = broken.last();
        ledger.spendings.push(Spending {
            spent: spent.to_owned(),
            process: process.number,
            issued: None,
            taken: false,
            ended: false,
        });
        let place = ledger.spendings.len() - 1;
        drop(ledger);
        if let Some(why) = broken {
            self.broken(format!(
                "process {} sent {spent} again: {why}",
                process.number
            ));
        }
        Some(place)
    }

    /// The hook of an application is told of a token, which it takes or not.
    pub fn tells(&self, process: &Process, access_token: &str) {
        self.trace(|| format!("process {} is told of {access_token}", process.number));
        let mut ledger = lock(&self.ledger);
        ledger.told.insert(access_token.to_owned());
        let Some((consent, place)) = parse("access", access_token) else {
            drop(ledger);
            return self.broken(format!("a hook was told of {access_token}"));
        };
        let last = ledger.last_told.insert((process.number, consent), place);
        drop(ledger);
        if last.is_some_and(|last| last > place) {
            self.broken(format!(
                "process {} was told of {access_token} after a newer one",
                process.number
            ));
        }
    }

    /// Something came to the platform by way of a push: what was given, and once.
    pub fn is_pushed_right(&self) {
        let platform = lock(&self.platform);
        let ledger = lock(&self.ledger);
        let wrong = platform.pushed.iter().find_map(|(id, stored)| {
            let given = ledger.given.get(id);
            match stored.as_slice() {
                [one] if Some(one) == given => None,
                [one] => Some(format!(
                    "{id} came with {} bytes, and others than were given",
                    one.len()
                )),
                _ => Some(format!("{id} came {} times", stored.len())),
            }
        });
        drop(ledger);
        drop(platform);
        if let Some(wrong) = wrong {
            self.broken(wrong);
        }
    }

    /// A push has succeeded: the platform has what was given.
    pub fn has_pushed(&self, id: &str) {
        let is_there = lock(&self.platform).pushed.contains_key(id);
        if !is_there {
            self.broken(format!(
                "{id} was pushed, and the platform does not have it"
            ));
        }
    }

    /// All is over: what stands in storages is what was given, whatever has become of the calls.
    pub fn is_uploaded_right(&self) {
        let platform = lock(&self.platform);
        let ledger = lock(&self.ledger);
        let wrong = platform.files.iter().find(|(path, sealed)| {
            let id = path.rsplit('/').next().unwrap_or_default();
            let given = ledger.given.get(id).map(|given| given.to_vec());
            given != keys::opened(sealed)
        });
        let wrong = wrong.map(|(path, _)| path.clone());
        drop(ledger);
        drop(platform);
        if let Some(wrong) = wrong {
            self.broken(format!("{wrong} is something else than was given"));
        }
    }

    /// All is over: which answer of the platform nobody has. Where the application has tokens of a later consent of its user, it asks for nothing by
    /// those of the one before, and is given none.
    pub fn is_settled(&self) {
        let platform = lock(&self.platform);
        let ledger = lock(&self.ledger);
        let consent_of = |access: &String| parse("access", access).map(|(consent, _)| consent);
        let is_replaced = |access: &String| {
            let of = consent_of(access);
            let mut known = ledger.known.iter().filter_map(consent_of);
            of.is_some_and(|of| known.any(|later| platform.follows(later, of)))
        };
        let lost = ledger.spendings.iter().find_map(|spending| {
            let access = spending.issued.as_ref().filter(|_| spending.taken)?;
            let is_there = ledger.known.contains(access) || ledger.told.contains(access);
            let lives = self.process(spending.process).lives();
            (lives && !is_there && !is_replaced(access)).then(|| {
                format!(
                    "process {} got {access} for {}, and its application never had it",
                    spending.process, spending.spent
                )
            })
        });
        drop(ledger);
        drop(platform);
        if let Some(lost) = lost {
            self.broken(lost);
        }
    }
}
