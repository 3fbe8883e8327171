//! One model's table.

use std::cell::{Cell, LazyCell};
use throughline_order::Arrange as _;

use super::super::contrib;
use super::expression::Writer;
use super::{columns, constraints, digest, literal, spelling};
use crate::document::{ColumnSpec, ColumnType, Document, Field, FieldKind, RelationSpec, Value};
use crate::resolve::{Forward, Resolved, ResolvedField, ResolvedModel};
use crate::sql::Dialect;
use crate::tables::{Column, ForeignKey, Generated, Index, Table};

/// The model's columns by name, made when they are asked for.
type Named<'a> = LazyCell<super::Columns, Box<dyn Fn() -> super::Columns + 'a>>;

/// What everything about a table is looked up in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) document: &'a Document,
    pub(super) resolved: &'a Resolved,
    /// The database.
    pub(super) dialect: Dialect,
}

/// Lowers a model.
pub(super) fn lower(scope: Scope<'_>, model: &ResolvedModel, external: bool) -> Table {
    let Scope { document, resolved, dialect } = scope;
    // Most models have no expressions: then nothing asks for their names.
    let named = Named::new(Box::new(|| columns::of(model)));
    let constants = Cell::new(false);
    let option = |name: &str| {
        let option = model.meta.options.iter().find(|(option, _)| option.text == name);
        option.and_then(|(_, value)| value.as_str()).map(str::to_owned)
    };
    let mut table = Table {
        name: table_name(scope, model),
        model: model.name.clone(),
        generated: model.generated_by.is_some(),
        external,
        symmetrical: model.generated_by.as_ref().is_some_and(|(owner, field)| {
            let mut relations = resolved.model(owner).into_iter().flat_map(|owner| &owner.forward);
            relations.any(|relation| relation.field == *field && relation.symmetrical)
        }),
        columns: Vec::with_capacity(model.fields.len()),
        primary_key: primary_key(model),
        comment: option("db_table_comment"),
        ..Table::default()
    };
    for field in &model.fields {
        let declared = match field.origin {
            Some(origin) => origin.field(document),
            None => contrib::lent(document, &field.name),
        };
        let forward = model.forward.iter().find(|forward| forward.field == field.name);
        let spec = declared.and_then(Field::relation);
        let mut column = column(scope, field, declared, &named, &constants);
        let computed =
            column.generated.as_ref().is_some_and(|generated| generated.native.is_none());
        if computed
            || (column.native_default.is_none()
                && declared.is_some_and(|declared| declared.db_default.is_some()))
        {
            table.left_out.push(column.name.clone());
        }
        let mut constrained = false;
        if let Some((target, referenced)) = forward.and_then(|forward| key(resolved, forward)) {
            column.collation = collation(document, referenced);
            constrained = enforced(document, resolved, model, spec);
            if constrained {
                let to = (table_name(scope, target), referenced.column.clone());
                table.foreign_keys.push(foreign_key(&table.name, field, forward, to, dialect));
            }
        }
        // Keys are indexed unless the model says otherwise, other columns where it says so; a unique column has its index already.
        let indexed = declared.and_then(|declared| declared.index).unwrap_or(field.relation);
        if indexed && !field.unique && can_be_indexed(&column, constrained, dialect) {
            let name = digest::index_name(&table.name, &[&field.column], "", dialect);
            table.indexes.push(index(name, vec![(field.column.clone(), false)]));
        }
        if dialect == Dialect::Postgres && (indexed || field.unique || field.primary_key) {
            table.indexes.extend(like_index(&table, &column));
        }
        table.columns.push(column);
    }
    table.constraints_apart =
        constants.get() && matches!(dialect, Dialect::Postgres | Dialect::MySql);
    if !(model.meta.uniques.is_empty()
        && model.meta.checks.is_empty()
        && model.meta.indexes.is_empty())
    {
        constraints::add(model, LazyCell::force(&named), &mut table, dialect);
    }
    table.indexes.arrange_by(|a, b| a.name.cmp(&b.name));
    table
}

/// The name of a model's table. Names that Django makes itself are cut where the database cannot have them so long.
///
/// A `db_table` may come in quotes, which no database but MySQL takes for part of the name.
fn table_name(scope: Scope<'_>, model: &ResolvedModel) -> String {
    let Scope { document, resolved, dialect } = scope;
    let given = match dialect {
        Dialect::MySql => model.table.clone(),
        Dialect::Engine | Dialect::Sqlite => return bare(&model.table),
        Dialect::Postgres => bare(&model.table),
    };
    let Some((owner, field)) = &model.generated_by else {
        return if model.meta.table.is_some() { given } else { digest::table_name(given, dialect) };
    };
    let Some(owner) = resolved.model(owner) else { return given };
    let forward = owner.forward.iter().find(|forward| forward.field == *field);
    let declared = forward.and_then(|forward| forward.origin?.field(document));
    let spec = declared.and_then(Field::relation);
    if spec.is_some_and(|spec| spec.through_table.is_some()) {
        return given;
    }
    digest::table_name(format!("{}_{field}", bare(&table_name(scope, owner))), dialect)
}

/// A table's name without the quotes in which a `db_table` may come; the database does not have them.
fn bare(table: &str) -> String {
    table.trim_matches('"').to_owned()
}

/// MySQL indexes enforced keys by itself, and no texts or blobs as a whole (`_field_should_be_indexed`).
fn can_be_indexed(column: &Column, constrained: bool, dialect: Dialect) -> bool {
    dialect != Dialect::MySql || !(constrained || is_limited(&column.ty))
}

/// Types of MySQL that have neither plain defaults nor whole indexes (`_limited_data_types`).
fn is_limited(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Text | ColumnType::Json | ColumnType::Binary)
}

/// The second index of a text column on PostgreSQL, by which `LIKE` finds its rows (`_create_like_index_sql`).
/// None under a collation that is not known to be deterministic.
fn like_index(table: &Table, column: &Column) -> Option<Index> {
    let class = match column.ty {
        ColumnType::Varchar(_) => "varchar_pattern_ops",
        ColumnType::Text => "text_pattern_ops",
        _ => return None,
    };
    let deterministic = |name: &String| {
        matches!(name.as_str(), "C" | "POSIX" | "default" | "ucs_basic") || name.ends_with("-x-icu")
    };
    if !column.collation.as_ref().is_none_or(deterministic) {
        return None;
    }
    let name = digest::index_name(&table.name, &[&column.name], "_like", Dialect::Postgres);
    let part = format!("{} {class}", spelling::quote(&column.name, Dialect::Postgres));
    Some(Index { expressions: vec![part], ..index(name, vec![(column.name.clone(), false)]) })
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

fn column(
    scope: Scope<'_>,
    field: &ResolvedField,
    declared: Option<&Field>,
    named: &Named<'_>,
    constants: &Cell<bool>,
) -> Column {
    let spec = declared.and_then(|declared| match &declared.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let choices = spec.map(|spec| {
        spec.choices
            .iter()
            // `(None, "Pick one")` only labels the empty choice.
            .filter(|(value, _)| *value != Value::None)
            .filter_map(|(value, _)| literal::literal(value, &field.ty, Dialect::Engine))
            .collect()
    });
    let text = |option| {
        let arg = declared.and_then(|declared| declared.arg(option));
        arg.and_then(|arg| arg.value.as_str()).map(str::to_owned)
    };
    let plain = Cell::new(false);
    let default = |dialect, constants| {
        declared
            .and_then(|declared| declared.db_default.as_ref())
            .and_then(|value| default(value, field, named, dialect, constants))
    };
    let computed = declared.zip(spec);
    Column {
        name: field.column.clone(),
        ty: field.ty.clone(),
        null: field.null,
        unique: field.unique,
        auto: field.auto,
        default: default(Dialect::Engine, &plain),
        choices: choices.unwrap_or_default(),
        field: field.name.clone(),
        reference: field.relation,
        native: spec.and_then(|spec| spec.native.clone()),
        native_default: default(scope.dialect, constants),
        collation: text("db_collation"),
        generated: computed.and_then(|(declared, spec)| {
            generated(declared, spec, named, scope.dialect, constants)
        }),
        comment: text("db_comment"),
        constraints: Vec::new(),
    }
}

/// `db_default=`: a constant as the field converts it, an expression in brackets.
fn default(
    value: &Value,
    field: &ResolvedField,
    named: &Named<'_>,
    dialect: Dialect,
    constants: &Cell<bool>,
) -> Option<String> {
    let value = match value {
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("Value") => {
            &args.first()?.value
        }
        other => other,
    };
    if let Some(constant) = literal::literal(value, &field.ty, dialect) {
        if *value != Value::None {
            constants.set(true);
        }
        return Some(match (&field.ty, dialect) {
            (ColumnType::Decimal(_), Dialect::Sqlite) if *value != Value::None => {
                format!("(CAST({constant} AS NUMERIC))")
            }
            (ty, Dialect::MySql) if is_limited(ty) => format!("({constant})"),
            _ => constant,
        });
    }
    let writer = Writer { columns: LazyCell::force(named), dialect, constants };
    let sql = writer.expression(value)?.text;
    Some(match dialect {
        Dialect::Engine => sql,
        Dialect::Sqlite | Dialect::Postgres | Dialect::MySql => format!("({sql})"),
    })
}

fn generated(
    declared: &Field,
    spec: &ColumnSpec,
    named: &Named<'_>,
    dialect: Dialect,
    constants: &Cell<bool>,
) -> Option<Generated> {
    spec.generated.as_ref()?;
    let value = &declared.arg("expression")?.value;
    let write = |dialect, constants| {
        let writer = Writer { columns: LazyCell::force(named), dialect, constants };
        writer.expression(value).map(|sql| sql.text)
    };
    let stored =
        matches!(declared.arg("db_persist").map(|arg| &arg.value), Some(Value::Bool(true)));
    Some(Generated {
        expression: write(Dialect::Engine, &Cell::new(false)),
        native: write(dialect, constants),
        stored,
    })
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

/// The model and the field that a relation's column refers to.
fn key<'a>(
    resolved: &'a Resolved,
    forward: &Forward,
) -> Option<(&'a ResolvedModel, &'a ResolvedField)> {
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
    Some((target, referenced))
}

/// A key takes the collation of what it refers to.
fn collation(document: &Document, referenced: &ResolvedField) -> Option<String> {
    let declared = referenced.origin?.field(document)?;
    declared.arg("db_collation")?.value.as_str().map(str::to_owned)
}

fn foreign_key(
    table: &str,
    field: &ResolvedField,
    forward: Option<&Forward>,
    (ref_table, ref_column): (String, String),
    dialect: Dialect,
) -> ForeignKey {
    let name = match dialect {
        Dialect::Engine | Dialect::Sqlite => None,
        Dialect::Postgres | Dialect::MySql => {
            Some(digest::key_name(table, &field.column, (&ref_table, &ref_column), dialect))
        }
    };
    let action = forward.and_then(|forward| forward.on_delete.as_ref());
    ForeignKey {
        name,
        column: field.column.clone(),
        ref_table,
        ref_column,
        on_delete: "NO ACTION".into(),
        on_update: "NO ACTION".into(),
        model_on_delete: action.map(|action| action.replace('_', " ")),
        deferred: dialect != Dialect::MySql,
        native: None,
    }
}
