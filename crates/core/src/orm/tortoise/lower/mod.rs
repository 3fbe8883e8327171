//! Stage 4 for Tortoise: tables as its schema generator makes them on SQLite.
//!
//! Source: `tortoise/backends/base/schema_generator.py` of 1.1.9.

mod literal;
pub(super) mod names;
mod through;

use rustc_hash::FxHashMap;
use throughline_order::Arrange as _;

use super::resolve::{self, action};
use super::world::{Class, Id, Object, World};
use crate::document::{Field, FieldKind, UniqueSpec, Value};
use crate::tables::{Column, ForeignKey, Index, Table, Tables, Unique};

/// Runs the stage.
pub(super) fn lower(world: &World<'_>) -> Tables {
    let owners = resolve::table_owners(world);
    let mut tables: Vec<Table> =
        world.app.iter().filter_map(|index| Some(table(world, world.class(*index)?))).collect();
    // Tables of equal name are one: the first to come makes it.
    let mut seen = FxHashMap::default();
    tables.retain(|table| seen.insert(table.name.clone(), ()).is_none());
    tables.extend(through::tables(world, &owners));
    tables.arrange_by(|a, b| a.name.cmp(&b.name));
    Tables { orm: "tortoise", tables }
}

fn empty(name: String, model: String) -> Table {
    Table {
        name,
        model,
        generated: false,
        external: false,
        symmetrical: false,
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        comment: None,
        options: Vec::new(),
        constraints_apart: false,
        left_out: Vec::new(),
    }
}

fn table(world: &World<'_>, class: &Class<'_>) -> Table {
    let mut table = empty(class.table.to_string(), class.name().to_owned());
    table.comment = comment(class);
    for id in &class.columns {
        let Some(object) = world.object(*id) else { continue };
        let column = column(world, *id, object);
        if object.pk {
            table.primary_key.push(column.name.clone());
        }
        if object.db_default.is_some() && column.native_default.is_none() {
            table.left_out.push(column.name.clone());
        }
        if object.index && !object.pk {
            let name = names::index("idx", &table.name, &[&column.name]);
            push(&mut table.indexes, plain(name, vec![column.name.clone()], false));
        }
        table.foreign_keys.extend(foreign_key(world, object));
        table.columns.push(column);
    }
    if let Some((meta, ..)) = class.option("unique_together") {
        table.uniques = meta
            .uniques
            .iter()
            .enumerate()
            .map(|(at, unique)| group(world, class, unique, at))
            .collect();
    }
    if let Some((meta, ..)) = class.option("indexes") {
        for index in &meta.indexes {
            if !index.expressions.is_empty() {
                let parts = index.expressions.iter().map(|value| expression(world, class, value));
                match parts.collect::<Option<Vec<String>>>() {
                    Some(parts) => {
                        let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
                        let name = index
                            .name
                            .clone()
                            .unwrap_or_else(|| names::index("idx", &table.name, &borrowed));
                        let made = Index { expressions: parts, ..plain(name, Vec::new(), false) };
                        push(&mut table.indexes, made);
                    }
                    None => {
                        table.left_out.push(index.name.clone().unwrap_or_else(|| "index".into()))
                    }
                }
                continue;
            }
            // What `Index` names goes into the SQL as it is; plain groups name fields.
            let called = is_call(class, index);
            let columns: Vec<String> = index
                .fields
                .iter()
                .map(
                    |(field, _)| {
                        if called { field.clone() } else { column_of(world, class, field) }
                    },
                )
                .collect();
            if columns.is_empty() {
                continue;
            }
            let name = index.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                names::index("idx", &table.name, &columns)
            });
            let mut made = plain(name, columns, false);
            made.condition = index.condition.as_ref().and_then(literal::condition);
            made.native_condition.clone_from(&made.condition);
            made.partial = index.condition.is_some();
            push(&mut table.indexes, made);
        }
    }
    table.indexes.arrange_by(|a, b| a.name.cmp(&b.name));
    table
}

/// An indexed expression: a function of one field, in brackets.
fn expression(world: &World<'_>, class: &Class<'_>, value: &Value) -> Option<String> {
    let Value::Call { callee, args } = value else { return None };
    let function = match callee.rsplit('.').next()? {
        "Lower" => "LOWER",
        "Upper" => "UPPER",
        "Trim" => "TRIM",
        "Length" => "LENGTH",
        _ => return None,
    };
    let [arg] = args.as_slice() else { return None };
    let id = class.fields.get(arg.value.as_str()?)?;
    Some(format!("({function}(\"{}\"))", world.column(id)))
}

/// Statements that are equal run once.
fn push(indexes: &mut Vec<Index>, index: Index) {
    if !indexes.iter().any(|known| known.name == index.name) {
        indexes.push(index);
    }
}

/// Whether an index is written as `Index(…)`.
fn is_call(class: &Class<'_>, index: &crate::document::IndexSpec) -> bool {
    let Some((meta, _, value)) = class.option("indexes") else { return false };
    let items = value.as_list().unwrap_or_default();
    let at = meta.indexes.iter().position(|known| std::ptr::eq(known, index));
    // Positions agree where every item was understood.
    let item = at.and_then(|at| items.get(at)).filter(|_| items.len() == meta.indexes.len());
    item.map_or(index.name.is_some() || index.condition.is_some(), |item| {
        matches!(item, crate::document::Value::Call { .. })
    })
}

/// `table_description`, or the first line of the docstring.
fn comment(class: &Class<'_>) -> Option<String> {
    let said = class.option("table_description").and_then(|(.., value)| value.as_str());
    said.filter(|text| !text.is_empty()).map(str::to_owned).or_else(|| class.model.comment.clone())
}

fn plain(name: String, columns: Vec<String>, unique: bool) -> Index {
    Index {
        name,
        columns: columns.into_iter().map(|column| (column, false)).collect(),
        unique,
        condition: None,
        native_condition: None,
        expressions: Vec::new(),
        partial: false,
        using: None,
        tail: String::new(),
    }
}

/// `fields_map[field].source_field or field`. For a relation `source_field` is the name of the field behind it.
pub(in crate::orm::tortoise) fn column_of(
    world: &World<'_>,
    class: &Class<'_>,
    field: &str,
) -> String {
    let source = class.fields.get(field).and_then(|id| world.object(id)?.source_field.as_deref());
    source.unwrap_or(field).to_owned()
}

fn group(world: &World<'_>, class: &Class<'_>, unique: &UniqueSpec, position: usize) -> Unique {
    let columns: Vec<String> =
        unique.fields.iter().map(|field| column_of(world, class, field)).collect();
    let borrowed: Vec<&str> = columns.iter().map(String::as_str).collect();
    Unique {
        head: String::new(),
        name: Some(names::index("uid", &class.table, &borrowed)),
        columns,
        constraint: true,
        position,
        tail: String::new(),
    }
}

fn column(world: &World<'_>, id: Id, object: &Object<'_>) -> Column {
    let spec = object.field.and_then(|field: &Field| match &field.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let ty = world.column_type(id);
    let reference = object.reference.and_then(|relation| world.object(relation));
    let default = object.db_default.and_then(|value| literal::default(value, &ty, spec));
    Column {
        name: object.column().to_string(),
        null: object.null,
        unique: object.unique || object.pk,
        auto: object.pk && object.generated,
        default: default.as_ref().and_then(|default| default.plain.clone()),
        choices: spec
            .filter(|_| reference.is_none())
            .map(|spec| {
                spec.choices.iter().filter_map(|(value, _)| literal::choice(value, &ty)).collect()
            })
            .unwrap_or_default(),
        field: reference.unwrap_or(object).name.to_string(),
        reference: reference.is_some(),
        native: spec.and_then(|spec| spec.native.clone()),
        native_default: default.map(|default| default.native),
        collation: None,
        constraints: Vec::new(),
        generated: None,
        comment: object.comment.map(str::to_owned),
        ty,
    }
}

fn foreign_key(world: &World<'_>, object: &Object<'_>) -> Option<ForeignKey> {
    let relation = world.relation(object.reference?)?;
    let spec = relation.spec?;
    if !spec.constraint {
        return None;
    }
    let target = world.class(relation.related?)?;
    Some(ForeignKey {
        name: None,
        column: object.column().to_string(),
        ref_table: target.table.to_string(),
        ref_column: world.column(relation.to_object?).to_string(),
        on_delete: action(spec).replace('_', " "),
        on_update: "NO ACTION".into(),
        model_on_delete: None,
        deferred: false,
        native: None,
    })
}

/// SQLite's name for the type of a column.
pub(in crate::orm::tortoise) fn sqlite_name(world: &World<'_>, id: Id) -> String {
    let field = world.object(id).and_then(|object| object.field);
    let native = field.and_then(|field| match &field.kind {
        FieldKind::Column(spec) => spec.native.clone(),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    native.unwrap_or_else(|| super::fields::sqlite_type(&world.column_type(id)))
}

/// The default of a column as it stands in the statement.
pub(in crate::orm::tortoise) fn native_default(world: &World<'_>, id: Id) -> Option<String> {
    let object = world.object(id)?;
    let spec = object.field.and_then(|field| match &field.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let default = literal::default(object.db_default?, &world.column_type(id), spec)?;
    Some(default.native)
}
