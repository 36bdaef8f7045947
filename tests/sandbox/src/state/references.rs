//! Ids that browser addresses can carry in place of others.

use std::collections::HashMap;

use crate::random;

/// Something that a browser address names without telling it.
pub struct Reference {
    pub kind: ReferenceKind,
    /// Whose id it stands for.
    pub value: String,
    pub contract_id: String,
}

/// What can be referred to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    CloudId,
    AccountId,
}

/// Every reference, by id.
#[derive(Default)]
pub struct References {
    made: HashMap<String, Reference>,
}

impl References {
    /// Makes a reference, and tells its id.
    pub fn make(&mut self, reference: Reference) -> String {
        let id = random::token();
        self.made.insert(id.clone(), reference);
        id
    }

    /// What a reference of this kind and contract stands for.
    pub fn get(&self, id: &str, kind: ReferenceKind, contract_id: &str) -> Option<&str> {
        let reference = self.made.get(id)?;
        (reference.kind == kind && reference.contract_id == contract_id)
            .then_some(reference.value.as_str())
    }
}
