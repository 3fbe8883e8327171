//! Which field class a call names: Django's own, one of the file that derives from it, or one from elsewhere.

use crate::document::Value;
use crate::orm::django::fields::{self, Known};
use crate::python::{Bound, Preset, Scope};

/// A field class.
#[derive(Debug)]
pub(super) struct FieldClass {
    /// Django's own class that it is, or derives from.
    pub(super) known: Option<&'static Known>,
    /// What classes of the file in between set by themselves, the outermost last.
    pub(super) presets: Vec<Preset>,
    /// Whether `db_type` returns `None`: then there is no column.
    pub(super) no_column: bool,
    /// What `db_type` returns, where a class of the file says so.
    pub(super) native: Option<String>,
}

impl FieldClass {
    fn of(known: Option<&'static Known>) -> Self {
        Self { known, presets: Vec::new(), no_column: false, native: None }
    }
}

/// The field class behind a dotted path; `None` where it is none.
pub(super) fn classify(path: &str, scope: &Scope) -> Option<FieldClass> {
    below(path, scope, 0)
}

fn below(path: &str, scope: &Scope, depth: usize) -> Option<FieldClass> {
    // By far the commonest, `models.CharField`: only its last word counts.
    if let Some((module, _)) = path.split_once('.')
        && matches!(scope.get(module), Some(Bound::Path(_)))
    {
        return elsewhere(path);
    }
    match scope.lookup(path) {
        Some(Bound::Class(class)) if depth < 16 => {
            let mut found = class.bases.iter().find_map(|base| below(base, scope, depth + 1))?;
            found.presets.extend(class.init.iter().cloned());
            for (method, value) in &class.returns {
                if method == "db_type" && *value == Value::None {
                    found.no_column = true;
                }
                let Value::Str(text) = value else { continue };
                match method.as_str() {
                    "db_type" => found.native = Some(text.clone()),
                    "get_internal_type" => found.known = fields::known(text).or(found.known),
                    _ => {}
                }
            }
            Some(found)
        }
        Some(Bound::Path(path)) => elsewhere(&path),
        Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => None,
        // Nothing binds it: a half-typed import, or `from … import *`. Django's own names are taken at their word.
        None => elsewhere(path).filter(|class| class.known.is_some()),
    }
}

fn elsewhere(path: &str) -> Option<FieldClass> {
    let last = path.rsplit('.').next().unwrap_or(path);
    if let Some(known) = fields::known(last) {
        return Some(FieldClass::of(Some(known)));
    }
    let of = |name| Some(FieldClass::of(fields::known(name)));
    match last {
        "Field" => return Some(FieldClass::of(None)),
        "ParentalKey" | "GroupedForeignKey" | "ChainedForeignKey" => return of("ForeignKey"),
        "ParentalManyToManyField" | "SortedManyToManyField" => return of("ManyToManyField"),
        _ => {}
    }
    if last.ends_with("ForeignKey") {
        return of("ForeignKey");
    }
    if last.ends_with("OneToOneField") {
        return of("OneToOneField");
    }
    if last.ends_with("ManyToManyField") {
        return of("ManyToManyField");
    }
    last.ends_with("Field").then(|| FieldClass::of(None))
}
