//! The order in which CPython goes through a set of names.
//!
//! Tortoise and ormar keep names of columns in sets, and write them in that order. It depends on the hash of each name, which changes
//! from start to start unless `PYTHONHASHSEED` is set; this is the order for `PYTHONHASHSEED=0`, so that equal models give equal SQL.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;
use throughline_order::Gather as _;

use crate::database::Cell;
use crate::value::Value;

/// What the hashes of numbers are remainders by.
const PRIME: u64 = (1 << 61) - 1;
/// How many neighbours are looked at before jumping: `LINEAR_PROBES` of CPython's `setobject.c`.
const NEIGHBOURS: usize = 9;

/// The distinct names in the order of a set that they were put into one after another.
pub(super) fn order<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut table = Table::of(8);
    names.into_iter().for_each(|name| table.put(hash(name), name));
    table.items().map(|(_, name)| name).gather()
}

/// Whole numbers in the order of a set that they were put into one after another; keys of other kinds stay as they are, as the
/// place of a text is another one at every start.
pub(super) fn ordered(keys: Vec<Value>) -> Vec<Value> {
    let mut table = Table::of(8);
    for key in &keys {
        let Value::Int(number) = key else { return keys };
        table.put(hash_of_number(*number), *number);
    }
    table.items().map(|(_, number)| Value::Int(number)).gather()
}

/// The items of `set(items) - set(without)` in its order, each with its hash.
pub(super) fn difference<T: PartialEq + Clone>(
    items: impl IntoIterator<Item = (u64, T)>,
    without: &[T],
) -> Vec<T> {
    let mut whole = Table::of(8);
    items.into_iter().for_each(|(hash, item)| whole.put(hash, item));
    let size = whole.slots.len();
    let mut out = if whole.used >> 2 > without.len() {
        // CPython copies a set of which few are taken away.
        let size = if whole.used * 5 >= 21 { above(whole.used * 2) } else { 8 };
        Table::of(size)
    } else {
        Table::of(8)
    };
    let copies = out.slots.len() == size && whole.used >> 2 > without.len();
    let kept: Vec<(u64, T)> = whole.items().gather();
    if copies {
        return kept
            .into_iter()
            .map(|(_, item)| item)
            .filter(|item| !without.contains(item))
            .gather();
    }
    for (hash, item) in kept {
        if !without.contains(&item) {
            out.put(hash, item);
        }
    }
    out.items().map(|(_, item)| item).gather()
}

/// The hash of a value of a key's column, where it is one of the usual ones.
pub(super) fn hash_of(value: &Cell) -> Option<u64> {
    match value {
        Cell::Int(number) => Some(hash_of_number(*number)),
        Cell::Text(text) => Some(hash(text)),
        Cell::Uuid(text) => {
            let digits: String = text.chars().filter(|letter| *letter != '-').collect();
            let number = u128::from_str_radix(&digits, 16).ok()?;
            u64::try_from(number % u128::from(PRIME)).ok()
        }
        _ => None,
    }
}

/// `hash(number)`
fn hash_of_number(number: i64) -> u64 {
    let rest = (number.unsigned_abs() % PRIME).cast_signed();
    let hash = if number < 0 { -rest } else { rest };
    if hash == -1 { -2 } else { hash }.cast_unsigned()
}

/// The smallest size of a table above a number.
fn above(number: usize) -> usize {
    let mut size = 8;
    while size <= number {
        size *= 2;
    }
    size
}

/// A set's table: open addressing that looks at some neighbours first.
struct Table<T> {
    slots: Vec<Option<(u64, T)>>,
    used: usize,
}

impl<T: PartialEq + Clone> Table<T> {
    fn of(size: usize) -> Self {
        Self { slots: vec![None; size], used: 0 }
    }

    fn items(self) -> impl Iterator<Item = (u64, T)> {
        self.slots.into_iter().flatten()
    }

    /// Adds an item, and makes room for more.
    fn put(&mut self, hash: u64, item: T) {
        if !self.add(hash, item) {
            return;
        }
        self.used += 1;
        if self.used * 5 >= (self.slots.len() - 1) * 3 {
            let more = if self.used > 50_000 { 2 } else { 4 };
            let mut larger = Self::of(above(self.used * more));
            larger.used = self.used;
            for (hash, item) in std::mem::take(&mut self.slots).into_iter().flatten() {
                larger.add(hash, item);
            }
            *self = larger;
        }
    }

    fn add(&mut self, hash: u64, item: T) -> bool {
        let mask = self.slots.len() - 1;
        let mut perturb = hash;
        let mut at = low(perturb) & mask;
        loop {
            let last = if at + NEIGHBOURS <= mask { at + NEIGHBOURS } else { at };
            for slot in self.slots.iter_mut().take(last + 1).skip(at) {
                match slot {
                    None => {
                        *slot = Some((hash, item));
                        return true;
                    }
                    Some((_, known)) if *known == item => return false,
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

    #[test]
    fn numbers_lie_where_their_remainder_says() {
        let order = |numbers: &[i64]| {
            let keys = ordered(numbers.iter().map(|number| Value::Int(*number)).collect());
            keys.iter().filter_map(Value::as_int).collect::<Vec<_>>()
        };
        assert_eq!(order(&[4, 3]), [3, 4]);
        assert_eq!(order(&[3, 9]), [9, 3]);
        assert_eq!(order(&[8, 1, 16]), [8, 1, 16]);
    }
}
