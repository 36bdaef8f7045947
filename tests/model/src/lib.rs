//! The protocol by which the processes that share a link refresh it, as a model small enough that every state it can come to is looked at.
//!
//! Its steps have the names that they have in `core/src/connections/keeping/refresh.rs` and `core/src/connections/lease.rs`.

mod fault;
mod flight;
mod mistake;
mod promise;
mod search;
mod state;
mod store;
mod turn;
mod weather;

pub use mistake::Mistake;
pub use promise::Promise;
pub use search::{Found, Verdict};

/// What is searched.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// How many processes share the link.
    pub processes: usize,
    /// How often its tokens are replaced.
    pub refreshes: u8,
    /// How many faults there are at most: each may strike anywhere.
    pub faults: u8,
    /// What the model does wrongly, to see that the search finds it.
    pub mistake: Option<Mistake>,
}
