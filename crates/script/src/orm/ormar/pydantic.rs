//! What models take from pydantic beside their fields.

use std::any::Any;
use std::rc::Rc;

use crate::eval::refuse;
use crate::value::{Class, Object, Outcome, Value};

/// Decorators of functions that pydantic calls with each value.
const VALIDATORS: &[&str] = &["field_validator", "model_validator", "validator", "root_validator"];

/// A function that validates: it is not run here.
struct Validator;

impl Object for Validator {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("PydanticDescriptorProxy", "pydantic", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// Adds the decorators to the module.
pub(super) fn install(module: &Class) {
    for name in VALIDATORS {
        let decorate = Value::native(name, |_, _| {
            Ok(Value::native("dec", |_, _| Ok(Value::Object(Rc::new(Validator)))))
        });
        module.set(name, decorate);
    }
}

/// Refuses models whose values pydantic would hand to functions of the user's.
pub(super) fn without_validators(class: &Rc<Class>) -> Outcome<()> {
    for each in std::iter::once(class).chain(&class.mro) {
        let names = each.names.borrow();
        let validates = |value: &Value| matches!(value, Value::Object(object) if object.any().is::<Validator>());
        if let Some((name, _)) = names.iter().find(|(_, value)| validates(value)) {
            return Err(refuse(format!(
                "The validator `{name}` of `{}` is not run here, so whether its values are taken cannot be told.",
                each.name
            )));
        }
    }
    Ok(())
}
