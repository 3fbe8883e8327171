//! Reverse names: who has one in the end, and how to give another.

use super::{Context, place};
use crate::check::{fix, names};
use crate::document::{Field, Model};
use crate::edit::TextEdit;
use crate::orm::peewee::classes::{ClassId, Kind, Object, argument, is_hidden};
use crate::orm::peewee::names::MODEL_ATTRIBUTES;

/// The reverse name of a relation and the class that gets it; `None` where there is none.
pub(super) fn name<'o>(cx: &Context<'_>, object: &'o Object<'_>) -> Option<(ClassId, &'o str)> {
    let name = match &object.kind {
        Kind::Key(key) => key.backref.as_str(),
        Kind::Many(many) if !many.is_backref => many.backref.as_deref()?,
        Kind::Many(_) | Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Virtual => {
            return None;
        }
    };
    (!is_hidden(name) && !name.is_empty()).then_some((cx.world.target(object)?, name))
}

/// Every relation of the classes that are there in the end.
pub(super) fn relations<'c, 'a>(
    cx: &'c Context<'a>,
) -> impl Iterator<Item = (usize, &'c Object<'a>)> {
    cx.world.found().into_iter().flat_map(move |id| {
        let class = cx.world.class(id);
        let keys = class.into_iter().flat_map(|class| class.sorted.iter().copied());
        let many = class.into_iter().flat_map(|class| class.many.iter().map(|(_, id)| id));
        keys.chain(many).filter_map(|id| Some((id, cx.world.object(id)?)))
    })
}

/// A reverse name that is free on the target.
fn proposal(cx: &Context<'_>, model: &Model, field: &Field, target: ClassId) -> String {
    let plural = names::plural(&names::snake(&model.name.text));
    let class = cx.world.class(target);
    let asked: Vec<&str> = relations(cx)
        .filter_map(|(_, object)| name(cx, object))
        .filter(|(other, _)| *other == target)
        .map(|(_, name)| name)
        .collect();
    let taken = |name: &str| {
        asked.contains(&name)
            || MODEL_ATTRIBUTES.contains(&name)
            || class
                .is_some_and(|class| class.fields.contains(name) || class.attribute(name).is_some())
    };
    let candidates = [plural.clone(), format!("{}_{plural}", field.name.text)];
    names::free(&candidates, taken)
}

/// Gives a relation a reverse name of its own, where the text of its declaration allows it; with the name.
pub(super) fn rename(
    cx: &Context<'_>,
    id: usize,
    target: ClassId,
) -> Option<(String, Vec<TextEdit>)> {
    let object = cx.world.object(id)?;
    let (model, field) = place::declared(cx, id)?;
    // A copy that a child has, and the keys of a generated model, cannot be named by themselves.
    let own = cx.world.class(object.class?)?.model == Some(object.origin?.model);
    let keyword = if field.arg("related_name").is_some() { "related_name" } else { "backref" };
    let positional = field.arg(keyword).is_none() && argument(field, keyword).is_some();
    if !own || positional {
        return None;
    }
    let name = proposal(cx, model, field, target);
    let edits = fix::set(cx.source, field, keyword, &fix::quote(&name))?;
    Some((name, edits))
}
