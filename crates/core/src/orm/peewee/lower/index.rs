//! Indexes: `Metadata.fields_to_index`, `ModelIndex`.

use super::failure::{Failures, IndexForm, Reason};
use super::raw;
use crate::document::{Argument, Span, Value};
use crate::orm::peewee::classes::{Attribute, Class, ClassId, IndexEntry, World, argument};
use crate::orm::peewee::ddl;
use crate::orm::peewee::fields::{text, truth};
use crate::orm::peewee::text::{index_name, truncated};
use crate::tables::{Index, Table, Unique};

/// The indexes that a class asks for, in order, each with the class whose table it is on where that is not its own.
pub(super) fn indexes<'a>(
    world: &World<'a>,
    id: ClassId,
    class: &Class<'a>,
    failures: &mut Failures<'a>,
) -> Vec<(Index, Option<ClassId>)> {
    let mut out = Vec::new();
    for object_id in &class.sorted {
        let Some(object) = world.object(*object_id) else { continue };
        if object.primary_key || !(object.index || object.unique) {
            continue;
        }
        let method = object.declared.and_then(|field| argument(field, "index_type"));
        if let Some(Value::Str(method)) = method {
            failures.add(Reason::IndexType(method.clone()), Some(*object_id));
        }
        let column = object.column.as_deref().unwrap_or_default();
        out.push((plain(class, vec![column.to_owned()], object.unique), None));
    }
    for entry in &class.indexes {
        match entry {
            IndexEntry::Pair(names) => {
                let columns = names.iter().filter_map(|name| column(world, class, name)).collect();
                out.push((plain(class, columns, true), None));
            }
            IndexEntry::Written(value, model) => {
                let spec = world.document.models.get(*model);
                let option = spec.and_then(|spec| {
                    spec.meta.options.iter().find(|(name, _)| name.text == "indexes")
                });
                let span = option.map(|(name, _)| name.span).unwrap_or_default();
                out.extend(written(world, class, value, span, failures).map(|index| (index, None)));
            }
            IndexEntry::Added { class: on, args } => {
                let Some(owner) = world.class(*on) else { continue };
                out.extend(
                    added(world, owner, args).map(|index| (index, (*on != id).then_some(*on))),
                );
            }
        }
    }
    out
}

/// Puts an index on its table.
pub(super) fn attach(table: &mut Table, mut index: Index) {
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    if !index.columns.iter().all(|(name, _)| has(name)) {
        // A quoted name that is no column is a text to SQLite.
        index.expressions = index.columns.drain(..).map(|(name, _)| ddl::quote(&name)).collect();
    }
    if index.unique && !index.partial && index.expressions.is_empty() {
        let columns: Vec<String> = index.columns.iter().map(|(column, _)| column.clone()).collect();
        match columns.as_slice() {
            [single] => {
                if let Some(column) = table.columns.iter_mut().find(|column| column.name == *single)
                {
                    column.unique = true;
                }
            }
            _ => table.uniques.push(Unique {
                name: Some(index.name.clone()),
                columns,
                position: table.uniques.len(),
                ..Unique::default()
            }),
        }
    }
    table.indexes.push(index);
}

/// The column of a field by its name, or of a column by its own.
fn column(world: &World<'_>, class: &Class<'_>, name: &str) -> Option<String> {
    let object = world.object(class.combined.get(name)?)?;
    object.column.as_deref().map(str::to_owned)
}

/// What names of indexes begin with.
fn prefix<'c>(class: &'c Class<'_>) -> &'c str {
    if class.option("legacy_table_names").is_none_or(truth) { &class.lower } else { &class.table }
}

fn plain(class: &Class<'_>, columns: Vec<String>, unique: bool) -> Index {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    Index {
        name: index_name(prefix(class), &names),
        columns: columns.into_iter().map(|column| (column, false)).collect(),
        unique,
        ..Index::default()
    }
}

/// An item of `Meta.indexes`: `(("a", "b"), True)`. Anything that is no list is passed over in silence.
fn written<'a>(
    world: &World<'a>,
    class: &Class<'a>,
    value: &Value,
    span: Span,
    failures: &mut Failures<'a>,
) -> Option<Index> {
    if let Value::Call { callee, args } = value
        && callee.ends_with("SQL")
    {
        return raw::index(args.first()?.value.as_str()?);
    }
    let items = value.as_list()?;
    let [parts, unique] = items else {
        failures.add(Reason::IndexParts(items.len(), span), None);
        return None;
    };
    let letters: Vec<Value>;
    let (parts, form) = match parts {
        Value::List(parts) => (parts.as_slice(), IndexForm::Group),
        Value::Str(text) => {
            letters = text.chars().map(|letter| Value::Str(letter.to_string())).collect();
            (letters.as_slice(), IndexForm::Letters)
        }
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Number(_) => {
            failures.add(Reason::IndexPart(text(parts), span), None);
            return None;
        }
        Value::Dict(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => return None,
    };
    let mut columns = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Value::Str(name) => match column(world, class, name) {
                Some(column) => columns.push(column),
                None => {
                    let reason = Reason::IndexField { name: name.clone(), span, form };
                    failures.add(reason, None);
                    return None;
                }
            },
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Dict(_) => {
                failures.add(Reason::IndexPart(text(part), span), None);
                return None;
            }
            Value::Name(_) | Value::Call { .. } | Value::Other(_) => return None,
        }
    }
    Some(plain(class, columns, truth(unique)))
}

/// `Note.add_index(Note.user, Note.date, unique=True)`. `None` where it is not understood.
fn added(world: &World<'_>, owner: &Class<'_>, args: &[Argument]) -> Option<Index> {
    let keyword = |name: &str| args.iter().find(|arg| arg.keyword.as_deref() == Some(name));
    let columns: Vec<String> = args
        .iter()
        .filter(|arg| arg.keyword.is_none())
        .map(|arg| match &arg.value {
            Value::Name(path) => {
                let (_, attribute) = path.rsplit_once('.')?;
                match owner.attribute(attribute)? {
                    Attribute::Field(id) | Attribute::ObjectId(id) => {
                        world.object(id)?.column.as_deref().map(str::to_owned)
                    }
                    Attribute::Raw(_) | Attribute::Backref(_) | Attribute::Other => None,
                }
            }
            _ => None,
        })
        .collect::<Option<_>>()?;
    if columns.is_empty() || keyword("where").is_some_and(|arg| arg.value != Value::None) {
        return None;
    }
    let unique = keyword("unique").is_some_and(|arg| truth(&arg.value));
    let mut index = plain(owner, columns, unique);
    if let Some(name) = keyword("name").and_then(|arg| arg.value.as_str()) {
        index.name = truncated(name.to_owned());
    }
    Some(index)
}
