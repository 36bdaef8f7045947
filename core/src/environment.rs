//! Which environment variables configure the SDK: those of the process, unless its language has others.

use std::cell::RefCell;
use std::collections::HashMap;
use std::env;

thread_local! {
    static OWN: RefCell<Option<HashMap<String, String>>> = const { RefCell::new(None) };
}

/// The variable, if it is set.
pub(crate) fn variable(name: &str) -> Option<String> {
    OWN.with_borrow(|own| match own {
        Some(variables) => variables.get(name).cloned(),
        None => env::var(name).ok(),
    })
}

#[cfg(feature = "__binding")]
/// Does what reads these variables in place of those of the process: a worker, or a test in a realm of its own, sees others.
pub(crate) fn with<T>(variables: HashMap<String, String>, work: impl FnOnce() -> T) -> T {
    let before = OWN.replace(Some(variables));
    let outcome = work();
    OWN.set(before);
    outcome
}
