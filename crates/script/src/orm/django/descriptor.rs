//! What a model's class shows of itself: `Course.students.through`, `Course._meta.db_table`.

use std::any::Any;
use std::rc::Rc;

use crate::Machine;
use crate::value::{Class, Instance, Object, Outcome, Value};
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
            let class = Rc::new(Class::new("Field", "django.db.models.fields", &[]));
            let field = |field: &crate::world::Field| {
                let made = Instance::new(class.clone());
                made.set("name", Value::Str(field.name.clone()));
                made.set("attname", Value::Str(field.attname.clone()));
                made.set("column", Value::Str(field.column.clone()));
                made.set("null", Value::Bool(field.null));
                made.set("unique", Value::Bool(field.unique));
                made.set("primary_key", Value::Bool(field.primary_key));
                Value::Instance(Rc::new(made))
            };
            model.fields.iter().map(field).collect::<Vec<Value>>()
        };
        Ok(Some(match name {
            "db_table" => Value::Str(model.table.clone()),
            "object_name" => Value::Str(model.name.clone()),
            "model_name" => Value::str(model.name.to_lowercase()),
            "app_label" => Value::Str(model.app.clone()),
            "label" => Value::str(format!("{}.{}", model.app, model.name)),
            "label_lower" => Value::str(format!("{}.{}", model.app, model.name.to_lowercase())),
            "fields" | "concrete_fields" => Value::tuple(fields()),
            "get_fields" => {
                let fields = fields();
                Value::native("get_fields", move |_, _| Ok(Value::tuple(fields.clone())))
            }
            _ => return Ok(None),
        }))
    }
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
