//! What the fitting asks of an ORM: what it cannot say, and what its own names are. Data, in the ORM's folder.

use super::schema::{Action, ColumnShape, GeneratedThrough, ReverseNames, Schema};
use crate::document::{ColumnType, RelationKind};

/// Something that not every ORM can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// A kind of relation of its own for one-to-one, with a single object on the other side.
    OneToOne,
    /// A table without a primary key.
    NoKey,
    /// A relation as the primary key.
    RelationAsKey,
    /// A foreign key, not a one-to-one, as the primary key.
    ForeignKeyAsKey,
    /// A primary key of several columns.
    CompositeKey,
    /// A foreign key, not a one-to-one, that is unique.
    UniqueKey,
    /// A key to a model whose primary key is a relation.
    KeyToRelation,
    /// Keys that lead from model to model in a circle.
    KeyCycle,
    /// A key that references another field than the primary key.
    ToField,
    /// An action when the referenced key changes.
    OnUpdate,
    /// `SET NULL` on a column that cannot be NULL.
    SetNullOnRequired,
    /// `SET DEFAULT` on a key without a default.
    SetDefaultWithoutDefault,
    /// A default for a key.
    KeyDefault,
    /// A key that the database does not enforce.
    Unenforced,
    /// A many-to-many that counts both ways round.
    Symmetrical,
    /// A many-to-many of a model with itself.
    ManyToItself,
    /// A key to a model that cannot stand above, of a model with other relations.
    LateReference,
    /// A key to a model that cannot stand above, as a constraint.
    LateKey,
    /// A many-to-many to a model that cannot stand above.
    LateMany,
    /// Another action than `CASCADE` in a generated through table.
    ThroughAction,
    /// An action on update in a generated through table.
    ThroughUpdate,
    /// A generated through table whose keys the database does not enforce.
    ThroughUnenforced,
    /// A generated through table with a key of its own.
    ThroughKey,
    /// A generated through table without a key of its own.
    ThroughWithoutKey,
    /// A generated through table that keeps each pair once.
    ThroughUnique,
    /// A generated through table in which a pair may stand twice.
    ThroughRepeated,
    /// A generated through table whose columns may be NULL.
    ThroughNull,
    /// A generated through table whose columns may not be NULL.
    ThroughRequired,
    /// A name for a generated through table.
    ThroughTable,
    /// Names for the columns of a generated through table.
    ThroughColumns,
    /// A through model that declares its two keys, and so can say all about them.
    ThroughKeysDeclared,
    /// A choice of the keys of a declared through model, where it has several to one side.
    ThroughFields,
    /// A key without a reverse side.
    HiddenKey,
    /// A many-to-many without a reverse side.
    HiddenMany,
    /// A name in filters that differs from the reverse attribute.
    QueryName,
    /// Multi-table inheritance.
    Inheritance,
    /// A check.
    Check,
    /// A check whose condition is any SQL.
    CheckAsSql,
    /// A default order.
    Ordering,
    /// A list of offered values.
    Choices,
    /// A moment set when a row is made.
    MomentOfCreation,
    /// A moment set at every save.
    MomentOfSave,
    /// Either of these on a date without a time.
    MomentOfDate,
    /// An index on text without a bound, on JSON or on bytes.
    IndexedText,
    /// Uniqueness said by such a field itself.
    UniqueText,
    /// A descending index.
    Descending,
    /// A default that the database fills in.
    DatabaseDefault,
    /// A unique and a plain index over the same columns.
    IndexOfUnique,
    /// A quotation mark in the name of a table or column.
    QuoteInName,
    /// An index of a column whose name has more than letters, digits and underscores.
    OddNameInIndex,
    /// Two models of one table.
    SharedTable,
    /// Two relations to one model with one reverse name.
    SharedReverse,
}

/// The two sides of a relation, for the ORM's own names.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'a> {
    /// The declaring model.
    pub owner: &'a str,
    /// Its table.
    pub owner_table: &'a str,
    /// The field.
    pub field: &'a str,
    /// The target model.
    pub target: &'a str,
    /// Its table.
    pub target_table: &'a str,
}

/// How one ORM is written. Sentences end in a full stop.
#[derive(Debug)]
pub struct SourceWriter {
    /// What it cannot say, with why, and what is written instead.
    pub cannot: &'static [(Feature, &'static str)],
    /// The actions on deletion that it has.
    pub actions: &'static [Action],
    /// The nearest type that it has, where it lacks one.
    pub nearest: fn(&ColumnShape) -> Option<(ColumnType, &'static str)>,
    /// Whether it can offer the column's list of values.
    pub offers: fn(&ColumnShape) -> bool,
    /// Whether a field cannot have this name, or would hide something by it.
    pub refuses: fn(field: &str) -> bool,
    /// Whether a model cannot have this name.
    pub refuses_model: fn(model: &str) -> bool,
    /// Further names that a field of `target` cannot have where `owner` has a relation to it.
    pub reserved_on_target: fn(owner: &str) -> Option<String>,
    /// The type of the key that it adds by itself, called `id`; `None` where it adds none.
    pub implicit_key: Option<ColumnType>,
    /// The type of the key of a fresh model.
    pub plain_key: ColumnType,
    /// Where the ORM takes docstrings and comments in the source for comments in the database: the arguments that say
    /// the same of a field and of a model (`tortoise/244`).
    pub comment_arguments: Option<[&'static str; 2]>,
    /// Whether a foreign key is indexed unless one says otherwise.
    pub key_index: bool,
    /// The table of a model.
    pub table: fn(model: &str) -> String,
    /// The column of a foreign key.
    pub key_column: fn(field: &str) -> String,
    /// The names of the other side.
    pub reverse: fn(&Ends<'_>, RelationKind) -> ReverseNames,
    /// The through table that it generates.
    pub through: fn(&Ends<'_>) -> GeneratedThrough,
    /// Writes a fitted schema. Every name in it is what it shall be; names that are the ORM's own are left out.
    pub write: fn(&Schema) -> String,
}

impl SourceWriter {
    /// Why it cannot say something, and what is written instead; `None` where it can.
    pub fn cannot(&self, feature: Feature) -> Option<&'static str> {
        self.cannot.iter().find(|(other, _)| *other == feature).map(|(_, why)| *why)
    }
}
