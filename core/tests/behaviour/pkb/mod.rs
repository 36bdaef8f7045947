//! Patients Know Best: linking, tokens for ever, stores and calls, against the sandbox.

mod calling;
mod interruptions;
mod linked;
mod linking;
mod refusals;
mod sandbox;
mod sealing;
mod secrets;
mod store;
mod tokens;
