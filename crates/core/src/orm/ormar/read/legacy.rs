//! `class Meta(BaseMeta)`: how ormar before 0.20 was configured. It is read with its old meaning; a rule says what it means today.
//!
//! Source: ormar 0.12.2, `ormar/models/metaclass.py`.

use ruff_python_ast::StmtClassDef;
use ruff_text_size::Ranged;

use super::Reader;
use super::class::old_meta_class;
use super::config::Config;
use crate::document::{Argument, ModuleCall, Name, Span, Value};
use crate::python::{self, Bound, Class};

/// Options that a class `Meta` could have.
const OPTIONS: &[&str] =
    &["tablename", "metadata", "database", "constraints", "orders_by", "abstract", "proxy"];

impl Reader<'_> {
    /// What the nested class `Meta` of a model said.
    pub(super) fn old_meta(&self, def: &StmtClassDef) -> Option<Config> {
        let inner = old_meta_class(def)?;
        let Some(Bound::Class(outer)) = self.nested(def) else { return None };
        let mut config = Config {
            identity: format!("%{}", u32::from(inner.range.start())),
            options: Vec::new(),
        };
        let own = |option: &str| {
            inner.body.iter().find_map(|statement| {
                let (targets, value) = python::assigned(statement)?;
                let named =
                    targets.iter().any(|target| python::dotted(target).as_deref() == Some(option));
                named.then(|| {
                    (python::span(statement.range()), python::eval(value, &self.scope, self.source))
                })
            })
        };
        for option in OPTIONS {
            let found = own(option).or_else(|| {
                let value = self.inherited(&outer, option)?;
                Some((Span::default(), value))
            });
            if let Some((span, value)) = found {
                let value = match *option {
                    "metadata" | "database" => named(option, value),
                    _ => value,
                };
                config.set(Name { text: (*option).to_owned(), span }, value);
            }
        }
        Some(config)
    }

    /// Keeps `class BaseMeta(ormar.ModelMeta)` with what it assigns, as a call of `class`.
    pub(super) fn old_base(&mut self, def: &StmtClassDef) {
        let mut bases = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        let Some(base) = bases.find(|base| {
            python::dotted(base).is_some_and(|path| self.scope.resolve(&path) == "ormar.ModelMeta")
        }) else {
            return;
        };
        let args = def.body.iter().filter_map(|statement| {
            let (targets, value) = python::assigned(statement)?;
            let value_span = python::span(value.range());
            Some(Argument {
                keyword: Some(targets.first().and_then(|target| python::dotted(target))?),
                value: python::eval(value, &self.scope, self.source),
                span: python::span(statement.range()),
                value_span,
            })
        });
        let args = args.collect();
        self.document.calls.push(ModuleCall {
            callee: Name { text: "class".to_owned(), span: python::span(base.range()) },
            target: Some(python::name(&def.name)),
            args,
            span: python::span(def.range()),
        });
    }

    fn nested(&self, def: &StmtClassDef) -> Option<Bound> {
        let inner = old_meta_class(def)?;
        let bases = inner.arguments.iter().flat_map(|arguments| arguments.args.iter());
        let bases = bases.filter_map(python::dotted).collect();
        Some(Bound::Class(Class { bases, ..Class::default() }.into()))
    }

    /// An option from the classes that `Meta` derives from; those of other files are taken to have a database.
    fn inherited(&self, class: &Class, option: &str) -> Option<Value> {
        match self.scope.attribute(class, option) {
            Some(Bound::Value(value)) => Some(value),
            Some(Bound::Path(path)) => Some(Value::Name(path)),
            Some(Bound::Class(_) | Bound::Opaque) => Some(Value::Name(option.to_owned())),
            None => {
                let elsewhere = class
                    .bases
                    .iter()
                    .any(|base| matches!(self.scope.lookup(base), Some(Bound::Path(_)) | None));
                (elsewhere && matches!(option, "metadata" | "database"))
                    .then(|| Value::Name(option.to_owned()))
            }
        }
    }
}

fn named(option: &str, value: Value) -> Value {
    match value {
        Value::None | Value::Name(_) => value,
        _ => Value::Name(option.to_owned()),
    }
}
