//! Which relations are gone through from a model: `_iterate_related_models` of ormar, and the nested names that its arguments are made of.

use rustc_hash::FxHashMap;
use throughline_order::{Arrange as _, Gather as _};

use super::accessor::Accessor;
use super::link::{Kind, links};
use crate::Machine;
use crate::value::{Outcome, Value};
use crate::world::World;

/// Names, each with those below it; `None` for all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(pub(super) Vec<(String, Option<Names>)>);

impl Names {
    /// Of paths: `translate_list_to_dict`.
    pub(super) fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut out = Self::default();
        for path in paths {
            out.put(path);
        }
        out
    }

    fn put(&mut self, path: &str) {
        let (name, beyond) = match path.split_once("__") {
            Some((name, beyond)) => (name, Some(beyond)),
            None => (path, None),
        };
        if !self.has(name) {
            self.0.push((name.to_owned(), None));
        }
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        if let (Some((_, below)), Some(beyond)) = (found, beyond) {
            below.get_or_insert_default().put(beyond);
        }
    }

    /// What a script gives: names, paths, accessors, sets and nested dictionaries of them.
    pub(super) fn read(machine: &mut Machine, given: &Value) -> Outcome<Self> {
        match given {
            Value::Str(path) => Ok(Self::of([&**path])),
            Value::Object(object) if object.any().is::<Accessor>() => {
                let accessor = object.any().downcast_ref::<Accessor>();
                Ok(Self::of(accessor.map(|accessor| accessor.path.as_str())))
            }
            Value::Dict(dict) => {
                let items: Vec<(Value, Value)> =
                    dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).gather();
                let mut out = Self::default();
                for (key, value) in items {
                    let name = machine.str(&key)?;
                    let below = match value {
                        Value::Ellipsis => None,
                        other => Some(Self::read(machine, &other)?),
                    };
                    // `__all__` stands for each item of a list.
                    match below {
                        Some(below) if &*name == "__all__" => return Ok(below),
                        below => out.0.push((name.to_string(), below)),
                    }
                }
                Ok(out)
            }
            other => {
                let mut out = Self::default();
                for item in machine.list_of(other)? {
                    for (name, below) in Self::read(machine, &item)?.0 {
                        match (out.0.iter_mut().find(|(known, _)| *known == name), below) {
                            (Some((_, Some(known))), Some(below)) => known.0.extend(below.0),
                            (Some(_), _) => {}
                            (None, below) => out.0.push((name, below)),
                        }
                    }
                }
                Ok(out)
            }
        }
    }

    /// The names as paths.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (name, below) in &self.0 {
            match below {
                Some(below) => {
                    out.extend(below.paths().iter().map(|path| format!("{name}__{path}")))
                }
                None => out.push(name.clone()),
            }
        }
        out
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether all of it is named, not only what is below.
    pub(super) fn whole(&self, name: &str) -> bool {
        self.0.iter().any(|(known, below)| {
            known == name
                && below.as_ref().is_none_or(|below| below.0.len() == 1 && below.has("__all__"))
        })
    }

    /// What is said of what is below a name.
    pub(super) fn below(&self, name: &str) -> Option<&Self> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_ref()
    }

    /// Without what the other names.
    pub(super) fn without(&mut self, other: &Self) {
        for (name, below) in &other.0 {
            let Some(at) = self.0.iter().position(|(known, _)| known == name) else { continue };
            let left = match (self.0.get_mut(at), below) {
                (Some((_, Some(mine))), Some(below)) => {
                    mine.without(below);
                    !mine.0.is_empty()
                }
                _ => false,
            };
            if !left {
                self.0.remove(at);
            }
        }
    }
}

struct Walk<'w> {
    world: &'w World,
    /// What was found beyond a relation of a model, wherever it was reached first.
    known: FxHashMap<(usize, String), Vec<String>>,
}

/// The paths of all relations that ormar goes through from a model: none leads to a model that it came through.
pub(super) fn reach(world: &World, model: usize) -> Vec<String> {
    let mut walk = Walk { world, known: FxHashMap::default() };
    walk.beyond(model, &mut Vec::new(), None)
}

impl Walk<'_> {
    fn beyond(&mut self, model: usize, above: &mut Vec<usize>, from: Option<&str>) -> Vec<String> {
        let mut relations: Vec<(String, usize)> = self
            .world
            .model(model)
            .map(|model| links(self.world, model))
            .unwrap_or_default()
            .into_iter()
            .filter(|link| link.kind != Kind::Through && !link.hidden)
            .map(|link| (link.name.to_string(), link.target))
            .gather();
        relations.arrange();
        let mut found = Vec::new();
        for (name, target) in relations {
            if above.contains(&target) {
                continue;
            }
            let key = (model, name);
            let deep = match self.known.get(&key).filter(|deep| !deep.is_empty()) {
                Some(deep) => deep.clone(),
                None => {
                    above.push(model);
                    let deep = self.beyond(target, above, Some(&key.1));
                    above.pop();
                    self.known.insert(key, deep.clone());
                    deep
                }
            };
            found.extend(deep);
        }
        match from {
            Some(from) if found.is_empty() => vec![from.to_owned()],
            Some(from) => found.iter().map(|path| format!("{from}__{path}")).gather(),
            None => found,
        }
    }
}
