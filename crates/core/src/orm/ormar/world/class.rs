//! The making of a class.
//!
//! Source: `ModelMetaclass.__new__` in `ormar/models/metaclass.py`; `populate_config_tablename_columns_and_pk` and what it calls in
//! `ormar/models/helpers/sqlalchemy.py`.

use rustc_hash::FxHashMap;

use super::field::blank;
use super::{Class, Config, FieldForm, Fields, Kind, Ref, Text, World, identity, table};
use crate::document::{ColumnType, Meta, Model, Value};
use crate::orm::ormar::fields;
use crate::resolve::Origin;

impl<'a> World<'a> {
    /// Makes the class of a declaration.
    pub(super) fn create(&mut self, index: usize) {
        let Some(model) = self.document.models.get(index) else { return };
        let id = self.classes.len();
        self.declared.push(id);
        let name = model.name.text.as_str();
        let bases: Vec<usize> =
            model.bases.iter().filter_map(|base| self.named(&base.path)).collect();
        self.classes.push(Class {
            name: Text::from(name),
            lower: name.to_lowercase(),
            declared: Some(index),
            config: None,
            bases,
            generated_by: None,
            parsed: None,
            own: Fields::default(),
            expanding: false,
            proxy: false,
        });
        let mut own = Fields::default();
        for (at, field) in model.fields.iter().enumerate() {
            let state = self.declare(id, Origin { model: index, field: at }, field);
            own.set(Text::from(field.name.text.as_str()), state);
        }
        self.at = model.span.end;
        let config = self.own_config(model);
        if let Some(class) = self.classes.get_mut(id) {
            class.own = own.clone();
            class.config = config;
        }
        if self.is_model(id) {
            let fields = self.inherit(id, own, config.is_some());
            if config.is_none() {
                let inherited = self.inherited_config(id);
                if let Some(class) = self.classes.get_mut(id) {
                    class.config = inherited.or_else(|| self_made(model, &mut self.configs));
                }
            }
            // A class `Meta` is not read at all: what it would lead to is for the diagram's sake.
            self.quiet = self.config(id).is_some_and(|config| config.legacy);
            self.configure(id, &fields);
            self.quiet = false;
        }
        self.names.insert(name, id);
    }

    /// The configuration that the class body makes, or shares with others.
    fn own_config(&mut self, model: &'a Model) -> Option<usize> {
        model.meta.span?;
        let identity = identity(&model.meta.options);
        if !model.meta.bases.is_empty()
            && let Some(known) = identity.and_then(|identity| self.identities.get(identity))
        {
            return Some(*known);
        }
        let id = self.configs.len();
        self.configs.push(config(&model.meta, model));
        if let Some(identity) = identity {
            self.identities.insert(identity, id);
        }
        Some(id)
    }

    /// The configuration of the nearest ancestor that has one.
    fn inherited_config(&self, class: usize) -> Option<usize> {
        let class = self.class(class)?;
        class.bases.iter().find_map(|base| {
            self.class(*base).and_then(|base| base.config).or_else(|| self.inherited_config(*base))
        })
    }

    /// What the metaclass does with a class that has a configuration.
    pub(super) fn configure(&mut self, class: usize, fields: &Fields<'a>) {
        let open = fields
            .iter()
            .any(|(_, field)| self.field(field).is_some_and(super::FieldState::is_open));
        let Some(config) = self.config_mut(class) else { return };
        config.fields.update(fields);
        config.requires_update |= open;
        let (is_abstract, proxy) = (config.is_abstract, config.proxy);
        let missing = match (config.database, &config.metadata) {
            (false, _) => Some("database"),
            (true, None) => Some("metadata"),
            (true, Some(_)) => None,
        };
        let name = self.class(class).map(|class| class.name.to_string()).unwrap_or_default();
        if proxy && is_abstract {
            let message = format!("{name} cannot be both proxy and abstract.");
            self.raise(Kind::Proxy, "ModelDefinitionError", message, class, None);
        }
        if let Some(missing) = missing.filter(|_| !is_abstract && !proxy) {
            let message = format!("{name} does not have {missing} defined.");
            if let Some(problem) =
                self.raise(Kind::NoDatabase, "ModelDefinitionError", message, class, None)
            {
                problem.name = missing.to_owned();
            }
        }
        if proxy {
            self.wire_proxy(class);
        } else if !is_abstract {
            self.populate(class);
            self.make_table(class);
            self.expand_all(class);
            self.register_aliases(class);
        }
    }

    /// Table name, columns and primary key.
    fn populate(&mut self, class: usize) {
        let plural = format!("{}s", self.lower(class));
        let Some(config) = self.config_mut(class) else { return };
        config.tablename.get_or_insert(Text::from(plural));
        if config.columns.is_empty() {
            self.columns_from_fields(class);
        }
        if self.config(class).is_some_and(|config| config.pkname.is_none()) {
            let message = "Table has to have a primary key.";
            self.raise(Kind::NoPrimaryKey, "ModelDefinitionError", message, class, None);
        }
    }

    /// Columns of a class's fields, and its primary key.
    pub(super) fn columns_from_fields(&mut self, class: usize) {
        if self.config(class).is_none_or(|config| config.fields.is_empty()) {
            let id = self.fields.len();
            self.fields.push(auto_key());
            if let Some(config) = self.config_mut(class) {
                config.fields.set(Text::from("id"), id);
            }
        }
        self.check_related_names(class);
        let fields: Vec<usize> = self
            .config(class)
            .map_or_else(Vec::new, |config| config.fields.iter().map(|(_, field)| field).collect());
        let mut key: Option<usize> = None;
        let mut columns = Vec::with_capacity(fields.len());
        for id in fields {
            let Some(field) = self.fields.get_mut(id) else { continue };
            field.owner = Some(class);
            if field.form == FieldForm::ManyToMany
                && field.through == Ref::Absent
                && matches!(field.to, Ref::Class(_))
            {
                self.default_through(id, class);
            }
            let Some(field) = self.field(id) else { continue };
            if field.primary_key {
                if let Some(first) = key {
                    let message = "Only one primary key column is allowed.";
                    if let Some(problem) = self.raise(
                        Kind::SeveralPrimaryKeys,
                        "ModelDefinitionError",
                        message,
                        class,
                        Some(id),
                    ) {
                        problem.other = Some(first);
                    }
                } else {
                    key = Some(id);
                }
            }
            if let Some(column) = self.column_of(id, class) {
                columns.push(column);
            }
        }
        let key = key.and_then(|key| self.field(key)).map(|key| key.name.clone());
        if let Some(config) = self.config_mut(class) {
            config.columns = columns;
            config.pkname = key;
        }
    }

    /// At most one relation to a target goes without a related name, and no two have the same
    /// (`validate_related_names_in_relations`).
    fn check_related_names(&mut self, class: usize) {
        let mut seen: FxHashMap<(String, Option<Text<'a>>), usize> = FxHashMap::default();
        let mut clashes = Vec::new();
        let Some(config) = self.config(class) else { return };
        for (_, id) in config.fields.iter() {
            let Some(field) = self.field(id).filter(|field| field.is_relation()) else { continue };
            let target = match &field.to {
                // Targets are compared by their names in lower case.
                Ref::Class(target) => self.lower(*target).to_owned(),
                Ref::Forward(name) => format!("ForwardRef('{name}')"),
                Ref::Absent | Ref::Late(_) => continue,
            };
            let key = (target, field.related_name.clone());
            match seen.get(&key) {
                Some(first) => clashes.push((*first, id)),
                None => {
                    seen.insert(key, id);
                }
            }
        }
        for (first, id) in clashes {
            self.related_names_clash(class, first, id);
        }
    }

    fn related_names_clash(&mut self, class: usize, first: usize, id: usize) {
        let Some(field) = self.field(id) else { return };
        let (exception, message) = match &field.to {
            Ref::Class(target) => {
                let (name, lower) = (self.name(class), self.lower(class));
                (
                    "ModelDefinitionError",
                    format!(
                        "Multiple fields declared on {name} model leading to {} model without related_name property set. \nThere can be only one relation with default/empty name: '{lower}s'\nTip: provide different related_name for FK and/or M2M fields",
                        self.name(*target)
                    ),
                )
            }
            Ref::Forward(_) | Ref::Absent | Ref::Late(_) => {
                ("AttributeError", "'ForwardRef' object has no attribute 'get_name'".to_owned())
            }
        };
        if let Some(problem) =
            self.raise(Kind::RelatedNamesClash, exception, message, class, Some(id))
        {
            problem.other = Some(first);
        }
    }

    /// A class's name.
    pub(in crate::orm::ormar) fn name(&self, class: usize) -> &str {
        self.class(class).map_or("", |class| &class.name)
    }
}

/// The key that a model without any field gets.
pub(super) fn auto_key<'a>() -> super::FieldState<'a> {
    let mut key = blank(Text::from("id"), FieldForm::Plain);
    key.primary_key = true;
    key.auto = true;
    key.sql_nullable = false;
    key.ty = Some(ColumnType::Integer);
    key
}

/// What a model of another file brings along is not known: it is taken to be complete.
fn self_made<'a>(model: &'a Model, configs: &mut Vec<Config<'a>>) -> Option<usize> {
    if model.kind == crate::document::ModelKind::Abstract {
        return None;
    }
    configs.push(Config { database: true, metadata: Some(Text::from("")), ..Config::default() });
    Some(configs.len() - 1)
}

fn config<'a>(meta: &'a Meta, model: &'a Model) -> Config<'a> {
    let option = |name: &str| {
        meta.options
            .iter()
            .find(|(option, _)| option.text == name)
            .map(|(_, value)| value)
            .filter(|value| **value != Value::None)
    };
    let text = |name: &str| match option(name) {
        Some(Value::Str(text)) if !text.is_empty() => Some(Text::from(text.as_str())),
        _ => None,
    };
    let truth = |name: &str| option(name).and_then(fields::truth).unwrap_or(false);
    let legacy =
        matches!(option(super::CONFIG), Some(Value::Name(identity)) if identity.starts_with('%'));
    Config {
        tablename: meta.table.as_ref().map(|table| Text::from(table.text.as_str())),
        schema: text("schema"),
        metadata: match option("metadata") {
            Some(Value::Name(path)) => Some(Text::from(path.as_str())),
            Some(_) => Some(Text::from("")),
            None => None,
        },
        database: option("database").is_some(),
        is_abstract: truth("abstract"),
        proxy: truth("proxy"),
        constraints: table::constraints(meta, model),
        legacy,
        ..Config::default()
    }
}
