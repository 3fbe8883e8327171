//! Names of indexes and constraints.

use sha2::{Digest, Sha256};

/// `_get_index_name`: prefix, the table's first eleven letters, the first column's first seven, and a digest of all names.
pub(super) fn index(prefix: &str, table: &str, columns: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(table.as_bytes());
    for column in columns {
        hash.update(b";");
        hash.update(column.as_bytes());
    }
    let digest: String = hash.finalize().iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let start = |text: &str, count| text.chars().take(count).collect::<String>();
    let first = columns.first().copied().unwrap_or_default();
    format!("{prefix}_{}_{}_{digest}", start(table, 11), start(first, 7))
}
