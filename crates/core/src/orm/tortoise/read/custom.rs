//! Which field class a call names: Tortoise's own, one of the file that derives from it, or one from elsewhere.

use crate::document::Value;
use crate::orm::tortoise::fields::{self, Known};
use crate::python::{Bound, Class, Preset, Scope};

/// A field class.
#[derive(Debug)]
pub(super) struct FieldClass {
    /// Tortoise's own class that it is, or derives from.
    pub(super) known: Option<&'static Known>,
    /// Whether it is a class of the file's own. Tortoise then has no word for its type but the database's.
    pub(super) derived: bool,
    /// What classes of the file in between set by themselves, the outermost last.
    pub(super) presets: Vec<Preset>,
    /// What the positional arguments are, where a class of the file says so.
    pub(super) parameters: Option<Vec<String>>,
    /// `SQL_TYPE`, where a class of the file gives one.
    pub(super) native: Option<String>,
}

impl FieldClass {
    fn of(known: Option<&'static Known>) -> Self {
        Self { known, derived: false, presets: Vec::new(), parameters: None, native: None }
    }
}

/// The field class behind a dotted path; `None` where it is none.
pub(super) fn classify(path: &str, scope: &Scope) -> Option<FieldClass> {
    below(path, scope, 0)
}

fn below(path: &str, scope: &Scope, depth: usize) -> Option<FieldClass> {
    match scope.lookup(path) {
        Some(Bound::Class(class)) if depth < 16 => {
            let mut found = class.bases.iter().find_map(|base| below(base, scope, depth + 1))?;
            derive(&mut found, &class);
            Some(found)
        }
        Some(Bound::Path(path)) if path.split('.').next() == Some("tortoise") => elsewhere(&path),
        // Fields of other ORMs in the same file are not Tortoise's.
        Some(Bound::Path(path)) => elsewhere(&path).filter(|_| {
            !["django.", "pydantic.", "peewee.", "dataclasses.", "sqlalchemy.", "ormar."]
                .iter()
                .any(|other| path.starts_with(other))
        }),
        Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => None,
        // Nothing binds it: a half-typed import, or `from … import *`. Tortoise's own names are taken at their word.
        None => elsewhere(path).filter(|class| class.known.is_some()),
    }
}

/// What a class of the file adds to the one that it derives from.
fn derive(found: &mut FieldClass, class: &Class) {
    let positional = match &found.parameters {
        Some(parameters) => parameters.clone(),
        None => found
            .known
            .map(|known| known.positional.iter().map(|name| (*name).to_owned()).collect())
            .unwrap_or_default(),
    };
    if let Some(signature) = &class.signature {
        // What `super().__init__(128, …)` gives on by position; a parameter of its own stays the caller's.
        for (keyword, value) in positional.iter().zip(&signature.passed) {
            if !matches!(value, Value::Name(_)) {
                let (keyword, value) = (keyword.clone(), value.clone());
                found.presets.push(Preset { keyword, value, forced: true });
            }
        }
        found.parameters = Some(signature.parameters.clone());
    }
    found.presets.extend(class.init.iter().cloned());
    found.derived = true;
    // A dialect's own type goes before the general one.
    let own = |names: &rustc_hash::FxHashMap<String, Bound>| match names.get("SQL_TYPE") {
        Some(Bound::Value(Value::Str(text))) => Some(text.clone()),
        _ => None,
    };
    let dialect = match class.names.get("_db_sqlite") {
        Some(Bound::Class(inner)) => own(&inner.names),
        _ => None,
    };
    if let Some(native) = dialect.or_else(|| own(&class.names)) {
        found.native = Some(native);
    }
}

fn elsewhere(path: &str) -> Option<FieldClass> {
    let last = path.rsplit('.').next().unwrap_or(path);
    if let Some(known) = fields::known(last) {
        return Some(FieldClass::of(Some(known)));
    }
    last.ends_with("Field").then(|| FieldClass::of(None))
}
