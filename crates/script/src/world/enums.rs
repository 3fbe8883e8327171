//! Enumerations of a models file: `class Status(models.TextChoices)`, `class Color(str, Enum)`.

use std::rc::Rc;

use ruff_python_ast::Expr;
use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::dotted;
use crate::value::{Args, Class, Hooks, Instance, Key, Outcome, Value};

/// What an enumeration's members are beside members.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mixed {
    /// `Enum`: equal only to themselves.
    Plain,
    /// `str, Enum`, `int, Enum`: equal to their value.
    Value,
    /// `TextChoices`, `IntegerChoices`: with a label, and written as their value.
    Choices,
}

/// What the bases of a class say.
fn kind(bases: &[&str]) -> Option<Mixed> {
    let last = |base: &&str| base.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = bases.iter().map(last).gather();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    if has(&["TextChoices", "IntegerChoices", "Choices"]) {
        Some(Mixed::Choices)
    } else if has(&["StrEnum", "IntEnum"]) || (has(&["Enum"]) && has(&["str", "int"])) {
        Some(Mixed::Value)
    } else {
        has(&["Enum"]).then_some(Mixed::Plain)
    }
}

/// What the bases of a class are, as they are written, where it is an enumeration.
pub(crate) fn named(bases: &[Expr]) -> Option<Mixed> {
    let bases: Vec<String> = bases.iter().filter_map(dotted).gather();
    let names: Vec<&str> = bases.iter().map(String::as_str).gather();
    kind(&names)
}

/// The class of an enumeration whose body binds these names: members, and methods beside them.
pub(crate) fn of(
    name: &str,
    mixed: Mixed,
    bound: impl IntoIterator<Item = (Rc<str>, Value)>,
) -> Rc<Class> {
    let is_member = |value: &Value| !matches!(value, Value::Function(_) | Value::Class(_));
    let (members, others): (Vec<_>, Vec<_>) =
        bound.into_iter().partition(|(name, value)| is_member(value) && !name.starts_with('_'));
    let made = class(name, mixed, members);
    others.into_iter().for_each(|(name, value)| made.set(&name, value));
    made
}

/// The class of an enumeration with these members.
fn class(name: &str, mixed: Mixed, members: Vec<(Rc<str>, Value)>) -> Rc<Class> {
    let mut class = Class::new(name, "models", &[]);
    class.hooks = Some(Rc::new(EnumHooks(mixed)));
    let class = Rc::new(class);
    let mut made = Vec::new();
    let mut next = 1;
    let (mut values, mut labels, mut choices, mut names) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (name, given) in members {
        let member = Instance::new(class.clone());
        let default_label = Value::str(titled(&name.replace('_', " ").to_lowercase()));
        let (value, label) = match (&given, mixed) {
            (Value::Tuple(parts), Mixed::Choices) => match &**parts {
                [value, label] => (value.clone(), label.clone()),
                _ => (given.clone(), default_label),
            },
            (value, _) if super::opaque::Opaque::is(value) => {
                // `auto()`: numbers from 1 on.
                let value = Value::Int(next);
                (value, default_label)
            }
            _ => (given.clone(), default_label),
        };
        next = value.as_int().unwrap_or(next) + 1;
        member.set("name", Value::Str(name.clone()));
        member.set("value", value.clone());
        member.set("label", label.clone());
        let member = Value::Instance(Rc::new(member));
        class.set(&name, member.clone());
        values.push(value.clone());
        labels.push(label.clone());
        choices.push(Value::tuple(vec![value, label]));
        names.push(Value::Str(name));
        made.push(member);
    }
    class.set("__members__", Value::list(made));
    if mixed == Mixed::Choices {
        class.set("values", Value::list(values));
        class.set("labels", Value::list(labels));
        class.set("choices", Value::list(choices));
        class.set("names", Value::list(names));
    }
    class
}

fn titled(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

struct EnumHooks(Mixed);

impl Hooks for EnumHooks {
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let wanted = args.only(&class.name)?;
        let Some(Value::List(members)) = class.get("__members__") else { return Ok(None) };
        for member in members.borrow().iter() {
            if let Value::Instance(instance) = member
                && let Some(value) = instance.get("value")
                && machine.equal(&value, &wanted)?
            {
                return Ok(Some(member.clone()));
            }
        }
        let shown = machine.repr(&wanted)?;
        Err(crate::eval::raise("ValueError", format!("{shown} is not a valid {}", class.name)))
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let name = instance.get("name").unwrap_or(Value::None);
        let value = instance.get("value").unwrap_or(Value::None);
        let name = machine.str(&name)?;
        Ok(Some(match self.0 {
            Mixed::Choices => format!("{}.{name}", instance.class.name),
            Mixed::Plain | Mixed::Value => {
                format!("<{}.{name}: {}>", instance.class.name, machine.repr(&value)?)
            }
        }))
    }

    fn str(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        if self.0 == Mixed::Choices {
            let value = instance.get("value").unwrap_or(Value::None);
            return machine.str(&value).map(|text| Some(text.to_string()));
        }
        let name = instance.get("name").unwrap_or(Value::None);
        Ok(Some(format!("{}.{}", instance.class.name, machine.str(&name)?)))
    }

    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        if self.0 == Mixed::Plain {
            return Ok(None);
        }
        let value = instance.get("value").unwrap_or(Value::None);
        let other = match other {
            Value::Instance(other) => other.get("value").unwrap_or(Value::None),
            other => other.clone(),
        };
        machine.equal(&value, &other).map(Some)
    }

    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        if self.0 == Mixed::Plain {
            return Ok(None);
        }
        let value = instance.get("value").unwrap_or(Value::None);
        machine.key(&value).map(Some)
    }
}
