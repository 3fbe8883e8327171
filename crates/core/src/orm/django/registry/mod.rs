//! The classes as the ORM has them when all are made: what each inherits, which are registered, where relations lead.
//!
//! The rules ask this instead of walking over the document again and again: everything is indexed once, so that all
//! rules together stay linear in models and relations. Follows Django's `ModelBase.__new__`, `Options` and `Apps`.

mod inherit;
mod relation;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::document::{Document, Field, Meta, Model, ModelKind, RelationSpec, Span};
use crate::resolve::{Origin, Resolved};

pub(crate) use relation::{Relation, Target, Through};

/// The label of the app that a models file belongs to.
pub(crate) const APP: &str = "app";

/// All classes of a document.
#[derive(Debug)]
pub(crate) struct Registry<'a> {
    /// One for each of [`Document::models`], in the same order.
    pub classes: Vec<Class<'a>>,
    /// Models of the ORM's own apps that the file reaches; their indices follow those of `classes`.
    library: Vec<Class<'a>>,
    /// How many classes the document has.
    own: usize,
    /// All relations of classes that are not abstract, class by class, in the order in which the ORM keeps them.
    pub relations: Vec<Relation<'a>>,
    /// The through models that the ORM makes.
    pub generated: Vec<Generated>,
    /// Places in `generated`, by relation.
    generated_by: HashMap<usize, usize>,
    /// For each class the relations that end at it.
    pub incoming: Vec<Vec<usize>>,
    /// The document's classes by name: a name may be bound again.
    bound: HashMap<&'a str, Vec<usize>>,
    /// Models by app and name in lower case.
    named: HashMap<String, Vec<usize>>,
    /// Registered classes by their name in lower case.
    by_name: HashMap<String, usize>,
}

/// A through model that the ORM makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Generated {
    /// The many-to-many, by its place in [`Registry::relations`].
    pub relation: usize,
    /// Its class name: `Course_students`.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Whether a declared class of the same name has replaced it.
    pub replaced: bool,
}

/// A class.
#[derive(Debug)]
pub(crate) struct Class<'a> {
    /// Its declaration.
    pub model: &'a Model,
    /// Its options, inherited ones included.
    pub meta: &'a Meta,
    /// Its place in [`Document::models`], or after them for one of the ORM's own apps.
    pub index: usize,
    /// Whether it is a model of the ORM's own apps: not in the file, so no place in it may be marked.
    pub foreign: bool,
    /// Whether the running ORM knows it: not abstract, of this app, not replaced by a later class of its name.
    pub installed: bool,
    /// The document's classes in Python's method resolution order, itself first.
    pub mro: Vec<usize>,
    /// The parents with a table that it directly extends, each with its link's place in `fields`; a proxy has no link.
    pub parents: Vec<(usize, Option<usize>)>,
    /// Fields of its own, those of abstract parents and implicit ones included.
    pub fields: Vec<Local<'a>>,
    /// Its own many-to-many fields.
    pub many: Vec<Local<'a>>,
    /// Which of `fields` is the primary key.
    pub key: Option<usize>,
}

impl Class<'_> {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
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
        format!("{}.{}", self.app(), self.name().to_lowercase())
    }

    /// `app.Author.name`.
    pub(crate) fn path(&self, field: &str) -> String {
        format!("{}.{}.{field}", self.app(), self.name())
    }

    /// Its own fields, many-to-many last.
    pub(crate) fn locals(&self) -> impl Iterator<Item = &Local<'_>> {
        self.fields.iter().chain(&self.many)
    }

    /// The fields that are written in a class body, many-to-many last.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (&Local<'_>, &Field)> {
        self.locals().filter_map(|local| local.field.map(|field| (local, field)))
    }
}

/// A field of a class.
#[derive(Clone, Debug)]
pub(crate) struct Local<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its declaration in the file; `None` for what the ORM adds, and for what stands in its own apps.
    pub field: Option<&'a Field>,
    /// The options of a relation, also of one that stands in the ORM's own apps.
    pub spec: Option<&'a RelationSpec>,
    /// Where that stands.
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
}

impl<'a> Registry<'a> {
    /// Indexes a document.
    pub(crate) fn new(
        document: &'a Document,
        resolved: &'a Resolved,
        library: Option<&'static Document>,
    ) -> Self {
        let mut registry = Self {
            classes: Vec::new(),
            library: Vec::new(),
            own: document.models.len(),
            relations: Vec::new(),
            generated: Vec::new(),
            generated_by: HashMap::new(),
            incoming: Vec::new(),
            bound: HashMap::new(),
            named: HashMap::new(),
            by_name: HashMap::new(),
        };
        for model in library.iter().flat_map(|library| &library.models) {
            let class = inherit::class(
                &registry,
                registry.own + registry.library.len(),
                model,
                &model.meta,
            );
            registry.name(&class);
            registry.library.push(class);
        }
        let metas: HashMap<usize, &Meta> = resolved
            .models
            .iter()
            .filter_map(|model| Some((model.declared?, &model.meta)))
            .collect();
        for (index, model) in document.models.iter().enumerate() {
            let meta = metas.get(&index).copied().unwrap_or(&model.meta);
            let class = inherit::class(&registry, index, model, meta);
            if class.installed
                && let Some(replaced) = registry.by_name.insert(class.name().to_lowercase(), index)
                && let Some(replaced) = registry.classes.get_mut(replaced)
            {
                replaced.installed = false;
            }
            registry.name(&class);
            registry.bound.entry(&model.name.text).or_default().push(index);
            registry.classes.push(class);
        }
        registry.incoming = vec![Vec::new(); registry.own + registry.library.len()];
        relation::resolve(&mut registry, document);
        registry.generate();
        registry
    }

    /// Makes the through models. Where a declared class has the same name, the later of the two stays.
    fn generate(&mut self) {
        let mut made = Vec::new();
        for relation in
            self.relations.iter().filter(|relation| relation.through == Some(Through::Generated))
        {
            let Some(class) = self.class(relation.class) else { continue };
            let name = format!("{}_{}", class.name(), relation.name);
            let given = relation
                .spec()
                .and_then(|spec| spec.through_table.as_ref())
                .map(|table| table.text.clone());
            let table = given
                .filter(|table| !table.is_empty())
                .unwrap_or_else(|| format!("{}_{}", self.table(class.index), relation.name));
            let namesake = self.by_name.get(&name.to_lowercase()).copied();
            made.push((
                Generated {
                    relation: relation.index,
                    name,
                    table,
                    replaced: namesake.is_some_and(|other| other > class.index),
                },
                namesake,
            ));
        }
        for (generated, namesake) in made {
            if let (false, Some(class)) =
                (generated.replaced, namesake.and_then(|at| self.classes.get_mut(at)))
            {
                class.installed = false;
            }
            self.generated_by.insert(generated.relation, self.generated.len());
            self.generated.push(generated);
        }
    }

    /// The through model that the ORM makes for a many-to-many.
    pub(crate) fn generated_for(&self, relation: usize) -> Option<&Generated> {
        self.generated_by.get(&relation).and_then(|at| self.generated.get(*at))
    }

    /// The place of what is named `check` and so hides the class method with which Django checks a model: a field, a method
    /// that is no class method, or the reverse name of a relation.
    pub(crate) fn check_hidden_by(&self, source: &str, index: usize) -> Option<Span> {
        let class = self.class(index)?;
        for base in class.mro.iter().filter_map(|at| self.class(*at)) {
            if let Some(local) =
                base.locals().find(|local| local.name == "check" || local.attname == "check")
            {
                return Some(local.field.map_or(base.model.name.span, |field| field.name.span));
            }
            if let Some(member) =
                base.model.members.iter().find(|member| member.name.text == "check")
            {
                let before = source
                    .get(base.model.span.start as usize..member.name.span.start as usize)
                    .unwrap_or_default();
                let decorated = before
                    .lines()
                    .rev()
                    .skip(1)
                    .map(str::trim)
                    .take_while(|line| line.starts_with('@'))
                    .any(|line| line.starts_with("@classmethod"));
                return (!decorated).then_some(member.name.span);
            }
            let incoming = self
                .incoming
                .get(base.index)
                .into_iter()
                .flatten()
                .filter_map(|at| self.relations.get(*at));
            if let Some(relation) = incoming
                .filter(|relation| !relation.hidden)
                .find(|relation| relation.accessor.as_deref() == Some("check"))
            {
                return relation.field.map(|field| field.name.span);
            }
        }
        None
    }

    /// The class at a place of [`Document::models`], or of the ORM's own apps after them.
    pub(crate) fn class(&self, index: usize) -> Option<&Class<'a>> {
        match index.checked_sub(self.own) {
            None => self.classes.get(index),
            Some(index) => self.library.get(index),
        }
    }

    fn name(&mut self, class: &Class<'a>) {
        if !class.is_abstract() {
            self.named.entry(class.label_lower()).or_default().push(class.index);
        }
    }

    fn class_mut(&mut self, index: usize) -> Option<&mut Class<'a>> {
        match index.checked_sub(self.own) {
            None => self.classes.get_mut(index),
            Some(index) => self.library.get_mut(index),
        }
    }

    /// The class of this name among those that are made so far: the last one, then the ORM's own.
    fn made(&self, name: &str) -> Option<usize> {
        self.bound
            .get(name)
            .and_then(|bound| bound.last().copied())
            .or_else(|| self.in_library(name))
    }

    fn in_library(&self, name: &str) -> Option<usize> {
        self.library.iter().position(|class| class.model.name.text == name).map(|at| at + self.own)
    }

    /// The class that the ORM has registered under this name, upper and lower case alike.
    pub(crate) fn registered(&self, name: &str) -> Option<&Class<'a>> {
        self.by_name.get(&name.to_lowercase()).and_then(|index| self.class(*index))
    }

    /// The classes that the ORM knows.
    pub(crate) fn installed(&self) -> impl Iterator<Item = &Class<'a>> {
        self.classes.iter().filter(|class| class.installed)
    }

    /// The class whose table a class uses: itself, or what a proxy stands for.
    pub(crate) fn concrete(&self, index: usize) -> usize {
        match self.class(index) {
            Some(class) if class.is_proxy() => {
                class.parents.first().map_or(index, |(parent, _)| self.concrete(*parent))
            }
            _ => index,
        }
    }

    /// All forward fields of a class, those of its parents first: many-to-many after the others of each class.
    pub(crate) fn all_fields(&self, index: usize) -> Vec<(&Class<'a>, &Local<'a>)> {
        let mut out = Vec::new();
        self.collect_fields(index, &mut out);
        out
    }

    fn collect_fields<'r>(&'r self, index: usize, out: &mut Vec<(&'r Class<'a>, &'r Local<'a>)>) {
        let Some(class) = self.class(index) else { return };
        for (parent, _) in &class.parents {
            let from = out.len();
            self.collect_fields(*parent, out);
            // Links between ancestors are not inherited, and in a diamond each field counts once.
            let inherited = out.split_off(from);
            for (owner, local) in inherited {
                if (local.link.is_none() || owner.index == index || class.is_proxy())
                    && !out
                        .iter()
                        .any(|(other, seen)| other.index == owner.index && seen.name == local.name)
                {
                    out.push((owner, local));
                }
            }
        }
        out.extend(class.fields.iter().map(|local| (class, local)));
        out.extend(class.many.iter().map(|local| (class, local)));
    }

    /// The field that Django's `_meta.get_field` finds among a class's forward fields, by its name or its raw value's.
    pub(crate) fn forward_field(
        &self,
        index: usize,
        name: &str,
    ) -> Option<(&Class<'a>, &Local<'a>)> {
        let class = self.class(index)?;
        let own = class.locals_of().find(|local| local.name == name || local.attname == name);
        match own {
            Some(local) => Some((class, local)),
            None => class.parents.iter().find_map(|(parent, _)| self.forward_field(*parent, name)),
        }
    }

    /// The relations that end at a class, or at one that it extends, hidden ones left out.
    pub(crate) fn reverse(&self, index: usize) -> Vec<&Relation<'a>> {
        let mut out = Vec::new();
        let mut seen = Vec::new();
        self.collect_reverse(index, &mut seen, &mut out);
        out
    }

    fn collect_reverse<'r>(
        &'r self,
        index: usize,
        seen: &mut Vec<usize>,
        out: &mut Vec<&'r Relation<'a>>,
    ) {
        let index = self.concrete(index);
        if seen.contains(&index) {
            return;
        }
        seen.push(index);
        for (parent, _) in
            self.class(index).map(|class| class.parents.as_slice()).unwrap_or_default()
        {
            let before = out.len();
            self.collect_reverse(*parent, seen, out);
            let inherited = out.split_off(before);
            out.extend(inherited.into_iter().filter(|relation| {
                !relation.parent_link || relation.target_index() == Some(index)
            }));
        }
        let own = self.incoming.get(index).map(Vec::as_slice).unwrap_or_default();
        out.extend(
            own.iter().filter_map(|at| self.relations.get(*at)).filter(|relation| !relation.hidden),
        );
    }

    /// The primary key of a class: its own, or that of what it stands for. With the class that holds it.
    pub(crate) fn key(&self, index: usize) -> Option<(&Class<'a>, &Local<'a>)> {
        let class = self.class(index)?;
        match class.key.and_then(|at| class.fields.get(at)) {
            Some(local) => Some((class, local)),
            None if class.is_proxy() => {
                class.parents.first().and_then(|(parent, _)| self.key(*parent))
            }
            None => None,
        }
    }

    /// The table of a class, as Django names it.
    pub(crate) fn table(&self, index: usize) -> String {
        let concrete = self.concrete(index);
        let Some(class) = self.class(concrete) else { return String::new() };
        match &class.meta.table {
            Some(table) => table.text.clone(),
            None => format!("{}_{}", class.app(), class.name().to_lowercase()),
        }
    }
}

impl<'a> Class<'a> {
    /// As [`Class::locals`], for as long as the document lives.
    fn locals_of(&self) -> impl Iterator<Item = &Local<'a>> {
        self.fields.iter().chain(&self.many)
    }

    /// The local field of this name.
    pub(crate) fn local(&self, name: &str) -> Option<&Local<'a>> {
        self.locals_of().find(|local| local.name == name)
    }
}
