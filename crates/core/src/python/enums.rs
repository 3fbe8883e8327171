//! Enumerations: the members of `class Status(models.TextChoices)` and what is derived from them.

use rustc_hash::FxHashMap;

use super::{Bound, Class, EnumMember, Scope};
use crate::document::Value;

/// What kind of enumeration a class with these bases is; `None` where it is none.
pub(super) fn kind_of(bases: &[String], scope: &Scope) -> Option<Kind> {
    bases.iter().find_map(|base| kind(base, scope, 0))
}

/// The members of an enumeration, from the plain assignments of its body in order.
pub(super) fn members(kind: Kind, assigned: &[(String, Value)]) -> Vec<EnumMember> {
    let mut out: Vec<EnumMember> = Vec::with_capacity(assigned.len());
    // `__empty__` is the label of no value.
    let empty = assigned.iter().find(|(name, _)| kind.labelled && name == "__empty__");
    out.extend(empty.map(|(name, label)| EnumMember {
        name: name.clone(),
        value: Value::None,
        label: label.clone(),
    }));
    for (name, written) in assigned.iter().filter(|(name, _)| !name.starts_with('_')) {
        let (value, label) = match written {
            Value::List(parts) if kind.labelled => match parts.as_slice() {
                [value, label] => (value.clone(), Some(label.clone())),
                _ => (written.clone(), None),
            },
            _ => (written.clone(), None),
        };
        let value = if is_auto(&value) { auto(kind, name, &out) } else { value };
        out.push(EnumMember {
            name: name.clone(),
            value,
            label: label.unwrap_or_else(|| Value::Str(words(name))),
        });
    }
    out
}

/// What kind of enumeration.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    text: bool,
    labelled: bool,
}

fn kind(base: &str, scope: &Scope, depth: usize) -> Option<Kind> {
    match base.rsplit('.').next().unwrap_or(base) {
        "TextChoices" => return Some(Kind { text: true, labelled: true }),
        "IntegerChoices" | "Choices" => return Some(Kind { text: false, labelled: true }),
        "StrEnum" => return Some(Kind { text: true, labelled: false }),
        "Enum" | "IntEnum" | "IntFlag" | "Flag" => {
            return Some(Kind { text: false, labelled: false });
        }
        _ => {}
    }
    match scope.lookup(base) {
        Some(Bound::Class(class)) if depth < 16 => {
            class.bases.iter().find_map(|base| kind(base, scope, depth + 1))
        }
        _ => None,
    }
}

fn is_auto(value: &Value) -> bool {
    matches!(value, Value::Call { callee, args } if args.is_empty() && (callee == "auto" || callee == "enum.auto"))
}

fn auto(kind: Kind, name: &str, before: &[EnumMember]) -> Value {
    if kind.text {
        return Value::Str(if kind.labelled { name.to_owned() } else { name.to_lowercase() });
    }
    let highest = before
        .iter()
        .filter_map(|member| if let Value::Int(int) = member.value { Some(int) } else { None })
        .max();
    Value::Int(highest.unwrap_or(0).saturating_add(1))
}

/// `IN_REVIEW` as `In Review`, which is what Django labels such a member.
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut start = true;
    for letter in name.replace('_', " ").chars() {
        if start {
            out.extend(letter.to_uppercase())
        } else {
            out.extend(letter.to_lowercase())
        }
        start = !letter.is_alphabetic();
    }
    out
}

/// Binds the members in the class's own names, so that `Status.DRAFT` finds its value.
pub(super) fn bind_members(members: &[EnumMember], names: &mut FxHashMap<String, Bound>) {
    for member in members {
        names.insert(member.name.clone(), Bound::Value(member.value.clone()));
    }
}

/// `Status.choices`, `Status.values`, `Status.labels`, `Status.names`, and `.value`, `.label`, `.name` of a member.
pub fn lookup(path: &str, scope: &Scope) -> Option<Value> {
    let (owner, last) = path.rsplit_once('.')?;
    if let Some(Bound::Class(class)) = scope.lookup(owner) {
        return of_class(&class, last, scope);
    }
    let (class, member) = owner.rsplit_once('.')?;
    let Some(Bound::Class(class)) = scope.lookup(class) else { return None };
    let member = class.members.as_ref()?.iter().find(|candidate| candidate.name == member)?;
    match last {
        "value" => Some(member.value.clone()),
        "label" => Some(member.label.clone()),
        "name" => Some(Value::Str(member.name.clone())),
        _ => None,
    }
}

fn of_class(class: &Class, what: &str, scope: &Scope) -> Option<Value> {
    let members = members_of(class, scope, 0)?;
    let list =
        |part: fn(&EnumMember) -> Value| Some(Value::List(members.iter().map(part).collect()));
    match what {
        "choices" => list(|member| Value::List(vec![member.value.clone(), member.label.clone()])),
        "values" => list(|member| member.value.clone()),
        "labels" => list(|member| member.label.clone()),
        "names" => list(|member| Value::Str(member.name.clone())),
        _ => None,
    }
}

fn members_of(class: &Class, scope: &Scope, depth: usize) -> Option<Vec<EnumMember>> {
    match &class.members {
        Some(members) if !members.is_empty() || depth > 16 => Some(members.clone()),
        _ if depth > 16 => None,
        own => class
            .bases
            .iter()
            .find_map(|base| match scope.lookup(base) {
                Some(Bound::Class(parent)) => members_of(&parent, scope, depth + 1),
                _ => None,
            })
            .or_else(|| own.clone()),
    }
}

/// `.value` of a folded member: the member already stands for its value.
pub(super) fn attribute_of(value: &Value, name: &str) -> Option<Value> {
    match (value, name) {
        (Value::Str(_) | Value::Int(_), "value") => Some(value.clone()),
        _ => None,
    }
}
