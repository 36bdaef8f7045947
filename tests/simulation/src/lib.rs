//! The whole core under one seed: processes, a platform and a store in virtual time, and the promises that must hold in every schedule.

mod application;
mod chance;
mod director;
mod executor;
mod faults;
mod ledger;
mod machine;
mod network;
mod platform;
mod process;
mod promises;
mod schedule;
mod shrink;
mod store;
mod written;

pub use faults::{Kind, Strike};
pub use schedule::{Outcome, Plan, run};
pub use shrink::shortest;
