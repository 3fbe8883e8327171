//! Numbers that look random and are always the same.

/// Dice for one place in the rows.
#[derive(Clone, Copy)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice that depend on names and a number alone.
    pub(super) fn new(names: &[&str], number: usize) -> Self {
        // FNV-1a.
        let bytes = names.iter().flat_map(|name| name.bytes().chain([0]));
        let seed = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The n-th number.
    pub(super) const fn roll(self, n: u64) -> u64 {
        // The mixing step of SplitMix64.
        let mut z = self.0.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`; 0 where that is 0.
    pub(super) const fn below(self, limit: usize) -> usize {
        if limit == 0 { 0 } else { (self.roll(0) % limit as u64) as usize }
    }

    /// One of them.
    pub(super) fn pick<T>(self, items: &[T]) -> Option<&T> {
        items.get(self.below(items.len()))
    }
}
