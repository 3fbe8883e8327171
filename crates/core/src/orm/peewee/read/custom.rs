//! Which field class a call names: Peewee's own, one of `playhouse`, one of the file that derives from it, or one from elsewhere.

use std::borrow::Cow;

use crate::document::Value;
use crate::orm::peewee::fields::{self, Known};
use crate::python::{Bound, Preset, Scope};

/// A field class.
#[derive(Clone, Debug)]
pub(super) struct FieldClass {
    /// Peewee's own class that it is, or derives from.
    pub(super) known: Option<&'static Known>,
    /// Its own name.
    pub(super) name: Cow<'static, str>,
    /// What classes of the file in between set by themselves, the outermost last.
    pub(super) presets: Vec<Preset>,
    /// `field_type`, where a class of the file has one.
    pub(super) native: Option<String>,
}

impl FieldClass {
    fn of(known: Option<&'static Known>, name: &str) -> Self {
        // Nearly always it is one of Peewee's own.
        let name = match known {
            Some(known) if known.name == name => Cow::Borrowed(known.name),
            Some(_) | None => Cow::Owned(name.to_owned()),
        };
        Self { known, name, presets: Vec::new(), native: None }
    }
}

/// What star imports bind, the latest last: `from playhouse.sqlite_ext import *`.
pub(super) type Stars = Vec<String>;

/// The field class behind a dotted path; `None` where it is none.
pub(super) fn classify(path: &str, scope: &Scope, stars: &Stars) -> Option<FieldClass> {
    below(path, scope, stars, 0)
}

fn below(path: &str, scope: &Scope, stars: &Stars, depth: usize) -> Option<FieldClass> {
    if depth > 16 {
        return None;
    }
    match scope.lookup(path) {
        Some(Bound::Class(class)) => {
            let mut found =
                class.bases.iter().find_map(|base| below(base, scope, stars, depth + 1))?;
            found.presets.extend(class.init.iter().cloned());
            found.name = Cow::Owned(path.rsplit('.').next().unwrap_or(path).to_owned());
            if let Some(Bound::Value(Value::Str(native))) = class.names.get("field_type") {
                found.native = Some(native.clone());
            }
            Some(found)
        }
        // `functools.partial(CharField, max_length=7)`.
        Some(Bound::Value(Value::Call { callee, args })) if callee.ends_with("partial") => {
            let (first, rest) = args.split_first()?;
            let Value::Name(path) = &first.value else { return None };
            let mut found = below(path, scope, stars, depth + 1)?;
            found.presets.extend(rest.iter().filter_map(|arg| {
                Some(Preset {
                    keyword: arg.keyword.clone()?,
                    value: arg.value.clone(),
                    forced: false,
                })
            }));
            Some(found)
        }
        Some(Bound::Path(resolved)) if resolved != path && scope.lookup(&resolved).is_some() => {
            below(&resolved, scope, stars, depth + 1)
        }
        Some(Bound::Path(path)) => elsewhere(&path),
        Some(Bound::Value(_) | Bound::Opaque) => None,
        // Nothing binds it: a star import does, or an import that is not typed yet.
        None => {
            let starred = stars
                .iter()
                .rev()
                .filter_map(|module| module.strip_prefix("playhouse."))
                .find_map(|module| fields::of_playhouse(module, path));
            match starred {
                Some(known) => Some(FieldClass::of(Some(known), known.name)),
                None => elsewhere(path).filter(|class| class.known.is_some()),
            }
        }
    }
}

fn elsewhere(path: &str) -> Option<FieldClass> {
    let (module, last) = path.rsplit_once('.').unwrap_or(("", path));
    let module = module.rsplit('.').next().unwrap_or(module);
    let known = match module {
        "peewee" => fields::anywhere(last),
        _ => fields::of_playhouse(module, last).or_else(|| fields::anywhere(last)),
    };
    if known.is_some() {
        return Some(FieldClass::of(known, last));
    }
    (last.ends_with("Field") && last != "Field").then(|| FieldClass::of(None, last))
}
