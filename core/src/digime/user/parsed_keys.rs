//! The private keys of contracts, parsed once however many calls use them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Error;
use crate::crypto::PrivateKey;
use crate::crypto::digest::sha256;
use crate::error::Invalid;

/// How many parsed keys are kept. An application has a handful of contracts.
const KEYS_KEPT: usize = 256;

/// Parsed keys, by the digest of their PEM form.
#[derive(Default)]
pub(in crate::digime) struct ParsedKeys(Mutex<HashMap<[u8; 32], Arc<PrivateKey>>>);

impl ParsedKeys {
    /// The key, and the digest of its PEM form; `path` is where the application gave it.
    pub(in crate::digime) fn parsed(
        &self,
        pem: &str,
        path: &'static str,
    ) -> Result<([u8; 32], Arc<PrivateKey>), Error> {
        let id = sha256(&[pem.as_bytes()]);
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !keys.contains_key(&id) && keys.len() >= KEYS_KEPT {
            keys.clear();
        }
        let key = match keys.entry(id) {
            Entry::Occupied(entry) => Arc::clone(entry.get()),
            Entry::Vacant(entry) => {
                let invalid = |reason| Invalid::new(path, reason);
                Arc::clone(entry.insert(Arc::new(PrivateKey::from_pem(pem).map_err(invalid)?)))
            }
        };
        Ok((id, key))
    }
}
