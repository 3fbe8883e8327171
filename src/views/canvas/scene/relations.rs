//! Relations as lines with true ends, and what they ask of the layout.

use throughline_core::document::RelationKind;
use throughline_core::resolve::{Forward, ResolvedModel};
use throughline_core::{Resolved, Severity};
use throughline_diagram::measure::{HEAD_PORT, row_port};
use throughline_diagram::{Edge, End, Link, Socket};

use super::{Choices, Level, NodeView, RelationView, RowKind, words};
use crate::state::problems::Marks;

/// All relations between nodes that are shown, and their lines.
pub(super) fn relations(
    resolved: &Resolved,
    nodes: &[NodeView],
    marks: &Marks,
    choices: &Choices,
) -> (Vec<RelationView>, Vec<Link>) {
    let mut links = Vec::new();
    let mut relations = Vec::new();
    for model in resolved.models.iter().filter(|model| model.generated_by.is_none()) {
        for relation in model.forward.iter().filter(|relation| relation.known) {
            let first_link = links.len();
            let Some(drawn) = draw(resolved, nodes, model, relation, choices) else { continue };
            links.extend(drawn.links);
            if relations.iter().any(|other: &RelationView| {
                other.model == model.name && other.field == relation.field
            }) {
                links.truncate(first_link);
                continue;
            }
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
    let ends: Vec<(String, String)> = relations
        .iter()
        .map(|relation| (relation.model.clone(), relation.target.clone()))
        .collect();
    for relation in relations.iter_mut() {
        let here = (&relation.model, &relation.target);
        let parallel = ends
            .iter()
            .filter(|(model, target)| (model, target) == here || (target, model) == here)
            .count();
        if parallel > 1 && relation.links == 1 {
            relation.label = Some(relation.field.clone());
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
    resolved: &Resolved,
    nodes: &[NodeView],
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
                from: at_field(nodes, model, &relation.field, here)?,
                to: at_key(resolved, nodes, &relation.target, relation.to_field.as_deref(), there)?,
            };
            let column = relation.column.clone().map(|column| (model.name.clone(), column));
            let key = (relation.target.clone(), target_row(resolved, relation));
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
            let table = through.and_then(|through| resolved.model(&through.model));
            let declared = through.zip(table).is_some_and(|(through, _)| {
                !through.generated
                    && through.owner_field.is_some()
                    && through.target_field.is_some()
            });
            if declared {
                // Its two keys are drawn, as relations of their own.
                return None;
            }
            let open = table.filter(|table| nodes.iter().any(|node| node.model == table.name));
            if let Some(table) = open.filter(|table| table.generated_by.is_some()) {
                let halves = table.forward.iter().filter(|key| key.known).filter_map(|key| {
                    Some(Link {
                        from: at_field(nodes, table, &key.field, many)?,
                        to: at_key(
                            resolved,
                            nodes,
                            &key.target,
                            key.to_field.as_deref(),
                            End::ExactlyOne,
                        )?,
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
                from: at_field(nodes, model, &relation.field, many)?,
                to: at_key(resolved, nodes, &relation.target, None, many)?,
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

fn target_row(resolved: &Resolved, relation: &Forward) -> String {
    let key = || resolved.model(&relation.target)?.primary_key().next().map(|key| key.name.clone());
    relation.to_field.clone().or_else(key).unwrap_or_default()
}

/// Where a field's line starts.
fn at_field(nodes: &[NodeView], model: &ResolvedModel, field: &str, end: End) -> Option<Socket> {
    let names = model
        .field(field)
        .map(|field| [field.name.clone(), field.attname.clone(), field.column.clone()]);
    let is_it = |name: &str, kind: RowKind| {
        kind != RowKind::Reverse
            && (name == field
                || names.as_ref().is_some_and(|names| names.iter().any(|other| other == name)))
    };
    socket(nodes, &model.name, is_it, end)
}

/// Where a line arrives: the referenced field, else the primary key.
fn at_key(
    resolved: &Resolved,
    nodes: &[NodeView],
    target: &str,
    field: Option<&str>,
    end: End,
) -> Option<Socket> {
    let column = field
        .and_then(|field| resolved.model(target)?.field(field))
        .map(|field| field.column.clone());
    let is_it = |name: &str, kind: RowKind| match field {
        Some(field) => {
            kind != RowKind::Reverse && (name == field || column.as_deref() == Some(name))
        }
        None => kind == RowKind::Key,
    };
    socket(nodes, target, is_it, end)
}

fn socket(
    nodes: &[NodeView],
    model: &str,
    is_it: impl Fn(&str, RowKind) -> bool,
    end: End,
) -> Option<Socket> {
    let node = nodes.iter().position(|node| node.model == model)?;
    let rows = &nodes.get(node)?.rows;
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
    nodes: &[NodeView],
    relations: &[RelationView],
    links: &[Link],
) -> Vec<Edge> {
    let index = |name: &str| nodes.iter().position(|node| node.model == name);
    // The second end of each pair: its table stands left of it.
    let mut seconds: Vec<(usize, usize)> = Vec::new();
    for model in &resolved.models {
        for relation in &model.forward {
            let Some(table) = relation.through.as_ref().and_then(|through| index(&through.model))
            else {
                continue;
            };
            let (Some(owner), Some(target)) = (index(&model.name), index(&relation.target)) else {
                continue;
            };
            if owner != target {
                seconds.push((table, owner.max(target)));
            }
        }
    }
    let edge = |link: &Link| {
        let (from, to) = (link.from, link.to);
        let turned = seconds.contains(&(from.node, to.node))
            || is_direct_many(relations, links, link) && from.node < to.node;
        let (left, right) = if turned { (from, to) } else { (to, from) };
        Edge { left: left.node, right: right.node, left_port: left.port, right_port: right.port }
    };
    links.iter().map(edge).collect()
}

fn is_direct_many(relations: &[RelationView], links: &[Link], link: &Link) -> bool {
    relations.iter().any(|relation| {
        relation.kind == RelationKind::ManyToMany
            && relation.links == 1
            && links.get(relation.first_link) == Some(link)
    })
}
