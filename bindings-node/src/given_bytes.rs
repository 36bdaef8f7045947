//! The bytes that the core gives away: which JavaScript gets as a copy, and how the memory of those that it gets as they are is freed.

use std::thread;

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{BufferSlice, Result, ToNapiValue, Unknown};

/// From this size on a copy takes longer than what it spares: JavaScript frees memory of its own sooner, and with less ado.
const GIVEN_FROM: usize = 1024 * 1024;

/// From this size on freeing memory takes so long that JavaScript's thread must not do it.
const FREED_ELSEWHERE_FROM: usize = 16 * 1024 * 1024;

/// The bytes as a buffer, which is JavaScript's to write to.
pub(crate) fn buffer(env: &Env, bytes: Bytes) -> Result<Unknown<'_>> {
    if bytes.len() < GIVEN_FROM {
        return BufferSlice::copy_from(env, bytes)?.into_unknown(env);
    }
    // A copy, if the core holds them as well: from now on nobody but JavaScript has this memory.
    let mut given = Vec::from(bytes);
    let (content, length) = (given.as_mut_ptr(), given.len());
    // SAFETY: The memory is there until it is freed here, and nobody else has it.
    unsafe { BufferSlice::from_external(env, content, length, given, |_, given| free(given))? }
        .into_unknown(env)
}

/// Piece by piece, so that JavaScript, which may need memory meanwhile, waits for a piece only.
fn free(mut memory: Vec<u8>) {
    const PIECE: usize = 8 * 1024 * 1024;
    if memory.len() < FREED_ELSEWHERE_FROM {
        return;
    }
    // Where no thread is to be had, it is freed here and at once.
    let _ = thread::Builder::new().spawn(move || {
        while !memory.is_empty() {
            memory.truncate(memory.len().saturating_sub(PIECE));
            memory.shrink_to_fit();
        }
    });
}
