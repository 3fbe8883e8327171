//! How Peewee derives names of tables and indexes.

use md5::{Digest, Md5};

/// The most that a name of an index or a constraint may have: `_truncate_constraint_name`.
const LONGEST: usize = 64;

/// The first 56 characters and a piece of an MD5 sum, where a name is too long. Recorded: `peewee/021` of the rule book.
pub(super) fn truncated(name: String) -> String {
    if name.chars().nth(LONGEST).is_none() {
        return name;
    }
    let mut out: String = name.chars().take(LONGEST - 8).collect();
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let sum = Md5::digest(name.as_bytes());
    let hash = sum.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).take(7);
    out.push('_');
    out.extend(hash);
    out
}

/// The name of an index of these columns: `ModelIndex._generate_name_from_fields`.
pub(super) fn index_name(prefix: &str, columns: &[&str]) -> String {
    let mut name = String::with_capacity(prefix.len() + 16);
    name.push_str(prefix);
    name.push('_');
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            name.push('_');
        }
        name.extend(column.chars().filter(|letter| *letter == '_' || letter.is_alphanumeric()));
    }
    truncated(name)
}

/// `HTTPRequestLine` as `http_request_line`: `make_snake_case`, the table's name without `legacy_table_names`.
pub(super) fn snake(name: &str) -> String {
    let words = split(
        name,
        |letters| {
            let mut after = letters.iter();
            let capital = after.next()?.is_ascii_uppercase();
            let small = after.take_while(|letter| letter.is_ascii_lowercase()).count();
            (capital && small > 0).then_some(1 + small)
        },
        |_| true,
    );
    let words = split(
        &words,
        |letters| letters.first()?.is_ascii_uppercase().then_some(1),
        |before| before.is_ascii_lowercase() || before.is_ascii_digit(),
    );
    words.to_lowercase()
}

/// `re.sub("(BEFORE)_*(WORD)", r"\1_\2")`, the way Python's `re` goes through a text.
fn split(
    text: &str,
    word: impl Fn(&[char]) -> Option<usize>,
    before: impl Fn(char) -> bool,
) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = letters.as_slice();
    while let Some((first, after)) = rest.split_first() {
        out.push(*first);
        rest = after;
        let underscores = after.iter().take_while(|letter| **letter == '_').count();
        let Some(tail) = after.get(underscores..) else { continue };
        if before(*first)
            && let Some(length) = word(tail)
        {
            out.push('_');
            out.extend(tail.iter().take(length));
            rest = tail.get(length..).unwrap_or_default();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        // As `peewee.make_snake_case` of 4.5.3 has them.
        for (name, snaked) in [
            ("User", "user"),
            ("HTTPRequestLine", "http_request_line"),
            ("Person2Group", "person2_group"),
            ("User_Group", "user_group"),
            ("AbCDef", "ab_c_def"),
            ("ABC", "abc"),
        ] {
            assert_eq!(snake(name), snaked);
        }
    }

    #[test]
    fn long_names_are_cut() {
        // hashlib.md5(b"a" * 65).hexdigest()[:7]
        assert_eq!(truncated("a".repeat(65)), format!("{}_c743a45", "a".repeat(56)));
        assert_eq!(truncated("a".repeat(64)), "a".repeat(64));
    }
}
