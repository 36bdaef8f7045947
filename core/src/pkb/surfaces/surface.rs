//! The names of PKB's APIs, and whose token each takes.

use serde::Deserialize;

/// One of PKB's APIs. A token of one kind is good for some of them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbSurface")
)]
pub enum Surface {
    /// The FHIR API (STU3) in which a patient's record is read, as the patient or by your System Client.
    Facade,
    /// The FHIR API (STU3) that takes messages, from your System Client.
    Messaging,
    /// The FHIR API (R4) in which what all sources say of a patient is read, by your Customer System Client.
    Aggregated,
    /// The FHIR API (STU3 or R4, as agreed with PKB) that takes your organisation's own data, from your Customer System Client.
    Customer,
    /// The REST API, called as the patient.
    Rest,
}

/// One of PKB's APIs in which FHIR resources are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "PkbFhirSurface")
)]
pub enum FhirSurface {
    /// The FHIR API (STU3) in which a patient's record is read, as the patient or by your System Client.
    Facade,
    /// The FHIR API (R4) in which what all sources say of a patient is read, by your Customer System Client.
    Aggregated,
    /// The FHIR API (STU3 or R4, as agreed with PKB) that takes your organisation's own data, from your Customer System Client, to whom alone
    /// it shows it.
    Customer,
}

impl From<FhirSurface> for Surface {
    fn from(surface: FhirSurface) -> Self {
        match surface {
            FhirSurface::Facade => Self::Facade,
            FhirSurface::Aggregated => Self::Aggregated,
            FhirSurface::Customer => Self::Customer,
        }
    }
}

impl Surface {
    /// What the options call it.
    pub(in crate::pkb) fn option(self) -> &'static str {
        match self {
            Self::Facade => "facade",
            Self::Messaging => "messaging",
            Self::Aggregated => "aggregated",
            Self::Customer => "customer",
            Self::Rest => "rest",
        }
    }

    /// Whether it speaks FHIR.
    pub(in crate::pkb) fn is_of_fhir(self) -> bool {
        self != Self::Rest
    }

    /// Whether it is a Customer System Client who calls it, and nobody else.
    pub(in crate::pkb) fn is_for_customer_systems(self) -> bool {
        matches!(self, Self::Aggregated | Self::Customer)
    }
}
