//! Signed descriptions of pushed files: made once for the same description under the same key, since nothing in them is of the moment.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::crypto::digest::sha256;
use crate::digime::{Contract, FileDescriptor};
use crate::jwt::sign::{Header, sign};
use crate::{Error, Open};

/// How many are kept. An application that tags each file otherwise fills this soon, and is no worse off for it.
const KEPT: usize = 256;

/// The signed descriptions, by the digest of key and description.
#[derive(Default)]
pub(in crate::digime) struct SignedDescriptors(Mutex<HashMap<[u8; 32], String>>);

/// Written as they are: a value of `serde_json` would round numbers.
#[derive(Serialize)]
struct Claims<'a> {
    metadata: &'a Open<FileDescriptor>,
}

impl SignedDescriptors {
    /// The token that describes a file.
    pub(in crate::digime) fn token(
        &self,
        contract: &Contract,
        descriptor: &Open<FileDescriptor>,
    ) -> Result<String, Error> {
        let claims = Claims {
            metadata: descriptor,
        };
        let text = serde_json::to_vec(&claims)
            .map_err(|_| Error::sdk("the description of a file cannot be written as JSON"))?;
        let id = sha256(&[contract.key_id(), &text]);
        if let Some(token) = self.with(|kept| kept.get(&id).cloned()) {
            return Ok(token);
        }
        let token = sign(contract.key(), &Header::JWT, &claims)?;
        self.with(|kept| {
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(id, token.clone());
        });
        Ok(token)
    }

    fn with<T>(&self, look: impl FnOnce(&mut HashMap<[u8; 32], String>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
