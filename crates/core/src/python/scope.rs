//! What names stand for while a file is read from top to bottom, as Python itself reads it.

use rustc_hash::FxHashMap;
use std::rc::Rc;

use super::{Preset, Signature};
use crate::document::Value;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Bound {
    /// Something from elsewhere, by its dotted path: an import, or another name for one.
    Path(String),
    /// A constant.
    Value(Value),
    /// A class of this file.
    Class(Rc<Class>),
    /// Something that is not followed: a function, a computed value.
    Opaque,
}

/// A class of the file, as far as constants and field classes need it.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// Its base classes as dotted paths, imports followed.
    pub bases: Vec<String>,
    /// What its body binds.
    pub names: FxHashMap<String, Bound>,
    /// The members, where it is an enumeration.
    pub members: Option<Vec<EnumMember>>,
    /// Methods that do nothing but return a constant, with the constant: `db_type`, `get_internal_type`.
    pub returns: Vec<(String, Value)>,
    /// Keyword arguments that its `__init__` gives to its parent's.
    pub init: Vec<Preset>,
    /// What its `__init__` takes and gives on by position, where it has one.
    pub signature: Option<Signature>,
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumMember {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// Its label: what was given, or the name in words.
    pub label: Value,
}

/// The names in sight: the module's, and those of the class bodies around the place that is being read.
#[derive(Clone, Debug)]
pub struct Scope {
    frames: Vec<FxHashMap<String, Bound>>,
}

impl Default for Scope {
    fn default() -> Self {
        Self { frames: vec![FxHashMap::default()] }
    }
}

/// How many classes a search for an attribute looks into. `class ormar(ormar.Model)` derives from what it hides, without end.
const STEPS: u32 = 200;

impl Scope {
    /// Binds a name in the innermost body.
    pub fn bind(&mut self, name: impl Into<String>, bound: Bound) {
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name.into(), bound);
        }
    }

    /// Enters a class body.
    pub fn enter(&mut self) {
        self.frames.push(FxHashMap::default());
    }

    /// Leaves a class body; gives what it bound.
    pub fn leave(&mut self) -> FxHashMap<String, Bound> {
        if self.frames.len() > 1 {
            self.frames.pop().unwrap_or_default()
        } else {
            FxHashMap::default()
        }
    }

    /// What a plain name stands for. A nested class body sees its own names and the module's, not those of the class around it.
    pub fn get(&self, name: &str) -> Option<&Bound> {
        let inner = self.frames.last().and_then(|frame| frame.get(name));
        inner.or_else(|| self.frames.first().and_then(|frame| frame.get(name)))
    }

    /// What a dotted path stands for: imports are followed, attributes of the file's own classes looked up.
    pub fn lookup(&self, path: &str) -> Option<Bound> {
        self.lookup_within(path, &mut { STEPS })
    }

    fn lookup_within(&self, path: &str, steps: &mut u32) -> Option<Bound> {
        let Some((first, rest)) = path.split_once('.') else { return self.get(path).cloned() };
        // Most paths lead into an import at once, and are put together in one go.
        let mut bound = match self.get(first)? {
            Bound::Path(module) => return Some(Bound::Path([module, ".", rest].concat())),
            other => other.clone(),
        };
        for part in rest.split('.') {
            bound = match bound {
                Bound::Path(path) => Bound::Path([&path, ".", part].concat()),
                Bound::Class(class) => self.attribute_within(&class, part, steps)?,
                Bound::Value(_) | Bound::Opaque => return None,
            };
        }
        Some(bound)
    }

    /// An attribute of a class of the file, its own or inherited within the file.
    pub fn attribute(&self, class: &Class, name: &str) -> Option<Bound> {
        self.attribute_within(class, name, &mut { STEPS })
    }

    fn attribute_within(&self, class: &Class, name: &str, steps: &mut u32) -> Option<Bound> {
        if let Some(bound) = class.names.get(name) {
            return Some(bound.clone());
        }
        class.bases.iter().find_map(|base| {
            *steps = steps.checked_sub(1)?;
            match self.lookup_within(base, steps) {
                Some(Bound::Class(parent)) => self.attribute_within(&parent, name, steps),
                Some(Bound::Path(_) | Bound::Value(_) | Bound::Opaque) | None => None,
            }
        })
    }

    /// The path as others know it: `models.CharField` becomes `django.db.models.CharField` after the usual import.
    pub fn resolve(&self, path: &str) -> String {
        match self.lookup(path) {
            Some(Bound::Path(resolved)) => resolved,
            Some(Bound::Value(_) | Bound::Class(_) | Bound::Opaque) | None => path.to_owned(),
        }
    }
}
