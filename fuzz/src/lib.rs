//! The fuzz targets: what each gives to the SDK, through its public surface, and what must be true of the outcome.
//!
//! They run as ordinary tests over the corpus and some thousand mutations of it (`tests/corpus.rs`), and under libFuzzer
//! (`libfuzzer/`) for as long as one likes.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a target panics where its assumptions fail: that is what it is for"
)]

mod digime;
mod discretion;
mod oracles;
mod pkb;
mod schema;
mod script;
mod stage;
pub mod targets;

/// A target: panics where a promise is broken.
pub type Target = fn(&[u8]);

/// The targets by their names, which are those of their folders in `corpus/`, and how many inputs of its own making the ordinary test
/// gives each.
pub const TARGETS: &[(&str, Target, u32)] = &[
    ("callback", targets::callback::run, 1000),
    ("compression", targets::compression::run, 500),
    ("envelope", targets::envelope::run, 500),
    ("error_body", targets::error_body::run, 500),
    ("fhir_pages", targets::fhir_pages::run, 2000),
    ("jwt", targets::jwt::run, 300),
    ("keys", targets::keys::run, 2000),
    ("metadata", targets::metadata::run, 1000),
    ("outcome", targets::outcome::run, 1500),
    ("pkb_tokens", targets::pkb_tokens::run, 1500),
    ("records", targets::records::run, 1500),
    ("redirect", targets::redirect::run, 2000),
    ("retry_after", targets::retry_after::run, 2000),
    ("storage_path", targets::storage_path::run, 1000),
    ("values", targets::values::run, 2000),
];
