//! Names of indexes: readable parts and a piece of an MD5 sum, as Django builds them.
//!
//! Recorded: `django/007`, `django/044`; source: `_create_index_name` in `django/db/backends/base/schema.py`, `Index.set_name_with_model`.

use md5::{Digest, Md5};

use crate::sql::Dialect;

/// How long a name may be (`max_name_length`). SQLite has no limit of its own; Django then cuts those of indexes at 200.
fn longest(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Engine | Dialect::Sqlite => 200,
        Dialect::Postgres => 63,
        Dialect::MySql => 64,
    }
}

/// A table's name, cut where the database cannot have it so long (`truncate_name`).
pub(super) fn table_name(table: String, dialect: Dialect) -> String {
    let longest = match dialect {
        Dialect::Engine | Dialect::Sqlite => return table,
        Dialect::Postgres | Dialect::MySql => longest(dialect),
    };
    if table.chars().count() <= longest {
        return table;
    }
    format!("{}{}", first(&table, longest - 4), digest(std::iter::once(table.as_str()), 4))
}

/// The first `length` hexadecimal digits of the MD5 sum of the parts.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>, length: usize) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part.as_bytes());
    }
    let mut out = String::with_capacity(length);
    for byte in md5.finalize().iter().take(length.div_ceil(2)) {
        for half in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(half), 16));
        }
    }
    out.truncate(length);
    out
}

/// The first `count` characters.
fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// The table's name without quotes and namespace (`"ns"."table"`).
fn bare(table: &str) -> &str {
    table.rsplit("\".\"").next().unwrap_or(table).trim_matches('"')
}

/// `app_book_author_id_1d30f91d`; the suffix is `_uniq` for groups that are unique together.
pub(super) fn index_name(table: &str, columns: &[&str], suffix: &str, dialect: Dialect) -> String {
    let longest = longest(dialect);
    let table = bare(table);
    let mut hash = digest(std::iter::once(table).chain(columns.iter().copied()), 8);
    hash.push_str(suffix);
    let columns = columns.join("_");
    let name = [table, &columns, &hash].join("_");
    if name.len() <= longest || name.chars().count() <= longest {
        return name;
    }
    let hash = first(&hash, if hash.chars().count() * 3 > longest { longest / 3 } else { longest });
    let rest = (longest - hash.chars().count()) / 2 - 1;
    cannot_start_so(format!("{}_{}_{hash}", first(table, rest), first(&columns, rest)), Cut::Last)
}

/// `app_book_author_id_1d30f91d_fk_app_author_id`.
pub(super) fn key_name(
    table: &str,
    column: &str,
    (to_table, to_column): (&str, &str),
    dialect: Dialect,
) -> String {
    index_name(table, &[column], &format!("_fk_{}_{to_column}", bare(to_table)), dialect)
}

/// `app_room_floor_9547ef_idx`: an index of `Meta.indexes` without a name.
pub(super) fn meta_index_name(table: &str, columns: &[(String, bool)]) -> String {
    let table = bare(table);
    let signed: Vec<String> = columns
        .iter()
        .map(|(column, descending)| format!("{}{column}", if *descending { "-" } else { "" }))
        .collect();
    let parts = std::iter::once(table)
        .chain(signed.iter().map(String::as_str))
        .chain(std::iter::once("idx"));
    let hash = digest(parts, 6);
    let column = columns.first().map_or("", |(column, _)| column);
    cannot_start_so(format!("{}_{}_{hash}_idx", first(table, 11), first(column, 7)), Cut::First)
}

/// Which character makes room.
enum Cut {
    First,
    Last,
}

/// Oracle allows neither an underscore nor a digit at the start, so Django puts a `D` there.
fn cannot_start_so(name: String, cut: Cut) -> String {
    if !name.starts_with(|letter: char| letter == '_' || letter.is_ascii_digit()) {
        return name;
    }
    let mut letters = name.chars();
    match cut {
        Cut::First => letters.next(),
        Cut::Last => letters.next_back(),
    };
    format!("D{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_recorded_cases() {
        assert_eq!(
            index_name("app_course_students", &["course_id"], "", Dialect::Sqlite),
            "app_course_students_course_id_1d30f91d"
        );
        assert_eq!(
            index_name(
                "app_course_students",
                &["course_id", "student_id"],
                "_uniq",
                Dialect::Sqlite
            ),
            "app_course_students_course_id_student_id_68a394a4_uniq"
        );
        let columns = [("floor".to_owned(), false), ("number".to_owned(), false)];
        assert_eq!(meta_index_name("app_room", &columns), "app_room_floor_9547ef_idx");
    }
}
