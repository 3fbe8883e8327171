//! `class Meta`.

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use crate::document::{Argument, Base, IndexSpec, Meta, Name, Span, UniqueSpec, Value};
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
                let name = Name { text: name.id.to_string(), span: python::span(name.range) };
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
        "table" => meta.table = text().filter(|table| !table.text.is_empty()),
        "app" => meta.app_label = text(),
        "unique_together" => {
            meta.uniques = groups(expr, value)
                .into_iter()
                .map(|(fields, span)| UniqueSpec {
                    name: None,
                    fields,
                    expressions: Vec::new(),
                    condition: None,
                    extra: Vec::new(),
                    constraint: true,
                    span,
                })
                .collect();
        }
        "ordering" => {
            let fields = value.as_list().unwrap_or_default().iter().zip(spans(expr, value));
            meta.ordering = fields
                .filter_map(|(field, span)| Some(Name { text: field.as_str()?.to_owned(), span }))
                .collect();
        }
        "indexes" => meta.indexes = indexes(expr, value),
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

fn names(items: &[Value]) -> Vec<String> {
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// `get_together`: one group, or a list of groups. The first item decides.
fn groups(expr: &Expr, value: &Value) -> Vec<(Vec<String>, Span)> {
    let items = value.as_list().unwrap_or_default();
    match items.first() {
        None => Vec::new(),
        Some(Value::Str(_)) => vec![(names(items), python::span(expr.range()))],
        Some(_) => {
            let groups = items.iter().zip(spans(expr, value));
            groups.filter_map(|(item, span)| Some((names(item.as_list()?), span))).collect()
        }
    }
}

/// Groups of names, and `Index(…)`.
fn indexes(expr: &Expr, value: &Value) -> Vec<IndexSpec> {
    let plain = |fields: Vec<String>, span| IndexSpec {
        extra: Vec::new(),
        name: None,
        fields: fields.into_iter().map(|field| (field, false)).collect(),
        expressions: Vec::new(),
        unique: false,
        condition: None,
        span,
    };
    let items = value.as_list().unwrap_or_default();
    if matches!(items.first(), Some(Value::Str(_))) {
        return vec![plain(names(items), python::span(expr.range()))];
    }
    let each = |(item, span): (&Value, Span)| match item {
        Value::List(fields) => Some(plain(names(fields), span)),
        Value::Call { args, .. } => Some(IndexSpec {
            name: keyword(args, "name").and_then(Value::as_str).map(str::to_owned),
            expressions: args
                .iter()
                .filter(|arg| arg.keyword.is_none())
                .map(|arg| arg.value.clone())
                .collect(),
            condition: keyword(args, "condition").cloned(),
            ..plain(
                names(keyword(args, "fields").and_then(Value::as_list).unwrap_or_default()),
                span,
            )
        }),
        _ => None,
    };
    items.iter().zip(spans(expr, value)).filter_map(each).collect()
}

fn keyword<'a>(args: &'a [Argument], name: &str) -> Option<&'a Value> {
    args.iter()
        .find(|arg| arg.keyword.as_deref() == Some(name))
        .map(|arg| &arg.value)
        .filter(|value| **value != Value::None)
}
