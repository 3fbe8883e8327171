//! Stage 1 for Django: source to document.

mod class;
mod custom;
mod field;
mod meta;
mod relation;

use rustc_hash::FxHashSet;

use ruff_python_ast::{ExceptHandler, Stmt, StmtClassDef};

use super::contrib;
use crate::document::Document;
use crate::python::{self, Bound, Class, Scope};

/// Reads a file. Never fails.
pub(in crate::orm::django) fn read(source: &str) -> Document {
    let parsed = python::import(source);
    let mut reader = Reader {
        source,
        scope: Scope::default(),
        models: FxHashSet::default(),
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
    models: FxHashSet<String>,
    document: Document,
}

impl Reader<'_> {
    fn body(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if let Stmt::ClassDef(def) = statement {
                self.class(def);
            } else if let Some(blocks) = without_pillow(statement) {
                for block in blocks {
                    self.body(block);
                }
            } else if let Some(blocks) = python::blocks(statement, &self.scope, self.source) {
                for block in blocks {
                    self.body(block);
                }
            } else {
                python::bind(statement, &mut self.scope, self.source, &mut self.document.imports);
            }
        }
    }

    fn class(&mut self, def: &StmtClassDef) {
        let name = def.name.id.as_str().to_owned();
        let class = if self.is_model(def) {
            let (model, class) = self.model(def);
            self.document.models.push(model);
            self.models.insert(name.clone());
            class
        } else {
            self.models.remove(&name);
            self.container(def)
        };
        self.scope.bind(name, Bound::Class(class.into()));
    }

    /// A class that is no model; there may be models in it.
    fn container(&mut self, def: &StmtClassDef) -> Class {
        self.scope.enter();
        for statement in &def.body {
            if let Stmt::ClassDef(inner) = statement {
                self.class(inner);
            } else {
                python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
            }
        }
        python::close_class(def, &mut self.scope, self.source)
    }

    /// Whether a class is a model: one of its bases is one. A base from elsewhere that is not known counts where the
    /// body declares fields.
    fn is_model(&self, def: &StmtClassDef) -> bool {
        let bases = def
            .arguments
            .iter()
            .flat_map(|arguments| arguments.args.iter())
            .filter_map(python::dotted);
        let mut unknown = false;
        for base in bases {
            match self.scope.lookup(&base) {
                Some(Bound::Class(_)) if self.models.contains(&base) => return true,
                Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => {}
                Some(Bound::Path(path)) if is_model_path(&path) => return true,
                Some(Bound::Path(path)) => {
                    unknown |= !path.starts_with("django.db") && !path.starts_with("enum.")
                }
                None if is_model_path(&base) => return true,
                None => unknown = true,
            }
        }
        unknown && def.body.iter().any(|statement| self.declares_field(statement))
    }

    fn declares_field(&self, statement: &Stmt) -> bool {
        let Some((_, ruff_python_ast::Expr::Call(call))) = python::assigned(statement) else {
            return false;
        };
        python::dotted(&call.func).is_some_and(|path| {
            custom::classify(&path, &self.scope).is_some_and(|class| class.known.is_some())
        })
    }
}

/// Paths under which Django's `Model` goes, and those of the models of its own apps.
fn is_model_path(path: &str) -> bool {
    matches!(
        path,
        "models.Model" | "Model" | "django.db.models.Model" | "django.db.models.base.Model"
    ) || path == "django.contrib.gis.db.models.Model"
        || contrib::model_at(path).is_some()
}

/// The blocks of a `try` that run where Pillow is not there. The checks say of every `ImageField` that it is not: the
/// recordings were made so, and no file of models can tell.
fn without_pillow(statement: &Stmt) -> Option<Vec<&[Stmt]>> {
    let Stmt::Try(attempt) = statement else { return None };
    let is_pillow = |module: &str| module == "PIL" || module.starts_with("PIL.");
    let imports = |statement: &Stmt| match statement {
        Stmt::ImportFrom(from) => from.module.as_ref().is_some_and(|module| is_pillow(&module.id)),
        Stmt::Import(import) => import.names.iter().any(|alias| is_pillow(&alias.name.id)),
        _ => false,
    };
    let handlers = attempt.handlers.iter().map(|handler| {
        let ExceptHandler::ExceptHandler(handler) = handler;
        handler.body.as_slice()
    });
    attempt.body.iter().any(imports).then(|| handlers.chain([&*attempt.finalbody]).collect())
}
