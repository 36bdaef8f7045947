//! digi.me: processes that act for users, and what must hold of their tokens, of what they push and store, and of what they read.

mod application;
mod calls;
mod director;
mod keys;
mod network;
mod platform;
mod process;
mod promises;
mod schedule;
mod transfers;

pub use schedule::run;
