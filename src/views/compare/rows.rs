//! The lines of a comparison, ORM by ORM. Pure.

use throughline_core::compare::{Aspect, Comparison, RelationNames, Side, Value};
use throughline_core::document::RelationKind;
use throughline_core::tables::{Column, Table};

use crate::views::tables::facts;

/// A line of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// What follows is about this model.
    Model(String),
    /// What follows is about this field; and what it is.
    Relation(String, String),
    /// One thing that each ORM has its own way.
    Fact(Fact),
}

/// One thing, in every ORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// What it is: `through table`.
    pub(super) label: String,
    /// What each ORM has, in the order of the sides; `None`: no such thing.
    pub(super) cells: Vec<Option<String>>,
    /// Why those that have a reason have it their way: the ORM's id and a sentence.
    pub(super) why: Vec<(&'static str, &'static str)>,
}

impl Fact {
    /// Whether not all have the same.
    pub(super) fn differs(&self) -> bool {
        self.cells.iter().zip(self.cells.iter().skip(1)).any(|(before, after)| before != after)
    }
}

/// All lines, in the order of the project's own models.
pub(super) fn rows(comparison: &Comparison) -> Vec<Row> {
    let sides = &comparison.sides;
    let mut out = Vec::new();
    let Some(own) = sides.iter().find(|side| side.own) else { return out };
    for model in &own.models {
        out.push(Row::Model(model.model.clone()));
        let here = Place { comparison, model: &model.model, field: None };
        let of = |side: &Side, what: &dyn Fn(&Table) -> String| {
            let model = side.models.iter().find(|other| other.model == model.model)?;
            side.tables.table(&model.table).map(what)
        };
        out.push(here.fact(Aspect::Table, &|side| of(side, &|table| table.name.clone())));
        out.push(here.fact(Aspect::Key, &|side| of(side, &|table| table.primary_key.join(", "))));
        for relation in &model.relations {
            out.push(Row::Relation(
                relation.field.clone(),
                format!("{} to {}", kind(relation.kind), relation.target),
            ));
            let here = Place { field: Some(&relation.field), ..here };
            let many = relation.kind == RelationKind::ManyToMany;
            let facts = FACTS
                .iter()
                .filter(|(aspect, _)| many == is_of_many(*aspect) || is_of_both(*aspect));
            out.extend(facts.map(|(aspect, show)| {
                here.fact(*aspect, &|side| {
                    let model = side.models.iter().find(|other| other.model == model.model)?;
                    show(model.relations.iter().find(|other| other.field == relation.field)?)
                })
            }));
        }
        columns(sides, &model.model, &mut out);
    }
    out
}

/// Only the lines in which the sides differ, with the headings above them.
pub(super) fn differing(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for row in rows {
        // A heading without lines gives way to the next one of its rank or above.
        match &row {
            Row::Fact(fact) if !fact.differs() => continue,
            Row::Fact(_) => {}
            Row::Relation(..) => {
                if matches!(out.last(), Some(Row::Relation(..))) {
                    out.pop();
                }
            }
            Row::Model(_) => drop_headings(&mut out),
        }
        out.push(row);
    }
    drop_headings(&mut out);
    out
}

fn drop_headings(rows: &mut Vec<Row>) {
    while matches!(rows.last(), Some(Row::Relation(..) | Row::Model(_))) {
        rows.pop();
    }
}

/// What facts are about.
#[derive(Clone, Copy)]
struct Place<'a> {
    comparison: &'a Comparison,
    model: &'a str,
    field: Option<&'a str>,
}

impl Place<'_> {
    /// A fact; where the core has found a difference, its values and reasons are the core's.
    fn fact(&self, aspect: Aspect, show: &dyn Fn(&Side) -> Option<String>) -> Row {
        let found = self.comparison.differences.iter().find(|difference| {
            difference.aspect == aspect
                && difference.model == self.model
                && difference.field.as_deref() == self.field
        });
        let values: &[Value] = found.map_or(&[], |found| &found.values);
        let cell = |side: &Side| match values.iter().find(|value| value.orm == side.orm) {
            Some(value) => value.text.clone(),
            None => show(side),
        };
        Row::Fact(Fact {
            label: aspect.title().into(),
            cells: self.comparison.sides.iter().map(cell).collect(),
            why: values
                .iter()
                .filter(|value| !value.why.is_empty())
                .map(|value| (value.orm, value.why))
                .collect(),
        })
    }
}

type Show = fn(&RelationNames) -> Option<String>;

static FACTS: &[(Aspect, Show)] = &[
    (Aspect::Accessor, |relation| relation.accessor.clone()),
    (Aspect::QueryName, |relation| relation.query_name.clone()),
    (Aspect::Column, |relation| relation.column.clone()),
    (Aspect::Null, |relation| Some(yes(relation.null))),
    (Aspect::OnDelete, |relation| relation.on_delete.clone()),
    (Aspect::Index, |_| None),
    (Aspect::ThroughClass, |relation| relation.through.as_ref()?.class.clone()),
    (Aspect::ThroughTable, |relation| Some(relation.through.as_ref()?.table.clone())),
    (Aspect::ThroughColumns, |relation| Some(relation.through.as_ref()?.columns.join(", "))),
    (Aspect::UniquePair, |relation| Some(yes(relation.through.as_ref()?.unique_pair))),
];

const fn is_of_both(aspect: Aspect) -> bool {
    matches!(aspect, Aspect::Accessor | Aspect::QueryName)
}

const fn is_of_many(aspect: Aspect) -> bool {
    matches!(
        aspect,
        Aspect::ThroughClass | Aspect::ThroughTable | Aspect::ThroughColumns | Aspect::UniquePair
    )
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.into()
}

/// `foreign key`.
const fn kind(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::ForeignKey => "foreign key",
        RelationKind::OneToOne => "one-to-one",
        RelationKind::ManyToMany => "many-to-many",
    }
}

/// The columns of a model's table, by the fields that they come from, and the table's constraints.
fn columns(sides: &[Side], model: &str, out: &mut Vec<Row>) {
    let tables: Vec<Option<&Table>> = sides
        .iter()
        .map(|side| {
            let model = side.models.iter().find(|other| other.model == model)?;
            side.tables.table(&model.table)
        })
        .collect();
    let mut fields: Vec<&str> = Vec::new();
    for column in tables.iter().flatten().flat_map(|table| &table.columns) {
        if !fields.contains(&column.field.as_str()) {
            fields.push(&column.field);
        }
    }
    out.push(Row::Relation("columns".into(), "and constraints".into()));
    for field in fields {
        let cell = |table: &Option<&Table>| {
            let table = (*table)?;
            Some(column(table, table.columns.iter().find(|column| column.field == field)?))
        };
        out.push(Row::Fact(Fact {
            label: field.to_owned(),
            cells: tables.iter().map(cell).collect(),
            why: Vec::new(),
        }));
    }
    for wanted in ["Unique", "Index", "Check"] {
        let cell = |table: &Option<&Table>| {
            let table = (*table)?;
            let rules = facts::rules(table).into_iter().filter(|(kind, what, _)| {
                *kind == wanted && !(wanted == "Unique" && said(table, what))
            });
            let rules: Vec<_> = rules
                .map(|(_, what, name)| match name {
                    Some(name) => format!("{name} {what}"),
                    None => what,
                })
                .collect();
            Some(rules.join("\n")).filter(|rules| !rules.is_empty())
        };
        let cells: Vec<_> = tables.iter().map(cell).collect();
        if cells.iter().any(Option::is_some) {
            out.push(Row::Fact(Fact { label: wanted.to_lowercase(), cells, why: Vec::new() }));
        }
    }
}

/// Whether a column's own line says that it is unique: by which means, a constraint or an index, is no difference of the models.
fn said(table: &Table, columns: &str) -> bool {
    table.columns.iter().any(|column| column.unique && columns == format!("({})", column.name))
}

/// `author_id int not null → author.id`.
fn column(table: &Table, column: &Column) -> String {
    let mut words = vec![column.name.clone(), column.ty.to_string()];
    if !column.null {
        words.push("not null".into());
    }
    words.extend(
        facts::keys(table, column)
            .into_iter()
            .map(|key| if key.contains('.') { format!("→ {key}") } else { key }),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use throughline_core::{analyze, compare, orm};

    use super::*;

    fn compared() -> Comparison {
        let source = "from django.db import models\n\n\nclass Author(models.Model):\n    name = models.CharField(max_length=9)\n\n\nclass Book(models.Model):\n    authors = models.ManyToManyField(Author)\n";
        let orm = orm::by_id("django").unwrap();
        compare::compare(orm, source, &analyze(orm, source))
    }

    #[test]
    fn every_line_has_a_cell_for_every_side() {
        let comparison = compared();
        for row in rows(&comparison) {
            if let Row::Fact(fact) = row {
                assert_eq!(fact.cells.len(), comparison.sides.len(), "{fact:?}");
            }
        }
    }

    #[test]
    fn the_through_table_stands_under_its_relation() {
        let rows = rows(&compared());
        let at =
            rows.iter().position(|row| matches!(row, Row::Relation(name, _) if name == "authors"));
        let table = rows.iter().skip(at.unwrap()).find_map(|row| match row {
            Row::Fact(fact) if fact.label == "through table" => Some(fact.cells[0].clone()),
            _ => None,
        });
        assert_eq!(table.unwrap().as_deref(), Some("app_book_authors"));
    }

    #[test]
    fn a_unique_column_is_said_once() {
        let source = "from django.db import models\n\n\nclass Author(models.Model):\n    email = models.EmailField(unique=True)\n    class Meta:\n        unique_together = [(\"id\", \"email\")]\n";
        let orm = orm::by_id("django").unwrap();
        let rows = rows(&compare::compare(orm, source, &analyze(orm, source)));
        let fact = |label: &str| {
            let found = rows.iter().find_map(|row| match row {
                Row::Fact(fact) if fact.label == label => Some(fact.cells.clone()),
                _ => None,
            });
            found.unwrap()
        };
        for cell in fact("email") {
            assert!(cell.as_ref().is_some_and(|cell| cell.contains("unique")), "{cell:?}");
        }
        for cell in fact("unique") {
            let cell = cell.unwrap();
            assert!(cell.contains("(id, email)") && !cell.contains("(email)"), "{cell}");
        }
    }

    #[test]
    fn headings_without_differences_go() {
        let fact = |cells: [&str; 2]| {
            Row::Fact(Fact {
                label: "x".into(),
                cells: cells.iter().map(|cell| Some((*cell).to_owned())).collect(),
                why: Vec::new(),
            })
        };
        let head = |name: &str| Row::Model(name.into());
        let field = |name: &str| Row::Relation(name.into(), String::new());
        let all = vec![
            head("A"),
            fact(["1", "1"]),
            field("f"),
            fact(["1", "2"]),
            field("g"),
            fact(["1", "1"]),
            head("B"),
            field("h"),
        ];
        assert_eq!(differing(all), [head("A"), field("f"), fact(["1", "2"])]);
    }
}
