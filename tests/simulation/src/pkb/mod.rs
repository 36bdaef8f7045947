//! Patients Know Best: processes that share a store, and what must hold of tokens that are good once.

mod app;
mod application;
mod attempts;
mod cached;
mod changes;
mod data;
mod director;
mod ends;
mod habits;
mod ledger;
mod network;
mod platform;
mod process;
mod promises;
mod reasons;
mod schedule;
mod store;
mod watching;
mod written;

pub use schedule::run;
