//! Names of indexes and constraints.

use sha2::{Digest, Sha256};

/// The first bytes of the digest of some names, in hexadecimal digits.
fn digest<'a>(names: impl IntoIterator<Item = &'a str>, bytes: usize) -> String {
    let mut hash = Sha256::new();
    for (at, name) in names.into_iter().enumerate() {
        if at > 0 {
            hash.update(b";");
        }
        hash.update(name.as_bytes());
    }
    hash.finalize().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

fn start(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// `_get_fk_name`: the first eight letters of both tables, and a digest of both columns.
pub(in crate::orm::tortoise) fn foreign_key(from: (&str, &str), to: (&str, &str)) -> String {
    let digest = digest([from.0, from.1, to.0, to.1], 4);
    format!("fk_{}_{}_{digest}", start(from.0, 8), start(to.0, 8))
}

/// `_get_index_name`: prefix, the table's first eleven letters, the first column's first seven, and a digest of all names.
pub(super) fn index(prefix: &str, table: &str, columns: &[&str]) -> String {
    let digest = digest(std::iter::once(table).chain(columns.iter().copied()), 3);
    let first = columns.first().copied().unwrap_or_default();
    format!("{prefix}_{}_{}_{digest}", start(table, 11), start(first, 7))
}
