//! The order in which Python goes over a set of keys: rows are inserted in it.
//!
//! Follows `set_add_entry` and `set_table_resize` of CPython's `setobject.c`.

use crate::value::Value;

/// How many neighbours are looked at before jumping.
const NEIGHBOURS: usize = 9;

/// Whole numbers in the order of a set to which they were added one by one; other keys stay as they are.
pub(super) fn ordered(keys: Vec<Value>) -> Vec<Value> {
    let numbers: Option<Vec<i64>> = keys
        .iter()
        .map(|key| match key {
            // Small numbers are their own hashes.
            Value::Int(number) if (0..1 << 40).contains(number) => Some(*number),
            _ => None,
        })
        .collect();
    let Some(numbers) = numbers else { return keys };
    let mut table: Vec<Option<i64>> = vec![None; 8];
    let mut used = 0;
    for number in numbers {
        if !add(&mut table, number) {
            continue;
        }
        used += 1;
        if used * 5 >= (table.len() - 1) * 3 {
            let wanted = if used > 50_000 { used * 2 } else { used * 4 };
            let mut size = 8;
            while size <= wanted {
                size *= 2;
            }
            let mut larger = vec![None; size];
            for number in table.into_iter().flatten() {
                add(&mut larger, number);
            }
            table = larger;
        }
    }
    table.into_iter().flatten().map(Value::Int).collect()
}

/// Whether it was not there yet.
fn add(table: &mut [Option<i64>], number: i64) -> bool {
    let mask = table.len() - 1;
    let hash = usize::try_from(number).unwrap_or(0);
    let (mut at, mut rest) = (hash & mask, hash);
    loop {
        let last = if at + NEIGHBOURS <= mask { at + NEIGHBOURS } else { at };
        for place in at..=last {
            let Some(slot) = table.get_mut(place) else { continue };
            match slot {
                None => {
                    *slot = Some(number);
                    return true;
                }
                Some(known) if *known == number => return false,
                Some(_) => {}
            }
        }
        rest >>= 5;
        at = (at * 5 + 1 + rest) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
