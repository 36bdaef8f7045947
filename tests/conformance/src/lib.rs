//! Replays recorded scenarios: a scripted platform, and the comparison of what was sent and returned.

mod comparison;
mod control;
mod elsewhere;
mod encrypted_file;
mod error;
mod invariants;
mod jwt;
mod keys;
mod loopback;
mod marks;
mod outcome;
mod platform;
mod request;
mod run;
mod scenario;

pub use control::Control;
pub use error::ReplayError;
pub use outcome::{End, Event, Failure, Outcome};
pub use run::{Call, Run};
pub use scenario::Scenario;

/// The folder of the scenarios that belong to this project.
pub const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
