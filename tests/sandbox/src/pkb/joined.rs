//! Whom the organisation has taken in, and into which of its teams.

use std::collections::HashMap;

use crate::pkb::teams::Team;

/// Teams by system and value of an identifier.
#[derive(Default)]
pub struct Joined {
    teams: HashMap<(String, String), Vec<&'static Team>>,
}

impl Joined {
    /// Puts whoever has this identifier into teams, and leaves them in those that they are in.
    pub fn add(&mut self, identifier: (String, String), teams: &[&'static Team]) {
        let known = self.teams.entry(identifier).or_default();
        for team in teams {
            if known.iter().all(|known| known.alias != team.alias) {
                known.push(team);
            }
        }
    }

    /// The teams of whoever has this identifier.
    pub fn teams(&self, system: &str, value: &str) -> &[&'static Team] {
        let identifier = (system.to_owned(), value.to_owned());
        self.teams.get(&identifier).map_or(&[], Vec::as_slice)
    }

    /// The teams of each identifier.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &[&'static Team])> {
        let all = self.teams.iter();
        all.map(|((system, value), teams)| (system.as_str(), value.as_str(), teams.as_slice()))
    }
}
