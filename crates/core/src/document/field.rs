//! Fields: columns and relations, as declared.

use serde::{Deserialize, Serialize};

use super::{ColumnType, Span, Value};

/// An identifier or string in the source, with its place. The span of a string covers its quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The text, without quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// The keyword; `None` for a positional argument.
    pub keyword: Option<String>,
    /// What it evaluates to, as far as that is known.
    pub value: Value,
    /// The whole argument, keyword included.
    pub span: Span,
    /// The value alone.
    pub value_span: Span,
}

/// A field that a class body declares (or inherits from an abstract parent: then the spans are the parent's).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The attribute's name.
    pub name: Name,
    /// The field class's last segment: `CharField`, `ForeignKey`.
    pub class: Name,
    /// The ORM's own field class that it is or derives from; `None` where that is not known.
    #[serde(skip)]
    pub base: Option<&'static str>,
    /// The whole statement.
    pub span: Span,
    /// The call's arguments in order.
    pub args: Vec<Argument>,
    /// `null=`, in the ORM's spelling and with its default.
    pub null: bool,
    /// `unique=`.
    pub unique: bool,
    /// `primary_key=`.
    pub primary_key: bool,
    /// Whether a plain index was asked for; `None`: the ORM's default.
    pub index: Option<bool>,
    /// The column's name, where it is given.
    pub column: Option<Name>,
    /// The Python-side default.
    pub default: Option<Value>,
    /// The database-side default.
    pub db_default: Option<Value>,
    /// What the database is told about the column, where the ORM tells it.
    pub comment: Option<String>,
    /// What kind of field it is.
    pub kind: FieldKind,
}

impl Field {
    /// The argument with this keyword.
    pub fn arg(&self, keyword: &str) -> Option<&Argument> {
        self.args.iter().find(|arg| arg.keyword.as_deref() == Some(keyword))
    }

    /// The relation, where the field is one.
    pub fn relation(&self) -> Option<&RelationSpec> {
        match &self.kind {
            FieldKind::Relation(relation) => Some(relation),
            FieldKind::Column(_) | FieldKind::Virtual => None,
        }
    }
}

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// A column of its own type.
    Column(ColumnSpec),
    /// A relation to a model.
    Relation(Box<RelationSpec>),
    /// A declaration without a column (`GenericForeignKey`, `GenericRelation`, …).
    Virtual,
}

/// A plain column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Its logical type.
    pub ty: ColumnType,
    /// Whether the database numbers the rows by it.
    pub auto: bool,
    /// `choices=`, as (value, label), where they are known.
    pub choices: Vec<(Value, Value)>,
    /// Expression of a generated column, as written.
    pub generated: Option<String>,
    /// The database's own name for the type, where the field class gives it and `ty` does not say it.
    pub native: Option<String>,
}

/// The three kinds of relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RelationKind {
    /// Many of here to one of there.
    ForeignKey,
    /// One of here to one of there.
    OneToOne,
    /// Many to many, through a table.
    ManyToMany,
}

impl RelationKind {
    /// `fk`, `o2o` or `m2m`, as the recorded cases write it.
    pub const fn short(self) -> &'static str {
        match self {
            Self::ForeignKey => "fk",
            Self::OneToOne => "o2o",
            Self::ManyToMany => "m2m",
        }
    }
}

/// How a relation names its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetForm {
    /// A class: `Author`.
    Class,
    /// A string: `"Author"`, `"blog.Author"`.
    Text,
    /// `"self"`.
    Itself,
}

/// The model that a relation (or `through=`) names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As written, without quotes.
    pub text: String,
    /// How it is written.
    pub form: TargetForm,
    /// Where it stands.
    pub span: Span,
    /// The full dotted path, where imports or aliases lead elsewhere: `django.contrib.auth.models.User`.
    pub path: Option<String>,
}

/// A relation, as declared. Options that an ORM lacks stay `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationSpec {
    /// Which kind.
    pub kind: RelationKind,
    /// The model it points at; `None` where the argument is missing or not understood.
    pub target: Option<Target>,
    /// The declared reverse name (`related_name`, `backref`).
    pub related_name: Option<Name>,
    /// Django's `related_query_name`.
    pub related_query_name: Option<Name>,
    /// What happens when the target row goes: `CASCADE`, `SET_NULL`, … in upper case with underscores.
    pub on_delete: Option<Name>,
    /// What happens when the target's key changes.
    pub on_update: Option<Name>,
    /// The target's field that is referenced, where it is not the primary key.
    pub to_field: Option<Name>,
    /// The declared through model.
    pub through: Option<Target>,
    /// `through_fields=`: from the owner, to the target. May have the wrong number of items.
    pub through_fields: Option<(Vec<String>, Span)>,
    /// The through table's name, where it is given on the field.
    pub through_table: Option<Name>,
    /// Names of the through table's columns: to the owner, to the target (Tortoise, ormar).
    pub through_columns: (Option<Name>, Option<Name>),
    /// Django's `symmetrical=`.
    pub symmetrical: Option<bool>,
    /// Whether the database enforces the key.
    pub constraint: bool,
    /// Whether the reverse side is left out (ormar's `skip_reverse`; a related name ending in `+` is not resolved here).
    pub skip_reverse: bool,
    /// The link to the parent of multi-table inheritance.
    pub parent_link: bool,
}
