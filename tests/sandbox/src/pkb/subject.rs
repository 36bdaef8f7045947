//! Whose data it is: somebody who can log in, or whoever has a number.

use sha2::{Digest, Sha256};

use crate::pkb::people::{self, PEOPLE, Person, registrant};
use crate::pkb::state::Memory;
use crate::pkb::teams::Team;

#[derive(Clone)]
pub enum Subject {
    Person(&'static Person),
    /// System and value.
    Number(String, String),
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Person(one), Self::Person(other)) => one.public_id == other.public_id,
            (Self::Number(system, value), Self::Number(others, number)) => {
                system == others && value == number
            }
            _ => false,
        }
    }
}

impl Subject {
    /// Whom an identifier names, if the platform knows them.
    pub fn identified(memory: &Memory, system: &str, value: &str) -> Option<Self> {
        if let Some(person) = people::patient_identified(system, value) {
            return Some(Self::Person(person));
        }
        let is_known =
            registrant(system, value).is_some() || !memory.joined.teams(system, value).is_empty();
        is_known.then(|| Self::Number(system.to_owned(), value.to_owned()))
    }

    /// The patients who can log in.
    pub fn people() -> impl Iterator<Item = Self> {
        let patients = PEOPLE.iter().filter(|person| person.patient().is_some());
        patients.map(Self::Person)
    }

    pub fn person(&self) -> Option<&'static Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Number(..) => None,
        }
    }

    /// The teams that they are in: none, if the organisation has not taken them in.
    pub fn teams(&self, memory: &Memory) -> Vec<&'static Team> {
        let person = match self {
            Self::Number(system, value) => return memory.joined.teams(system, value).to_vec(),
            Self::Person(person) => person,
        };
        let is_person = |system: &str, value: &str| {
            let named = people::patient_identified(system, value);
            named.is_some_and(|named| named.public_id == person.public_id)
        };
        let joined = memory.joined.all();
        let theirs = joined.filter(|(system, value, _)| is_person(system, value));
        theirs.flat_map(|(.., teams)| teams.to_vec()).collect()
    }

    /// The id that Aggregated has for them: neither a public id nor Customer's.
    pub fn aggregated_id(&self) -> String {
        let named = match self {
            Self::Person(person) => person.public_id.to_owned(),
            Self::Number(system, value) => format!("{system}|{value}"),
        };
        uuid(&named)
    }
}

/// The same UUID for the same text.
pub fn uuid(text: &str) -> String {
    let digest = Sha256::digest(text);
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let (a, b, c, d) = (&hex[..8], &hex[8..12], &hex[13..16], &hex[17..20]);
    format!("{a}-{b}-4{c}-8{d}-{}", &hex[20..])
}
