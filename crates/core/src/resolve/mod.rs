//! Stage 2: what the ORM makes of the document. Accessors, query names, through models, columns of relations.

use rustc_hash::FxHashMap;

use crate::document::{ColumnType, Document, Meta, RelationKind, Span};
use crate::orm::Orm;

/// The models as the ORM has them after start-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Concrete and proxy models in order of declaration, then generated through models.
    ///
    /// Models of other apps that the file reaches (`auth.User`) come last; their names have the app before them.
    pub models: Vec<ResolvedModel>,
    by_name: FxHashMap<String, usize>,
}

impl Resolved {
    /// The models, indexed by name.
    pub fn new(models: Vec<ResolvedModel>) -> Self {
        let by_name =
            models.iter().enumerate().rev().map(|(at, model)| (model.name.clone(), at)).collect();
        Self { models, by_name }
    }

    /// The model of this name.
    pub fn model(&self, name: &str) -> Option<&ResolvedModel> {
        self.by_name.get(name).and_then(|at| self.models.get(*at))
    }

    /// A model's fields and those of its parents with a table, the parents' first.
    pub fn all_fields<'a>(&'a self, model: &'a ResolvedModel) -> Vec<&'a ResolvedField> {
        self.gather(model, &|model| &model.fields, &|_| true)
    }

    /// A model's relations and those that it inherits from parents with a table.
    pub fn all_forward<'a>(&'a self, model: &'a ResolvedModel) -> Vec<&'a Forward> {
        self.gather(model, &|model| &model.forward, &|_| true)
    }

    /// The reverse sides that can be used on a model: its own and those that it inherits; a parent's links from its children are its own.
    pub fn all_reverse<'a>(&'a self, model: &'a ResolvedModel) -> Vec<&'a Reverse> {
        self.gather(model, &|model| &model.reverse, &|reverse| !reverse.parent_link)
    }

    fn gather<'a, T: PartialEq>(
        &'a self,
        model: &'a ResolvedModel,
        items: &dyn Fn(&'a ResolvedModel) -> &'a Vec<T>,
        inherited: &dyn Fn(&T) -> bool,
    ) -> Vec<&'a T> {
        let mut out: Vec<&'a T> = Vec::new();
        for parent in model.parents.iter().filter_map(|parent| self.model(&parent.model)) {
            for item in self.gather(parent, items, inherited) {
                if (model.proxy || inherited(item))
                    && !out.iter().any(|known| std::ptr::eq(*known, item))
                {
                    out.push(item);
                }
            }
        }
        out.extend(items(model));
        out
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
    /// Index into [`Document::models`]; `None` for a generated one and for models of other apps.
    pub declared: Option<usize>,
    /// Its app, where the ORM has such: `app`.
    pub app: String,
    /// Its table.
    pub table: String,
    /// Its options: those of its own block over those that it inherits.
    pub meta: Meta,
    /// The models with a table that it inherits from, in order: those of multi-table inheritance, or what a proxy stands for.
    pub parents: Vec<Parent>,
    /// A proxy shares its parent's table.
    pub proxy: bool,
    /// Its fields: inherited from abstract parents, implicit keys and parent links included. Not many-to-many.
    pub fields: Vec<ResolvedField>,
    /// Its relations, many-to-many included.
    pub forward: Vec<Forward>,
    /// The reverse sides that end here, hidden ones included.
    pub reverse: Vec<Reverse>,
    /// Relations without a column of their own: through content types, or over several columns.
    pub generic: Vec<Generic>,
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

/// A parent with a table of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub model: String,
    /// The field that links to it; `None` for a proxy.
    pub link: Option<String>,
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
    /// Whether it is the link to a parent of multi-table inheritance.
    pub parent_link: bool,
}

/// A relation without a column of its own. It has no reverse side in [`ResolvedModel::reverse`]: nothing enforces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generic {
    /// The field's name.
    pub field: String,
    /// The model that it leads back to: this one, or the parent with a table that it is inherited from.
    pub source: String,
    /// Whether it has a reverse side beside that of the parent that it is inherited from.
    pub own_reverse: bool,
    /// Its declaration.
    pub origin: Option<Origin>,
    /// The target; `None` where any model may be one (`GenericForeignKey`).
    pub target: Option<String>,
    /// The reverse attribute, where there is one.
    pub accessor: Option<String>,
    /// The name of the reverse side in filters.
    pub query_name: String,
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
    /// Its foreign key field to the owner: the first, where there are several and none is chosen.
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
    /// Whether the source is a child, and this its link.
    pub parent_link: bool,
}

/// Runs the stage.
pub fn resolve(orm: &dyn Orm, document: &Document) -> Resolved {
    orm.resolve(document)
}

/// The span of a declaration's name, for pointing at it.
pub fn name_span(document: &Document, origin: Origin) -> Option<Span> {
    origin.field(document).map(|field| field.name.span)
}
