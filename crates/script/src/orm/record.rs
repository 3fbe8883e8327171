//! Rows as named tuples.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::value::{Class, Object, Outcome, Side, Value};

/// A tuple whose items have names.
pub(super) struct Record {
    class: &'static str,
    names: Vec<Rc<str>>,
    values: Vec<Value>,
}

impl Record {
    /// A row of a class of this name.
    pub(super) fn new(class: &'static str, names: Vec<Rc<str>>, values: Vec<Value>) -> Self {
        Self { class, names, values }
    }
}

impl Object for Record {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.class, "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let Some(at) = self.names.iter().position(|known| **known == *name) {
            return Ok(self.values.get(at).cloned());
        }
        Ok(match name {
            "_fields" => {
                Some(Value::tuple(self.names.iter().map(|name| Value::Str(name.clone())).gather()))
            }
            "_asdict" => Some(Value::native("_asdict", move |_, _| {
                let mut dict = crate::value::Dict::default();
                for (name, value) in self.names.iter().zip(&self.values) {
                    dict.set(name, value.clone());
                }
                Ok(Value::dict(dict))
            })),
            _ => None,
        })
    }

    fn iterate(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::tuple(self.values.clone())))
    }

    fn len(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<usize>> {
        Ok(Some(self.values.len()))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        machine.item(&Value::tuple(self.values.clone()), key).map(Some)
    }

    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        _: Side,
    ) -> Outcome<Option<Value>> {
        if op != "==" && op != "!=" {
            return Ok(None);
        }
        let own = Value::tuple(self.values.clone());
        let other = match other {
            Value::Object(object) => match object.any().downcast_ref::<Self>() {
                Some(record) => Value::tuple(record.values.clone()),
                None => return Ok(None),
            },
            other => other.clone(),
        };
        let equal = machine.equal(&own, &other)?;
        Ok(Some(Value::Bool(equal == (op == "=="))))
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let mut parts = Vec::with_capacity(self.names.len());
        for (name, value) in self.names.iter().zip(&self.values) {
            parts.push(format!("{name}={}", machine.repr(value)?));
        }
        Ok(Some(format!("{}({})", self.class, parts.join(", "))))
    }
}
