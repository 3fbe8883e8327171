//! Stage 4 for ormar: the tables that SQLAlchemy has in its metadata.

use rustc_hash::FxHashSet;
use throughline_order::Arrange as _;

use super::ddl;
use super::world::{self, Constraint, ConstraintForm, FieldState, TableState, World};
use crate::document::{ColumnType, Document, Field, FieldKind, Value};
use crate::sql::Dialect;
use crate::tables::{Check, Column, ForeignKey, Index, Table, Tables, Unique};

/// Runs the stage for SQLite.
pub(super) fn lower(document: &Document) -> Tables {
    lower_for(document, Dialect::Sqlite)
}

/// Runs the stage for a database: the arguments that only some of them heed stand in the types.
pub(super) fn lower_for(document: &Document, dialect: Dialect) -> Tables {
    of_world(&World::new(document), dialect)
}

/// The same for a world that is built already.
pub(super) fn of_world(world: &World<'_>, dialect: Dialect) -> Tables {
    let names: FxHashSet<&str> =
        world.tables.iter().filter(|table| !table.removed).map(|table| &*table.name).collect();
    let mut tables: Vec<Table> = Vec::with_capacity(world.tables.len());
    let mut told: FxHashSet<&str> = FxHashSet::default();
    for state in &world.tables {
        // Tables of one name in two metadata are one in the database.
        if !state.removed && told.insert(&state.name) {
            tables.push(table(world, state, &names, dialect));
        }
    }
    tables.arrange_by(|a, b| a.name.cmp(&b.name));
    Tables { orm: "ormar", tables }
}

fn table(
    world: &World<'_>,
    state: &TableState<'_>,
    names: &FxHashSet<&str>,
    dialect: Dialect,
) -> Table {
    let class = world.class(state.class);
    let mut table = Table {
        name: state.name.to_string(),
        model: world.name(state.class).to_owned(),
        generated: class.is_some_and(|class| class.declared.is_none()),
        external: false,
        symmetrical: false,
        columns: Vec::with_capacity(state.columns.len()),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        comment: class
            .and_then(|class| world.document.models.get(class.declared?))
            .and_then(|model| model.comment.clone()),
        options: Vec::new(),
        left_out: Vec::new(),
        constraints_apart: false,
    };
    for column in &state.columns {
        let field = column.field.and_then(|field| world.field(field));
        let lowered = self::column(column, field, dialect);
        if column.primary_key {
            table.primary_key.push(lowered.name.clone());
        }
        if field.is_some_and(|field| field.declared.is_some_and(|field| field.db_default.is_some()))
            && lowered.native_default.is_none()
        {
            table.left_out.push(lowered.name.clone());
        }
        if column.index {
            table.indexes.push(index(
                format!("ix_{}_{}", state.name, column.name),
                vec![column.name.to_string()],
                column.unique,
            ));
        } else if column.unique && column.primary_key {
            // SQLAlchemy writes what the key says already.
            table.uniques.push(Unique {
                head: String::new(),
                name: None,
                columns: vec![column.name.to_string()],
                constraint: true,
                position: usize::MAX,
                tail: String::new(),
            });
        }
        if let Some(reference) = &column.reference
            && names.contains(&*reference.table)
        {
            let action = |action: Option<&str>| action.unwrap_or("NO ACTION").to_owned();
            table.foreign_keys.push(ForeignKey {
                name: Some(reference.name.to_string()),
                column: column.name.to_string(),
                ref_table: reference.table.to_string(),
                ref_column: reference.column.to_string(),
                on_delete: action(reference.on_delete),
                on_update: action(reference.on_update),
                model_on_delete: None,
                deferred: false,
                // SQLAlchemy also writes an action that says nothing, where it is asked for.
                native: [reference.on_delete, reference.on_update]
                    .contains(&Some("NO ACTION"))
                    .then(|| ddl::reference(reference)),
            });
        }
        table.columns.push(lowered);
    }
    for (position, constraint) in state.constraints.iter().enumerate() {
        add(constraint, position, &mut table);
    }
    table.indexes.arrange_by(|a, b| a.name.cmp(&b.name));
    table
}

fn add(constraint: &Constraint<'_>, position: usize, table: &mut Table) {
    let name = constraint.name.as_deref().unwrap_or_default().to_owned();
    let columns = || constraint.columns.iter().map(ToString::to_string).collect::<Vec<_>>();
    match &constraint.form {
        ConstraintForm::Unique => table.uniques.push(Unique {
            head: String::new(),
            name: Some(name),
            columns: columns(),
            constraint: true,
            position,
            tail: String::new(),
        }),
        ConstraintForm::Index { unique } => table.indexes.push(index(name, columns(), *unique)),
        ConstraintForm::Check(condition) => table.checks.push(Check {
            name: Some(name),
            condition: Some(condition.clone()),
            native: Some(condition.clone()),
            position,
        }),
    }
}

fn index(name: String, columns: Vec<String>, unique: bool) -> Index {
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

fn column(column: &world::Column<'_>, field: Option<&FieldState<'_>>, dialect: Dialect) -> Column {
    let declared = field.and_then(|field| field.declared);
    let spec = declared.and_then(|declared| match &declared.kind {
        FieldKind::Column(spec) => Some(spec),
        FieldKind::Relation(_) | FieldKind::Virtual => None,
    });
    let choices = spec.map(|spec| {
        spec.choices.iter().filter_map(|(value, _)| Some(quoted(value.as_str()?))).collect()
    });
    let default = declared.and_then(default);
    Column {
        name: column.name.to_string(),
        ty: column.ty.clone().unwrap_or_else(|| ColumnType::Unknown(String::new())),
        null: column.null,
        unique: column.unique || column.primary_key,
        auto: column.auto && column.primary_key,
        default: default.clone(),
        choices: choices.unwrap_or_default(),
        field: field.map_or_else(String::new, |field| field.name.to_string()),
        reference: column.reference.is_some(),
        native: field
            .and_then(|field| field.native)
            .map(str::to_owned)
            .or_else(|| server_type(declared?, &spec?.ty, dialect)),
        native_default: default,
        collation: None,
        constraints: Vec::new(),
        generated: None,
        comment: declared.and_then(|declared| declared.comment.clone()),
    }
}

/// A type whose arguments SQLite does not hear of: the length of bytes on MySQL, the time zone on PostgreSQL.
fn server_type(declared: &Field, ty: &ColumnType, dialect: Dialect) -> Option<String> {
    let argument = |name| declared.arg(name).map(|arg| &arg.value);
    match (dialect, ty) {
        (Dialect::MySql, ColumnType::Binary) => match argument("max_length")? {
            Value::Int(length) => Some(format!("BLOB({length})")),
            _ => None,
        },
        (Dialect::Postgres, ColumnType::DateTime | ColumnType::Time)
            if argument("timezone") == Some(&Value::Bool(true)) =>
        {
            let word = if *ty == ColumnType::Time { "TIME" } else { "TIMESTAMP" };
            Some(format!("{word} WITH TIME ZONE"))
        }
        _ => None,
    }
}

/// `server_default=`: a string is a literal, `text(…)` is SQL, `func.now()` the moment.
fn default(field: &Field) -> Option<String> {
    match field.db_default.as_ref()? {
        Value::Str(text) => Some(quoted(text)),
        Value::Call { callee, args } => match callee.rsplit('.').next()? {
            "text" => args.first()?.value.as_str().map(str::to_owned),
            "now" | "current_timestamp" => Some("CURRENT_TIMESTAMP".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
