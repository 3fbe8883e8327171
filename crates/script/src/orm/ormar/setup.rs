//! What a script sets ormar up with: configuration, database, tables. All of it is there already; what is only read in the models file is refused.

use std::any::Any;
use std::rc::Rc;

use crate::Machine;
use crate::eval::{Raised, refuse};
use crate::value::{Args, Class, Hooks, Object, Outcome, Value};
use crate::world::World;

/// What the module `ormar` has for models files.
const DECLARING: &[&str] = &[
    "BaseField",
    "BigInteger",
    "Boolean",
    "CheckColumns",
    "Date",
    "DateTime",
    "Decimal",
    "EncryptBackends",
    "Enum",
    "ExcludableItems",
    "Float",
    "ForeignKey",
    "ForeignKeyField",
    "IndexColumns",
    "Integer",
    "JSON",
    "LargeBinary",
    "ManyToMany",
    "ManyToManyField",
    "OrderAction",
    "QuerySet",
    "QuerySetProtocol",
    "ReferentialAction",
    "RelationProtocol",
    "RelationType",
    "Signal",
    "SmallInteger",
    "String",
    "Text",
    "Time",
    "UUID",
    "Undefined",
    "UniqueColumns",
    "post_bulk_update",
    "post_delete",
    "post_relation_add",
    "post_relation_remove",
    "post_save",
    "post_update",
    "pre_delete",
    "pre_relation_add",
    "pre_relation_remove",
    "pre_save",
    "pre_update",
];

/// A part of the setup.
#[derive(Clone)]
struct Part {
    kind: Kind,
    world: Rc<World>,
    /// Whether values that no field takes are passed over.
    ignores: bool,
}

/// Whether a model passes over values that none of its fields takes: `extra=Extra.ignore`.
pub(super) fn ignores(class: &Class) -> bool {
    match class.get("ormar_config") {
        Some(Value::Object(object)) => {
            object.any().downcast_ref::<Part>().is_some_and(|part| part.ignores)
        }
        _ => false,
    }
}

fn config(world: &Rc<World>, before: bool, mut args: Args) -> Value {
    let ignores = match args.take("extra") {
        Some(extra) => extra.as_str() == Some("ignore"),
        None => before,
    };
    Value::Object(Rc::new(Part { kind: Kind::Config, world: world.clone(), ignores }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `OrmarConfig(…)`
    Config,
    /// `DatabaseConnection(…)`
    Database,
    /// `sqlalchemy.MetaData()`
    Metadata,
    /// `sqlalchemy.create_engine(…)`
    Engine,
}

/// `ormar.Model`: from which a script derives nothing.
struct Root;

impl Hooks for Root {}

/// A name that only models files use.
struct Declaring(&'static str);

impl Declaring {
    fn refused(&self) -> Box<Raised> {
        refuse(format!("`ormar.{}` is only read in the models file.", self.0))
    }
}

impl Object for Declaring {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("type", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, _: &str) -> Outcome<Option<Value>> {
        Err(self.refused())
    }

    fn call(self: Rc<Self>, _: &mut Machine, _: Args) -> Outcome<Option<Value>> {
        Err(self.refused())
    }
}

/// Fills the modules `ormar` and `sqlalchemy`.
pub(super) fn install(world: &Rc<World>, ormar: &Class, sqlalchemy: &Class) {
    let made = |name: &'static str, kind: Kind| {
        let world = world.clone();
        Value::native(name, move |_, _| {
            Ok(Value::Object(Rc::new(Part { kind, world: world.clone(), ignores: false })))
        })
    };
    for name in DECLARING {
        ormar.set(name, Value::Object(Rc::new(Declaring(name))));
    }
    let mut model = Class::new("Model", "ormar.models.model", &[]);
    model.hooks = Some(Rc::new(Root));
    ormar.set("Model", Value::Class(Rc::new(model)));
    let own = world.clone();
    let made_config = Value::native("OrmarConfig", move |_, args| Ok(config(&own, false, args)));
    ormar.set("OrmarConfig", made_config);
    for (name, members) in [("Extra", ["ignore", "forbid"]), ("NullsOrdering", ["FIRST", "LAST"])] {
        let class = Class::new(name, "ormar", &[]);
        members.iter().for_each(|member| class.set(member, Value::str(member.to_lowercase())));
        ormar.set(name, Value::Class(Rc::new(class)));
    }
    ormar.set("DatabaseConnection", made("DatabaseConnection", Kind::Database));
    sqlalchemy.set("MetaData", made("MetaData", Kind::Metadata));
    sqlalchemy.set("create_engine", made("create_engine", Kind::Engine));
}

/// A part of a model's own configuration: `database`, `metadata`, `engine`.
pub(super) fn part(world: &Rc<World>, name: &str) -> Option<Value> {
    let kind = match name {
        "database" => Kind::Database,
        "metadata" => Kind::Metadata,
        "engine" => Kind::Engine,
        _ => return None,
    };
    Some(Value::Object(Rc::new(Part { kind, world: world.clone(), ignores: false })))
}

impl Part {
    fn other(&self, kind: Kind) -> Value {
        Value::Object(Rc::new(Self { kind, world: self.world.clone(), ignores: false }))
    }
}

impl Object for Part {
    fn class(&self) -> Rc<Class> {
        let (name, module) = match self.kind {
            Kind::Config => ("OrmarConfig", "ormar.models.ormar_config"),
            Kind::Database => ("DatabaseConnection", "ormar.databases.connection"),
            Kind::Metadata => ("MetaData", "sqlalchemy.sql.schema"),
            Kind::Engine => ("Engine", "sqlalchemy.engine.base"),
        };
        Rc::new(Class::new(name, module, &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let nothing = || Value::native("method", |_, _| Ok(Value::None));
        Ok(Some(match (self.kind, name) {
            (Kind::Config, "copy") => {
                Value::native("copy", move |_, args| Ok(config(&self.world, self.ignores, args)))
            }
            (Kind::Config, "database") => self.other(Kind::Database),
            (Kind::Config, "metadata") => self.other(Kind::Metadata),
            (Kind::Config, "engine") => self.other(Kind::Engine),
            (Kind::Database, "connect" | "disconnect") => Value::native("connect", |_, _| {
                Ok(crate::orm::awaitable::later(|_| Ok(Value::None)))
            }),
            (Kind::Database, "is_connected") => Value::Bool(true),
            (Kind::Database, "transaction") => crate::orm::atomic::constructor(&self.world),
            // The tables are there already.
            (Kind::Metadata, "create_all") | (Kind::Engine, "dispose") => nothing(),
            (_, name) => {
                let class = Object::class(&*self);
                return Err(refuse(format!("`{name}` of `{}` is not supported here.", class.name)));
            }
        }))
    }

    fn enter(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok((self.kind == Kind::Database).then_some(Value::Object(self)))
    }

    fn exit(self: Rc<Self>, _: &mut Machine, _: Option<&Value>) -> Outcome<bool> {
        Ok(false)
    }
}
