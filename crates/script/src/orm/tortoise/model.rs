//! What a model's class can do: `Author.filter(…)`, `Author.create(…)`.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::assign;
use super::methods::{self, METHODS, filtered};
use super::queryset::{Action, QuerySet, Wanted, query_set};
use super::{coroutine, prefetch, raised, save, shape};
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::{Model, World};

/// Methods of query sets that the class has, too.
const SHARED: &[&str] = &[
    "all",
    "filter",
    "exclude",
    "get",
    "get_or_none",
    "first",
    "last",
    "latest",
    "earliest",
    "annotate",
    "select_for_update",
    "in_bulk",
];

/// What Tortoise has and this has not.
const UNSUPPORTED: &[&str] = &["describe", "construct", "register_listener"];

/// A relation as an attribute of the class.
struct Property;

/// `Author.__dict__`
struct Namespace(Rc<Class>);

/// `Author._meta`
struct Meta(Rc<Model>);

pub(super) fn property() -> Value {
    Value::Object(Rc::new(Property))
}

impl Object for Property {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("property", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

impl Object for Namespace {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("mappingproxy", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let name = machine.str(key)?;
        machine.attribute(&Value::Class(self.0.clone()), &name).map(Some)
    }
}

impl Object for Meta {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("MetaInfo", "tortoise.models", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let model = &self.0;
        Ok(match name {
            "db_table" => Some(Value::Str(model.table.clone())),
            "full_name" => Some(Value::from(shape::full_name(model))),
            "fields" | "fields_map" => {
                let mut out = crate::value::Set::default();
                for name in shape::names(model) {
                    let value = Value::Str(name);
                    out.insert(machine.key(&value)?, value);
                }
                Some(Value::set(out))
            }
            "pk_attr" => model.key().map(|key| Value::Str(key.attname.clone())),
            _ => return Err(refuse(format!("`_meta.{name}` is not supported here yet."))),
        })
    }
}

/// An attribute of a model's class.
pub(super) fn attribute(
    world: &Rc<World>,
    model: &Rc<Model>,
    class: &Rc<Class>,
    name: &str,
) -> Outcome<Option<Value>> {
    let set = QuerySet::all(world, model);
    if SHARED.contains(&name) {
        let found = METHODS.iter().find(|(method, _)| *method == name);
        return Ok(found.map(|(name, run)| {
            Value::native(name, move |machine, mut args| {
                args.take("using_db");
                if *name == "in_bulk" {
                    let [keys, field] = args.bind("in_bulk", ["id_list", "field_name"], 1)?;
                    return methods::in_bulk(&set, keys.unwrap_or(Value::None), field);
                }
                run(&set, machine, args)
            })
        }));
    }
    if UNSUPPORTED.contains(&name) {
        return Err(refuse(format!("`{}.{name}()` is not supported here yet.", model.name)));
    }
    let (world, at) = (world.clone(), model.at);
    Ok(Some(match name {
        "_meta" => Value::Object(Rc::new(Meta(model.clone()))),
        "__dict__" => Value::Object(Rc::new(Namespace(class.clone()))),
        "exists" => Value::native("exists", move |_, args| {
            let set = filtered(&set, args, false)?;
            Ok(QuerySet { action: Action::Exists, ..set }.value())
        }),
        "__class_getitem__" => Value::native("__class_getitem__", move |_, args| {
            let key = args.positional.into_iter().next().unwrap_or(Value::None);
            let mut set = set.clone().whose("pk", key);
            set.limit = Some(2);
            set.wanted = Wanted::ByKey;
            Ok(coroutine::later(move |machine| {
                let error = match set.run(machine) {
                    Ok(found) => return Ok(found),
                    Err(error) => error,
                };
                let value = machine
                    .caught(&error)
                    .is_some_and(|exception| exception.class.derives_from("ValueError"));
                if value { Err(set.no_such_key(machine)?) } else { Err(error) }
            }))
        }),
        "create" => Value::native("create", move |_, args| {
            let world = world.clone();
            Ok(coroutine::later(move |machine| save::create(machine, &world, at, args)))
        }),
        "get_or_create" => Value::native("get_or_create", move |_, args| {
            let set = set.clone();
            Ok(coroutine::later(move |machine| get_or_create(machine, &set, args)))
        }),
        "update_or_create" => Value::native("update_or_create", move |_, args| {
            let set = set.clone();
            Ok(coroutine::later(move |machine| update_or_create(machine, &set, args)))
        }),
        "raw" => Value::native("raw", move |machine, mut args| {
            args.take("using_db");
            let sql = args.only("raw")?;
            let sql = machine.str(&sql)?;
            let Some(model) = world.model(at).cloned() else { return Ok(Value::None) };
            let world = world.clone();
            Ok(coroutine::later(move |machine| super::bulk::raw(machine, &world, &model, &sql)))
        }),
        "bulk_update" => Value::native("bulk_update", move |_, args| {
            let Some(model) = world.model(at).cloned() else { return Ok(Value::None) };
            let world = world.clone();
            Ok(coroutine::later(move |machine| super::bulk::update(machine, &world, &model, args)))
        }),
        "bulk_create" => Value::native("bulk_create", move |_, args| {
            let (world, model) = (world.clone(), set.model.clone());
            Ok(coroutine::later(move |machine| super::bulk::create(machine, &world, &model, args)))
        }),
        "fetch_for_list" => Value::native("fetch_for_list", move |_, args| {
            let (world, model) = (world.clone(), set.model.clone());
            Ok(coroutine::later(move |machine| {
                let mut values = args.positional.into_iter();
                let list = values.next().unwrap_or(Value::None);
                let rows = machine.list_of(&list)?;
                let wanted: Vec<Value> = values.gather();
                prefetch::fetch_for_list(machine, &world, &model, &rows, &wanted)?;
                Ok(Value::None)
            }))
        }),
        _ => return Ok(None),
    }))
}

/// The defaults of a call, as names and values.
fn defaults(machine: &mut Machine, args: &mut Args) -> Outcome<Vec<(Rc<str>, Value)>> {
    args.take("using_db");
    let given = args.take("defaults").or_else(|| args.positional.first().cloned());
    args.positional.clear();
    let Some(Value::Dict(dict)) = given else { return Ok(Vec::new()) };
    let dict = dict.borrow().clone();
    dict.items().map(|(name, value)| Ok((machine.str(name)?, value.clone()))).collect()
}

fn get_or_create(machine: &mut Machine, set: &QuerySet, mut args: Args) -> Outcome {
    let defaults = defaults(machine, &mut args)?;
    let found = found(machine, set, &args)?;
    if !found.is_none() {
        return Ok(Value::tuple(vec![found, Value::Bool(false)]));
    }
    make(machine, set, args, defaults)
}

/// The one row, or `None`; several are an error.
fn found(machine: &mut Machine, set: &QuerySet, args: &Args) -> Outcome {
    let one = methods::one(set, args.clone(), Wanted::OneOrNone)?;
    match query_set(&one) {
        Some(set) => set.run(machine),
        None => Ok(Value::None),
    }
}

fn make(
    machine: &mut Machine,
    set: &QuerySet,
    args: Args,
    defaults: Vec<(Rc<str>, Value)>,
) -> Outcome {
    let mut keywords = args.keywords.clone();
    for (name, value) in defaults {
        let known = keywords.iter().find(|(known, _)| *known == name).map(|(_, v)| v.clone());
        if let Some(asked) = known {
            if !machine.equal(&asked, &value)? {
                let key = machine.repr(&Value::Str(name.clone()))?;
                let (value, asked) = (machine.repr(&value)?, machine.repr(&asked)?);
                let message = format!(
                    "Conflict value with key={key}: default_value={value} vs query_value={asked}"
                );
                return Err(raised(machine, "ParamsError", message));
            }
            continue;
        }
        keywords.push((name, value));
    }
    let args_of = Args { positional: Vec::new(), keywords };
    let world = set.world.clone();
    let made = world.atomically(|| save::create(machine, &set.world, set.model.at, args_of));
    let row = match made {
        Ok(row) => row,
        Err(error) => {
            let clash = machine
                .caught(&error)
                .is_some_and(|exception| exception.class.derives_from("IntegrityError"));
            if !clash {
                return Err(error);
            }
            let there = found(machine, set, &args)?;
            if there.is_none() {
                return Err(error);
            }
            return Ok(Value::tuple(vec![there, Value::Bool(false)]));
        }
    };
    Ok(Value::tuple(vec![row, Value::Bool(true)]))
}

fn update_or_create(machine: &mut Machine, set: &QuerySet, mut args: Args) -> Outcome {
    let defaults = defaults(machine, &mut args)?;
    let found = found(machine, set, &args)?;
    let Value::Instance(instance) = &found else {
        return make(machine, set, args, defaults);
    };
    assign(machine, &set.world, &set.model, instance, defaults)?;
    save::save(machine, &set.world, &set.model, instance, save::How::default())?;
    Ok(Value::tuple(vec![found.clone(), Value::Bool(false)]))
}
