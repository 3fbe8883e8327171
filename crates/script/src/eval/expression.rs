//! Expressions.

use std::rc::Rc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    BoolOp, ConversionFlag, Expr, ExprFString, FStringPart, InterpolatedStringElement, Number,
    Stmt, UnaryOp,
};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;
use throughline_core::Span;
use throughline_order::Gather as _;

use super::statement::span;
use super::{Machine, Scope, raise, refuse};
use crate::value::{Dict, Function, Outcome, Set, Value};

impl Machine {
    /// The value of an expression.
    ///
    /// # Errors
    /// What ends it early, with its place.
    pub(crate) fn eval(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Outcome {
        match expr {
            Expr::Name(name) => {
                self.lookup(scope, name.id.as_str()).map_err(|raised| raised.at(span(name.range)))
            }
            Expr::Call(call) => {
                self.call_expression(call, scope).map_err(|raised| raised.at(span(expr.range())))
            }
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value, scope)?;
                self.attribute(&owner, attribute.attr.as_str())
                    .map_err(|raised| raised.at(span(attribute.range)))
            }
            other => {
                let place = span(other.range());
                self.deeper(|machine| machine.evaluate(other, scope))
                    .map_err(|raised| raised.at(place))
            }
        }
    }

    fn evaluate(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Outcome {
        Ok(match expr {
            Expr::NoneLiteral(_) => Value::None,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::EllipsisLiteral(_) => Value::Ellipsis,
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(int) => match int.as_i64() {
                    Some(int) => Value::Int(int),
                    None => return Err(refuse("Integers beyond 64 bits are not supported here.")),
                },
                Number::Float(float) => Value::Float(*float),
                Number::Complex { .. } => {
                    return Err(refuse("Complex numbers are not supported here."));
                }
            },
            Expr::StringLiteral(literal) => Value::str(literal.value.to_str()),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().gather();
                Value::Bytes(bytes.into())
            }
            Expr::FString(string) => Value::Str(self.f_string(string, scope)?.into()),
            Expr::List(list) => Value::list(self.items(&list.elts, scope)?),
            Expr::Tuple(tuple) => Value::tuple(self.items(&tuple.elts, scope)?),
            Expr::Set(set) => {
                let mut out = Set::default();
                for item in self.items(&set.elts, scope)? {
                    out.insert(self.key(&item)?, item);
                }
                Value::set(out)
            }
            Expr::Dict(dict) => {
                let mut out = Dict::default();
                for item in &dict.items {
                    match &item.key {
                        Some(key) => {
                            let key = self.eval(key, scope)?;
                            let value = self.eval(&item.value, scope)?;
                            out.insert(self.key(&key)?, key, value);
                        }
                        None => {
                            let more = self.eval(&item.value, scope)?;
                            for (key, value) in self.mapping(&more)? {
                                out.insert(self.key(&key)?, key, value);
                            }
                        }
                    }
                }
                Value::dict(out)
            }
            Expr::BoolOp(chain) => {
                let mut value = Value::None;
                for each in &chain.values {
                    value = self.eval(each, scope)?;
                    let stop = match chain.op {
                        BoolOp::And => !self.truth(&value)?,
                        BoolOp::Or => self.truth(&value)?,
                    };
                    if stop {
                        break;
                    }
                }
                value
            }
            Expr::UnaryOp(operation) => {
                let value = self.eval(&operation.operand, scope)?;
                match operation.op {
                    UnaryOp::Not => Value::Bool(!self.truth(&value)?),
                    op => self.unary(op.as_str(), &value)?,
                }
            }
            Expr::BinOp(operation) => {
                let left = self.eval(&operation.left, scope)?;
                let right = self.eval(&operation.right, scope)?;
                self.binary(operation.op.as_str(), &left, &right)?
            }
            Expr::Compare(compare) => {
                let mut left = self.eval(&compare.left, scope)?;
                let mut result = Value::Bool(true);
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    let right = self.eval(right, scope)?;
                    result = self.compare(op.as_str(), &left, &right)?;
                    if compare.ops.len() > 1 && !self.truth(&result)? {
                        break;
                    }
                    left = right;
                }
                result
            }
            Expr::If(choice) => {
                let test = self.eval(&choice.test, scope)?;
                let chosen = if self.truth(&test)? { &choice.body } else { &choice.orelse };
                self.eval(chosen, scope)?
            }
            Expr::Named(named) => {
                let value = self.eval(&named.value, scope)?;
                if let Expr::Name(name) = &*named.target {
                    scope.assign_through(name.id.as_str(), value.clone());
                }
                value
            }
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.as_deref().cloned().unwrap_or_default();
                Value::Function(Rc::new(Function {
                    name: "<lambda>".into(),
                    defaults: self.defaults(&parameters, scope)?,
                    parameters: Rc::new(parameters),
                    body: crate::value::lambda_body((*lambda.body).clone()),
                    locals: Rc::new(FxHashSet::default()),
                    scope: scope.clone(),
                    is_async: false,
                }))
            }
            Expr::Subscript(subscript) => {
                let whole = self.eval(&subscript.value, scope)?;
                let key = self.eval(&subscript.slice, scope)?;
                self.item(&whole, &key)?
            }
            Expr::Slice(slice) => {
                let mut part = |each: &Option<Box<Expr>>| match each {
                    Some(each) => self.eval(each, scope),
                    None => Ok(Value::None),
                };
                Value::Slice(Rc::new([
                    part(&slice.lower)?,
                    part(&slice.upper)?,
                    part(&slice.step)?,
                ]))
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expr, scope)?
            }
            Expr::Await(await_) => {
                let value = self.eval(&await_.value, scope)?;
                self.wait(&value)?
            }
            Expr::Starred(_) => {
                return Err(raise("SyntaxError", "can't use starred expression here"));
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                return Err(refuse("`yield` is not supported here: return a list."));
            }
            Expr::TString(_) => {
                return Err(refuse("Template strings are not supported here: use an f-string."));
            }
            Expr::IpyEscapeCommand(_) => {
                return Err(refuse("IPython's commands are not supported here."));
            }
            Expr::Name(_) | Expr::Call(_) | Expr::Attribute(_) => self.eval(expr, scope)?,
        })
    }

    /// The items of a display, `*more` among them.
    pub(crate) fn items(&mut self, items: &[Expr], scope: &Rc<Scope>) -> Outcome<Vec<Value>> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Expr::Starred(starred) => {
                    let more = self.eval(&starred.value, scope)?;
                    let more = self.iterate(&more)?;
                    out.extend(self.all(&more)?);
                }
                item => out.push(self.eval(item, scope)?),
            }
        }
        Ok(out)
    }

    fn f_string(&mut self, string: &ExprFString, scope: &Rc<Scope>) -> Outcome<String> {
        let mut out = String::new();
        for part in string.value.as_slice() {
            match part {
                FStringPart::Literal(literal) => out.push_str(&literal.value),
                FStringPart::FString(part) => self.interpolate(&part.elements, scope, &mut out)?,
            }
        }
        Ok(out)
    }

    fn interpolate<'a>(
        &mut self,
        elements: impl IntoIterator<Item = &'a InterpolatedStringElement>,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Outcome<()> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => out.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(element) => {
                    let value = self.eval(&element.expression, scope)?;
                    if let Some(debug) = &element.debug_text {
                        out.push_str(debug.leading());
                        out.push_str(debug.expression());
                        out.push_str(debug.trailing());
                    }
                    let shown = match element.conversion {
                        ConversionFlag::Repr | ConversionFlag::Ascii => {
                            Value::str(self.repr(&value)?)
                        }
                        ConversionFlag::Str => Value::Str(self.str(&value)?),
                        // `f"{x=}"` writes the repr, unless a format is given.
                        ConversionFlag::None
                            if element.debug_text.is_some() && element.format_spec.is_none() =>
                        {
                            Value::str(self.repr(&value)?)
                        }
                        ConversionFlag::None => value,
                    };
                    let mut spec = String::new();
                    if let Some(format) = &element.format_spec {
                        self.interpolate(&format.elements, scope, &mut spec)?;
                    }
                    out.push_str(&self.format(&shown, &spec)?);
                }
            }
        }
        Ok(())
    }

    /// `await value`
    pub(crate) fn wait(&mut self, value: &Value) -> Outcome {
        let waited = match value {
            Value::Coroutine(coroutine) => {
                let Some((function, args)) = coroutine.borrow_mut().take() else {
                    return Err(raise("RuntimeError", "cannot reuse already awaited coroutine"));
                };
                return self.deeper(|machine| machine.enter_function(&function, args));
            }
            Value::Object(object) => object.clone().wait(self)?,
            Value::Instance(instance) => match instance.class.hooks.clone() {
                Some(hooks) => hooks.wait(self, instance)?,
                None => None,
            },
            _ => None,
        };
        waited.ok_or_else(|| {
            raise(
                "TypeError",
                format!("object {} can't be used in 'await' expression", value.type_name()),
            )
        })
    }
}

/// The place of a `yield` in a function's body, nested functions left out.
pub(crate) fn yields(body: &[Stmt]) -> Option<Span> {
    struct Search(Option<Span>);
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, statement);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = self.0.or(Some(span(expr.range()))),
                Expr::Lambda(_) => {}
                other => walk_expr(self, other),
            }
        }
    }
    let mut search = Search(None);
    search.visit_body(body);
    search.0
}
