//! FHIR as Patients Know Best speaks it: the pages of a search, operations, outcomes, and identifiers.

pub(super) mod bundle;
mod found_resources;
pub(super) mod identifier;
pub(super) mod joining_patient;
mod national_id;
mod next_page;
pub(super) mod operation_outcome;
mod outcome;
pub(super) mod parameters;
mod patient_parameter;
pub(super) mod resource_address;
mod search_mode;
mod search_pages;

pub use found_resources::{FoundResource, FoundResources};
pub(super) use identifier::Named;
pub use identifier::PatientIdentifier;
pub use national_id::NationalId;
pub use outcome::FhirOutcome;
pub use search_mode::SearchMode;
pub use search_pages::{Page, SearchPages};

/// The one format that PKB's FHIR API reads and writes.
pub(super) const MEDIA_TYPE: &str = "application/fhir+json";
