//! What running calls ask of the models: models, fields and relations, by place. It is derived from an [`Analysis`], and written as bytes it
//! goes to where calls run, so that neither readers nor rules have to be there.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::Analysis;
use crate::check::{Diagnostic, Severity, Stage};
use crate::document::{self, ColumnType, Name, RelationKind, Value as Constant};
use crate::resolve::{Forward, ResolvedField, ResolvedModel};

/// All models of a project, for calls to run on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Models {
    /// The ORM's id.
    pub orm: String,
    /// Whether the database that the models name heeds foreign keys.
    pub heeds_keys: bool,
    /// What the ORM says where it does not start with these models: the message of its exception.
    pub start: Option<String>,
    /// Each at its place, generated through models among them.
    pub all: Vec<Rc<Model>>,
}

impl Models {
    /// The models of an analysis.
    pub fn of(analysis: &Analysis) -> Self {
        let resolved = &analysis.resolved.models;
        let all = resolved.iter().enumerate();
        Self {
            orm: analysis.tables.orm.to_owned(),
            heeds_keys: analysis.heeds_keys(),
            start: start(analysis),
            all: all.map(|(at, model)| Rc::new(with_its_rows(analysis, at, model))).collect(),
        }
    }

    /// The same models, each with a database.
    #[must_use]
    pub fn bound(&self) -> Self {
        let mut out = self.clone();
        for model in &mut out.all {
            if !model.bound {
                *model = Rc::new(Model { bound: true, ..Model::clone(model) });
            }
        }
        out
    }

    /// As bytes, for [`Models::from_bytes`] of the same version.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Nothing in it is of a kind that cannot be written.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// What [`Models::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A model with a table (or a proxy of one).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    /// Its place.
    pub at: usize,
    /// Its name.
    pub name: Rc<str>,
    /// Its app, where the ORM has such.
    pub app: Rc<str>,
    /// Its table.
    pub table: Rc<str>,
    /// Index of its class in the document; `None` for a generated through model.
    pub declared: Option<usize>,
    /// Whether it has a database to be asked, where each model is told its own.
    pub bound: bool,
    /// Whether the ORM has made a model of its class; one that it passed over knows nothing of tables.
    pub configured: bool,
    /// Whether it shares its parent's table.
    pub proxy: bool,
    /// Its fields with a column, in the order of its table: its own, not those of parents with a table.
    pub fields: Vec<Field>,
    /// Relations that it declares, many-to-many among them.
    pub relations: Vec<Relation>,
    /// Relations that end at it.
    pub reverse: Vec<Reverse>,
    /// Parents with a table, each with the field that links to it.
    pub parents: Vec<(Rc<str>, Option<Rc<str>>)>,
    /// Default order, each with its sign.
    pub ordering: Vec<Rc<str>>,
    /// Texts in `Meta`: `verbose_name`.
    pub options: Vec<(Rc<str>, Rc<str>)>,
    /// What `latest()` goes by.
    pub get_latest_by: Vec<Rc<str>>,
    /// Groups of columns that are unique together.
    pub uniques: Vec<Vec<Rc<str>>>,
    /// The columns of each index.
    pub indexes: Vec<Vec<Rc<str>>>,
}

impl Model {
    /// The field of this name, or of this raw name (`author_id`).
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name || &*field.attname == name)
    }

    /// The primary key's field: the first, where there are several.
    pub fn key(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.primary_key)
    }

    /// A relation that it declares.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| &*relation.name == name)
    }

    /// The reverse side by its attribute.
    pub fn by_accessor(&self, name: &str) -> Option<&Reverse> {
        self.reverse.iter().rfind(|reverse| reverse.accessor.as_deref() == Some(name))
    }

    /// The reverse side by its name in filters. The last one, where several have it.
    pub fn by_query_name(&self, name: &str) -> Option<&Reverse> {
        self.reverse.iter().rfind(|reverse| !reverse.hidden && &*reverse.query_name == name)
    }
}

/// A field with a column.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: Rc<str>,
    /// The attribute of the raw value.
    pub attname: Rc<str>,
    /// Its column.
    pub column: Rc<str>,
    /// The column's type.
    pub ty: ColumnType,
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
    /// The declaration; `None` for what the ORM adds.
    pub declared: Option<document::Field>,
}

/// A relation from the side that declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Relation {
    /// The field's name.
    pub name: Rc<str>,
    /// Which kind.
    pub kind: RelationKind,
    /// The target's name.
    pub target: Rc<str>,
    /// For a foreign key: its raw attribute and its column.
    pub key: Option<Link>,
    /// What happens on deletion: `CASCADE`, `SET_NULL`.
    pub on_delete: Option<Rc<str>>,
    /// May be NULL.
    pub null: bool,
    /// For many-to-many.
    pub through: Option<Through>,
    /// Whether a many-to-many to its own model goes both ways.
    pub symmetrical: bool,
    /// The reverse attribute.
    pub accessor: Option<Rc<str>>,
    /// The reverse side's name in filters.
    pub query_name: Rc<str>,
    /// Whether there is no reverse side.
    pub hidden: bool,
    /// Whether it is the link to a parent with a table.
    pub parent_link: bool,
    /// The declaration; `None` for what the ORM adds.
    pub declared: Option<document::Field>,
}

/// How a foreign key is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// The attribute of the raw value.
    pub attname: Rc<str>,
    /// The column.
    pub column: Rc<str>,
    /// The referenced field's name on the target.
    pub to_field: Rc<str>,
}

/// What is behind a many-to-many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Through {
    /// The through model's name; its table's where it has no class.
    pub model: Rc<str>,
    /// Its table.
    pub table: Rc<str>,
    /// Whether the ORM generates it.
    pub generated: bool,
    /// Its foreign key to the owner.
    pub owner_field: Rc<str>,
    /// Its foreign key to the target.
    pub target_field: Rc<str>,
}

/// A relation from the side that it points at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reverse {
    /// The attribute; `None` where there is none.
    pub accessor: Option<Rc<str>>,
    /// The name in filters.
    pub query_name: Rc<str>,
    /// Kind of the relation.
    pub kind: RelationKind,
    /// The declaring model's name.
    pub source: Rc<str>,
    /// The declaring field's name.
    pub source_field: Rc<str>,
    /// Whether there is no attribute and no query name.
    pub hidden: bool,
    /// Whether the source is a child with a table, and this its link.
    pub parent_link: bool,
}

/// A model; one without a table of its own has the fields, relations and parents of the model whose rows it shows.
fn with_its_rows(analysis: &Analysis, at: usize, model: &ResolvedModel) -> Model {
    let own = one(analysis, at, model);
    let mut models = analysis.resolved.models.iter();
    let shown = models.find(|other| !other.proxy && other.table == model.table);
    let Some(shown) = shown.filter(|_| model.proxy) else { return own };
    let shown = one(analysis, at, shown);
    let mut reverse = shown.reverse;
    reverse.extend(own.reverse.into_iter().filter(|each| !each.parent_link));
    Model {
        fields: shown.fields,
        relations: shown.relations,
        reverse,
        parents: shown.parents,
        uniques: shown.uniques,
        indexes: shown.indexes,
        ..own
    }
}

fn one(analysis: &Analysis, at: usize, model: &ResolvedModel) -> Model {
    let uniques = analysis.tables.table(&model.table).map_or_else(Vec::new, |table| {
        let groups = table.uniques.iter().filter(|unique| unique.columns.len() > 1);
        groups
            .map(|unique| unique.columns.iter().map(|column| column.as_str().into()).collect())
            .collect()
    });
    let indexes = analysis.tables.table(&model.table).map_or_else(Vec::new, |table| {
        let columns = table.indexes.iter().map(|index| &index.columns);
        columns
            .map(|each| each.iter().map(|(column, _)| column.as_str().into()).collect())
            .collect()
    });
    Model {
        at,
        name: model.name.as_str().into(),
        app: model.app.as_str().into(),
        table: model.table.as_str().into(),
        declared: model.declared,
        bound: !unbound(analysis, &model.name),
        configured: !analysis.diagnostics.iter().any(|found| {
            found.rule == "old-meta" && found.subject.model.as_deref() == Some(&*model.name)
        }),
        proxy: model.proxy,
        fields: model.fields.iter().map(|each| field(analysis, each)).collect(),
        relations: model.forward.iter().map(|each| relation(analysis, model, each)).collect(),
        reverse: model
            .reverse
            .iter()
            .map(|reverse| Reverse {
                accessor: reverse.accessor.as_deref().map(Into::into),
                query_name: reverse.query_name.as_str().into(),
                kind: reverse.kind,
                source: reverse.source.as_str().into(),
                source_field: reverse.source_field.as_str().into(),
                hidden: reverse.hidden,
                parent_link: reverse.parent_link,
            })
            .collect(),
        parents: model
            .parents
            .iter()
            .map(|parent| (parent.model.as_str().into(), parent.link.as_deref().map(Into::into)))
            .collect(),
        ordering: model.meta.ordering.iter().map(|name| name.text.as_str().into()).collect(),
        options: texts(model.meta.options.iter()),
        get_latest_by: latest(model.meta.options.iter()),
        uniques,
        indexes,
    }
}

/// What the exception says that start-up ends with.
fn start(analysis: &Analysis) -> Option<String> {
    let ends = |found: &&Diagnostic| {
        found.stage == Stage::Check
            && found.severity == Severity::Error
            && found.exception.is_some()
    };
    analysis
        .diagnostics
        .iter()
        .filter(ends)
        .min_by_key(|found| found.moment)
        .map(|found| found.message.clone())
}

/// Whether the first query of a model ends with the word that it has no database.
fn unbound(analysis: &Analysis, name: &str) -> bool {
    analysis.diagnostics.iter().any(|found| {
        found.stage == Stage::Use
            && found.exception == Some("InterfaceError")
            && found.subject.model.as_deref() == Some(name)
    })
}

/// The options that are texts.
fn texts<'m>(options: impl Iterator<Item = &'m (Name, Constant)>) -> Vec<(Rc<str>, Rc<str>)> {
    let text = |(name, value): &(Name, Constant)| match value {
        Constant::Str(text) => Some((Rc::from(name.text.as_str()), Rc::from(text.as_str()))),
        _ => None,
    };
    options.filter_map(text).collect()
}

/// `Meta.get_latest_by`: a name or several.
fn latest<'m>(mut options: impl Iterator<Item = &'m (Name, Constant)>) -> Vec<Rc<str>> {
    let text = |value: &Constant| match value {
        Constant::Str(text) => Some(Rc::<str>::from(text.as_str())),
        _ => None,
    };
    match options.find(|(name, _)| name.text == "get_latest_by") {
        Some((_, Constant::List(items))) => items.iter().filter_map(text).collect(),
        Some((_, one)) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn field(analysis: &Analysis, field: &ResolvedField) -> Field {
    Field {
        name: field.name.as_str().into(),
        attname: field.attname.as_str().into(),
        column: field.column.as_str().into(),
        ty: field.ty.clone(),
        null: field.null,
        unique: field.unique,
        primary_key: field.primary_key,
        auto: field.auto,
        relation: field.relation,
        declared: field.origin.and_then(|origin| origin.field(&analysis.document)).cloned(),
    }
}

fn relation(analysis: &Analysis, model: &ResolvedModel, forward: &Forward) -> Relation {
    let key = model.field(&forward.field).map(|field| Link {
        attname: field.attname.as_str().into(),
        column: field.column.as_str().into(),
        to_field: forward.to_field.as_deref().unwrap_or("id").into(),
    });
    Relation {
        name: forward.field.as_str().into(),
        kind: forward.kind,
        target: forward.target.as_str().into(),
        key,
        on_delete: forward.on_delete.as_deref().map(Into::into),
        null: forward.null,
        through: forward.through.as_ref().map(|through| Through {
            model: through.model.as_str().into(),
            table: through.table.as_str().into(),
            generated: through.generated,
            owner_field: through.owner_field.as_deref().unwrap_or_default().into(),
            target_field: through.target_field.as_deref().unwrap_or_default().into(),
        }),
        symmetrical: forward.symmetrical,
        accessor: forward.accessor.as_deref().map(Into::into),
        query_name: forward.query_name.as_str().into(),
        hidden: forward.hidden,
        parent_link: forward.parent_link,
        declared: forward.origin.and_then(|origin| origin.field(&analysis.document)).cloned(),
    }
}
