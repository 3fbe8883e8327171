//! A schema as a list of facts, to compare two of them.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use super::python::{Imports, literal, unbracketed};
use super::schema::*;

/// Where a fact stands: model, field (empty for the model's own), aspect.
pub type Fact = (String, String, &'static str);

/// All that two schemas must agree in to be the same: see [`schema`](super::Schema).
pub fn facts(schema: &Schema) -> BTreeMap<Fact, String> {
    let mut out = BTreeMap::new();
    for model in &schema.models {
        let mut put = |field: &str, aspect: &'static str, value: String| {
            out.insert((model.name.clone(), field.to_owned(), aspect), value);
        };
        put("", "table", model.table.clone());
        put("", "key", model.primary_key.join(", "));
        put("", "order", model.ordering.join(", "));
        put("", "uniques", groups(&model.uniques));
        put("", "indexes", groups(&model.indexes));
        put("", "checks", model.checks.len().to_string());
        for field in &model.fields {
            let single = Alone {
                unique: alone(&model.uniques, &field.name),
                index: alone(&model.indexes, &field.name),
            };
            match &field.shape {
                Shape::Column(column) => {
                    column_facts(schema, column, single, &mut |aspect, value| {
                        put(&field.name, aspect, value)
                    })
                }
                Shape::Key(key) => key_facts(schema, key, single, &mut |aspect, value| {
                    put(&field.name, aspect, value)
                }),
                Shape::Many(many) => {
                    many_facts(many, &mut |aspect, value| put(&field.name, aspect, value))
                }
            }
        }
    }
    out
}

fn special(group: &Group) -> bool {
    !group.special.is_empty()
}

/// What groups of one field say of it: the same as the field's own options.
#[derive(Clone, Copy)]
struct Alone {
    unique: bool,
    index: bool,
}

fn alone(groups: &[Group], field: &str) -> bool {
    groups.iter().any(|group| {
        !special(group) && matches!(group.fields.as_slice(), [(only, false)] if only == field)
    })
}

fn groups(groups: &[Group]) -> String {
    let mut out: Vec<String> = groups
        .iter()
        .filter(|group| special(group) || group.fields.len() > 1)
        .map(|group| {
            let fields: Vec<String> = group
                .fields
                .iter()
                .map(|(name, down)| if *down { format!("-{name}") } else { name.clone() })
                .collect();
            format!("({}{})", fields.join(", "), if special(group) { " …" } else { "" })
        })
        .collect();
    out.arrange();
    out.dedup();
    out.join(" ")
}

type Put<'a> = dyn FnMut(&'static str, String) + 'a;

fn column_facts(schema: &Schema, column: &ColumnShape, alone: Alone, put: &mut Put<'_>) {
    put("column", column.column.clone());
    put("type", column.ty.to_string());
    put("auto", column.auto.to_string());
    put("null", column.null.to_string());
    put("unique", (column.unique || alone.unique).to_string());
    let unique = column.unique || alone.unique;
    put("index", ((column.index || alone.index) && !unique).to_string());
    put("default", default(schema, column.default.as_ref()));
    put("database default", column.db_default.as_deref().map(number).unwrap_or_default());
    put("moment", format!("{:?}", column.moment));
    let values: Vec<String> =
        column.choices.iter().map(|(value, _)| default(schema, Some(value))).collect();
    put("choices", values.join(", "));
}

fn default(schema: &Schema, value: Option<&crate::document::Value>) -> String {
    value.map_or_else(String::new, |value| {
        let mut imports = Imports::default();
        literal(value, &schema.imports, schema.orm, &mut imports).unwrap_or_else(|name| name)
    })
}

fn key_facts(schema: &Schema, key: &KeyShape, alone: Alone, put: &mut Put<'_>) {
    put("column", key.column.clone());
    put("target", key.target.clone());
    put("to field", key.to_field.clone().unwrap_or_default());
    put("type", key.ty.to_string());
    put("null", key.null.to_string());
    put("unique", (key.unique || key.one_to_one || alone.unique).to_string());
    let unique = key.unique || key.one_to_one || alone.unique;
    put("index", ((key.index || alone.index) && !unique).to_string());
    put("on delete", key.on_delete.sql().to_owned());
    put("on update", key.on_update.sql().to_owned());
    put("enforced", key.constraint.to_string());
    put("default", default(schema, key.default.as_ref()));
    reverse_facts(&key.reverse, put);
}

fn many_facts(many: &ManyShape, put: &mut Put<'_>) {
    put("target", many.target.clone());
    put("symmetrical", many.symmetrical.to_string());
    let through = match &many.through {
        ThroughShape::Declared { model, owner_field, target_field } => {
            format!("{model}: {owner_field}, {target_field}")
        }
        ThroughShape::Generated(through) => format!(
            "{} ({}, {}), own key {}, unique {}, null {}, {}",
            through.table,
            through.owner_column,
            through.target_column,
            through.key.as_ref().map(ToString::to_string).unwrap_or_default(),
            through.unique,
            through.null,
            if through.constraint {
                format!(
                    "on delete {}, on update {}",
                    through.on_delete.sql(),
                    through.on_update.sql()
                )
            } else {
                "not enforced".to_owned()
            },
        ),
    };
    put("through", through);
    reverse_facts(&many.reverse, put);
}

fn reverse_facts(reverse: &ReverseNames, put: &mut Put<'_>) {
    put("reverse", reverse.accessor.clone().unwrap_or_default());
    let apart = reverse.query_name.clone().filter(|_| reverse.query_declared);
    put("reverse in filters", apart.unwrap_or_default());
}

/// SQL without brackets around it; of a number its value, as it may be written in several ways.
fn number(sql: &str) -> String {
    let sql = unbracketed(sql);
    sql.parse::<f64>().map_or_else(|_| sql.to_owned(), |value| value.to_string())
}
