//! The people who can log in, every one invented.

mod national_id;
mod person;
mod register;

use national_id::{BSN, CHI_NUMBER};
use person::{Address, Clinician, Gender};

pub use national_id::NHS_NUMBER;
pub use person::{Patient, Person, Role};
pub use register::{Registrant, is_searched, registrant};

/// The systems of public ids, the newer first.
const PUBLIC_ID: [&str; 2] = [
    "http://fhir.patientsknowbest.com/id/public-id",
    "urn:uuid:cd97da65-0aa4-43a6-b695-cfd0c6f3267d",
];

/// The organisation that the clinician works for and the system client acts for.
pub const ORGANISATION: &str = "5a9d8f60-0d1c-4b59-8c3e-6f0e7a4d2b10";

/// The public id of the clinician.
pub const CLARA: &str = "4a7dbe50-2bb8-4cc1-8d84-83933645c649";

pub static PEOPLE: [Person; 4] = [
    Person {
        login: "bobby.barton@example.com",
        password: "bobby-sandbox",
        public_id: "1d4a8b2d-f885-499f-ba51-50600312f316",
        rest_id: 7_329_844,
        title: "Dr.",
        given: &["Bobby"],
        family: "Barton",
        birth_date: "2000-01-01",
        gender: Gender::Male,
        address: Address {
            lines: ["1 Sandbox Street", "Testington"],
            city: "Cambridge",
            postal_code: "CB1 0AA",
            country: "GB-ENG",
        },
        role: Role::Patient(Patient {
            national_id: &NHS_NUMBER,
            national_number: "9991566171",
            height_cm: 178,
            weight_kg: 87,
            weeks: 40,
            consented: true,
        }),
    },
    Person {
        login: "morag.specimen@example.com",
        password: "morag-sandbox",
        public_id: "2e5b9c3e-0996-4aaf-8b62-61711423a427",
        rest_id: 7_329_845,
        title: "Mrs.",
        given: &["Morag", "Example"],
        family: "Specimen",
        birth_date: "1985-02-01",
        gender: Gender::Female,
        address: Address {
            lines: ["2 Sandbox Wynd", ""],
            city: "Edinburgh",
            postal_code: "EH1 0AA",
            country: "GB-SCT",
        },
        role: Role::Patient(Patient {
            national_id: &CHI_NUMBER,
            // It fails its check, because no numbers of this kind are set apart for tests.
            national_number: "0102850004",
            height_cm: 164,
            weight_kg: 61,
            weeks: 12,
            consented: true,
        }),
    },
    Person {
        login: "robin.voorbeeld@example.com",
        password: "robin-sandbox",
        public_id: "3f6cad4f-1aa7-4bb0-9c73-72822534b538",
        rest_id: 7_329_846,
        title: "",
        given: &["Robin"],
        family: "Voorbeeld",
        birth_date: "1972-11-30",
        gender: Gender::Indeterminate,
        address: Address {
            lines: ["Zandbakstraat 3", ""],
            city: "Utrecht",
            postal_code: "3500 AA",
            country: "NL",
        },
        role: Role::Patient(Patient {
            national_id: &BSN,
            national_number: "999990019",
            height_cm: 183,
            weight_kg: 74,
            weeks: 6,
            consented: false,
        }),
    },
    Person {
        login: "clara.careful@example.com",
        password: "clara-sandbox",
        public_id: CLARA,
        rest_id: 7_329_847,
        title: "Dr.",
        given: &["Clara"],
        family: "Careful",
        birth_date: "1968-05-17",
        gender: Gender::Female,
        address: Address {
            lines: ["4 Sandbox Square", ""],
            city: "Cambridge",
            postal_code: "CB1 0AB",
            country: "GB-ENG",
        },
        role: Role::Clinician(Clinician {
            job_title: "General practitioner",
            organisation: "Sandbox Surgery",
            team: "Sandbox Surgery team",
        }),
    },
];

/// The system of public ids, the newer one.
pub fn public_id_system() -> &'static str {
    PUBLIC_ID[0]
}

/// Whether identifiers of this system are public ids.
pub fn is_public_id(system: &str) -> bool {
    PUBLIC_ID.contains(&system)
}

/// Who logs in with this.
pub fn log_in(login: &str, password: &str) -> Option<&'static Person> {
    PEOPLE
        .iter()
        .find(|person| person.login.eq_ignore_ascii_case(login.trim()))
        .filter(|person| person.password == password)
}

/// The patient of a public id.
pub fn patient(public_id: &str) -> Option<&'static Person> {
    PEOPLE
        .iter()
        .find(|person| person.public_id == public_id && person.patient().is_some())
}

/// The patient whom an identifier names: a public id, by either of its systems, or a national number.
pub fn patient_identified(system: &str, value: &str) -> Option<&'static Person> {
    if is_public_id(system) {
        return patient(value);
    }
    let is_named = |patient: &Patient| {
        patient.national_id.system == system && patient.national_number == value
    };
    PEOPLE
        .iter()
        .find(|person| person.patient().is_some_and(is_named))
}

/// The patient of an NHS number.
pub fn patient_by_nhs_number(number: &str) -> Option<&'static Person> {
    patient_identified(NHS_NUMBER.system, number)
}
