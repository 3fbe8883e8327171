//! Relations: targets, columns, and the names on both sides.
//!
//! Recorded: `django/001` to `013`, `022`, `039`, `041`, `070`; source: `django/db/models/fields/related.py` and
//! `reverse_related.py` of 5.2.

use rustc_hash::FxHashMap;

use super::names;
use super::registry::{Class, World};
use super::slots::{Slot, Source};
use super::through;
use crate::document::{ColumnType, FieldKind, Meta, Name, RelationKind, TargetForm};
use crate::resolve::{
    Forward, Generic, Parent, Resolved, ResolvedField, ResolvedModel, Reverse, Through,
};

/// Builds the result from the finished classes.
pub(super) fn resolve(mut world: World<'_>) -> Resolved {
    let (ids, mut models) = build(&world);
    // The options are moved: they may be long.
    for (id, model) in ids.iter().zip(&mut models) {
        if let Some(class) = world.classes.get_mut(*id) {
            let primary_key = class.composite();
            model.meta = Meta { primary_key, ..std::mem::take(&mut class.meta) };
        }
    }
    // The user's own models first, then the through models, then those of Django's own apps.
    models.sort_by_key(|model| match (model.declared, &model.generated_by) {
        (Some(_), _) => 0,
        (None, Some(_)) if model.app == super::registry::APP => 1,
        (None, _) => 2,
    });
    Resolved::new(models)
}

/// The models, each with the class that it comes from.
fn build(world: &World<'_>) -> (Vec<usize>, Vec<ResolvedModel>) {
    let generated: FxHashMap<(usize, &str), usize> = world
        .classes
        .iter()
        .enumerate()
        .filter_map(|(id, class)| {
            class.generated_by.as_ref().map(|(owner, field)| ((*owner, field.as_str()), id))
        })
        .collect();
    let resolver = Resolver { world, generated };
    let mut models = Vec::with_capacity(world.classes.len());
    let mut reverse: FxHashMap<usize, Vec<Reverse>> = FxHashMap::default();
    let mut ids = Vec::with_capacity(world.classes.len());
    for (id, class) in world.classes.iter().enumerate() {
        if class.is_abstract || !world.is_current(id, class) {
            continue;
        }
        let model = resolver.model(id, class);
        for (forward, target) in &model.1 {
            if let Some(target) = target.and_then(|target| world.classes.get(target)) {
                reverse.entry(target.concrete).or_default().push(backwards(class, forward));
            }
        }
        ids.push(id);
        models.push(model.0);
    }
    for (id, model) in ids.iter().zip(&mut models) {
        model.reverse = reverse.remove(id).unwrap_or_default();
    }
    (ids, models)
}

fn backwards(source: &Class<'_>, forward: &Forward) -> Reverse {
    Reverse {
        accessor: forward.accessor.clone(),
        query_name: forward.query_name.clone(),
        kind: forward.kind,
        source: source.name.clone(),
        source_field: forward.field.clone(),
        origin: forward.origin,
        hidden: forward.hidden,
        parent_link: forward.parent_link,
    }
}

struct Resolver<'w, 'a> {
    world: &'w World<'a>,
    /// Generated through models by owner and field.
    generated: FxHashMap<(usize, &'w str), usize>,
}

/// What a slot says about its relation, whatever its source.
#[derive(Clone, Copy)]
struct Facts<'s> {
    kind: RelationKind,
    target: Option<usize>,
    written: &'s str,
    related_name: Option<&'s str>,
    related_query_name: Option<&'s str>,
    on_delete: Option<&'s str>,
    to_field: Option<&'s str>,
    symmetrical: bool,
    parent_link: bool,
}

impl Resolver<'_, '_> {
    fn generic(&self, id: usize, class: &Class<'_>, slot: &Slot<'_>) -> Option<Generic> {
        super::generic::resolve(self.world, id, class, slot)
    }

    fn class(&self, id: usize) -> Option<&Class<'_>> {
        self.world.classes.get(id)
    }

    fn model(
        &self,
        id: usize,
        class: &Class<'_>,
    ) -> (ResolvedModel, Vec<(Forward, Option<usize>)>) {
        let composite = class.composite().unwrap_or_default();
        let in_key = |field: &ResolvedField| {
            composite.iter().any(|name| name.text == field.name || name.text == field.attname)
        };
        let fields: Vec<ResolvedField> = class
            .fields
            .iter()
            .map(|slot| {
                let field = self.field(slot);
                ResolvedField { primary_key: field.primary_key || in_key(&field), ..field }
            })
            .collect();
        let single = class
            .fields
            .iter()
            .zip(&fields)
            .filter_map(|(slot, field)| self.relation(id, class, slot, Some(field)));
        let many = class.many.iter().filter_map(|slot| self.relation(id, class, slot, None));
        let relations: Vec<(Forward, Option<usize>)> = single.chain(many).collect();
        let name_of =
            |id: usize| self.class(id).map(|class| class.name.clone()).unwrap_or_default();
        let model = ResolvedModel {
            name: class.name.clone(),
            declared: class.declared,
            app: class.app.clone(),
            table: class.table.clone(),
            meta: Meta::default(),
            parents: class
                .parents
                .iter()
                .map(|(parent, link)| Parent { model: name_of(*parent), link: link.clone() })
                .collect(),
            proxy: class.proxy,
            fields,
            forward: relations.iter().map(|(forward, _)| forward.clone()).collect(),
            reverse: Vec::new(),
            generic: class
                .private
                .iter()
                .filter_map(|slot| self.generic(id, class, slot))
                .collect(),
            generated_by: class
                .generated_by
                .as_ref()
                .map(|(owner, field)| (name_of(*owner), field.clone())),
        };
        (model, relations)
    }

    fn field(&self, slot: &Slot<'_>) -> ResolvedField {
        let declared = slot.field();
        let relation = facts(slot);
        let attname =
            if relation.is_some() { format!("{}_id", slot.name) } else { slot.name.clone() };
        let column = declared
            .and_then(|field| field.column.as_ref())
            .map_or_else(|| attname.clone(), |column| column.text.clone());
        let one_to_one =
            relation.as_ref().is_some_and(|facts| facts.kind == RelationKind::OneToOne);
        let label = match (&relation, declared) {
            (Some(facts), _) => facts
                .target
                .and_then(|id| self.class(id))
                .map_or_else(|| facts.written.to_owned(), |class| class.name.clone()),
            (None, Some(field)) => names::label(field),
            (None, None) => match slot.source {
                Source::Id(ColumnType::BigInt) => "BigAuto".into(),
                Source::Id(_) => "Auto".into(),
                Source::Order
                | Source::Declared(..)
                | Source::ParentLink(_)
                | Source::ThroughKey(_) => "Integer".into(),
            },
        };
        ResolvedField {
            name: slot.name.clone(),
            origin: if let Source::Declared(_, origin) = slot.source { origin } else { None },
            attname,
            column,
            ty: self.column_type(slot, 0),
            label,
            null: declared.is_some_and(|field| field.null),
            unique: slot.primary_key || one_to_one || declared.is_some_and(|field| field.unique),
            primary_key: slot.primary_key,
            auto: match &slot.source {
                Source::Id(_) => true,
                Source::Declared(field, _) => {
                    matches!(&field.kind, FieldKind::Column(column) if column.auto)
                }
                Source::ParentLink(_) | Source::Order | Source::ThroughKey(_) => false,
            },
            relation: relation.is_some(),
        }
    }

    /// A relation's column has the type of the field that it references.
    fn column_type(&self, slot: &Slot<'_>, depth: usize) -> ColumnType {
        match &slot.source {
            Source::Id(ty) => ty.clone(),
            Source::Order => ColumnType::Integer,
            Source::Declared(field, _) if field.relation().is_none() => match &field.kind {
                FieldKind::Column(column) => column.ty.clone(),
                FieldKind::Relation(_) | FieldKind::Virtual => {
                    ColumnType::Unknown(field.class.text.clone())
                }
            },
            Source::Declared(..) | Source::ParentLink(_) | Source::ThroughKey(_) => {
                let fallback = || ColumnType::BigInt;
                let Some(facts) = facts(slot) else { return fallback() };
                let Some(target) = facts.target.and_then(|target| self.class(target)) else {
                    return fallback();
                };
                let concrete = target.concrete;
                let referenced = self.referenced(concrete, facts.to_field);
                match referenced {
                    Some(referenced) if depth < 32 => self.column_type(referenced, depth + 1),
                    _ => fallback(),
                }
            }
        }
    }

    /// The field of a class that a key references: the named one, or its primary key.
    fn referenced(&self, id: usize, to_field: Option<&str>) -> Option<&Slot<'_>> {
        let fields = &self.class(id)?.fields;
        let named = to_field.and_then(|name| fields.iter().find(|slot| slot.name == name));
        named.or_else(|| fields.iter().find(|slot| slot.primary_key))
    }

    fn relation(
        &self,
        id: usize,
        class: &Class<'_>,
        slot: &Slot<'_>,
        field: Option<&ResolvedField>,
    ) -> Option<(Forward, Option<usize>)> {
        let facts = facts(slot)?;
        let target = facts.target.and_then(|target| self.class(target));
        let many = facts.kind == RelationKind::ManyToMany;
        let related_name = related_name(class, slot, &facts);
        let hidden = related_name.as_deref().is_some_and(|name| name.ends_with('+'));
        let query = facts.related_query_name.map(|text| {
            names::percent(
                text,
                &[("class", &class.model_name), ("app_label", &names::lower(&class.app))],
            )
        });
        let query_name =
            query.or_else(|| related_name.clone()).unwrap_or_else(|| class.model_name.clone());
        let to_itself = facts.target == Some(id);
        let accessor = match (&related_name, facts.kind) {
            _ if hidden || (facts.symmetrical && to_itself) => None,
            (Some(name), _) => Some(name.clone()),
            (None, RelationKind::OneToOne) => Some(class.model_name.clone()),
            (None, RelationKind::ForeignKey | RelationKind::ManyToMany) => {
                Some(format!("{}_set", class.model_name))
            }
        };
        let to_field = facts.to_field.map(str::to_owned).or_else(|| {
            let concrete = target?.concrete;
            self.referenced(concrete, None).map(|slot| slot.name.clone())
        });
        let forward = Forward {
            field: slot.name.clone(),
            origin: if let Source::Declared(_, origin) = slot.source { origin } else { None },
            kind: facts.kind,
            target: target.map_or_else(|| facts.written.to_owned(), |target| target.name.clone()),
            known: target.is_some(),
            column: field.map(|field| field.column.clone()),
            to_field: if many { None } else { to_field },
            null: slot.field().is_some_and(|field| field.null),
            on_delete: facts.on_delete.map(str::to_owned),
            through: if many { self.through(id, slot, facts.target) } else { None },
            symmetrical: facts.symmetrical,
            accessor,
            query_name,
            related_name,
            hidden,
            parent_link: facts.parent_link,
        };
        Some((forward, facts.target))
    }

    fn through(&self, owner: usize, slot: &Slot<'_>, target: Option<usize>) -> Option<Through> {
        let spec = slot.spec()?;
        let (id, written, generated) = match &spec.through {
            Some(named) => (self.world.target(named, owner), named.text.clone(), false),
            None => {
                let name = self
                    .class(owner)
                    .map(|class| through::name(class, &slot.name))
                    .unwrap_or_default();
                (self.generated.get(&(owner, slot.name.as_str())).copied(), name, true)
            }
        };
        let Some((id, through)) = id.and_then(|id| Some((id, self.class(id)?))) else {
            return Some(Through {
                model: written,
                table: String::new(),
                generated,
                owner_field: None,
                target_field: None,
            });
        };
        let named = spec.through_fields.as_ref().map(|(names, _)| names.as_slice());
        let keys: Vec<(&str, usize)> = self.keys(id);
        let is_named = |at: usize, name: &str| {
            named.is_none_or(|names| names.get(at).is_some_and(|wanted| wanted == name))
        };
        let owner_field = keys.iter().find(|(name, to)| *to == owner && is_named(0, name));
        // A relation of a model with itself takes the second key, where no one says which.
        let skip = usize::from(named.is_none() && target == Some(owner));
        let target_field =
            keys.iter().filter(|(name, to)| Some(*to) == target && is_named(1, name)).nth(skip);
        Some(Through {
            model: through.name.clone(),
            table: through.table.clone(),
            generated,
            owner_field: owner_field.map(|(name, _)| (*name).to_owned()),
            target_field: target_field.map(|(name, _)| (*name).to_owned()),
        })
    }

    /// The keys of a class and of its parents with a table, with the classes that they point at.
    fn keys(&self, id: usize) -> Vec<(&str, usize)> {
        let mut out = Vec::new();
        let Some(class) = self.class(id) else { return out };
        for (parent, _) in class.parents.iter().filter(|(parent, _)| *parent != id) {
            out.extend(self.keys(*parent));
        }
        out.extend(class.fields.iter().filter_map(|slot| Some((slot.name.as_str(), slot.target?))));
        out
    }
}

fn facts<'s>(slot: &'s Slot<'_>) -> Option<Facts<'s>> {
    let added = |kind| Facts {
        kind,
        target: slot.target,
        written: "",
        related_name: None,
        related_query_name: None,
        on_delete: Some("CASCADE"),
        to_field: None,
        symmetrical: false,
        parent_link: false,
    };
    match &slot.source {
        Source::Id(_) | Source::Order => None,
        Source::ParentLink(_) => Some(Facts { parent_link: true, ..added(RelationKind::OneToOne) }),
        Source::ThroughKey(key) => Some(Facts {
            written: key.written,
            related_name: Some(&key.related_name),
            ..added(RelationKind::ForeignKey)
        }),
        Source::Declared(field, _) => {
            let spec = field.relation()?;
            let itself =
                spec.target.as_ref().is_some_and(|target| target.form == TargetForm::Itself);
            let given = |name: &'s Option<Name>| {
                name.as_ref().map(|name| name.text.as_str()).filter(|name| !name.is_empty())
            };
            Some(Facts {
                kind: spec.kind,
                target: slot.target,
                written: spec
                    .target
                    .as_ref()
                    .map(|target| target.text.as_str())
                    .unwrap_or_default(),
                related_name: given(&spec.related_name),
                related_query_name: given(&spec.related_query_name),
                on_delete: given(&spec.on_delete),
                to_field: given(&spec.to_field),
                symmetrical: spec.kind == RelationKind::ManyToMany
                    && spec.symmetrical.unwrap_or(itself),
                parent_link: spec.parent_link && spec.kind != RelationKind::ManyToMany,
            })
        }
    }
}

/// The declared reverse name with its placeholders filled in, or what Django puts in its place.
fn related_name(class: &Class<'_>, slot: &Slot<'_>, facts: &Facts<'_>) -> Option<String> {
    let spec = slot.spec();
    if facts.kind == RelationKind::ManyToMany {
        let own_name = spec.and_then(|spec| spec.target.as_ref()).is_some_and(|target| {
            target.form == TargetForm::Itself
                || (target.form == TargetForm::Text && target.text == class.object_name)
        });
        if facts.symmetrical && own_name {
            return Some(format!("{}_rel_+", slot.name));
        }
        if facts.related_name.is_some_and(|name| name.ends_with('+')) {
            return Some(format!("_{}_{}_{}_+", class.app, class.model_name, slot.name));
        }
    }
    let default = class.meta.default_related_name.as_ref().map(|name| name.text.as_str());
    let app = names::lower(&class.app);
    let values = [
        ("class", class.model_name.as_str()),
        ("model_name", class.model_name.as_str()),
        ("app_label", app.as_str()),
    ];
    facts.related_name.or(default).map(|text| names::percent(text, &values))
}
