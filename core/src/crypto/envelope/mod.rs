//! The platform's file envelope: the file's key wrapped for the contract's key pair, an initialisation vector, and the content in
//! AES-256-CBC. It has no checksum: a change that leaves the padding right cannot be noticed.

mod open;
mod seal;

pub(crate) use open::{Opened, Opener};
pub(crate) use seal::Sealer;
