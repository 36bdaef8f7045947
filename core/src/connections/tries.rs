//! How often a change is tried that others get ahead of: with pauses between, and not for ever.

use std::time::Duration;

use crate::error::{ErrorKind, Words};
use crate::{Error, World};

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LAST_PAUSE: Duration = Duration::from_millis(500);
/// With the pauses, this many take about ten seconds.
const MOST: u32 = 30;

/// The tries of one change.
pub(super) struct Tries<'a> {
    world: &'a World,
    made: u32,
}

impl<'a> Tries<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self { world, made: 0 }
    }

    /// Waits before the next; an error where there have been enough.
    pub(super) async fn again(&mut self) -> Result<(), Error> {
        self.made += 1;
        if self.made >= MOST {
            return Err(ErrorKind::Store {
                operation: "change",
                message: Words::from(format!("others changed the record each of the {MOST} times"))
                    .own(" that this was about to: try again when less is going on, and see whether putLink and removeLink compare versions as they should"),
            }
            .into());
        }
        let pause = FIRST_PAUSE * (1 << self.made.min(10));
        self.world.pause(pause.min(LAST_PAUSE)).await;
        Ok(())
    }
}
