//! Memory that encryption and decryption write into, used again chunk after chunk: the system takes as long to provide it afresh as
//! a good part of the work on it takes.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::Bytes;

/// Bytes that are appended to.
pub(crate) struct Buffer {
    /// Its length is the room there is, so that it is made ready only once.
    memory: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// An empty one with room for so many bytes.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            memory: vec![0; room],
            filled: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.filled
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.filled == 0
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.memory[..self.filled]
    }

    pub(crate) fn clear(&mut self) {
        self.filled = 0;
    }

    /// Appends what `write` writes into a place for so many bytes, which is how many it says; nothing if it fails.
    pub(super) fn append(
        &mut self,
        room: usize,
        write: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<()> {
        self.filled += write(self.room(room))?.min(room);
        Some(())
    }

    /// Appends bytes that are there.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    fn room(&mut self, length: usize) -> &mut [u8] {
        let end = self.filled + length;
        if self.memory.len() < end {
            self.memory.resize(end, 0);
        }
        &mut self.memory[self.filled..end]
    }
}

/// The buffers of one stream.
pub(crate) struct Buffers {
    room: usize,
    back: SyncSender<Vec<u8>>,
    returned: Receiver<Vec<u8>>,
}

impl Buffers {
    /// Buffers with room for so many bytes each. So many of those that have come back are kept.
    pub(crate) fn new(room: usize, kept: usize) -> Self {
        let (back, returned) = sync_channel(kept);
        Self {
            room,
            back,
            returned,
        }
    }

    /// An empty buffer.
    pub(crate) fn take(&self) -> Buffer {
        match self.returned.try_recv() {
            Ok(memory) => Buffer { memory, filled: 0 },
            Err(_) => Buffer::new(self.room),
        }
    }

    /// What is in the buffer, which comes back when nobody has it any more.
    pub(crate) fn lend(&self, buffer: Buffer) -> Bytes {
        let back = self.back.clone();
        Bytes::from_owner(Lent { buffer, back })
    }
}

struct Lent {
    buffer: Buffer,
    back: SyncSender<Vec<u8>>,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.buffer.bytes()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // Not kept where there are enough, or where the stream is over.
        let _ = self.back.try_send(std::mem::take(&mut self.buffer.memory));
    }
}
