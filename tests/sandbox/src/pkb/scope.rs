//! The kinds of user that an application can ask for (`scope`).

use crate::pkb::people::{Person, Role};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Clinician,
    Patient,
    TeamCoordinator,
}

impl Scope {
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Clinician, Self::Patient, Self::TeamCoordinator]
            .into_iter()
            .find(|scope| scope.name() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Clinician => "CLINICIAN",
            Self::Patient => "PATIENT",
            Self::TeamCoordinator => "TEAMCOORD",
        }
    }

    /// Whether somebody is of this kind. The sandbox has no team coordinator.
    pub fn admits(self, person: &Person) -> bool {
        match person.role {
            Role::Patient(_) => self == Self::Patient,
            Role::Clinician(_) => self == Self::Clinician,
        }
    }
}
