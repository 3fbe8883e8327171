//! Attributes.

use std::rc::Rc;

use super::call::bind;
use super::{Machine, raise, refuse};
use crate::value::{Bound, Class, Method, Outcome, Value};

/// What marks a module of which only a part is here.
pub(crate) const CLOSED: &str = " closed";

impl Machine {
    /// `value.name`
    ///
    /// # Errors
    /// `AttributeError` where there is none, else what the access raises.
    pub fn attribute(&mut self, value: &Value, name: &str) -> Outcome {
        match self.find_attribute(value, name)? {
            Some(found) => Ok(found),
            None => Err(no_attribute(value, name)),
        }
    }

    /// The same; `None` where there is no such attribute.
    pub(crate) fn find_attribute(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        let found = self.attribute_here(value, name)?;
        if found.is_none() {
            self.known_there(value, name)?;
        }
        Ok(found)
    }

    /// # Errors
    /// A refusal where the ORM's own object has what ours has not.
    fn known_there(&self, value: &Value, name: &str) -> Outcome<()> {
        let model = |class: &Rc<Class>| class.hooks.as_ref().is_some_and(|hooks| hooks.is_model());
        let class = match value {
            Value::Object(object) => object.class(),
            Value::Instance(instance) => instance.class.clone(),
            Value::Class(class) => class.clone(),
            _ => return Ok(()),
        };
        let of = match value {
            Value::Object(_) => &*class.name,
            _ if model(&class) => "Model",
            _ => return Ok(()),
        };
        let of = if of.ends_with("Field") { "Field" } else { of };
        let known = self.beyond.iter().find(|(known, _)| *known == of);
        let private = of != "Model" && name.starts_with('_') && !name.starts_with("__");
        match known {
            Some((_, names)) if private || names.split(' ').any(|known| known == name) => {
                Err(refuse(format!("`{name}` of `{}` is not supported here.", class.name)))
            }
            _ => Ok(()),
        }
    }

    fn attribute_here(&mut self, value: &Value, name: &str) -> Outcome<Option<Value>> {
        if let Some(method) = crate::builtins::method_of(value, name) {
            return Ok(Some(Value::Bound(Rc::new(Bound {
                receiver: value.clone(),
                method: Method::BuiltIn(method),
            }))));
        }
        if let Some(found) = crate::builtins::property(value, name)? {
            return Ok(Some(found));
        }
        match value {
            Value::Object(object) => object.clone().attribute(self, name),
            Value::Instance(instance) => {
                if let Some(hooks) = instance.class.hooks.clone()
                    && let Some(found) = hooks.attribute(self, instance, name)?
                {
                    return Ok(Some(found));
                }
                if let Some(found) = instance.get(name) {
                    return Ok(Some(found));
                }
                match instance.class.get(name) {
                    Some(Value::Object(object)) if object.class().derives_from("property") => {
                        object.call(self, crate::Args::one(value.clone()))
                    }
                    Some(found) => match super::parent::unwrapped(&instance.class, &found) {
                        Some(found) => Ok(Some(found)),
                        None => Ok(Some(bind(value, found))),
                    },
                    None => Ok((name == "__class__").then(|| Value::Class(instance.class.clone()))),
                }
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(found) = hooks.class_attribute(self, class, name)?
                {
                    return Ok(Some(found));
                }
                Ok(match (class.get(name), name) {
                    (Some(found), _) => {
                        Some(super::parent::unwrapped(class, &found).unwrap_or(found))
                    }
                    (None, "__name__" | "__qualname__") => Some(Value::Str(class.name.clone())),
                    (None, "__module__") => Some(Value::Str(class.module.clone())),
                    (None, _) if &*class.module == "builtins" => {
                        crate::builtins::unbound(&class.name, name)
                    }
                    (None, _) => None,
                })
            }
            Value::Module(module) => match (module.get(name), module.get(CLOSED)) {
                // A module that has more in reality: these names, or who knows which.
                (None, Some(more)) if has(&more, name) => {
                    Err(super::refuse(format!("`{name}` of `{}` is not here.", module.name)))
                }
                (found, _) => Ok(found),
            },
            Value::Function(function) => {
                Ok((name == "__name__").then(|| Value::Str(function.name.clone())))
            }
            _ => Ok((name == "__class__").then(|| self.type_of(value))),
        }
    }

    /// `value.name = new`
    ///
    /// # Errors
    /// `AttributeError` where it cannot be bound, else what the assignment raises.
    pub fn set_attribute(&mut self, value: &Value, name: &str, new: Value) -> Outcome<()> {
        match value {
            Value::Object(object) => {
                if object.clone().set_attribute(self, name, new)? {
                    return Ok(());
                }
                Err(no_attribute(value, name))
            }
            Value::Instance(instance) => {
                if let Some(Value::Object(found)) = instance.class.get(name)
                    && let Some(property) = found.any().downcast_ref::<crate::builtins::Property>()
                {
                    let Some(set) = property.set.clone() else {
                        let class = &instance.class.name;
                        let message =
                            format!("property '{name}' of '{class}' object has no setter");
                        return Err(super::raise("AttributeError", message));
                    };
                    let args = crate::Args::of(vec![value.clone(), new]);
                    return self.call(&set, args).map(|_| ());
                }
                if let Some(hooks) = instance.class.hooks.clone()
                    && hooks.set_attribute(self, instance, name, &new)?
                {
                    return Ok(());
                }
                instance.set(name, new);
                Ok(())
            }
            Value::Class(class) if &*class.module != "builtins" => {
                class.set(name, new);
                Ok(())
            }
            _ => Err(no_attribute(value, name)),
        }
    }

    pub(crate) fn delete_attribute(&mut self, value: &Value, name: &str) -> Outcome<()> {
        if let Value::Instance(instance) = value
            && instance.names.borrow_mut().shift_remove(name).is_some()
        {
            return Ok(());
        }
        Err(no_attribute(value, name))
    }
}

/// Whether a closed module may have a name that is not here.
fn has(more: &Value, name: &str) -> bool {
    match more {
        Value::Str(names) => names.split(' ').any(|known| known == name),
        _ => !name.starts_with("__"),
    }
}

/// `'Author' object has no attribute 'nme'`.
pub(crate) fn no_attribute(value: &Value, name: &str) -> Box<super::Raised> {
    let message = match value {
        Value::Class(class) => format!("type object '{}' has no attribute '{name}'", class.name),
        Value::Module(module) => format!("module '{}' has no attribute '{name}'", module.name),
        other => format!("'{}' object has no attribute '{name}'", other.type_name()),
    };
    raise("AttributeError", message)
}
