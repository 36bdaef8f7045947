//! The code that every link to a page carries: good until the person has answered.

use crate::clock;
use crate::pages::Problem;
use crate::state::Codes;

const NOT_OPEN: &str = "Its code is unknown, has expired or was used already.";

/// What an open code stands for.
pub fn look<T: Clone>(codes: &Codes<T>, code: &str) -> Result<T, Problem> {
    codes
        .look(code, clock::now_ms())
        .cloned()
        .ok_or_else(|| Problem::unusable_link(NOT_OPEN))
}

/// Spends an open code.
pub fn spend<T>(codes: &mut Codes<T>, code: &str) -> Result<T, Problem> {
    codes
        .spend(code, clock::now_ms())
        .ok_or_else(|| Problem::unusable_link(NOT_OPEN))
}
