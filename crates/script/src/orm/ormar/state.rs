//! What ormar keeps with an instance: related instances, those that point at it weakly.

use std::rc::{Rc, Weak};

use rustc_hash::FxHashMap;
use throughline_order::Gather as _;

use super::link::{Kind, Link, link};
use crate::Machine;
use crate::value::{Class, Instance, Object, Outcome, Value};
use crate::world::World;

/// A related instance.
#[derive(Clone)]
enum Held {
    /// One that was put there.
    Strong(Rc<Instance>),
    /// One that points here: it is forgotten when no one else has it.
    Weak(Weak<Instance>),
}

/// What ormar keeps with an instance.
#[derive(Default)]
pub(super) struct State {
    links: FxHashMap<Rc<str>, Vec<Held>>,
    pub(super) saved: bool,
    /// Whether only its key is known.
    pub(super) pk_only: bool,
    /// Relations of which its query set says that `model_dump` shows the keys alone.
    pub(super) flat: Option<crate::orm::names::Names>,
}

impl State {
    /// Of an instance that is known by its key only.
    pub(super) fn dummy() -> Self {
        Self { pk_only: true, ..Self::default() }
    }
}

/// Does something with the state of an instance.
pub(super) fn with_state<T>(
    instance: &Instance,
    change: impl FnOnce(&mut State) -> T,
) -> Option<T> {
    let mut state = instance.state.borrow_mut();
    state.as_mut().and_then(|state| state.downcast_mut::<State>()).map(change)
}

/// The key's value.
pub(super) fn key_of(world: &World, instance: &Instance) -> Value {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at));
    model
        .and_then(|model| model.key())
        .and_then(|key| instance.get(&key.name))
        .unwrap_or(Value::None)
}

/// Whether both are the same row.
pub(super) fn same(
    machine: &mut Machine,
    world: &World,
    a: &Rc<Instance>,
    b: &Rc<Instance>,
) -> Outcome<bool> {
    if Rc::ptr_eq(a, b) {
        return Ok(true);
    }
    if !Rc::ptr_eq(&a.class, &b.class) {
        return Ok(false);
    }
    let (a, b) = (key_of(world, a), key_of(world, b));
    if a.is_none() || b.is_none() {
        return Ok(false);
    }
    machine.equal(&a, &b)
}

/// The instances that a relation holds.
pub(super) fn held(instance: &Instance, name: &str) -> Vec<Rc<Instance>> {
    with_state(instance, |state| {
        let all = state.links.get(name).into_iter().flatten();
        all.filter_map(|held| match held {
            Held::Strong(one) => Some(one.clone()),
            Held::Weak(one) => one.upgrade(),
        })
        .gather()
    })
    .unwrap_or_default()
}

/// What a relation holds, in the way that `repr` shows it: without following those that only point here.
pub(super) fn shown(instance: &Instance, name: &str) -> Vec<Value> {
    let all = with_state(instance, |state| state.links.get(name).cloned()).flatten();
    all.unwrap_or_default()
        .into_iter()
        .map(|held| match held {
            Held::Strong(one) => Value::Instance(one),
            Held::Weak(one) => {
                let name = one.upgrade().map(|one| one.class.name.clone());
                Value::Object(Rc::new(Pointer(name.unwrap_or_else(|| "NoneType".into()))))
            }
        })
        .gather()
}

/// `<weakproxy …>`
struct Pointer(Rc<str>);

impl Object for Pointer {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("weakproxy", "weakref", &[]))
    }

    fn any(&self) -> &dyn std::any::Any {
        self
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(format!("<weakproxy at 0x\u{2026} to {} at 0x\u{2026}>", self.0)))
    }
}

/// How many instances a relation's list counts: those that are gone among them.
pub(super) fn counted(instance: &Instance, name: &str) -> usize {
    with_state(instance, |state| state.links.get(name).map_or(0, Vec::len)).unwrap_or(0)
}

/// Whether a relation points at an instance that is gone: in ormar, looking at it raises `ReferenceError`.
pub(super) fn dangles(instance: &Instance, name: &str) -> bool {
    with_state(instance, |state| {
        let mut all = state.links.get(name).into_iter().flatten();
        all.any(|held| matches!(held, Held::Weak(one) if one.strong_count() == 0))
    })
    .unwrap_or(false)
}

/// Replaces what a relation holds.
pub(super) fn hold(instance: &Instance, name: &Rc<str>, values: Vec<Rc<Instance>>) {
    let values = values.into_iter().map(Held::Strong).gather();
    with_state(instance, |state| state.links.insert(name.clone(), values));
}

/// Adds to the end of a relation's list.
pub(super) fn push(instance: &Instance, name: &Rc<str>, value: &Rc<Instance>) {
    let value = Held::Strong(value.clone());
    with_state(instance, |state| state.links.entry(name.clone()).or_default().push(value));
}

/// Forgets one of a relation's instances.
pub(super) fn forget(
    machine: &mut Machine,
    world: &World,
    instance: &Instance,
    name: &str,
    value: &Rc<Instance>,
) -> Outcome<()> {
    let mut keep = Vec::new();
    let all = with_state(instance, |state| state.links.remove(name)).flatten().unwrap_or_default();
    for each in all {
        let one = match &each {
            Held::Strong(one) => Some(one.clone()),
            Held::Weak(one) => one.upgrade(),
        };
        if let Some(one) = one
            && !same(machine, world, &one, value)?
        {
            keep.push(each);
        }
    }
    with_state(instance, |state| state.links.insert(name.into(), keep));
    Ok(())
}

/// `_find_existing`: where the first of a list is gone, ormar forgets all that are.
fn forget_gone(instance: &Instance, name: &str) {
    let gone = |held: &Held| matches!(held, Held::Weak(one) if one.strong_count() == 0);
    with_state(instance, |state| {
        let Some(all) = state.links.get_mut(name) else { return };
        if all.first().is_some_and(gone) {
            all.retain(|held| !gone(held));
        }
    });
}

fn put(
    machine: &mut Machine,
    world: &World,
    instance: &Rc<Instance>,
    link: &Link,
    value: Held,
) -> Outcome<()> {
    if link.many() {
        let one = match &value {
            Held::Strong(one) => Some(one.clone()),
            Held::Weak(one) => one.upgrade(),
        };
        if let Some(one) = one {
            for known in held(instance, &link.name) {
                if same(machine, world, &known, &one)? {
                    forget_gone(instance, &link.name);
                    return Ok(());
                }
            }
        }
        with_state(instance, |state| state.links.entry(link.name.clone()).or_default().push(value));
    } else {
        with_state(instance, |state| state.links.insert(link.name.clone(), vec![value]));
    }
    Ok(())
}

/// Relates two instances, from both sides: `RelationsManager.add`.
pub(super) fn relate(
    machine: &mut Machine,
    world: &World,
    owner: &Rc<Instance>,
    relation: &Link,
    value: &Rc<Instance>,
) -> Outcome<()> {
    if !relation.hidden {
        put(machine, world, owner, relation, Held::Strong(value.clone()))?;
    }
    if relation.kind != Kind::Through
        && let Some(other) = link(world, relation.target, &relation.related)
        && !other.hidden
    {
        put(machine, world, value, &other, Held::Weak(Rc::downgrade(owner)))?;
    }
    Ok(())
}
