//! `class Meta`.

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::Reader;
use crate::document::{Base, IndexSpec, Meta, Name, Span, UniqueSpec, Value};
use crate::python::{self, Bound};

/// Options that hold a function which gives the table's name.
const FUNCTIONS: &[&str] = &["table_function"];

impl Reader<'_> {
    /// Reads the block.
    pub(super) fn meta(&mut self, def: &StmtClassDef) -> Meta {
        let mut meta = Meta { span: Some(python::span(def.range())), ..Meta::default() };
        let bases = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        meta.bases = bases
            .filter_map(|base| {
                Some(Base { path: python::dotted(base)?, span: python::span(base.range()) })
            })
            .collect();
        self.scope.enter();
        self.options(&def.body, &mut meta);
        let class = python::close_class(def, &mut self.scope, self.source);
        self.scope.bind("Meta", Bound::Class(class.into()));
        meta
    }

    fn options(&mut self, body: &[Stmt], meta: &mut Meta) {
        for statement in body {
            if let Some((targets, value)) = python::assigned(statement) {
                let mut evaluated = python::eval(value, &self.scope, self.source);
                for target in targets {
                    let Expr::Name(name) = target else { continue };
                    let name = Name { text: name.id.to_string(), span: python::span(name.range) };
                    if FUNCTIONS.contains(&name.text.as_str()) {
                        evaluated = self.function(evaluated);
                    }
                    option(&name, value, &evaluated, meta);
                    meta.options.retain(|(known, _)| known.text != name.text);
                    meta.options.push((name, evaluated.clone()));
                }
            }
            if let Stmt::FunctionDef(function) = statement {
                let name = python::name(&function.name);
                self.define(function);
                let value = self.function(Value::Name(name.text.clone()));
                meta.options.push((name, value));
            }
            let blocks = python::blocks(statement, &self.scope, self.source);
            for block in blocks.unwrap_or_default() {
                self.options(block, meta);
            }
            python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
        }
    }
}

fn option(name: &Name, expr: &Expr, value: &Value, meta: &mut Meta) {
    let span = python::span(expr.range());
    match name.text.as_str() {
        "table_name" | "db_table" => {
            let text = value.as_str().filter(|text| !text.is_empty());
            meta.table = text.map(|text| Name { text: text.to_owned(), span });
        }
        "primary_key" => meta.primary_key = composite(expr, value),
        "indexes" => {
            let items = value.as_list().unwrap_or_default().iter().zip(spans(expr, value));
            for (item, span) in items {
                index(item, span, meta);
            }
        }
        _ => {}
    }
}

/// The field names of `CompositeKey("a", "b")`.
fn composite(expr: &Expr, value: &Value) -> Option<Vec<Name>> {
    let Value::Call { callee, args } = value else { return None };
    if !callee.ends_with("CompositeKey") {
        return None;
    }
    let whole = python::span(expr.range());
    let names = args.iter().filter(|arg| arg.keyword.is_none()).filter_map(|arg| {
        let span = if whole.contains(arg.value_span) { arg.value_span } else { whole };
        Some(Name { text: arg.value.as_str()?.to_owned(), span })
    });
    Some(names.collect())
}

/// `(("a", "b"), True)`.
fn index(item: &Value, span: Span, meta: &mut Meta) {
    let Some([parts, unique]) = item.as_list() else { return };
    let Some(parts) = parts.as_list() else { return };
    let fields: Vec<String> =
        parts.iter().filter_map(|part| part.as_str().map(str::to_owned)).collect();
    if fields.len() != parts.len() {
        return;
    }
    if crate::orm::peewee::fields::truth(unique) {
        meta.uniques.push(UniqueSpec {
            name: None,
            fields,
            expressions: Vec::new(),
            condition: None,
            extra: Vec::new(),
            constraint: false,
            span,
        });
    } else {
        meta.indexes.push(IndexSpec {
            extra: Vec::new(),
            name: None,
            fields: fields.into_iter().map(|field| (field, false)).collect(),
            expressions: Vec::new(),
            unique: false,
            condition: None,
            span,
        });
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
