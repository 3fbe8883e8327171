//! What models take from pydantic beside their fields.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::refuse;
use crate::value::{Args, Class, Instance, Object, Outcome, Value};

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

/// `pydantic.Field(…)`: an attribute without a column.
struct Beside(Args);

impl Object for Beside {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("FieldInfo", "pydantic.fields", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// `@computed_field`: a property that is shown with the fields.
struct Computed(Value, Rc<Class>);

impl Object for Computed {
    fn class(&self) -> Rc<Class> {
        self.1.clone()
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn call(self: Rc<Self>, machine: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        machine.call(&self.0, args).map(Some)
    }
}

fn computed(machine: &mut Machine, function: Value) -> Value {
    let property: Vec<Rc<Class>> = machine.class("property").into_iter().gather();
    let class = Rc::new(Class::new("PydanticDescriptorProxy", "pydantic", &property));
    Value::Object(Rc::new(Computed(function, class)))
}

/// The names beside the columns that a model's values are shown with: fields first, then what is computed.
pub(super) fn beside(class: &Rc<Class>) -> Vec<Rc<str>> {
    let (mut fields, mut computed) = (Vec::new(), Vec::new());
    for each in class.mro.iter().rev().chain([class]) {
        for (name, value) in each.names.borrow().iter() {
            let Value::Object(object) = value else { continue };
            let list = match object.any() {
                any if any.is::<Beside>() => &mut fields,
                any if any.is::<Computed>() => &mut computed,
                _ => continue,
            };
            if !list.contains(name) {
                list.push(name.clone());
            }
        }
    }
    fields.extend(computed);
    fields
}

/// Whether a name is a field without a column.
pub(super) fn is_field(class: &Class, name: &str) -> bool {
    matches!(class.get(name), Some(Value::Object(object)) if object.any().is::<Beside>())
}

/// Gives an instance its fields without columns.
pub(super) fn fill(
    machine: &mut Machine,
    instance: &Rc<Instance>,
    given: &[(Rc<str>, Value)],
) -> Outcome<()> {
    for name in beside(&instance.class) {
        let Some(Value::Object(object)) = instance.class.get(&name) else { continue };
        let Some(Beside(args)) = object.any().downcast_ref::<Beside>() else { continue };
        let arg = |wanted: &str| {
            args.keywords.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value.clone())
        };
        let default = arg("default").or_else(|| args.positional.first().cloned());
        let value = match (given.iter().find(|(known, _)| *known == name), arg("default_factory")) {
            (Some((_, value)), _) => value.clone(),
            (None, Some(factory)) => machine.call(&factory, Args::default())?,
            (None, None) => {
                default.filter(|value| !matches!(value, Value::Ellipsis)).ok_or_else(|| {
                    refuse(format!(
                        "`{name}` of `{}` has no value: give it one.",
                        instance.class.name
                    ))
                })?
            }
        };
        instance.set(&name, value);
    }
    Ok(())
}

/// Adds the decorators to the module.
pub(super) fn install(module: &Class) {
    module.set("Field", Value::native("Field", |_, args| Ok(Value::Object(Rc::new(Beside(args))))));
    let decorate = Value::native("computed_field", |machine, args| {
        Ok(match args.positional.into_iter().next() {
            Some(function) => computed(machine, function),
            None => Value::native("dec", |machine, args| {
                let function = args.only("dec")?;
                Ok(computed(machine, function))
            }),
        })
    });
    module.set("computed_field", decorate);
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
