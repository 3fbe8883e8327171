//! What a form fills in.

use crate::document::RelationKind;

/// A plain field, as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldDraft {
    /// The attribute's name.
    pub name: String,
    /// The field class: `CharField`.
    pub class: String,
    /// Keyword arguments as Python source: `("max_length", Some("100"))`; `None` removes one.
    pub arguments: Vec<(String, Option<String>)>,
}

/// What stands behind a many-to-many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ThroughDraft {
    /// The ORM generates it.
    #[default]
    Automatic,
    /// An existing model.
    Model(String),
    /// A new model with two foreign keys and these fields of its own.
    NewModel {
        /// Its class name.
        name: String,
        /// Its extra fields.
        fields: Vec<FieldDraft>,
    },
}

/// A relation, as the popover has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationDraft {
    /// The field's name.
    pub name: String,
    /// Which kind.
    pub kind: RelationKind,
    /// The target model's name; the declaring model's own name for a relation to itself.
    pub target: String,
    /// The reverse name; `None` for the ORM's default.
    pub related_name: Option<String>,
    /// Whether the key may be NULL. Not for many-to-many.
    pub null: bool,
    /// `CASCADE`, `SET_NULL`, … Not for many-to-many.
    pub on_delete: Option<String>,
    /// Only for many-to-many.
    pub through: ThroughDraft,
}
