//! The schema document, with the keys of the recorded cases.

use std::collections::HashSet;
use throughline_order::Arrange as _;

use serde_json::{Map, Value, json};

use crate::analysis::Analysis;
use crate::check::{Diagnostic, Severity, Stage};
use crate::document::{ModelKind, RelationKind};
use crate::orm::{Orm, QueryWord, SourceWord, ThroughWord, Words};
use crate::resolve::{Forward, Generic, Resolved, ResolvedModel, Reverse};
use crate::sql::{Dialect, ddl};
use crate::tables::{Table, Tables};

/// The schema document of an analysis: `orm`, `ok`, `diagnostics`, `relations`, `through_models`, `tables`.
///
/// Models of other apps that the file points at are named, but not described.
pub fn inspect(orm: &dyn Orm, analysis: &Analysis) -> Value {
    let resolved = &analysis.resolved;
    // A model that says it belongs to another app is not this app's; a file that says so throughout is taken whole.
    let declared = || resolved.models.iter().filter(|model| model.declared.is_some());
    let words = orm.words();
    let app =
        words.app.or_else(|| declared().map(|model| model.app.as_str()).find(|app| *app == "app"));
    let is_own = |model: &ResolvedModel| app.is_none_or(|app| model.app == app);
    let described = |model: &&ResolvedModel| {
        is_own(model) && (model.declared.is_some() || words.through == ThroughWord::Model)
    };
    let described = resolved.models.iter().filter(described);
    let relations: Map<String, Value> =
        described.map(|model| (model.name.clone(), relations(orm, resolved, model))).collect();
    let through = through(resolved, words);
    let through =
        through.into_iter().filter(|model| owner_is_own(resolved, model) && is_own(model));
    let tables = analysis
        .tables
        .tables
        .iter()
        .filter(|table| !table.external && resolved.model(&table.model).is_some_and(is_own));
    let statements = ddl(&analysis.tables, Dialect::Sqlite);
    json!({
        "orm": orm.profile().id,
        "version": orm.profile().version,
        "ok": !analysis.diagnostics.iter().any(refuses),
        "diagnostics": analysis.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
        "models": analysis.document.models.iter().map(|model| json!({
            "name": model.name.text,
            "kind": match model.kind {
                ModelKind::Concrete => "concrete",
                ModelKind::Abstract => "abstract",
                ModelKind::Proxy => "proxy",
                ModelKind::Mixin => "mixin",
            },
        })).collect::<Vec<_>>(),
        "relations": relations,
        "through_models": through.map(|model| through_model(&analysis.tables, model, words)).collect::<Vec<_>>(),
        "tables": tables.map(|table| table_json(orm, resolved, table)).collect::<Vec<_>>(),
        "ddl": statements,
    })
}

/// Whether the ORM does not get past it. What it only says later, or never, does not count.
fn refuses(diagnostic: &Diagnostic) -> bool {
    match diagnostic.stage {
        Stage::Syntax | Stage::Import | Stage::Check | Stage::Schema => {
            diagnostic.severity == Severity::Error
        }
        Stage::Use | Stage::Silent => false,
    }
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let level = match (diagnostic.severity, diagnostic.exception) {
        (Severity::Error, Some(_)) => "exception",
        (Severity::Error, None) => "error",
        (Severity::Warning, _) => "warning",
        (Severity::Advice, _) => "advice",
    };
    json!({
        "level": level,
        "stage": diagnostic.stage.word(),
        "id": diagnostic.id,
        "exception": diagnostic.exception,
        "object": diagnostic.object,
        "msg": diagnostic.message,
        "hint": diagnostic.hint,
        "rule": diagnostic.rule,
        "span": [diagnostic.span.start, diagnostic.span.end],
    })
}

/// The class name of a model: those of other apps stand under `app.Name`.
fn class_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The through models that are listed: the generated ones, and those that own a table which is named.
fn through(resolved: &Resolved, words: Words) -> Vec<&ResolvedModel> {
    let named = resolved
        .models
        .iter()
        .flat_map(|model| &model.forward)
        .filter_map(|forward| forward.through.as_ref())
        .map(|through| through.table.as_str())
        .collect::<HashSet<_>>();
    let listed = |model: &&ResolvedModel| match words.through {
        ThroughWord::Class | ThroughWord::Model => model.generated_by.is_some(),
        ThroughWord::Table => named.contains(model.table.as_str()),
    };
    resolved.models.iter().filter(listed).collect()
}

fn owner_is_own(resolved: &Resolved, model: &ResolvedModel) -> bool {
    model.declared.is_some()
        || model
            .generated_by
            .as_ref()
            .and_then(|(owner, _)| resolved.model(owner))
            .is_some_and(|owner| owner.declared.is_some())
}

fn relations(orm: &dyn Orm, resolved: &Resolved, model: &ResolvedModel) -> Value {
    let words = orm.words();
    json!({
        "forward": resolved.all_forward(model).into_iter().map(|each| forward(orm, each, words)).chain(model.generic.iter().map(generic)).collect::<Vec<_>>(),
        "reverse": resolved.all_reverse(model).into_iter().map(|each| reverse(resolved, each, words)).chain(generic_reverse(resolved, model)).collect::<Vec<_>>(),
    })
}

fn forward(orm: &dyn Orm, forward: &Forward, words: Words) -> Value {
    let through = forward.through.as_ref();
    json!({
        "field": forward.field,
        "kind": orm.relation_word(forward),
        "target": class_name(&forward.target),
        "null": forward.null,
        "column": forward.column,
        "to_field": forward.to_field,
        "on_delete": forward.on_delete,
        "through": through.filter(|_| words.through != ThroughWord::Table).map(|through| class_name(&through.model)),
        "through_table": through.map(|through| &through.table),
        "through_auto": through.map(|through| through.generated),
        "through_fields": through.map(|through| [&through.owner_field, &through.target_field]),
        "symmetrical": forward.symmetrical,
        "reverse_accessor": forward.accessor,
        "reverse_query_name": forward.query_name,
        "hidden_reverse": forward.hidden,
    })
}

/// A relation without a column. The recorded cases call one with a target a foreign key, and say nothing of one without.
fn generic(generic: &Generic) -> Value {
    json!({ "field": generic.field, "kind": generic.target.as_ref().map(|_| "fk"), "target": generic.target.as_deref().map(class_name) })
}

fn generic_reverse<'a>(
    resolved: &'a Resolved,
    model: &'a ResolvedModel,
) -> impl Iterator<Item = Value> + 'a {
    let sources = resolved.models.iter().flat_map(|source| &source.generic);
    let sources = sources.filter(|generic| generic.own_reverse);
    let family = family(resolved, model);
    let reaches = move |target: &str| {
        resolved
            .model(target)
            .is_some_and(|target| family.contains(&concrete(resolved, target).name.as_str()))
    };
    sources.filter(move |generic| generic.target.as_deref().is_some_and(&reaches)).map(|generic| {
        json!({
            "accessor": generic.accessor,
            "query_name": generic.query_name,
            "kind": "fk",
            "source": class_name(&generic.source),
            "source_field": generic.field,
            "hidden": generic.accessor.is_none(),
        })
    })
}

/// The model whose table a model uses.
fn concrete<'a>(resolved: &'a Resolved, model: &'a ResolvedModel) -> &'a ResolvedModel {
    let parent = model
        .parents
        .first()
        .filter(|_| model.proxy)
        .and_then(|parent| resolved.model(&parent.model));
    parent.map_or(model, |parent| concrete(resolved, parent))
}

/// The names of a model and all its parents.
fn family<'a>(resolved: &'a Resolved, model: &'a ResolvedModel) -> Vec<&'a str> {
    let parents = model.parents.iter().filter_map(|parent| resolved.model(&parent.model));
    std::iter::once(model.name.as_str())
        .chain(parents.flat_map(|parent| family(resolved, parent)))
        .collect()
}

fn reverse(resolved: &Resolved, reverse: &Reverse, words: Words) -> Value {
    let key = || format!("{}_id", reverse.source_field);
    let source_field = match (words.reverse_source, reverse.kind) {
        (SourceWord::Field, _) | (SourceWord::Key, RelationKind::ManyToMany) => None,
        (SourceWord::Key, RelationKind::ForeignKey | RelationKind::OneToOne) => resolved
            .model(&reverse.source)
            .and_then(|source| source.field(&reverse.source_field))
            .map(|field| field.attname.clone())
            .or_else(|| Some(key())),
    };
    json!({
        "accessor": reverse.accessor,
        "query_name": Some(&reverse.query_name).filter(|_| words.query == QueryWord::Name),
        "kind": reverse.kind.short(),
        "source": class_name(&reverse.source),
        "source_field": source_field.as_ref().unwrap_or(&reverse.source_field),
        "hidden": reverse.hidden,
    })
}

fn through_model(tables: &Tables, model: &ResolvedModel, words: Words) -> Value {
    let unique = tables.table(&model.table).is_some_and(|table| !table.uniques.is_empty())
        || !model.meta.uniques.is_empty();
    json!({
        "model": (words.through != ThroughWord::Table || model.generated_by.is_none()).then(|| class_name(&model.name)),
        "table": model.table,
        "declared_by": model.generated_by.as_ref().map(|(owner, _)| owner),
        "columns": model.fields.iter().map(|field| &field.column).collect::<Vec<_>>(),
        "fields": model.fields.iter().map(|field| &field.name).collect::<Vec<_>>(),
        "unique": unique,
    })
}

fn table_json(orm: &dyn Orm, resolved: &Resolved, table: &Table) -> Value {
    let alone = |name: &str| {
        table.uniques.iter().any(|unique| {
            unique.columns.len() == 1 && unique.columns.iter().any(|column| column == name)
        })
    };
    // SQLite lists what it computes apart from the columns that a row has.
    let (generated, stored): (Vec<_>, Vec<_>) =
        table.columns.iter().partition(|column| column.generated.is_some());
    let columns: Vec<Value> = stored
        .into_iter()
        .map(|column| {
            let key = table.primary_key.contains(&column.name);
            json!({
                "name": column.name,
                "type": orm.type_word(column),
                "null": column.null && !key,
                "primary_key": key,
                "unique": column.unique || alone(&column.name),
                "default": column.native_default.as_ref().or(column.default.as_ref()),
                "field": column.field,
            })
        })
        .collect();
    let mut groups: Vec<Vec<&String>> = table
        .uniques
        .iter()
        .filter(|unique| unique.columns.len() > 1)
        .map(|unique| unique.columns.iter().collect())
        .collect();
    groups.arrange();
    // SQLite keeps equal ones once.
    groups.dedup();
    let mut statements = orm.sqlite(table).into_iter();
    json!({
        "name": table.name,
        "model": class_name(&table.model),
        "auto_created": resolved.model(&table.model).is_some_and(|model| model.generated_by.is_some()),
        "columns": columns,
        "generated_columns": generated.into_iter().map(|column| &column.name).collect::<Vec<_>>(),
        "primary_key": table.primary_key,
        "foreign_keys": table.foreign_keys.iter().map(|key| json!({
            "column": key.column,
            "ref_table": key.ref_table,
            "ref_column": key.ref_column,
            "on_delete": key.on_delete,
            "on_update": key.on_update,
        })).collect::<Vec<_>>(),
        "left_out": table.left_out,
        "unique_together": groups,
        "indexes": table.indexes.iter().map(|index| json!({
            "name": index.name,
            "columns": index.columns.iter().map(|(column, _)| column).collect::<Vec<_>>(),
            "unique": index.unique,
            "partial": index.partial,
        })).collect::<Vec<_>>(),
        "ddl": statements.next(),
        "index_ddl": statements.collect::<Vec<_>>(),
    })
}
