//! The targets, each in a file of its name.

pub mod callback;
pub mod compression;
pub mod envelope;
pub mod error_body;
pub mod fhir_pages;
pub mod jwt;
pub mod keys;
pub mod metadata;
pub mod outcome;
pub mod pkb_tokens;
pub mod records;
pub mod redirect;
pub mod retry_after;
pub mod storage_path;
pub mod values;
