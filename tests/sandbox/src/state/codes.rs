//! Codes that are good once, and for a while.

use std::collections::HashMap;

use crate::random;

/// What each code stands for, and when it ends (milliseconds).
pub struct Codes<T> {
    open: HashMap<String, (T, u64)>,
}

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self {
            open: HashMap::new(),
        }
    }
}

impl<T> Codes<T> {
    /// Makes a code for this.
    pub fn issue(&mut self, what: T, expires_at: u64) -> String {
        let code = random::token();
        self.open.insert(code.clone(), (what, expires_at));
        code
    }

    /// What an open code stands for.
    pub fn look(&self, code: &str, now: u64) -> Option<&T> {
        let (what, expires_at) = self.open.get(code)?;
        (now < *expires_at).then_some(what)
    }

    /// Spends an open code.
    pub fn spend(&mut self, code: &str, now: u64) -> Option<T> {
        let (what, expires_at) = self.open.remove(code)?;
        (now < expires_at).then_some(what)
    }
}
