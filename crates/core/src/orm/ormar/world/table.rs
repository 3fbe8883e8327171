//! Columns, constraints and tables.
//!
//! Source: `populate_config_sqlalchemy_table_if_required` and `set_constraint_names` in `ormar/models/helpers/sqlalchemy.py`, `get_column`
//! in `ormar/fields/base.py`; recorded in `ormar/001`, `ormar/023`, `ormar/026`.

use super::{FieldForm, Fields, Kind, Ref, Text, World};
use crate::document::{ColumnType, Meta, Model, Span, Value};
use throughline_order::Arrange as _;

/// A column.
#[derive(Clone, Debug)]
pub(in crate::orm::ormar) struct Column<'a> {
    /// Its name.
    pub(in crate::orm::ormar) name: Text<'a>,
    /// Its field.
    pub(in crate::orm::ormar) field: Option<usize>,
    /// Its type; `None` while a `ForwardRef` is open.
    pub(in crate::orm::ormar) ty: Option<ColumnType>,
    /// May be NULL.
    pub(in crate::orm::ormar) null: bool,
    /// Is the primary key.
    pub(in crate::orm::ormar) primary_key: bool,
    /// Is unique.
    pub(in crate::orm::ormar) unique: bool,
    /// Has an index.
    pub(in crate::orm::ormar) index: bool,
    /// Whether the database numbers it.
    pub(in crate::orm::ormar) auto: bool,
    /// What it references.
    pub(in crate::orm::ormar) reference: Option<Reference<'a>>,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub(in crate::orm::ormar) struct Reference<'a> {
    /// The constraint's name.
    pub(in crate::orm::ormar) name: Text<'a>,
    /// The referenced table.
    pub(in crate::orm::ormar) table: Text<'a>,
    /// The referenced column.
    pub(in crate::orm::ormar) column: Text<'a>,
    /// On delete.
    pub(in crate::orm::ormar) on_delete: Option<&'static str>,
    /// On update.
    pub(in crate::orm::ormar) on_update: Option<&'static str>,
}

/// What a constraint is.
#[derive(Clone, Debug)]
pub(in crate::orm::ormar) enum ConstraintForm {
    /// Columns that are unique together.
    Unique,
    /// An index.
    Index {
        /// Whether it is unique.
        unique: bool,
    },
    /// A condition.
    Check(String),
}

/// A constraint of a model.
#[derive(Clone, Debug)]
pub(in crate::orm::ormar) struct Constraint<'a> {
    /// What it is.
    pub(in crate::orm::ormar) form: ConstraintForm,
    /// Its name.
    pub(in crate::orm::ormar) name: Option<Text<'a>>,
    /// Its columns.
    pub(in crate::orm::ormar) columns: Vec<Text<'a>>,
    /// Where it is declared.
    pub(in crate::orm::ormar) span: Span,
}

/// A table.
#[derive(Debug)]
pub(in crate::orm::ormar) struct TableState<'a> {
    /// Its name.
    pub(in crate::orm::ormar) name: Text<'a>,
    /// The metadata that it is in.
    pub(in crate::orm::ormar) metadata: Text<'a>,
    /// The class that it was made for.
    pub(in crate::orm::ormar) class: usize,
    /// Its columns.
    pub(in crate::orm::ormar) columns: Vec<Column<'a>>,
    /// Its constraints.
    pub(in crate::orm::ormar) constraints: Vec<Constraint<'a>>,
    /// Whether it was taken out again, or is one that the ORM refused to make.
    pub(in crate::orm::ormar) removed: bool,
}

impl<'a> TableState<'a> {
    /// Adds a column; one of the same name gives way.
    pub(super) fn append(&mut self, column: Column<'a>) {
        match self.columns.iter_mut().find(|known| known.name == column.name) {
            Some(known) => *known = column,
            None => self.columns.push(column),
        }
    }
}

/// The constraints that a model declares, in the order in which they are written.
pub(super) fn constraints<'a>(meta: &'a Meta, _model: &'a Model) -> Vec<Constraint<'a>> {
    let named = |name: &'a Option<String>| name.as_deref().map(Text::from);
    let mut out: Vec<Constraint<'a>> = Vec::new();
    for unique in &meta.uniques {
        out.push(Constraint {
            form: ConstraintForm::Unique,
            name: named(&unique.name),
            columns: unique.fields.iter().map(|name| Text::from(name.as_str())).collect(),
            span: unique.span,
        });
    }
    for index in &meta.indexes {
        out.push(Constraint {
            form: ConstraintForm::Index { unique: index.unique },
            name: named(&index.name),
            columns: index.fields.iter().map(|(name, _)| Text::from(name.as_str())).collect(),
            span: index.span,
        });
    }
    for check in &meta.checks {
        let Value::Str(condition) = &check.condition else { continue };
        out.push(Constraint {
            form: ConstraintForm::Check(condition.clone()),
            name: named(&check.name),
            columns: Vec::new(),
            span: check.span,
        });
    }
    out.arrange_by_key(|constraint| constraint.span);
    out
}

/// A child's copy of a constraint: only its columns are copied, so it gets a name of its own.
pub(super) fn copy<'a>(constraint: &Constraint<'a>) -> Constraint<'a> {
    let form = match &constraint.form {
        ConstraintForm::Index { .. } => ConstraintForm::Index { unique: false },
        other => other.clone(),
    };
    Constraint { form, name: None, ..constraint.clone() }
}

impl<'a> World<'a> {
    /// The column of a field, where it has one.
    pub(super) fn column_of(&self, id: usize, class: usize) -> Option<Column<'a>> {
        let field = self.field(id)?;
        if field.is_virtual || field.form == FieldForm::ManyToMany {
            return None;
        }
        let name = field.alias.clone().unwrap_or_else(|| field.name.clone());
        let reference = field.reference.as_ref().map(|(table, column)| {
            let own = self.config(class).and_then(|config| config.tablename.as_deref());
            let default =
                || format!("fk_{}_{table}_{column}_{}", own.unwrap_or_default(), field.name);
            Reference {
                name: field.key_name.clone().unwrap_or_else(|| Text::from(default())),
                table: table.clone(),
                column: column.clone(),
                on_delete: field.on_delete,
                on_update: field.on_update,
            }
        });
        Some(Column {
            name,
            field: Some(id),
            ty: field.ty.clone(),
            null: field.sql_nullable && !field.primary_key,
            primary_key: field.primary_key,
            unique: field.unique,
            index: field.index,
            auto: field.auto,
            reference,
        })
    }

    /// Puts the column of a resolved relation in the place of the open one.
    pub(super) fn update_column(&mut self, class: usize, id: usize) {
        let Some(column) = self.column_of(id, class) else { return };
        let Some(config) = self.config_mut(class) else { return };
        if let Some(old) = config.columns.iter_mut().find(|old| old.name == column.name) {
            *old = column;
        }
    }

    /// Makes the table, unless it is there, or a column has no type yet.
    pub(super) fn make_table(&mut self, class: usize) {
        let Some(config) = self.config(class) else { return };
        if config.is_abstract || config.proxy || config.table.is_some() || config.columns.is_empty()
        {
            return;
        }
        if config.columns.iter().any(|column| column.ty.is_none()) {
            return;
        }
        let Some(name) = config.tablename.clone() else { return };
        let metadata = config.metadata.clone().unwrap_or_default();
        let mut constraints = config.constraints.clone();
        for constraint in &mut constraints {
            constraint.name = Some(match constraint.name.take() {
                Some(name) => name,
                None => Text::from(default_name(&name, constraint)),
            });
        }
        let mut table = TableState {
            name: name.clone(),
            metadata: metadata.clone(),
            class,
            columns: Vec::with_capacity(config.columns.len()),
            constraints,
            removed: false,
        };
        let columns = config.columns.clone();
        let full = match &config.schema {
            Some(schema) => Text::from(format!("{schema}.{name}")),
            None => name,
        };
        let key = (metadata, full.clone());
        if let Some(first) = self.by_name.get(&key).copied() {
            let message = format!(
                "Table '{full}' is already defined for this MetaData instance.  Specify 'extend_existing=True' to redefine options and columns on an existing Table object."
            );
            let other = self.tables.get(first).map(|table| table.class);
            table.removed = true;
            if let Some(problem) =
                self.raise(Kind::TableExists, "InvalidRequestError", message, class, None)
            {
                problem.other = other;
                problem.name = full.into_owned();
            }
        } else {
            self.by_name.insert(key, self.tables.len());
        }
        for column in columns {
            if table.columns.iter().any(|known| known.name == column.name) {
                let message = format!(
                    "A column with name '{}' is already present in table '{}'.",
                    column.name, table.name
                );
                let (kind, field) = (Kind::DuplicateColumn, column.field);
                if let Some(problem) =
                    self.raise(kind, "DuplicateColumnError", message, class, field)
                {
                    problem.name = column.name.into_owned();
                }
                continue;
            }
            table.columns.push(column);
        }
        self.check_constraint_columns(class, &table);
        let id = self.tables.len();
        self.tables.push(table);
        if let Some(config) = self.config_mut(class) {
            config.table = Some(id);
        }
    }

    fn check_constraint_columns(&mut self, class: usize, table: &TableState<'a>) {
        for constraint in &table.constraints {
            let missing = constraint
                .columns
                .iter()
                .find(|name| !table.columns.iter().any(|column| column.name == **name));
            let Some(missing) = missing else { continue };
            let what = match constraint.form {
                ConstraintForm::Unique => "UniqueColumns",
                ConstraintForm::Index { .. } => "IndexColumns",
                ConstraintForm::Check(_) => "CheckColumns",
            };
            let message = format!(
                "Can't create {what} on table '{}': no column named '{missing}' is present.",
                table.name
            );
            if let Some(problem) = self.raise(
                Kind::ConstraintColumn,
                "ConstraintColumnNotFoundError",
                message,
                class,
                None,
            ) {
                problem.name = missing.to_string();
            }
        }
    }

    /// A child that renames a column of its parent's constraint (`verify_constraint_names`).
    pub(super) fn check_constraints(
        &mut self,
        class: usize,
        base: usize,
        own: &Fields<'a>,
        constraints: &[Constraint<'a>],
    ) {
        let Some(parent) = self.config(base) else { return };
        let column = |id: usize| self.field(id).map(|field| field.column().to_owned());
        let mut columns = std::collections::BTreeMap::new();
        for (name, id) in parent.fields.iter().chain(own.iter()) {
            columns.insert(name.to_string(), column(id));
        }
        let known = |name: &str| columns.values().any(|column| column.as_deref() == Some(name));
        let broken: Vec<(String, String)> = constraints
            .iter()
            .filter_map(|constraint| {
                let missing = constraint.columns.iter().find(|name| !known(name))?;
                let list: Vec<String> =
                    constraint.columns.iter().map(|name| format!("'{name}'")).collect();
                Some((format!("[{}]", list.join(", ")), missing.to_string()))
            })
            .collect();
        for (list, missing) in broken {
            let message = format!(
                "Column constraints {list} has column names that are not in the model fields.\n Check columns redefined in subclasses to verify that they have proper 'name' set."
            );
            if let Some(problem) =
                self.raise(Kind::ConstraintColumn, "ModelDefinitionError", message, class, None)
            {
                problem.name = missing;
            }
        }
    }

    /// Takes a table out of its metadata.
    pub(super) fn remove_table(&mut self, table: usize) {
        let Some(state) = self.tables.get_mut(table) else { return };
        state.removed = true;
        let key = (state.metadata.clone(), state.name.clone());
        if self.by_name.get(&key) == Some(&table) {
            self.by_name.remove(&key);
        }
    }

    /// A foreign key needs its table in the same metadata when the tables are made.
    pub(super) fn check_references(&mut self) {
        let mut missing = Vec::new();
        for table in self.tables.iter().filter(|table| !table.removed) {
            for column in &table.columns {
                let Some(reference) = &column.reference else { continue };
                // `qualified_fk_reference`: a table is known with its schema.
                let target = column.field.and_then(|field| match self.field(field)?.to {
                    Ref::Class(target) => self.config(target),
                    Ref::Absent | Ref::Forward(_) | Ref::Late(_) => None,
                });
                let full = match target.and_then(|config| config.schema.as_deref()) {
                    Some(schema) => Text::from([schema, ".", &reference.table].concat()),
                    None => reference.table.clone(),
                };
                if !self.by_name.contains_key(&(table.metadata.clone(), full)) {
                    let message = format!(
                        "Foreign key associated with column '{}.{}' could not find table '{}' with which to generate a foreign key to target column '{}'",
                        table.name, column.name, reference.table, reference.column
                    );
                    missing.push((table.class, column.field, message, reference.table.to_string()));
                }
            }
        }
        for (class, field, message, name) in missing {
            if let Some(problem) =
                self.raise(Kind::MissingTable, "NoReferencedTableError", message, class, field)
            {
                problem.name = name;
            }
        }
    }
}

fn default_name(table: &str, constraint: &Constraint<'_>) -> String {
    let columns = constraint.columns.join("_");
    match &constraint.form {
        ConstraintForm::Unique => format!("uc_{table}_{columns}"),
        ConstraintForm::Index { .. } => format!("ix_{table}_{columns}"),
        ConstraintForm::Check(condition) => {
            format!("check_{table}_{}", condition.replace(' ', "_"))
        }
    }
}
