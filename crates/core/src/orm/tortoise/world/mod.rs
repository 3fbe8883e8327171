//! The file as Tortoise runs it: classes are made as Python reads them, then `Tortoise.init` wires their relations.
//!
//! It is done in Tortoise's own order and with its own objects, as its answers depend on both: a field of an abstract parent is one
//! object that all children share, and what start-up writes into it for one child the next child finds there.
//! What stops the real one is noted here as a [`Problem`], and work goes on, so that everything there is can be shown.
//!
//! Source: `ModelMeta.__new__` in `tortoise/models.py`, `Apps` in `tortoise/apps.py`, 1.1.9.

mod make;
mod map;
mod problem;
mod start;

use std::borrow::Cow;
use throughline_order::Arrange as _;

use rustc_hash::FxHashMap;

use crate::document::{
    ColumnType, Document, Field, FieldKind, Meta, Model, ModelKind, Name, RelationSpec, Value,
};
use crate::resolve::Origin;

pub(super) use make::RESERVED;
pub(super) use map::FieldsMap;
pub(super) use problem::{Problem, What};

/// The app that the file stands for.
pub(super) const APP: &str = "models";

/// A name: the file's own or one that Tortoise makes.
pub(super) type Text<'a> = Cow<'a, str>;

/// Index of an object in [`World::objects`].
pub(super) type Id = usize;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A field with a column.
    Column,
    /// `ForeignKeyFieldInstance`.
    ForeignKey,
    /// `OneToOneFieldInstance`.
    OneToOne,
    /// `ManyToManyFieldInstance`, the generated other side included.
    ManyToMany,
    /// `BackwardFKRelation` and `BackwardOneToOneRelation`.
    Backward,
}

/// An instance of a field class.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    /// Its declaration; `None` for the implicit key.
    pub(super) field: Option<&'a Field>,
    /// Where that stands.
    pub(super) origin: Option<Origin>,
    /// What it is.
    pub(super) kind: Kind,
    /// `model_field_name`.
    pub(super) name: Text<'a>,
    /// `source_field`.
    pub(super) source_field: Option<Text<'a>>,
    /// `pk`.
    pub(super) pk: bool,
    /// `null`.
    pub(super) null: bool,
    /// `unique`.
    pub(super) unique: bool,
    /// `index`.
    pub(super) index: bool,
    /// Whether the database numbers the rows by it.
    pub(super) generated: bool,
    /// `db_default`.
    pub(super) db_default: Option<&'a Value>,
    /// `description`.
    pub(super) comment: Option<&'a str>,
    /// For the field behind a key: the relation.
    pub(super) reference: Option<Id>,
    /// What only relations have.
    pub(super) relation: Option<Box<Relation<'a>>>,
}

/// What only relations have.
#[derive(Clone, Debug, Default)]
pub(super) struct Relation<'a> {
    /// What the field says.
    pub(super) spec: Option<&'a RelationSpec>,
    /// `related_name`, as far as it is set by now.
    pub(super) related_name: Option<Text<'a>>,
    /// `to_field`, as far as it is set by now.
    pub(super) to_field: Option<Text<'a>>,
    /// `to_field_instance`.
    pub(super) to_object: Option<Id>,
    /// `related_model`: index of the class.
    pub(super) related: Option<usize>,
    /// `through`.
    pub(super) through: Option<Text<'a>>,
    /// `forward_key`.
    pub(super) forward_key: Option<Text<'a>>,
    /// `backward_key`.
    pub(super) backward_key: Option<Text<'a>>,
    /// Whether it is the other side of a many-to-many, or a backward relation: the relation itself.
    pub(super) made_for: Option<Id>,
}

/// A class of the file.
#[derive(Debug)]
pub(super) struct Class<'a> {
    /// Its declaration.
    pub(super) model: &'a Model,
    /// Whether it is a model; else a mixin.
    pub(super) is_model: bool,
    /// `_meta.abstract`.
    pub(super) is_abstract: bool,
    /// Its method resolution order, itself first.
    pub(super) mro: Vec<usize>,
    /// `Meta` and what it inherits from, nearest first.
    pub(super) metas: Vec<&'a Meta>,
    /// `_meta.fields_map`.
    pub(super) fields: FieldsMap<'a>,
    /// `_meta.fields_db_projection`: the fields with a column.
    pub(super) columns: Vec<Id>,
    /// Default order: the names as written.
    pub(super) ordering: &'a [Name],
    /// `_meta.pk_attr`.
    pub(super) pk_attr: Text<'a>,
    /// `_meta.pk`.
    pub(super) pk: Option<Id>,
    /// `_meta.db_pk_column`.
    pub(super) pk_column: Text<'a>,
    /// `_meta.db_table`; empty until start-up gives it one.
    pub(super) table: Text<'a>,
}

impl<'a> Class<'a> {
    /// Its name.
    pub(super) fn name(&self) -> &'a str {
        self.model.name.text.as_str()
    }

    /// An option of its `Meta`, with the block that has it.
    pub(super) fn option(&self, name: &str) -> Option<(&'a Meta, &'a Name, &'a Value)> {
        self.metas.iter().find_map(|meta| {
            let (name, value) = meta.options.iter().rfind(|(known, _)| known.text == name)?;
            Some((*meta, name, value))
        })
    }
}

/// All that there is after start-up.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// The file.
    pub(super) document: &'a Document,
    /// All fields.
    pub(super) objects: Vec<Object<'a>>,
    /// The classes, by index into [`Document::models`].
    pub(super) classes: Vec<Class<'a>>,
    /// The models that were discovered, in Tortoise's order.
    pub(super) app: Vec<usize>,
    /// The app's name.
    pub(super) label: &'a str,
    /// Reverse sides that a clash kept from being made: target, name, relation, declaring class.
    pub(super) refused: Vec<(usize, Text<'a>, Id, usize)>,
    /// What stops the real one, in the order in which it would come to it.
    pub(super) problems: Vec<Problem<'a>>,
}

impl<'a> World<'a> {
    /// Runs the file.
    pub(super) fn new(document: &'a Document) -> Self {
        let mut world = Self {
            document,
            objects: Vec::with_capacity(document.models.len() * 12),
            classes: Vec::with_capacity(document.models.len()),
            app: Vec::new(),
            label: APP,
            refused: Vec::new(),
            problems: Vec::new(),
        };
        make::classes(&mut world);
        world.discover();
        start::relations(&mut world);
        world
    }

    /// The object of this id.
    pub(super) fn object(&self, id: Id) -> Option<&Object<'a>> {
        self.objects.get(id)
    }

    /// The relation of this id.
    pub(super) fn relation(&self, id: Id) -> Option<&Relation<'a>> {
        self.objects.get(id)?.relation.as_deref()
    }

    fn relation_mut(&mut self, id: Id) -> Option<&mut Relation<'a>> {
        self.objects.get_mut(id)?.relation.as_deref_mut()
    }

    /// The class of this index.
    pub(super) fn class(&self, index: usize) -> Option<&Class<'a>> {
        self.classes.get(index)
    }

    fn add(&mut self, object: Object<'a>) -> Id {
        self.objects.push(object);
        self.objects.len() - 1
    }

    /// The column's name of a field.
    pub(super) fn column(&self, id: Id) -> Text<'a> {
        self.object(id).map(Object::column).unwrap_or_default()
    }

    /// The type of a column.
    pub(super) fn column_type(&self, id: Id) -> ColumnType {
        match self.object(id).and_then(|object| object.field).map(|field| &field.kind) {
            Some(FieldKind::Column(column)) => column.ty.clone(),
            Some(FieldKind::Relation(_) | FieldKind::Virtual) | None => ColumnType::Integer,
        }
    }

    /// `Apps._discover_models`: the module's names in the order of `dir`, or those of `__models__`; models of other apps are passed over.
    fn discover(&mut self) {
        let mut bound: FxHashMap<&str, usize> = FxHashMap::default();
        for (index, class) in self.classes.iter().enumerate() {
            bound.insert(class.name(), index);
        }
        let candidates: Vec<usize> = match &self.document.listed {
            Some(names) => {
                names.iter().filter_map(|name| bound.get(name.as_str()).copied()).collect()
            }
            None => {
                let mut names: Vec<(&str, usize)> = bound.into_iter().collect();
                names.arrange();
                names.into_iter().map(|(_, index)| index).collect()
            }
        };
        let concrete: Vec<usize> = candidates
            .into_iter()
            .filter(|index| {
                self.class(*index).is_some_and(|class| class.is_model && !class.is_abstract)
            })
            .collect();
        let label_of = |index: &usize| self.class(*index).and_then(app_option);
        let belongs = |label: &str| -> Vec<usize> {
            let of = |index: &&usize| label_of(index).is_none_or(|found| found == label);
            concrete.iter().filter(of).copied().collect()
        };
        let here = belongs(APP);
        if !here.is_empty() || self.document.models.is_empty() {
            self.app = here;
            return;
        }
        // A file that says throughout that it belongs to another app is shown as that app, though Tortoise passes over it here.
        let label = concrete.iter().find_map(label_of).unwrap_or(APP);
        (self.app, self.label) = (belongs(label), label);
        self.problems.push(Problem::new(What::NoModels));
    }
}

/// `app` of a class's `Meta`, where it says something.
fn app_option<'a>(class: &Class<'a>) -> Option<&'a str> {
    let (_, _, value) = class.option("app")?;
    value.as_str().filter(|label| !label.is_empty())
}

impl<'a> Object<'a> {
    /// A declared field, as its constructor leaves it.
    fn declared(field: &'a Field, origin: Origin) -> Self {
        let kind = match &field.kind {
            FieldKind::Column(_) | FieldKind::Virtual => Kind::Column,
            FieldKind::Relation(spec) => match spec.kind {
                crate::document::RelationKind::ForeignKey => Kind::ForeignKey,
                crate::document::RelationKind::OneToOne => Kind::OneToOne,
                crate::document::RelationKind::ManyToMany => Kind::ManyToMany,
            },
        };
        let generated = matches!(&field.kind, FieldKind::Column(column) if column.auto);
        Self {
            field: Some(field),
            origin: Some(origin),
            kind,
            name: Text::Borrowed(field.name.text.as_str()),
            source_field: field.column.as_ref().map(|name| Text::Borrowed(name.text.as_str())),
            pk: field.primary_key,
            null: field.null,
            // A many-to-many is `unique` by default, which is about its pairs; `to_field` asks for it all the same.
            unique: field.unique || kind == Kind::ManyToMany,
            index: field.primary_key || field.index == Some(true),
            generated,
            db_default: field.db_default.as_ref(),
            comment: field.comment.as_deref(),
            reference: None,
            relation: field.relation().map(|spec| Box::new(Relation::declared(spec))),
        }
    }

    /// `IntField(primary_key=True)`, which a model without a key gets.
    fn implicit_key() -> Self {
        Self {
            field: None,
            origin: None,
            kind: Kind::Column,
            name: Text::Borrowed("id"),
            source_field: None,
            pk: true,
            null: false,
            unique: true,
            index: true,
            generated: true,
            db_default: None,
            comment: None,
            reference: None,
            relation: None,
        }
    }

    /// `source_field or model_field_name`.
    pub(super) fn column(&self) -> Text<'a> {
        self.source_field.clone().unwrap_or_else(|| self.name.clone())
    }
}

impl<'a> Relation<'a> {
    fn declared(spec: &'a RelationSpec) -> Self {
        let text =
            |name: &'a Option<Name>| name.as_ref().map(|name| Text::Borrowed(name.text.as_str()));
        let forward_key = text(&spec.through_columns.1).or_else(|| {
            // The model's name is the second part of `app.Model`, or the class's own.
            let target = spec.target.as_ref()?.text.as_str();
            let name = target.rsplit('.').next().unwrap_or(target);
            (spec.kind == crate::document::RelationKind::ManyToMany)
                .then(|| Text::Owned(format!("{}_id", name.to_lowercase())))
        });
        Self {
            spec: Some(spec),
            related_name: text(&spec.related_name),
            to_field: text(&spec.to_field),
            to_object: None,
            related: None,
            through: text(&spec.through_table),
            forward_key,
            backward_key: text(&spec.through_columns.0),
            made_for: None,
        }
    }
}

/// Whether a declaration is a mixin.
fn is_mixin(model: &Model) -> bool {
    match model.kind {
        ModelKind::Mixin => true,
        ModelKind::Concrete | ModelKind::Abstract | ModelKind::Proxy => false,
    }
}
