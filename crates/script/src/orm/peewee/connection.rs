//! The database object: transactions, plain SQL, binding of models.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::session::Session;
use crate::Machine;
use crate::database::{Cell, Sent};
use crate::eval::refuse;
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::to_cell;

/// `SqliteDatabase(…)`
pub(super) struct Connection {
    pub(super) session: Rc<Session>,
}

impl Object for Connection {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("SqliteDatabase", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        type Method = fn(&Rc<Session>, &mut Machine, Args) -> Outcome;
        let method: Method = match name {
            "atomic" | "transaction" | "savepoint" | "manual_commit" => |session, _, _| {
                let world = session.world.clone();
                Ok(Value::Object(Rc::new(Block { world, open: RefCell::default() })))
            },
            "execute_sql" => |session, machine, args| {
                let [sql, params] = args.bind("execute_sql", ["sql", "params"], 1)?;
                let sql = machine.str(&sql.unwrap_or(Value::None))?.to_string();
                let mut cells = Vec::new();
                if let Some(params) = params.filter(|params| !params.is_none()) {
                    for value in machine.list_of(&params)? {
                        cells.push(to_cell(None, &value).unwrap_or(Cell::Null));
                    }
                }
                let reply = session.send(machine, Sent { sql, params: cells })?;
                let rows = reply
                    .rows
                    .iter()
                    .map(|row| Value::tuple(row.iter().map(super::rows::raw).gather()));
                let rows: Vec<Value> = rows.gather();
                Ok(Value::Object(Rc::new(Cursor {
                    rows: RefCell::new(rows),
                    affected: reply.affected,
                })))
            },
            "bind" => |session, machine, args| {
                let [models, _, _] =
                    args.bind("bind", ["models", "bind_refs", "bind_backrefs"], 1)?;
                for model in machine.list_of(&models.unwrap_or(Value::None))? {
                    if let Value::Class(class) = &model
                        && let Some(at) = session.model_of(class)
                    {
                        session.unbound.borrow_mut().remove(&at);
                    }
                }
                Ok(Value::None)
            },
            "connect" | "close" => |_, _, _| Ok(Value::Bool(true)),
            "create_tables" => |session, machine, args| {
                let models = args.positional.first().cloned().unwrap_or(Value::None);
                let models = machine.list_of(&models)?;
                let places: Vec<usize> = models
                    .iter()
                    .filter_map(|model| match model {
                        Value::Class(class) => session.model_of(class),
                        _ => None,
                    })
                    .gather();
                for at in super::declare::in_order(session, &places) {
                    super::declare::needs_database(machine, session, at)?;
                    super::declare::create_table(machine, session, at)?;
                }
                Ok(Value::None)
            },
            "init" => |_, _, _| Ok(Value::None),
            "is_closed" => |_, _, _| Ok(Value::Bool(false)),
            "table_exists" => |_, _, _| Ok(Value::Bool(true)),
            "get_tables" | "get_columns" | "get_indexes" | "get_foreign_keys" | "drop_tables"
            | "execute" | "begin" | "commit" | "rollback" | "pragma" | "connection_context" => {
                return Err(refuse(format!("`db.{name}()` is not supported here.")));
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::native("method", move |machine, args| method(&self.session, machine, args))))
    }

    fn enter(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::Object(self)))
    }
}

/// What `execute_sql` gives.
struct Cursor {
    rows: RefCell<Vec<Value>>,
    affected: u64,
}

impl Object for Cursor {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Cursor", "sqlite3", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Ok(Some(match name {
            "fetchall" => Value::native("fetchall", move |_, _| {
                Ok(Value::list(std::mem::take(&mut *self.rows.borrow_mut())))
            }),
            "fetchone" => Value::native("fetchone", move |_, _| {
                let mut rows = self.rows.borrow_mut();
                Ok(if rows.is_empty() { Value::None } else { rows.remove(0) })
            }),
            "rowcount" => Value::Int(i64::try_from(self.affected).unwrap_or(i64::MAX)),
            _ => return Ok(None),
        }))
    }

    fn iterate(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(Some(Value::list(std::mem::take(&mut *self.rows.borrow_mut()))))
    }
}

/// `db.atomic()`: a block or a function that happens wholly or not at all.
struct Block {
    world: Rc<crate::world::World>,
    open: RefCell<Vec<String>>,
}

impl Object for Block {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("_atomic", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let command = match name {
            "rollback" => "ROLLBACK TO SAVEPOINT",
            "commit" => "RELEASE SAVEPOINT",
            _ => return Ok(None),
        };
        Ok(Some(Value::native("end", move |_, _| {
            if let Some(name) = self.open.borrow().last() {
                let _ = self.world.send_quietly(&format!("{command} {name}"));
                if command.starts_with("RELEASE") {
                    let _ = self.world.send_quietly(&format!("SAVEPOINT {name}"));
                }
            }
            Ok(Value::None)
        })))
    }

    fn call(self: Rc<Self>, _: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        let Some(function) = args.positional.into_iter().next() else { return Ok(None) };
        let world = self.world.clone();
        Ok(Some(Value::native("inner", move |machine, args| {
            world.atomically(|| machine.call(&function, args))
        })))
    }

    fn enter(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        let name = format!("atomic_{}", self.world.next());
        if self.world.send_quietly(&format!("SAVEPOINT {name}")).is_ok() {
            self.open.borrow_mut().push(name);
        }
        Ok(Some(Value::Object(self)))
    }

    fn exit(self: Rc<Self>, _: &mut Machine, raised: Option<&Value>) -> Outcome<bool> {
        if let Some(name) = self.open.borrow_mut().pop() {
            if raised.is_some() {
                let _ = self.world.send_quietly(&format!("ROLLBACK TO SAVEPOINT {name}"));
            }
            let _ = self.world.send_quietly(&format!("RELEASE SAVEPOINT {name}"));
        }
        Ok(false)
    }
}
