//! What stops Tortoise.

use super::{Id, Text};

/// Something that stops Tortoise, and where it comes to it.
#[derive(Clone, Debug)]
pub(in crate::orm::tortoise) struct Problem<'a> {
    /// What it is.
    pub(in crate::orm::tortoise) what: What<'a>,
    /// The class that is being made or wired.
    pub(in crate::orm::tortoise) class: usize,
    /// The relation that is being wired.
    pub(in crate::orm::tortoise) object: Option<Id>,
}

impl<'a> Problem<'a> {
    /// A problem of the file as a whole.
    pub(super) fn new(what: What<'a>) -> Self {
        Self { what, class: 0, object: None }
    }
}

/// The problems. Their messages are with the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::orm::tortoise) enum What<'a> {
    /// A second field with `primary_key=True`.
    SecondKey,
    /// `generated=True` on a class that the database cannot number.
    NotGenerated,
    /// `id` is there, but is no key.
    IdWithoutKey,
    /// Fields that are called as attributes of `Model`.
    Reserved(Vec<Text<'a>>),
    /// No model of this app.
    NoModels,
    /// An app that is not there.
    UnknownApp(&'a str),
    /// A model that is not there.
    UnknownModel(&'a str),
    /// A class that is no model with a key: an abstract one.
    KeylessTarget(usize),
    /// `to_field` names nothing.
    UnknownToField(usize),
    /// `to_field` is not unique.
    NotUnique(usize),
    /// `to_field` is a many-to-many that start-up has not come to yet.
    NotWired(usize),
    /// The field behind a key is there already.
    KeyTaken(Text<'a>),
    /// The reverse name is there already on the target.
    ReverseTaken {
        /// The name.
        name: Text<'a>,
        /// The target.
        target: usize,
    },
}
