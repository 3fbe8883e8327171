//! Paths: `author__books__title`, and the joins that they need.
//!
//! Follows `Query.names_to_path`, `setup_joins` and `trim_joins` of Django 5.2.

use std::collections::VecDeque;
use std::rc::Rc;

use throughline_core::document::{ColumnType, RelationKind};
use throughline_order::{Arrange as _, Gather as _};

use super::query::{Join, Query, Reuse};
use super::raise_field_error;
use crate::Machine;
use crate::value::Outcome;
use crate::world::{Field, Model, World};

/// Where a path ends.
pub(super) struct End {
    /// The place of the table.
    pub(super) table: usize,
    /// The column.
    pub(super) column: Rc<str>,
    /// Its type.
    pub(super) ty: ColumnType,
    /// Where the path ends at a relation: its model, and the field of it that is compared.
    pub(super) relation: Option<(Rc<Model>, Rc<str>)>,
    /// Whether the column may be NULL.
    pub(super) null: bool,
    /// What follows the field: transforms and the lookup.
    pub(super) rest: Vec<String>,
    /// Whether there may be several rows for one.
    pub(super) many: bool,
    /// The joins on the way, those that are not needed in the end among them.
    pub(super) joins: Vec<usize>,
    /// Joins that are needed.
    pub(super) needed: Vec<usize>,
    /// The first way to several rows: how many joins come before it, and the path up to there.
    pub(super) first_many: Option<(usize, String)>,
    /// What Django calls the field's class in messages.
    pub(super) class: &'static str,
}

/// One join of a step.
struct Hop {
    from: Rc<str>,
    table: Rc<str>,
    to: Rc<str>,
    key: String,
    many: bool,
    nullable: bool,
    /// Whether the near side holds the key.
    direct: bool,
}

/// A step of a path.
struct Step {
    /// The model that it leads to.
    model: Rc<Model>,
    hops: Vec<Hop>,
    /// The field of that model that the relation refers to.
    to: Rc<str>,
    class: &'static str,
}

/// A column while joins that it does not need are taken away.
struct Target {
    column: Rc<str>,
    null: bool,
}

/// A join of a path.
struct Joined {
    at: usize,
    near: Rc<str>,
    far: Rc<str>,
    /// Whether the near side holds the key, and whether that may be NULL.
    direct: bool,
    null: bool,
}

/// The joins of a path so far.
#[derive(Default)]
struct Walk {
    joins: Vec<Joined>,
    many: bool,
    first_many: Option<(usize, String)>,
}

impl Walk {
    fn table(&self) -> usize {
        self.joins.last().map_or(0, |join| join.at)
    }

    /// What can be read one table before is read there.
    fn trimmed(&self, mut target: Target) -> (Target, Vec<usize>) {
        let mut kept = self.joins.as_slice();
        while let Some((join, before)) = kept.split_last() {
            if !join.direct || join.far != target.column {
                break;
            }
            target = Target { column: join.near.clone(), null: join.null };
            kept = before;
        }
        (target, kept.iter().map(|join| join.at).gather())
    }
}

impl Query {
    /// Follows a path as far as it names fields, and makes the joins.
    pub(super) fn path(
        &mut self,
        machine: &mut Machine,
        path: &str,
        reuse: &Reuse,
    ) -> Outcome<End> {
        let mut parts = path.split("__").map(str::to_owned).collect::<VecDeque<_>>();
        let Some(mut model) = self.model() else { return Err(raise_field_error(machine, path)) };
        let mut walk = Walk::default();
        let mut so_far: Vec<String> = Vec::new();
        let mut arrived: Option<(Rc<str>, &'static str)> = None;
        while let Some(part) = parts.pop_front() {
            let part = if part == "pk" {
                model.key().map_or(part.clone(), |key| key.name.to_string())
            } else {
                part
            };
            if let Some((owner, field)) = field_of(&self.world, &model, &part)
                && (!field.relation || &*field.attname == part.as_str())
            {
                let target = Target { column: field.column.clone(), null: field.null };
                let ty = field.ty.clone();
                if let Some(up) = owner {
                    self.climb(&model, &up, &mut walk);
                }
                return Ok(self.end(walk, target, ty, parts.into_iter().gather(), None, ""));
            }
            let world = self.world.clone();
            let Some((owner, step)) = step_of(&world, &model, &part) else {
                if arrived.is_none() {
                    return Err(unknown(machine, &self.world, &model, &part));
                }
                // What follows a relation is a lookup on its key.
                parts.push_front(part);
                break;
            };
            if let Some(up) = owner {
                self.climb(&model, &up, &mut walk);
            }
            for hop in step.hops {
                if hop.many && walk.first_many.is_none() {
                    walk.first_many = Some((walk.joins.len(), so_far.join("__")));
                }
                walk.many |= hop.many;
                let again = if hop.many { reuse } else { &None };
                let on = (hop.from, hop.to);
                self.hop(&mut walk, on, hop.table, &hop.key, (hop.nullable, hop.direct), again);
            }
            arrived = Some((step.to, step.class));
            so_far.push(part);
            model = step.model;
        }
        let (to, class) = arrived.unwrap_or_else(|| ("id".into(), ""));
        let (column, ty) = match field_of(&self.world, &model, &to) {
            Some((_, field)) => (field.column.clone(), field.ty.clone()),
            None => ("id".into(), ColumnType::BigInt),
        };
        let target = Target { column, null: false };
        let rest = parts.into_iter().gather();
        Ok(self.end(walk, target, ty, rest, Some((model, to)), class))
    }

    fn end(
        &mut self,
        walk: Walk,
        target: Target,
        ty: ColumnType,
        rest: Vec<String>,
        relation: Option<(Rc<Model>, Rc<str>)>,
        class: &'static str,
    ) -> End {
        let (target, needed) = walk.trimmed(target);
        let joins: Vec<usize> = walk.joins.iter().map(|join| join.at).gather();
        self.touched.extend(&joins);
        if let Some(reuse) = &mut self.reuse {
            reuse.extend(&needed);
        }
        End {
            table: needed.last().copied().unwrap_or(0),
            column: target.column,
            ty,
            relation,
            null: target.null,
            rest,
            many: walk.many,
            joins,
            needed,
            first_many: walk.first_many,
            class,
        }
    }

    fn hop(
        &mut self,
        walk: &mut Walk,
        on: (Rc<str>, Rc<str>),
        table: Rc<str>,
        key: &str,
        (nullable, direct): (bool, bool),
        reuse: &Reuse,
    ) {
        let join = Join { parent: walk.table(), table, on: on.clone(), key: key.into(), nullable };
        let at = self.join(join, reuse);
        let (near, far) = on;
        walk.joins.push(Joined { at, near, far, direct, null: nullable });
    }

    /// The tables of parents, up to the one that a field stands in.
    fn climb(&mut self, model: &Rc<Model>, to: &str, walk: &mut Walk) {
        let world = self.world.clone();
        for up in lineage(&world, model, to).unwrap_or_default() {
            self.hop(walk, up.on, up.table, &up.key, (false, true), &None);
        }
    }

    /// The table that holds a field of the model or its parents.
    pub(super) fn table_of(&mut self, at: usize, model: &Rc<Model>, owner: &str) -> usize {
        let world = self.world.clone();
        let mut at = at;
        for up in lineage(&world, model, owner).unwrap_or_default() {
            let join = Join {
                parent: at,
                table: up.table,
                on: up.on,
                key: up.key.into(),
                nullable: false,
            };
            at = self.join(join, &None);
        }
        at
    }

    /// The join from the target to a through table, whose far side it is.
    pub(super) fn join_through(&mut self, through: &Model, key: &Rc<str>, far: &Field) -> usize {
        let join = Join {
            parent: 0,
            table: through.table.clone(),
            on: (key.clone(), far.column.clone()),
            key: backward_key(through, &far.name).into(),
            nullable: true,
        };
        let at = self.join(join, &None);
        self.demote([at]);
        self.uses(at);
        at
    }

    /// The table of a relation that a path ends at, also where its key alone needs none.
    pub(super) fn table_at(&mut self, end: &End) -> usize {
        end.joins.last().copied().unwrap_or(0)
    }
}

/// A join up to a parent: the child's column and the parent's key, the parent's table.
struct Up {
    on: (Rc<str>, Rc<str>),
    table: Rc<str>,
    key: String,
}

/// The way up from a model to one of its parents.
fn lineage(world: &World, model: &Rc<Model>, to: &str) -> Option<Vec<Up>> {
    if *model.name == *to {
        return Some(Vec::new());
    }
    model.parents.iter().find_map(|(name, link)| {
        let parent = world.named(name).filter(|parent| parent.at != model.at)?;
        let rest = lineage(world, parent, to)?;
        let join = link.as_ref().and_then(|link| {
            let field = model.field(link)?;
            let to = model.relation(&field.name).and_then(|relation| relation.key.as_ref());
            let key = to.and_then(|key| parent.field(&key.to_field)).or_else(|| parent.key())?;
            Some(Up {
                on: (field.column.clone(), key.column.clone()),
                table: parent.table.clone(),
                key: forward_key(model, &field.name),
            })
        });
        Some(join.into_iter().chain(rest).gather())
    })
}

/// What makes the join by a foreign key the same again, from the side that has it.
fn forward_key(model: &Model, field: &str) -> String {
    format!("{}.{field}>", model.table)
}

/// The same from the other side.
pub(super) fn backward_key(model: &Model, field: &str) -> String {
    format!("{}.{field}<", model.table)
}

/// A field of a model or of its parents with a table; the parent, where it is not its own.
pub(super) fn field_of<'a>(
    world: &'a World,
    model: &'a Rc<Model>,
    name: &str,
) -> Option<(Option<Rc<str>>, &'a Field)> {
    if let Some(field) = model.field(name) {
        return Some((None, field));
    }
    model.parents.iter().find_map(|(parent, _)| {
        let parent = world.named(parent).filter(|parent| parent.at != model.at)?;
        let (owner, field) = field_of(world, parent, name)?;
        Some((Some(owner.unwrap_or_else(|| parent.name.clone())), field))
    })
}

/// The model that a part of a path leads to.
pub(super) fn follow(world: &World, model: &Rc<Model>, part: &str) -> Option<Rc<Model>> {
    step_of(world, model, part).map(|(_, step)| step.model)
}

/// The relation that a part of a path names, and the parent that has it, where that is not the model itself.
fn step_of(world: &World, model: &Rc<Model>, part: &str) -> Option<(Option<Rc<str>>, Step)> {
    if let Some(found) = step(world, model, part) {
        return Some((None, found));
    }
    model.parents.iter().find_map(|(parent, _)| {
        let parent = world.named(parent).filter(|parent| parent.at != model.at)?;
        let (owner, found) = step_of(world, parent, part)?;
        Some((Some(owner.unwrap_or_else(|| parent.name.clone())), found))
    })
}

fn step(world: &World, model: &Rc<Model>, part: &str) -> Option<Step> {
    if let Some(relation) = model.relation(part) {
        let target = world.named(&relation.target)?.clone();
        if let Some(through) = &relation.through {
            let sides = (&*through.owner_field, &*through.target_field);
            return many(world, (model, &target), through, sides);
        }
        let key = relation.key.as_ref()?;
        let (owner, to) = field_of(world, &target, &key.to_field)?;
        // A key of a parent's is the child's own link to it.
        let to = match owner {
            Some(_) => target.key()?,
            None => to,
        };
        let one = relation.kind == RelationKind::OneToOne;
        return Some(Step {
            hops: vec![Hop {
                from: key.column.clone(),
                table: target.table.clone(),
                to: to.column.clone(),
                key: forward_key(model, part),
                many: false,
                nullable: relation.null,
                direct: true,
            }],
            to: to.name.clone(),
            class: if one { "OneToOneField" } else { "ForeignKey" },
            model: target.clone(),
        });
    }
    let reverse = model.by_query_name(part)?;
    let source = world.named(&reverse.source)?.clone();
    let relation = source.relation(&reverse.source_field)?;
    if let Some(through) = &relation.through {
        let sides = (&*through.target_field, &*through.owner_field);
        return many(world, (model, &source), through, sides);
    }
    let key = relation.key.as_ref()?;
    let to = model.field(&key.to_field)?;
    let is_many = reverse.kind == RelationKind::ForeignKey;
    Some(Step {
        hops: vec![Hop {
            from: to.column.clone(),
            table: source.table.clone(),
            to: key.column.clone(),
            key: backward_key(&source, &relation.name),
            many: is_many,
            nullable: true,
            direct: false,
        }],
        to: source.key()?.name.clone(),
        class: if is_many { "ManyToOneRel" } else { "OneToOneRel" },
        model: source.clone(),
    })
}

fn many(
    world: &World,
    (from, to): (&Rc<Model>, &Rc<Model>),
    through: &crate::world::Through,
    (near, far): (&str, &str),
) -> Option<Step> {
    let model = world.named(&through.model)?;
    let from_key = referred(model, near, from)?;
    let to_key = referred(model, far, to)?;
    let (near, far) = (model.field(near)?, model.field(far)?);
    Some(Step {
        hops: vec![
            Hop {
                from: from_key.column.clone(),
                table: through.table.clone(),
                to: near.column.clone(),
                key: backward_key(model, &near.name),
                many: true,
                nullable: true,
                direct: false,
            },
            Hop {
                from: far.column.clone(),
                table: to.table.clone(),
                to: to_key.column.clone(),
                key: forward_key(model, &far.name),
                many: false,
                nullable: false,
                direct: true,
            },
        ],
        to: to_key.name.clone(),
        class: "ForeignKey",
        model: to.clone(),
    })
}

/// The field that a foreign key of a through model refers to.
pub(super) fn referred<'m>(through: &Model, field: &str, to: &'m Model) -> Option<&'m Field> {
    let key = through.relation(field).and_then(|relation| relation.key.as_ref());
    key.and_then(|key| to.field(&key.to_field)).or_else(|| to.key())
}

/// `Cannot resolve keyword 'x' into field. Choices are: …`
pub(super) fn unknown(
    machine: &mut Machine,
    world: &World,
    model: &Rc<Model>,
    part: &str,
) -> Box<crate::Raised> {
    let mut choices: Vec<String> = Vec::new();
    let parents = world.ancestors(model);
    let lineage = || parents.iter().map(|parent| &**parent).chain([&**model]);
    for field in lineage().flat_map(|model| &model.fields) {
        choices.push(field.name.to_string());
        if field.attname != field.name {
            choices.push(field.attname.to_string());
        }
    }
    choices.extend(
        lineage()
            .flat_map(|model| &model.relations)
            .filter(|relation| relation.through.is_some())
            .map(|relation| relation.name.to_string()),
    );
    choices.extend(
        // The way down from a parent to this child is none of its names.
        parents
            .iter()
            .flat_map(|parent| parent.reverse.iter().filter(|reverse| !reverse.parent_link))
            .chain(&model.reverse)
            .filter(|reverse| !reverse.hidden)
            .map(|reverse| reverse.query_name.to_string()),
    );
    choices.arrange();
    choices.dedup();
    raise_field_error(
        machine,
        &format!("Cannot resolve keyword '{part}' into field. Choices are: {}", choices.join(", ")),
    )
}
