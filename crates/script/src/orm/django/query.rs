//! What a query set will ask: the joins that its paths need, conditions, order, annotations.
//!
//! Follows `Query.setup_joins`, `build_filter` and `JoinPromoter` of Django 5.2.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use throughline_core::document::{ColumnType, RelationKind};

use super::raise_field_error;
use crate::Machine;
use crate::sql::Expr;
use crate::value::{Outcome, Value};
use crate::world::{Field, Model, World};

/// A query that grows.
#[derive(Clone)]
pub(super) struct Query {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
    /// The table itself, then all joins.
    pub(super) tables: Vec<Table>,
    pub(super) condition: Vec<Expr>,
    pub(super) having: Vec<Expr>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) order: Vec<super::expression::OrderItem>,
    /// Whether `order_by` was called, so that the model's own order does not count.
    pub(super) ordered: bool,
    pub(super) reversed: bool,
    pub(super) distinct: bool,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    /// No rows at all: `none()`.
    pub(super) empty: bool,
    /// Names in use before this query, of one that it stands in.
    pub(super) prefix: Option<char>,
    pub(super) group: Group,
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Group {
    /// Nothing: there are no aggregates.
    No,
    /// The rows of the model.
    Model,
    /// These expressions (`values(…).annotate(…)`).
    Values(Vec<Expr>),
}

/// A value that is computed for each row.
#[derive(Clone)]
pub(super) struct Annotation {
    pub(super) name: Rc<str>,
    pub(super) expr: Expr,
    pub(super) ty: Option<ColumnType>,
    /// The field class that Django takes it for, where that is known.
    pub(super) class: Option<Rc<str>>,
    pub(super) aggregate: bool,
    /// Whether it is only referred to: `alias()`.
    pub(super) hidden: bool,
}

/// A table of the query.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) alias: Rc<str>,
    pub(super) table: Rc<str>,
    pub(super) parent: usize,
    /// Column of the parent, column of this one.
    pub(super) on: (Rc<str>, Rc<str>),
    /// What makes it the same join again.
    pub(super) key: Rc<str>,
    pub(super) nullable: bool,
    pub(super) outer: bool,
    /// Whether anything uses it. The others are trimmed.
    pub(super) used: bool,
}

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
    /// Whether rows may lack it.
    pub(super) nullable: bool,
    /// What follows the field: transforms and the lookup.
    pub(super) rest: Vec<String>,
    /// The joins on the way that are multi-valued.
    pub(super) many: bool,
    /// Joins that were made or used.
    pub(super) joins: Vec<usize>,
}

/// Which joins may be used again.
pub(super) type Reuse = Option<FxHashSet<usize>>;

/// A join: parent column, table, its column, what makes it the same again, whether many rows, whether there may be none.
type Hop = (Rc<str>, Rc<str>, Rc<str>, String, bool, bool);

/// A step of a path.
struct Step {
    /// The model that it leads to.
    model: Rc<Model>,
    /// Joins: parent column, table, its column, key, whether many, whether nullable.
    joins: Vec<Hop>,
    /// The column on the near side that holds the target's key, where no join is needed for it.
    near: Option<(Rc<str>, Rc<str>)>,
}

impl Query {
    pub(super) fn new(world: Rc<World>, model: usize) -> Self {
        let table = world.model(model).map(|model| model.table.clone()).unwrap_or_default();
        let base = Table {
            alias: table.clone(),
            table,
            parent: 0,
            on: Default::default(),
            key: "".into(),
            nullable: false,
            outer: false,
            used: true,
        };
        Self {
            world,
            model,
            tables: vec![base],
            condition: Vec::new(),
            having: Vec::new(),
            annotations: Vec::new(),
            order: Vec::new(),
            ordered: false,
            reversed: false,
            distinct: false,
            limit: None,
            offset: 0,
            empty: false,
            prefix: None,
            group: Group::No,
        }
    }

    /// Names its tables `U0`, `U1`, …, as a query inside of another one.
    pub(super) fn renamed(mut self, prefix: char) -> Self {
        for (at, table) in self.tables.iter_mut().enumerate() {
            table.alias = format!("{prefix}{at}").into();
        }
        self.prefix = Some(prefix);
        self
    }

    pub(super) fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }

    pub(super) fn alias(&self, at: usize) -> Rc<str> {
        self.tables.get(at).map(|table| table.alias.clone()).unwrap_or_default()
    }

    pub(super) fn column(&self, at: usize, column: &str) -> Expr {
        Expr::Column(Some(self.alias(at)), column.into())
    }

    /// Marks a table, and those that lead to it, as used.
    pub(super) fn uses(&mut self, at: usize) {
        let mut at = at;
        while at != 0 {
            let Some(table) = self.tables.get_mut(at) else { return };
            table.used = true;
            at = table.parent;
        }
    }

    /// Lets rows without the joined row stay.
    pub(super) fn promote(&mut self, joins: &[usize]) {
        for at in joins {
            let above = self.tables.get(*at).is_some_and(|table| {
                table.nullable || self.tables.get(table.parent).is_some_and(|parent| parent.outer)
            });
            if let Some(table) = self.tables.get_mut(*at).filter(|_| above) {
                table.outer = true;
            }
        }
    }

    /// Follows a path as far as it names fields, and makes the joins.
    pub(super) fn path(
        &mut self,
        machine: &mut Machine,
        path: &str,
        reuse: &Reuse,
    ) -> Outcome<End> {
        let mut parts =
            path.split("__").map(str::to_owned).collect::<std::collections::VecDeque<_>>();
        let Some(mut model) = self.model() else { return Err(raise_field_error(machine, path)) };
        let (mut table, mut joins, mut many, mut nullable) = (0, Vec::new(), false, false);
        // The column that holds the key of the model that we stand at, one table before.
        let mut near: Option<(usize, Rc<str>, Rc<str>)> = None;
        loop {
            let Some(part) = parts.pop_front() else {
                // The path ends at a relation: its key.
                let (at, column, ty, to) = arrival(&model, &near, table);
                if at != table {
                    joins.retain(|join| *join != table);
                }
                return Ok(End {
                    table: at,
                    column,
                    ty,
                    relation: Some((model, to)),
                    nullable,
                    rest: Vec::new(),
                    many,
                    joins,
                });
            };
            let part = if part == "pk" {
                model.key().map_or(part.clone(), |key| key.name.to_string())
            } else {
                part
            };
            if let Some((owner, field)) = field_of(&self.world, &model, &part)
                && (!field.relation || &*field.attname == part.as_str())
            {
                let (field_name, column, ty, null) =
                    (field.name.clone(), field.column.clone(), field.ty.clone(), field.null);
                if let Some(up) = owner {
                    table = self.up(&model, &up, table, &mut joins);
                    near = None;
                }
                let (at, column) = match &near {
                    Some((at, column, to)) if *to == field_name => (*at, column.clone()),
                    _ => (table, column),
                };
                if at != table {
                    joins.retain(|join| *join != table);
                }
                let rest = parts.into_iter().collect();
                return Ok(End {
                    table: at,
                    column,
                    ty,
                    relation: None,
                    nullable: nullable || null,
                    rest,
                    many,
                    joins,
                });
            }
            let Some(step) = step(&self.world, &model, &part) else {
                if joins.is_empty() && near.is_none() || !is_lookup(&part) {
                    return Err(unknown(machine, &self.world, &model, &part));
                }
                // What follows a relation is a lookup on its key.
                parts.push_front(part);
                let (at, column, ty, to) = arrival(&model, &near, table);
                if at != table {
                    joins.retain(|join| *join != table);
                }
                return Ok(End {
                    table: at,
                    column,
                    ty,
                    relation: Some((model, to)),
                    nullable,
                    rest: parts.into_iter().collect(),
                    many,
                    joins,
                });
            };
            let mut before = table;
            for (from, to_table, to, key, is_many, is_null) in step.joins {
                before = table;
                table = self.join(table, (from, to), to_table, &key, (is_many, is_null), reuse);
                joins.push(table);
                many |= is_many;
                nullable |= is_null;
            }
            near = step.near.map(|(column, to)| (before, column, to));
            model = step.model;
        }
    }

    /// The table of a parent that a field stands in.
    fn up(
        &mut self,
        model: &Rc<Model>,
        to: &Rc<str>,
        table: usize,
        joins: &mut Vec<usize>,
    ) -> usize {
        let (mut model, mut table) = (model.clone(), table);
        while model.name != *to {
            let Some((parent, link)) = model.parents.first().cloned() else { return table };
            let Some(parent) = self.world.named(&parent).cloned() else { return table };
            if let Some(link) = link {
                let column =
                    model.field(&link).map(|field| field.column.clone()).unwrap_or_default();
                let key = parent.key().map(|key| key.column.clone()).unwrap_or_default();
                table = self.join(
                    table,
                    (column, key),
                    parent.table.clone(),
                    &format!("^{link}"),
                    (false, false),
                    &None,
                );
                joins.push(table);
            }
            model = parent;
        }
        table
    }

    fn join(
        &mut self,
        parent: usize,
        on: (Rc<str>, Rc<str>),
        table: Rc<str>,
        key: &str,
        (many, nullable): (bool, bool),
        reuse: &Reuse,
    ) -> usize {
        let same = |(at, known): &(usize, &Table)| {
            known.parent == parent
                && &*known.key == key
                && (!many || reuse.as_ref().is_none_or(|reuse| reuse.contains(at)))
        };
        // The last that was made, where there are several.
        if let Some((at, _)) = self.tables.iter().enumerate().skip(1).rfind(same) {
            return at;
        }
        let taken = self.tables.iter().any(|known| known.alias == table);
        let alias = match self.prefix {
            Some(prefix) => format!("{prefix}{}", self.tables.len()).into(),
            None if taken => format!("T{}", self.tables.len() + 1).into(),
            None => table.clone(),
        };
        let outer = self.tables.get(parent).is_some_and(|parent| parent.outer);
        self.tables.push(Table {
            alias,
            table,
            parent,
            on,
            key: key.into(),
            nullable,
            outer,
            used: false,
        });
        self.tables.len() - 1
    }
}

/// Where a path that ends at a relation is compared: the column on the near side, where that holds it, or the key itself.
fn arrival(
    model: &Model,
    near: &Option<(usize, Rc<str>, Rc<str>)>,
    table: usize,
) -> (usize, Rc<str>, ColumnType, Rc<str>) {
    if let Some((at, column, to)) = near {
        let ty = model.field(to).map_or(ColumnType::BigInt, |field| field.ty.clone());
        return (*at, column.clone(), ty, to.clone());
    }
    match model.key() {
        Some(key) => (table, key.column.clone(), key.ty.clone(), key.name.clone()),
        None => (table, "id".into(), ColumnType::BigInt, "id".into()),
    }
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
        let parent = world.named(parent)?;
        let (owner, field) = field_of(world, parent, name)?;
        Some((Some(owner.unwrap_or_else(|| parent.name.clone())), field))
    })
}

/// The model that a part of a path leads to.
pub(super) fn follow(world: &World, model: &Rc<Model>, part: &str) -> Option<Rc<Model>> {
    step(world, model, part).map(|step| step.model)
}

/// The relation that a part of a path names, forwards or backwards.
fn step(world: &World, model: &Rc<Model>, part: &str) -> Option<Step> {
    if let Some(relation) = model.relation(part) {
        let target = world.named(&relation.target)?.clone();
        if let Some(through) = &relation.through {
            return many(
                world,
                model,
                &target,
                through,
                (&through.owner_field, &through.target_field),
                part,
            );
        }
        let key = relation.key.as_ref()?;
        let to = target.field(&key.to_field)?;
        return Some(Step {
            joins: vec![(
                key.column.clone(),
                target.table.clone(),
                to.column.clone(),
                part.to_owned(),
                false,
                relation.null,
            )],
            near: Some((key.column.clone(), to.name.clone())),
            model: target.clone(),
        });
    }
    if let Some(reverse) = model.by_query_name(part) {
        let source = world.named(&reverse.source)?.clone();
        let relation = source.relation(&reverse.source_field)?;
        if let Some(through) = &relation.through {
            return many(
                world,
                model,
                &source,
                through,
                (&through.target_field, &through.owner_field),
                part,
            );
        }
        let key = relation.key.as_ref()?;
        let to = model.field(&key.to_field)?;
        let is_many = reverse.kind == RelationKind::ForeignKey;
        return Some(Step {
            joins: vec![(
                to.column.clone(),
                source.table.clone(),
                key.column.clone(),
                part.to_owned(),
                is_many,
                true,
            )],
            near: None,
            model: source.clone(),
        });
    }
    model.parents.iter().find_map(|(parent, _)| step(world, world.named(parent)?, part))
}

fn many(
    world: &World,
    from: &Rc<Model>,
    to: &Rc<Model>,
    through: &crate::world::Through,
    (near, far): (&str, &str),
    part: &str,
) -> Option<Step> {
    let model = world.named(&through.model)?;
    let (near, far) = (model.field(near)?, model.field(far)?);
    let (from_key, to_key) = (from.key()?, to.key()?);
    Some(Step {
        joins: vec![
            (
                from_key.column.clone(),
                through.table.clone(),
                near.column.clone(),
                format!("{part}+"),
                true,
                true,
            ),
            (
                far.column.clone(),
                to.table.clone(),
                to_key.column.clone(),
                part.to_owned(),
                false,
                false,
            ),
        ],
        near: Some((far.column.clone(), to_key.name.clone())),
        model: to.clone(),
    })
}

/// Names that can follow a field in a path.
pub(super) const LOOKUPS: &[&str] = &[
    "exact",
    "iexact",
    "contains",
    "icontains",
    "in",
    "gt",
    "gte",
    "lt",
    "lte",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "range",
    "date",
    "year",
    "month",
    "day",
    "week_day",
    "iso_week_day",
    "iso_year",
    "week",
    "quarter",
    "hour",
    "minute",
    "second",
    "time",
    "isnull",
    "regex",
    "iregex",
];

pub(super) fn is_lookup(name: &str) -> bool {
    LOOKUPS.contains(&name)
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
    choices.sort();
    choices.dedup();
    raise_field_error(
        machine,
        &format!("Cannot resolve keyword '{part}' into field. Choices are: {}", choices.join(", ")),
    )
}

/// What a condition compares with: an instance stands for its key.
pub(super) fn plain(world: &World, value: &Value) -> Value {
    match value {
        Value::Instance(instance) if world.model_of(&instance.class).is_some() => {
            super::instance::key_of(world, instance)
        }
        other => other.clone(),
    }
}
