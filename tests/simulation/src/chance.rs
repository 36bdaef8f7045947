//! Numbers that look random and come from a seed: the same ones for the same seed, on every machine and in every version of this crate.

/// A source of such numbers (`SplitMix64`, whose whole state is one number, so that a source can be made for each decision).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The source that these numbers stand for, and no others.
    #[must_use]
    pub fn of(parts: &[u64]) -> Self {
        let mut chance = Self(0x9e37_79b9_7f4a_7c15);
        for part in parts {
            chance.0 ^= part.wrapping_mul(0xd6e8_feb8_6659_fd93);
            chance.0 = chance.number();
        }
        chance
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of the first `count` numbers from 0 on.
    pub fn below(&mut self, count: u64) -> u64 {
        self.number() % count.max(1)
    }

    /// A place in a list of this length.
    pub fn place(&mut self, length: usize) -> usize {
        let place = self.below(length as u64);
        usize::try_from(place).unwrap_or_default()
    }

    /// A number between these two, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Something that happens once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of some things.
    pub fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.place(things.len())]
    }
}
