//! Models as nodes with rows.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::document::RelationKind;
use throughline_core::resolve::{ResolvedField, ResolvedModel, Reverse};
use throughline_core::tables::Table;
use throughline_core::{Resolved, Tables};
use throughline_diagram::measure::{self, RowText};
use throughline_diagram::text::{self, Face};

use super::{Choices, Level, NodeView, ReverseNames, RowKind, RowView};
use crate::state::problems::Marks;

/// More rows than this are folded.
const FOLD: usize = 12;
/// The tag of a generated table, with its distance.
const TAG: i32 = 45;

/// All nodes, in order of declaration.
pub(super) fn nodes(
    resolved: &Resolved,
    tables: &Tables,
    marks: &Marks,
    choices: &Choices,
) -> Vec<NodeView> {
    let mut seen = BTreeSet::new();
    let by_name: BTreeMap<&str, &Table> =
        tables.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let is_open = |model: &&ResolvedModel| {
        let generated = model.generated_by.as_ref();
        generated.is_none_or(|(owner, field)| {
            choices.level == Level::Tables || !choices.closed.contains(&format!("{owner}.{field}"))
        })
    };
    let shown = resolved
        .models
        .iter()
        .filter(is_open)
        .filter(|model| !(model.proxy && choices.level == Level::Tables));
    shown
        .filter(|model| seen.insert(model.name.as_str()))
        .map(|model| node(model, by_name.get(model.table.as_str()).copied(), marks, choices))
        .collect()
}

fn node(
    model: &ResolvedModel,
    table: Option<&Table>,
    marks: &Marks,
    choices: &Choices,
) -> NodeView {
    let mut rows = match choices.level {
        Level::Models => model_rows(model, marks, choices),
        Level::Tables => column_rows(model, marks),
    };
    let folded = rows.len() > FOLD + 1;
    if folded && choices.unfolded.contains(&model.name) {
        rows.push(plain(RowKind::Fewer, "Show fewer".into(), "Shows the first rows only".into()));
    } else if folded {
        let more = rows.len() - FOLD;
        rows.truncate(FOLD);
        rows.push(plain(RowKind::More, format!("{more} more"), format!("{more} more rows")));
    }
    rows.extend(rules(model, table));
    let (title, aside) = match choices.level {
        Level::Models => (model.name.clone(), model.table.clone()),
        Level::Tables => (
            model.table.clone(),
            if model.generated_by.is_some() { String::new() } else { model.name.clone() },
        ),
    };
    let generated = model.generated_by.is_some();
    let width = width(&title, if generated { "" } else { &aside }, generated, &rows);
    for row in &mut rows {
        row.label = row_text(row).fitted_label(width);
    }
    let head = RowText { name: &title, face: Face::Title, label: &aside, glyphs: 0 };
    let aside = if generated { String::new() } else { head.fitted_label(width) };
    let problems = marks.model(&model.name);
    let sentence = sentence(model, problems.map_or(0, |mark| mark.count));
    let height = measure::node_height(i32::try_from(rows.len()).unwrap_or(i32::MAX / 100));
    NodeView {
        model: model.name.clone(),
        title,
        aside,
        generated_by: model.generated_by.clone(),
        rows,
        width,
        height,
        problems,
        sentence,
    }
}

fn sentence(model: &ResolvedModel, problems: usize) -> String {
    let what = if model.generated_by.is_some() { "Generated through table" } else { "Model" };
    let fields = model.fields.len()
        + model.forward.iter().filter(|relation| relation.kind == RelationKind::ManyToMany).count();
    let fields = if fields == 1 { "1 field".into() } else { format!("{fields} fields") };
    let problems = match problems {
        0 => String::new(),
        1 => ", 1 problem".into(),
        count => format!(", {count} problems"),
    };
    format!("{what} {}, {fields}{problems}", model.name)
}

fn width(title: &str, aside: &str, generated: bool, rows: &[RowView]) -> i32 {
    let head = RowText { name: title, face: Face::Title, label: aside, glyphs: 0 };
    let tag = if generated { text::width(title, Face::Title) + measure::TEXT + TAG } else { 0 };
    measure::node_width(std::iter::once(head).chain(rows.iter().map(row_text)))
        .max((tag + 7) / 8 * 8)
}

fn row_text(row: &RowView) -> RowText<'_> {
    let face = match row.kind {
        RowKind::Key => Face::StrongName,
        RowKind::Rule => Face::Code,
        _ => Face::Name,
    };
    RowText { name: &row.name, face, label: &row.label, glyphs: i32::from(row.unique) }
}

fn plain(kind: RowKind, name: String, tooltip: String) -> RowView {
    RowView {
        kind,
        name,
        label: String::new(),
        unique: false,
        severity: None,
        chooses: None,
        relation: None,
        divided: false,
        tooltip,
    }
}

fn model_rows(model: &ResolvedModel, marks: &Marks, choices: &Choices) -> Vec<RowView> {
    let mut rows: Vec<RowView> =
        model.fields.iter().map(|field| field_row(model, field, marks)).collect();
    let many = model.forward.iter().filter(|relation| relation.kind == RelationKind::ManyToMany);
    rows.extend(many.enumerate().map(|(number, relation)| RowView {
        kind: RowKind::ManyToMany,
        name: relation.field.clone(),
        label: relation.target.clone(),
        severity: marks.field(&model.name, &relation.field).map(|mark| mark.severity),
        chooses: Some((model.name.clone(), relation.field.clone())),
        relation: Some(format!("{}.{}", model.name, relation.field)),
        divided: number == 0,
        ..plain(
            RowKind::ManyToMany,
            String::new(),
            format!("Many-to-many {}: {}", relation.field, relation.target),
        )
    }));
    if choices.reverse_names == ReverseNames::Shown {
        let shown: Vec<&Reverse> = model
            .reverse
            .iter()
            .filter(|reverse| !reverse.hidden && !is_of_generated(reverse))
            .collect();
        rows.extend(shown.iter().enumerate().filter_map(|(number, reverse)| {
            reverse_row(model, reverse, &shown, marks, number == 0)
        }));
    }
    rows
}

/// Reverse sides of the keys of generated through models have names of the ORM's own, which nobody uses.
fn is_of_generated(reverse: &Reverse) -> bool {
    reverse.accessor.as_deref().is_none_or(|name| name.contains('+'))
}

fn reverse_row(
    model: &ResolvedModel,
    reverse: &Reverse,
    all: &[&Reverse],
    marks: &Marks,
    divided: bool,
) -> Option<RowView> {
    let name = reverse.accessor.clone()?;
    let alone = all.iter().filter(|other| other.source == reverse.source).count() == 1;
    let from = format!("{}.{}", reverse.source, reverse.source_field);
    let label = if alone && reverse.kind != RelationKind::ManyToMany {
        reverse.source.clone()
    } else {
        from.clone()
    };
    let tooltip = format!("Reverse name {name}, from {from}");
    Some(RowView {
        label,
        severity: marks.field(&model.name, &name).map(|mark| mark.severity),
        chooses: Some((reverse.source.clone(), reverse.source_field.clone())),
        relation: Some(from),
        divided,
        ..plain(RowKind::Reverse, name, tooltip)
    })
}

fn field_row(model: &ResolvedModel, field: &ResolvedField, marks: &Marks) -> RowView {
    let kind = match field {
        _ if field.primary_key => RowKind::Key,
        _ if field.relation => RowKind::Relation,
        _ if field.null => RowKind::Nullable,
        _ => RowKind::Required,
    };
    let generated = model.generated_by.is_some();
    let name = if generated && field.relation { field.attname.clone() } else { field.name.clone() };
    let label = format!("{}{}", field.label, if field.null { "?" } else { "" });
    let unique = field.unique && !field.primary_key;
    let what = match kind {
        RowKind::Key => "Primary key",
        RowKind::Relation if field.unique => "One-to-one",
        RowKind::Relation => "Foreign key",
        RowKind::Nullable => "Nullable field",
        _ => "Required field",
    };
    let tooltip = format!("{what} {name}: {label}{}", if unique { ", unique" } else { "" });
    RowView {
        label,
        unique,
        severity: marks.field(&model.name, &field.name).map(|mark| mark.severity),
        chooses: Some((model.name.clone(), field.name.clone())),
        relation: field.relation.then(|| owner(model, &field.name)),
        ..plain(kind, name, tooltip)
    }
}

/// The id of the relation that a key belongs to: for a generated table's keys, the many-to-many.
fn owner(model: &ResolvedModel, field: &str) -> String {
    let (model, field) = model
        .generated_by
        .as_ref()
        .map_or((model.name.as_str(), field), |(owner, field)| (owner, field));
    format!("{model}.{field}")
}

fn column_rows(model: &ResolvedModel, marks: &Marks) -> Vec<RowView> {
    model
        .fields
        .iter()
        .map(|field| {
            let label = format!("{}{}", field.ty, if field.null { "?" } else { "" });
            let tooltip = format!("Column {}: {label}", field.column);
            RowView { name: field.column.clone(), label, tooltip, ..field_row(model, field, marks) }
        })
        .collect()
}

fn rules(model: &ResolvedModel, table: Option<&Table>) -> Vec<RowView> {
    let field_of = |column: &String| {
        model
            .fields
            .iter()
            .find(|field| field.column == *column)
            .map_or_else(|| column.clone(), |field| field.name.clone())
    };
    let uniques = table.map(|table| table.uniques.as_slice()).unwrap_or_default();
    uniques
        .iter()
        .filter(|unique| unique.columns.len() > 1)
        .enumerate()
        .map(|(number, unique)| {
            let name = format!(
                "unique ({})",
                unique.columns.iter().map(field_of).collect::<Vec<_>>().join(", ")
            );
            let room = measure::MAX_WIDTH - measure::TEXT - measure::PADDING;
            RowView {
                divided: number == 0,
                ..plain(RowKind::Rule, text::fitted(&name, Face::Code, room), name)
            }
        })
        .collect()
}
