//! Stage 1 for Tortoise: source to document.

mod class;
mod comment;
mod custom;
mod field;
mod meta;
mod relation;

use std::collections::HashSet;

use ruff_python_ast::{Expr, Stmt, StmtClassDef};

use crate::document::{Document, Model};
use crate::python::{self, Bound, Scope};

/// Reads a file. Never fails.
pub(in crate::orm::tortoise) fn read(source: &str) -> Document {
    let parsed = python::import(source);
    let mut reader = Reader {
        source,
        scope: Scope::default(),
        models: HashSet::new(),
        mixins: HashSet::new(),
        document: Document::default(),
    };
    if parsed.errors.is_empty() {
        reader.document.undefined = python::undefined(&parsed.module);
    }
    reader.document.syntax = parsed.errors;
    reader.body(&parsed.module.body);
    reader.document
}

/// What is known while the file is read from top to bottom.
struct Reader<'a> {
    source: &'a str,
    scope: Scope,
    /// Names that stand for model classes of the file.
    models: HashSet<String>,
    /// Names that stand for plain classes with fields.
    mixins: HashSet<String>,
    document: Document,
}

/// What a class of the file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Model,
    Mixin,
    Other,
}

impl Reader<'_> {
    fn body(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if let Stmt::ClassDef(def) = statement {
                self.class(def);
            } else if let Some(blocks) = python::blocks(statement, &self.scope, self.source) {
                for block in blocks {
                    self.body(block);
                }
            } else {
                self.listed(statement);
                python::bind(statement, &mut self.scope, self.source, &mut self.document.imports);
            }
        }
    }

    /// `__models__ = [Author, Book]`: what `Apps._discover_models` looks at in place of the module's names.
    fn listed(&mut self, statement: &Stmt) {
        let Some((targets, value)) = python::assigned(statement) else { return };
        let is_list =
            |target: &&Expr| matches!(target, Expr::Name(name) if name.id == "__models__");
        if !targets.iter().any(is_list) {
            return;
        }
        let elements = match value {
            Expr::List(list) => list.elts.as_slice(),
            Expr::Tuple(tuple) => tuple.elts.as_slice(),
            _ => &[],
        };
        let names: Vec<String> = elements.iter().filter_map(python::dotted).collect();
        self.document.listed = (!names.is_empty()).then_some(names);
    }

    fn class(&mut self, def: &StmtClassDef) {
        let name = def.name.id.to_string();
        self.models.remove(&name);
        self.mixins.remove(&name);
        let class = match self.sort(def) {
            Sort::Model => {
                let (model, class) = self.model(def, Sort::Model);
                self.keep(model);
                self.models.insert(name.clone());
                class
            }
            Sort::Mixin => {
                let (model, class) = self.model(def, Sort::Mixin);
                self.keep(model);
                self.mixins.insert(name.clone());
                class
            }
            Sort::Other => python::class(def, &mut self.scope, self.source),
        };
        self.scope.bind(name, Bound::Class(class.into()));
    }

    fn keep(&mut self, model: Model) {
        self.document.models.push(model);
    }

    /// Whether a class is a model (one of its bases is one), or lends fields to models. A base from elsewhere that is not
    /// known counts as a model where the body declares fields.
    fn sort(&self, def: &StmtClassDef) -> Sort {
        let bases = def
            .arguments
            .iter()
            .flat_map(|arguments| arguments.args.iter())
            .filter_map(python::dotted);
        let (mut unknown, mut mixin) = (false, false);
        for base in bases {
            match self.scope.lookup(&base) {
                Some(Bound::Class(_)) if self.models.contains(&base) => return Sort::Model,
                Some(Bound::Class(_)) => mixin |= self.mixins.contains(&base),
                Some(Bound::Value(_) | Bound::Opaque) => {}
                Some(Bound::Path(path)) if self.models.contains(&path) || is_model_path(&path) => {
                    return Sort::Model;
                }
                Some(Bound::Path(path)) => unknown |= !is_plain_path(&path),
                None if is_model_path(&base) => return Sort::Model,
                None => unknown |= !is_plain_path(&base),
            }
        }
        let declares = def.body.iter().any(|statement| self.declares_field(statement));
        match (unknown && declares, mixin || declares) {
            (true, _) => Sort::Model,
            (false, true) => Sort::Mixin,
            (false, false) => Sort::Other,
        }
    }

    fn declares_field(&self, statement: &Stmt) -> bool {
        let Some((_, Expr::Call(call))) = python::assigned(statement) else { return false };
        python::dotted(&call.func).is_some_and(|path| {
            custom::classify(&path, &self.scope).is_some_and(|class| class.known.is_some())
        })
    }
}

/// Paths under which Tortoise's `Model` goes.
fn is_model_path(path: &str) -> bool {
    matches!(path, "models.Model" | "Model" | "tortoise.Model" | "tortoise.models.Model")
}

/// Paths of classes that are no models, though their file is not known.
fn is_plain_path(path: &str) -> bool {
    let module = path.split('.').next().unwrap_or(path);
    matches!(
        module,
        "object" | "abc" | "typing" | "typing_extensions" | "enum" | "pydantic" | "dataclasses"
    ) || matches!(
        path,
        "ABC" | "Generic" | "Protocol" | "Enum" | "IntEnum" | "StrEnum" | "str" | "int"
    ) || path.starts_with("tortoise.")
}
