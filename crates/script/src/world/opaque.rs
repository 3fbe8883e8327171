//! What a models file uses and a script does not need: field classes, validators, libraries. It can be called, asked for attributes and
//! so on, and is always the same nothing.

use std::any::Any;
use std::rc::Rc;

use crate::Machine;
use crate::value::{Args, Class, Object, Outcome, Side, Value};

/// The nothing.
pub(super) struct Opaque;

pub(super) fn opaque() -> Value {
    Value::Object(Rc::new(Opaque))
}

/// Whether a value stands for something that is not here.
pub(crate) fn is_opaque(value: &Value) -> bool {
    Opaque::is(value)
}

impl Opaque {
    /// Whether a value is one.
    pub(super) fn is(value: &Value) -> bool {
        matches!(value, Value::Object(object) if object.any().is::<Self>())
    }
}

impl Object for Opaque {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("object", "models", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some("<object object>".into()))
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, _: &str) -> Outcome<Option<Value>> {
        Ok(Some(Value::Object(self)))
    }

    /// A decorator that is not known leaves its function as it is.
    fn call(self: Rc<Self>, _: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        Ok(Some(match args.positional.as_slice() {
            [function @ Value::Function(_)] if args.keywords.is_empty() => function.clone(),
            _ => Value::Object(self),
        }))
    }

    fn item(self: Rc<Self>, _: &mut Machine, _: &Value) -> Outcome<Option<Value>> {
        Ok(Some(Value::Object(self)))
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        _: &Value,
        _: Side,
    ) -> Outcome<Option<Value>> {
        Ok((!matches!(op, "==" | "!=")).then_some(Value::Object(self)))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, _: &'static str) -> Outcome<Option<Value>> {
        Ok(Some(Value::Object(self)))
    }

    fn iterate(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::list(Vec::new())))
    }
}
