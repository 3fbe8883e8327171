//! Why a table or an index cannot be made.

use crate::check::Moment;
use crate::document::Span;
use crate::orm::peewee::classes::{ClassId, ObjectId};

/// A refusal, by Peewee or by SQLite.
#[derive(Clone, Debug)]
pub(in crate::orm::peewee) struct Failure<'a> {
    /// Why.
    pub(in crate::orm::peewee) reason: Reason<'a>,
    /// When, in the order in which the tables are made.
    pub(in crate::orm::peewee) moment: Moment,
    /// Of which class.
    pub(in crate::orm::peewee) class: ClassId,
    /// Because of which field.
    pub(in crate::orm::peewee) object: Option<ObjectId>,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::orm::peewee) enum Reason<'a> {
    /// Two columns of one name.
    DuplicateColumn(String),
    /// No columns at all.
    NoColumns,
    /// A key to a model without a primary key.
    TargetHasNoKey,
    /// A key to a model with a key of several fields.
    TargetHasCompositeKey,
    /// A key that comes back to itself, and so has no type.
    Ring,
    /// `CompositeKey` names no field.
    CompositeKeyField(&'a str, Span),
    /// What stands in brackets after the type is no number.
    TypeArgument(String),
    /// The type is none that a strict table has.
    StrictType(String),
    /// A strict table wants a type.
    StrictWithoutType(String),
    /// A table without row ids needs a primary key.
    WithoutRowId,
    /// `on_delete` or `on_update` is no action.
    Action(String),
    /// The schema is no database that is attached.
    Schema(String),
    /// `Meta.options` are no SQL for SQLite.
    Options,
    /// A sequence, which SQLite has not.
    Sequence,
    /// An identity column, which SQLite has not.
    Identity,
    /// A constraint that is a text, not SQL.
    ConstraintIsText,
    /// A collation that SQLite has not.
    Collation(String),
    /// The name begins with `sqlite_`.
    Reserved(String),
    /// An index has the table's name.
    NameIsAnIndex(String),
    /// A table has the index's name.
    NameIsATable(String),
    /// `Meta.indexes` names no field.
    IndexField {
        /// What it names.
        name: String,
        /// Where.
        span: Span,
        /// Whether the name is a letter of a text that stands for a group: the brackets are wrong.
        form: IndexForm,
    },
    /// An item of `Meta.indexes` has not two parts.
    IndexParts(usize, Span),
    /// A part of an index is neither a name nor an expression.
    IndexPart(String, Span),
    /// A kind of index that SQLite has not.
    IndexType(String),
}

/// How an item of `Meta.indexes` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::orm::peewee) enum IndexForm {
    /// `(("a", "b"), True)`.
    Group,
    /// `("a", "b")`: the first name is taken for the group, letter by letter.
    Letters,
}

/// Collects the failures of one class.
pub(super) struct Failures<'a> {
    place: u32,
    class: ClassId,
    found: Vec<Failure<'a>>,
}

impl<'a> Failures<'a> {
    pub(super) fn new(place: u32, class: ClassId) -> Self {
        Self { place, class, found: Vec::new() }
    }

    pub(super) fn add(&mut self, reason: Reason<'a>, object: Option<ObjectId>) {
        let step = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        let moment = Moment { at: self.place, step };
        self.found.push(Failure { reason, moment, class: self.class, object });
    }

    pub(super) fn forget(&mut self) {
        self.found.clear();
    }

    pub(super) fn into_inner(self) -> Vec<Failure<'a>> {
        self.found
    }
}
