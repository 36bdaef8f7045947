//! A session's file on its way to the application: what has become of it is told once, however that ends.

use crate::World;
use crate::world::Event;

/// A file that is being read. Dropped before its end, it was not.
pub(in crate::digime) struct FileReading {
    world: World,
    bytes: u64,
    succeeded: bool,
}

impl FileReading {
    pub(in crate::digime) fn begin(world: &World) -> Self {
        Self {
            world: world.clone(),
            bytes: 0,
            succeeded: false,
        }
    }

    /// So much more of its content was read.
    pub(in crate::digime) fn goes_on(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// All of its content was read.
    pub(in crate::digime) fn ends(mut self) {
        self.succeeded = true;
    }
}

impl Drop for FileReading {
    fn drop(&mut self) {
        self.world.observe(|| Event::File {
            bytes: self.bytes,
            succeeded: self.succeeded,
        });
    }
}
