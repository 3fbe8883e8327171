//! One ORM's side of a comparison.

use super::{ModelNames, RelationNames, Side, ThroughNames};
use crate::analysis::{Analysis, analyze};
use crate::convert::{Converted, Names, convert};
use crate::document::RelationKind;
use crate::orm::Orm;
use crate::resolve::{Forward, ResolvedModel};
use crate::tables::Table;

/// The project as it is written.
pub(super) fn own(orm: &dyn Orm, source: &str, analysis: &Analysis) -> Side {
    Side {
        orm: orm.profile().id,
        own: true,
        source: source.to_owned(),
        unsaid: Vec::new(),
        tables: analysis.tables.clone(),
        models: models(analysis),
    }
}

/// The project written for another ORM.
pub(super) fn written(orm: &dyn Orm, analysis: &Analysis, to: &dyn Orm) -> Side {
    let Converted { source, unsaid, .. } =
        convert(orm, analysis, to, Names::OrmDefault).unwrap_or_default();
    let there = analyze(to, &source);
    let models = models(&there);
    Side { orm: to.profile().id, own: false, source, unsaid, tables: there.tables, models }
}

fn models(analysis: &Analysis) -> Vec<ModelNames> {
    let own = analysis.resolved.models.iter().filter(|model| model.declared.is_some());
    own.map(|model| ModelNames {
        model: model.name.clone(),
        table: model.table.clone(),
        primary_key: model.primary_key().map(|field| field.name.clone()).collect(),
        relations: model.forward.iter().map(|forward| relation(analysis, model, forward)).collect(),
    })
    .collect()
}

fn relation(analysis: &Analysis, model: &ResolvedModel, forward: &Forward) -> RelationNames {
    let key = analysis.tables.table(&model.table).and_then(|table| {
        table.foreign_keys.iter().find(|key| Some(&key.column) == forward.column.as_ref())
    });
    let many = forward.kind == RelationKind::ManyToMany;
    let visible = !forward.hidden && forward.accessor.is_some();
    RelationNames {
        field: forward.field.clone(),
        kind: forward.kind,
        target: forward.target.clone(),
        accessor: forward.accessor.clone().filter(|_| visible),
        query_name: visible.then(|| forward.query_name.clone()).filter(|name| !name.is_empty()),
        column: forward.column.clone().filter(|_| !many),
        null: forward.null,
        on_delete: key.map(|key| key.on_delete.clone()),
        through: if many { through(analysis, forward) } else { None },
    }
}

fn through(analysis: &Analysis, forward: &Forward) -> Option<ThroughNames> {
    let through = forward.through.as_ref()?;
    let table = analysis.tables.table(&through.table);
    let class = analysis.resolved.model(&through.model).map(|model| model.name.clone());
    Some(ThroughNames {
        class: class.filter(|class| *class != through.table),
        table: through.table.clone(),
        columns: table
            .map(|table| table.columns.iter().map(|column| column.name.clone()).collect())
            .unwrap_or_default(),
        unique_pair: table.is_some_and(|table| {
            unique_pair(table, through.owner_field.as_deref(), through.target_field.as_deref())
        }),
        declared: !through.generated,
    })
}

/// Whether some unique constraint holds exactly the two columns.
fn unique_pair(table: &Table, owner: Option<&str>, target: Option<&str>) -> bool {
    let column = |field: Option<&str>| {
        let columns = table.columns.iter();
        let mut found = columns.filter(|column| {
            Some(column.field.as_str()) == field || Some(column.name.as_str()) == field
        });
        found.next().map(|column| column.name.as_str())
    };
    let (Some(owner), Some(target)) = (column(owner), column(target)) else { return false };
    let pair = |columns: &mut dyn Iterator<Item = &str>| {
        let columns: Vec<&str> = columns.collect();
        columns.len() == 2 && columns.contains(&owner) && columns.contains(&target)
    };
    pair(&mut table.primary_key.iter().map(String::as_str))
        || table.uniques.iter().any(|unique| pair(&mut unique.columns.iter().map(String::as_str)))
        || table.indexes.iter().any(|index| {
            index.unique
                && !index.partial
                && pair(&mut index.columns.iter().map(|(name, _)| name.as_str()))
        })
}
