//! INSERT, UPDATE and DELETE queries.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::STYLE;
use super::compile::{Compiler, cell};
use super::node::{Node, Source, Written, node_of};
use super::query::Query;
use super::rows::Shape;
use super::session::Session;
use crate::Machine;
use crate::database::Sent;
use crate::eval::{raise, refuse};
use crate::orm::defaults::given as given_default;
use crate::sql::{Conflict, Delete, Expr, Insert, Source as Table, Update, Writer};
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::{Field, Model};

/// A value for each of some fields.
pub(super) type Row = Vec<(Rc<str>, Value)>;

/// What a query does.
#[derive(Clone)]
pub(super) enum Act {
    Insert(Rows),
    Update(Row),
    Delete,
}

/// What is inserted.
#[derive(Clone)]
pub(super) enum Rows {
    One(Row),
    /// Dictionaries, or tuples for these fields.
    Many(Option<Vec<Rc<str>>>, Vec<Value>),
    From(Vec<Rc<str>>, Rc<Query>),
}

/// `on_conflict(conflict_target=…, preserve=…, update=…)`
type Upsert = (Vec<Rc<str>>, Vec<Rc<str>>, Row);

/// A query that changes a table.
#[derive(Clone)]
pub(super) struct Write {
    session: Rc<Session>,
    model: usize,
    act: Act,
    pub(super) verb: &'static str,
    pub(super) condition: Option<Node>,
    conflict: Option<Upsert>,
    rowcount: bool,
    /// `returning(…)`, and how its rows come out.
    returning: Vec<Node>,
    shape: Shape,
}

/// The name of a field that is given as such, or by one of its names.
///
/// # Errors
/// `ValueError` where the model has none.
pub(super) fn field_name(session: &Session, model: usize, given: &Value) -> Outcome<Rc<str>> {
    let name = match given {
        Value::Str(name) => name.clone(),
        Value::Object(object) => match object.any().downcast_ref::<Written>() {
            Some(Written { node: Node::Field(_, name), .. }) => name.clone(),
            _ => return Err(raise("ValueError", "Unrecognized field.")),
        },
        _ => return Err(raise("ValueError", "Unrecognized field.")),
    };
    let model = session.model(model);
    let field = model.as_ref().and_then(|model| {
        model.field(&name).or_else(|| model.fields.iter().find(|field| field.column == name))
    });
    field
        .map(|field| field.name.clone())
        .ok_or_else(|| raise("ValueError", format!("Unrecognized field name: \"{name}\".")))
}

impl Write {
    pub(super) fn new(session: &Rc<Session>, model: usize, act: Act) -> Self {
        Self {
            session: session.clone(),
            model,
            act,
            verb: "INSERT",
            condition: None,
            conflict: None,
            rowcount: false,
            returning: Vec::new(),
            shape: Shape::Models,
        }
    }

    pub(super) fn value(session: &Rc<Session>, model: usize, act: Act) -> Value {
        Value::Object(Rc::new(Self::new(session, model, act)))
    }

    /// Runs it: the last key of an INSERT, else how many rows it changed.
    pub(super) fn execute(&self, machine: &mut Machine) -> Outcome {
        self.session.bound(machine, self.model)?;
        let Some(sent) = self.statement(machine)? else { return Ok(Value::None) };
        let reply = self.session.send(machine, sent)?;
        if !self.returning.is_empty() {
            let mut query =
                Query::new(&self.session, Source::Model(self.model), self.returning.clone());
            query.shape = self.shape;
            return super::rows::made(machine, &query, &reply).map(Value::list);
        }
        let affected = Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX));
        Ok(match &self.act {
            Act::Insert(_) if !self.rowcount => {
                self.session.last_id.get().map_or(Value::None, Value::Int)
            }
            Act::Insert(_) | Act::Update(_) | Act::Delete => affected,
        })
    }

    fn statement(&self, machine: &mut Machine) -> Outcome<Option<Sent>> {
        let Some(model) = self.session.model(self.model) else { return Ok(None) };
        let mut compiler = Compiler::writing(&self.session, &model);
        Ok(Some(match &self.act {
            Act::Insert(rows) => match self.insert(machine, &model, rows)? {
                Some(mut insert) => {
                    insert.returning = self.returned(machine, &mut compiler)?;
                    Writer::new(&STYLE).insert(&insert)
                }
                None => return Ok(None),
            },
            Act::Update(row) => {
                let set = self.assignments(machine, &model, row, &mut compiler)?;
                let condition = self.condition(machine, &mut compiler)?;
                let returned = self.returned(machine, &mut compiler)?;
                let update = Update { table: model.table.clone(), set, condition };
                Writer::new(&STYLE).returning(returned).update(&update)
            }
            Act::Delete => {
                let condition = self.condition(machine, &mut compiler)?;
                let table = Table::table(&model.table, None);
                let returned = self.returned(machine, &mut compiler)?;
                Writer::new(&STYLE).returning(returned).delete(&Delete { table, condition })
            }
        }))
    }

    fn returned(&self, machine: &mut Machine, compiler: &mut Compiler) -> Outcome<Vec<Expr>> {
        let nodes = self.returning.iter();
        nodes.map(|node| compiler.expr(machine, node.bare(), &None)).collect()
    }

    fn condition(&self, machine: &mut Machine, compiler: &mut Compiler) -> Outcome<Option<Expr>> {
        match &self.condition {
            Some(node) => compiler.expr(machine, node, &None).map(Some),
            None => Ok(None),
        }
    }

    /// Columns with their values, in the order of the table.
    fn assignments(
        &self,
        machine: &mut Machine,
        model: &Model,
        row: &Row,
        compiler: &mut Compiler,
    ) -> Outcome<Vec<(Rc<str>, Expr)>> {
        let mut set = Vec::new();
        for field in &model.fields {
            let Some((_, value)) = row.iter().rfind(|(name, _)| *name == field.name) else {
                continue;
            };
            let expr = match node_of(value) {
                Node::Value(value) => {
                    Expr::Param(cell(machine, &self.session, model, field, &value)?)
                }
                node => compiler.expr(machine, &node, &None)?,
            };
            set.push((field.column.clone(), expr));
        }
        Ok(set)
    }

    fn insert(
        &self,
        machine: &mut Machine,
        model: &Rc<Model>,
        rows: &Rows,
    ) -> Outcome<Option<Insert>> {
        let mut insert =
            Insert { verb: self.verb, table: model.table.clone(), ..Insert::default() };
        if let Some((target, preserve, update)) = &self.conflict {
            insert.conflict = Some(self.upsert(machine, model, target, preserve, update)?);
        }
        let column = |name: &Rc<str>| {
            model.field(name).map_or_else(|| name.clone(), |field| field.column.clone())
        };
        let given: Vec<Value>;
        let mut fields: Vec<&Field> = Vec::new();
        let (names, rows): (Option<&Vec<Rc<str>>>, &[Value]) = match rows {
            Rows::From(names, query) => {
                insert.columns = names.iter().map(column).gather();
                let select = Compiler::new(&self.session).select(machine, query, false)?;
                insert.select = Some(Box::new(select));
                return Ok(Some(insert));
            }
            Rows::One(row) => {
                let mut dict = crate::value::Dict::default();
                row.iter().for_each(|(name, value)| dict.set(name, value.clone()));
                given = vec![Value::dict(dict)];
                (None, &given)
            }
            Rows::Many(names, rows) => (names.as_ref(), rows),
        };
        let has_default =
            |field: &Field| {
                field.declared.as_ref().and_then(|declared| declared.default.as_ref()).is_some_and(
                    |default| !matches!(default, throughline_core::document::Value::None),
                ) || super::epoch::starts(field)
            };
        match (names, rows.first()) {
            (_, None) => {
                // Nothing to insert: Peewee writes a row of defaults for one, and nothing for none.
                return Ok(None);
            }
            (Some(names), _) => {
                fields.extend(names.iter().filter_map(|name| model.field(name)));
                for field in &model.fields {
                    if has_default(field) && !names.contains(&field.name) {
                        fields.push(field);
                    }
                }
            }
            (None, Some(Value::Dict(first))) => {
                let first = first.borrow().clone();
                let mut named = Vec::new();
                for (key, _) in first.items() {
                    let name =
                        field_name(&self.session, self.model, key).map_err(|error| {
                            match key.as_str() {
                                Some(key) => crate::eval::no_attribute(
                                    &Value::Class(self.session.class(self.model)),
                                    key,
                                ),
                                None => error,
                            }
                        })?;
                    named.push(name);
                }
                for field in &model.fields {
                    if named.contains(&field.name) || has_default(field) {
                        fields.push(field);
                    }
                }
            }
            (None, Some(_)) => {
                fields.extend(model.fields.iter().filter(|field| !field.auto));
            }
        }
        insert.columns = fields.iter().map(|field| field.column.clone()).gather();
        if fields.is_empty() {
            return Ok(Some(insert));
        }
        for row in rows {
            let mut values = Vec::with_capacity(fields.len());
            let sequence = match row {
                Value::Dict(_) => None,
                other => Some(machine.list_of(other)?),
            };
            for (at, field) in fields.iter().enumerate() {
                let value = match (row, &sequence) {
                    (Value::Dict(dict), _) => {
                        let dict = dict.borrow().clone();
                        let keyed = dict.items().find(|(key, _)| {
                            field_name(&self.session, self.model, key)
                                .is_ok_and(|name| name == field.name)
                        });
                        keyed.map(|(_, value)| value.clone())
                    }
                    (_, Some(values)) => values.get(at).cloned(),
                    _ => None,
                };
                let value = match value {
                    Some(value) => value,
                    None if has_default(field) => {
                        let own = super::epoch::default(machine, field);
                        match own {
                            Some(own) => own,
                            None => given_default(machine, field)?.unwrap_or(Value::None),
                        }
                    }
                    None if field.null => Value::None,
                    None => {
                        return Err(raise(
                            "ValueError",
                            format!("Missing value for {}.", field.name),
                        ));
                    }
                };
                values.push(match node_of(&value) {
                    Node::Value(value) => {
                        Expr::Param(cell(machine, &self.session, model, field, &value)?)
                    }
                    node => Compiler::new(&self.session).expr(machine, &node, &None)?,
                });
            }
            insert.rows.push(values);
        }
        Ok(Some(insert))
    }

    fn upsert(
        &self,
        machine: &mut Machine,
        model: &Rc<Model>,
        target: &[Rc<str>],
        preserve: &[Rc<str>],
        update: &Row,
    ) -> Outcome<Conflict> {
        let column = |name: &Rc<str>| {
            model.field(name).map_or_else(|| name.clone(), |field| field.column.clone())
        };
        let mut set = Vec::new();
        for name in preserve {
            let column = column(name);
            set.push((column.clone(), Expr::Raw(format!("EXCLUDED.\"{column}\""))));
        }
        let mut compiler = Compiler::writing(&self.session, model);
        set.extend(self.assignments(machine, model, update, &mut compiler)?);
        Ok(Conflict { columns: target.iter().map(column).gather(), set })
    }

    fn on_conflict(&self, machine: &mut Machine, args: Args) -> Outcome<Self> {
        let names = ["action", "update", "preserve", "where", "conflict_target", "conflict_where"];
        let [action, update, preserve, condition, target, partial] =
            args.bind("on_conflict", names, 0)?;
        let some = |value: Option<Value>| value.filter(|value| !value.is_none());
        if some(condition).is_some() || some(partial).is_some() {
            return Err(refuse("`where=` of `on_conflict` is not supported here."));
        }
        let mut next = self.clone();
        let action = match some(action) {
            Some(action) => machine.str(&action)?.to_lowercase(),
            None => String::new(),
        };
        match action.as_str() {
            "replace" => next.verb = "INSERT OR REPLACE",
            "ignore" => next.verb = "INSERT OR IGNORE",
            "" | "update" | "nothing" => {
                let mut fields = |value: Option<Value>| -> Outcome<Vec<Rc<str>>> {
                    let Some(value) = some(value) else { return Ok(Vec::new()) };
                    let items = match &value {
                        Value::List(_) | Value::Tuple(_) => machine.list_of(&value)?,
                        one => vec![one.clone()],
                    };
                    items.iter().map(|it| field_name(&self.session, self.model, it)).collect()
                };
                let (target, preserve) = (fields(target)?, fields(preserve)?);
                let mut row = Vec::new();
                if let Some(update) = some(update) {
                    for (key, value) in machine.mapping(&update)? {
                        row.push((field_name(&self.session, self.model, &key)?, value));
                    }
                }
                if action != "nothing" && row.is_empty() && preserve.is_empty() {
                    return Err(raise(
                        "ValueError",
                        "If you are not performing any updates (or preserving any INSERTed values), then the conflict resolution action should be set to \"NOTHING\".",
                    ));
                }
                if action != "nothing" && target.is_empty() {
                    return Err(raise(
                        "ValueError",
                        "SQLite requires that a conflict target be specified when doing an upsert.",
                    ));
                }
                next.conflict = Some((target, preserve, row));
            }
            other => {
                return Err(refuse(format!("`on_conflict({other:?})` is not supported here.")));
            }
        }
        Ok(next)
    }
}

impl Write {
    fn shaped(&self, shape: Shape) -> Value {
        Value::Object(Rc::new(Self { shape, ..self.clone() }))
    }
}

impl Object for Write {
    fn class(&self) -> Rc<Class> {
        let name = match &self.act {
            Act::Insert(_) => "ModelInsert",
            Act::Update(_) => "ModelUpdate",
            Act::Delete => "ModelDelete",
        };
        Rc::new(Class::new(name, "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        if self.returning.is_empty() {
            return Ok(None);
        }
        self.execute(machine).map(Some)
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        type Method = fn(&Write, &mut Machine, Args) -> Outcome;
        let method: Method = match name {
            "where" => |write, _, args| {
                let mut next = write.clone();
                for node in args.positional.iter().map(node_of) {
                    next.condition = Some(match next.condition.take() {
                        Some(known) => Node::binary("AND", known, node),
                        None => node,
                    });
                }
                Ok(Value::Object(Rc::new(next)))
            },
            "execute" => |write, machine, _| write.execute(machine),
            "sql" => |write, machine, _| {
                let Some(sent) = write.statement(machine)? else { return Ok(Value::None) };
                let params = sent.params.iter().map(super::rows::parameter).gather();
                Ok(Value::tuple(vec![Value::from(sent.sql), Value::list(params)]))
            },
            "on_conflict_ignore" => |write, _, _| {
                let mut next = write.clone();
                next.verb = "INSERT OR IGNORE";
                Ok(Value::Object(Rc::new(next)))
            },
            "on_conflict_replace" => |write, _, _| {
                let mut next = write.clone();
                next.verb = "INSERT OR REPLACE";
                Ok(Value::Object(Rc::new(next)))
            },
            "on_conflict" => |write, machine, args| {
                write.on_conflict(machine, args).map(|next| Value::Object(Rc::new(next)))
            },
            "as_rowcount" => |write, _, _| {
                let mut next = write.clone();
                next.rowcount = true;
                Ok(Value::Object(Rc::new(next)))
            },
            "returning" => |write, _, args| {
                let mut next = write.clone();
                next.returning = super::query::selected(&write.session, &args.positional);
                if next.returning.iter().any(|node| matches!(node, Node::Alias(..))) {
                    return Err(refuse("Other names in `returning()` are not supported here."));
                }
                Ok(Value::Object(Rc::new(next)))
            },
            "dicts" => |write, _, _| Ok(write.shaped(Shape::Dicts)),
            "tuples" => |write, _, _| Ok(write.shaped(Shape::Tuples)),
            "namedtuples" => |write, _, _| Ok(write.shaped(Shape::Named)),
            "objects" => |write, _, _| Ok(write.shaped(Shape::Flat)),
            "from_" | "order_by" | "limit" | "with_cte" => {
                return Err(refuse(format!("`.{name}()` of this query is not supported here.")));
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::native("method", move |machine, args| method(&self, machine, args))))
    }
}
