//! What a person's library holds: what the sources know of them, and what applications pushed.

mod bank;
mod document;
mod file;
mod fitness;
mod general_practice;
mod laboratory;
mod pharmacy;

use serde::Deserialize;

pub use file::{File, Metadata};

use crate::sources::Source;
use crate::state::{Account, Kind, Pushed};

/// What a source knows.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DataSet {
    GeneralPractice,
    Laboratory,
    Pharmacy,
    Fitness,
    Bank,
}

/// The files that are fetched through an account.
pub fn fetched<'a>(account: &'a Account, source: &'a Source) -> impl Iterator<Item = File> + 'a {
    let documents = match source.data {
        Some(DataSet::GeneralPractice) => general_practice::DOCUMENTS,
        Some(DataSet::Laboratory) => laboratory::DOCUMENTS,
        Some(DataSet::Pharmacy) => pharmacy::DOCUMENTS,
        Some(DataSet::Fitness) => fitness::DOCUMENTS,
        Some(DataSet::Bank) => bank::DOCUMENTS,
        None => &[],
    };
    documents
        .iter()
        .map(|document| File::mapped(document, account, source))
}

/// The files that applications added to this user's library.
pub fn added<'a>(pushed: &'a [Pushed], user_id: &'a str) -> impl Iterator<Item = File> + 'a {
    pushed
        .iter()
        .filter(move |pushed| pushed.user_id == user_id)
        .filter_map(|pushed| match &pushed.kind {
            Kind::Library { file_descriptor } => Some(File::raw(pushed, file_descriptor)),
            Kind::Provider { .. } => None,
        })
}
