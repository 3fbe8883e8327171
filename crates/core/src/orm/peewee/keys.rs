//! Whether the database heeds foreign keys: SQLite does only where the connection asks for it (`peewee/101`, `peewee/109`).

use super::classes;
use crate::document::{Argument, Document, Value};

/// Whether the databases of all models heed them.
pub(super) fn heeded(document: &Document) -> bool {
    let world = classes::replay(document);
    let options = world.found().into_iter().filter_map(|id| world.class(id)?.option("database"));
    options.into_iter().all(|database| match database {
        Value::Call { callee, args } => are_heeded(callee, args),
        _ => true,
    })
}

/// Whether a database made by this call heeds them. One that says it in a way that only running it shows counts as if it did.
pub(super) fn are_heeded(callee: &str, args: &[Argument]) -> bool {
    let names_it = |arg: &Argument| format!("{:?}", arg.value).contains("foreign_keys");
    let unknown = args.iter().any(|arg| {
        arg.keyword.as_deref() == Some("pragmas")
            && !matches!(arg.value, Value::Dict(_) | Value::List(_))
    });
    !callee.ends_with("SqliteDatabase") || unknown || args.iter().any(names_it)
}
