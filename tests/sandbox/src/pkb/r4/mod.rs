//! FHIR R4 as Aggregated and Customer have it: resources whose digits stay as they were sent, and how they are searched.

mod capabilities;
mod document;
mod filter;
mod parameters;
mod reading;
mod resource;
mod resource_type;
mod search;
mod searchset;
mod token;

pub use capabilities::capabilities;
pub use document::{Document, raw};
pub use parameters::{Kind, parameters};
pub use reading::{Shown, parse_resource};
pub use resource::Resource;
pub use resource_type::{is_id, is_resource_type, resource_types};
pub use search::{Named, Search};
pub use searchset::{Entry, Link, Searchset};
