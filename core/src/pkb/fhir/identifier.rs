//! Identifiers of patients: what FHIR writes of one, and when two are the same.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::error::{Invalid, Words};
use crate::{Document, Error, NonEmptyString};

/// An identifier of a patient: a number, and the system of numbers that it is of.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize, Builder)]
#[builder(on(String, into))]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PatientIdentifier {
    /// Its system: `https://fhir.nhs.uk/Id/nhs-number`.
    pub system: NonEmptyString,
    /// The number.
    pub value: NonEmptyString,
}
crate::operation::unseen!(PatientIdentifier);

/// The numbers of the NHS, of Scotland (CHI) and of Northern Ireland (Health & Care).
const OF_UNITED_KINGDOM: [&str; 3] = [
    "https://fhir.nhs.uk/Id/nhs-number",
    "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53",
    "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158",
];

/// The system of PKB's public ids, and what it was called before, which PKB still answers with.
const PUBLIC_ID: &str = "http://fhir.patientsknowbest.com/id/public-id";
const PUBLIC_ID_BEFORE: &str = "urn:uuid:cd97da65-0aa4-43a6-b695-cfd0c6f3267d";

/// What an identifier is compared by.
#[derive(PartialEq, Eq, Hash)]
pub(in crate::pkb) struct Named {
    system: String,
    value: String,
}

impl PatientIdentifier {
    /// From what stands in an answer, where systems have been seen with a space behind them.
    pub(in crate::pkb) fn read(identifier: &Document) -> Option<Self> {
        let text = |name: &str| {
            let text = identifier.member(name)?.string()?;
            text.trim().parse().ok()
        };
        Some(Self {
            system: text("system")?,
            value: text("value")?,
        })
    }

    /// What it is compared by. Numbers are written with spaces and without.
    pub(in crate::pkb) fn named(&self) -> Named {
        let system = match self.system.trim() {
            PUBLIC_ID_BEFORE => PUBLIC_ID,
            system => system,
        };
        Named {
            system: system.to_owned(),
            value: self.value.split_whitespace().collect(),
        }
    }
}

/// That there are some.
pub(in crate::pkb) fn some(identifiers: &[PatientIdentifier]) -> Result<(), Error> {
    if identifiers.is_empty() {
        return Err(Invalid::new("options.identifiers", "must not be empty").into());
    }
    Ok(())
}

/// That all are numbers which PKB finds records by: it refuses a whole request for one that is not.
pub(in crate::pkb) fn of_united_kingdom(identifiers: &[PatientIdentifier]) -> Result<(), Error> {
    some(identifiers)?;
    let is_other = |identifier: &PatientIdentifier| {
        let system: &str = &identifier.system;
        !OF_UNITED_KINGDOM.contains(&system)
    };
    match identifiers.iter().position(is_other) {
        None => Ok(()),
        Some(index) => {
            let path = Words::from("options.identifiers").given(&format!("[{index}]"));
            Err(Invalid::new(
                path.own(".system"),
                "must be that of NHS, CHI or Health & Care numbers, by which alone PKB finds records here",
            )
            .into())
        }
    }
}
