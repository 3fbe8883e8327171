//! What a model's class shows of itself: `Course.students.through`, `Course._meta.db_table`.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::with_state;
use crate::Machine;
use crate::value::{Class, Hooks, Instance, Object, Outcome, Value};
use crate::world::{Model, World};

/// A relation as an attribute of the class.
pub(super) struct Descriptor {
    pub(super) kind: &'static str,
    pub(super) world: Rc<World>,
    pub(super) through: Option<usize>,
}

impl Object for Descriptor {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.kind, "django.db.models.fields.related_descriptors", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        const INNER: &[&str] = &[
            "is_cached",
            "field",
            "rel",
            "related",
            "get_queryset",
            "get_object",
            "get_prefetch_querysets",
            "related_manager_cls",
        ];
        if INNER.contains(&name) {
            return Err(super::manager::inner(name, "a relation of a class"));
        }
        if name != "through" {
            return Ok(None);
        }
        Ok(self.through.and_then(|at| self.world.class(at)).map(Value::Class))
    }
}

/// `Model._meta`
pub(super) struct Meta {
    pub(super) model: Rc<Model>,
}

impl Object for Meta {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Options", "django.db.models.options", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let model = &self.model;
        let fields = || {
            let class = field_class("Field");
            let field = |field: &crate::world::Field| {
                let made = Instance::new(class.clone());
                if let Some(declared) = &field.declared {
                    for name in ["max_length", "max_digits", "decimal_places"] {
                        let given = declared.arg(name).map(|arg| &arg.value);
                        if let Some(throughline_core::document::Value::Int(number)) = given {
                            made.set(name, Value::Int(*number));
                        }
                    }
                }
                made.set("name", Value::Str(field.name.clone()));
                made.set("attname", Value::Str(field.attname.clone()));
                made.set("column", Value::Str(field.column.clone()));
                made.set("null", Value::Bool(field.null));
                made.set("unique", Value::Bool(field.unique));
                made.set("primary_key", Value::Bool(field.primary_key));
                Value::Instance(Rc::new(made))
            };
            model.fields.iter().map(field).gather()
        };
        let named = |names: &mut dyn Iterator<Item = Rc<str>>| {
            let class = field_class("Relation");
            let one = |name: Rc<str>| {
                let made = Instance::new(class.clone());
                made.set("name", Value::Str(name));
                Value::Instance(Rc::new(made))
            };
            names.map(one).gather()
        };
        let many = || {
            model
                .relations
                .iter()
                .filter(|relation| relation.through.is_some())
                .map(|relation| relation.name.clone())
        };
        let back = || {
            model
                .reverse
                .iter()
                .filter(|reverse| !reverse.hidden)
                .map(|reverse| reverse.query_name.clone())
        };
        Ok(Some(match name {
            "db_table" => Value::Str(model.table.clone()),
            "object_name" => Value::Str(model.name.clone()),
            "model_name" => Value::str(model.name.to_lowercase()),
            "app_label" => Value::Str(model.app.clone()),
            "label" => Value::str(format!("{}.{}", model.app, model.name)),
            "label_lower" => Value::str(format!("{}.{}", model.app, model.name.to_lowercase())),
            "verbose_name" => Value::str(verbose_name(model)),
            "verbose_name_plural" => Value::str(
                option(model, "verbose_name_plural")
                    .unwrap_or_else(|| format!("{}s", verbose_name(model))),
            ),
            "ordering" => {
                Value::list(model.ordering.iter().map(|name| Value::Str(name.clone())).gather())
            }
            "pk" => {
                let key = model.key().map(|key| key.name.clone());
                fields()
                    .into_iter()
                    .find(|field| match field {
                        Value::Instance(field) => {
                            field.get("name").and_then(|name| name.as_str().map(Rc::<str>::from))
                                == key
                        }
                        _ => false,
                    })
                    .unwrap_or(Value::None)
            }
            "fields" | "concrete_fields" | "local_fields" => Value::tuple(fields()),
            "many_to_many" => Value::tuple(named(&mut many())),
            "get_field" => {
                let all: Vec<Value> = fields()
                    .into_iter()
                    .chain(named(&mut many()))
                    .chain(named(&mut back()))
                    .gather();
                let model = model.name.clone();
                Value::native("get_field", move |machine, args| {
                    let name = args.only("get_field")?;
                    let name = machine.str(&name)?;
                    for field in &all {
                        if machine.attribute(field, "name")?.as_str() == Some(&name) {
                            return Ok(field.clone());
                        }
                    }
                    let message = format!("{model} has no field named '{name}'");
                    Err(
                        match super::class_of(
                            machine,
                            "django.core.exceptions",
                            "FieldDoesNotExist",
                        ) {
                            Some(class) => machine.exception(&class, vec![Value::from(message)]),
                            None => crate::eval::raise("AttributeError", message),
                        },
                    )
                })
            }
            "get_fields" => {
                // Relations that lead here come first.
                let all: Vec<Value> = named(&mut back())
                    .into_iter()
                    .chain(fields())
                    .chain(named(&mut many()))
                    .gather();
                Value::native("get_fields", move |_, _| Ok(Value::tuple(all.clone())))
            }
            "get_latest_by" => {
                let names = model.get_latest_by.iter().map(|name| Value::Str(name.clone()));
                let names: Vec<Value> = names.gather();
                match names.as_slice() {
                    [] => Value::None,
                    [one] => one.clone(),
                    _ => Value::list(names),
                }
            }
            "proxy" => Value::Bool(model.proxy),
            name if name.starts_with("__") => return Ok(None),
            name => return Err(super::manager::inner(name, "`_meta`")),
        }))
    }

    fn set_attribute(self: Rc<Self>, _: &mut Machine, name: &str, _: Value) -> Outcome<bool> {
        Err(super::manager::inner(name, "`_meta`"))
    }
}

/// What fields have beyond what is kept of them here.
struct FieldHooks;

impl Hooks for FieldHooks {
    fn attribute(
        &self,
        _: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        if instance.get(name).is_some() || name.starts_with("__") {
            return Ok(None);
        }
        Err(super::manager::inner(name, "a field"))
    }
}

fn field_class(name: &str) -> Rc<Class> {
    let mut class = Class::new(name, "django.db.models.fields", &[]);
    class.hooks = Some(Rc::new(FieldHooks));
    Rc::new(class)
}

/// A text of `Meta`.
fn option(model: &Model, name: &str) -> Option<String> {
    let found = model.options.iter().find(|(known, _)| **known == *name);
    found.map(|(_, text)| text.to_string())
}

/// What messages call a model.
pub(super) fn verbose_name(model: &Model) -> String {
    option(model, "verbose_name").unwrap_or_else(|| spoken(&model.name))
}

/// `BlogEntry` as Django says it: `blog entry`.
fn spoken(name: &str) -> String {
    let mut out = String::new();
    let mut letters = name.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(letter) = letters.next() {
        let next_is_small = letters.peek().is_some_and(|next| next.is_lowercase());
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| before.is_lowercase() || next_is_small);
        if starts {
            out.push(' ');
        }
        out.extend(letter.to_lowercase());
        before = Some(letter);
    }
    out
}

/// `Model.__dict__`
pub(super) struct Namespace {
    pub(super) class: Rc<Class>,
}

impl Object for Namespace {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("mappingproxy", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let name = machine.str(key)?;
        machine.attribute(&Value::Class(self.class.clone()), &name).map(Some)
    }

    fn contains(self: Rc<Self>, machine: &mut Machine, item: &Value) -> Outcome<Option<bool>> {
        let name = machine.str(item)?;
        machine
            .find_attribute(&Value::Class(self.class.clone()), &name)
            .map(|found| Some(found.is_some()))
    }
}

/// `instance._state`
pub(super) struct ModelState {
    pub(super) instance: Rc<Instance>,
}

impl Object for ModelState {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("ModelState", "django.db.models.base", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let saved = with_state(&self.instance, |state| state.saved).unwrap_or(false);
        Ok(match name {
            "adding" => Some(Value::Bool(!saved)),
            "db" => Some(if saved { Value::str("default") } else { Value::None }),
            name if name.starts_with("__") => None,
            name => return Err(super::manager::inner(name, "`_state`")),
        })
    }

    fn set_attribute(
        self: Rc<Self>,
        machine: &mut Machine,
        name: &str,
        value: Value,
    ) -> Outcome<bool> {
        if name == "adding" {
            let adding = machine.truth(&value)?;
            with_state(&self.instance, |state| state.saved = !adding);
        }
        Ok(true)
    }
}
