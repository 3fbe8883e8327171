//! Whether a field class takes the arguments that it is given, as Python itself decides it.

use super::fields::{self, Known, Rest};
use crate::document::{Argument, Field};

/// A call that Python refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// `TypeError`'s message.
    pub(super) message: String,
    /// Index of the argument at fault.
    pub(super) argument: Option<usize>,
    /// What is missing.
    pub(super) missing: Option<&'static str>,
}

/// Why Python refuses a field's call; `None` where it does not, or where the class is not known.
pub(super) fn refusal(field: &Field, source: &str) -> Option<Refusal> {
    let known = fields::anywhere(field.base?)?;
    // A class of the file may take other arguments.
    let is_own = known.name == field.class.text;
    let spread = field.args.iter().any(|arg| arg.span.text(source).starts_with('*'));
    if !is_own || spread {
        return None;
    }
    of_call(known, &field.args)
}

/// The arguments that a class takes out of `**kwargs` before it passes them on.
fn popped(class: &str) -> &'static [&'static str] {
    if class == "TimestampField" { &["resolution", "utc"] } else { &[] }
}

/// The first refusal in CPython's order: keywords, then positional arguments, then missing ones; the class itself before `Field`.
fn of_call(known: &Known, args: &[Argument]) -> Option<Refusal> {
    let own = known.positional.get(..known.own).unwrap_or_default();
    let positional = args.iter().filter(|arg| arg.keyword.is_none()).count();
    let keywords =
        || args.iter().enumerate().filter_map(|(at, arg)| Some((at, arg.keyword.as_deref()?)));
    let init = known.init;
    let refuse = |message: String, argument| Some(Refusal { message, argument, missing: None });
    for (at, keyword) in keywords() {
        match own.iter().position(|parameter| *parameter == keyword) {
            Some(place) if place < positional => {
                let message =
                    format!("{init}.__init__() got multiple values for argument '{keyword}'");
                return refuse(message, Some(at));
            }
            None if matches!(known.rest, Rest::Refused | Rest::Names) => {
                let message =
                    format!("{init}.__init__() got an unexpected keyword argument '{keyword}'");
                return refuse(message, Some(at));
            }
            Some(_) | None => {}
        }
    }
    let last = args.iter().rposition(|arg| arg.keyword.is_none());
    if positional > own.len() && matches!(known.rest, Rest::Keywords | Rest::Refused | Rest::Kept) {
        return refuse(too_many(init, known.required, own.len(), positional), last);
    }
    let given = |at: usize, name: &str| positional > at || keywords().any(|(_, key)| key == name);
    let missing = own.iter().take(known.required).enumerate().find(|(at, name)| !given(*at, name));
    if let Some((_, name)) = missing {
        return Some(Refusal {
            message: format!("{init}.__init__() missing 1 required positional argument: '{name}'"),
            argument: None,
            missing: Some(name),
        });
    }
    match known.rest {
        Rest::Field | Rest::Keywords => {}
        Rest::Refused | Rest::Kept | Rest::Names => return None,
    }
    let passed = positional.saturating_sub(own.len());
    // What `__init__` adds to the keywords before it passes them on.
    let added = match known.name {
        "ForeignKeyField" => Some("index"),
        "AutoField" | "BigAutoField" | "PrimaryKeyField" | "IdentityField" => Some("primary_key"),
        "TimestampField" | "BitField" | "BigBitField" => Some("default"),
        _ => None,
    };
    let named = keywords()
        .filter(|(_, keyword)| !own.contains(keyword) && !popped(known.name).contains(keyword));
    for (at, keyword) in
        named.map(|(at, keyword)| (Some(at), keyword)).chain(added.map(|added| (last, added)))
    {
        match fields::FIELD.iter().position(|parameter| *parameter == keyword) {
            Some(place) if place < passed => {
                let message =
                    format!("Field.__init__() got multiple values for argument '{keyword}'");
                return refuse(message, at);
            }
            Some(_) => {}
            None => {
                let message =
                    format!("Field.__init__() got an unexpected keyword argument '{keyword}'");
                return refuse(message, at);
            }
        }
    }
    if passed > fields::FIELD.len() {
        return refuse(too_many("Field", 0, fields::FIELD.len(), passed), last);
    }
    None
}

/// CPython counts `self`, too.
fn too_many(init: &str, required: usize, most: usize, given: usize) -> String {
    let takes = if required == most {
        format!("{}", most + 1)
    } else {
        format!("from {} to {}", required + 1, most + 1)
    };
    let plural = if most == 0 { "" } else { "s" };
    format!(
        "{init}.__init__() takes {takes} positional argument{plural} but {} were given",
        given + 1
    )
}
