//! Stage 1 for Peewee: source to document.

mod class;
mod custom;
mod field;
mod meta;

use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{names, starred};
use crate::document::{
    Document, Field, FieldKind, Model, ModelKind, ModuleCall, Name, RelationKind, Value,
};
use crate::python::{self, Bound, Scope};

/// Reads a file. Never fails.
pub(in crate::orm::peewee) fn read(source: &str) -> Document {
    let parsed = python::import(source);
    let mut reader = Reader {
        source,
        scope: Scope::default(),
        stars: Vec::new(),
        functions: FxHashMap::default(),
        models: FxHashSet::default(),
        document: Document::default(),
    };
    if parsed.errors.is_empty() {
        reader.document.undefined = python::undefined_beside(&parsed.module, &starred::names);
    }
    reader.document.syntax = parsed.errors;
    reader.body(&parsed.module.body);
    bases(&mut reader.document.models);
    reader.document
}

/// What is known while the file is read from top to bottom.
struct Reader<'a> {
    source: &'a str,
    scope: Scope,
    /// Modules whose names are all imported.
    stars: custom::Stars,
    /// Functions that give a name, written as a lambda.
    functions: FxHashMap<String, String>,
    /// Names that stand for model classes of the file.
    models: FxHashSet<String>,
    document: Document,
}

impl Reader<'_> {
    fn body(&mut self, statements: &[Stmt]) {
        for statement in statements {
            match statement {
                Stmt::ClassDef(def) => self.class(def),
                Stmt::FunctionDef(function) => self.define(function),
                Stmt::Expr(expression) => self.call(&expression.value),
                _ => match python::blocks(statement, &self.scope, self.source) {
                    Some(blocks) => blocks.into_iter().for_each(|block| self.body(block)),
                    None => self.bind(statement),
                },
            }
        }
    }

    fn bind(&mut self, statement: &Stmt) {
        if let Stmt::ImportFrom(import) = statement
            && import.names.iter().any(|alias| alias.name.id == "*")
        {
            self.stars.extend(import.module.as_ref().map(|module| module.id.to_string()));
        }
        // Another name for a model is a model, too: `Person = User`.
        if let Some((targets, value)) = python::assigned(statement)
            && let Some(path) = python::dotted(value)
        {
            let is_model = self.is_model_name(&path);
            for target in targets.into_iter().filter_map(python::dotted) {
                if is_model {
                    self.models.insert(target);
                } else {
                    self.models.remove(&target);
                }
            }
        }
        python::bind(statement, &mut self.scope, self.source, &mut self.document.imports);
    }

    /// Calls at the left margin may finish models: `Deferred.set_model(Through)`, `db.create_tables([User])`.
    fn call(&mut self, expr: &Expr) {
        let Expr::Call(call) = expr else { return };
        let Some(path) = python::dotted(&call.func) else { return };
        if let Some(model) = path.strip_suffix("._meta.add_field") {
            self.late_field(model, call);
        }
        self.document.calls.push(ModuleCall {
            callee: Name { text: path, span: python::span(call.func.range()) },
            target: None,
            args: python::arguments(&call.arguments, &self.scope, self.source),
            span: python::span(call.range()),
        });
    }

    fn class(&mut self, def: &StmtClassDef) {
        let name = def.name.id.to_string();
        let kind = self.kind(def);
        let class = match kind {
            Some(kind) => {
                let (model, class) = self.model(def, kind);
                if kind == ModelKind::Mixin {
                    self.models.remove(&name);
                } else {
                    self.models.insert(name.clone());
                }
                self.document.models.push(model);
                class
            }
            None => {
                self.models.remove(&name);
                python::class(def, &mut self.scope, self.source)
            }
        };
        self.scope.bind(name, Bound::Class(class.into()));
    }

    /// What a class is: a model where one of its bases is one (a base from elsewhere that is not known counts where the
    /// body declares fields), a mixin where it is none and declares fields all the same.
    fn kind(&self, def: &StmtClassDef) -> Option<ModelKind> {
        let mut unknown = false;
        let arguments = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        for base in arguments.filter_map(python::dotted) {
            if self.is_model_name(&base) {
                return Some(ModelKind::Concrete);
            }
            unknown |= match self.scope.lookup(&base) {
                Some(Bound::Path(path)) => {
                    let root = path.split('.').next().unwrap_or_default();
                    !matches!(root, "peewee" | "playhouse" | "enum" | "typing" | "abc")
                }
                Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => false,
                None => base != "object",
            };
        }
        if !def.body.iter().any(|statement| self.declares_field(statement)) {
            return None;
        }
        Some(if unknown { ModelKind::Concrete } else { ModelKind::Mixin })
    }

    /// Whether a path names a model class: one of the file, Peewee's `Model`, one of `playhouse`, or a database's own.
    fn is_model_name(&self, path: &str) -> bool {
        if self.models.contains(path) {
            return true;
        }
        match self.scope.lookup(path) {
            Some(Bound::Path(full)) => self.models.contains(&full) || names::is_model_path(&full),
            Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => false,
            None => names::is_model_path(path),
        }
    }

    fn declares_field(&self, statement: &Stmt) -> bool {
        let Some((_, Expr::Call(call))) = python::assigned(statement) else { return false };
        python::dotted(&call.func).is_some_and(|path| {
            custom::classify(&path, &self.scope, &self.stars)
                .is_some_and(|class| class.known.is_some())
        })
    }

    /// Keeps a function that does no more than put a name together.
    fn define(&mut self, function: &StmtFunctionDef) {
        self.scope.bind(function.name.id.as_str(), Bound::Opaque);
        if let Some(text) = super::template::of_function(function, self.source) {
            self.functions.insert(function.name.id.to_string(), text);
        }
    }

    /// A function by its text instead of its name, where it is known.
    fn function(&self, value: Value) -> Value {
        match &value {
            Value::Name(name) => match self.functions.get(name) {
                Some(text) => Value::Other(text.clone()),
                None => value,
            },
            _ => value,
        }
    }
}

/// Marks the models that only serve as a base class: they have children, and no column but an `id`.
fn bases(models: &mut [Model]) {
    // Whether each model has no column of its own, by name: the last one declared so far, as in Python.
    let mut bare: FxHashMap<String, bool> = FxHashMap::default();
    let mut parents: FxHashSet<String> = FxHashSet::default();
    let mut marks = Vec::with_capacity(models.len());
    for model in models.iter() {
        parents.extend(model.bases.iter().map(|base| base.path.clone()));
        let own = model.fields.iter().all(|field| field.name.text == "id" || !has_column(field));
        let inherited =
            model.bases.iter().all(|base| bare.get(&base.path).copied().unwrap_or(true));
        let is_bare = own && inherited;
        if model.kind == ModelKind::Concrete {
            bare.insert(model.name.text.clone(), is_bare);
        }
        marks.push(is_bare);
    }
    for (model, is_bare) in models.iter_mut().zip(marks) {
        if is_bare && model.kind == ModelKind::Concrete && parents.contains(&model.name.text) {
            model.kind = ModelKind::Abstract;
        }
    }
}

fn has_column(field: &Field) -> bool {
    match &field.kind {
        FieldKind::Column(_) => true,
        FieldKind::Relation(relation) => relation.kind != RelationKind::ManyToMany,
        FieldKind::Virtual => false,
    }
}
