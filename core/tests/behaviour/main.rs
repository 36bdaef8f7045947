//! What the core promises, as sentences, through its public surface and over real sockets.

mod keys;
mod options;
mod push;
mod refresh;
mod retry;
mod sandbox;
mod scripted;
mod secrets;
mod timeouts;
mod trust;
