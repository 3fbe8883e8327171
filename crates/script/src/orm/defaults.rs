//! Constants of the models file: defaults and choices.

use std::rc::Rc;

use throughline_core::document::Value as Constant;

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
        Constant::List(items) => Value::list(items.iter().filter_map(constant).collect()),
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
        Some(given) => made(machine, given).map(Some),
        None => Ok(None),
    }
}

fn made(machine: &mut Machine, given: &Constant) -> Outcome {
    if let Some(value) = constant(given) {
        return Ok(value);
    }
    if let Constant::Name(path) = given {
        let last = path.rsplit('.').next().unwrap_or(path);
        match last {
            "list" => return Ok(Value::list(Vec::new())),
            "dict" => return Ok(Value::dict(crate::value::Dict::default())),
            "now" => return Ok(Value::DateTime(machine.now, None)),
            "today" => return Ok(Value::Date(machine.now.date())),
            "uuid4" => {
                let module = machine.modules.get("uuid").and_then(|module| module.get("uuid4"));
                return module
                    .map_or(Ok(Value::None), |function| machine.call(&function, Args::default()));
            }
            _ => {}
        }
        let mut value = machine.scope.get(path.split('.').next().unwrap_or(path));
        for part in path.split('.').skip(1) {
            value = match value {
                Some(owner) => Some(machine.attribute(&owner, part)?),
                None => None,
            };
        }
        return match value {
            Some(function @ (Value::Function(_) | Value::Native(_))) => {
                machine.call(&function, Args::default())
            }
            Some(value) => Ok(value),
            None => Ok(Value::None),
        };
    }
    Ok(Value::None)
}
