//! What is there without import, and the modules that can be imported.

mod bytes;
mod classes;
pub(crate) mod clock;
mod dates;
mod dicts;
mod functions;
pub(crate) mod json;
mod library;
mod lists;
mod modules;
mod numbers;
mod sets;
mod strings;
mod types;
pub(crate) mod views;

use std::rc::Rc;

pub(crate) use modules::modules;
pub(crate) use types::{Property, moment};

use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Class, Named, Names, Outcome, Value};

/// Built-in names and classes.
pub(crate) struct Builtins {
    names: Names,
    classes: Named<Rc<Class>>,
}

impl Builtins {
    pub(crate) fn new() -> Self {
        let mut builtins = Self { names: Names::default(), classes: Named::default() };
        classes::add(&mut builtins);
        types::add(&mut builtins);
        functions::add(&mut builtins);
        builtins
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        self.names.get(name).cloned()
    }

    pub(crate) fn class(&self, name: &str) -> Option<Rc<Class>> {
        self.classes.get(name).cloned()
    }

    fn name(&mut self, name: &'static str, value: Value) {
        self.names.insert(name.into(), value);
    }

    fn add_class(&mut self, key: &'static str, class: Class) -> Rc<Class> {
        let class = Rc::new(class);
        self.classes.insert(key.into(), class.clone());
        class
    }
}

/// The method of a built-in type, where it has one of this name.
pub(crate) fn method_of(value: &Value, name: &str) -> Option<&'static str> {
    let methods: &[&'static str] = match value {
        Value::Str(_) => strings::METHODS,
        Value::Bytes(_) => bytes::METHODS,
        Value::List(_) => lists::LIST,
        Value::Tuple(_) => lists::TUPLE,
        Value::Dict(_) => dicts::METHODS,
        Value::Set(_) => sets::METHODS,
        Value::Int(_) | Value::Bool(_) => numbers::INT,
        Value::Float(_) => numbers::FLOAT,
        Value::Decimal(_) => numbers::DECIMAL,
        Value::Date(_) => dates::DATE,
        Value::DateTime(..) => dates::DATETIME,
        Value::Time(_) => dates::TIME,
        Value::Delta(_) => dates::DELTA,
        Value::Coroutine(_) => &["close"],
        Value::Iter(_) => &["__next__", "close"],
        _ => &[],
    };
    methods.iter().copied().find(|method| *method == name)
}

/// `str.lower`: a method of a built-in type that is told its value.
pub(crate) fn unbound(class: &str, name: &str) -> Option<Value> {
    let methods: &[&'static str] = match class {
        "str" => strings::METHODS,
        "bytes" => bytes::METHODS,
        "list" => lists::LIST,
        "tuple" => lists::TUPLE,
        "dict" => dicts::METHODS,
        "set" => sets::METHODS,
        "int" | "bool" => numbers::INT,
        "float" => numbers::FLOAT,
        _ => &[],
    };
    let name = methods.iter().copied().find(|method| *method == name)?;
    let class: Rc<str> = class.into();
    Some(Value::native(name, move |machine, mut args| {
        if args.positional.is_empty() {
            let message = format!("unbound method {class}.{name}() needs an argument");
            return Err(raise("TypeError", message));
        }
        let value = args.positional.remove(0);
        if *value.type_name() != *class {
            let given = value.type_name();
            let message = format!(
                "descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object"
            );
            return Err(raise("TypeError", message));
        }
        let method = machine.attribute(&value, name)?;
        machine.call(&method, args)
    }))
}

/// An attribute of a built-in value that is no method.
pub(crate) fn property(value: &Value, name: &str) -> Outcome<Option<Value>> {
    match value {
        Value::Date(_) | Value::DateTime(..) | Value::Time(_) | Value::Delta(_) => {
            Ok(dates::property(value, name))
        }
        Value::Int(_) | Value::Bool(_) | Value::Float(_) => Ok(numbers::property(value, name)),
        Value::Uuid(uuid) => Ok(types::uuid_property(**uuid, name)),
        Value::Instance(instance) if name == "__dict__" => {
            let mut dict = crate::value::Dict::default();
            for (name, value) in instance.names.borrow().iter() {
                dict.set(name, value.clone());
            }
            Ok(Some(Value::dict(dict)))
        }
        _ => Ok(None),
    }
}

impl Machine {
    /// Calls a method of a built-in type.
    pub(crate) fn built_in_method(
        &mut self,
        receiver: &Value,
        name: &'static str,
        args: Args,
    ) -> Outcome {
        self.step()?;
        match receiver {
            Value::Str(text) => strings::call(self, text, name, args),
            Value::Bytes(bytes) => bytes::call(bytes, name, args),
            Value::List(items) => lists::call(self, items, name, args),
            Value::Tuple(items) => lists::call_tuple(self, items, name, args),
            Value::Dict(dict) => dicts::call(self, dict, name, args),
            Value::Set(set) => sets::call(self, set, name, args),
            Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::Decimal(_) => {
                numbers::call(self, receiver, name, args)
            }
            Value::Date(_) | Value::DateTime(..) | Value::Time(_) | Value::Delta(_) => {
                dates::call(self, receiver, name, args)
            }
            Value::Coroutine(coroutine) => {
                coroutine.borrow_mut().take();
                Ok(Value::None)
            }
            Value::Iter(each) if name == "__next__" => match each.next(self)? {
                Some(item) => Ok(item),
                None => Err(raise("StopIteration", "")),
            },
            _ => Ok(Value::None),
        }
    }
}
