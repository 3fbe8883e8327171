//! Query sets: what they will ask.

use std::any::Any;
use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::clause::{Clause, Target, action, group, join, target};
use super::exceptions::raise as raise_own;
use super::link::link;
use super::methods;
use crate::Machine;
use crate::eval::raise;
use crate::orm::names::Names;
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::World;

/// A query set. Every method gives a new one.
#[derive(Clone)]
pub(super) struct QuerySet {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
    pub(super) filters: Vec<Clause>,
    pub(super) excludes: Vec<Clause>,
    pub(super) related: Vec<String>,
    pub(super) prefetch: Vec<String>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    /// Whether the limit counts rows of the joins.
    pub(super) raw: bool,
    pub(super) columns: Vec<Chosen>,
    pub(super) orders: Vec<Order>,
    /// The model whose relation's list it belongs to.
    pub(super) source: Option<usize>,
    /// Relations of which `model_dump` shows the keys alone.
    pub(super) flat: Option<Names>,
    /// Whether it goes by its order backwards, and gives what it found the other way round: `queryset[-3:]`.
    pub(super) reversed: bool,
}

/// A column that `fields` or `exclude_fields` names.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) table: (String, bool),
    pub(super) field: String,
    pub(super) kind: Choice,
}

/// What is said of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Include,
    Exclude,
    /// Something beyond a relation is included, so that nothing else of this table is.
    Beyond,
}

const NULLS_FIRST: &str = "nulls first";
const NULLS_LAST: &str = "nulls last";

/// An item of the order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) target: Target,
    pub(super) descending: bool,
    /// Whether it orders the rows of the model itself.
    pub(super) own: bool,
    /// Where NULLs go, if that is said.
    pub(super) nulls: &'static str,
}

impl Order {
    pub(super) fn flipped(&self) -> Self {
        let nulls = match self.nulls {
            NULLS_FIRST => NULLS_LAST,
            NULLS_LAST => NULLS_FIRST,
            other => other,
        };
        Self { descending: !self.descending, nulls, ..self.clone() }
    }
}

impl QuerySet {
    pub(super) fn new(world: Rc<World>, model: usize) -> Self {
        Self {
            world,
            model,
            filters: Vec::new(),
            excludes: Vec::new(),
            related: Vec::new(),
            prefetch: Vec::new(),
            limit: None,
            offset: None,
            raw: false,
            columns: Vec::new(),
            orders: Vec::new(),
            source: None,
            flat: None,
            reversed: false,
        }
    }

    /// `filter(*groups, **conditions)`
    pub(super) fn filter(&self, machine: &mut Machine, args: Args) -> Outcome<Self> {
        let mut set = self.clone();
        let (conditions, related) = self.conditions(machine, args)?;
        set.filters = conditions;
        set.related = related;
        Ok(set)
    }

    /// `exclude(…)`. What was filtered before is negated with it, as ormar does.
    pub(super) fn exclude(&self, machine: &mut Machine, args: Args) -> Outcome<Self> {
        let mut set = self.clone();
        let (conditions, related) = self.conditions(machine, args)?;
        set.excludes = conditions;
        set.related = related;
        Ok(set)
    }

    fn conditions(&self, machine: &mut Machine, args: Args) -> Outcome<(Vec<Clause>, Vec<String>)> {
        let mut related = self.related.clone();
        let mut groups = Vec::new();
        for value in &args.positional {
            let Some(group) = group(value) else {
                return Err(raise_own(
                    machine,
                    "QueryDefinitionError",
                    "Only ormar.and_ and ormar.or_ can be passed as filter positional arguments,other values need to be passed bykeyword arguments",
                ));
            };
            // Each group starts from the relations of the query set: those of the last one stay.
            related.clone_from(&self.related);
            groups.push(group.resolve(machine, &self.world, self.model, &mut related)?);
        }
        let mut all = self.filters.clone();
        for (key, value) in &args.keywords {
            let action = action(machine, &self.world, self.model, key, value)?;
            join(&mut related, &action.target);
            all.push(Clause::One(action));
        }
        all.extend(groups);
        Ok((all, related))
    }

    /// An item of `order_by`.
    pub(super) fn order(&self, text: &str) -> Outcome<Order> {
        let (text, nulls) = match text.split_once(' ') {
            Some((path, NULLS_FIRST)) => (path, NULLS_FIRST),
            Some((path, _)) => (path, NULLS_LAST),
            None => (text, ""),
        };
        let (descending, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let parts: Vec<&str> = text.split("__").gather();
        let mut target = target(&self.world, self.model, &parts)?;
        let model = self.world.model(target.model);
        if target.field == "pk"
            && let Some(key) = model.and_then(|model| model.key())
        {
            target.field = key.name.to_string();
        }
        // A relation to the model itself counts as the model: ormar looks no closer.
        let own = target.model == self.model && !target.path.contains("__");
        Ok(Order { target, descending, own, nulls })
    }

    pub(super) fn order_by(&self, machine: &mut Machine, args: &Args) -> Outcome<Self> {
        let mut set = self.clone();
        for text in texts(machine, args)? {
            let order = self.order(&text)?;
            let known = set.orders.iter().any(|known| {
                known.descending == order.descending
                    && known.target.table() == order.target.table()
                    && known.target.field == order.target.field
            });
            if !known {
                set.orders.push(order);
            }
        }
        Ok(set)
    }

    /// `fields` and `exclude_fields`
    pub(super) fn choose(
        &self,
        machine: &mut Machine,
        given: &Value,
        kind: Choice,
    ) -> Outcome<Self> {
        let mut names = Vec::new();
        gather(machine, "", given, &mut names)?;
        let mut set = self.clone();
        for name in names {
            let parts: Vec<&str> = name.split("__").gather();
            let target = target(&self.world, self.model, &parts)?;
            if kind == Choice::Include && parts.len() > 1 {
                let mut way = parts.clone();
                way.pop();
                while let Some(last) = way.pop() {
                    let mut through = way.clone();
                    through.push(last);
                    let above = super::clause::target(&self.world, self.model, &through)?;
                    set.columns.push(Chosen {
                        table: Target { stray: false, ..above }.table(),
                        field: last.to_owned(),
                        kind: Choice::Beyond,
                    });
                }
            }
            set.columns.push(Chosen {
                table: Target { stray: false, ..target.clone() }.table(),
                field: target.field,
                kind,
            });
        }
        Ok(set)
    }

    /// Whether a column of a table is asked for.
    pub(super) fn wants(&self, table: &(String, bool), field: &str) -> bool {
        let of = || self.columns.iter().filter(|chosen| chosen.table == *table);
        let limited = of().any(|chosen| chosen.kind != Choice::Exclude);
        let included = of().any(|chosen| chosen.kind == Choice::Include && chosen.field == field);
        let excluded = of().any(|chosen| chosen.kind == Choice::Exclude && chosen.field == field);
        (!limited || included) && !excluded
    }
}

/// Names in a text, a list, a set or nested dictionaries.
fn gather(
    machine: &mut Machine,
    before: &str,
    given: &Value,
    out: &mut Vec<String>,
) -> Outcome<()> {
    let under = |name: &str| {
        if before.is_empty() { name.to_owned() } else { format!("{before}__{name}") }
    };
    match given {
        Value::Str(name) => out.push(under(name)),
        Value::Dict(dict) => {
            let items: Vec<(Value, Value)> =
                dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).gather();
            for (key, value) in items {
                let key = machine.str(&key)?;
                match value {
                    Value::Ellipsis => out.push(under(&key)),
                    nested => gather(machine, &under(&key), &nested, out)?,
                }
            }
        }
        Value::Object(object) if object.any().is::<super::accessor::Accessor>() => {
            out.extend(path_of(given));
        }
        other => {
            for item in machine.list_of(other)? {
                gather(machine, before, &item, out)?;
            }
        }
    }
    Ok(())
}

fn path_of(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Object(object) => object
            .any()
            .downcast_ref::<super::accessor::Accessor>()
            .map(|accessor| accessor.path.clone()),
        _ => None,
    }
}

/// A name or a list of names.
pub(super) fn texts(machine: &mut Machine, args: &Args) -> Outcome<Vec<String>> {
    let given = args
        .positional
        .first()
        .cloned()
        .or_else(|| args.keywords.first().map(|(_, value)| value.clone()))
        .unwrap_or(Value::None);
    if let Some(path) = path_of(&given) {
        return Ok(vec![path]);
    }
    let mut out = Vec::new();
    for item in machine.list_of(&given)? {
        out.push(path_of(&item).ok_or_else(|| raise("TypeError", "a field's name is expected"))?);
    }
    Ok(out)
}

impl Object for QuerySet {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("QuerySet", "ormar.queryset.queryset", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let Some(method) = methods::method(&self, name) {
            return Ok(Some(method));
        }
        Ok(None)
    }

    /// `queryset[1:3]`, `queryset[-1]`: a limit and an offset.
    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let set = self.sliced(machine, key)?;
        Ok(Some(Value::Object(Rc::new(set))))
    }
}

impl QuerySet {
    /// `normalize_slice`
    pub(super) fn sliced(&self, machine: &mut Machine, key: &Value) -> Outcome<Self> {
        let mut set = self.clone();
        let bounds = match key {
            Value::Slice(parts) => {
                let [start, stop, step] = &**parts;
                if !matches!(step, Value::None | Value::Int(1)) {
                    let step = machine.str(step)?;
                    let message = format!("Slice step {step} is not supported, only 1.");
                    return Err(raise_own(machine, "QueryDefinitionError", &message));
                }
                (start.as_int(), stop.as_int())
            }
            key => match key.as_int() {
                Some(at @ 0..) => (Some(at), Some(at.saturating_add(1))),
                // The last row has no end of its own.
                Some(-1) => (Some(-1), None),
                Some(at) => (Some(at), Some(at.saturating_add(1))),
                None => {
                    let ty = key.type_name();
                    let message = format!("QuerySet indices must be integers or slices, not {ty}.");
                    return Err(raise_own(machine, "QueryDefinitionError", &message));
                }
            },
        };
        let (limit, offset, reversed) = match bounds {
            (None, None) => (None, Some(0), false),
            (None, Some(stop @ 0..)) => (Some(stop), Some(0), false),
            (None, Some(_)) => {
                let message = "Negative slice stop without a start requires an explicit count; use .count() with .offset()/.limit() instead.";
                return Err(raise_own(machine, "QueryDefinitionError", message));
            }
            (Some(start @ 0..), None) => (None, Some(start), false),
            (Some(start), None) => (Some(-start), Some(0), true),
            (Some(start @ 0..), Some(stop @ 0..)) => {
                (Some((stop - start).max(0)), Some(start), false)
            }
            (Some(start @ ..0), Some(stop @ ..0)) if start < stop => {
                (Some(stop - start), Some(-stop), true)
            }
            (Some(..0), Some(..0)) => (Some(0), Some(0), true),
            (Some(_), Some(_)) => {
                let message = "Mixed positive and negative slice bounds are not supported without an explicit count; use .count() with .offset()/.limit() instead.";
                return Err(raise_own(machine, "QueryDefinitionError", message));
            }
        };
        if set.reversed != reversed {
            if set.orders.is_empty() {
                set.orders = set.default_orders()?;
            }
            set.orders = set.orders.iter().map(Order::flipped).gather();
        }
        // No limit is no other limit.
        (set.limit, set.offset, set.reversed) = (limit.or(set.limit), offset, reversed);
        Ok(set)
    }

    /// The order of a model's rows where no one asks for another.
    fn default_orders(&self) -> Outcome<Vec<Order>> {
        let Some(model) = self.world.model(self.model) else { return Ok(Vec::new()) };
        let key = model.key().map(|key| key.name.clone());
        let names: Vec<Rc<str>> = match model.ordering.as_slice() {
            [] => key.into_iter().gather(),
            names => names.to_vec(),
        };
        names.iter().map(|name| self.order(name)).collect()
    }

    /// `flatten_fields`: relations of which the keys alone are shown, and which are loaded for it.
    pub(super) fn flattened(&self, machine: &mut Machine, names: Names) -> Outcome<Self> {
        let mut set = self.clone();
        for path in names.paths() {
            let parts: Vec<&str> = path.split("__").gather();
            let Some((last, before)) = parts.split_last() else { continue };
            let mut model = self.model;
            for part in before {
                model = link(&self.world, model, part).map_or(model, |link| link.target);
            }
            let of = self.world.model(model).cloned();
            let Some(relation) = link(&self.world, model, last) else {
                let name = of.as_ref().map(|of| of.name.clone()).unwrap_or_default();
                let message = if of.is_some_and(|of| of.field(last).is_some()) {
                    format!(
                        "flatten_fields target '{last}' is not a relation on model {name}. Only foreign keys, many-to-many, and reverse relations can be flattened."
                    )
                } else {
                    format!(
                        "Unknown relation '{last}' on model {name} in flatten_fields path '{path}'."
                    )
                };
                return Err(raise_own(machine, "QueryDefinitionError", &message));
            };
            let chosen = |chosen: &&Chosen| chosen.table.0 == path && !chosen.table.1;
            let mut children: Vec<&str> =
                set.columns.iter().filter(chosen).map(|chosen| chosen.field.as_str()).gather();
            if !children.is_empty() {
                children.arrange();
                let children = children.into_iter().map(Value::str).collect();
                let children = machine.repr(&Value::list(children))?;
                let message = format!(
                    "Flatten conflict: relation '{path}' is flattened but include/exclude specifies children {children}. A flattened relation renders only its primary key and cannot have children selected."
                );
                return Err(raise_own(machine, "QueryDefinitionError", &message));
            }
            let list = if relation.many() { &mut set.prefetch } else { &mut set.related };
            list.push(path);
            list.arrange();
            list.dedup();
        }
        let before = set.flat.take().unwrap_or_default();
        let mut paths = before.paths();
        paths.extend(names.paths());
        paths.arrange();
        for (short, long) in paths.iter().zip(paths.iter().skip(1)) {
            if long.starts_with(&format!("{short}__")) {
                let message = format!(
                    "Conflicting flatten directives: '{short}' is flattened to its primary key, so nested flatten '{long}' is unreachable."
                );
                return Err(raise_own(machine, "QueryDefinitionError", &message));
            }
        }
        set.flat = Some(Names::of(paths.iter().map(String::as_str)));
        Ok(set)
    }
}
