//! Expressions to values: constants are folded, the rest is kept in a form that rules can look into.

use ruff_python_ast::{Arguments, DictItem, Expr, ExprCall, ExprSubscript, Number, UnaryOp};
use ruff_text_size::Ranged;

use super::{Bound, Scope, dotted, enums, fold, span, strings};
use crate::document::{Argument, Value};

/// What an expression evaluates to, as far as that can be known without running it.
///
/// Names of constants are replaced by their values, imported names by their full paths. Operators on what is not constant
/// become calls named by the operator: `Q(a=1) | Q(b=2)` is a call of `|`, `~Q(a=1)` one of `~`, `-F("a")` one of `-` with one argument.
pub fn eval(expr: &Expr, scope: &Scope, source: &str) -> Value {
    let written = || Value::Other(span(expr.range()).text(source).to_owned());
    match expr {
        Expr::NoneLiteral(_) => Value::None,
        Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(int) => {
                int.as_i64().map_or_else(|| Value::Number(int.to_string()), Value::Int)
            }
            Number::Float(_) | Number::Complex { .. } => {
                Value::Number(span(expr.range()).text(source).to_owned())
            }
        },
        Expr::StringLiteral(literal) => Value::Str(literal.value.to_str().to_owned()),
        Expr::FString(literal) => {
            strings::interpolated(&literal.value, scope, source).map_or_else(written, Value::Str)
        }
        Expr::List(list) => Value::List(items(&list.elts, scope, source)),
        Expr::Tuple(tuple) => Value::List(items(&tuple.elts, scope, source)),
        Expr::Set(set) => Value::List(items(&set.elts, scope, source)),
        Expr::Dict(dict) => Value::Dict(entries(&dict.items, scope, source)),
        Expr::Name(_) | Expr::Attribute(_) => path(expr, scope, source).unwrap_or_else(written),
        Expr::Call(call) => called(call, scope, source).unwrap_or_else(written),
        Expr::BinOp(operation) => {
            let (left, right) =
                (eval(&operation.left, scope, source), eval(&operation.right, scope, source));
            fold::binary(operation.op, &left, &right).unwrap_or_else(|| {
                operator(
                    operation.op.as_str(),
                    vec![(left, operation.left.range()), (right, operation.right.range())],
                )
            })
        }
        Expr::UnaryOp(operation) => {
            let operand = eval(&operation.operand, scope, source);
            fold::unary(operation.op, &operand).unwrap_or_else(|| match operation.op {
                UnaryOp::Invert => operator("~", vec![(operand, operation.operand.range())]),
                UnaryOp::USub if matches!(operand, Value::Call { .. }) => {
                    operator("-", vec![(operand, operation.operand.range())])
                }
                UnaryOp::USub | UnaryOp::UAdd | UnaryOp::Not => written(),
            })
        }
        Expr::If(choice) => match fold::truth(&eval(&choice.test, scope, source)) {
            Some(true) => eval(&choice.body, scope, source),
            Some(false) => eval(&choice.orelse, scope, source),
            None => written(),
        },
        Expr::Subscript(subscript) => item(subscript, scope, source).unwrap_or_else(written),
        Expr::ListComp(comprehension) => {
            fold::comprehension(&comprehension.elt, &comprehension.generators, scope, source)
                .map_or_else(written, Value::List)
        }
        Expr::Generator(comprehension) => {
            fold::comprehension(&comprehension.elt, &comprehension.generators, scope, source)
                .map_or_else(written, Value::List)
        }
        _ => written(),
    }
}

/// The branch of `a if CONDITION else b` that is taken, where that is known.
pub fn chosen<'a>(expr: &'a Expr, scope: &Scope, source: &str) -> &'a Expr {
    let Expr::If(choice) = expr else { return expr };
    match fold::truth(&eval(&choice.test, scope, source)) {
        Some(true) => chosen(&choice.body, scope, source),
        Some(false) => chosen(&choice.orelse, scope, source),
        None => expr,
    }
}

fn operator(sign: &str, operands: Vec<(Value, ruff_text_size::TextRange)>) -> Value {
    let args = operands
        .into_iter()
        .map(|(value, range)| Argument {
            keyword: None,
            value,
            span: span(range),
            value_span: span(range),
        })
        .collect();
    Value::Call { callee: sign.to_owned(), args }
}

fn items(elements: &[Expr], scope: &Scope, source: &str) -> Vec<Value> {
    let mut out = Vec::with_capacity(elements.len());
    for element in elements {
        match element {
            Expr::Starred(starred) => match eval(&starred.value, scope, source) {
                Value::List(inner) => out.extend(inner),
                other => out.push(other),
            },
            plain => out.push(eval(plain, scope, source)),
        }
    }
    out
}

fn entries(items: &[DictItem], scope: &Scope, source: &str) -> Vec<(Value, Value)> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        match (&item.key, eval(&item.value, scope, source)) {
            (Some(key), value) => out.push((eval(key, scope, source), value)),
            (None, Value::Dict(inner)) => out.extend(inner),
            (None, _) => {}
        }
    }
    out
}

fn path(expr: &Expr, scope: &Scope, source: &str) -> Option<Value> {
    let Some(path) = dotted(expr) else {
        // An attribute of something computed: `Status.DRAFT.value` is handled below, all else is kept as written.
        let Expr::Attribute(attribute) = expr else { return None };
        return enums::attribute_of(&eval(&attribute.value, scope, source), &attribute.attr.id);
    };
    if matches!(expr, Expr::Attribute(attribute) if matches!(*attribute.value, Expr::Subscript(_)))
    {
        return None;
    }
    match scope.lookup(&path) {
        Some(Bound::Value(value)) => Some(value),
        Some(Bound::Path(resolved)) => Some(Value::Name(resolved)),
        Some(Bound::Class(_) | Bound::Opaque) => Some(Value::Name(path)),
        None => Some(enums::lookup(&path, scope).unwrap_or(Value::Name(path))),
    }
}

fn item(subscript: &ExprSubscript, scope: &Scope, source: &str) -> Option<Value> {
    let key = eval(&subscript.slice, scope, source);
    match (eval(&subscript.value, scope, source), key) {
        (Value::List(items), Value::Int(at)) => {
            let at = if at < 0 { at.checked_add(i64::try_from(items.len()).ok()?)? } else { at };
            items.get(usize::try_from(at).ok()?).cloned()
        }
        (Value::Dict(entries), key) => {
            entries.into_iter().rev().find(|(name, _)| *name == key).map(|(_, value)| value)
        }
        (Value::Name(name), Value::Str(member)) => {
            enums::lookup(&format!("{name}.{member}"), scope)
        }
        _ => None,
    }
}

fn called(call: &ExprCall, scope: &Scope, source: &str) -> Option<Value> {
    let args = arguments(&call.arguments, scope, source);
    let Some(written) = dotted(&call.func) else {
        // A method of a computed value: `Lower("a").desc()` is a call of `.desc` on it.
        let Expr::Attribute(attribute) = &*call.func else { return None };
        let receiver = eval(&attribute.value, scope, source);
        if let (Value::Str(text), "format") = (&receiver, attribute.attr.id.as_str()) {
            return strings::format(text, &args).map(Value::Str);
        }
        let range = span(attribute.value.range());
        let first = Argument { keyword: None, value: receiver, span: range, value_span: range };
        return Some(Value::Call {
            callee: format!(".{}", attribute.attr.id),
            args: std::iter::once(first).chain(args).collect(),
        });
    };
    let callee = scope.resolve(&written);
    Some(fold::call(&callee, &args).unwrap_or(Value::Call { callee, args }))
}

/// The arguments of a call, starred lists and dictionaries spread out where they are known.
pub fn arguments(arguments: &Arguments, scope: &Scope, source: &str) -> Vec<Argument> {
    let mut out = Vec::with_capacity(arguments.args.len() + arguments.keywords.len());
    for positional in &arguments.args {
        match positional {
            Expr::Starred(starred) => {
                let range = span(positional.range());
                if let Value::List(items) = eval(&starred.value, scope, source) {
                    out.extend(items.into_iter().map(|value| Argument {
                        keyword: None,
                        value,
                        span: range,
                        value_span: range,
                    }));
                }
            }
            plain => out.push(argument(None, plain, scope, source)),
        }
    }
    for keyword in &arguments.keywords {
        let whole = span(keyword.range());
        match &keyword.arg {
            Some(name) => {
                let value_span = span(keyword.value.range());
                out.push(Argument {
                    keyword: Some(name.id.as_str().to_owned()),
                    value: eval(&keyword.value, scope, source),
                    span: whole,
                    value_span,
                });
            }
            None => {
                if let Value::Dict(entries) = eval(&keyword.value, scope, source) {
                    out.extend(entries.into_iter().filter_map(|(key, value)| {
                        let Value::Str(name) = key else { return None };
                        Some(Argument {
                            keyword: Some(name),
                            value,
                            span: whole,
                            value_span: whole,
                        })
                    }));
                }
            }
        }
    }
    out
}

/// One argument, by its value.
pub fn argument(keyword: Option<String>, value: &Expr, scope: &Scope, source: &str) -> Argument {
    let range = span(value.range());
    Argument { keyword, value: eval(value, scope, source), span: range, value_span: range }
}
