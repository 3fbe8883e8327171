//! What the diagram shows, worked out from the resolved models. Pure: no signals, no places.

mod nodes;
mod relations;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use throughline_core::document::RelationKind;
use throughline_core::{Resolved, Severity, Tables};
use throughline_diagram::{Edge, Link};

use crate::state::problems::{Mark, Marks};

/// A diagram before it is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scene {
    /// The models and the generated through tables that are open, in the order of the source.
    pub(crate) nodes: Vec<Arc<NodeView>>,
    /// The relations.
    pub(crate) relations: Vec<Arc<RelationView>>,
    /// The lines of the relations, for the router. Each relation's lines are a range of these.
    pub(crate) links: Vec<Link>,
    /// What should stand left of what.
    pub(crate) edges: Vec<Edge>,
    pub(crate) node_index: BTreeMap<String, usize>,
    pub(crate) relation_index: BTreeMap<String, usize>,
}

/// What can be switched in the head of the pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// Whether reverse names are rows.
    pub(crate) reverse_names: ReverseNames,
    /// Models or the tables behind them.
    pub(crate) level: Level,
    /// Many-to-many relations whose generated table is closed, as `Model.field`.
    pub(crate) closed: BTreeSet<String>,
    /// Models all of whose rows are shown, however many.
    pub(crate) unfolded: BTreeSet<String>,
}

/// Whether reverse names are rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ReverseNames {
    /// They are.
    #[default]
    Shown,
    /// They are not.
    Hidden,
}

/// What the nodes stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Level {
    /// The user's side: models and fields.
    #[default]
    Models,
    /// The database's side: tables and columns.
    Tables,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeView {
    /// The model's name.
    pub(crate) model: String,
    /// What stands in its head.
    pub(crate) title: String,
    /// What stands right of that, where it fits.
    pub(crate) aside: String,
    /// The many-to-many that generates it, as (model, field).
    pub(crate) generated_by: Option<(String, String)>,
    /// Its rows.
    pub(crate) rows: Vec<RowView>,
    /// Its width.
    pub(crate) width: i32,
    /// Its height.
    pub(crate) height: i32,
    /// What its corner counts.
    pub(crate) problems: Option<Mark>,
    /// Its sentence, for those who hear it.
    pub(crate) sentence: String,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// (Part of) the primary key.
    Key,
    /// A field that must have a value.
    Required,
    /// A field that may be null.
    Nullable,
    /// A foreign key or one-to-one.
    Relation,
    /// A many-to-many.
    ManyToMany,
    /// A reverse name.
    Reverse,
    /// Fields that are unique together.
    Rule,
    /// Stands for the rows that are folded away.
    More,
    /// Leads back from all rows to a few.
    Fewer,
}

/// A row of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowView {
    /// What it is.
    pub(crate) kind: RowKind,
    /// Its left text.
    pub(crate) name: String,
    /// Its right text, cut to what fits.
    pub(crate) label: String,
    /// Whether it is unique by itself, beyond being the key.
    pub(crate) unique: bool,
    /// How bad the problems at it are.
    pub(crate) severity: Option<Severity>,
    /// The field that is chosen with it: (model, field). For a reverse name the declaring one.
    pub(crate) chooses: Option<(String, String)>,
    /// The relation that it is an end of.
    pub(crate) relation: Option<String>,
    /// Whether a hairline divides it from the row above.
    pub(crate) divided: bool,
    /// What it is, in words.
    pub(crate) tooltip: String,
}

/// What stands at a line that is one of several between two models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    /// The field's name.
    pub(crate) text: String,
    /// The line's place among them, from 0.
    pub(crate) index: i32,
    /// How many they are.
    pub(crate) count: i32,
}

/// A relation that is drawn: one line, or two where its generated table is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RelationView {
    /// `Model.field`.
    pub(crate) id: String,
    /// The declaring model.
    pub(crate) model: String,
    /// The declaring field.
    pub(crate) field: String,
    /// Which kind.
    pub(crate) kind: RelationKind,
    /// The target's name.
    pub(crate) target: String,
    /// The generated table, where there is one.
    pub(crate) through: Option<String>,
    /// The first of its lines.
    pub(crate) first_link: usize,
    /// How many lines it has.
    pub(crate) links: usize,
    /// Rows that light up with it: (model, name of the row).
    pub(crate) rows: Vec<(String, String)>,
    /// How bad the problems at it are.
    pub(crate) severity: Option<Severity>,
    /// Its sentences, for the hover card: words in backticks are code, in asterisks models.
    pub(crate) sentences: Vec<String>,
    /// One sentence, for those who hear it.
    pub(crate) spoken: String,
    /// What stands at its line, where lines run side by side.
    pub(crate) label: Option<Label>,
}

/// Works out the scene.
pub(crate) fn scene(
    resolved: &Resolved,
    tables: &Tables,
    marks: &Marks,
    choices: &Choices,
) -> Scene {
    let nodes = nodes::nodes(resolved, tables, marks, choices);
    let known = relations::Known::new(resolved, &nodes);
    let (relations, links) = relations::relations(resolved, &known, marks, choices);
    let edges = relations::layout_edges(resolved, &known, &relations, &links);
    Scene {
        node_index: nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (node.model.clone(), index))
            .collect(),
        relation_index: relations
            .iter()
            .enumerate()
            .map(|(index, relation)| (relation.id.clone(), index))
            .collect(),
        nodes: nodes.into_iter().map(Arc::new).collect(),
        relations: relations.into_iter().map(Arc::new).collect(),
        links,
        edges,
    }
}

impl Scene {
    /// The index of a node.
    pub(crate) fn index(&self, model: &str) -> Option<usize> {
        self.node_index.get(model).copied()
    }

    /// A node.
    pub(crate) fn node(&self, model: &str) -> Option<&Arc<NodeView>> {
        self.nodes.get(self.index(model)?)
    }

    /// The relation with this id.
    pub(crate) fn relation(&self, id: &str) -> Option<&Arc<RelationView>> {
        self.relations.get(*self.relation_index.get(id)?)
    }

    /// How many models, generated tables and relations there are, in words.
    pub(crate) fn summary(&self) -> String {
        let generated = self.nodes.iter().filter(|node| node.generated_by.is_some()).count();
        let count = |count: usize, what: &str| {
            format!("{count} {what}{}", if count == 1 { "" } else { "s" })
        };
        let through = if generated == 0 {
            String::new()
        } else {
            format!(", {}", count(generated, "generated through table"))
        };
        format!(
            "{}{through}, {}",
            count(self.nodes.len() - generated, "model"),
            count(self.relations.len(), "relation")
        )
    }
}

/// What a relation means, in sentences: models in asterisks, names in backticks.
pub(crate) fn sentences_of(resolved: &Resolved, model: &str, field: &str) -> Vec<String> {
    let found = resolved.model(model).and_then(|model| {
        Some((model, model.forward.iter().find(|forward| forward.field == field)?))
    });
    found
        .map(|(model, relation)| {
            let (here, there) = relations::ends(model, relation);
            words::sentences(&model.name, relation, here, there)
        })
        .unwrap_or_default()
}
