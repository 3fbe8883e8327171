//! Common table expressions: `query.cte("name")`, what is selected from them, and `with_cte`.

use std::any::Any;
use std::rc::Rc;

use super::methods::combined;
use super::node::{Node, Source, value_of};
use super::query::{Query, selected};
use super::rows::Shape;
use super::session::Session;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Class, Object, Outcome, Value};

/// `query.cte(name, recursive, columns)`
#[derive(Clone)]
pub(super) struct Cte {
    pub(super) session: Rc<Session>,
    pub(super) name: Rc<str>,
    pub(super) recursive: bool,
    pub(super) columns: Vec<Rc<str>>,
    pub(super) query: Rc<Query>,
}

/// The CTE behind a value.
pub(super) fn cte_of(value: &Value) -> Option<Rc<Cte>> {
    let Value::Object(object) = value else { return None };
    object.any().downcast_ref::<Cte>().map(|cte| Rc::new(cte.clone()))
}

/// `query.cte(…)`
pub(super) fn named(query: &Rc<Query>, machine: &mut Machine, args: Args) -> Outcome {
    let [name, recursive, columns, kept] =
        args.bind("cte", ["name", "recursive", "columns", "materialized"], 1)?;
    if kept.is_some_and(|kept| !kept.is_none()) {
        return Err(refuse(
            "`materialized=` of `cte()` is not supported here: it changes no rows.",
        ));
    }
    let recursive = recursive.map_or(Ok(false), |yes| machine.truth(&yes))?;
    let columns = match columns.filter(|columns| !columns.is_none()) {
        Some(columns) => machine.list_of(&columns)?,
        None => Vec::new(),
    };
    let mut names = Vec::new();
    for column in &columns {
        names.push(machine.str(column)?);
    }
    let name = name.unwrap_or(Value::None);
    Ok(Value::Object(Rc::new(Cte {
        session: query.session.clone(),
        name: machine.str(&name)?,
        recursive,
        columns: names,
        query: query.clone(),
    })))
}

/// `query.with_cte(first, second)`
pub(super) fn with(query: &Rc<Query>, args: Args) -> Outcome {
    let ctes: Option<Vec<Rc<Cte>>> = args.positional.iter().map(cte_of).collect();
    let Some(ctes) = ctes else {
        return Err(raise("TypeError", "with_cte() takes what cte() gives"));
    };
    Ok(query.fresh(|query| query.ctes = ctes))
}

/// `cte.c`
struct Columns(Rc<Cte>);

impl Object for Columns {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("_DynamicEntity", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let node = Node::Inner(Source::Cte(self.0.clone()), name.into());
        Ok(Some(value_of(&self.0.session, node)))
    }
}

impl Object for Cte {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("CTE", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let op = match name {
            "c" => return Ok(Some(Value::Object(Rc::new(Columns(self))))),
            "select_from" => {
                return Ok(Some(Value::native("select_from", move |_, args| {
                    if args.positional.is_empty() {
                        let message = "select_from() must specify one or more columns from the CTE to select.";
                        return Err(raise("ValueError", message));
                    }
                    let columns = selected(&self.session, &args.positional);
                    let mut query = Query::new(&self.session, Source::Cte(self.clone()), columns);
                    query.ctes.push(self.clone());
                    query.shape = Shape::Flat;
                    Ok(Value::Object(Rc::new(query)))
                })));
            }
            "union_all" => "UNION ALL",
            "union" => "UNION",
            _ => return Ok(None),
        };
        Ok(Some(Value::native("union", move |_, args| {
            let other = args.only("union")?;
            let Some(Source::Query(other)) = super::query::source_of(&self.session, &other) else {
                return Err(raise("TypeError", "a query is needed"));
            };
            let Value::Object(both) = combined(&self.query, op, other) else {
                return Ok(Value::None);
            };
            let Some(query) = super::query::query_of(&both) else { return Ok(Value::None) };
            Ok(Value::Object(Rc::new(Self { query, ..(*self).clone() })))
        })))
    }
}
