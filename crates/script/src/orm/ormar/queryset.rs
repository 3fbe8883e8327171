//! Query sets: what they will ask.

use std::any::Any;
use std::rc::Rc;

use super::clause::{Clause, Target, action, group, join, target};
use super::exceptions::raise as raise_own;
use super::methods;
use crate::Machine;
use crate::eval::{raise, refuse};
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

/// An item of the order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) target: Target,
    pub(super) descending: bool,
    /// Whether it orders the rows of the model itself.
    pub(super) own: bool,
}

impl Order {
    pub(super) fn flipped(&self) -> Self {
        Self { descending: !self.descending, ..self.clone() }
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
        let (descending, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let parts: Vec<&str> = text.split("__").collect();
        let mut target = target(&self.world, self.model, &parts)?;
        let model = self.world.model(target.model);
        if target.field == "pk"
            && let Some(key) = model.and_then(|model| model.key())
        {
            target.field = key.name.to_string();
        }
        // A relation to the model itself counts as the model: ormar looks no closer.
        let own = target.model == self.model && !target.path.contains("__");
        Ok(Order { target, descending, own })
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
            let parts: Vec<&str> = name.split("__").collect();
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
                dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).collect();
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
        if matches!(name, "flatten_fields" | "queryset") {
            return Err(refuse(format!(
                "`{name}` of ormar's query sets is not supported here yet."
            )));
        }
        Ok(None)
    }

    /// `queryset[1:3]`, `queryset[1]`: a limit and an offset.
    fn item(self: Rc<Self>, _: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let mut set = (*self).clone();
        match key {
            Value::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let negative =
                    [start, stop].iter().any(|part| part.as_int().is_some_and(|part| part < 0));
                if negative || !step.is_none() {
                    return Err(refuse(
                        "Slices of ormar's query sets go from a first to a last row here: no steps, no negative numbers.",
                    ));
                }
                let start = start.as_int().unwrap_or(0);
                set.offset = Some(start);
                set.limit = stop.as_int().map(|stop| (stop - start).max(0));
            }
            key => match key.as_int().filter(|at| *at >= 0) {
                Some(at) => {
                    set.offset = Some(at);
                    set.limit = Some(1);
                }
                None => {
                    return Err(refuse(
                        "Slices of ormar's query sets take numbers that are not negative here.",
                    ));
                }
            },
        }
        Ok(Some(Value::Object(Rc::new(set))))
    }
}
