//! The models as meaning: what they are, whichever ORM says it.
//!
//! # What "the same" means
//! Two schemas are the same where their [`facts`](super::facts) are: models and fields by name, with table and column names, types, keys,
//! nullability, uniqueness, indexes, defaults, relations with both their names and what stands between, checks and order. How it is
//! spelled is not part of it: whether a name was given or is the ORM's default, whether a base class is shared, in which order classes stand.
//! A one-to-one is a unique foreign key; that its other side is a single object is said where it gets lost.
//! Not part of it either are names of indexes and constraints: every ORM has its own, and nothing but the database sees them.

use crate::document::{ColumnType, Value};

/// All models of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The ORM that it was read from. What is said in that ORM's own terms ([`Extra`]) can be written for it alone.
    pub orm: &'static str,
    /// What the file imports, as (name here, dotted path): defaults may name it.
    pub imports: Vec<(String, String)>,
    /// The models with a table, in order of declaration.
    pub models: Vec<SchemaModel>,
}

impl Schema {
    /// The model of this name.
    pub fn model(&self, name: &str) -> Option<&SchemaModel> {
        self.models.iter().find(|model| model.name == name)
    }
}

/// A model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaModel {
    /// Its class.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Its columns in order, then its many-to-many relations.
    pub fields: Vec<SchemaField>,
    /// Names of the fields of its primary key.
    pub primary_key: Vec<String>,
    /// Fields that are unique together.
    pub uniques: Vec<Group>,
    /// Indexes that are declared for the model.
    pub indexes: Vec<Group>,
    /// Checks.
    pub checks: Vec<CheckGroup>,
    /// Default order: field names, with `-` where descending.
    pub ordering: Vec<String>,
    /// Options that only the ORM it was read from has.
    pub extra: Vec<Extra>,
}

impl SchemaModel {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&SchemaField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether this field alone is the primary key.
    pub fn is_key(&self, field: &str) -> bool {
        matches!(self.primary_key.as_slice(), [only] if only == field)
    }
}

/// Fields under one unique constraint or index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The name that the user gave.
    pub name: Option<String>,
    /// The fields, each with whether it is descending.
    pub fields: Vec<(String, bool)>,
    /// Where it stands among the model's constraints.
    pub position: usize,
    /// Whether it was declared as a constraint, where the ORM has both.
    pub constraint: bool,
    /// Condition, expressions and options, as written: only the ORM that it was read from can say them.
    pub special: Vec<(String, Value)>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckGroup {
    /// The name that the user gave.
    pub name: Option<String>,
    /// Where it stands among the model's constraints.
    pub position: usize,
    /// The condition as SQL; `None` where it is not understood.
    pub sql: Option<String>,
    /// The condition as it was written for the model.
    pub written: Option<Value>,
}

/// Something that only one ORM has: a keyword of a field or an option of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// `help_text`.
    pub keyword: String,
    /// Its value.
    pub value: Value,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaField {
    /// The attribute.
    pub name: String,
    /// What it is.
    pub shape: Shape,
    /// Arguments that only the ORM it was read from has.
    pub extra: Vec<Extra>,
}

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A column of its own type.
    Column(ColumnShape),
    /// A foreign key or one-to-one.
    Key(KeyShape),
    /// Many-to-many.
    Many(ManyShape),
}

/// A plain column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnShape {
    /// Its name in the table.
    pub column: String,
    /// Its type.
    pub ty: ColumnType,
    /// Whether the database numbers the rows by it.
    pub auto: bool,
    /// Whether the ORM adds it by itself.
    pub implicit: bool,
    /// May be NULL.
    pub null: bool,
    /// Unique by itself.
    pub unique: bool,
    /// Whether an index is asked for. On a unique column it means nothing but to the ORM that it was read from.
    pub index: bool,
    /// The Python-side default.
    pub default: Option<Value>,
    /// The database-side default, as SQL.
    pub db_default: Option<String>,
    /// The database-side default as it was written.
    pub db_written: Option<Value>,
    /// Set to the present moment by the ORM.
    pub moment: Option<Moment>,
    /// The values that are offered, each with its label.
    pub choices: Vec<(Value, Value)>,
    /// The field class that it was read from, where there are several of one type: `EmailField`.
    pub class: Option<&'static str>,
}

/// When the ORM sets a date or time by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When the row is made.
    Creation,
    /// At every save.
    Save,
}

/// A foreign key or one-to-one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyShape {
    /// Its column.
    pub column: String,
    /// The model that it points at.
    pub target: String,
    /// The type of what it references.
    pub ty: ColumnType,
    /// The referenced field, where it is not the primary key.
    pub to_field: Option<String>,
    /// Whether it is declared as a one-to-one. A one-to-one is unique as well.
    pub one_to_one: bool,
    /// May be NULL.
    pub null: bool,
    /// Unique by itself.
    pub unique: bool,
    /// Indexed by itself; on a unique column as for [`ColumnShape::index`].
    pub index: bool,
    /// What happens when the target row goes.
    pub on_delete: Action,
    /// What happens when its key changes.
    pub on_update: Action,
    /// Whether the database enforces it.
    pub constraint: bool,
    /// The Python-side default.
    pub default: Option<Value>,
    /// The other side's names.
    pub reverse: ReverseNames,
    /// Whether it is the link to a parent of multi-table inheritance.
    pub parent_link: bool,
}

/// A many-to-many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyShape {
    /// The model that it points at.
    pub target: String,
    /// What stands between.
    pub through: ThroughShape,
    /// Whether each pair counts both ways round.
    pub symmetrical: bool,
    /// The other side's names.
    pub reverse: ReverseNames,
}

/// What stands between the two sides of a many-to-many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThroughShape {
    /// A table that the ORM generates.
    Generated(GeneratedThrough),
    /// A declared model, and its fields that point at the owner and the target.
    Declared {
        /// The model.
        model: String,
        /// Its field that points at the owner.
        owner_field: String,
        /// Its field that points at the target.
        target_field: String,
    },
}

/// A generated through table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedThrough {
    /// Its name.
    pub table: String,
    /// Its column for the owner.
    pub owner_column: String,
    /// Its column for the target.
    pub target_column: String,
    /// The type of its own key, where it has one.
    pub key: Option<ColumnType>,
    /// Whether each pair stands in it at most once.
    pub unique: bool,
    /// Whether its two columns may be NULL.
    pub null: bool,
    /// Whether the database enforces its two keys.
    pub constraint: bool,
    /// What happens to a pair when one of its sides goes.
    pub on_delete: Action,
    /// What happens when a key changes.
    pub on_update: Action,
}

/// The names of a relation's other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReverseNames {
    /// The attribute; `None` where there is none.
    pub accessor: Option<String>,
    /// The name in filters; `None` where the ORM has no filters over it or the side is hidden.
    pub query_name: Option<String>,
    /// Whether the user chose the attribute.
    pub declared: bool,
    /// Whether the user chose the name in filters apart from it.
    pub query_declared: bool,
}

impl ReverseNames {
    /// No reverse side.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether there is no reverse side.
    pub fn hidden(&self) -> bool {
        self.accessor.is_none()
    }
}

/// What happens to a key when the row that it references changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing; where the database enforces the key it refuses.
    NoAction,
    /// The row goes, too.
    Cascade,
    /// The key becomes NULL.
    SetNull,
    /// The key becomes its default.
    SetDefault,
    /// The deletion is refused at once.
    Restrict,
    /// The ORM refuses the deletion, also one that would cascade here.
    Protect,
    /// A value that the models compute (Django's `SET()`).
    SetValue,
}

impl Action {
    /// From the spelling of any ORM or database: `SET_NULL`, `set null`, `DO_NOTHING`.
    pub fn parse(text: &str) -> Self {
        match text.replace('_', " ").to_ascii_uppercase().as_str() {
            "CASCADE" => Self::Cascade,
            "SET NULL" => Self::SetNull,
            "SET DEFAULT" => Self::SetDefault,
            "RESTRICT" => Self::Restrict,
            "PROTECT" => Self::Protect,
            "SET" => Self::SetValue,
            _ => Self::NoAction,
        }
    }

    /// In SQL's words, as far as it has them.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
            Self::Restrict => "RESTRICT",
            Self::Protect => "PROTECT",
            Self::SetValue => "SET",
        }
    }
}
