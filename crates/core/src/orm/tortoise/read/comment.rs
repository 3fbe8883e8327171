//! What Tortoise tells the database about tables and columns: descriptions, the first line of a docstring, `#:` comments.
//!
//! Source: `_get_comments` and the end of `ModelMeta.__new__` in `tortoise/models.py`.

use ruff_python_ast::{Expr, Stmt};

use crate::document::{FieldKind, Value};
use crate::orm::tortoise::fields::{self, Known};
use crate::python::Args;

/// The first line of a class's docstring.
pub(super) fn of_class(body: &[Stmt]) -> Option<String> {
    let Some(Stmt::Expr(first)) = body.first() else { return None };
    let Expr::StringLiteral(literal) = &*first.value else { return None };
    // `inspect.cleandoc` takes empty lines off both ends, and the indentation off each line.
    let text = literal.value.to_str().trim_start().lines().next()?.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// What is said of a field: `description`, what an enumeration says by itself, or the `#:` lines above.
pub(super) fn of_field(
    at: u32,
    args: &Args<'_>,
    known: Option<&'static Known>,
    kind: &FieldKind,
    source: &str,
) -> Option<String> {
    match args.value("description") {
        Some(Value::Str(text)) => return Some(text.clone()).filter(|text| !text.is_empty()),
        Some(_) => return None,
        None => {}
    }
    if let (Some("IntEnumField" | "CharEnumField"), FieldKind::Column(column)) =
        (known.map(|known| known.name), kind)
    {
        let lines: Option<Vec<String>> = column
            .choices
            .iter()
            .map(|(value, name)| Some(format!("{}: {}", name.as_str()?, fields::text(value)?)))
            .collect();
        let text: String = lines?.join("\n").chars().take(2048).collect();
        return (!text.is_empty()).then_some(text);
    }
    above(at, source)
}

/// The first of the `#:` lines directly above.
fn above(at: u32, source: &str) -> Option<String> {
    let before = source.get(..at as usize)?;
    let before = before.get(..before.rfind('\n')?)?;
    let mut first = None;
    for line in before.rsplit('\n') {
        let Some((code, _)) = line.split_once("#:") else { break };
        // A comment behind code also counts for what stands below it, with what is left of the code.
        let plain = !code.contains(|letter: char| letter.is_alphanumeric() || letter == '_');
        let start = code.rfind(|letter: char| letter.is_alphanumeric() || letter == '_');
        let rest = line.get(start.map_or(0, |start| start + 1)..)?.trim_end();
        first = Some(if plain {
            rest.trim_start().strip_prefix("#:").unwrap_or(rest).trim()
        } else {
            rest
        });
        if !plain {
            break;
        }
    }
    first.filter(|text| !text.is_empty()).map(str::to_owned)
}
