//! The relations that a statement goes along.

use throughline_core::Span;

use super::graph::{Graph, Step};
use super::kinds::Kind;
use super::read::{What, read};

/// A way along relations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// In words, with names in backticks.
    pub words: String,
    /// The relations, in order.
    pub edges: Vec<Edge>,
}

/// A relation, by where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The model.
    pub model: String,
    /// The field.
    pub field: String,
}

/// Most ways of one statement.
const MOST: usize = 8;

pub(super) fn walks(graph: &Graph, script: &str, statement: Span) -> Vec<Walk> {
    let reading = read(graph, script);
    let mut out: Vec<Walk> = Vec::new();
    let here = reading
        .facts
        .iter()
        .filter(|fact| fact.at.start >= statement.start && fact.at.end <= statement.end);
    for fact in here {
        let Some(name) = script.get(fact.at.start as usize..fact.at.end as usize) else { continue };
        let walk = match fact.what {
            What::Path(model, _) => along(graph, model, name),
            What::Member(Kind::One(model)) => graph
                .by_attribute(model, name)
                .and_then(|step| told(graph, model, &[(name, step)], "attribute")),
            What::Member(_) | What::Name(..) => None,
        };
        // A way that another goes on from says nothing of its own.
        if let Some(walk) = walk
            && out.len() < MOST
            && !out.iter().any(|known| known.edges.starts_with(&walk.edges))
        {
            out.retain(|known| !walk.edges.starts_with(&known.edges));
            out.push(walk);
        }
    }
    out
}

fn along(graph: &Graph, model: usize, path: &str) -> Option<Walk> {
    let mut at = model;
    let mut steps = Vec::new();
    for name in path.trim_start_matches('-').split("__") {
        let Some(step) = graph.by_lookup(at, name) else { break };
        let Some(target) = graph.target(&step) else { break };
        steps.push((name, step));
        at = target;
    }
    told(graph, model, &steps, "query name")
}

/// The relations that stand in the diagram for a step: of a many-to-many through a model of its own, the two of that model.
fn drawn(graph: &Graph, step: &Step<'_>) -> Option<Vec<Edge>> {
    let (declaring, field) = step.declared()?;
    let edge = |model: &str, field: &str| Edge { model: model.to_owned(), field: field.to_owned() };
    let relation = graph.world.named(declaring).and_then(|model| model.relation(field));
    let through = relation.and_then(|relation| relation.through.as_ref());
    let Some(through) = through.filter(|through| !through.generated) else {
        return Some(vec![edge(declaring, field)]);
    };
    let mut both = vec![
        edge(&through.model, &through.owner_field),
        edge(&through.model, &through.target_field),
    ];
    if matches!(step, Step::Back(_)) {
        both.reverse();
    }
    Some(both)
}

fn told(graph: &Graph, model: usize, steps: &[(&str, Step<'_>)], back: &str) -> Option<Walk> {
    let mut edges = Vec::new();
    let mut models = vec![graph.name(model).to_owned()];
    let mut by = Vec::new();
    for (name, step) in steps {
        edges.extend(drawn(graph, step)?);
        models.push(graph.name(graph.target(step)?).to_owned());
        by.push(match step {
            Step::Back(_) => format!("by {back} `{name}`"),
            Step::Field(_) | Step::Forward(..) => format!("by `{name}`"),
        });
    }
    let words = format!("{}, {}", models.join(" → "), by.join(", then "));
    (!edges.is_empty()).then_some(Walk { words, edges })
}
