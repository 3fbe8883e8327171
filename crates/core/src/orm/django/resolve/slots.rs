//! Fields as they stand on a class once inheritance is done.

use crate::document::{ColumnType, Field, RelationSpec};
use crate::resolve::Origin;

/// A field on a class.
#[derive(Clone, Debug)]
pub(super) struct Slot<'a> {
    /// Its name.
    pub(super) name: String,
    /// Where it comes from.
    pub(super) source: Source<'a>,
    /// Django's creation counter: fields stand in its order, those that Django adds by itself before all others.
    pub(super) counter: i64,
    /// Whether it is (part of) the primary key.
    pub(super) primary_key: bool,
    /// The class that a relation points at, once all classes are there.
    pub(super) target: Option<usize>,
}

/// Where a field comes from.
#[derive(Clone, Debug)]
pub(super) enum Source<'a> {
    /// The file; without an origin one of Django's own apps.
    Declared(&'a Field, Option<Origin>),
    /// The implicit `id`, with its type: Django's own apps have smaller ones.
    Id(ColumnType),
    /// The implicit link to a parent: the parent class.
    ParentLink(usize),
    /// `_order`, which `order_with_respect_to` adds.
    Order,
    /// A key of a generated through model: the class that it points at, or the text where there is none.
    ThroughKey(ThroughKey<'a>),
}

/// A key of a generated through model.
#[derive(Clone, Debug)]
pub(super) struct ThroughKey<'a> {
    /// The class that it points at.
    pub(super) target: Option<usize>,
    /// What was written, for a target that does not exist.
    pub(super) written: &'a str,
    /// The hidden reverse name: `Course_students+`.
    pub(super) related_name: String,
}

impl<'a> Slot<'a> {
    /// The declaration, where there is one.
    pub(super) fn field(&self) -> Option<&'a Field> {
        match self.source {
            Source::Declared(field, _) => Some(field),
            Source::Id(_) | Source::ParentLink(_) | Source::Order | Source::ThroughKey(_) => None,
        }
    }

    /// The declared relation, where it is one.
    pub(super) fn spec(&self) -> Option<&'a RelationSpec> {
        self.field().and_then(Field::relation)
    }
}
