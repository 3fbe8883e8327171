//! The classes as the ORM has them when all are made: what each inherits, which are registered, where relations lead.
//!
//! Stage 2 and the rules ask this instead of walking over the document again and again: everything is indexed once, so
//! that all of it stays linear in models and relations. Follows Django's `ModelBase.__new__`, `Options` and `Apps`.

mod class;
mod inherit;
mod meta;
mod relation;

use rustc_hash::FxHashMap;

use super::contrib;
use crate::document::{Document, Model, Project, RelationKind, Span};

pub(crate) use class::{APP, Class, Local};
pub(crate) use relation::{Relation, Target, Through};

/// All classes of a document.
#[derive(Debug)]
pub(crate) struct Registry<'a> {
    /// One for each of [`Document::models`], in the same order.
    pub classes: Vec<Class<'a>>,
    /// Models of the ORM's own apps that the file reaches; their indices follow those of `classes`.
    pub library: Vec<Class<'a>>,
    /// How many classes the document has.
    own: usize,
    /// All relations of classes that are not abstract, class by class, in the order in which the ORM keeps them.
    pub relations: Vec<Relation<'a>>,
    /// The through models that the ORM makes.
    pub generated: Vec<Generated>,
    /// Places in `generated`, by relation.
    generated_by: FxHashMap<usize, usize>,
    /// For each class the relations that end at it.
    pub incoming: Vec<Vec<usize>>,
    /// The document's classes by name: a name may be bound again.
    bound: FxHashMap<&'a str, Vec<usize>>,
    /// Models by name in lower case.
    named: FxHashMap<String, Vec<usize>>,
    /// Registered classes by their name in lower case.
    by_name: FxHashMap<String, usize>,
    /// Where imported names come from.
    imports: FxHashMap<&'a str, &'a str>,
    /// What stands around the file.
    project: Project,
    /// Fields that the ORM adds count downwards.
    last_auto: i64,
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

impl<'a> Registry<'a> {
    /// Indexes a document.
    pub(crate) fn new(document: &'a Document) -> Self {
        let library: &[Model] =
            if contrib::is_reached(document) { &contrib::document().models } else { &[] };
        let own = document.models.len();
        let imports = document.imports.iter();
        let mut registry = Self {
            classes: Vec::with_capacity(own),
            library: Vec::with_capacity(library.len()),
            own,
            relations: Vec::new(),
            generated: Vec::new(),
            generated_by: FxHashMap::default(),
            incoming: vec![Vec::new(); own + library.len()],
            bound: FxHashMap::default(),
            named: FxHashMap::default(),
            by_name: FxHashMap::default(),
            imports: imports.map(|import| (import.name.as_str(), import.path.as_str())).collect(),
            project: document.project,
            last_auto: 0,
        };
        for (at, model) in library.iter().enumerate() {
            let class = class::make(&mut registry, own + at, model);
            registry.name(&class);
            registry.library.push(class);
        }
        for (index, model) in document.models.iter().enumerate() {
            let class = class::make(&mut registry, index, model);
            if class.installed
                && let Some(replaced) = registry.by_name.insert(class.model_name.clone(), index)
                && let Some(replaced) = registry.classes.get_mut(replaced)
            {
                replaced.installed = false;
            }
            registry.name(&class);
            registry.bound.entry(&model.name.text).or_default().push(index);
            registry.classes.push(class);
        }
        relation::resolve(&mut registry);
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
            let owner = class.table.trim_matches('"');
            let table = given
                .filter(|table| !table.is_empty())
                .unwrap_or_else(|| format!("{owner}_{}", relation.name));
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
        if !(class.is_abstract() || class.apart) {
            self.named.entry(class.model_name.clone()).or_default().push(class.index);
        }
    }

    fn next_auto(&mut self) -> i64 {
        self.last_auto -= 1;
        self.last_auto
    }

    fn class_mut(&mut self, index: usize) -> Option<&mut Class<'a>> {
        match index.checked_sub(self.own) {
            None => self.classes.get_mut(index),
            Some(index) => self.library.get_mut(index),
        }
    }

    /// The class that a dotted path stands for among those that are made so far: the last one, then the ORM's own.
    fn made(&self, path: &str) -> Option<usize> {
        let bound = self.bound.get(path).and_then(|bound| bound.last().copied());
        // While the ORM's own apps are read, their names are plain.
        let plain = || self.bound.is_empty().then(|| self.in_library(path)).flatten();
        bound.or_else(|| self.imported(&self.import(path))).or_else(plain)
    }

    /// A path with its first segment's import followed.
    fn import(&self, path: &str) -> String {
        let (first, rest) =
            path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        match (self.imports.get(first), rest) {
            (Some(found), Some(rest)) => format!("{found}.{rest}"),
            (Some(found), None) => (*found).to_owned(),
            (None, _) => path.to_owned(),
        }
    }

    /// The class of the ORM's own apps with this full path.
    fn imported(&self, path: &str) -> Option<usize> {
        contrib::model_at(path).and_then(|name| self.in_library(name))
    }

    fn in_library(&self, name: &str) -> Option<usize> {
        self.library.iter().position(|class| class.name() == name).map(|at| at + self.own)
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
        self.class(index).map_or(index, |class| class.concrete)
    }

    /// The class that its name means in the end: Django finds the relations to a model by its label.
    pub(crate) fn staying(&self, index: usize) -> usize {
        let staying = |class: &Class<'_>| {
            (!class.installed && class.app() == APP).then(|| self.by_name.get(&class.model_name))?
        };
        self.class(index).and_then(staying).copied().unwrap_or(index)
    }

    /// All forward fields of a class, those of its parents first: many-to-many after the others of each class.
    pub(crate) fn all_fields(&self, index: usize) -> Vec<(&Class<'a>, &Local<'a>)> {
        let mut out = Vec::new();
        self.collect_fields(index, &mut out);
        out
    }

    /// The last of [`Registry::all_fields`] with this name.
    pub(crate) fn field_named(&self, index: usize, name: &str) -> Option<&Local<'a>> {
        let class = self.class(index)?;
        if class.parents.is_empty() {
            return class.locals().filter(|local| local.name == name).last();
        }
        let mut fields = self.all_fields(index).into_iter();
        fields.rfind(|(_, local)| local.name == name).map(|(_, local)| local)
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
        let own = class.locals().find(|local| local.name == name || local.attname == name);
        match own {
            Some(local) => Some((class, local)),
            None => class.parents.iter().find_map(|(parent, _)| self.forward_field(*parent, name)),
        }
    }

    /// Whether Django's `_meta.get_field` finds the name: a field, one without a column, or the query name of a reverse side.
    pub(crate) fn has_field(&self, index: usize, name: &str) -> bool {
        let is_virtual = self.class(index).is_some_and(|class| {
            class
                .mro
                .iter()
                .filter_map(|at| self.class(*at))
                .any(|base| base.private.iter().any(|local| local.name == name))
        });
        is_virtual
            || self.forward_field(index, name).is_some()
            || self.reverse(index).iter().any(|relation| relation.query_name == name)
    }

    /// Django's class of the reverse side with this name in filters, where a class has one: that is what `get_field` gives.
    pub(crate) fn reverse_class(&self, index: usize, name: &str) -> Option<&'static str> {
        let all = self.reverse(index);
        let found = all.into_iter().find(|relation| relation.query_name == name)?;
        Some(match found.kind {
            RelationKind::ForeignKey => "ManyToOneRel",
            RelationKind::OneToOne => "OneToOneRel",
            RelationKind::ManyToMany => "ManyToManyRel",
        })
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
    pub(crate) fn table(&self, index: usize) -> &str {
        self.class(index).map_or("", |class| class.table.as_ref())
    }
}
