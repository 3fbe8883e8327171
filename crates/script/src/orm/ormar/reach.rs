//! Which relations are gone through from a model: `_iterate_related_models` of ormar, and the nested names that its arguments give.

use rustc_hash::FxHashMap;
use throughline_order::{Arrange as _, Gather as _};

use super::accessor::Accessor;
use super::link::{Kind, links};
use crate::Machine;
use crate::orm::names::Names;
use crate::value::{Outcome, Value};
use crate::world::World;

/// What a script gives: names, paths, accessors, sets and nested dictionaries of them.
pub(super) fn names(machine: &mut Machine, given: &Value) -> Outcome<Names> {
    match given {
        Value::Str(path) => Ok(Names::of([&**path])),
        Value::Object(object) if object.any().is::<Accessor>() => {
            let accessor = object.any().downcast_ref::<Accessor>();
            Ok(Names::of(accessor.map(|accessor| accessor.path.as_str())))
        }
        Value::Dict(dict) => {
            let items: Vec<(Value, Value)> =
                dict.borrow().items().map(|(key, value)| (key.clone(), value.clone())).collect();
            let mut out = Names::default();
            for (key, value) in items {
                let name = machine.str(&key)?;
                let below = match value {
                    Value::Ellipsis => None,
                    other => Some(names(machine, &other)?),
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
            let mut out = Names::default();
            for item in machine.list_of(other)? {
                for (name, below) in names(machine, &item)?.0 {
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
            .collect();
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
