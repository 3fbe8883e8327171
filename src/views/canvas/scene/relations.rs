//! Relations as lines with true ends, and what they ask of the layout.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::document::RelationKind;
use throughline_core::resolve::{Forward, ResolvedModel};
use throughline_core::{Resolved, Severity};
use throughline_diagram::measure::{HEAD_PORT, row_port};
use throughline_diagram::{Edge, End, Link, Socket};

use super::{Choices, Label, Level, NodeView, RelationView, RowKind, words};
use crate::state::problems::Marks;

/// Nodes and models, found by name.
pub(super) struct Known<'a> {
    nodes: &'a [NodeView],
    node_index: BTreeMap<&'a str, usize>,
    models: BTreeMap<&'a str, &'a ResolvedModel>,
}

impl<'a> Known<'a> {
    pub(super) fn new(resolved: &'a Resolved, nodes: &'a [NodeView]) -> Self {
        Self {
            nodes,
            node_index: nodes
                .iter()
                .enumerate()
                .map(|(index, node)| (node.model.as_str(), index))
                .collect(),
            models: resolved
                .models
                .iter()
                .rev()
                .map(|model| (model.name.as_str(), model))
                .collect(),
        }
    }

    fn node(&self, model: &str) -> Option<usize> {
        self.node_index.get(model).copied()
    }

    fn model(&self, name: &str) -> Option<&'a ResolvedModel> {
        self.models.get(name).copied()
    }
}

/// All relations between nodes that are shown, and their lines.
pub(super) fn relations(
    resolved: &Resolved,
    known: &Known<'_>,
    marks: &Marks,
    choices: &Choices,
) -> (Vec<RelationView>, Vec<Link>) {
    let mut links = Vec::new();
    let mut relations = Vec::new();
    let mut seen = BTreeSet::new();
    for model in resolved.models.iter().filter(|model| model.generated_by.is_none()) {
        for relation in model.forward.iter().filter(|relation| relation.known) {
            let first_link = links.len();
            let Some(drawn) = draw(known, model, relation, choices) else { continue };
            if !seen.insert((&model.name, &relation.field)) {
                continue;
            }
            links.extend(drawn.links);
            relations.push(RelationView {
                id: format!("{}.{}", model.name, relation.field),
                model: model.name.clone(),
                field: relation.field.clone(),
                kind: relation.kind,
                target: relation.target.clone(),
                through: relation
                    .through
                    .as_ref()
                    .filter(|through| through.generated)
                    .map(|through| through.model.clone()),
                first_link,
                links: links.len() - first_link,
                rows: drawn.rows,
                severity: marks
                    .field(&model.name, &relation.field)
                    .map(|mark| mark.severity)
                    .filter(|severity| *severity == Severity::Error),
                sentences: words::sentences(&model.name, relation, drawn.here, drawn.there),
                spoken: words::spoken(&model.name, relation, drawn.here, drawn.there),
                label: None,
            });
        }
    }
    label_parallels(&mut relations);
    (relations, links)
}

/// Relations between the same two models are told apart by their names.
fn label_parallels(relations: &mut [RelationView]) {
    let pair = |relation: &RelationView| {
        let (a, b) = (relation.model.clone(), relation.target.clone());
        if a < b { (a, b) } else { (b, a) }
    };
    let mut counts: BTreeMap<(String, String), i32> = BTreeMap::new();
    for relation in relations.iter() {
        *counts.entry(pair(relation)).or_default() += 1;
    }
    let mut next: BTreeMap<(String, String), i32> = BTreeMap::new();
    for relation in relations.iter_mut().filter(|relation| relation.links == 1) {
        let pair = pair(relation);
        let count = counts.get(&pair).copied().unwrap_or_default();
        if count > 1 {
            let index = next.entry(pair).or_default();
            relation.label = Some(Label { text: relation.field.clone(), index: *index, count });
            *index += 1;
        }
    }
}

struct Drawn {
    links: Vec<Link>,
    rows: Vec<(String, String)>,
    here: End,
    there: End,
}

fn draw(
    known: &Known<'_>,
    model: &ResolvedModel,
    relation: &Forward,
    choices: &Choices,
) -> Option<Drawn> {
    let back = relation.accessor.clone().map(|name| (relation.target.clone(), name));
    let rows = std::iter::once((model.name.clone(), relation.field.clone())).chain(back);
    match relation.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => {
            let (here, there) = ends(model, relation);
            let link = Link {
                from: at_field(known, model, &relation.field, here)?,
                to: at_key(known, &relation.target, relation.to_field.as_deref(), there)?,
            };
            let column = relation.column.clone().map(|column| (model.name.clone(), column));
            let key = (relation.target.clone(), target_row(known, relation));
            Some(Drawn {
                links: vec![link],
                rows: rows.chain(column).chain([key]).collect(),
                here,
                there,
            })
        }
        RelationKind::ManyToMany => {
            let many = End::ZeroOrMany;
            let through = relation.through.as_ref();
            let table = through.and_then(|through| known.model(&through.model));
            let declared = through.zip(table).is_some_and(|(through, _)| {
                !through.generated
                    && through.owner_field.is_some()
                    && through.target_field.is_some()
            });
            if declared {
                // Its two keys are drawn, as relations of their own.
                return None;
            }
            let open = table.filter(|table| known.node(&table.name).is_some());
            if let Some(table) = open.filter(|table| table.generated_by.is_some()) {
                let halves = table.forward.iter().filter(|key| key.known).filter_map(|key| {
                    Some(Link {
                        from: at_field(known, table, &key.field, many)?,
                        to: at_key(known, &key.target, key.to_field.as_deref(), End::ExactlyOne)?,
                    })
                });
                let links: Vec<Link> = halves.collect();
                let keys = table
                    .fields
                    .iter()
                    .filter(|field| field.relation)
                    .map(|field| (table.name.clone(), field.attname.clone()));
                return Some(Drawn {
                    links,
                    rows: rows.chain(keys).collect(),
                    here: many,
                    there: many,
                });
            }
            if choices.level == Level::Tables {
                return None;
            }
            let link = Link {
                from: at_field(known, model, &relation.field, many)?,
                to: at_key(known, &relation.target, None, many)?,
            };
            Some(Drawn { links: vec![link], rows: rows.collect(), here: many, there: many })
        }
    }
}

/// The ends of a relation: at its own model, and at its target.
pub(super) fn ends(model: &ResolvedModel, relation: &Forward) -> (End, End) {
    if relation.kind == RelationKind::ManyToMany {
        return (End::ZeroOrMany, End::ZeroOrMany);
    }
    let unique = relation.kind == RelationKind::OneToOne
        || model.field(&relation.field).is_some_and(|field| field.unique);
    let here = if unique { End::ZeroOrOne } else { End::ZeroOrMany };
    let there = if relation.null { End::ZeroOrOne } else { End::ExactlyOne };
    (here, there)
}

fn target_row(known: &Known<'_>, relation: &Forward) -> String {
    let key = || known.model(&relation.target)?.primary_key().next().map(|key| key.name.clone());
    relation.to_field.clone().or_else(key).unwrap_or_default()
}

/// Where a field's line starts.
fn at_field(known: &Known<'_>, model: &ResolvedModel, field: &str, end: End) -> Option<Socket> {
    let names = model
        .field(field)
        .map(|field| [field.name.clone(), field.attname.clone(), field.column.clone()]);
    let is_it = |name: &str, kind: RowKind| {
        kind != RowKind::Reverse
            && (name == field
                || names.as_ref().is_some_and(|names| names.iter().any(|other| other == name)))
    };
    socket(known, &model.name, is_it, end)
}

/// Where a line arrives: the referenced field, else the primary key.
fn at_key(known: &Known<'_>, target: &str, field: Option<&str>, end: End) -> Option<Socket> {
    let column =
        field.and_then(|field| known.model(target)?.field(field)).map(|field| field.column.clone());
    let is_it = |name: &str, kind: RowKind| match field {
        Some(field) => {
            kind != RowKind::Reverse && (name == field || column.as_deref() == Some(name))
        }
        None => kind == RowKind::Key,
    };
    socket(known, target, is_it, end)
}

fn socket(
    known: &Known<'_>,
    model: &str,
    is_it: impl Fn(&str, RowKind) -> bool,
    end: End,
) -> Option<Socket> {
    let node = known.node(model)?;
    let rows = &known.nodes.get(node)?.rows;
    let row = rows
        .iter()
        .position(|row| is_it(&row.name, row.kind))
        .or_else(|| rows.iter().position(|row| row.kind == RowKind::More));
    let port = row.and_then(|row| i32::try_from(row).ok()).map_or(HEAD_PORT, row_port);
    Some(Socket { node, port, end })
}

/// What should stand left of what: targets left of what points at them, tables of pairs between their ends.
pub(super) fn layout_edges(
    resolved: &Resolved,
    known: &Known<'_>,
    relations: &[RelationView],
    links: &[Link],
) -> Vec<Edge> {
    // The second end of each pair: its table stands left of it.
    let mut seconds: BTreeSet<(usize, usize)> = BTreeSet::new();
    for model in &resolved.models {
        for relation in &model.forward {
            let table = relation.through.as_ref().and_then(|through| known.node(&through.model));
            let (owner, target) = (known.node(&model.name), known.node(&relation.target));
            if let (Some(table), Some(owner), Some(target)) = (table, owner, target)
                && owner != target
            {
                seconds.insert((table, owner.max(target)));
            }
        }
    }
    let is_direct =
        |relation: &&RelationView| relation.kind == RelationKind::ManyToMany && relation.links == 1;
    let direct: BTreeSet<usize> =
        relations.iter().filter(is_direct).map(|relation| relation.first_link).collect();
    let edge = |(number, link): (usize, &Link)| {
        let (from, to) = (link.from, link.to);
        let turned = seconds.contains(&(from.node, to.node))
            || direct.contains(&number) && from.node < to.node;
        let (left, right) = if turned { (from, to) } else { (to, from) };
        Edge { left: left.node, right: right.node, left_port: left.port, right_port: right.port }
    };
    links.iter().enumerate().map(edge).collect()
}
