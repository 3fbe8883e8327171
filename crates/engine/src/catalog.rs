//! What the engine knows of a table: columns, keys, references, checks.

use std::fmt::Write;
use std::sync::Arc;

use gluesql_core::sqlparser::ast::{Expr as Ast, Query};
use throughline_order::Gather as _;

use crate::text::fold;
use crate::types::Type;

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct TableDef {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Uniques; the primary key is among them.
    pub(crate) uniques: Vec<Unique>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    /// Indexes that are not unique: name, columns.
    pub(crate) indexes: Vec<(String, Vec<usize>)>,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) ty: Type,
    /// The type as it was declared, for DDL and for messages.
    pub(crate) declared: String,
    /// VARCHAR(n).
    pub(crate) length: Option<u64>,
    /// NUMERIC(p, s).
    pub(crate) precision: Option<(u64, u64)>,
    /// Smallest and largest whole number.
    pub(crate) range: Option<(i64, i64)>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Source>,
    pub(crate) auto: Auto,
}

/// Whether a missing value is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auto {
    /// No.
    No,
    /// With one more than the largest there is (`INTEGER PRIMARY KEY`).
    Next,
    /// With one more than the largest there ever was (AUTOINCREMENT, SERIAL, IDENTITY).
    Ever,
}

/// An expression of the schema: its text, for DDL and messages, and its AST.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) ast: Arc<Ast>,
}

/// A primary key, a UNIQUE constraint or a unique index.
#[derive(Clone, Debug)]
pub(crate) struct Unique {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<usize>,
    pub(crate) kind: UniqueKind,
    /// Only rows for which this holds (partial unique index).
    pub(crate) condition: Option<Source>,
}

/// Where a uniqueness comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UniqueKind {
    /// PRIMARY KEY.
    Primary,
    /// UNIQUE.
    Constraint,
    /// CREATE UNIQUE INDEX.
    Index,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<usize>,
    pub(crate) table: String,
    /// Empty: the primary key.
    pub(crate) referred: Vec<String>,
    pub(crate) on_delete: Reaction,
    pub(crate) on_update: Reaction,
    /// Checked at commit.
    pub(crate) deferred: bool,
}

/// What becomes of a row when the row that it references goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// An error at the end of the statement, if the reference still dangles.
    NoAction,
    /// An error at once.
    Restrict,
    /// The row goes too.
    Cascade,
    /// The columns become NULL.
    SetNull,
    /// The columns become their default.
    SetDefault,
}

/// A view: a query under a name.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: String,
    /// The names of its columns where they are given; else they are the query's.
    pub(crate) columns: Vec<String>,
    pub(crate) query: Arc<Query>,
    /// The statement that makes it.
    pub(crate) ddl: String,
    /// When it was made, in order.
    pub(crate) made: u64,
}

/// A CHECK.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) condition: Source,
}

impl TableDef {
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let wanted = fold(name);
        self.columns.iter().position(|column| fold(&column.name) == wanted)
    }

    pub(crate) fn primary_key(&self) -> Option<&Unique> {
        self.uniques.iter().find(|unique| unique.kind == UniqueKind::Primary)
    }

    /// The column that is the row's number: a primary key of one whole-number column.
    pub(crate) fn row_column(&self) -> Option<usize> {
        match self.primary_key()?.columns.as_slice() {
            [only] if self.columns.get(*only).is_some_and(|column| column.ty == Type::Int) => {
                Some(*only)
            }
            _ => None,
        }
    }

    /// The columns of a uniqueness without NULLs that is among these columns.
    pub(crate) fn identifying(&self, among: &[usize]) -> Option<&[usize]> {
        let filled = |at: &usize| {
            self.row_column() == Some(*at)
                || self.columns.get(*at).is_some_and(|column| column.not_null)
        };
        let whole = |unique: &&Unique| {
            unique.condition.is_none()
                && unique.columns.iter().all(|at| among.contains(at) && filled(at))
        };
        let unique = self.uniques.iter().filter(whole).min_by_key(|unique| unique.columns.len());
        unique.map(|unique| unique.columns.as_slice())
    }

    pub(crate) fn column_names(&self, columns: &[usize]) -> Vec<String> {
        let columns = columns.iter().filter_map(|column| self.columns.get(*column));
        columns.map(|column| column.name.clone()).gather()
    }

    pub(crate) fn names(&self, columns: &[usize]) -> String {
        let names: Vec<&str> = columns
            .iter()
            .filter_map(|column| self.columns.get(*column))
            .map(|column| column.name.as_str())
            .gather();
        names.join(", ")
    }

    /// `CREATE TABLE` and `CREATE INDEX` statements that make the same table again.
    pub(crate) fn ddl(&self) -> Vec<String> {
        let mut parts: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.column_ddl(at, column))
            .gather();
        for unique in &self.uniques {
            let single_key = unique.kind == UniqueKind::Primary && unique.columns.len() == 1;
            if single_key || unique.kind == UniqueKind::Index {
                continue;
            }
            let word = if unique.kind == UniqueKind::Primary { "PRIMARY KEY" } else { "UNIQUE" };
            parts.push(format!(
                "{}{word} ({})",
                constraint(unique.name.as_deref()),
                self.quoted(&unique.columns)
            ));
        }
        for check in &self.checks {
            parts.push(format!(
                "{}CHECK ({})",
                constraint(check.name.as_deref()),
                check.condition.text
            ));
        }
        for key in &self.foreign_keys {
            parts.push(self.foreign_key_ddl(key));
        }
        let mut ddl = vec![format!("CREATE TABLE {} ({})", quote(&self.name), parts.join(", "))];
        for unique in self.uniques.iter().filter(|unique| unique.kind == UniqueKind::Index) {
            let name = quote(unique.name.as_deref().unwrap_or("unique"));
            let mut text = format!(
                "CREATE UNIQUE INDEX {name} ON {} ({})",
                quote(&self.name),
                self.quoted(&unique.columns)
            );
            if let Some(condition) = &unique.condition {
                let _ = write!(text, " WHERE {}", condition.text);
            }
            ddl.push(text);
        }
        for (name, columns) in &self.indexes {
            ddl.push(format!(
                "CREATE INDEX {} ON {} ({})",
                quote(name),
                quote(&self.name),
                self.quoted(columns)
            ));
        }
        ddl
    }

    fn column_ddl(&self, at: usize, column: &Column) -> String {
        let mut text = format!("{} {}", quote(&column.name), column.declared);
        let key = self.primary_key().filter(|key| key.columns == [at]);
        if let Some(key) = key {
            let _ = write!(text, " {}PRIMARY KEY", constraint(key.name.as_deref()));
        }
        if column.auto == Auto::Ever {
            text.push_str(" AUTOINCREMENT");
        }
        if column.not_null && key.is_none() {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = &column.default {
            let _ = write!(text, " DEFAULT ({})", default.text);
        }
        text
    }

    fn foreign_key_ddl(&self, key: &ForeignKey) -> String {
        let mut text = format!(
            "{}FOREIGN KEY ({}) REFERENCES {}",
            constraint(key.name.as_deref()),
            self.quoted(&key.columns),
            quote(&key.table)
        );
        if !key.referred.is_empty() {
            let names: Vec<String> = key.referred.iter().map(|name| quote(name)).gather();
            let _ = write!(text, " ({})", names.join(", "));
        }
        for (word, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if action != Reaction::NoAction {
                let _ = write!(text, " ON {word} {}", action.name());
            }
        }
        if key.deferred {
            text.push_str(" DEFERRABLE INITIALLY DEFERRED");
        }
        text
    }

    fn quoted(&self, columns: &[usize]) -> String {
        let names: Vec<String> = columns
            .iter()
            .filter_map(|column| self.columns.get(*column))
            .map(|column| quote(&column.name))
            .gather();
        names.join(", ")
    }
}

impl Reaction {
    fn name(self) -> &'static str {
        match self {
            Reaction::NoAction => "NO ACTION",
            Reaction::Restrict => "RESTRICT",
            Reaction::Cascade => "CASCADE",
            Reaction::SetNull => "SET NULL",
            Reaction::SetDefault => "SET DEFAULT",
        }
    }
}

/// A name in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn constraint(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quote(name))).unwrap_or_default()
}
