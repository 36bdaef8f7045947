//! The whole core under one seed: processes, platforms and a store in virtual time, and the promises that must hold in every schedule.

mod chance;
mod digime;
mod executor;
mod faults;
mod judging;
mod machine;
mod pkb;
mod shrink;
mod stage;
mod world;

pub use faults::{Kind, Strike};
pub use shrink::shortest;
pub use stage::{Outcome, Plan, Platform};

/// Runs a schedule from its beginning to its end, or until a promise is broken.
#[must_use]
pub fn run(plan: &Plan) -> Outcome {
    match plan.platform {
        Platform::Pkb => pkb::run(plan),
        Platform::Digime => digime::run(plan),
    }
}
