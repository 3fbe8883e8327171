//! Stage 1 for ormar: source to document.
//!
//! Models are classes under `ormar.Model`; a plain class that declares ormar's fields lends them to models, as an abstract one does.

mod class;
mod config;
mod field;
mod legacy;

pub(super) use config::{CONFIG, PARAMETERS};

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use super::fields;
use crate::document::{Document, ModelKind, ModuleCall, Name};
use crate::python::{self, Bound, Scope};

/// Reads a file. Never fails.
pub(super) fn read(source: &str) -> Document {
    let parsed = python::import(source);
    let mut reader = Reader {
        source,
        scope: Scope::default(),
        models: FxHashMap::default(),
        configs: FxHashMap::default(),
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
    /// Names that stand for model classes and mixins of the file.
    models: FxHashMap<String, Known>,
    /// Configurations by their dotted paths: `base_ormar_config`, `Author.ormar_config`.
    configs: FxHashMap<String, config::Config>,
    document: Document,
}

/// What a class of the file is, as far as others that derive from it need it.
#[derive(Clone, Copy)]
struct Known {
    kind: ModelKind,
    /// Whether `ormar.Model` is among its ancestors; otherwise it is a mixin.
    model: bool,
}

impl Reader<'_> {
    fn body(&mut self, statements: &[Stmt]) {
        for statement in statements {
            match statement {
                Stmt::ClassDef(def) => self.class(def),
                // `for model in (A, B): model.update_forward_refs()` runs once for each.
                Stmt::For(each) => self.each(each),
                _ => {
                    if let Some(blocks) = python::blocks(statement, &self.scope, self.source) {
                        for block in blocks {
                            self.body(block);
                        }
                    } else {
                        self.statement(statement);
                    }
                }
            }
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        self.module_call(statement, None);
        self.module_config(statement);
        python::bind(statement, &mut self.scope, self.source, &mut self.document.imports);
    }

    fn each(&mut self, each: &ruff_python_ast::StmtFor) {
        let (
            Expr::Name(target),
            Expr::List(ruff_python_ast::ExprList { elts, .. })
            | Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. }),
        ) = (&*each.target, &*each.iter)
        else {
            return;
        };
        for item in elts.iter().filter_map(python::dotted) {
            for statement in &each.body {
                self.module_call(statement, Some((target.id.as_str(), &item)));
            }
        }
    }

    /// Keeps `Author.update_forward_refs()` and the calls that make configurations; `stands_for` is a loop's variable and its value.
    fn module_call(&mut self, statement: &Stmt, stands_for: Option<(&str, &str)>) {
        let (target, value) = match statement {
            Stmt::Expr(expression) => (None, &*expression.value),
            _ => match python::assigned(statement) {
                Some((targets, value)) => (targets.first().copied(), value),
                None => return,
            },
        };
        let Expr::Call(call) = value else { return };
        let Some(mut path) = python::dotted(&call.func) else { return };
        if let Some((name, value)) = stands_for
            && let Some(rest) = path.strip_prefix(name).filter(|rest| rest.starts_with('.'))
        {
            path = format!("{value}{rest}");
        }
        let last = path.rsplit('.').next().unwrap_or_default();
        let is_config = last == "OrmarConfig" || (last == "copy" && self.is_config(&path));
        if last != "update_forward_refs" && !is_config {
            return;
        }
        let name = |expr: &Expr| match expr {
            Expr::Name(name) => {
                Some(Name { text: name.id.to_string(), span: python::span(name.range) })
            }
            _ => None,
        };
        self.document.calls.push(ModuleCall {
            callee: Name { text: path, span: python::span(call.func.range()) },
            target: target.and_then(name),
            args: python::arguments(&call.arguments, &self.scope, self.source),
            span: python::span(statement.range()),
        });
    }

    fn class(&mut self, def: &StmtClassDef) {
        let name = def.name.id.to_string();
        self.old_base(def);
        let class = match self.family(def) {
            Some(model) => {
                let (read, class) = self.model(def, model);
                self.models.insert(name.clone(), Known { kind: read.kind, model });
                self.document.models.push(read);
                class
            }
            None => {
                self.models.remove(&name);
                python::class(def, &mut self.scope, self.source)
            }
        };
        self.scope.bind(name, Bound::Class(class.into()));
    }

    /// Whether a class is a model (`true`) or a mixin with fields (`false`). A base from elsewhere that is not known counts
    /// as a model where the body declares fields.
    fn family(&self, def: &StmtClassDef) -> Option<bool> {
        let mut mixin = false;
        let mut unknown = false;
        for base in bases(def) {
            match self.scope.lookup(&base) {
                Some(Bound::Class(_)) => match self.models.get(&base) {
                    Some(known) if known.model => return Some(true),
                    Some(_) => mixin = true,
                    None => {}
                },
                Some(Bound::Path(path)) if is_model_path(&path) => return Some(true),
                Some(Bound::Path(path)) => unknown |= !is_plain(&path),
                Some(Bound::Value(_) | Bound::Opaque) => {}
                None if is_model_path(&base) => return Some(true),
                None => unknown |= !is_plain(&base),
            }
        }
        let declares = def.body.iter().any(|statement| self.declares_field(statement));
        match (declares, unknown) {
            (true, true) => Some(true),
            (true, false) => Some(false),
            (false, _) => mixin.then_some(false),
        }
    }

    fn declares_field(&self, statement: &Stmt) -> bool {
        let Some((_, Expr::Call(call))) = python::assigned(statement) else { return false };
        python::dotted(&call.func)
            .and_then(|path| field::class_at(&path, &self.scope))
            .is_some_and(|known| known.is_some())
    }
}

fn bases(def: &StmtClassDef) -> impl Iterator<Item = String> {
    def.arguments.iter().flat_map(|arguments| arguments.args.iter()).filter_map(python::dotted)
}

/// Paths under which ormar's `Model` goes.
fn is_model_path(path: &str) -> bool {
    matches!(path, "ormar.Model" | "ormar.models.Model" | "ormar.models.model.Model" | "Model")
}

/// Bases that are certainly no models.
fn is_plain(path: &str) -> bool {
    let root = path.split('.').next().unwrap_or_default();
    matches!(
        root,
        "object"
            | "enum"
            | "typing"
            | "abc"
            | "pydantic"
            | "Generic"
            | "ABC"
            | "str"
            | "int"
            | "Enum"
            | "BaseModel"
    )
}

/// The name of a field class, where a path leads to one of ormar's own.
fn ormar_name(path: &str) -> Option<&str> {
    let (module, last) = path.rsplit_once('.')?;
    (module == "ormar" || module.starts_with("ormar.fields")).then_some(last)
}

/// ormar's own field class behind a resolved path.
fn known_at(path: &str) -> Option<&'static fields::Known> {
    fields::known(ormar_name(path)?)
}
