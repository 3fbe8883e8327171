//! What a name in a script is.

use throughline_core::Span;

use super::graph::{Graph, Step};
use super::kinds::Kind;
use super::offer::{about, said};
use super::read::{What, read};

/// What a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Where it stands.
    pub at: Span,
    /// What it is, in lines; words in backticks are code.
    pub text: String,
}

pub(super) fn explain(graph: &Graph, script: &str, at: u32) -> Option<Explained> {
    let reading = read(graph, script);
    let fact = reading.facts.iter().rfind(|fact| fact.at.start <= at && at <= fact.at.end)?;
    let name = script.get(fact.at.start as usize..fact.at.end as usize)?;
    let text = match fact.what {
        What::Name(kind, _) => named(graph, name, kind)?,
        What::Member(of) => member(graph, of, name)?,
        What::Path(model, _) => {
            let upto = name.get(..(at - fact.at.start) as usize)?;
            let rest = name.get(upto.len()..)?;
            // The name under the pointer and those before it.
            let end = upto.len() + rest.find("__").unwrap_or(rest.len());
            path(graph, model, name.get(..end)?)?
        }
    };
    Some(Explained { at: fact.at, text })
}

fn named(graph: &Graph, name: &str, kind: Kind) -> Option<String> {
    let helper = graph.spelling.names.iter().find(|(known, ..)| *known == name);
    match (kind, helper) {
        (Kind::Class(model), _) => {
            let table = graph.model(model).map(|model| model.table.clone())?;
            Some(format!("`{name}`: a model, with the table `{table}`."))
        }
        (Kind::Other, Some((_, _, says))) => Some(format!("`{name}`: {says}")),
        (Kind::Other, None) => None,
        (kind, _) => Some(format!("`{name}`: {}", said(graph, kind))),
    }
}

fn member(graph: &Graph, of: Kind, name: &str) -> Option<String> {
    if let Some(method) = graph.method(of, name) {
        return Some(format!("`{name}()`: {}", method.says));
    }
    match of {
        Kind::Class(model) if graph.spelling.manager == Some(name) => {
            Some(format!("`{name}`: where queries of {} begin.", graph.name(model)))
        }
        Kind::One(model) | Kind::Class(model) => {
            step(graph, model, name, graph.by_attribute(model, name)?)
        }
        Kind::Manager(_) | Kind::Rows(_) | Kind::Many(_) | Kind::List(_) | Kind::Other => None,
    }
}

/// The last name of a way.
fn path(graph: &Graph, model: usize, path: &str) -> Option<String> {
    let mut at = model;
    let mut text = None;
    for name in path.trim_start_matches('-').split("__") {
        let Some(found) = graph.by_lookup(at, name) else {
            let lookup = graph.spelling.lookups.iter().find(|lookup| lookup.name == name)?;
            return Some(format!("`{name}`: {}.", lookup.says));
        };
        text = step(graph, at, name, found);
        at = graph.target(&found).unwrap_or(at);
    }
    text
}

fn step(graph: &Graph, model: usize, name: &str, step: Step<'_>) -> Option<String> {
    let owner = graph.name(model);
    Some(match step {
        Step::Field(field) => {
            let null = if field.null { ", may be NULL" } else { "" };
            let unique = if field.unique && !field.primary_key { ", unique" } else { "" };
            let what = if field.primary_key { "the key" } else { "a field" };
            format!("`{owner}.{name}`: {what}{null}{unique}. Column `{}`.", field.column)
        }
        Step::Forward(declaring, relation) => {
            let way =
                relation.through.as_ref().map(|through| format!(", through `{}`", through.model));
            format!(
                "`{owner}.{name}`: {}{}, declared in `{}`.",
                about(graph, step),
                way.unwrap_or_default(),
                declaring.name
            )
        }
        Step::Back(reverse) => {
            let called = match &reverse.accessor {
                Some(accessor) if **accessor != *name => {
                    format!(" As an attribute it is `{accessor}`.")
                }
                _ if *reverse.query_name != *name && reverse.accessor.is_some() => {
                    format!(" In lookups it is `{}`.", reverse.query_name)
                }
                _ => String::new(),
            };
            format!(
                "`{owner}.{name}`: {}, the way back of `{}.{}`.{called}",
                about(graph, step),
                reverse.source,
                reverse.source_field
            )
        }
    })
}
