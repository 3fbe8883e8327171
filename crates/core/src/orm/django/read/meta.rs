//! `class Meta`.

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use crate::document::{Argument, Base, CheckSpec, IndexSpec, Meta, Name, Span, UniqueSpec, Value};
use crate::python::{self, Bound, Scope};

/// Reads the block.
pub(super) fn read(def: &StmtClassDef, scope: &mut Scope, source: &str) -> Meta {
    let mut meta = Meta { span: Some(python::span(def.range())), ..Meta::default() };
    let bases = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
    meta.bases = bases
        .filter_map(|base| {
            Some(Base { path: python::dotted(base)?, span: python::span(base.range()) })
        })
        .collect();
    scope.enter();
    options(&def.body, scope, source, &mut meta);
    let class = python::close_class(def, scope, source);
    scope.bind("Meta", Bound::Class(class.into()));
    meta
}

fn options(body: &[Stmt], scope: &mut Scope, source: &str, meta: &mut Meta) {
    for statement in body {
        if let Some((targets, value)) = python::assigned(statement) {
            let evaluated = python::eval(value, scope, source);
            for target in targets {
                let Expr::Name(name) = target else { continue };
                let name =
                    Name { text: name.id.as_str().to_owned(), span: python::span(name.range) };
                option(&name, value, &evaluated, meta);
                meta.options.retain(|(known, _)| known.text != name.text);
                meta.options.push((name, evaluated.clone()));
            }
        }
        for block in python::blocks(statement, scope, source).unwrap_or_default() {
            options(block, scope, source, meta);
        }
        python::bind(statement, scope, source, &mut Vec::new());
    }
}

fn option(name: &Name, expr: &Expr, value: &Value, meta: &mut Meta) {
    let span = python::span(expr.range());
    let text = || value.as_str().map(|text| Name { text: text.to_owned(), span });
    match name.text.as_str() {
        "db_table" => meta.table = text().filter(|table| !table.text.is_empty()),
        "app_label" => meta.app_label = text(),
        "managed" => meta.unmanaged = *value == Value::Bool(false),
        "default_related_name" => meta.default_related_name = text(),
        "unique_together" => meta.uniques.extend(together(expr, value)),
        "ordering" => {
            let fields = value.as_list().unwrap_or_default().iter().zip(spans(expr, value));
            meta.ordering = fields
                .filter_map(|(field, span)| Some(Name { text: field.as_str()?.to_owned(), span }))
                .collect();
        }
        "indexes" => {
            let items = value.as_list().unwrap_or_default().iter().zip(spans(expr, value));
            meta.indexes = items.filter_map(|(item, span)| index(item, span)).collect();
        }
        "constraints" => {
            for (item, span) in value.as_list().unwrap_or_default().iter().zip(spans(expr, value)) {
                constraint(item, span, meta);
            }
        }
        _ => {}
    }
}

/// Where the items of a list stand: each by itself where the list is written out, else all at the whole.
fn spans(expr: &Expr, value: &Value) -> Vec<Span> {
    let count = value.as_list().map_or(0, <[Value]>::len);
    let elements = match expr {
        Expr::List(list) => list.elts.as_slice(),
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        _ => &[],
    };
    if elements.len() == count {
        elements.iter().map(|element| python::span(element.range())).collect()
    } else {
        vec![python::span(expr.range()); count]
    }
}

/// `unique_together` in its spellings: one group, or a list of groups.
fn together(expr: &Expr, value: &Value) -> Vec<UniqueSpec> {
    let group = |items: &[Value], span| UniqueSpec {
        name: None,
        fields: items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        expressions: Vec::new(),
        condition: None,
        extra: Vec::new(),
        constraint: false,
        span,
    };
    let items = value.as_list().unwrap_or_default();
    match items.first() {
        None => Vec::new(),
        Some(Value::List(_)) => {
            let groups = items.iter().zip(spans(expr, value));
            groups.filter_map(|(item, span)| Some(group(item.as_list()?, span))).collect()
        }
        Some(_) => vec![group(items, python::span(expr.range()))],
    }
}

fn keyword<'a>(args: &'a [Argument], name: &str) -> Option<&'a Value> {
    args.iter()
        .find(|arg| arg.keyword.as_deref() == Some(name))
        .map(|arg| &arg.value)
        .filter(|value| **value != Value::None)
}

fn strings(args: &[Argument], name: &str) -> Vec<String> {
    let items = keyword(args, name).and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn positional(args: &[Argument]) -> Vec<Value> {
    args.iter().filter(|arg| arg.keyword.is_none()).map(|arg| arg.value.clone()).collect()
}

fn index(item: &Value, span: Span) -> Option<IndexSpec> {
    let Value::Call { args, .. } = item else { return None };
    let signed = |field: String| match field.strip_prefix('-') {
        Some(plain) => (plain.to_owned(), true),
        None => (field, false),
    };
    Some(IndexSpec {
        name: keyword(args, "name").and_then(Value::as_str).map(str::to_owned),
        extra: extra(args),
        fields: strings(args, "fields").into_iter().map(signed).collect(),
        expressions: positional(args),
        unique: false,
        condition: keyword(args, "condition").cloned(),
        span,
    })
}

/// The options of a constraint or an index that are kept as they are written.
fn extra(args: &[Argument]) -> Vec<(String, Value)> {
    let known = ["fields", "condition", "name"];
    args.iter()
        .filter_map(|arg| Some((arg.keyword.clone()?, arg.value.clone())))
        .filter(|(key, _)| !known.contains(&key.as_str()))
        .collect()
}

fn constraint(item: &Value, span: Span, meta: &mut Meta) {
    let Value::Call { callee, args } = item else { return };
    let name = keyword(args, "name").and_then(Value::as_str).map(str::to_owned);
    match callee.rsplit('.').next().unwrap_or(callee) {
        "UniqueConstraint" => {
            meta.uniques.push(UniqueSpec {
                name,
                fields: strings(args, "fields"),
                expressions: positional(args),
                condition: keyword(args, "condition").cloned(),
                extra: extra(args),
                constraint: true,
                span,
            });
        }
        "CheckConstraint" => {
            if let Some(condition) = keyword(args, "condition").or_else(|| keyword(args, "check")) {
                meta.checks.push(CheckSpec { name, condition: condition.clone(), span });
            }
        }
        _ => {}
    }
}

/// Whether an option is given and true.
pub(super) fn is_true(meta: &Meta, option: &str) -> bool {
    meta.options.iter().any(|(name, value)| name.text == option && *value == Value::Bool(true))
}
