//! What ormar says while the file is imported and the tables are made.

use crate::check::Moment;

/// Which rule a problem belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::orm::ormar) enum Kind {
    /// A relation points at something that is no model.
    InvalidTarget,
    /// A relation points at an abstract model.
    AbstractTarget,
    /// A through model has relations of its own.
    RelationsInThrough,
    /// Two relations of a model to one target with equal related names.
    RelatedNamesClash,
    /// A reverse name that another model's relation has on the target.
    ReverseNameTaken,
    /// A reverse name that is a plain field of the target, or the like.
    ReverseNameIsField,
    /// A many-to-many whose through model was not completed, as its reverse side is not registered.
    ThroughIncomplete,
    /// Two tables of one name.
    TableExists,
    /// More than one primary key.
    SeveralPrimaryKeys,
    /// No primary key.
    NoPrimaryKey,
    /// No database or no metadata.
    NoDatabase,
    /// A model that declares fields and derives from a model with a table.
    ConcreteParent,
    /// A proxy that cannot be one.
    Proxy,
    /// A many-to-many of an abstract parent without a related name, or a child without a table name.
    InheritedManyToMany,
    /// Two fields with one column.
    DuplicateColumn,
    /// A constraint over a column that is not there.
    ConstraintColumn,
    /// A `ForwardRef` to what does not exist.
    UnknownForwardRef,
    /// A `ForwardRef` that is not there yet when the class needs it.
    EarlyForwardRef,
    /// A `ForwardRef` that nothing resolves.
    UnresolvedForwardRef,
    /// A configuration that models share.
    SharedConfig,
    /// A foreign key to a table that is not made.
    MissingTable,
}

/// A problem.
#[derive(Clone, Debug)]
pub(in crate::orm::ormar) struct Problem {
    /// Its rule.
    pub(in crate::orm::ormar) kind: Kind,
    /// The class of the exception.
    pub(in crate::orm::ormar) exception: &'static str,
    /// The exception's message.
    pub(in crate::orm::ormar) message: String,
    /// When it is raised.
    pub(in crate::orm::ormar) moment: Moment,
    /// The class that is being made.
    pub(in crate::orm::ormar) class: usize,
    /// The field that it is about.
    pub(in crate::orm::ormar) field: Option<usize>,
    /// Another field that has to do with it.
    pub(in crate::orm::ormar) other: Option<usize>,
    /// A name that it is about.
    pub(in crate::orm::ormar) name: String,
}
