//! Stage 2 for ormar: the classes as they are when the file is imported.

use super::world::{FieldForm, FieldState, Ref, World};
use crate::document::{ColumnType, Field, FieldKind, Meta, RelationKind};
use crate::resolve::{Forward, Parent, Resolved, ResolvedField, ResolvedModel, Reverse, Through};

/// Runs the stage.
pub(super) fn resolve(world: &World<'_>) -> Resolved {
    let of = |generated: bool| {
        let is = move |class: usize| {
            world.class(class).is_some_and(|class| class.declared.is_none() == generated)
        };
        (0..world.classes.len())
            .filter(move |class| is(*class))
            .filter_map(move |class| model(world, class))
    };
    Resolved::new(of(false).chain(of(true)).collect())
}

/// A class that has a table, its own or another's.
fn model(world: &World<'_>, id: usize) -> Option<ResolvedModel> {
    let class = world.class(id)?;
    let config = world.config(id).filter(|config| !config.is_abstract)?;
    let declared = class.declared.and_then(|at| world.document.models.get(at));
    let generated_by = class.generated_by.and_then(|field| {
        let field = world.field(field)?;
        let owner = concrete(world, field.owner?)?;
        Some((world.name(owner).to_owned(), field.name.to_string()))
    });
    let removed =
        config.table.and_then(|table| world.tables.get(table)).is_some_and(|table| table.removed);
    let mut model = ResolvedModel {
        name: class.name.to_string(),
        declared: class.declared,
        app: String::new(),
        table: config.tablename.as_deref().unwrap_or_default().to_owned(),
        meta: declared.map_or_else(Meta::default, |model| model.meta.clone()),
        parents: Vec::new(),
        proxy: class.proxy,
        fields: Vec::with_capacity(declared.map_or(3, |model| model.fields.len() + 1)),
        forward: Vec::new(),
        reverse: Vec::new(),
        generic: Vec::new(),
        generated_by,
    };
    if class.proxy {
        let parent = class.bases.iter().find(|base| world.config(**base).is_some());
        model
            .parents
            .extend(parent.map(|base| Parent { model: world.name(*base).to_owned(), link: None }));
    }
    // What a proxy has is its parent's.
    if class.proxy && !model.parents.is_empty() {
        return Some(model);
    }
    for (name, field) in config.fields.iter() {
        let Some(state) = world.field(field) else { continue };
        match (state.form, state.is_virtual) {
            (FieldForm::Through, _) => {}
            (_, true) => model.reverse.extend(reverse(world, name, state)),
            (FieldForm::Plain, false) => {
                model.fields.push(plain(name, state, config.pkname.as_deref()))
            }
            (FieldForm::ForeignKey, false) => {
                model.fields.push(plain(name, state, config.pkname.as_deref()));
                model.forward.push(forward(world, name, field, state));
            }
            (FieldForm::ManyToMany, false) => {
                model.forward.push(forward(world, name, field, state))
            }
        }
    }
    // The columns of a through model that has made way for its children's are not in any table.
    if removed && class.declared.is_none() {
        model.fields.clear();
    }
    Some(model)
}

/// The class itself; for an abstract one the first that derives from it and is not.
fn concrete(world: &World<'_>, class: usize) -> Option<usize> {
    if world.config(class).is_some_and(|config| !config.is_abstract) {
        return Some(class);
    }
    (0..world.classes.len()).find(|child| {
        world.ancestors(*child).contains(&class)
            && world.config(*child).is_some_and(|config| !config.is_abstract)
    })
}

fn plain(name: &str, state: &FieldState<'_>, key: Option<&str>) -> ResolvedField {
    let relation = state.form == FieldForm::ForeignKey;
    let target = state.declared.and_then(Field::relation).and_then(|spec| spec.target.as_ref());
    let label = match (relation, state.declared) {
        (true, _) => target.map_or_else(String::new, |target| target.text.clone()),
        (false, Some(field)) => label(field),
        (false, None) => "Integer".to_owned(),
    };
    let primary_key = key == Some(name);
    ResolvedField {
        name: name.to_owned(),
        origin: state.origin,
        attname: name.to_owned(),
        column: state.column().to_owned(),
        ty: state.ty.clone().unwrap_or_else(|| ColumnType::Unknown(String::new())),
        label,
        null: state.sql_nullable && !primary_key,
        unique: state.unique || primary_key,
        primary_key,
        auto: state.auto && primary_key,
        relation,
    }
}

/// What a diagram writes as the type of a plain field: `String(100)`, `Decimal(8,2)`, `Date`.
fn label(field: &Field) -> String {
    let class = &field.class.text;
    let FieldKind::Column(column) = &field.kind else { return class.clone() };
    match (&column.ty, class.as_str()) {
        (ColumnType::Varchar(Some(length)), "String") => format!("{class}({length})"),
        (ColumnType::Decimal(Some((digits, places))), _) => format!("{class}({digits},{places})"),
        _ => class.clone(),
    }
}

fn forward(world: &World<'_>, name: &str, id: usize, state: &FieldState<'_>) -> Forward {
    let target = match &state.to {
        Ref::Class(target) => world.name(*target).to_owned(),
        Ref::Forward(name) | Ref::Late(name) => (*name).to_owned(),
        Ref::Absent => state
            .declared
            .and_then(Field::relation)
            .and_then(|spec| spec.target.as_ref())
            .map_or_else(String::new, |target| target.text.clone()),
    };
    let many = state.form == FieldForm::ManyToMany;
    let reverse_name = world.related_name(id).unwrap_or_default().into_owned();
    let registered = world.registered(state, &reverse_name).is_some();
    let accessor = (registered && !state.skip_reverse).then(|| reverse_name.clone());
    let key = if let Ref::Class(target) = state.to { world.key_of(target) } else { None };
    Forward {
        field: name.to_owned(),
        origin: state.origin,
        kind: if many { RelationKind::ManyToMany } else { RelationKind::ForeignKey },
        known: matches!(state.to, Ref::Class(_)) || world.document.model(&target).is_some(),
        target,
        column: (!many).then(|| state.column().to_owned()),
        to_field: key.filter(|_| !many).map(|key| key.name.to_string()),
        null: if many { state.nullable } else { state.sql_nullable },
        on_delete: state.on_delete.map(|action| action.replace(' ', "_")),
        through: if many { through(world, id, state) } else { None },
        symmetrical: false,
        hidden: accessor.is_none(),
        accessor,
        query_name: reverse_name,
        related_name: state.related_name.as_deref().map(str::to_owned),
        parent_link: false,
    }
}

fn through(world: &World<'_>, id: usize, state: &FieldState<'_>) -> Option<Through> {
    let Ref::Class(model) = state.through else {
        let written = state.declared.and_then(Field::relation)?.through.as_ref()?;
        return Some(Through {
            model: written.text.clone(),
            table: String::new(),
            generated: false,
            owner_field: None,
            target_field: None,
        });
    };
    let (owner_field, target_field) = world.through_names(id).unzip();
    Some(Through {
        model: world.name(model).to_owned(),
        table: world
            .config(model)
            .and_then(|config| config.tablename.as_deref())
            .unwrap_or_default()
            .to_owned(),
        generated: world.class(model).is_some_and(|class| class.declared.is_none()),
        owner_field: owner_field.map(std::borrow::Cow::into_owned),
        target_field: target_field.map(std::borrow::Cow::into_owned),
    })
}

fn reverse(world: &World<'_>, name: &str, state: &FieldState<'_>) -> Option<Reverse> {
    let Ref::Class(source) = state.to else { return None };
    let many = state.form == FieldForm::ManyToMany;
    Some(Reverse {
        accessor: (!state.skip_field).then(|| name.to_owned()),
        query_name: name.to_owned(),
        kind: if many { RelationKind::ManyToMany } else { RelationKind::ForeignKey },
        source: world.name(source).to_owned(),
        source_field: state.related_name.as_deref().unwrap_or_default().to_owned(),
        origin: state.origin,
        hidden: state.skip_field,
        parent_link: false,
    })
}
