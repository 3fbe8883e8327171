//! `dict.keys()`, `dict.values()`, `dict.items()`: they follow what happens to the dictionary.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::value::{Class, Dict, Object, Outcome, Set, Side, Value};

/// What of a dictionary it shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Keys,
    Values,
    Items,
}

/// A view of a dictionary.
pub(crate) struct View {
    dict: Rc<RefCell<Dict>>,
    part: Part,
}

pub(super) fn view(dict: &Rc<RefCell<Dict>>, part: Part) -> Value {
    Value::Object(Rc::new(View { dict: dict.clone(), part }))
}

/// What a view shows now; `None` for any other value.
pub(crate) fn shown(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Object(object) => object.any().downcast_ref::<View>().map(View::values),
        _ => None,
    }
}

impl View {
    fn values(&self) -> Vec<Value> {
        let dict = self.dict.borrow();
        dict.items()
            .map(|(key, value)| match self.part {
                Part::Keys => key.clone(),
                Part::Values => value.clone(),
                Part::Items => Value::tuple(vec![key.clone(), value.clone()]),
            })
            .gather()
    }

    /// As a set, which keys and items are like.
    fn set(&self, machine: &mut Machine) -> Outcome {
        let mut set = Set::default();
        for value in self.values() {
            set.insert(machine.key(&value)?, value);
        }
        Ok(Value::set(set))
    }
}

impl Object for View {
    fn class(&self) -> Rc<Class> {
        let name = match self.part {
            Part::Keys => "dict_keys",
            Part::Values => "dict_values",
            Part::Items => "dict_items",
        };
        Rc::new(Class::new(name, "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn iterate(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::list(self.values())))
    }

    fn len(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<usize>> {
        Ok(Some(self.values().len()))
    }

    fn truth(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<bool>> {
        Ok(Some(!self.values().is_empty()))
    }

    fn contains(self: Rc<Self>, machine: &mut Machine, item: &Value) -> Outcome<Option<bool>> {
        machine.contains(&Value::list(self.values()), item).map(Some)
    }

    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        if self.part == Part::Values || !["==", "!=", "&", "|", "-", "^"].contains(&op) {
            return Ok(None);
        }
        let own = self.set(machine)?;
        let other = match other {
            Value::Object(object) => match object.any().downcast_ref::<Self>() {
                Some(view) => view.set(machine)?,
                None => return Ok(None),
            },
            other => other.clone(),
        };
        if op == "==" || op == "!=" {
            return Ok(Some(Value::Bool(machine.equal(&own, &other)? == (op == "=="))));
        }
        let (left, right) = if side == Side::Left { (own, other) } else { (other, own) };
        machine.binary(op, &left, &right).map(Some)
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let inside = Value::list(self.values());
        let inside = machine.deeper(|machine| machine.repr(&inside))?;
        Ok(Some(format!("{}({inside})", Object::class(&*self).name)))
    }
}
