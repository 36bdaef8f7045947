//! What was spent and what has come of it: each code and refresh token that left a process, and how far its answer has got.

use std::collections::{BTreeMap, BTreeSet};

use crate::executor::Micros;
use crate::pkb::attempts::Attempts;
use crate::pkb::cached::Served;
use crate::pkb::changes::Changes;
use crate::pkb::ends::End;
use crate::pkb::platform::Reply;

/// A code or a refresh token that has left a process.
pub struct Spending {
    pub spent: String,
    /// The process that sent it, by its number.
    pub process: usize,
    pub left: Micros,
    /// Whether it was the refresh token in the record of a link, and not that of an attempt to link.
    pub of_a_link: bool,
    /// What the platform has answered, once it has.
    pub answered: Option<Answered>,
    /// When the answer was in the process' socket.
    pub arrived: Option<Micros>,
    /// When the network told the process that there will be no answer.
    pub ended: Option<Micros>,
    /// When the process had read the answer to its end.
    pub taken: Option<Taken>,
    /// When what was issued stood in the store.
    pub stored: Option<Micros>,
    /// Whether the store has said so to the process.
    pub acknowledged: bool,
    /// When other tokens took its place there.
    pub replaced: Option<Micros>,
    /// Whether the application was told of it.
    pub told: bool,
}

/// What the platform has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// This access token, and the refresh token beside it.
    Issued(String),
    /// That it has spent nothing.
    SpentNothing,
    /// Something from which no token comes.
    Nothing,
}

/// When an answer was read.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub at: Micros,
    /// When the access token expires by the clock of who read it, in milliseconds since 1970.
    pub expires_at: i64,
}

/// The lease in a user's record.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub lease: Option<String>,
    /// Which process took it, and when; counting does not change that.
    pub holder: Option<usize>,
    pub taken: Micros,
    /// When the record was last written.
    pub written: Micros,
}

/// All of it.
#[derive(Default)]
pub struct Ledger {
    pub spendings: Vec<Spending>,
    /// Which access tokens have stood in the store.
    pub stored: BTreeSet<String>,
    /// The access token in the record of each user.
    pub serving: BTreeMap<String, String>,
    /// The lease in the record of each user.
    pub leases: BTreeMap<String, Standing>,
    /// When each process last took an attempt to link on.
    pub turns: BTreeMap<usize, Micros>,
    pub attempts: Attempts,
    /// The id of the key that every process seals with at first, once a link has been sealed under it.
    pub old_key: Option<String>,
    /// Which links were found to be over.
    pub ends: Vec<End>,
    /// How often each user was unlinked.
    pub unlinked: BTreeMap<String, u64>,
    /// When the link of each was last removed.
    pub removed: BTreeMap<String, Micros>,
    pub served: Served,
    pub changes: Changes,
    /// Which processes have been told by a refusal that an access token does not serve.
    refused: BTreeSet<(usize, String)>,
}

impl Ledger {
    fn of(&mut self, spending: Option<usize>) -> Option<&mut Spending> {
        self.spendings.get_mut(spending?)
    }

    /// The platform has answered.
    pub fn answered(&mut self, spending: Option<usize>, reply: &Reply) {
        if let Some(spending) = self.of(spending) {
            spending.answered = Some(match &reply.issued {
                Some(access) => Answered::Issued(access.clone()),
                None if reply.body.contains("temporarily_unavailable") => Answered::SpentNothing,
                None => Answered::Nothing,
            });
        }
    }

    /// A process has been told that these tokens are stored.
    pub fn acknowledged(&mut self, process: usize, access: &str) {
        let own = |spending: &&mut Spending| {
            spending.process == process && issued(spending) == Some(access)
        };
        for spending in self.spendings.iter_mut().filter(own) {
            spending.acknowledged = true;
        }
    }

    /// Its answer is in the socket of who asked.
    pub fn arrives(&mut self, spending: Option<usize>, now: Micros) {
        if let Some(spending) = self.of(spending) {
            spending.arrived = Some(now);
        }
    }

    /// Who asked knows that no answer will come.
    pub fn ended(&mut self, spending: Option<usize>) {
        if let Some(spending) = self.of(spending) {
            spending.ended = Some(spending.left);
        }
    }

    /// A process was told that an access token does not serve.
    pub fn refuses(&mut self, process: usize, access_token: &str) {
        self.refused.insert((process, access_token.to_owned()));
    }

    /// Whether it was.
    pub fn has_refused(&self, process: usize, access_token: &str) -> bool {
        self.refused.contains(&(process, access_token.to_owned()))
    }

    /// When an access token expires, by the clock of who got it.
    pub fn expiry_of(&self, access_token: &str) -> Option<i64> {
        let mut got = self
            .spendings
            .iter()
            .filter(|spending| issued(spending) == Some(access_token));
        Some(got.next()?.taken?.expires_at)
    }
}

/// The access token that came of it.
pub fn issued(spending: &Spending) -> Option<&str> {
    match &spending.answered {
        Some(Answered::Issued(access)) => Some(access),
        _ => None,
    }
}
