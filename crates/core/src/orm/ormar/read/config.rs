//! `ormar_config`: what a configuration holds, wherever it comes from.
//!
//! Source: `ormar/models/ormar_config.py` of 0.26. `copy` keeps what is the project's (database, metadata, schema, …) and drops what is
//! the model's (table name, constraints, order).

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::Reader;
use crate::document::{Argument, Base, CheckSpec, IndexSpec, Meta, Name, Span, UniqueSpec, Value};
use crate::orm::ormar::fields;
use crate::python::{self, Bound};

/// A configuration.
#[derive(Clone, Debug)]
pub(super) struct Config {
    /// Names the object: two models with one configuration share all of it.
    pub(super) identity: String,
    /// Its options that are set.
    pub(super) options: Vec<(Name, Value)>,
}

/// How a class came by its configuration.
pub(super) enum Origin {
    /// Made for it.
    Own,
    /// The very object that others have, under this path.
    Shared(String),
}

/// What `copy` takes over.
const KEPT: &[&str] = &[
    "metadata",
    "database",
    "engine",
    "schema",
    "comment",
    "abstract",
    "proxy",
    "emit_parent_signals",
    "queryset_class",
    "extra",
];

/// The parameters of `OrmarConfig` in order.
pub(in crate::orm::ormar) const PARAMETERS: &[&str] = &[
    "metadata",
    "database",
    "engine",
    "tablename",
    "schema",
    "comment",
    "order_by",
    "abstract",
    "proxy",
    "emit_parent_signals",
    "queryset_class",
    "extra",
    "constraints",
];

impl Reader<'_> {
    /// Whether a path ends in the method `copy` of a configuration.
    pub(super) fn is_config(&self, path: &str) -> bool {
        path.strip_suffix(".copy").is_some_and(|path| {
            self.configs.contains_key(path)
                || path.rsplit('.').next().is_some_and(|last| last.contains("config"))
        })
    }

    /// Keeps a configuration that a statement of the module makes or changes.
    pub(super) fn module_config(&mut self, statement: &Stmt) {
        let Stmt::Assign(assign) = statement else {
            if let Some((targets, value)) = python::assigned(statement)
                && let Some((config, _)) = self.config(value)
            {
                for target in targets.into_iter().filter_map(python::dotted) {
                    self.configs.insert(target, config.clone());
                }
            }
            return;
        };
        for target in &assign.targets {
            let Some(path) = python::dotted(target) else { continue };
            if let Some((owner, option)) = path.rsplit_once('.')
                && let Some(mut config) = self.configs.get(owner).cloned()
            {
                let name = Name { text: option.to_owned(), span: python::span(target.range()) };
                config.set(name, python::eval(&assign.value, &self.scope, self.source));
                self.configs.insert(owner.to_owned(), config);
            } else if matches!(target, Expr::Name(_)) {
                match self.config(&assign.value) {
                    Some((config, _)) => {
                        self.configs.insert(path, config);
                    }
                    None => {
                        self.configs.remove(&path);
                    }
                }
            }
        }
    }

    /// The configuration that an expression gives; `None` where it gives none.
    pub(super) fn config(&self, expr: &Expr) -> Option<(Config, Origin)> {
        if let Expr::Call(call) = expr {
            return self.made(call).map(|config| (config, Origin::Own));
        }
        let path = python::dotted(expr)?;
        let known = self.configs.get(&path).cloned().or_else(|| self.elsewhere(&path))?;
        let identity = known.identity.clone();
        Some((known, Origin::Shared(identity)))
    }

    /// A configuration from another file: it is taken to have what it needs.
    fn elsewhere(&self, path: &str) -> Option<Config> {
        match self.scope.lookup(path) {
            Some(Bound::Path(_)) | None => {}
            Some(Bound::Class(_) | Bound::Value(_) | Bound::Opaque) => return None,
        }
        let part = |option: &str| {
            let name = Name { text: option.to_owned(), span: Span::default() };
            (name, Value::Name(format!("{path}.{option}")))
        };
        Some(Config {
            identity: path.to_owned(),
            options: vec![part("database"), part("metadata")],
        })
    }

    fn made(&self, call: &ExprCall) -> Option<Config> {
        let path = python::dotted(&call.func)?;
        let identity = format!("@{}", u32::from(call.range().start()));
        let mut config = if self.scope.resolve(&path).rsplit('.').next() == Some("OrmarConfig") {
            Config { identity: identity.clone(), options: Vec::new() }
        } else {
            let owner = path.strip_suffix(".copy")?;
            let base = self.configs.get(owner).cloned().or_else(|| self.elsewhere(owner))?;
            let mut options = base.options;
            options.retain(|(name, _)| KEPT.contains(&name.text.as_str()));
            Config { identity: identity.clone(), options }
        };
        let args = python::arguments(&call.arguments, &self.scope, self.source);
        let mut parameters = PARAMETERS.iter();
        for arg in args {
            let option = match &arg.keyword {
                Some(keyword) => keyword.clone(),
                None => match parameters.next() {
                    Some(parameter) => (*parameter).to_owned(),
                    None => break,
                },
            };
            let value = match option.as_str() {
                "metadata" | "database" => self.object(&option, &arg, call, &identity),
                _ => arg.value,
            };
            let copied = path.ends_with(".copy");
            // `copy` takes over what is `None` or false: `metadata or self.metadata`.
            let falls_back = copied
                && KEPT.contains(&option.as_str())
                && !matches!(
                    option.as_str(),
                    "schema" | "comment" | "proxy" | "emit_parent_signals"
                )
                && fields::truth(&value) == Some(false);
            let absent =
                value == Value::None && matches!(option.as_str(), "proxy" | "emit_parent_signals");
            if !falls_back && !absent {
                config.set(Name { text: option, span: arg.span }, value);
            }
        }
        Some(config)
    }

    /// A database or metadata, named so that equal objects have equal names.
    fn object(&self, option: &str, arg: &Argument, call: &ExprCall, identity: &str) -> Value {
        if arg.value == Value::None {
            return Value::None;
        }
        let written = call
            .arguments
            .keywords
            .iter()
            .find(|keyword| keyword.arg.as_ref().is_some_and(|name| name.id == option))
            .and_then(|keyword| python::dotted(&keyword.value));
        Value::Name(written.unwrap_or_else(|| format!("{identity}.{option}")))
    }
}

impl Config {
    /// Sets an option.
    pub(super) fn set(&mut self, name: Name, value: Value) {
        self.options.retain(|(known, _)| known.text != name.text);
        self.options.push((name, value));
    }

    /// An option.
    pub(super) fn get(&self, option: &str) -> Option<&(Name, Value)> {
        self.options.iter().find(|(name, _)| name.text == option)
    }

    /// Whether an option is set and true.
    pub(super) fn is_true(&self, option: &str) -> bool {
        self.get(option).and_then(|(_, value)| fields::truth(value)).unwrap_or(false)
    }

    /// As the options of a model.
    pub(super) fn meta(&self, span: Span, origin: &Origin) -> Meta {
        let mut meta = Meta { span: Some(span), ..Meta::default() };
        if let Origin::Shared(path) = origin {
            meta.bases.push(Base { path: path.clone(), span });
        }
        if let Some((name, Value::Str(table))) = self.get("tablename")
            && !table.is_empty()
        {
            meta.table = Some(Name { text: table.clone(), span: value_span(name) });
        }
        if let Some((name, Value::List(items))) = self.get("constraints") {
            for item in items {
                constraint(item, name.span, &mut meta);
            }
        }
        if let Some((name, Value::List(items))) =
            self.get("order_by").or_else(|| self.get("orders_by"))
        {
            let text =
                |item: &Value| Some(Name { text: item.as_str()?.to_owned(), span: name.span });
            meta.ordering = items.iter().filter_map(text).collect();
        }
        meta.options.clone_from(&self.options);
        meta.options
            .push((Name { text: CONFIG.to_owned(), span }, Value::Name(self.identity.clone())));
        meta
    }
}

/// The option under which the configuration's identity is kept.
pub(in crate::orm::ormar) const CONFIG: &str = "ormar_config";

/// An option's own span is that of `tablename="x"`.
fn value_span(name: &Name) -> Span {
    let keyword = u32::try_from(name.text.len()).unwrap_or_default() + 1;
    Span::new((name.span.start + keyword).min(name.span.end), name.span.end)
}

/// A constraint of the list. Its columns are columns, not fields; those given by expressions stay expressions.
fn constraint(value: &Value, whole: Span, meta: &mut Meta) {
    let Value::Call { callee, args } = value else { return };
    let span = match (args.first(), args.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => whole,
    };
    let keyword = |name: &str| args.iter().find(|arg| arg.keyword.as_deref() == Some(name));
    let name = keyword("name").and_then(|arg| arg.value.as_str()).map(str::to_owned);
    let positional = || args.iter().filter(|arg| arg.keyword.is_none());
    let columns = || positional().filter_map(|arg| arg.value.as_str().map(str::to_owned));
    match callee.rsplit('.').next().unwrap_or(callee) {
        "UniqueColumns" | "UniqueConstraint" => meta.uniques.push(UniqueSpec {
            name,
            fields: columns().collect(),
            expressions: Vec::new(),
            condition: None,
            extra: Vec::new(),
            constraint: true,
            span,
        }),
        "IndexColumns" | "Index" => {
            // SQLAlchemy's own `Index` has its name first.
            let own = callee.ends_with("IndexColumns");
            let mut columns: Vec<String> = columns().collect();
            let name = if own || columns.is_empty() { name } else { Some(columns.remove(0)) };
            meta.indexes.push(IndexSpec {
                extra: Vec::new(),
                name,
                fields: columns.into_iter().map(|column| (column, false)).collect(),
                expressions: Vec::new(),
                unique: keyword("unique")
                    .and_then(|arg| fields::truth(&arg.value))
                    .unwrap_or(false),
                condition: None,
                span,
            });
        }
        "CheckColumns" | "CheckConstraint" => {
            if let Some(condition) = positional().next() {
                meta.checks.push(CheckSpec { name, condition: condition.value.clone(), span });
            }
        }
        _ => {}
    }
}
