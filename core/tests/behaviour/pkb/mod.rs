//! Patients Know Best: linking, tokens for ever, stores and calls, against the sandbox.

mod calling;
mod clocks;
mod closing;
mod interruptions;
mod lateness;
mod left_behind;
mod linked;
mod linking;
mod members;
mod migrations;
mod odd_stores;
mod refusals;
mod rolling;
mod sandbox;
mod sealed_members;
mod sealing;
mod secrets;
mod store;
mod tokens;
mod unreached;
mod version_1;
mod weather;
mod wrapped_store;
