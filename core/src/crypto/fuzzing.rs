//! What spares a fuzzer the private key, whose operations take most of the time of a call and tell a fuzzer nothing. Only `make fuzz` builds
//! it, by `--cfg digime_sdk_fuzzing`: a feature of the crate could be turned on by whoever shares a build with it.

use std::cell::RefCell;

use super::hazmat::rsa_oaep::FileKey;

#[cfg(not(debug_assertions))]
compile_error!("a build for fuzzing signs once and no more: it must be none that is shipped");

/// The first signature that was made, of whatever.
pub(super) fn signature(sign: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    thread_local! {
        static FIRST: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
    }
    FIRST.with_borrow_mut(|first| {
        if first.is_none() {
            *first = sign();
        }
        first.clone()
    })
}

/// The key of a file, remembered: of the same wrapped key it is the same.
pub(super) fn unwrapped(
    wrapped: &[u8],
    unwrap: impl FnOnce() -> Option<FileKey>,
) -> Option<FileKey> {
    thread_local! {
        static LAST: RefCell<(Vec<u8>, Option<FileKey>)> = RefCell::default();
    }
    LAST.with_borrow_mut(|(last, key)| {
        if last != wrapped {
            (*last, *key) = (wrapped.to_vec(), unwrap());
        }
        key.clone()
    })
}
