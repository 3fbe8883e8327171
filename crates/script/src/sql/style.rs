//! How an ORM writes its SQL.

/// How an ORM writes its SQL. What one ORM does otherwise than all others is built into its trees.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// A name: in quotes, or without where the ORM does so.
    pub quote: fn(&str) -> String,
    /// Between items of a list.
    pub comma: &'static str,
    /// Around `=` and other comparisons.
    pub space: &'static str,
    /// Before FROM and WHERE.
    pub clause: &'static str,
    /// Before a table's alias.
    pub table_alias: &'static str,
    /// Before a column's alias.
    pub column_alias: &'static str,
    /// Where parentheses stand.
    pub wrap: Wrap,
    /// Where columns are written with their tables.
    pub tables: Tables,
}

/// Where columns are written with their tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// Wherever the tree has them.
    AsBuilt,
    /// Only in statements over more than one table (pypika).
    OfSeveral,
}

/// Where an ORM puts parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Around AND and OR of several conditions, also at the top (Django).
    Groups,
    /// Only where they are needed (pypika, SQLAlchemy).
    Needed,
    /// Around every comparison and every pair (Peewee).
    Each,
}

/// A name in double quotes.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
