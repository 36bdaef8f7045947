//! What is known of a person, whichever API tells it.

use crate::pkb::people::national_id::NationalId;

/// Somebody who can log in.
pub struct Person {
    pub login: &'static str,
    pub password: &'static str,
    /// A UUID, by which every API but the REST API names them.
    pub public_id: &'static str,
    /// The number by which the REST API names them.
    pub rest_id: u32,
    pub title: &'static str,
    /// First name and middle names.
    pub given: &'static [&'static str],
    pub family: &'static str,
    pub birth_date: &'static str,
    pub gender: Gender,
    pub address: Address,
    pub role: Role,
}

/// What somebody is to Patients Know Best.
pub enum Role {
    Patient(Patient),
    Clinician(Clinician),
}

pub struct Patient {
    pub national_id: &'static NationalId,
    pub national_number: &'static str,
    pub height_cm: u32,
    pub weight_kg: u32,
    /// For how many weeks they have measured themselves.
    pub weeks: usize,
    /// Whether the organisation of the sandbox may see the record.
    pub consented: bool,
}

pub struct Clinician {
    pub job_title: &'static str,
    pub organisation: &'static str,
    pub team: &'static str,
}

pub struct Address {
    pub lines: [&'static str; 2],
    pub city: &'static str,
    pub postal_code: &'static str,
    /// As ISO 3166-2 writes it, `GB-ENG`.
    pub country: &'static str,
}

/// Sex assigned at birth, in the four values of the platform.
#[derive(Clone, Copy)]
pub enum Gender {
    Female,
    Indeterminate,
    Male,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given[0], self.family)
    }

    pub fn patient(&self) -> Option<&Patient> {
        match &self.role {
            Role::Patient(patient) => Some(patient),
            Role::Clinician(_) => None,
        }
    }

    pub fn clinician(&self) -> Option<&Clinician> {
        match &self.role {
            Role::Patient(_) => None,
            Role::Clinician(clinician) => Some(clinician),
        }
    }
}

impl Gender {
    pub fn fhir(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Indeterminate => "other",
            Self::Male => "male",
        }
    }

    pub fn rest(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Indeterminate => "I",
            Self::Male => "M",
        }
    }

    /// As the REST API wrote it when it knew two.
    pub fn rest_of_two(self) -> Option<&'static str> {
        match self {
            Self::Female => Some("f"),
            Self::Indeterminate => None,
            Self::Male => Some("m"),
        }
    }
}
