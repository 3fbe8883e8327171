//! Tables that SQLite refuses.

use super::{Context, schema};
use rustc_hash::FxHashSet;

use super::schema::{Phase, refused};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::{FieldKind, Span, Value};
use crate::edit::TextEdit;
use crate::orm::tortoise::lower::{column_of, native_default, sqlite_name};
use crate::orm::tortoise::resolve;
use crate::orm::tortoise::world::{Class, Kind};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-cannot-be-made", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

SQLite refuses the statement that makes a table: two columns have one name (capitals do not count), there is no column at all, or a type or kind of index is another database's.

## Why

Tortoise looks at none of this before it hands the statements over.

## Example

```python
class Level(Model):
    name = fields.CharField(max_length=5)
    Name = fields.CharField(max_length=5)
```

## Fix

Give each column a name of its own. What only PostgreSQL or MySQL know works there.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let (order, _) = schema::order(cx.world);
    let mut place = 0;
    for class in order.iter().filter_map(|index| cx.world.class(*index)) {
        place += 1;
        let Some(trouble) = of_model(cx, class) else { continue };
        report(class, place, trouble, out);
    }
    let owners = resolve::table_owners(cx.world);
    for (index, id) in resolve::makers(cx.world, &owners) {
        place += 1;
        let Some(class) = cx.world.class(index) else { continue };
        let Some(object) = cx.world.object(id) else { continue };
        let (Some(field), Some(relation)) = (object.field, object.relation.as_deref()) else {
            continue;
        };
        let (Some(backward), Some(forward)) = (&relation.backward_key, &relation.forward_key)
        else {
            continue;
        };
        let action = super::argument(field, "on_delete")
            .and_then(|arg| arg.value.as_str().map(|text| (arg, text)));
        if let Some((arg, text)) = action.filter(|(_, text)| {
            text.contains('_') && relation.spec.is_some_and(|spec| spec.constraint)
        }) {
            let meant = fix::quote(&text.replace('_', " "));
            report(class, place, Trouble {
                span: arg.value_span,
                message: format!("near \"{text}\": syntax error"),
                title: format!("`{text}` is nothing that can happen on deletion"),
                why: "The text goes into the table's definition as it is, and there the words are parted by a blank.".into(),
                fix: Some((format!("Write `{meant}`"), vec![fix::replace(arg.value_span, meant)])),
            }, out);
        } else if backward.eq_ignore_ascii_case(forward) {
            let span = field.arg("forward_key").map_or(field.name.span, |arg| arg.value_span);
            report(
                class,
                place,
                Trouble {
                    span,
                    message: format!("duplicate column name: {forward}"),
                    title: "Both keys of the table in between have one name".into(),
                    why: format!(
                        "`forward_key` and `backward_key` are the columns of the table in between, and both are `{forward}`."
                    ),
                    fix: fix::remove(cx.source, field, "forward_key")
                        .map(|edits| ("Remove `forward_key`".to_owned(), edits)),
                },
                out,
            );
        }
    }
}

/// Why a table cannot be made.
struct Trouble {
    span: Span,
    message: String,
    title: String,
    why: String,
    fix: Option<(String, Vec<TextEdit>)>,
}

fn report(class: &Class<'_>, place: usize, trouble: Trouble, out: &mut Vec<Diagnostic>) {
    let found = refused(
        RULE.name,
        "OperationalError",
        (Phase::Run, place),
        class,
        trouble.span,
        trouble.message,
    )
    .titled(trouble.title)
    .why(trouble.why);
    out.push(match trouble.fix {
        Some((title, edits)) => found.fix(title, Some(edits)),
        None => found,
    });
}

/// The first thing that SQLite stumbles over.
fn of_model(cx: &Context<'_>, class: &Class<'_>) -> Option<Trouble> {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut key = false;
    for id in &class.columns {
        let object = cx.world.object(*id)?;
        let behind =
            object.reference.and_then(|relation| cx.world.object(relation)).unwrap_or(object);
        let own = behind
            .field
            .filter(|field| class.model.fields.iter().any(|own| own.span == field.span));
        let span = own.map_or(class.model.name.span, |field| field.name.span);
        let column = object.column();
        if !seen.insert(column.to_lowercase()) {
            let free = names::free(
                &[format!("{}_{}", names::snake(class.name()), column.to_lowercase())],
                |name| seen.contains(name) || class.fields.contains(name),
            );
            let edits = own
                .and_then(|field| fix::set(cx.source, field, "source_field", &fix::quote(&free)));
            return Some(Trouble {
                span,
                message: format!("duplicate column name: {column}"),
                title: format!(
                    "Two columns of `{}` are called `{}`",
                    class.name(),
                    column.to_lowercase()
                ),
                why: "Databases tell columns apart by their names, and capitals do not count."
                    .into(),
                fix: edits.map(|edits| (format!("Use the column `{free}`"), edits)),
            });
        }
        let native = sqlite_name(cx.world, *id);
        if native.contains(")[]") {
            return Some(Trouble {
                span,
                message: "near \"[]\": syntax error".into(),
                title: "SQLite cannot read this type".into(),
                why: format!(
                    "`{}` is a field for PostgreSQL. The tables are made in SQLite here.",
                    own.map_or("ArrayField", |field| field.class.text.as_str())
                ),
                fix: None,
            });
        }
        if let Some(near) = native_default(cx.world, *id).as_deref().and_then(after_default) {
            return Some(Trouble {
                span: own.map_or(span, |field| crate::check::rules::arg_span(field, "db_default")),
                message: format!("near \"{near}\": syntax error"),
                title: "SQLite cannot read this default".into(),
                why: "After `DEFAULT` it takes one constant, or an expression in brackets. Quotes in texts are written by Tortoise in a way that SQLite does not know.".into(),
                fix: None,
            });
        }
        let numbered = own.is_some_and(|field| {
            matches!(field.kind, FieldKind::Column(_))
                && super::is_true(field, "generated")
                && super::known(field).is_some_and(|known| known.generates)
        });
        if object.pk || numbered {
            if key {
                return Some(Trouble {
                    span,
                    message: format!("table \"{}\" has more than one primary key", class.table),
                    title: "Only the key is numbered by the database".into(),
                    why:
                        "`generated=True` makes a column a numbered key, and there is one already."
                            .into(),
                    fix: own
                        .and_then(|field| fix::remove(cx.source, field, "generated"))
                        .map(|edits| ("Remove `generated`".to_owned(), edits)),
                });
            }
            key = true;
        }
    }
    groups(cx, class).or_else(|| indexes(class)).or_else(|| unquoted(cx, class)).or_else(|| {
        seen.is_empty().then(|| Trouble {
            span: class.model.name.span,
            message: "near \")\": syntax error".into(),
            title: format!("The table of `{}` would have no column", class.name()),
            why: "Its only field is a key that copies another relation, and such a copy gets no column.".into(),
            fix: None,
        })
    })
}

/// A column whose name has a blank in it is an expression to Tortoise, which writes it into an index without quotes: SQLite stops at
/// the second word. Source: `_is_index_expression` in `tortoise/backends/base/schema_generator.py`; recorded in `tortoise/467`.
fn unquoted(cx: &Context<'_>, class: &Class<'_>) -> Option<Trouble> {
    let mut own = class.columns.iter().filter_map(|id| cx.world.object(*id));
    own.find_map(|object| {
        let column = object.column();
        let mut words = column.split(' ');
        let plain = |word: &str| {
            word.starts_with(|first: char| first.is_alphabetic() || first == '_')
                && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        };
        let (first, second) = (words.next()?, words.next()?);
        // These go on an expression or say the order.
        let goes_on =
            ["asc", "desc", "collate", "is", "not", "and", "or", "in", "like", "glob", "between"];
        let stops = plain(first)
            && plain(second)
            && !goes_on.iter().any(|word| second.eq_ignore_ascii_case(word));
        if !object.index || object.pk || !stops {
            return None;
        }
        let field = object.field?;
        let index = ["db_index", "index"].into_iter().find(|name| field.arg(name).is_some());
        Some(Trouble {
            span: field.name.span,
            message: format!("near \"{second}\": syntax error"),
            title: format!("The column `{column}` cannot have an index"),
            why: "Tortoise takes a name with a blank in it for an expression, and writes it into the index without quotes.".into(),
            fix: index
                .and_then(|name| fix::remove(cx.source, field, name))
                .map(|edits| ("Remove the index".to_owned(), edits)),
        })
    })
}

/// What stands after the first word of a default, where that is not the end: there SQLite stops.
fn after_default(sql: &str) -> Option<String> {
    let sql = sql.trim();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let end = match sql.chars().next()? {
        '(' => return None,
        quote @ ('\'' | '"') => {
            let mut at = 1;
            loop {
                at += sql.get(at..)?.find(quote)? + 1;
                // A quote that is doubled is part of the text.
                match sql.get(at..) {
                    Some(rest) if rest.starts_with(quote) => at += 1,
                    _ => break at,
                }
            }
        }
        _ => number_or_word(sql),
    };
    let rest = sql.get(end..)?.trim_start();
    let word: String = rest.chars().take_while(|letter| is_word(*letter)).collect();
    let upper = word.to_uppercase();
    if rest.is_empty()
        || ["COLLATE", "NOT", "NULL", "CHECK", "UNIQUE", "REFERENCES"].contains(&upper.as_str())
    {
        return None;
    }
    Some(if word.is_empty() { rest.chars().take(1).collect() } else { word })
}

/// How long the number or word is that a default begins with; a number may have signs, also in its exponent.
fn number_or_word(sql: &str) -> usize {
    let unsigned = sql.trim_start_matches(['-', '+']);
    let is_number = unsigned.starts_with(|letter: char| letter.is_ascii_digit());
    let mut before = ' ';
    for (at, letter) in sql.char_indices() {
        let sign =
            matches!(letter, '-' | '+') && (at == 0 || (is_number && matches!(before, 'e' | 'E')));
        if !(sign || letter.is_alphanumeric() || matches!(letter, '_' | '.')) {
            return at;
        }
        before = letter;
    }
    sql.len()
}

/// Groups that are unique together, of what has no column.
fn groups(cx: &Context<'_>, class: &Class<'_>) -> Option<Trouble> {
    let (meta, name, _) = class.option("unique_together")?;
    let mut fields = meta.uniques.iter().flat_map(|unique| &unique.fields);
    let has = |column: &str| {
        class.columns.iter().any(|id| cx.world.column(*id).eq_ignore_ascii_case(column))
    };
    let wrong = fields
        .find(|field| class.fields.contains(field) && !has(&column_of(cx.world, class, field)))?;
    let many = class
        .fields
        .get(wrong)
        .and_then(|id| cx.world.object(id))
        .is_some_and(|object| object.kind == Kind::ManyToMany);
    if many {
        return None;
    }
    Some(Trouble {
        span: if class.model.meta.options.iter().any(|(own, _)| own.span == name.span) {
            name.span
        } else {
            class.model.name.span
        },
        message: "expressions prohibited in PRIMARY KEY and UNIQUE constraints".into(),
        title: format!("`{wrong}` stands for a column that is not there"),
        why: format!(
            "In `unique_together` Tortoise writes `{}` for it, and no column has that name.",
            column_of(cx.world, class, wrong)
        ),
        fix: None,
    })
}

/// Kinds of index that only other databases have.
fn indexes(class: &Class<'_>) -> Option<Trouble> {
    let (_, name, value) = class.option("indexes")?;
    let kind = value.as_list()?.iter().find_map(|item| match item {
        Value::Call { callee, .. } => {
            let last = callee.rsplit('.').next().unwrap_or(callee);
            KINDS.iter().find(|(class, _)| *class == last)
        }
        _ => None,
    })?;
    Some(Trouble {
        span: if class.model.meta.options.iter().any(|(own, _)| own.span == name.span) {
            name.span
        } else {
            class.model.name.span
        },
        message: format!("near \"{}\": syntax error", kind.1),
        title: format!("SQLite has no `{}`", kind.0),
        why: "This kind of index is another database's. The tables are made in SQLite here.".into(),
        fix: None,
    })
}

/// Indexes of `tortoise.contrib`, with the word that they put into the statement.
const KINDS: &[(&str, &str)] = &[
    ("BloomIndex", "BLOOM"),
    ("BrinIndex", "BRIN"),
    ("GinIndex", "GIN"),
    ("GistIndex", "GIST"),
    ("HashIndex", "HASH"),
    ("SpGistIndex", "SPGIST"),
    ("FullTextIndex", "FULLTEXT"),
    ("SpatialIndex", "SPATIAL"),
];
