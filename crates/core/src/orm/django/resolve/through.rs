//! The through models that Django generates.
//!
//! Recorded: `django/007`, `django/010`, `django/042`; source: `create_many_to_many_intermediary_model`.

use super::relations::target;
use crate::document::{ColumnType, Meta, RelationKind, Span, UniqueSpec};
use crate::orm::django::registry::{Class, Local, Registry, Relation};
use crate::resolve::{Forward, ResolvedField, ResolvedModel};

/// The name of the generated class; for one of Django's own apps with the app before it.
pub(super) fn name(owner: &Class<'_>, field: &str) -> String {
    format!("{}_{field}", super::name(owner))
}

/// The names of its two foreign keys.
pub(super) fn keys(
    registry: &Registry<'_>,
    owner: &Class<'_>,
    relation: &Relation<'_>,
) -> (String, String) {
    let from = owner.model_name.clone();
    let to = match relation.target.meant().and_then(|at| registry.class(at)) {
        Some(class) => class.model_name.clone(),
        None => {
            let (written, _) = target(registry, relation);
            written.rsplit('.').next().unwrap_or_default().to_lowercase()
        }
    };
    if from == to { (format!("from_{to}"), format!("to_{to}")) } else { (from, to) }
}

/// The model behind a many-to-many, and the classes where its two keys end; `None` where the file declares one.
pub(super) fn model(
    registry: &Registry<'_>,
    owner: &Class<'_>,
    local: &Local<'_>,
) -> Option<(ResolvedModel, [Option<usize>; 2])> {
    let relation = registry.relations.get(local.relation?)?;
    let made = registry.generated_for(relation.index).filter(|made| !made.replaced)?;
    let span = relation.spec()?.target.as_ref()?.span;
    let target_index = relation.target.meant();
    let (from, to) = keys(registry, owner, relation);
    let managed = |at: usize| registry.class(at).is_some_and(|class| !class.meta.unmanaged);
    let meta = Meta {
        uniques: vec![unique(&from, &to, span)],
        unmanaged: !(managed(owner.index) || target_index.is_some_and(managed)),
        ..Meta::default()
    };
    let (target, known) = target(registry, relation);
    let ends =
        [(from, super::name(owner), Some(owner.index), true), (to, target, target_index, known)];
    let hidden = format!("{}+", made.name);
    let id = ResolvedField {
        auto: true,
        primary_key: true,
        unique: true,
        relation: false,
        label: if owner.foreign { "Auto".into() } else { "BigAuto".into() },
        ..field("id".into(), "id".into(), String::new(), owner.id_type())
    };
    let mut fields = vec![id];
    let mut forward = Vec::new();
    for (name, target, index, known) in ends {
        let key = index.and_then(|at| super::fields::referenced(registry, at, None));
        let ty = key
            .map_or(ColumnType::BigInt, |(class, local)| super::fields::ty(registry, class, local));
        let column = format!("{name}_id");
        fields.push(field(name.clone(), column.clone(), target.clone(), ty));
        forward.push(Forward {
            field: name,
            origin: None,
            kind: RelationKind::ForeignKey,
            target,
            known,
            column: Some(column),
            to_field: key.map(|(_, local)| local.name.clone().into_owned()),
            null: false,
            on_delete: Some("CASCADE".into()),
            through: None,
            symmetrical: false,
            accessor: None,
            query_name: hidden.clone(),
            related_name: Some(hidden.clone()),
            hidden: true,
            parent_link: false,
        });
    }
    let model = ResolvedModel {
        name: name(owner, &local.name),
        declared: None,
        app: owner.app().to_owned(),
        table: made.table.clone(),
        meta,
        parents: Vec::new(),
        proxy: false,
        fields,
        forward,
        reverse: Vec::new(),
        generic: Vec::new(),
        generated_by: Some((super::name(owner), local.name.clone().into_owned())),
    };
    Some((model, [Some(owner.index), target_index]))
}

fn unique(from: &str, to: &str, span: Span) -> UniqueSpec {
    UniqueSpec {
        name: None,
        fields: vec![from.to_owned(), to.to_owned()],
        expressions: Vec::new(),
        condition: None,
        extra: Vec::new(),
        constraint: false,
        span,
    }
}

fn field(name: String, column: String, label: String, ty: ColumnType) -> ResolvedField {
    ResolvedField {
        name,
        origin: None,
        attname: column.clone(),
        column,
        ty,
        label,
        null: false,
        unique: false,
        primary_key: false,
        auto: false,
        relation: true,
    }
}
