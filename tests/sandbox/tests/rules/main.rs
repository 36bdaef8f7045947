//! The rules of the platforms, one test each, over real sockets with a client of its own.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod authorize;
mod consent;
mod contract;
mod control;
mod discovery;
mod faults;
mod import_library;
mod import_provider;
mod onboarding;
mod pkb;
mod process;
mod read_file;
mod read_session;
mod signing;
mod storage;
mod support;
mod tokens;
mod user;
