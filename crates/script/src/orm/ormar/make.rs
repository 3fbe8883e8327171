//! Making instances: relations are expanded, values validated as pydantic does, and both sides related.

use std::rc::Rc;

use throughline_core::document::{ColumnType, Value as Constant};
use throughline_order::Gather as _;

use super::exceptions::{exception, raise as raise_own};
use super::link::{Kind, Link, links};
use super::state::{State, relate};
use super::{pydantic, setup};
use crate::Machine;
use crate::eval::{Raised, raise};
use crate::value::{Dict, Instance, Outcome, Value};
use crate::world::{Field, Model, World};

/// Refuses models whose forward references were never resolved.
pub(super) fn usable(machine: &mut Machine, model: &Model) -> Outcome<()> {
    let pending = model.relations.iter().any(|relation| {
        relation.through.is_none()
            && model
                .field(&relation.name)
                .is_none_or(|field| matches!(field.ty, ColumnType::Unknown(_)))
    });
    if pending {
        let name = model.name.to_lowercase();
        let message = format!(
            "Model {name} has not updated ForwardRefs. \nBefore using the model you need to call update_forward_refs()."
        );
        return Err(raise_own(machine, "ModelError", &message));
    }
    Ok(())
}

/// An instance that is known by its key only.
pub(super) fn dummy(
    machine: &mut Machine,
    world: &World,
    model: usize,
    key: Value,
) -> Outcome<Rc<Instance>> {
    let (Some(of), Some(class)) = (world.model(model), world.class(model)) else {
        return Err(raise("LookupError", "no such model"));
    };
    let key = match (of.key().map(|key| &key.ty), &key) {
        (Some(ColumnType::Uuid), Value::Str(_)) => {
            crate::world::to_cell(Some(&ColumnType::Uuid), &key)
                .map_or(key.clone(), |cell| crate::world::to_value(None, &cell))
        }
        (Some(ty), _) if !fits(ty, &key) => {
            let held = type_name(ty);
            let given = key.type_name();
            let message = format!(
                "Relationship error - ForeignKey {} is of type <class '{held}'> while <class '{given}'> passed as a parameter.",
                of.name
            );
            return Err(raise_own(machine, "RelationshipInstanceError", &message));
        }
        _ => key,
    };
    let made = Rc::new(Instance::new(class));
    if let Some(field) = of.key() {
        made.set(&field.name, key);
    }
    *made.state.borrow_mut() = Some(Box::new(State::dummy()));
    Ok(made)
}

fn type_name(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_) => "str",
        ColumnType::Uuid => "uuid.UUID",
        _ => "int",
    }
}

fn fits(ty: &ColumnType, value: &Value) -> bool {
    match ty {
        ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt => {
            matches!(value, Value::Int(_) | Value::Bool(_))
        }
        ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_) => {
            matches!(value, Value::Str(_))
        }
        _ => true,
    }
}

/// `expand_relationship`: what is given for a relation, as instances.
pub(super) fn expand(
    machine: &mut Machine,
    world: &Rc<World>,
    relation: &Link,
    value: &Value,
) -> Outcome<Vec<Rc<Instance>>> {
    let given = match value {
        Value::None => return Ok(Vec::new()),
        Value::Instance(instance)
            if world
                .class(relation.target)
                .is_some_and(|class| Rc::ptr_eq(&class, &instance.class)) =>
        {
            instance.clone()
        }
        Value::Dict(dict) => {
            let items: Vec<(Rc<str>, Value)> = dict
                .borrow()
                .items()
                .filter_map(|(key, value)| Some((key.as_str()?.into(), value.clone())))
                .gather();
            let key = world.model(relation.target).and_then(|model| model.key());
            match (items.as_slice(), key) {
                ([(name, value)], Some(key)) if *name == key.name => {
                    dummy(machine, world, relation.target, value.clone())?
                }
                _ => make(machine, world, relation.target, items, &[])?,
            }
        }
        Value::List(items) => {
            let items = items.borrow().clone();
            let mut out = Vec::new();
            for item in &items {
                out.extend(expand(machine, world, relation, item)?);
            }
            return Ok(out);
        }
        Value::Object(object) if object.any().is::<super::proxy::Proxy>() => {
            let mut out = Vec::new();
            for item in machine.list_of(value)? {
                out.extend(expand(machine, world, relation, &item)?);
            }
            return Ok(out);
        }
        other => dummy(machine, world, relation.target, other.clone())?,
    };
    Ok(vec![given])
}

/// `Model(**given)`, without the fields that a query has left out.
pub(super) fn make(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    given: Vec<(Rc<str>, Value)>,
    left_out: &[Rc<str>],
) -> Outcome<Rc<Instance>> {
    let (Some(of), Some(class)) = (world.model(model).cloned(), world.class(model)) else {
        return Err(raise("LookupError", "no such model"));
    };
    usable(machine, &of)?;
    pydantic::without_validators(&class)?;
    let relations = links(world, &of);
    let instance = Rc::new(Instance::new(class));
    *instance.state.borrow_mut() = Some(Box::new(State::default()));
    let mut values: Vec<(Rc<str>, Value)> = Vec::new();
    let mut related: Vec<(Link, Vec<Rc<Instance>>)> = Vec::new();
    for (name, value) in given {
        nested(machine, world, &value)?;
        let name = match of.key() {
            Some(key) if &*name == "pk" => key.name.clone(),
            _ => name,
        };
        if let Some(relation) = relations.iter().find(|link| link.name == name) {
            let expanded = expand(machine, world, relation, &value)?;
            if relation.kind != Kind::Through {
                let shown = if matches!(value, Value::List(_)) {
                    Value::list(expanded.iter().cloned().map(Value::Instance).gather())
                } else {
                    expanded.first().cloned().map_or(Value::None, Value::Instance)
                };
                values.push((name.clone(), shown));
            }
            related.push((relation.clone(), expanded));
        } else if let Some(field) = of.field(&name) {
            let value = encoded(machine, &of, field, &value)?;
            values.push((name, value));
        } else if pydantic::is_field(&instance.class, &name) {
            values.push((name, value));
        } else if !setup::ignores(&instance.class) {
            let message = format!("Unknown field '{name}' for model {}", of.name);
            return Err(raise_own(machine, "ModelError", &message));
        }
    }
    validate(machine, &of, &instance, &values)?;
    pydantic::fill(machine, &instance, &values)?;
    for (relation, expanded) in related {
        for value in &expanded {
            relate(machine, world, &instance, &relation, value)?;
        }
    }
    for name in left_out {
        instance.set(name, Value::None);
    }
    Ok(instance)
}

fn validate(
    machine: &mut Machine,
    model: &Model,
    instance: &Rc<Instance>,
    given: &[(Rc<str>, Value)],
) -> Outcome<()> {
    let mut problems: Vec<(Rc<str>, &'static str, String, Value)> = Vec::new();
    for field in &model.fields {
        let value = given.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value);
        if field.relation {
            let required = field.declared.is_some() && !field.null;
            if value.is_none() && required {
                problems.push((
                    field.name.clone(),
                    "missing",
                    "Field required".into(),
                    whole(given),
                ));
            }
            continue;
        }
        let value = match value {
            Some(value) => match chosen(machine, field, value)? {
                Some(Ok(member)) => member,
                Some(Err(message)) => {
                    problems.push((field.name.clone(), "enum", message, value.clone()));
                    continue;
                }
                None => match check(field, value).and_then(|value| within(field, value)) {
                    Ok(value) => value,
                    Err((kind, message)) => {
                        problems.push((field.name.clone(), kind, message, value.clone()));
                        continue;
                    }
                },
            },
            None => match crate::orm::defaults::given(machine, field)? {
                Some(value) => match chosen(machine, field, &value)? {
                    Some(Ok(member)) => member,
                    Some(Err(_)) | None => value,
                },
                None if optional(field) || field.auto || server_default(field) => Value::None,
                None => {
                    let message = "Field required".to_owned();
                    problems.push((field.name.clone(), "missing", message, whole(given)));
                    continue;
                }
            },
        };
        instance.set(&field.name, value);
    }
    if problems.is_empty() { Ok(()) } else { Err(invalid(machine, model, &problems)?) }
}

/// JSON of an instance within another one is text from then on: `serialize_nested_models_json_fields`.
fn nested(machine: &mut Machine, world: &World, value: &Value) -> Outcome<()> {
    let Value::Instance(instance) = value else { return Ok(()) };
    let model = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned();
    let fields = model.iter().flat_map(|model| &model.fields);
    for field in fields.filter(|field| matches!(field.ty, ColumnType::Json)) {
        let held = instance.get(&field.name).unwrap_or(Value::None);
        if let Some(text) = super::dump::json_text(machine, &held)? {
            instance.set(&field.name, Value::str(&text));
        }
    }
    Ok(())
}

/// A value in the form that ormar hands on to pydantic: JSON is read, text for bytes encoded.
pub(super) fn encoded(
    machine: &mut Machine,
    model: &Model,
    field: &Field,
    value: &Value,
) -> Outcome {
    match (&field.ty, value) {
        (ColumnType::Json, Value::Str(text)) => {
            match serde_json::from_str::<serde_json::Value>(text) {
                Ok(json) if !json.is_string() => Ok(crate::world::to_value(
                    Some(&ColumnType::Json),
                    &crate::Cell::Text(text.clone()),
                )),
                _ => {
                    let given = serde_json::from_str::<String>(text);
                    let given = given.map_or_else(|_| value.clone(), |inner| Value::str(&inner));
                    let message = "Invalid JSON: expected value at line 1 column 1".to_owned();
                    Err(invalid(
                        machine,
                        model,
                        &[(field.name.clone(), "json_invalid", message, given)],
                    )?)
                }
            }
        }
        (ColumnType::Binary, _)
            if field
                .declared
                .as_ref()
                .and_then(|field| field.arg("represent_as_base64_str"))
                .is_some() =>
        {
            Err(crate::eval::refuse(format!(
                "`represent_as_base64_str` of `{}` is not supported here: take `bytes`.",
                field.name
            )))
        }
        (ColumnType::Binary, Value::Str(text)) => Ok(Value::Bytes(text.as_bytes().into())),
        _ => Ok(value.clone()),
    }
}

/// The member that a value of a column of an enumeration stands for.
fn chosen(
    machine: &mut Machine,
    field: &Field,
    value: &Value,
) -> Outcome<Option<Result<Value, String>>> {
    let class = super::choices::of(machine, field).filter(|_| !value.is_none());
    let Some(class) = class else { return Ok(None) };
    if let Some(member) = super::choices::member(machine, &class, "value", value)? {
        return Ok(Some(Ok(member)));
    }
    let mut shown = Vec::new();
    for member in super::choices::members(&class) {
        let value = machine.attribute(&member, "value")?;
        shown.push(machine.repr(&value)?);
    }
    let last = shown.pop().unwrap_or_default();
    let all = if shown.is_empty() { last } else { format!("{} or {last}", shown.join(", ")) };
    Ok(Some(Err(format!("Input should be {all}"))))
}

/// Whether pydantic takes no value for a field; its column may still want one.
fn optional(field: &Field) -> bool {
    let said = field.declared.as_ref().and_then(|declared| declared.arg("nullable"));
    field.null || said.is_some_and(|said| said.value == Constant::Bool(true))
}

fn server_default(field: &Field) -> bool {
    field.declared.as_ref().is_some_and(|declared| declared.db_default.is_some())
}

fn whole(given: &[(Rc<str>, Value)]) -> Value {
    let mut dict = Dict::default();
    for (name, value) in given {
        dict.set(name, value.clone());
    }
    Value::dict(dict)
}

/// A value in its field's type, or what pydantic has against it.
fn check(field: &Field, value: &Value) -> Result<Value, (&'static str, String)> {
    if value.is_none() {
        let free = optional(field)
            || field.auto
            || server_default(field)
            || matches!(field.ty, ColumnType::Json)
            || field.declared.as_ref().is_some_and(|declared| declared.default.is_some());
        return if free { Ok(Value::None) } else { Err(expected(&field.ty)) };
    }
    match (&field.ty, value) {
        (ColumnType::Varchar(Some(length)) | ColumnType::Char(length), Value::Str(text))
            if text.chars().count() > usize::try_from(*length).unwrap_or(usize::MAX) =>
        {
            let plural = if *length == 1 { "" } else { "s" };
            let message = format!("String should have at most {length} character{plural}");
            Err(("string_too_long", message))
        }
        (
            ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text,
            Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::List(_) | Value::Dict(_),
        ) => Err(expected(&field.ty)),
        (ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt, given) => match given {
            Value::Bool(yes) => Ok(Value::Int(i64::from(*yes))),
            Value::Int(_) => Ok(value.clone()),
            Value::Str(text) => text.trim().parse().map(Value::Int).map_err(|_| {
                (
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer".into(),
                )
            }),
            #[allow(clippy::cast_possible_truncation, reason = "it has no fraction")]
            Value::Float(number) if number.fract() == 0.0 => Ok(Value::Int(*number as i64)),
            Value::Float(_) => Err((
                "int_from_float",
                "Input should be a valid integer, got a number with a fractional part".into(),
            )),
            _ => Err(expected(&field.ty)),
        },
        (ColumnType::Decimal(_), given) => {
            Ok(match crate::world::to_cell(Some(&field.ty), given) {
                Some(cell) => crate::world::to_value(None, &cell),
                None => value.clone(),
            })
        }
        // Dates, decimals and the like are read from text as the database would give them back.
        (ty, given) => Ok(match crate::world::to_cell(Some(ty), given) {
            Some(cell) if !matches!(given, Value::DateTime(..)) => {
                crate::world::to_value(Some(ty), &cell)
            }
            _ => value.clone(),
        }),
    }
}

/// The limits that a field states, as pydantic checks them.
fn within(field: &Field, value: Value) -> Result<Value, (&'static str, String)> {
    let limit = |name: &str| {
        let text = match &field.declared.as_ref()?.arg(name)?.value {
            Constant::Int(number) => number.to_string(),
            Constant::Number(text) => text.clone(),
            _ => return None,
        };
        text.parse::<f64>().ok().map(|number| (number, text))
    };
    let number: Option<f64> = match &value {
        Value::Int(number) => number.to_string().parse().ok(),
        Value::Float(number) => Some(*number),
        Value::Decimal(number) => number.to_string().parse().ok(),
        _ => None,
    };
    if let (Some(number), Some((least, text))) = (number, limit("minimum"))
        && number < least
    {
        return Err((
            "greater_than_equal",
            format!("Input should be greater than or equal to {text}"),
        ));
    }
    if let (Some(number), Some((most, text))) = (number, limit("maximum"))
        && number > most
    {
        return Err(("less_than_equal", format!("Input should be less than or equal to {text}")));
    }
    if let (Value::Str(given), Some((least, text))) = (&value, limit("min_length"))
        && given.chars().count().to_string().parse::<f64>().is_ok_and(|length| length < least)
    {
        let plural = if text == "1" { "" } else { "s" };
        return Err((
            "string_too_short",
            format!("String should have at least {text} character{plural}"),
        ));
    }
    Ok(value)
}

fn expected(ty: &ColumnType) -> (&'static str, String) {
    let (kind, what) = match ty {
        ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text => {
            ("string_type", "string")
        }
        ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt => ("int_type", "integer"),
        ColumnType::Boolean => ("bool_type", "boolean"),
        ColumnType::Float => ("float_type", "number"),
        ColumnType::Date => ("date_type", "date"),
        ColumnType::DateTime => ("datetime_type", "datetime"),
        _ => ("value_error", "value"),
    };
    (kind, format!("Input should be a valid {what}"))
}

fn invalid(
    machine: &mut Machine,
    model: &Model,
    problems: &[(Rc<str>, &'static str, String, Value)],
) -> Outcome<Box<Raised>> {
    let plural = if problems.len() == 1 { "" } else { "s" };
    let mut message = format!("{} validation error{plural} for {}", problems.len(), model.name);
    for (name, kind, text, input) in problems {
        let shown = shortened(&machine.repr(input)?);
        let ty = input.type_name();
        message.push_str(&format!(
            "\n{name}\n  {text} [type={kind}, input_value={shown}, input_type={ty}]\n    For further information visit https://errors.pydantic.dev/2.13/v/{kind}"
        ));
    }
    Ok(exception(machine, "pydantic_core._pydantic_core", "ValidationError", &message))
}

/// Long values are shown with their middle left out: 25 characters and 24.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= 50 {
        return text.to_owned();
    }
    let head: String = text.chars().take(25).collect();
    let tail: String = text.chars().skip(count - 24).collect();
    format!("{head}...{tail}")
}
