//! Values that nobody can guess: ids, codes, tokens, references.

use rand::Rng;
use rand::distributions::{Alphanumeric, DistString};

/// An id, code or token: 32 letters and digits.
pub fn token() -> String {
    Alphanumeric.sample_string(&mut rand::thread_rng(), 32)
}

/// The number in an account's id, as in `19_1234567`.
pub fn account_number() -> u32 {
    rand::thread_rng().gen_range(1_000_000..10_000_000)
}
