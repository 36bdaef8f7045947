//! FHIR as Patients Know Best speaks it: the pages of a search, operations, outcomes, and identifiers.

pub(super) mod identifier;
pub(super) mod joining_patient;
mod national_id;
pub(super) mod operation_outcome;
pub(super) mod parameters;
pub(super) mod search_pages;

pub(super) use identifier::Named;
pub use identifier::PatientIdentifier;
pub use national_id::NationalId;
pub use search_pages::{Page, SearchPages};

/// The one format that PKB's FHIR API reads and writes.
pub(super) const MEDIA_TYPE: &str = "application/fhir+json";
