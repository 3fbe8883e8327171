//! A table that cannot be made.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::check::{Moment, Severity, Stage};
use crate::document::{RelationKind, Span, Value};
use crate::orm::django::registry::{Class, Local, Relation, Target, Through};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{condition_values, repeats, to_field_target, without_case};
use rustc_hash::{FxHashMap, FxHashSet};
use throughline_order::Arrange as _;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-cannot-be-made", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Django fails when it makes the table of a model.

## Why

A relation without its target, a field that is not there or a column that is there twice would be found by the checks of `manage.py`; whoever makes the tables without them gets an exception.

## Example

```python
class Ticket(models.Model):
    event = models.ForeignKey("Concert", on_delete=models.CASCADE)  # there is no Concert
```

## Fix

Remove the cause, which is listed with the problem.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut made = Made::default();
    let loose = loose_keys(cx);
    for class in cx.registry.installed().filter(|class| !class.is_proxy() && !class.meta.unmanaged)
    {
        let result = make(cx, class, &mut made);
        // Whether keys fit is looked at after each table, over all tables, and that failure covers the other.
        if let Err(failure) =
            mismatch(cx, class, &loose, &made).or_else(|| result.err()).map_or(Ok(()), Err)
        {
            let moment = Moment { at: class.index as u32, step: 0 };
            let mut found = Diagnostic::unmakeable(
                RULE.name,
                failure.exception,
                moment,
                failure.span,
                failure.message,
            )
            .object(class.label())
            .subject(class.name(), failure.field.as_deref())
            .titled(format!("The table of {} cannot be made", class.name()))
            .why("Django stops here when it makes the tables.");
            // Where a check has named the cause already, this is one more sign of it.
            let named = out
                .iter()
                .filter(|other| other.stage == Stage::Check && other.severity == Severity::Error);
            if let Some(other) = named
                .rev()
                .find(|other| other.span == failure.span || failure.also.contains(&other.span))
            {
                found.cause = other.cause.clone();
                found.why = other.why.clone();
            }
            out.push(found);
        }
    }
}

/// What is in the database by now.
#[derive(Default)]
struct Made {
    /// Tables, in lower case.
    tables: FxHashSet<String>,
    /// Their models.
    classes: FxHashSet<usize>,
    /// Names of indexes, in lower case.
    indexes: FxHashSet<String>,
}

/// Why a table could not be made.
struct Failure {
    exception: &'static str,
    message: String,
    span: Span,
    /// Other places at which a check may have found the same cause.
    also: Vec<Span>,
    field: Option<String>,
}

impl Failure {
    fn new(exception: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { exception, message: message.into(), span, also: Vec::new(), field: None }
    }
}

/// Django's `create_model`: the model's own table, then those of its many-to-many relations.
fn make(cx: &Context<'_>, class: &Class<'_>, made: &mut Made) -> Result<(), Failure> {
    let lacks = |name: &str| !cx.registry.has_field(class.index, name);
    let no_field = |name: &str, span| {
        Failure::new(
            "FieldDoesNotExist",
            format!("{} has no field named '{name}'", class.name()),
            fix::quoted_place(cx.source, span, name).unwrap_or(span),
        )
    };
    together(class, lacks)?;
    for unique in class.meta.uniques.iter().filter(|unique| !unique.constraint) {
        if let Some(name) = unique.fields.iter().find(|name| lacks(name)) {
            return Err(no_field(name, unique.span));
        }
    }
    for local in &class.fields {
        if let Some(relation) = local.relation.and_then(|at| cx.registry.relations.get(at)) {
            reference(cx, relation, DEEPEST)?;
        }
    }
    for unique in class.meta.uniques.iter().filter(|unique| unique.constraint) {
        if let Some(name) = unique.fields.iter().find(|name| lacks(name)) {
            return Err(no_field(name, unique.span));
        }
    }
    let mut key = class.model.meta.primary_key.iter().flatten();
    if let Some(name) = key.find(|name| lacks(&name.text)) {
        return Err(Failure::new(
            "FieldDoesNotExist",
            format!("{} has no field named '{}'", class.name(), name.text),
            name.span,
        ));
    }
    conditions(cx, class)?;
    let table = cx.registry.table(class.index);
    if made.tables.contains(&table.to_ascii_lowercase()) {
        return Err(Failure::new(
            "OperationalError",
            format!("table \"{table}\" already exists"),
            class.table_span(),
        ));
    }
    columns(class)?;
    pairs_in_constraint(class)?;
    made.tables.insert(table.to_ascii_lowercase());
    made.classes.insert(class.index);
    for index in &class.meta.indexes {
        if let Some((name, _)) = index.fields.iter().find(|(name, _)| lacks(name)) {
            return Err(no_field(name, index.span));
        }
        let reverse = index.fields.iter().find_map(|(name, _)| {
            let here = cx.registry.forward_field(class.index, name).is_some();
            cx.registry.reverse_class(class.index, name).filter(|_| !here)
        });
        if let Some(reverse) = reverse {
            let message = format!("'{reverse}' object has no attribute 'db_tablespace'");
            return Err(Failure::new("AttributeError", message, index.span));
        }
    }
    for (condition, span) in
        class.meta.indexes.iter().filter_map(|index| Some((index.condition.as_ref()?, index.span)))
    {
        condition_of(cx, class, condition, span)?;
    }
    for local in &class.many {
        if let Some(relation) = local.relation.and_then(|at| cx.registry.relations.get(at)) {
            pairs(cx, class, relation, made)?;
        }
    }
    indexes(class, table, made)
}

/// Conditions of constraints may only speak of fields that there are, and compare them with what they can hold.
fn conditions(cx: &Context<'_>, class: &Class<'_>) -> Result<(), Failure> {
    let uniques = class
        .meta
        .uniques
        .iter()
        .filter_map(|unique| Some((unique.condition.as_ref()?, unique.span)));
    for (condition, span) in
        class.meta.checks.iter().map(|check| (&check.condition, check.span)).chain(uniques)
    {
        condition_of(cx, class, condition, span)?;
    }
    Ok(())
}

/// One condition: look-up by look-up, each a field that there is and a value that it takes.
fn condition_of(
    cx: &Context<'_>,
    class: &Class<'_>,
    condition: &Value,
    span: Span,
) -> Result<(), Failure> {
    for (lookup, value) in condition_values::lookups(condition) {
        let name = lookup.split("__").next().unwrap_or_default();
        if name == "pk" || cx.registry.has_field(class.index, name) {
            match condition_values::refusal(cx, class.index, lookup, value) {
                Some((exception, message)) => return Err(Failure::new(exception, message, span)),
                None => continue,
            }
        }
        let mut known: Vec<String> = cx
            .registry
            .all_fields(class.index)
            .into_iter()
            .flat_map(|(_, local)| [local.name.to_string(), local.attname.to_string()])
            .collect();
        known.extend(
            cx.registry.reverse(class.index).iter().map(|relation| relation.query_name.clone()),
        );
        known.arrange();
        known.dedup();
        let message = format!(
            "Cannot resolve keyword '{name}' into field. Choices are: {}",
            known.join(", ")
        );
        return Err(Failure::new("FieldError", message, span));
    }
    Ok(())
}

/// A many-to-many has no column that a constraint of the table could name. Where the constraint becomes an index of its own,
/// or nothing at all, SQLite does not mind.
fn pairs_in_constraint(class: &Class<'_>) -> Result<(), Failure> {
    let elsewhere = ["deferrable", "include", "opclasses", "nulls_distinct"];
    let inline = class.meta.uniques.iter().filter(|unique| {
        unique.constraint
            && unique.condition.is_none()
            && unique.expressions.is_empty()
            && !unique.extra.iter().any(|(name, _)| elsewhere.contains(&name.as_str()))
    });
    let many = |name: &String| class.many.iter().any(|local| local.name == *name);
    match inline.into_iter().find(|unique| unique.fields.iter().any(many)) {
        None => Ok(()),
        Some(unique) => Err(Failure::new(
            "OperationalError",
            "expressions prohibited in PRIMARY KEY and UNIQUE constraints",
            unique.span,
        )),
    }
}

/// A `unique_together` that is no list of lists reaches the tables as it is.
fn together(class: &Class<'_>, lacks: impl Fn(&str) -> bool) -> Result<(), Failure> {
    let Some((name, value)) =
        class.meta.options.iter().find(|(name, _)| name.text == "unique_together")
    else {
        return Ok(());
    };
    match value {
        Value::Str(text) => match text.chars().map(String::from).find(|letter| lacks(letter)) {
            Some(letter) => Err(Failure::new(
                "FieldDoesNotExist",
                format!("{} has no field named '{letter}'", class.name()),
                name.span,
            )),
            None => Ok(()),
        },
        Value::List(items)
            if matches!(items.first(), Some(Value::List(_)))
                && items.iter().any(|item| matches!(item, Value::Int(_) | Value::Bool(_))) =>
        {
            Err(Failure::new("TypeError", "'int' object is not iterable", name.span))
        }
        Value::Int(1..) => {
            Err(Failure::new("TypeError", "'int' object is not iterable", name.span))
        }
        _ => Ok(()),
    }
}

/// Indexes share one namespace in a database.
fn indexes(class: &Class<'_>, table: &str, made: &mut Made) -> Result<(), Failure> {
    let fill = |name: &str| {
        name.replace("%(class)s", &class.name().to_ascii_lowercase())
            .replace("%(app_label)s", class.app())
    };
    let partial = class.meta.uniques.iter().filter(|unique| {
        unique.constraint && (unique.condition.is_some() || !unique.expressions.is_empty())
    });
    let uniques =
        partial.filter_map(|unique| Some((unique.name.as_deref().map(fill)?, unique.span)));
    let plain = class.meta.indexes.iter().map(|index| {
        let made_up = || format!("{table} {:?}", index.fields);
        (index.name.as_deref().map_or_else(made_up, fill), index.span)
    });
    for (name, span) in uniques.chain(plain) {
        if !made.indexes.insert(name.to_ascii_lowercase()) {
            return Err(Failure::new(
                "OperationalError",
                format!("index {name} already exists"),
                span,
            ));
        }
    }
    Ok(())
}

/// Foreign keys to a column that is not unique.
fn loose_keys<'r>(cx: &'r Context<'_>) -> Vec<&'r Relation<'r>> {
    let named = |key: &&Relation<'_>| {
        key.spec().is_some_and(|spec| spec.constraint && spec.to_field.is_some())
    };
    let loose = |key: &&Relation<'_>| {
        let target = || {
            let to_field = key.spec()?.to_field.as_ref()?;
            let parent = cx.registry.class(cx.registry.concrete(key.target_index()?))?;
            let (owner, target) = cx.registry.forward_field(parent.index, &to_field.text)?;
            Some(owner.index == parent.index && !to_field_target::is_unique(cx, parent, target))
        };
        target() == Some(true)
    };
    cx.registry.relations.iter().filter(named).filter(loose).collect()
}

/// SQLite refuses to check keys that refer to a column that is not unique.
fn mismatch(
    cx: &Context<'_>,
    class: &Class<'_>,
    loose: &[&Relation<'_>],
    made: &Made,
) -> Option<Failure> {
    let ends = |key: &Relation<'_>| Some((key.class, cx.registry.concrete(key.target_index()?)));
    let exists = |index: usize| made.classes.contains(&index);
    let key = loose
        .iter()
        .find(|key| ends(key).is_some_and(|(child, parent)| exists(child) && exists(parent)))?;
    let (child, parent) = ends(key)?;
    let message = format!(
        "foreign key mismatch - \"{}\" referencing \"{}\"",
        cx.registry.table(child),
        cx.registry.table(parent)
    );
    let field = (child == class.index).then(|| key.name.to_string());
    Some(Failure {
        field,
        ..Failure::new("OperationalError", message, key.spec()?.to_field.as_ref()?.span)
    })
}

/// How many keys refer to one another before it is taken for a ring.
const DEEPEST: usize = 64;

/// The column of a foreign key takes its type from the field that it refers to, which may be a foreign key itself, and so on.
fn reference(cx: &Context<'_>, relation: &Relation<'_>, deepest: usize) -> Result<(), Failure> {
    let spec = relation.spec();
    let span = spec
        .and_then(|spec| spec.target.as_ref())
        .map_or(relation.field.map_or(Span::default(), |field| field.span), |target| target.span);
    let field = Some(relation.name.to_string());
    let to_field = spec.and_then(|spec| spec.to_field.as_ref());
    match &relation.target {
        Target::Missing(_, name) => {
            let written = spec
                .and_then(|spec| spec.target.as_ref())
                .map_or(name.as_str(), |target| target.text.as_str());
            Err(Failure {
                field,
                ..Failure::new(
                    "ValueError",
                    format!("Related model '{written}' cannot be resolved"),
                    span,
                )
            })
        }
        Target::Abstract(index) => {
            let class = cx.registry.class(*index);
            let has_key = class.is_some_and(|class| class.key.is_some());
            let unknown = class.zip(to_field).filter(|(class, to_field)| {
                cx.registry.forward_field(class.index, &to_field.text).is_none()
            });
            if let Some((class, to_field)) = unknown {
                Err(Failure {
                    field,
                    ..Failure::new(
                        "FieldDoesNotExist",
                        format!("{} has no field named '{}'", class.name(), to_field.text),
                        to_field.span,
                    )
                })
            } else if has_key {
                Ok(())
            } else {
                Err(Failure {
                    field,
                    ..Failure::new("IndexError", "tuple index out of range", span)
                })
            }
        }
        Target::Class(index) | Target::Replaced(index) => {
            let Some(left) = deepest.checked_sub(1) else {
                return Err(Failure {
                    field,
                    ..Failure::new("RecursionError", "maximum recursion depth exceeded", span)
                });
            };
            let next = |local: &Local<'_>| match local
                .relation
                .and_then(|at| cx.registry.relations.get(at))
                .filter(|next| next.kind != RelationKind::ManyToMany)
            {
                Some(next) => reference(cx, next, left).map_err(|inner| Failure {
                    span,
                    field: field.clone(),
                    ..inner
                }),
                None => Ok(()),
            };
            let Some((target, to_field)) = cx.registry.class(*index).zip(to_field) else {
                return cx.registry.key(*index).map_or(Ok(()), |(_, key)| next(key));
            };
            match cx.registry.forward_field(target.index, &to_field.text) {
                None if cx.registry.reverse_class(target.index, &to_field.text).is_some() => {
                    let side = cx.registry.reverse_class(target.index, &to_field.text);
                    let message = format!(
                        "'{}' object has no attribute 'db_parameters'",
                        side.unwrap_or_default()
                    );
                    Err(Failure { field, ..Failure::new("AttributeError", message, to_field.span) })
                }
                None => Err(Failure {
                    field,
                    ..Failure::new(
                        "FieldDoesNotExist",
                        format!("{} has no field named '{}'", target.name(), to_field.text),
                        to_field.span,
                    )
                }),
                Some((owner, local)) if owner.index != cx.registry.concrete(target.index) => {
                    let message = format!(
                        "'{}' refers to field '{}' which is not local to model '{}'.",
                        cx.registry
                            .class(relation.class)
                            .map(|class| class.path(&relation.name))
                            .unwrap_or_default(),
                        local.name,
                        target.label()
                    );
                    Err(Failure { field, ..Failure::new("FieldError", message, to_field.span) })
                }
                Some((_, local)) => next(local),
            }
        }
        Target::Imported | Target::Late(_) | Target::Unknown => Ok(()),
    }
}

/// SQLite takes names that differ only in case for the same.
fn columns(class: &Class<'_>) -> Result<(), Failure> {
    for (local, field) in class.declared() {
        let near = match (field.class.text.as_str(), field.arg("max_length").map(|arg| &arg.value))
        {
            ("AutoField" | "BigAutoField" | "SmallAutoField", _) if !local.primary_key => {
                "AUTOINCREMENT"
            }
            ("CharField" | "SlugField" | "EmailField" | "URLField", Some(Value::Bool(true))) => {
                "True"
            }
            ("CharField" | "SlugField" | "EmailField" | "URLField", Some(Value::Bool(false))) => {
                "False"
            }
            _ => continue,
        };
        return Err(Failure {
            field: Some(local.name.to_string()),
            also: field.args.iter().map(|arg| arg.span).collect(),
            ..Failure::new(
                "OperationalError",
                format!("near \"{near}\": syntax error"),
                field.class.span,
            )
        });
    }
    let keys: Vec<&Local<'_>> =
        class.fields.iter().filter(|local| local.primary_key && local.column.is_some()).collect();
    if let [_, second, ..] = keys.as_slice() {
        let span = second.field.map_or(class.model.name.span, |field| {
            field.arg("primary_key").map_or(field.name.span, |arg| arg.span)
        });
        return Err(Failure::new(
            "OperationalError",
            format!(
                "table \"{}\" has more than one primary key",
                class.label_lower().replace('.', "_")
            ),
            span,
        ));
    }
    if !repeats(class.fields.iter().filter_map(|local| local.column.as_deref()), without_case) {
        return Ok(());
    }
    let mut seen: FxHashMap<String, &Local<'_>> = FxHashMap::default();
    for local in &class.fields {
        let Some(column) = &local.column else { continue };
        let Some(first) = seen.insert(column.to_ascii_lowercase(), local) else { continue };
        let spans = |local: &Local<'_>| {
            local.field.map(|field| {
                [
                    field.name.span,
                    field.column.as_ref().map_or(field.name.span, |column| column.span),
                ]
            })
        };
        let span =
            local.field.or(first.field).map_or(class.model.name.span, |field| field.name.span);
        let also = spans(local).into_iter().chain(spans(first)).flatten().collect();
        return Err(Failure {
            also,
            field: Some(local.name.to_string()),
            ..Failure::new("OperationalError", format!("duplicate column name: {column}"), span)
        });
    }
    Ok(())
}

/// The table that Django makes for a many-to-many.
fn pairs(
    cx: &Context<'_>,
    class: &Class<'_>,
    relation: &Relation<'_>,
    made: &mut Made,
) -> Result<(), Failure> {
    let field = Some(relation.name.to_string());
    let spec = relation.spec();
    match &relation.through {
        Some(Through::Model(Target::Missing(..))) => {
            let span = spec
                .and_then(|spec| spec.through.as_ref())
                .map_or(class.model.name.span, |through| through.span);
            return Err(Failure {
                field,
                ..Failure::new("AttributeError", "'str' object has no attribute '_meta'", span)
            });
        }
        Some(Through::Generated) => {}
        Some(Through::Model(_)) | None => return Ok(()),
    }
    let span = spec
        .and_then(|spec| spec.target.as_ref())
        .map_or(class.model.name.span, |target| target.span);
    match &relation.target {
        Target::Missing(app, name) => {
            return Err(Failure {
                field,
                ..Failure::new(
                    "ValueError",
                    format!("Related model '{app}.{name}' cannot be resolved"),
                    span,
                )
            });
        }
        Target::Abstract(index)
            if cx.registry.class(*index).is_some_and(|class| class.key.is_none()) =>
        {
            return Err(Failure {
                field,
                ..Failure::new("IndexError", "tuple index out of range", span)
            });
        }
        Target::Class(index) | Target::Replaced(index) => {
            let key = cx.registry.key(*index).and_then(|(_, key)| key.relation);
            if let Some(key) = key.and_then(|at| cx.registry.relations.get(at)) {
                reference(cx, key, DEEPEST).map_err(|inner| Failure {
                    span,
                    field: field.clone(),
                    ..inner
                })?;
            }
        }
        Target::Abstract(_) | Target::Imported | Target::Late(_) | Target::Unknown => {}
    }
    let Some(table) = cx.registry.generated_for(relation.index).map(|made| &made.table) else {
        return Ok(());
    };
    if made.tables.insert(table.to_ascii_lowercase()) {
        return Ok(());
    }
    let span = relation.field.map_or(class.model.name.span, |field| {
        field.arg("db_table").map_or(field.name.span, |arg| arg.value_span)
    });
    Err(Failure {
        field,
        ..Failure::new("OperationalError", format!("table \"{table}\" already exists"), span)
    })
}
