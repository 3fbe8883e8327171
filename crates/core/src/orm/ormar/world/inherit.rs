//! What a class takes from its parents.
//!
//! Source: `extract_from_parents_definition`, `copy_data_from_parent_model`, `copy_and_replace_m2m_through_model` and
//! `wire_proxy_from_parent` in `ormar/models/metaclass.py`; recorded in `ormar/031`.

use super::{Class, Config, FieldForm, FieldState, Fields, Kind, Ref, Text, World};
use throughline_order::Arrange as _;

impl<'a> World<'a> {
    /// The fields of a class: its own, and those of its bases, the last base first.
    pub(super) fn inherit(
        &mut self,
        class: usize,
        mut fields: Fields<'a>,
        configured: bool,
    ) -> Fields<'a> {
        let bases = self.class(class).map(|class| class.bases.clone()).unwrap_or_default();
        for base in bases.into_iter().rev() {
            if self.config(base).is_some() {
                if configured {
                    fields = self.take_model(class, base, fields);
                }
            } else if !self.is_model(base) {
                fields = self.take_mixin(base, fields);
            }
        }
        fields
    }

    /// A mixin's fields are taken from the class itself the first time; from then on a class derived from it lends the same.
    fn take_mixin(&mut self, base: usize, fields: Fields<'a>) -> Fields<'a> {
        let parsed = match self.parsed(base) {
            Some(parsed) => parsed,
            None => {
                let own = self.class(base).map(|class| class.own.clone()).unwrap_or_default();
                if own.is_empty() {
                    return fields;
                }
                if let Some(class) = self.classes.get_mut(base) {
                    class.parsed = Some(own.clone());
                }
                own
            }
        };
        let mut out = parsed;
        out.update(&fields);
        out
    }

    fn parsed(&self, class: usize) -> Option<Fields<'a>> {
        let class = self.class(class)?;
        class.parsed.clone().or_else(|| class.bases.iter().find_map(|base| self.parsed(*base)))
    }

    fn take_model(&mut self, class: usize, base: usize, own: Fields<'a>) -> Fields<'a> {
        let Some(parent) = self.config(base) else { return own };
        let (is_abstract, metadata, database) =
            (parent.is_abstract, parent.metadata.clone(), parent.database);
        let constraints: Vec<_> = parent.constraints.iter().map(super::table::copy).collect();
        let inherited: Vec<(Text<'a>, usize)> =
            parent.fields.iter().map(|(name, field)| (name.clone(), field)).collect();
        if self.config(class).is_some_and(|config| config.proxy) {
            return self.proxy_fields(class, base, is_abstract, own, &inherited);
        }
        if !own.is_empty() && !is_abstract {
            let parent = self.name(base).to_owned();
            let message = format!("ModelMetaclass cannot inherit from non abstract class {parent}");
            if let Some(problem) =
                self.raise(Kind::ConcreteParent, "ModelDefinitionError", message, class, None)
            {
                problem.name = parent;
            }
        }
        self.check_constraints(class, base, &own, &constraints);
        let lower = self.lower(class).to_owned();
        let Some(config) = self.config_mut(class) else { return own };
        if metadata.is_some() {
            config.metadata = metadata;
        }
        config.database |= database;
        config.constraints.extend(constraints);
        let given = config.tablename.clone();
        let table = given.clone().unwrap_or_else(|| Text::from(format!("{lower}s")));
        let mut out = Fields::default();
        for (name, id) in inherited {
            let Some(field) = self.field(id) else { continue };
            let named = field.related_name.is_some() || field.key_name.is_some();
            let copy = match field.form {
                FieldForm::ManyToMany => self.copy_many(class, base, id, &table, given.as_ref()),
                FieldForm::ForeignKey | FieldForm::Through if named => {
                    let mut copy = field.clone();
                    let extend = |name: &Text<'a>| Text::from(format!("{name}_{table}"));
                    copy.related_name = copy.related_name.as_ref().map(extend);
                    copy.key_name = copy.key_name.as_ref().map(extend);
                    self.fields.push(copy);
                    self.fields.len() - 1
                }
                FieldForm::Plain | FieldForm::ForeignKey | FieldForm::Through => id,
            };
            out.set(name, copy);
        }
        out.update(&own);
        out
    }

    fn proxy_fields(
        &mut self,
        class: usize,
        base: usize,
        is_abstract: bool,
        own: Fields<'a>,
        inherited: &[(Text<'a>, usize)],
    ) -> Fields<'a> {
        if is_abstract {
            let message = format!(
                "Proxy model ModelMetaclass cannot inherit from abstract class {}; use concrete inheritance instead.",
                self.name(base)
            );
            self.raise(Kind::Proxy, "ModelDefinitionError", message, class, None);
        }
        let mut new: Vec<&str> = own
            .iter()
            .map(|(name, _)| &**name)
            .filter(|name| !inherited.iter().any(|(known, _)| known == name))
            .collect();
        new.arrange();
        if !new.is_empty() {
            let list: Vec<String> = new.iter().map(|name| format!("'{name}'")).collect();
            let message = format!(
                "Proxy model ModelMetaclass cannot declare new ormar fields: [{}].",
                list.join(", ")
            );
            self.raise(Kind::Proxy, "ModelDefinitionError", message, class, None);
        }
        let mut out = Fields::default();
        for (name, id) in inherited {
            out.set(name.clone(), *id);
        }
        out
    }

    /// A many-to-many that is inherited gets a through model of its own, named after the child.
    fn copy_many(
        &mut self,
        class: usize,
        base: usize,
        id: usize,
        table: &str,
        given: Option<&Text<'a>>,
    ) -> usize {
        let Some(field) = self.field(id) else { return id };
        let mut copy = field.clone();
        match &field.related_name {
            Some(name) => copy.related_name = Some(Text::from(format!("{name}_{table}"))),
            None => {
                let message = "unsupported operand type(s) for +: 'NoneType' and 'str'";
                self.raise(Kind::InheritedManyToMany, "TypeError", message, class, Some(id));
            }
        }
        let through = match self.field(id).map(|field| field.through.clone()) {
            Some(Ref::Class(through)) => Some(through),
            Some(Ref::Absent) => {
                if let Some(field) = self.fields.get_mut(id) {
                    field.owner = Some(base);
                }
                self.default_through(id, base)
            }
            _ => None,
        };
        if given.is_none() {
            let message = "can only concatenate str (not \"NoneType\") to str";
            if let Some(problem) =
                self.raise(Kind::InheritedManyToMany, "TypeError", message, class, Some(id))
            {
                problem.name = "tablename".to_owned();
            }
        }
        let id = self.fields.len();
        self.fields.push(copy);
        if let Some(through) = through {
            let through = self.copy_through(class, through, table, id);
            if let Some(copy) = self.fields.get_mut(id) {
                copy.through = through;
            }
        }
        id
    }

    /// Clones a through model for a child; the original's table is taken away.
    fn copy_through(&mut self, class: usize, through: usize, table: &str, by: usize) -> Ref<'a> {
        let Some(original) = self.config(through) else { return Ref::Absent };
        let name = format!("{}{}", self.name(through), self.name(class));
        let tablename = original.tablename.as_deref().unwrap_or_default();
        let mut config = Config {
            tablename: Some(Text::from(format!("{tablename}_{table}"))),
            metadata: original.metadata.clone(),
            database: original.database,
            constraints: original.constraints.clone(),
            pkname: original.pkname.clone(),
            ..Config::default()
        };
        let plain: Vec<(Text<'a>, FieldState<'a>)> = original
            .fields
            .iter()
            .filter_map(|(name, field)| Some((name.clone(), self.field(field)?.clone())))
            .filter(|(_, field)| !field.is_relation())
            .collect();
        let old = original.table;
        for (name, field) in plain {
            config.fields.set(name, self.fields.len());
            self.fields.push(field);
        }
        self.configs.push(config);
        let id = self.classes.len();
        self.classes.push(Class {
            lower: name.to_lowercase(),
            name: Text::from(name),
            declared: None,
            config: Some(self.configs.len() - 1),
            bases: Vec::new(),
            generated_by: Some(by),
            parsed: None,
            own: Fields::default(),
            expanding: false,
            proxy: false,
        });
        self.columns_from_fields(id);
        self.make_table(id);
        if let Some(old) = old {
            self.remove_table(old);
        }
        Ref::Class(id)
    }

    /// A proxy has everything of the model that it stands for.
    pub(super) fn wire_proxy(&mut self, class: usize) {
        let concrete: Vec<usize> = self
            .ancestors(class)
            .into_iter()
            .filter(|base| self.config(*base).is_some_and(|config| !config.is_abstract))
            .collect();
        let name = self.name(class).to_owned();
        let Some(parent) = concrete.first().and_then(|base| self.config(*base)) else {
            let message = format!("Proxy model {name} has no concrete ormar parent.");
            self.raise(Kind::Proxy, "ModelDefinitionError", message, class, None);
            return;
        };
        let table = parent.table;
        let config = self
            .class(concrete.first().copied().unwrap_or_default())
            .and_then(|class| class.config);
        let other = concrete
            .iter()
            .any(|base| self.config(*base).is_some_and(|config| config.table != table));
        if other {
            let message = format!(
                "Proxy model {name} cannot inherit from multiple concrete ormar models with different tables."
            );
            self.raise(Kind::Proxy, "ModelDefinitionError", message, class, None);
        }
        // It has the very dictionaries of its parent: what is added there later is there for both.
        if let Some(class) = self.classes.get_mut(class) {
            class.config = config;
            class.proxy = true;
        }
    }

    /// The classes of the file that a class derives from, nearest first.
    pub(in crate::orm::ormar) fn ancestors(&self, class: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut left: Vec<usize> =
            self.class(class).map_or_else(Vec::new, |class| class.bases.clone());
        while let Some(base) = left.first().copied() {
            left.remove(0);
            if !out.contains(&base) {
                out.push(base);
                left.extend(self.class(base).into_iter().flat_map(|class| &class.bases));
            }
        }
        out
    }
}
