//! The same models in every ORM, side by side: names, through tables, columns, and where they differ, with reasons.
//!
//! The project's own ORM is shown as it is written; for every other one the models are written with that ORM's own names
//! ([`Names::OrmDefault`]) and analysed as if the user had typed them. So what stands here is what the converted project would have.

mod differences;
mod side;

use crate::analysis::Analysis;
use crate::convert::Unsaid;
use crate::document::RelationKind;
use crate::orm::Orm;
use crate::tables::Tables;

/// All ORMs, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// One for every ORM, in the order of [`crate::orm::ALL`]; the project's own among them.
    pub sides: Vec<Side>,
    /// Where they differ: by model, then field, then [`Aspect`].
    pub differences: Vec<Difference>,
}

/// The models in one ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The ORM's id.
    pub orm: &'static str,
    /// Whether it is the ORM that the project is written for.
    pub own: bool,
    /// The models file.
    pub source: String,
    /// What the ORM cannot say, and what stands in its place. Empty for the project's own.
    pub unsaid: Vec<Unsaid>,
    /// Its tables: columns, keys, uniques, indexes.
    pub tables: Tables,
    /// The models and their relations, in order of declaration.
    pub models: Vec<ModelNames>,
}

/// A model's names in one ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelNames {
    /// The model.
    pub model: String,
    /// Its table.
    pub table: String,
    /// The fields of its primary key.
    pub primary_key: Vec<String>,
    /// Its relations.
    pub relations: Vec<RelationNames>,
}

/// A relation's names in one ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationNames {
    /// The field.
    pub field: String,
    /// Which kind.
    pub kind: RelationKind,
    /// The model that it points at.
    pub target: String,
    /// The attribute on the target by which it is followed backwards; `None` where there is none.
    pub accessor: Option<String>,
    /// The name of the reverse side in filters; `None` where there is none.
    pub query_name: Option<String>,
    /// The column that holds the key; `None` for a many-to-many.
    pub column: Option<String>,
    /// Whether that column may be NULL.
    pub null: bool,
    /// What the *database* does when the target row goes; `None` where there is no such constraint.
    pub on_delete: Option<String>,
    /// For a many-to-many: what stands between.
    pub through: Option<ThroughNames>,
}

/// The through model of a many-to-many in one ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThroughNames {
    /// Its class; `None` where the ORM makes a table without a class.
    pub class: Option<String>,
    /// Its table.
    pub table: String,
    /// The table's columns in order.
    pub columns: Vec<String>,
    /// Whether the database keeps each pair at most once.
    pub unique_pair: bool,
    /// Whether the user declares it.
    pub declared: bool,
}

/// What two ORMs can differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The model's table.
    Table,
    /// The primary key: its columns and their types.
    Key,
    /// The column of a foreign key.
    Column,
    /// Whether a column may be NULL.
    Null,
    /// The index on a foreign key.
    Index,
    /// What the database does on deletion.
    OnDelete,
    /// The reverse attribute.
    Accessor,
    /// The name of the reverse side in filters.
    QueryName,
    /// The class of the through model.
    ThroughClass,
    /// The through table's name.
    ThroughTable,
    /// The through table's columns, in order.
    ThroughColumns,
    /// Whether the through table keeps each pair once.
    UniquePair,
}

impl Aspect {
    /// What a heading calls it: `reverse attribute`.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Key => "primary key",
            Self::Column => "column",
            Self::Null => "may be empty",
            Self::Index => "index",
            Self::OnDelete => "on deletion",
            Self::Accessor => "reverse attribute",
            Self::QueryName => "reverse name in filters",
            Self::ThroughClass => "through class",
            Self::ThroughTable => "through table",
            Self::ThroughColumns => "through columns",
            Self::UniquePair => "each pair once",
        }
    }
}

/// One thing in which the ORMs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The model.
    pub model: String,
    /// The field, where it is about one.
    pub field: Option<String>,
    /// In what they differ.
    pub aspect: Aspect,
    /// What each has, in the order of [`Comparison::sides`].
    pub values: Vec<Value>,
}

/// What one ORM has, in a [`Difference`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The ORM's id.
    pub orm: &'static str,
    /// As it is shown: a name, a list of columns, `yes`; `None` where it has no such thing.
    pub text: Option<String>,
    /// One sentence that says why, from [`Orm::habit`].
    pub why: &'static str,
}

/// Compares one project in all ORMs. `source` is the text that `analysis` is of.
pub fn compare(orm: &dyn Orm, source: &str, analysis: &Analysis) -> Comparison {
    let sides: Vec<Side> = crate::orm::ALL
        .iter()
        .map(|other| {
            if other.profile().id == orm.profile().id {
                side::own(orm, source, analysis)
            } else {
                side::written(orm, analysis, *other)
            }
        })
        .collect();
    let differences = differences::find(&sides);
    Comparison { sides, differences }
}

#[cfg(test)]
mod tests;
