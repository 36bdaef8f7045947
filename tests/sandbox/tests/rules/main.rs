//! The rules of the platform, one test each, over real sockets with a client of its own.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod authorize;
mod consent;
mod control;
mod import_library;
mod import_provider;
mod process;
mod signing;
mod support;
mod tokens;
