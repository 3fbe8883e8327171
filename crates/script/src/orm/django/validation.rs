//! `full_clean()`: what Django checks before a form saves. `save()` itself checks none of it.

use std::rc::Rc;

use throughline_core::document::{ColumnType, FieldKind, Value as Constant};
use throughline_order::Gather as _;

use super::expression::{Condition, Item};
use super::instance::{key_of, with_state};
use super::queryset::QuerySet;
use crate::Machine;
use crate::eval::refuse;
use crate::orm::defaults::constant;
use crate::value::{Args, Dict, Instance, Outcome, Value};
use crate::world::{Field, Model, World};

/// Names with their messages, in the order in which they are found.
type Errors = Vec<(Rc<str>, Vec<String>)>;

/// One of the methods that check.
pub(super) fn method(world: Rc<World>, instance: Rc<Instance>, name: &str) -> Value {
    let (fields, unique) = match name {
        "full_clean" => (true, true),
        "clean_fields" => (true, false),
        _ => (false, true),
    };
    let whole = name == "full_clean";
    Value::native("clean", move |machine, args| {
        let exclude = match args.positional.first().or_else(|| {
            args.keywords.iter().find(|(name, _)| &**name == "exclude").map(|(_, value)| value)
        }) {
            Some(names) if !names.is_none() => {
                let names = machine.list_of(names)?;
                names.iter().filter_map(|name| name.as_str().map(Rc::from)).gather()
            }
            _ => Vec::<Rc<str>>::new(),
        };
        let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
        else {
            return Ok(Value::None);
        };
        let mut errors: Errors = Vec::new();
        if fields {
            clean_fields(machine, &world, &model, &instance, &exclude, &mut errors)?;
        }
        if whole && instance.class.get("clean").is_some() {
            let own = machine.attribute(&Value::Instance(instance.clone()), "clean")?;
            if let Err(raised) = machine.call(&own, Args::default()) {
                let Some(caught) = machine
                    .caught(&raised)
                    .filter(|caught| caught.class.derives_from("ValidationError"))
                else {
                    return Err(raised);
                };
                said(machine, &Value::Instance(caught), &mut errors)?;
            }
        }
        if unique {
            unique_fields(machine, &world, &model, &instance, &exclude, &mut errors)?;
        }
        if errors.is_empty() { Ok(Value::None) } else { Err(invalid(machine, errors)) }
    })
}

/// What a `clean` of the user's own says.
fn said(machine: &mut Machine, error: &Value, errors: &mut Errors) -> Outcome<()> {
    let args = machine.attribute(error, "args")?;
    let args = machine.list_of(&args)?;
    match args.first() {
        Some(Value::Dict(dict)) => {
            let dict = dict.borrow().clone();
            for (name, value) in dict.items() {
                let name = machine.str(name)?;
                let texts = match value {
                    Value::List(_) | Value::Tuple(_) => machine.list_of(value)?,
                    one => vec![one.clone()],
                };
                for text in texts {
                    let text = machine.str(&text)?;
                    add(errors, &name, text.to_string());
                }
            }
        }
        Some(other) => {
            let text = machine.str(other)?;
            add(errors, "__all__", text.to_string());
        }
        None => {}
    }
    Ok(())
}

fn add(errors: &mut Errors, name: &str, message: String) {
    match errors.iter_mut().find(|(known, _)| **known == *name) {
        Some((_, messages)) => messages.push(message),
        None => errors.push((name.into(), vec![message])),
    }
}

fn invalid(machine: &mut Machine, errors: Errors) -> Box<crate::Raised> {
    let mut dict = Dict::default();
    let mut all = Vec::new();
    for (name, messages) in errors {
        let texts: Vec<Value> = messages.iter().map(Value::str).gather();
        all.extend(texts.iter().cloned());
        dict.set(&name, Value::list(texts));
    }
    let Some(class) = super::class_of(machine, "django.core.exceptions", "ValidationError") else {
        return refuse("The values are not valid.");
    };
    let exception = machine.exception_of(&class, vec![Value::dict(dict.clone())]);
    exception.set("message_dict", Value::dict(dict));
    exception.set("messages", Value::list(all));
    Box::new(crate::Raised::Exception { exception, span: None })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.borrow().is_empty(),
        Value::Tuple(items) => items.is_empty(),
        Value::Dict(items) => items.borrow().is_empty(),
        _ => false,
    }
}

fn says(field: &Field, name: &str) -> bool {
    let arg = field.declared.as_ref().and_then(|declared| declared.arg(name));
    arg.is_some_and(|arg| arg.value == Constant::Bool(true))
}

fn clean_fields(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    exclude: &[Rc<str>],
    errors: &mut Errors,
) -> Outcome<()> {
    for field in &model.fields {
        let value = instance.get(&field.attname).unwrap_or(Value::None);
        let may_be_blank = field.auto
            || says(field, "blank")
            || says(field, "auto_now")
            || says(field, "auto_now_add");
        if exclude.contains(&field.name) || may_be_blank && is_empty(&value) {
            continue;
        }
        if let Some(message) = wrong(machine, world, model, field, &value)? {
            add(errors, &field.name, message);
        }
    }
    Ok(())
}

/// What is wrong with the value of a field.
fn wrong(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    field: &Field,
    value: &Value,
) -> Outcome<Option<String>> {
    let declared = field.declared.as_ref();
    let number = matches!(
        field.ty,
        ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::SmallInt
            | ColumnType::IntegerUnsigned
            | ColumnType::BigIntUnsigned
            | ColumnType::SmallIntUnsigned
    );
    if number
        && let Value::Str(text) = value
        && text.trim().parse::<i64>().is_err()
        && !text.is_empty()
    {
        return Ok(Some(format!("“{text}” value must be an integer.")));
    }
    if let Some(FieldKind::Column(column)) = declared.map(|declared| &declared.kind)
        && !column.choices.is_empty()
        && !is_empty(value)
    {
        let mut known = false;
        for (choice, label) in &column.choices {
            // Choices in named groups hold pairs.
            let group = match label {
                Constant::List(items) => items.as_slice(),
                _ => &[],
            };
            for item in group {
                if let Constant::List(pair) = item
                    && let Some(choice) = pair.first().and_then(constant)
                {
                    known |= machine.equal(&choice, value)?;
                }
            }
            if let Some(choice) = constant(choice) {
                known |= machine.equal(&choice, value)?;
            }
        }
        return Ok(if known {
            None
        } else {
            Some(format!("Value {} is not a valid choice.", machine.repr(value)?))
        });
    }
    if value.is_none() && !field.null {
        return Ok(Some("This field cannot be null.".into()));
    }
    if !says(field, "blank") && is_empty(value) {
        return Ok(Some("This field cannot be blank.".into()));
    }
    if field.relation {
        return missing(machine, world, model, field, value);
    }
    if is_empty(value) {
        return Ok(None);
    }
    if declared.is_some_and(|declared| declared.arg("validators").is_some()) {
        return Err(refuse(format!(
            "`validators` of a field (here of `{}`) are not run by `full_clean()` here: check the value in `clean()`.",
            field.name
        )));
    }
    let text = machine.str(value)?;
    let class = declared
        .map(|declared| declared.class.text.rsplit('.').next().unwrap_or_default().to_owned());
    let class = class.unwrap_or_default();
    let message = match (class.as_str(), &field.ty) {
        ("EmailField", _) if !is_email(&text) => Some("Enter a valid email address.".to_owned()),
        ("SlugField", _)
            if !text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)) =>
        {
            Some(
                "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
                    .to_owned(),
            )
        }
        (
            _,
            ColumnType::IntegerUnsigned | ColumnType::BigIntUnsigned | ColumnType::SmallIntUnsigned,
        ) if text.starts_with('-') => {
            Some("Ensure this value is greater than or equal to 0.".to_owned())
        }
        _ => None,
    };
    if message.is_some() {
        return Ok(message);
    }
    if let ColumnType::Varchar(Some(most)) = &field.ty {
        let has = text.chars().count();
        if u32::try_from(has).is_ok_and(|has| has > *most) {
            let letters = if *most == 1 { "character" } else { "characters" };
            return Ok(Some(format!(
                "Ensure this value has at most {most} {letters} (it has {has})."
            )));
        }
    }
    Ok(None)
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let plain =
        |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{}|~-".contains(letter);
    let user = user.split('.').all(|part| !part.is_empty() && part.chars().all(plain));
    let parts: Vec<&str> = host.split('.').gather();
    user && (host == "localhost" || parts.len() > 1 && parts.iter().all(|part| label(part)))
}

/// A foreign key to a row that is not there.
fn missing(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    field: &Field,
    value: &Value,
) -> Outcome<Option<String>> {
    let Some(relation) = model.relation(&field.name) else { return Ok(None) };
    let (Some(key), Some(target)) = (&relation.key, world.named(&relation.target)) else {
        return Ok(None);
    };
    if value.is_none() {
        return Ok(None);
    }
    let args =
        Args { positional: Vec::new(), keywords: vec![(key.to_field.clone(), value.clone())] };
    if QuerySet::all(world.clone(), target.at).narrowed(machine, args)?.exists(machine)? {
        return Ok(None);
    }
    let name = super::descriptor::verbose_name(target);
    let shown = machine.repr(value)?;
    Ok(Some(format!("{name} instance with {} {shown} is not a valid choice.", key.to_field)))
}

fn unique_fields(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    exclude: &[Rc<str>],
    errors: &mut Errors,
) -> Outcome<()> {
    let adding = !with_state(instance, |state| state.saved).unwrap_or(false);
    let alone = model.fields.iter().filter(|field| field.unique || field.primary_key && adding);
    let mut groups: Vec<Vec<&Field>> = alone.map(|field| vec![field]).gather();
    for columns in &model.uniques {
        let found = columns.iter().filter_map(|column| {
            model.fields.iter().find(|field| field.column == *column || field.name == *column)
        });
        groups.push(found.gather());
    }
    let faulty: Vec<Rc<str>> = errors.iter().map(|(name, _)| name.clone()).gather();
    for group in groups {
        let skipped =
            |field: &&Field| exclude.contains(&field.name) || faulty.contains(&field.name);
        if group.iter().any(skipped) {
            continue;
        }
        let mut items = Vec::new();
        for field in &group {
            let value = instance.get(&field.attname).unwrap_or(Value::None);
            if value.is_none() {
                break;
            }
            items.push(Item::Lookup(field.name.clone(), value));
        }
        if items.len() < group.len() {
            continue;
        }
        let mut set = QuerySet::all(world.clone(), model.at);
        set.query.filter(machine, &Condition::of(items))?;
        let own = key_of(world, instance);
        if !adding && !own.is_none() {
            let itself =
                Condition { negated: true, ..Condition::of(vec![Item::Lookup("pk".into(), own)]) };
            set.query.filter(machine, &itself)?;
        }
        if set.exists(machine)? {
            let names: Vec<String> = group.iter().map(|field| label(field)).gather();
            let names = match names.as_slice() {
                [front @ .., last] if !front.is_empty() => {
                    format!("{} and {last}", front.join(", "))
                }
                names => names.concat(),
            };
            let model = capital(&super::descriptor::verbose_name(model));
            let at = match group.as_slice() {
                [field] => &*field.name,
                _ => "__all__",
            };
            add(errors, at, format!("{model} with this {names} already exists."));
        }
    }
    Ok(())
}

/// A field as messages name it.
fn label(field: &Field) -> String {
    let given = field.declared.as_ref().and_then(|declared| declared.arg("verbose_name"));
    match given.map(|arg| &arg.value) {
        Some(Constant::Str(text)) => capital(text),
        _ if field.auto => field.name.to_uppercase(),
        _ => capital(&field.name.replace('_', " ")),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
