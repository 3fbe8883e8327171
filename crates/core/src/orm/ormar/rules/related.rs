//! Related names: proposing one that is free, and writing it.

use super::Context;
use crate::check::{fix, names};
use crate::document::{Field, FieldKind, RelationKind};
use crate::edit::TextEdit;

/// A free reverse name for a relation, with the edit that gives it.
pub(super) fn rename(cx: &Context<'_>, id: Option<usize>) -> Option<(String, Vec<TextEdit>)> {
    let field = cx.declared(id)?;
    // The models that take a mixin's relation over share its related name: without one each has its own.
    if is_in_mixin(cx, id) {
        let edits = fix::remove(cx.source, field, "related_name")?;
        return Some(("Take `related_name` away".to_owned(), edits));
    }
    let name = proposal(cx, id, field)?;
    let edits = fix::set(cx.source, field, "related_name", &fix::quote(&name))?;
    let title = match field.arg("related_name") {
        Some(_) => format!("Rename to `{name}`"),
        None => format!("Name it `{name}`"),
    };
    Some((title, edits))
}

fn is_in_mixin(cx: &Context<'_>, id: Option<usize>) -> bool {
    let origin = id.and_then(|id| cx.world.field(id)?.origin).map(|origin| origin.model);
    let class = cx
        .world
        .classes
        .iter()
        .position(|class| class.declared.is_some() && class.declared == origin);
    class.is_some_and(|class| !cx.world.is_model(class))
}

/// A name made of the model and the field: `flights_as_origin`.
fn proposal(cx: &Context<'_>, id: Option<usize>, field: &Field) -> Option<String> {
    let state = cx.world.field(id?)?;
    let owner = state.owner.map_or("", |owner| cx.world.name(owner));
    let model = names::to_identifier(&names::snake(owner));
    let many =
        matches!(&field.kind, FieldKind::Relation(spec) if spec.kind == RelationKind::ManyToMany);
    let by = if many { names::singular(&field.name.text) } else { field.name.text.clone() };
    let candidate = format!("{}_as_{}", names::plural(&model), names::to_identifier(&by));
    let target = cx.target(id);
    let taken = |name: &str| {
        let Some(target) = target else { return false };
        let field = cx.world.config(target).is_some_and(|config| config.fields.get(name).is_some());
        let member = cx
            .model(target)
            .is_some_and(|model| model.members.iter().any(|member| member.name.text == name));
        field || member || super::reverse_hides_member::ATTRIBUTES.binary_search(&name).is_ok()
    };
    Some(names::free(&[candidate], taken))
}
