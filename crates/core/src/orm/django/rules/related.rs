//! Related names: proposing one that is free, and writing it.

use crate::check::{fix, names};
use crate::document::{Field, RelationKind, Span};
use crate::edit::TextEdit;
use crate::orm::django::registry::Relation;
use crate::orm::django::rules::Context;

/// Where the reverse name is said: the related name, or the field's own name.
pub(super) fn name_span(field: &Field) -> Span {
    field
        .relation()
        .and_then(|relation| relation.related_name.as_ref())
        .map_or(field.name.span, |name| name.span)
}

/// Whether the relation stands in the body of an abstract class, so that several models may have it.
fn is_inherited(cx: &Context<'_>, relation: &Relation<'_>) -> bool {
    relation.origin.is_some_and(|origin| {
        cx.registry.class(origin.model).is_none_or(|class| class.is_abstract())
    })
}

/// Whether a reverse name would stand in nobody's way on the relation's target: no field, no other reverse side, no member,
/// nothing that every model has.
pub(super) fn is_free(cx: &Context<'_>, relation: &Relation<'_>, name: &str) -> bool {
    let Some(target) = relation.target_index() else { return true };
    let used_by_relation = cx.registry.reverse(target).iter().any(|other| {
        other.index != relation.index
            && (other.accessor.as_deref() == Some(name) || other.query_name == name)
    });
    let used_by_member = cx
        .registry
        .class(target)
        .into_iter()
        .flat_map(|class| &class.mro)
        .filter_map(|at| cx.registry.class(*at))
        .any(|class| class.model.members.iter().any(|member| member.name.text == name));
    !used_by_relation
        && !used_by_member
        && cx.registry.forward_field(target, name).is_none()
        && !super::MODEL_ATTRIBUTES.contains(&name)
}

/// The first candidate that is free.
pub(super) fn free_name(
    cx: &Context<'_>,
    relation: &Relation<'_>,
    candidates: &[String],
) -> String {
    names::free(candidates, |name| {
        name.contains("__") || name.ends_with('_') || !is_free(cx, relation, name)
    })
}

/// A name made of the model and the field: `flights_as_origin`, for a one-to-one `door_as_spare`.
pub(super) fn proposal(cx: &Context<'_>, relation: &Relation<'_>) -> String {
    let model = cx
        .registry
        .class(relation.class)
        .map(|class| names::to_identifier(&names::snake(class.name())))
        .unwrap_or_default();
    let field = names::to_identifier(&match relation.kind {
        RelationKind::ManyToMany => names::singular(&relation.name),
        RelationKind::ForeignKey | RelationKind::OneToOne => relation.name.clone().into_owned(),
    });
    if is_inherited(cx, relation) {
        return format!("%(class)s_as_{field}");
    }
    let whole = match relation.kind {
        RelationKind::OneToOne => model,
        RelationKind::ForeignKey | RelationKind::ManyToMany => names::plural(&model),
    };
    free_name(cx, relation, &[format!("{whole}_as_{field}")])
}

/// What the button says.
pub(super) fn title(relation: &Relation<'_>, name: &str) -> String {
    match relation.spec().and_then(|spec| spec.related_name.as_ref()) {
        Some(_) => format!("Rename to `{name}`"),
        None => format!("Name it `{name}`"),
    }
}

/// Gives the relation this related name. A query name of its own goes, so that the new name is the one in filters too.
pub(super) fn rename(
    cx: &Context<'_>,
    relation: &Relation<'_>,
    name: &str,
) -> Option<Vec<TextEdit>> {
    let field = relation.field?;
    let mut edits = match relation.spec().and_then(|spec| spec.related_name.as_ref()) {
        Some(declared) => vec![fix::replace(declared.span, fix::quote(name))],
        None => {
            fix::set(cx.source, field, cx.orm.profile().related_name_keyword, &fix::quote(name))?
        }
    };
    if let Some(declared) = relation.spec().and_then(|spec| spec.related_query_name.as_ref()) {
        let query = names::to_identifier(&names::singular(name));
        let query = if name.contains('%') { format!("{name}_query") } else { query };
        edits.push(fix::replace(declared.span, fix::quote(&query)));
    }
    Some(edits)
}

/// Gives the relation another name in filters: where only that is declared, only that changes.
pub(super) fn rename_query(
    cx: &Context<'_>,
    relation: &Relation<'_>,
    name: &str,
) -> Option<Vec<TextEdit>> {
    match relation.spec().and_then(|spec| spec.related_query_name.as_ref()) {
        Some(declared) => Some(vec![fix::replace(declared.span, fix::quote(name))]),
        None => rename(cx, relation, name),
    }
}

/// Whether the relation could do without a declared name.
pub(super) fn default_is_free(cx: &Context<'_>, relation: &Relation<'_>) -> bool {
    let Some(class) = cx.registry.class(relation.class) else { return false };
    let query = class.name().to_lowercase();
    let accessor = if relation.kind == RelationKind::OneToOne {
        query.clone()
    } else {
        format!("{query}_set")
    };
    class.meta.default_related_name.is_none()
        && !query.contains("__")
        && !query.ends_with('_')
        && is_free(cx, relation, &accessor)
        && is_free(cx, relation, &query)
}
