//! Bytes on either side of the border: which are copied, and how the memory of those that are not comes back.

use std::thread;

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{Buffer, BufferSlice, Result, ToNapiValue, Unknown};

/// From this size on a copy takes longer than what it spares: JavaScript gives memory of its own back sooner, and with less ado, and
/// what the core has borrowed must go back to JavaScript's thread.
const LENT_FROM: usize = 1024 * 1024;

/// From this size on giving memory back takes so long that JavaScript's thread must not do it.
const GIVEN_BACK_ELSEWHERE_FROM: usize = 16 * 1024 * 1024;

/// The core's bytes of a buffer.
pub(crate) fn bytes(buffer: Buffer) -> Bytes {
    if buffer.len() < LENT_FROM {
        return Bytes::copy_from_slice(&buffer);
    }
    Bytes::from_owner(buffer)
}

/// The bytes as a buffer, which is JavaScript's to write to.
pub(crate) fn buffer(env: &Env, bytes: Bytes) -> Result<Unknown<'_>> {
    if bytes.len() < LENT_FROM {
        return BufferSlice::copy_from(env, bytes)?.into_unknown(env);
    }
    // A copy, if the core holds them as well.
    let mut lent = Vec::from(bytes);
    let (content, length) = (lent.as_mut_ptr(), lent.len());
    // SAFETY: The memory is there until it is given back, and nobody else has it.
    unsafe { BufferSlice::from_external(env, content, length, lent, |_, lent| give_back(lent))? }
        .into_unknown(env)
}

/// Piece by piece, so that JavaScript, which may need memory meanwhile, waits for a piece only.
fn give_back(mut memory: Vec<u8>) {
    const PIECE: usize = 8 * 1024 * 1024;
    if memory.len() < GIVEN_BACK_ELSEWHERE_FROM {
        return;
    }
    // Where no thread is to be had, it is given back here and at once.
    let _ = thread::Builder::new().spawn(move || {
        while !memory.is_empty() {
            memory.truncate(memory.len().saturating_sub(PIECE));
            memory.shrink_to_fit();
        }
    });
}
