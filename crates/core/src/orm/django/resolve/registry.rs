//! All classes of a run: the file's, those of Django's own apps that it reaches, and the generated through models.

use rustc_hash::FxHashMap;
use std::cell::Cell;

use super::slots::{Slot, Source};
use super::{classes, inherit};
use crate::document::{ColumnType, Document, Meta, Model, Name, Target, TargetForm};
use crate::orm::django::contrib;

/// The app that the file stands for.
pub(in crate::orm::django) const APP: &str = "app";

/// A class.
#[derive(Clone, Debug)]
pub(super) struct Class<'a> {
    /// Its name; with the app before it for the models of Django's own apps.
    pub(super) name: String,
    /// The class's own name.
    pub(super) object_name: String,
    /// The same in lower case, which most names are made from.
    pub(super) model_name: String,
    /// Its app.
    pub(super) app: String,
    /// Index into the user's document.
    pub(super) declared: Option<usize>,
    /// Whether it is abstract.
    pub(super) is_abstract: bool,
    /// Whether it is a proxy.
    pub(super) proxy: bool,
    /// Its options after inheritance.
    pub(super) meta: Meta,
    /// What `Meta` means as an attribute of the class: only abstract classes keep theirs.
    pub(super) meta_attribute: Option<Meta>,
    /// Its table.
    pub(super) table: String,
    /// Its bases that are models.
    pub(super) bases: Vec<usize>,
    /// The classes behind it in method resolution order, itself first.
    pub(super) mro: Vec<usize>,
    /// Its fields with a column, in order.
    pub(super) fields: Vec<Slot<'a>>,
    /// Its many-to-many fields, in order.
    pub(super) many: Vec<Slot<'a>>,
    /// Declarations without a column.
    pub(super) private: Vec<Slot<'a>>,
    /// Parents with a table, each with the name of the field that links to it.
    pub(super) parents: Vec<(usize, Option<String>)>,
    /// The class whose table it uses.
    pub(super) concrete: usize,
    /// For a generated through model: owner class and field.
    pub(super) generated_by: Option<(usize, String)>,
    /// Its declaration.
    pub(super) model: Option<&'a Model>,
}

impl Class<'_> {
    /// The names that its body binds, whatever they are.
    pub(super) fn own_names(&self) -> impl Iterator<Item = &str> {
        let fields = self
            .model
            .into_iter()
            .flat_map(|model| model.fields.iter().map(|field| field.name.text.as_str()));
        fields.chain(
            self.model
                .into_iter()
                .flat_map(|model| model.members.iter().map(|member| member.name.text.as_str())),
        )
    }

    /// The type of an implicit `id`: `DEFAULT_AUTO_FIELD` as `startproject` sets it; Django's own apps keep the older one.
    pub(super) fn id_type(&self) -> ColumnType {
        if self.app == "auth" || self.app == "contenttypes" {
            ColumnType::Integer
        } else {
            ColumnType::BigInt
        }
    }

    /// The fields of a composite primary key, its own or inherited.
    pub(super) fn composite(&self) -> Option<Vec<Name>> {
        let field = self.private.iter().find(|slot| slot.primary_key)?.field()?;
        let names = field.args.iter().filter(|arg| arg.keyword.is_none());
        Some(
            names
                .filter_map(|arg| {
                    Some(Name { text: arg.value.as_str()?.to_owned(), span: arg.value_span })
                })
                .collect(),
        )
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// In order of creation.
    pub(super) classes: Vec<Class<'a>>,
    /// Models by app and lower-case name, as Django's registry has them: a later one replaces an earlier one.
    registry: FxHashMap<String, FxHashMap<String, usize>>,
    /// Classes of the file by name.
    by_name: FxHashMap<String, usize>,
    /// Classes of Django's own apps by name.
    contrib: FxHashMap<String, usize>,
    imports: FxHashMap<&'a str, &'a str>,
    /// Fields that Django adds count downwards.
    auto_counter: Cell<i64>,
}

impl<'a> World<'a> {
    /// Makes the classes.
    pub(super) fn new(document: &'a Document) -> Self {
        let imports = document
            .imports
            .iter()
            .map(|import| (import.name.as_str(), import.path.as_str()))
            .collect();
        let mut world = Self {
            classes: Vec::with_capacity(document.models.len()),
            registry: FxHashMap::default(),
            by_name: FxHashMap::default(),
            contrib: FxHashMap::default(),
            imports,
            auto_counter: Cell::new(0),
        };
        if world.needs_contrib(document) {
            world.load(contrib::document(), false);
        }
        world.load(document, true);
        world
    }

    /// Whether the file reaches into Django's own apps.
    fn needs_contrib(&self, document: &Document) -> bool {
        let reaches = |target: &Target| match target.form {
            TargetForm::Text => {
                target.text.starts_with("auth.") || target.text.starts_with("contenttypes.")
            }
            TargetForm::Class => contrib::model_at(&self.path(target)).is_some(),
            TargetForm::Itself => false,
        };
        let relations = || {
            document
                .models
                .iter()
                .flat_map(|model| &model.fields)
                .filter_map(|field| field.relation())
        };
        document
            .models
            .iter()
            .flat_map(|model| &model.bases)
            .any(|base| contrib::model_at(&self.import(&base.path)).is_some())
            || relations()
                .any(|relation| relation.target.iter().chain(&relation.through).any(reaches))
    }

    fn load(&mut self, document: &'a Document, own: bool) {
        for (index, model) in document.models.iter().enumerate() {
            let mut class = classes::start(self, model, own.then_some(index));
            inherit::fields(self, &mut class, model, index, own);
            let id = self.classes.len();
            let (app, model_name, is_abstract) =
                (class.app.clone(), class.model_name.clone(), class.is_abstract);
            self.classes.push(class);
            let names = if own { &mut self.by_name } else { &mut self.contrib };
            names.insert(model.name.text.clone(), id);
            if !is_abstract {
                self.registry.entry(app).or_default().insert(model_name, id);
            }
        }
    }

    /// Adds a generated class.
    pub(super) fn add(&mut self, class: Class<'a>) -> usize {
        let id = self.classes.len();
        self.registry.entry(class.app.clone()).or_default().insert(class.model_name.clone(), id);
        self.classes.push(class);
        id
    }

    /// Whether a class is the one that its name stands for in the end, and not one that a later class of the same name replaced.
    pub(super) fn is_current(&self, id: usize, class: &Class<'_>) -> bool {
        class.declared.is_none() || self.by_name.get(&class.object_name) == Some(&id)
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

    fn path(&self, target: &Target) -> String {
        target.path.clone().unwrap_or_else(|| self.import(&target.text))
    }

    /// The class that a dotted path of the file stands for.
    pub(super) fn class_at(&self, path: &str) -> Option<usize> {
        if let Some(id) = self.by_name.get(path) {
            return Some(*id);
        }
        let path = self.import(path);
        // While Django's own apps are loaded, their names are plain.
        contrib::model_at(&path)
            .or(self.by_name.is_empty().then_some(path.as_str()))
            .and_then(|name| self.contrib.get(name))
            .copied()
    }

    /// The class that a relation of `owner` names; `None` where there is no such model, or it is abstract.
    pub(super) fn target(&self, target: &Target, owner: usize) -> Option<usize> {
        match target.form {
            TargetForm::Itself => Some(owner),
            TargetForm::Text => {
                let own_app = || self.classes.get(owner).map_or(APP, |class| class.app.as_str());
                let (app, name) = target
                    .text
                    .split_once('.')
                    .unwrap_or_else(|| (own_app(), target.text.as_str()));
                self.registry.get(app)?.get(&name.to_lowercase()).copied()
            }
            TargetForm::Class => {
                let direct = self.by_name.get(&target.text).copied();
                let found = direct.or_else(|| self.class_at(&self.path(target)))?;
                self.classes.get(found).filter(|class| !class.is_abstract).map(|_| found)
            }
        }
    }

    /// Finds the targets of all relations.
    pub(super) fn bind_targets(&mut self) {
        for id in 0..self.classes.len() {
            let Some(class) = self.classes.get(id) else { continue };
            let find = |slot: &Slot<'_>| match &slot.source {
                Source::ParentLink(parent) => Some(*parent),
                Source::ThroughKey(key) => key.target,
                Source::Declared(..) => {
                    slot.spec().and_then(|spec| self.target(spec.target.as_ref()?, id))
                }
                Source::Id(_) | Source::Order => None,
            };
            let targets: Vec<Option<usize>> =
                class.fields.iter().chain(&class.many).map(find).collect();
            let Some(class) = self.classes.get_mut(id) else { continue };
            for (slot, target) in class.fields.iter_mut().chain(&mut class.many).zip(targets) {
                slot.target = target;
            }
        }
    }

    /// The next counter of a field that Django adds.
    pub(super) fn next_auto(&self) -> i64 {
        self.auto_counter.set(self.auto_counter.get() - 1);
        self.auto_counter.get()
    }
}
