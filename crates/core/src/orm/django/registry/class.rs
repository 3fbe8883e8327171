//! A class as Django has it once it is made: Django's `ModelBase.__new__`, up to its fields.

use std::borrow::Cow;

use super::{Registry, inherit, meta};
use crate::document::{
    ColumnType, Field, Meta, Model, ModelKind, Project, RelationSpec, Span, Value,
};
use crate::resolve::Origin;

/// The label of the app that a models file belongs to.
pub(crate) const APP: &str = "app";

/// A class.
#[derive(Debug)]
pub(crate) struct Class<'a> {
    /// Its declaration.
    pub model: &'a Model,
    /// Its options, inherited ones included.
    pub meta: Cow<'a, Meta>,
    /// Its place in [`Document::models`](crate::document::Document::models), or after them for one of the ORM's own apps.
    pub index: usize,
    /// Its name in lower case, which most names are made from.
    pub model_name: String,
    /// Its table, or that of what it stands for.
    pub table: Cow<'a, str>,
    /// The class whose table it uses: itself, but for a proxy.
    pub concrete: usize,
    /// Whether it is a model of the ORM's own apps: not in the file, so no place in it may be marked.
    pub foreign: bool,
    /// Whether the model that a setting names stands in its place (`Meta.swappable`).
    pub swapped: bool,
    /// Whether it is kept in a registry of its own (`Meta.apps`), as tests do.
    pub apart: bool,
    /// Whether the running ORM knows it: not abstract, of this app, not replaced by a later class of its name.
    pub installed: bool,
    /// Its bases that are models.
    pub bases: Vec<usize>,
    /// The classes behind it in Python's method resolution order, itself first.
    pub mro: Vec<usize>,
    /// The parents with a table that it extends, each with its link's place in `fields`; a proxy has no link.
    pub parents: Vec<(usize, Option<usize>)>,
    /// Fields of its own, those of abstract parents and implicit ones included.
    pub fields: Vec<Local<'a>>,
    /// Its own many-to-many fields.
    pub many: Vec<Local<'a>>,
    /// Declarations without a column, inherited ones included; a composite key is among `fields` instead.
    pub private: Vec<Local<'a>>,
    /// Which of `fields` is the primary key.
    pub key: Option<usize>,
}

/// A field of a class.
#[derive(Clone, Debug)]
pub(crate) struct Local<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its declaration in the file; `None` for what the ORM adds, and for what stands in its own apps.
    pub field: Option<&'a Field>,
    /// Its declaration, also where that stands in the ORM's own apps.
    pub written: Option<&'a Field>,
    /// Where `field` stands.
    pub origin: Option<Origin>,
    /// The attribute of the raw value: `author_id`.
    pub attname: Cow<'a, str>,
    /// Its column; `None` where it has none.
    pub column: Option<Cow<'a, str>>,
    /// Whether it is declared (or made) the primary key.
    pub primary_key: bool,
    /// Which of [`Registry::relations`] it is.
    pub relation: Option<usize>,
    /// For the link to a parent with a table: the parent.
    pub link: Option<usize>,
    /// The ORM keeps fields in the order in which they were made, those that it makes itself before all others.
    pub(super) counter: i64,
}

impl<'a> Class<'a> {
    /// Its name.
    pub(crate) fn name(&self) -> &'a str {
        &self.model.name.text
    }

    /// Whether it only lends its fields.
    pub(crate) fn is_abstract(&self) -> bool {
        self.model.kind == ModelKind::Abstract
    }

    /// Whether it is a proxy.
    pub(crate) fn is_proxy(&self) -> bool {
        self.model.kind == ModelKind::Proxy
    }

    /// The label of its app.
    pub(crate) fn app(&self) -> &str {
        self.meta.app_label.as_ref().map_or(APP, |label| label.text.as_str())
    }

    /// `app.Author`.
    pub(crate) fn label(&self) -> String {
        format!("{}.{}", self.app(), self.name())
    }

    /// `app.author`.
    pub(crate) fn label_lower(&self) -> String {
        format!("{}.{}", self.app(), self.model_name)
    }

    /// `app.Author.name`.
    pub(crate) fn path(&self, field: &str) -> String {
        format!("{}.{}.{field}", self.app(), self.name())
    }

    /// Its own fields, many-to-many last.
    pub(crate) fn locals(&self) -> impl Iterator<Item = &Local<'a>> {
        self.fields.iter().chain(&self.many)
    }

    /// The local field of this name.
    pub(crate) fn local(&self, name: &str) -> Option<&Local<'a>> {
        self.locals().find(|local| local.name == name)
    }

    /// The fields that are written in a class body, many-to-many last.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (&Local<'a>, &'a Field)> {
        self.locals().filter_map(|local| local.field.map(|field| (local, field)))
    }

    /// The value of one of its options.
    pub(crate) fn option(&self, name: &str) -> Option<&Value> {
        self.meta.options.iter().find(|(option, _)| option.text == name).map(|(_, value)| value)
    }

    /// The type of an implicit `id`: `DEFAULT_AUTO_FIELD` as `startproject` sets it; Django's own apps keep the older one.
    pub(crate) fn id_type(&self) -> ColumnType {
        if self.foreign { ColumnType::Integer } else { ColumnType::BigInt }
    }

    /// The place that is marked for its table.
    pub(crate) fn table_span(&self) -> Span {
        self.model.meta.table.as_ref().map_or(self.model.name.span, |table| table.span)
    }

    /// What its body binds, whatever it is.
    pub(super) fn body(&self) -> impl Iterator<Item = &'a str> {
        let model = self.model;
        let fields = model.fields.iter().map(|field| field.name.text.as_str());
        fields.chain(model.members.iter().map(|member| member.name.text.as_str()))
    }
}

impl<'a> Local<'a> {
    /// The declared options of a relation, also of one that stands in the ORM's own apps.
    pub(crate) fn spec(&self) -> Option<&'a RelationSpec> {
        self.written.and_then(Field::relation)
    }
}

/// Makes the class, from those before it.
pub(super) fn make<'a>(registry: &mut Registry<'a>, index: usize, model: &'a Model) -> Class<'a> {
    let bases: Vec<usize> =
        model.bases.iter().filter_map(|base| registry.made(&base.path)).collect();
    let mro = linearize(registry, index, &bases);
    let meta = meta::effective(registry, model, mro.get(1..).unwrap_or_default());
    let mut class = Class {
        model,
        meta,
        index,
        model_name: model.name.text.to_lowercase(),
        table: Cow::Borrowed(""),
        concrete: index,
        foreign: index >= registry.own,
        swapped: false,
        apart: false,
        installed: false,
        bases,
        mro,
        parents: Vec::new(),
        fields: Vec::new(),
        many: Vec::new(),
        private: Vec::new(),
        key: None,
    };
    // Of all settings only that for users has a default. A project may name this very model there; a file by itself cannot.
    let setting = class.option("swappable").and_then(Value::as_str);
    class.swapped =
        !class.foreign && registry.project != Project::Usual && setting == Some("AUTH_USER_MODEL");
    class.apart = class.option("apps").is_some_and(|value| {
        *value != Value::None && *value != Value::Name("django.apps.apps".into())
    });
    class.installed = !(class.is_abstract() || class.swapped || class.apart) && class.app() == APP;
    if !class.is_abstract() {
        meta::fill_in(&mut class);
    }
    let mut parents = class.bases.iter().filter_map(|base| registry.class(*base));
    let stands_for = parents.find(|base| class.is_proxy() && !base.is_abstract());
    (class.concrete, class.table) = match (stands_for, &class.meta) {
        (Some(base), _) => (base.concrete, base.table.clone()),
        (None, Cow::Borrowed(Meta { table: Some(table), .. })) => {
            (index, Cow::Borrowed(table.text.as_str()))
        }
        (None, meta) => {
            let given = meta.table.as_ref().map(|table| table.text.clone());
            let made = || format!("{}_{}", class.app(), class.model_name);
            (index, Cow::Owned(given.unwrap_or_else(made)))
        }
    };
    inherit::fields(registry, &mut class);
    class
}

/// Python's method resolution order (C3). Bases that contradict each other, which Python refuses, give the order of declaration.
fn linearize(registry: &Registry<'_>, index: usize, bases: &[usize]) -> Vec<usize> {
    let mut out = vec![index];
    if bases.is_empty() {
        return out;
    }
    let chain = |base: &usize| registry.class(*base).map(|class| class.mro.clone());
    let mut lists: Vec<Vec<usize>> = bases.iter().filter_map(chain).collect();
    lists.push(bases.to_vec());
    loop {
        lists.retain(|list| !list.is_empty());
        let in_no_tail =
            |head: &usize| !lists.iter().any(|list| list.iter().skip(1).any(|other| other == head));
        let heads = || lists.iter().filter_map(|list| list.first().copied());
        let Some(next) = heads().find(in_no_tail).or_else(|| heads().next()) else {
            return out;
        };
        if !out.contains(&next) {
            out.push(next);
        }
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
    }
}
