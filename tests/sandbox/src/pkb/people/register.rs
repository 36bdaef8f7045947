//! Whom a national number names, with a record and without one that they can log in to: those who log in here, and some who cannot.

use crate::pkb::people::national_id::{CHI_NUMBER, HEALTH_AND_CARE_NUMBER, NHS_NUMBER, NationalId};
use crate::pkb::people::{PEOPLE, Person};

/// A patient as organisations know them.
#[derive(Clone, Copy)]
pub struct Registrant {
    national_id: &'static NationalId,
    national_number: &'static str,
    pub birth_date: Option<&'static str>,
    pub registered: bool,
    pub deceased: bool,
    /// Whether the organisation of the sandbox has access to the record.
    pub accessible: bool,
}

/// Those born after this are under 16 on the sandbox's last day.
const BORN_BEFORE: &str = "2010-07-01";

const UNREGISTERED: Registrant = Registrant {
    national_id: &NHS_NUMBER,
    national_number: "9991566201",
    birth_date: Some("1990-04-12"),
    registered: false,
    deceased: false,
    accessible: true,
};

/// Those who have a record and cannot log in.
static OTHERS: [Registrant; 6] = [
    UNREGISTERED,
    Registrant {
        national_number: "9991566228",
        deceased: true,
        ..UNREGISTERED
    },
    Registrant {
        national_number: "9991566236",
        birth_date: Some("2015-09-03"),
        ..UNREGISTERED
    },
    Registrant {
        national_number: "9991566244",
        birth_date: None,
        ..UNREGISTERED
    },
    Registrant {
        national_number: "9991566252",
        registered: true,
        accessible: false,
        ..UNREGISTERED
    },
    Registrant {
        national_id: &HEALTH_AND_CARE_NUMBER,
        // It fails its check, as Morag's does.
        national_number: "3200000001",
        ..UNREGISTERED
    },
];

impl Registrant {
    /// Of whom a record has been made.
    pub const NEW: Self = Self {
        birth_date: None,
        ..UNREGISTERED
    };

    fn of(person: &Person) -> Option<Self> {
        let patient = person.patient()?;
        Some(Self {
            national_id: patient.national_id,
            national_number: patient.national_number,
            birth_date: Some(person.birth_date),
            registered: true,
            deceased: false,
            accessible: patient.consented,
        })
    }

    /// The same in the organisation.
    pub fn joined(self) -> Self {
        Self {
            accessible: true,
            ..self
        }
    }

    /// Whether an invitation can be made for them.
    pub fn can_be_invited(&self) -> bool {
        let is_old_enough = self.birth_date.is_some_and(|born| born < BORN_BEFORE);
        is_old_enough && !self.registered && !self.deceased && self.accessible
    }
}

/// Whom this number names, before any organisation has taken anybody in.
pub fn registrant(system: &str, number: &str) -> Option<Registrant> {
    let people = PEOPLE.iter().filter_map(Registrant::of);
    people
        .chain(OTHERS)
        .find(|known| known.national_id.system == system && known.national_number == number)
}

/// Whether numbers of this system are what records are found by.
pub fn is_searched(system: &str) -> bool {
    [&NHS_NUMBER, &CHI_NUMBER, &HEALTH_AND_CARE_NUMBER]
        .iter()
        .any(|searched| searched.system == system)
}
