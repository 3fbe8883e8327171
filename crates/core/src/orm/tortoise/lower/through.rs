//! The tables of many-to-manys (`_get_m2m_tables`).

use rustc_hash::FxHashMap;

use super::{empty, names, plain};
use crate::document::{ColumnType, Field, FieldKind};
use crate::orm::tortoise::fields;
use crate::orm::tortoise::resolve::{action, key_object, key_type, many_fields};
use crate::orm::tortoise::world::{Class, Object, Relation, Text, World};
use crate::python::truth;
use crate::tables::{Column, ForeignKey, Table, Unique};

/// One table for each name: the first field that asks for it decides its columns, the others only add their index.
pub(super) fn tables(world: &World<'_>, owners: &FxHashMap<&str, usize>) -> Vec<Table> {
    let mut out: Vec<Table> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for index in &world.app {
        let Some(class) = world.class(*index) else { continue };
        for id in many_fields(world, *index) {
            let Some(object) = world.object(id) else { continue };
            let Some(relation) = object.relation.as_deref() else { continue };
            let Some(name) = relation.through.as_deref() else { continue };
            if owners.contains_key(name) {
                continue;
            }
            let Some(made) = table(world, class, relation, object) else { continue };
            match places.get(name).and_then(|at| out.get_mut(*at)) {
                None => {
                    places.insert(name.to_owned(), out.len());
                    out.push(made);
                }
                Some(first) => add_indexes(first, made),
            }
        }
    }
    out
}

/// SQLite takes a name in quotes that is no column for a text, so an index over columns that are not there is made, too.
fn add_indexes(table: &mut Table, other: Table) {
    for index in other.indexes {
        if !table.indexes.iter().any(|known| known.name == index.name) {
            table.indexes.push(index);
        }
    }
    for mut unique in other.uniques {
        let has = |name: &String| table.columns.iter().any(|column| column.name == *name);
        let known = table.uniques.iter().any(|known| known.columns == unique.columns);
        if !known && unique.columns.iter().all(has) {
            unique.position = table.uniques.len();
            table.uniques.push(unique);
        }
    }
}

fn table(
    world: &World<'_>,
    class: &Class<'_>,
    relation: &Relation<'_>,
    object: &Object<'_>,
) -> Option<Table> {
    let spec = relation.spec?;
    let target = world.class(relation.related?)?;
    let name = relation.through.as_ref()?.to_string();
    let ends = [(relation.backward_key.as_ref()?, class), (relation.forward_key.as_ref()?, target)];
    let mut table = empty(name.clone(), name);
    table.generated = true;
    table.comment = object.comment.map(str::to_owned);
    table.columns = ends
        .iter()
        .map(|(column, class)| key_column(world, column, class, spec.constraint))
        .collect();
    if spec.constraint {
        table.foreign_keys = ends
            .iter()
            .map(|(column, class)| ForeignKey {
                name: None,
                column: column.to_string(),
                ref_table: class.table.to_string(),
                ref_column: class.pk_column.to_string(),
                on_delete: action(spec).replace('_', " "),
                on_update: "NO ACTION".into(),
                model_on_delete: None,
                deferred: false,
                native: None,
            })
            .collect();
    }
    if is_unique(object.field) {
        let columns: Vec<String> = ends.iter().map(|(column, _)| column.to_string()).collect();
        let borrowed: Vec<&str> = columns.iter().map(String::as_str).collect();
        let index = names::index("uidx", &table.name, &borrowed);
        table.uniques.push(Unique {
            head: String::new(),
            name: Some(index.clone()),
            columns: columns.clone(),
            constraint: false,
            position: 0,
            tail: String::new(),
        });
        table.indexes.push(plain(index, columns, true));
    }
    Some(table)
}

/// `unique=`, or `create_unique_index=` as it was called; true unless it is turned off.
fn is_unique(field: Option<&Field>) -> bool {
    let Some(field) = field else { return true };
    let positional = || field.args.iter().filter(|arg| arg.keyword.is_none()).nth(UNIQUE_PLACE);
    let said = field.arg("create_unique_index").or_else(|| field.arg("unique")).or_else(positional);
    said.is_none_or(|arg| truth(&arg.value) != Some(false))
}

/// The place of `unique` among the positional arguments of `ManyToManyField`.
const UNIQUE_PLACE: usize = 7;

fn key_column(world: &World<'_>, name: &Text<'_>, class: &Class<'_>, constraint: bool) -> Column {
    let ty = class.pk.map_or(ColumnType::Integer, |pk| key_type(world, pk, 0));
    let field = class.pk.and_then(|pk| world.object(key_object(world, pk, 0)?)?.field);
    let native = field.and_then(|field| match &field.kind {
        FieldKind::Column(spec) => spec.native.clone(),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    Column {
        name: name.to_string(),
        null: false,
        unique: false,
        auto: false,
        default: None,
        choices: Vec::new(),
        field: name.to_string(),
        reference: true,
        // Without a reference the column's type is only known by its name in SQLite.
        native: native.or_else(|| (!constraint).then(|| fields::sqlite_type(&ty))),
        native_default: None,
        collation: None,
        constraints: Vec::new(),
        generated: None,
        comment: None,
        ty,
    }
}
