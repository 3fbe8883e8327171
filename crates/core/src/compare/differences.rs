//! Where the sides differ.

use super::{Aspect, Difference, ModelNames, RelationNames, Side, Value};
use crate::orm;
use crate::tables::Tables;

/// All differences, by model and field in the order of the first side that has them.
pub(super) fn find(sides: &[Side]) -> Vec<Difference> {
    let mut out = Vec::new();
    let own = sides.iter().find(|side| side.own).or(sides.first());
    for model in own.iter().flat_map(|side| &side.models) {
        let of = |side: &Side| side.models.iter().find(|other| other.model == model.model).cloned();
        let models: Vec<Option<ModelNames>> = sides.iter().map(of).collect();
        let mut add = |field: Option<&str>, aspect: Aspect, texts: Vec<Option<String>>| {
            let first = texts.first();
            if texts.iter().any(|text| Some(text) != first) {
                let values =
                    sides.iter().zip(texts).map(|(side, text)| value(side.orm, aspect, text));
                out.push(Difference {
                    model: model.model.clone(),
                    field: field.map(str::to_owned),
                    aspect,
                    values: values.collect(),
                });
            }
        };
        let of_model =
            |what: &dyn Fn(&Side, &ModelNames) -> Option<String>| -> Vec<Option<String>> {
                sides.iter().zip(&models).map(|(side, model)| what(side, model.as_ref()?)).collect()
            };
        add(None, Aspect::Table, of_model(&|_, model| Some(model.table.clone())));
        add(None, Aspect::Key, of_model(&|side, model| Some(key(&side.tables, model))));
        for relation in &model.relations {
            let field = relation.field.as_str();
            let of_relation =
                |what: &dyn Fn(&Side, &ModelNames, &RelationNames) -> Option<String>| {
                    of_model(&|side, model| {
                        let relation =
                            model.relations.iter().find(|relation| relation.field == field)?;
                        what(side, model, relation)
                    })
                };
            for (aspect, what) in ASPECTS {
                add(
                    Some(field),
                    *aspect,
                    of_relation(&|side, model, relation| what(side, model, relation)),
                );
            }
        }
    }
    out
}

type Shown = fn(&Side, &ModelNames, &RelationNames) -> Option<String>;

/// What is compared of a relation, and how it is shown.
static ASPECTS: &[(Aspect, Shown)] = &[
    (Aspect::Column, |_, _, relation| relation.column.clone()),
    (Aspect::Null, |_, _, relation| relation.column.as_ref().map(|_| yes(relation.null))),
    (Aspect::Index, |side, model, relation| {
        let table = side.tables.table(&model.table)?;
        let column = relation.column.as_ref()?;
        let leads =
            |columns: &[(String, bool)]| columns.first().is_some_and(|(first, _)| first == column);
        Some(yes(table.indexes.iter().any(|index| leads(&index.columns))))
    }),
    (Aspect::OnDelete, |_, _, relation| relation.on_delete.clone()),
    (Aspect::Accessor, |_, _, relation| relation.accessor.clone()),
    (Aspect::QueryName, |_, _, relation| relation.query_name.clone()),
    (Aspect::ThroughClass, |_, _, relation| relation.through.as_ref()?.class.clone()),
    (Aspect::ThroughTable, |_, _, relation| Some(relation.through.as_ref()?.table.clone())),
    (Aspect::ThroughColumns, |_, _, relation| Some(relation.through.as_ref()?.columns.join(", "))),
    (Aspect::UniquePair, |_, _, relation| {
        relation.through.as_ref().map(|through| yes(through.unique_pair))
    }),
];

fn yes(truth: bool) -> String {
    if truth { "yes" } else { "no" }.to_owned()
}

fn value(id: &'static str, aspect: Aspect, text: Option<String>) -> Value {
    Value { orm: id, text, why: orm::by_id(id).map_or("", |orm| orm.habit(aspect)) }
}

/// `id bigint`.
fn key(tables: &Tables, model: &ModelNames) -> String {
    let Some(table) = tables.table(&model.table) else { return String::new() };
    let columns = table.columns.iter().filter(|column| table.primary_key.contains(&column.name));
    columns.map(|column| format!("{} {}", column.name, column.ty)).collect::<Vec<_>>().join(", ")
}
