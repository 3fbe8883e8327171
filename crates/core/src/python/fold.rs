//! Constant folding.

use ruff_python_ast::{Comprehension, Expr, Operator, UnaryOp};

use super::{Bound, Scope, eval, strings};
use crate::document::{Argument, Value};

/// Repetitions beyond this are left unfolded: a file must not be able to blow up the page.
const LONGEST: usize = 100_000;

/// An operator on constants.
pub(super) fn binary(op: Operator, left: &Value, right: &Value) -> Option<Value> {
    match (op, left, right) {
        (Operator::Add, Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int),
        (Operator::Sub, Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map(Value::Int),
        (Operator::Mult, Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map(Value::Int),
        (Operator::FloorDiv, Value::Int(a), Value::Int(b)) if *b > 0 => {
            Some(Value::Int(a.div_euclid(*b)))
        }
        (Operator::Mod, Value::Int(a), Value::Int(b)) if *b > 0 => {
            Some(Value::Int(a.rem_euclid(*b)))
        }
        (Operator::Pow, Value::Int(a), Value::Int(b)) => {
            a.checked_pow(u32::try_from(*b).ok()?).map(Value::Int)
        }
        (Operator::LShift, Value::Int(a), Value::Int(b)) => {
            let factor = 1_i64.checked_shl(u32::try_from(*b).ok()?).filter(|factor| *factor > 0)?;
            a.checked_mul(factor).map(Value::Int)
        }
        (
            Operator::Add | Operator::Sub | Operator::Mult | Operator::Div,
            Value::Number(_) | Value::Int(_),
            Value::Number(_) | Value::Int(_),
        ) => floats(op, left, right),
        (Operator::Add, Value::Str(a), Value::Str(b)) if a.len() + b.len() < LONGEST => {
            Some(Value::Str(format!("{a}{b}")))
        }
        (Operator::Add, Value::List(a), Value::List(b)) if a.len() + b.len() < LONGEST => {
            Some(Value::List(a.iter().chain(b).cloned().collect()))
        }
        (Operator::Mult, Value::Str(text), Value::Int(times)) => {
            let times = usize::try_from(*times).unwrap_or_default();
            (text.len().checked_mul(times)? < LONGEST).then(|| Value::Str(text.repeat(times)))
        }
        (Operator::Mod, Value::Str(text), value) => strings::percent(text, value).map(Value::Str),
        (Operator::BitOr, Value::Dict(a), Value::Dict(b)) => {
            Some(Value::Dict(a.iter().chain(b).cloned().collect()))
        }
        _ => None,
    }
}

fn floats(op: Operator, left: &Value, right: &Value) -> Option<Value> {
    let (a, b) = (as_float(left)?, as_float(right)?);
    let result = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    };
    result.is_finite().then(|| Value::Number(float_text(result)))
}

/// A constant number as a float.
pub fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) => Some(*int as f64),
        Value::Number(text) => text.replace('_', "").parse().ok(),
        _ => None,
    }
}

/// A float as Python prints it: `0.5`, `1e+20`, `1e-05`.
pub fn float_text(number: f64) -> String {
    let text = format!("{number:?}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// A sign or `not` on a constant.
pub(super) fn unary(op: UnaryOp, operand: &Value) -> Option<Value> {
    match (op, operand) {
        (UnaryOp::USub, Value::Int(int)) => int.checked_neg().map(Value::Int),
        (UnaryOp::UAdd, Value::Int(_) | Value::Number(_)) => Some(operand.clone()),
        (UnaryOp::USub, Value::Number(text)) => Some(Value::Number(
            text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned),
        )),
        (UnaryOp::Not, value) => truth(value).map(|truth| Value::Bool(!truth)),
        _ => None,
    }
}

/// Whether a constant counts as true.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::None => Some(false),
        Value::Bool(bool) => Some(*bool),
        Value::Int(int) => Some(*int != 0),
        Value::Str(text) => Some(!text.is_empty()),
        Value::List(items) => Some(!items.is_empty()),
        Value::Dict(entries) => Some(!entries.is_empty()),
        // Type checkers alone take this for true.
        Value::Name(path) if path == "TYPE_CHECKING" || path == "typing.TYPE_CHECKING" => {
            Some(false)
        }
        Value::Number(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => None,
    }
}

/// Calls whose result is plain: translations give their text back, `dict`, `list`, `tuple`, `len` and `str` work on constants.
pub(super) fn call(callee: &str, args: &[Argument]) -> Option<Value> {
    let last = callee.rsplit('.').next().unwrap_or(callee);
    let first = args.first().filter(|arg| arg.keyword.is_none()).map(|arg| &arg.value);
    let is_gettext = callee == "_"
        || last.ends_with("gettext")
        || last.ends_with("gettext_lazy")
        || last == "gettext_noop";
    match (callee, first) {
        (_, Some(Value::Str(text))) if is_gettext => Some(Value::Str(text.clone())),
        ("dict", None) => {
            let entry =
                |arg: &Argument| Some((Value::Str(arg.keyword.clone()?), arg.value.clone()));
            args.iter().map(entry).collect::<Option<_>>().map(Value::Dict)
        }
        ("list" | "tuple" | "set" | "frozenset", None) if args.is_empty() => {
            Some(Value::List(Vec::new()))
        }
        ("list" | "tuple" | "set" | "frozenset", Some(Value::List(items))) => {
            Some(Value::List(items.clone()))
        }
        ("len", Some(Value::Str(text))) => i64::try_from(text.chars().count()).ok().map(Value::Int),
        ("len", Some(Value::List(items))) => i64::try_from(items.len()).ok().map(Value::Int),
        ("str", Some(Value::Str(text))) => Some(Value::Str(text.clone())),
        ("str", Some(Value::Int(int))) => Some(Value::Str(int.to_string())),
        ("max" | "min", Some(Value::List(items))) => extreme(callee, items.iter()),
        ("max" | "min", Some(_)) => extreme(callee, args.iter().map(|arg| &arg.value)),
        ("range", Some(_)) => range(args).map(Value::List),
        _ => None,
    }
}

fn extreme<'a>(which: &str, values: impl Iterator<Item = &'a Value>) -> Option<Value> {
    let ints = values
        .map(|value| if let Value::Int(int) = value { Some(*int) } else { None })
        .collect::<Option<Vec<i64>>>()?;
    if which == "max" { ints.into_iter().max() } else { ints.into_iter().min() }.map(Value::Int)
}

fn range(args: &[Argument]) -> Option<Vec<Value>> {
    let ints = args
        .iter()
        .map(|arg| if let Value::Int(int) = arg.value { Some(int) } else { None })
        .collect::<Option<Vec<i64>>>()?;
    let (start, end) = match ints.as_slice() {
        [end] => (0, *end),
        [start, end] => (*start, *end),
        _ => return None,
    };
    (end.checked_sub(start)? <= 1000).then(|| (start..end).map(Value::Int).collect())
}

/// `[(x, x.title()) for x in NAMES]`: one loop over a constant, its parts folded; `None` where a part is not constant.
pub(super) fn comprehension(
    element: &Expr,
    generators: &[Comprehension],
    scope: &Scope,
    source: &str,
) -> Option<Vec<Value>> {
    let [generator] = generators else { return None };
    let Value::List(items) = eval(&generator.iter, scope, source) else { return None };
    if items.len() > 1000 || !generator.ifs.is_empty() {
        return None;
    }
    let mut inner = scope.clone();
    items
        .into_iter()
        .map(|item| {
            bind(&generator.target, item, &mut inner)?;
            match eval(element, &inner, source) {
                Value::Other(_) => None,
                value => Some(value),
            }
        })
        .collect()
}

fn bind(target: &Expr, value: Value, scope: &mut Scope) -> Option<()> {
    match (target, value) {
        (Expr::Name(name), value) => scope.bind(name.id.as_str(), Bound::Value(value)),
        (Expr::Tuple(tuple), Value::List(items)) if tuple.elts.len() == items.len() => {
            for (target, item) in tuple.elts.iter().zip(items) {
                bind(target, item, scope)?;
            }
        }
        _ => return None,
    }
    Some(())
}
