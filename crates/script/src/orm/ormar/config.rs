//! `Model.ormar_config`, as far as scripts look at it.

use std::any::Any;
use std::rc::Rc;

use super::link::{Link, links};
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Class, Dict, Object, Outcome, Value};
use crate::world::{Model, World};

/// `ormar_config`
pub(super) struct Config {
    pub(super) world: Rc<World>,
    pub(super) model: Rc<Model>,
}

impl Object for Config {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("OrmarConfig", "ormar.models.ormar_config", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Ok(match name {
            "tablename" => Some(Value::Str(self.model.table.clone())),
            "pkname" => self.model.key().map(|key| Value::Str(key.name.clone())),
            "model_fields" => {
                let mut out = Dict::default();
                let links = links(&self.world, &self.model);
                for field in &self.model.fields {
                    let link = links.iter().find(|link| link.name == field.name).cloned();
                    let shown = Shown { world: self.world.clone(), name: field.name.clone(), link };
                    out.set(&field.name, Value::Object(Rc::new(shown)));
                }
                for link in links {
                    let name = link.name.clone();
                    if self.model.field(&name).is_none() {
                        let shown = Shown {
                            world: self.world.clone(),
                            name: name.clone(),
                            link: Some(link),
                        };
                        out.set(&name, Value::Object(Rc::new(shown)));
                    }
                }
                Some(Value::dict(out))
            }
            _ => super::setup::part(&self.world, name),
        })
    }
}

/// A field of `model_fields`.
struct Shown {
    world: Rc<World>,
    name: Rc<str>,
    link: Option<Link>,
}

impl Object for Shown {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("BaseField", "ormar.fields", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Err(refuse(format!("The text of the field `{}` is not supported here.", self.name)))
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let class = |at: usize| self.world.class(at).map(Value::Class);
        Ok(match (name, &self.link) {
            ("name", _) => Some(Value::Str(self.name.clone())),
            ("is_relation", link) => Some(Value::Bool(link.is_some())),
            ("to", Some(link)) => class(link.target),
            ("through", Some(link)) => link.via.as_ref().and_then(|via| class(via.model)),
            _ => None,
        })
    }
}
