//! Relations without a column: `GenericForeignKey`, `GenericRelation`, `ForeignObject`.

use crate::document::{Target, TargetForm, Value};
use crate::orm::django::registry::{self, Class, Local, Registry};
use crate::orm::django::{fields, names};
use crate::python::Args;
use crate::resolve::Generic;

/// What such a field relates to.
pub(super) fn resolve(
    registry: &Registry<'_>,
    class: &Class<'_>,
    local: &Local<'_>,
) -> Option<Generic> {
    let field = local.written?;
    let known = fields::known(field.base?)?;
    let args = Args { written: &field.args, positional: known.positional, presets: &[] };
    let text = |name: &str| {
        args.value(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    // What a child inherits with the table of its parent has a way back to the parent alone, where it has one at all.
    let is_holder = |class: &&Class<'_>| {
        !class.is_abstract() && class.private.iter().any(|other| other.origin == local.origin)
    };
    let mut holders = class.mro.iter().filter_map(|at| registry.class(*at));
    let holder = holders.rfind(is_holder).filter(|_| local.origin.is_some());
    let holder = holder.unwrap_or(class);
    // To Django a `ForeignObject` is a field like others: it stays with the parent's table.
    let is_field = known.name == "ForeignObject";
    let named = is_field || text("related_query_name").is_some();
    let source = if named { holder } else { class };
    let inherited = source.index != class.index;
    let base = Generic {
        source: super::name(source),
        own_reverse: !(is_field && inherited),
        field: local.name.clone().into_owned(),
        origin: local.origin,
        target: None,
        accessor: None,
        query_name: String::new(),
    };
    match known.name {
        "GenericForeignKey" => Some(base),
        "GenericRelation" => {
            let given = text("related_query_name");
            let query_name = given.map(|name| if inherited { "+".into() } else { name });
            let target = target(registry, class, &args);
            Some(Generic {
                target,
                accessor: query_name.clone(),
                query_name: query_name.unwrap_or_else(|| "+".into()),
                ..base
            })
        }
        "ForeignObject" => {
            let app = class.app().to_lowercase();
            let values = [
                ("class", class.model_name.as_str()),
                ("model_name", class.model_name.as_str()),
                ("app_label", app.as_str()),
            ];
            let related = text("related_name").map(|text| names::percent(&text, &values));
            let hidden = related.as_deref().is_some_and(|name| name.ends_with('+'));
            let query = text("related_query_name").map(|text| names::percent(&text, &values));
            Some(Generic {
                target: target(registry, class, &args),
                accessor: if hidden {
                    None
                } else {
                    Some(related.clone().unwrap_or_else(|| format!("{}_set", class.model_name)))
                },
                query_name: query.or(related).unwrap_or_else(|| class.model_name.clone()),
                ..base
            })
        }
        _ => None,
    }
}

/// The target's name: of the model, or as written where there is no such model.
fn target(registry: &Registry<'_>, class: &Class<'_>, args: &Args<'_>) -> Option<String> {
    let target = written(args)?;
    let found = registry.find(class, &target).meant().and_then(|at| registry.class(at));
    Some(found.map_or(target.text, super::name))
}

/// Where a `ForeignObject` leads.
pub(in crate::orm::django) fn foreign_object(
    registry: &Registry<'_>,
    class: &Class<'_>,
    local: &Local<'_>,
) -> Option<registry::Target> {
    let field = local.written.filter(|field| field.base == Some("ForeignObject"))?;
    let positional = fields::known("ForeignObject")?.positional;
    let target = written(&Args { written: &field.args, positional, presets: &[] })?;
    Some(registry.find(class, &target))
}

fn written(args: &Args<'_>) -> Option<Target> {
    let argument = args.get("to")?;
    let (text, form) = match &argument.value {
        Value::Str(text) if text == "self" => (text.clone(), TargetForm::Itself),
        Value::Str(text) => (text.clone(), TargetForm::Text),
        Value::Name(path) => (path.clone(), TargetForm::Class),
        _ => return None,
    };
    Some(Target { text, form, span: argument.value_span, path: None })
}
