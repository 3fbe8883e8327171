//! One model's table.

use std::cell::LazyCell;

use super::expression::Writer;
use super::{Flavour, columns, constraints, digest, literal};
use crate::document::{ColumnSpec, Document, Field, FieldKind, RelationSpec, Value};
use crate::resolve::{Forward, Resolved, ResolvedField, ResolvedModel};
use crate::tables::{Column, ForeignKey, Generated, Index, Table};

/// The model's columns by name, made when they are asked for.
type Named<'a> = LazyCell<super::Columns, Box<dyn Fn() -> super::Columns + 'a>>;

/// Lowers a model.
pub(super) fn lower(
    document: &Document,
    resolved: &Resolved,
    model: &ResolvedModel,
    external: bool,
) -> Table {
    // Most models have no expressions: then nothing asks for their names.
    let named = Named::new(Box::new(|| columns::of(model)));
    let mut table = Table {
        name: bare(&model.table),
        model: model.name.clone(),
        generated: model.generated_by.is_some(),
        external,
        symmetrical: model.generated_by.as_ref().is_some_and(|(owner, field)| {
            let mut relations = resolved.model(owner).into_iter().flat_map(|owner| &owner.forward);
            relations.any(|relation| relation.field == *field && relation.symmetrical)
        }),
        columns: Vec::with_capacity(model.fields.len()),
        primary_key: primary_key(model),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        comment: None,
        options: Vec::new(),
        left_out: Vec::new(),
        constraints_apart: false,
    };
    for field in &model.fields {
        let declared = field.origin.and_then(|origin| origin.field(document));
        let forward = model.forward.iter().find(|forward| forward.field == field.name);
        let spec = declared.and_then(Field::relation);
        let column = column(field, declared, &named);
        let computed =
            column.generated.as_ref().is_some_and(|generated| generated.native.is_none());
        if computed
            || (column.native_default.is_none()
                && declared.is_some_and(|declared| declared.db_default.is_some()))
        {
            table.left_out.push(column.name.clone());
        }
        table.columns.push(column);
        if let Some(forward) = forward
            && enforced(document, resolved, model, spec)
            && let Some(key) = foreign_key(resolved, field, forward)
        {
            table.foreign_keys.push(key);
        }
        // Keys are indexed unless the model says otherwise, other columns where it says so; a unique column has its index already.
        let indexed = declared.and_then(|declared| declared.index).unwrap_or(field.relation);
        if indexed && !field.unique {
            table.indexes.push(index(
                digest::index_name(&model.table, &[&field.column], ""),
                vec![(field.column.clone(), false)],
            ));
        }
    }
    if !(model.meta.uniques.is_empty()
        && model.meta.checks.is_empty()
        && model.meta.indexes.is_empty())
    {
        constraints::add(model, LazyCell::force(&named), &mut table);
    }
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table
}

/// A table's name without the quotes in which a `db_table` may come; the database does not have them.
fn bare(table: &str) -> String {
    table.trim_matches('"').to_owned()
}

/// A plain index.
pub(super) fn index(name: String, columns: Vec<(String, bool)>) -> Index {
    Index { name, columns, ..Index::default() }
}

fn primary_key(model: &ResolvedModel) -> Vec<String> {
    match &model.meta.primary_key {
        Some(names) => names
            .iter()
            .filter_map(|name| {
                model
                    .fields
                    .iter()
                    .find(|field| field.name == name.text || field.attname == name.text)
            })
            .map(|field| field.column.clone())
            .collect(),
        None => model.primary_key().map(|field| field.column.clone()).collect(),
    }
}

fn column(field: &ResolvedField, declared: Option<&Field>, named: &Named<'_>) -> Column {
    let spec = declared.and_then(|declared| match &declared.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let choices = spec.map(|spec| {
        spec.choices
            .iter()
            // `(None, "Pick one")` only labels the empty choice.
            .filter(|(value, _)| *value != Value::None)
            .filter_map(|(value, _)| literal::literal(value, &field.ty, Flavour::Plain))
            .collect()
    });
    let collation = declared
        .and_then(|declared| declared.arg("db_collation"))
        .and_then(|arg| arg.value.as_str());
    let default = |flavour| {
        declared
            .and_then(|declared| declared.db_default.as_ref())
            .and_then(|value| default(value, field, named, flavour))
    };
    Column {
        name: field.column.clone(),
        ty: field.ty.clone(),
        null: field.null,
        unique: field.unique,
        auto: field.auto,
        default: default(Flavour::Plain),
        choices: choices.unwrap_or_default(),
        field: field.name.clone(),
        reference: field.relation,
        native: spec.and_then(|spec| spec.native.clone()),
        native_default: default(Flavour::Native),
        collation: collation.map(str::to_owned),
        constraints: Vec::new(),
        generated: declared.zip(spec).and_then(|(declared, spec)| generated(declared, spec, named)),
        comment: None,
    }
}

/// `db_default=`: a constant as the field converts it, an expression in brackets.
fn default(
    value: &Value,
    field: &ResolvedField,
    named: &Named<'_>,
    flavour: Flavour,
) -> Option<String> {
    let value = match value {
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("Value") => {
            &args.first()?.value
        }
        other => other,
    };
    if let Some(constant) = literal::literal(value, &field.ty, flavour) {
        return Some(match (&field.ty, flavour) {
            (crate::document::ColumnType::Decimal(_), Flavour::Native) if *value != Value::None => {
                format!("(CAST({constant} AS NUMERIC))")
            }
            _ => constant,
        });
    }
    let sql = Writer { columns: LazyCell::force(named), flavour }.expression(value)?.text;
    Some(match flavour {
        Flavour::Native => format!("({sql})"),
        Flavour::Plain => sql,
    })
}

fn generated(declared: &Field, spec: &ColumnSpec, named: &Named<'_>) -> Option<Generated> {
    spec.generated.as_ref()?;
    let value = &declared.arg("expression")?.value;
    let write = |flavour| {
        Writer { columns: LazyCell::force(named), flavour }.expression(value).map(|sql| sql.text)
    };
    let stored =
        matches!(declared.arg("db_persist").map(|arg| &arg.value), Some(Value::Bool(true)));
    Some(Generated { expression: write(Flavour::Plain), native: write(Flavour::Native), stored })
}

/// Whether the database enforces a relation: what the field says; in a generated table what the many-to-many field says.
fn enforced(
    document: &Document,
    resolved: &Resolved,
    model: &ResolvedModel,
    spec: Option<&RelationSpec>,
) -> bool {
    if let Some(spec) = spec {
        return spec.constraint;
    }
    let Some((owner, field)) = &model.generated_by else { return true };
    let forward = resolved
        .model(owner)
        .and_then(|owner| owner.forward.iter().find(|forward| forward.field == *field));
    let declared = forward.and_then(|forward| forward.origin?.field(document));
    declared.and_then(Field::relation).is_none_or(|spec| spec.constraint)
}

fn foreign_key(
    resolved: &Resolved,
    field: &ResolvedField,
    forward: &Forward,
) -> Option<ForeignKey> {
    let mut target = resolved.model(&forward.target)?;
    // A proxy has no fields of its own.
    while target.proxy {
        target = resolved.model(&target.parents.first()?.model)?;
    }
    let referenced = forward
        .to_field
        .as_deref()
        .and_then(|name| target.field(name))
        .or_else(|| target.primary_key().next())?;
    Some(ForeignKey {
        name: None,
        column: field.column.clone(),
        ref_table: bare(&target.table),
        ref_column: referenced.column.clone(),
        on_delete: "NO ACTION".into(),
        on_update: "NO ACTION".into(),
        model_on_delete: forward.on_delete.as_ref().map(|action| action.replace('_', " ")),
        deferred: true,
        native: None,
    })
}
