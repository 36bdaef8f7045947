//! What patients measure of themselves: told by both APIs, written by one.

mod kinds;
mod series;
mod store;

pub use kinds::{Category, KINDS, Part, kind};
pub use store::{Measurement, Measurements, Reading};
