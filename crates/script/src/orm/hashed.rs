//! The order in which CPython goes through a set of names.
//!
//! Tortoise and ormar keep names of columns in sets, and write them in that order. It depends on the hash of each name, which changes
//! from start to start unless `PYTHONHASHSEED` is set; this is the order for `PYTHONHASHSEED=0`, so that equal models give equal SQL.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// How many neighbours are looked at before jumping: `LINEAR_PROBES` of CPython's `setobject.c`.
const NEIGHBOURS: usize = 9;

/// Names in the order of a set to which they were added one by one.
pub(super) fn order<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut table = Table::of(8);
    for name in names {
        if table.add(name) {
            table.used += 1;
            if table.used * 5 >= (table.slots.len() - 1) * 3 {
                table = table.grown();
            }
        }
    }
    table.slots.into_iter().flatten().collect()
}

struct Table<'n> {
    slots: Vec<Option<&'n str>>,
    used: usize,
}

impl<'n> Table<'n> {
    fn of(size: usize) -> Self {
        Self { slots: vec![None; size], used: 0 }
    }

    fn grown(self) -> Self {
        let mut size = 8;
        while size <= self.used * 4 {
            size *= 2;
        }
        let mut larger = Self::of(size);
        larger.used = self.used;
        for name in self.slots.into_iter().flatten() {
            larger.add(name);
        }
        larger
    }

    /// Whether it was not there yet.
    fn add(&mut self, name: &'n str) -> bool {
        let mask = self.slots.len() - 1;
        let mut perturb = hash(name);
        let mut at = low(perturb) & mask;
        loop {
            let last = if at + NEIGHBOURS <= mask { at + NEIGHBOURS } else { at };
            for slot in self.slots.iter_mut().take(last + 1).skip(at) {
                match slot {
                    None => {
                        *slot = Some(name);
                        return true;
                    }
                    Some(known) if *known == name => return false,
                    Some(_) => {}
                }
            }
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(1).wrapping_add(low(perturb)) & mask;
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "only the low bits are used")]
fn low(hash: u64) -> usize {
    hash as usize
}

/// `hash(name)`
fn hash(name: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    // CPython hashes a text's characters in the narrowest of three widths.
    let widest = name.chars().map(u32::from).max().unwrap_or(0);
    for letter in name.chars().map(u32::from) {
        let bytes = letter.to_le_bytes();
        let width = if widest < 0x100 {
            1
        } else if widest < 0x1_0000 {
            2
        } else {
            4
        };
        hasher.write(bytes.get(..width).unwrap_or(&bytes));
    }
    match hasher.finish() {
        _ if name.is_empty() => 0,
        // Minus one says "error" in CPython.
        u64::MAX => u64::MAX - 1,
        hash => hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_cpython() {
        assert_eq!(hash("id").cast_signed(), -3_071_235_161_072_578_110);
        assert_eq!(hash("name").cast_signed(), -6_269_146_191_053_140_058);
    }

    #[test]
    fn sets_are_gone_through_as_in_cpython() {
        assert_eq!(
            order(["id", "name", "author_id", "title"]),
            ["author_id", "id", "title", "name"]
        );
        let many: Vec<String> = (0..40).map(|number| format!("column_{number}")).collect();
        let ours = order(many.iter().map(String::as_str));
        assert_eq!(ours.join(" "), MANY);
    }

    const MANY: &str = "column_3 column_9 column_30 column_1 column_0 column_38 column_24 column_15 column_37 column_31 column_34 column_32 column_33 column_36 column_4 column_11 column_8 column_22 column_13 column_23 column_39 column_25 column_5 column_21 column_27 column_6 column_18 column_29 column_2 column_12 column_10 column_7 column_17 column_26 column_35 column_16 column_28 column_14 column_19 column_20";
}
