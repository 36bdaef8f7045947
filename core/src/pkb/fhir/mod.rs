//! FHIR as Patients Know Best speaks it: the pages of a search, outcomes, and identifiers.

mod national_id;
pub(super) mod operation_outcome;
pub(super) mod search_pages;

pub use national_id::NationalId;
pub use search_pages::{Page, SearchPages};
