//! Patients Know Best: processes that share a store, and what must hold of tokens that are good once.

mod application;
mod director;
mod ends;
mod ledger;
mod network;
mod platform;
mod process;
mod promises;
mod schedule;
mod store;
mod written;

pub use schedule::run;
