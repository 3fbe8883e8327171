//! Stage 2: what the ORM makes of the document. Accessors, query names, through models, columns of relations.

use crate::document::{ColumnType, Document, RelationKind, Span};
use crate::orm::Orm;

/// The models as the ORM has them after start-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Concrete and proxy models in order of declaration, then generated through models.
    pub models: Vec<ResolvedModel>,
}

impl Resolved {
    /// The model of this name.
    pub fn model(&self, name: &str) -> Option<&ResolvedModel> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The generated through models.
    pub fn through_models(&self) -> impl Iterator<Item = &ResolvedModel> {
        self.models.iter().filter(|model| model.generated_by.is_some())
    }
}

/// A model of the running ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedModel {
    /// Its class name.
    pub name: String,
    /// Index into [`Document::models`]; `None` for a generated one.
    pub declared: Option<usize>,
    /// Its table.
    pub table: String,
    /// A proxy shares its parent's table.
    pub proxy: bool,
    /// Its fields: inherited from abstract parents, implicit keys and parent links included. Not many-to-many.
    pub fields: Vec<ResolvedField>,
    /// Its relations, many-to-many included.
    pub forward: Vec<Forward>,
    /// The reverse sides that end here, hidden ones included.
    pub reverse: Vec<Reverse>,
    /// For a generated through model: the model and field that generate it.
    pub generated_by: Option<(String, String)>,
}

impl ResolvedModel {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&ResolvedField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The primary key's fields.
    pub fn primary_key(&self) -> impl Iterator<Item = &ResolvedField> {
        self.fields.iter().filter(|field| field.primary_key)
    }
}

/// Where a resolved thing is declared: indices into [`Document::models`] and its fields. The model is the parent's for an inherited field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Index of the model.
    pub model: usize,
    /// Index of the field in it.
    pub field: usize,
}

impl Origin {
    /// The declaration.
    pub fn field(self, document: &Document) -> Option<&crate::document::Field> {
        document.models.get(self.model)?.fields.get(self.field)
    }
}

/// A field with a column (or a composite key's member).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedField {
    /// The attribute's name.
    pub name: String,
    /// Its declaration; `None` for what the ORM adds.
    pub origin: Option<Origin>,
    /// The attribute of the raw value (`author_id`); equals `name` for plain fields.
    pub attname: String,
    /// Its column.
    pub column: String,
    /// The column's type: for a foreign key that of the referenced field.
    pub ty: ColumnType,
    /// What a diagram writes as its type: `Char(100)`, `Date`; the target's name for a relation.
    pub label: String,
    /// May be NULL.
    pub null: bool,
    /// Is unique by itself.
    pub unique: bool,
    /// Is (part of) the primary key.
    pub primary_key: bool,
    /// Whether the database numbers the rows by it.
    pub auto: bool,
    /// Whether it is a foreign key or one-to-one.
    pub relation: bool,
}

/// A relation from the side that declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The field's name.
    pub field: String,
    /// Its declaration; `None` for what the ORM adds (parent links, the keys of generated through models).
    pub origin: Option<Origin>,
    /// Which kind.
    pub kind: RelationKind,
    /// The target: a model's name, or the text as written where there is no such model.
    pub target: String,
    /// Whether `target` is a model here.
    pub known: bool,
    /// For a foreign key: its column and the referenced field's name.
    pub column: Option<String>,
    /// The referenced field on the target.
    pub to_field: Option<String>,
    /// May be NULL.
    pub null: bool,
    /// What happens on deletion: `CASCADE`, `SET_NULL`, …
    pub on_delete: Option<String>,
    /// For many-to-many: the through model's name (or as written, where there is none).
    pub through: Option<Through>,
    /// Whether a many-to-many to its own model is symmetrical.
    pub symmetrical: bool,
    /// The reverse attribute; `None` where hidden.
    pub accessor: Option<String>,
    /// The name of the reverse side in filters.
    pub query_name: String,
    /// The declared reverse name, placeholders filled in.
    pub related_name: Option<String>,
    /// Whether there is no reverse side.
    pub hidden: bool,
}

/// The through model of a many-to-many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// Its class name; for ORMs without a class the table's name.
    pub model: String,
    /// Its table.
    pub table: String,
    /// Whether the ORM generates it.
    pub generated: bool,
    /// Its foreign key field to the owner; `None` where there is none or it is ambiguous.
    pub owner_field: Option<String>,
    /// Its foreign key field to the target.
    pub target_field: Option<String>,
}

/// A relation from the side that it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reverse {
    /// The attribute; `None` where hidden.
    pub accessor: Option<String>,
    /// The name in filters.
    pub query_name: String,
    /// Kind of the relation.
    pub kind: RelationKind,
    /// The declaring model's name.
    pub source: String,
    /// The declaring field's name.
    pub source_field: String,
    /// Its declaration, for spans.
    pub origin: Option<Origin>,
    /// Whether there is no attribute and no query name.
    pub hidden: bool,
}

/// Runs the stage.
pub fn resolve(orm: &dyn Orm, document: &Document) -> Resolved {
    orm.resolve(document)
}

/// The span of a declaration's name, for pointing at it.
pub fn name_span(document: &Document, origin: Origin) -> Option<Span> {
    origin.field(document).map(|field| field.name.span)
}
