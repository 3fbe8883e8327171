//! Constants of the models file: defaults and choices.

use std::rc::Rc;

use throughline_core::document::Value as Constant;
use throughline_order::Gather as _;

use crate::Machine;
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model};

/// `get_status_display()`
pub(super) fn display(model: &Model, instance: &Rc<Instance>, field: &str) -> Outcome {
    let choices =
        model.field(field).and_then(|field| field.declared.as_ref()).map(
            |declared| match &declared.kind {
                throughline_core::document::FieldKind::Column(column) => column.choices.clone(),
                _ => Vec::new(),
            },
        );
    let (instance, field) = (instance.clone(), field.to_owned());
    Ok(Value::native("display", move |machine, _| {
        let value = instance.get(&field).unwrap_or(Value::None);
        for (choice, label) in choices.iter().flatten() {
            if machine.equal(&constant(choice).unwrap_or(Value::None), &value)? {
                return Ok(constant(label).unwrap_or(Value::None));
            }
        }
        machine.str(&value).map(Value::Str)
    }))
}

/// A constant of the models file.
pub(super) fn constant(value: &Constant) -> Option<Value> {
    Some(match value {
        Constant::None => Value::None,
        Constant::Bool(yes) => Value::Bool(*yes),
        Constant::Int(number) => Value::Int(*number),
        Constant::Number(text) => Value::Float(text.parse().ok()?),
        Constant::Str(text) => Value::str(text),
        Constant::List(items) => Value::list(items.iter().filter_map(constant).gather()),
        Constant::Dict(items) if items.is_empty() => Value::dict(crate::value::Dict::default()),
        Constant::Dict(_) | Constant::Name(_) | Constant::Call { .. } | Constant::Other(_) => {
            return None;
        }
    })
}

/// The default of a field in Python: a constant, or what a function gives.
pub(super) fn default(machine: &mut Machine, field: &Field) -> Outcome {
    if let Some(given) = given(machine, field)? {
        return Ok(given);
    }
    // A text column without NULL starts as the empty text.
    let text = matches!(
        field.ty,
        throughline_core::document::ColumnType::Varchar(_)
            | throughline_core::document::ColumnType::Text
            | throughline_core::document::ColumnType::Char(_)
    );
    Ok(if text && !field.null && !field.relation && field.declared.is_some() {
        Value::str("")
    } else {
        Value::None
    })
}

/// The default that a field declares: a constant, or what its function gives.
pub(super) fn given(machine: &mut Machine, field: &Field) -> Outcome<Option<Value>> {
    match field.declared.as_ref().and_then(|declared| declared.default.as_ref()) {
        Some(given) => {
            let value = made(machine, given)?;
            match given {
                // Its function, or what that calls, is of a library that is not here.
                _ if !crate::world::is_opaque(&value) => Ok(Some(value)),
                Constant::Name(path) => Err(unknown(path)),
                Constant::Call { callee, .. } => Err(unknown(callee)),
                _ => Err(unknown("this value")),
            }
        }
        None => Ok(None),
    }
}

fn made(machine: &mut Machine, given: &Constant) -> Outcome {
    if let Constant::Name(path) = given {
        match path.rsplit('.').next().unwrap_or(path) {
            "list" => return Ok(Value::list(Vec::new())),
            "dict" => return Ok(Value::dict(crate::value::Dict::default())),
            "now" | "utcnow" => return Ok(Value::datetime(machine.now, None)),
            "today" => return Ok(Value::Date(machine.now.date())),
            _ => {}
        }
    }
    let value = evaluated(machine, given)?;
    match &value {
        // What can be called is called anew for each row.
        Value::Function(_) | Value::Native(_) | Value::Class(_) | Value::Bound(_) => {
            machine.call(&value, Args::default())
        }
        _ => Ok(value),
    }
}

/// What an expression of the models file gives, with the names of that file.
fn evaluated(machine: &mut Machine, given: &Constant) -> Outcome {
    match given {
        Constant::Name(path) => {
            let mut parts = path.split('.');
            let first = parts.next().unwrap_or(path);
            let module = machine.modules.get("").and_then(|module| module.get(first));
            // What is imported is written with its module, whatever the script has bound that name to.
            let library = machine.modules.get(first).filter(|_| path.contains('.'));
            let library = library.cloned().map(Value::Module);
            let found = library
                .or(module)
                .or_else(|| machine.scope.get(first))
                .or_else(|| machine.built_in(first));
            let Some(mut value) = found else { return Err(unknown(path)) };
            for part in parts {
                value = machine.attribute(&value, part)?;
            }
            Ok(value)
        }
        Constant::Call { callee, args } => {
            let function = evaluated(machine, &Constant::Name(callee.clone()))?;
            let mut given = Args::default();
            for arg in args {
                let value = evaluated(machine, &arg.value)?;
                match &arg.keyword {
                    Some(name) => given.keywords.push((name.as_str().into(), value)),
                    None => given.positional.push(value),
                }
            }
            machine.call(&function, given)
        }
        Constant::List(items) => {
            let items: Outcome<Vec<Value>> =
                items.iter().map(|item| evaluated(machine, item)).collect();
            items.map(Value::list)
        }
        Constant::Dict(items) => {
            let mut dict = crate::value::Dict::default();
            for (key, value) in items {
                let key = evaluated(machine, key)?;
                let value = evaluated(machine, value)?;
                dict.insert(machine.key(&key)?, key, value);
            }
            Ok(Value::dict(dict))
        }
        Constant::Other(text) => {
            let Ok(parsed) = ruff_python_parser::parse_expression(text) else {
                return Err(unknown(text));
            };
            let scope = crate::eval::Scope::script();
            if let Some(module) = machine.modules.get("").cloned() {
                for (name, value) in module.names.borrow().iter() {
                    scope.set(name, value.clone());
                }
            }
            machine.eval(parsed.expr(), &scope)
        }
        other => constant(other).ok_or_else(|| unknown("this value")),
    }
}

/// A default that cannot be computed is not passed over in silence.
fn unknown(text: &str) -> Box<crate::Raised> {
    crate::eval::refuse(format!(
        "The default `{text}` of the models file cannot be computed here: give the field its value."
    ))
}
