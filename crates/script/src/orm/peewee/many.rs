//! Many-to-many: `user.roles`, `add`, `remove`, `clear`.

use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::Gather as _;

use super::class::all;
use super::join::Wanted;
use super::methods::Method;
use super::node::{Node, Source};
use super::query::{Query, source_of};
use super::session::Session;
use super::write::{Act, Rows, Write};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Instance, Outcome, Value};
use crate::world::Model;

/// A many-to-many from one side.
#[derive(Clone)]
pub(super) struct Many {
    /// The attribute.
    pub(super) name: Rc<str>,
    pub(super) through: usize,
    /// The through model's foreign key to this side, and to the other.
    pub(super) near: Rc<str>,
    pub(super) far: Rc<str>,
    pub(super) target: usize,
}

/// The many-to-many of this name, from whichever side.
pub(super) fn many_of(session: &Session, model: &Model, name: &str) -> Option<Many> {
    let world = &session.world;
    if let Some(reverse) = model.by_accessor(name) {
        if reverse.kind != RelationKind::ManyToMany {
            return None;
        }
        let source = world.named(&reverse.source)?;
        let through = source.relation(&reverse.source_field)?.through.as_ref()?;
        return Some(Many {
            name: name.into(),
            through: world.find(&through.model)?,
            near: through.target_field.clone(),
            far: through.owner_field.clone(),
            target: source.at,
        });
    }
    let relation = model.relation(name)?;
    let through = relation.through.as_ref()?;
    Some(Many {
        name: name.into(),
        through: world.find(&through.model)?,
        near: through.owner_field.clone(),
        far: through.target_field.clone(),
        target: world.find(&relation.target)?,
    })
}

/// The field that a foreign key of the through model refers to.
fn referred(session: &Session, through: usize, key: &str) -> Rc<str> {
    let model = session.model(through);
    let found = model
        .as_ref()
        .and_then(|model| model.relation(key))
        .and_then(|relation| session.referred(relation));
    found.map_or_else(|| "id".into(), |(_, name)| name)
}

/// The key of this side.
fn own_key(session: &Session, many: &Many, instance: &Instance) -> Value {
    let name = referred(session, many.through, &many.near);
    super::instance::data(instance, &name).unwrap_or(Value::None)
}

/// `user.roles`: a query, or what was prefetched.
pub(super) fn related(
    machine: &mut Machine,
    session: &Rc<Session>,
    model: &Model,
    instance: &Rc<Instance>,
    many: &Many,
) -> Outcome {
    let through = session.model(many.through);
    let back = model.reverse.iter().find(|reverse| {
        through.as_ref().is_some_and(|through| reverse.source == through.name)
            && reverse.source_field == many.near
    });
    let loaded =
        back.and_then(|back| back.accessor.as_ref()).and_then(|accessor| instance.get(accessor));
    if let Some(Value::List(links)) = loaded {
        let links = links.borrow().clone();
        let found = links
            .iter()
            .map(|link| machine.attribute(link, &many.far))
            .collect::<Outcome<Vec<_>>>();
        return found.map(Value::list);
    }
    query(machine, session, model, instance, many).map(|query| Value::Object(query))
}

fn query(
    machine: &mut Machine,
    session: &Rc<Session>,
    model: &Model,
    instance: &Rc<Instance>,
    many: &Many,
) -> Outcome<Rc<Query>> {
    let key = own_key(session, many, instance);
    if key.is_none() {
        let shown = machine.str(&Value::Instance(instance.clone()))?;
        return Err(raise(
            "ValueError",
            format!(
                "Cannot access many-to-many \"<ManyToManyField: {}.{}>\" on unsaved instance \"{shown}\".",
                model.name, many.name
            ),
        ));
    }
    let mut query = all(session, many.target);
    query.is_default = false;
    query.many = Some((instance.clone(), many.clone()));
    for to in [many.through, model.at] {
        let wanted = Wanted {
            to: Source::Model(to),
            kind: "INNER JOIN",
            on: None,
            from: None,
            attribute: None,
        };
        query.join(wanted)?;
    }
    let near = Node::Field(Source::Model(many.through), many.near.clone());
    query.narrow(Node::binary("=", near, Node::Value(key)));
    Ok(Rc::new(query))
}

/// `user.roles = [...]`
pub(super) fn assign(
    machine: &mut Machine,
    session: &Rc<Session>,
    model: &Model,
    instance: &Rc<Instance>,
    many: &Many,
    value: Value,
) -> Outcome<()> {
    let query = query(machine, session, model, instance, many)?;
    clear(&query, machine)?;
    add(&query, machine, value)?;
    Ok(())
}

/// A method that only these queries have.
pub(super) fn method(name: &str) -> Option<Method> {
    Some(match name {
        "add" => |query, machine, args| {
            let [value, fresh] =
                args.bind("ManyToManyQuery.add", ["value", "clear_existing"], 1)?;
            if fresh.map_or(Ok(false), |fresh| machine.truth(&fresh))? {
                clear(query, machine)?;
            }
            add(query, machine, value.unwrap_or(Value::None))
        },
        "remove" => |query, machine, args| {
            let value = args.only("ManyToManyQuery.remove")?;
            remove(query, machine, &value)
        },
        "clear" => |query, machine, _| clear(query, machine),
        _ => return None,
    })
}

fn parts(query: &Query) -> Outcome<(Rc<Session>, Rc<Instance>, Many)> {
    match &query.many {
        Some((instance, many)) => Ok((query.session.clone(), instance.clone(), many.clone())),
        None => Err(raise("AttributeError", "add")),
    }
}

/// Raw keys of the other side.
fn keys(
    machine: &mut Machine,
    session: &Session,
    many: &Many,
    value: &Value,
) -> Outcome<Vec<Value>> {
    let items = match value {
        Value::List(_) | Value::Tuple(_) => machine.list_of(value)?,
        Value::None => Vec::new(),
        one => vec![one.clone()],
    };
    let name = referred(session, many.through, &many.far);
    let key = |item: Value| match &item {
        Value::Instance(instance) => super::instance::data(instance, &name).unwrap_or(Value::None),
        _ => item,
    };
    Ok(items.into_iter().map(key).gather())
}

fn add(query: &Query, machine: &mut Machine, value: Value) -> Outcome {
    let (session, instance, many) = parts(query)?;
    let own = own_key(&session, &many, &instance);
    let names = vec![many.near.clone(), many.far.clone()];
    let rows = if let Some(Source::Query(other)) = source_of(&session, &value) {
        let far = referred(&session, many.through, &many.far);
        let columns = vec![Node::Value(own), Node::Field(other.root.clone(), far)];
        Rows::From(names, other.changed(|other| other.columns = columns))
    } else {
        let keys = keys(machine, &session, &many, &value)?;
        if keys.is_empty() {
            return Ok(Value::None);
        }
        let row = |key: Value| {
            let mut dict = crate::value::Dict::default();
            dict.set(&many.near, own.clone());
            dict.set(&many.far, key);
            Value::dict(dict)
        };
        Rows::Many(None, keys.into_iter().map(row).gather())
    };
    Write::new(&session, many.through, Act::Insert(rows)).execute(machine)?;
    Ok(Value::None)
}

fn remove(query: &Query, machine: &mut Machine, value: &Value) -> Outcome {
    let (session, instance, many) = parts(query)?;
    let field = |name: &Rc<str>| Node::Field(Source::Model(many.through), name.clone());
    let right = if let Some(Source::Query(other)) = source_of(&session, value) {
        let far = referred(&session, many.through, &many.far);
        let columns = vec![Node::Field(other.root.clone(), far)];
        Node::Query(other.changed(|other| other.columns = columns))
    } else {
        let keys = keys(machine, &session, &many, value)?;
        if keys.is_empty() {
            return Ok(Value::None);
        }
        Node::Value(Value::list(keys))
    };
    let own = Node::Value(own_key(&session, &many, &instance));
    let mut write = Write::new(&session, many.through, Act::Delete);
    write.condition = Some(Node::binary(
        "AND",
        Node::binary("IN", field(&many.far), right),
        Node::binary("=", field(&many.near), own),
    ));
    write.execute(machine)
}

fn clear(query: &Query, machine: &mut Machine) -> Outcome {
    let (session, instance, many) = parts(query)?;
    let own = Node::Value(own_key(&session, &many, &instance));
    let near = Node::Field(Source::Model(many.through), many.near.clone());
    let mut write = Write::new(&session, many.through, Act::Delete);
    write.condition = Some(Node::binary("=", near, own));
    write.execute(machine)
}
