//! Functions that put a name together: `backref=lambda field: "%s_items" % field.model._meta.name`, `table_function = …`.
//!
//! A function is kept as the text of a lambda, and run on what it is given: texts, `+`, `%`, f-strings, `str` methods, and
//! attributes of its argument. Anything else is not known.

use ruff_python_ast::{
    Expr, ExprCall, FStringPart, InterpolatedStringElement, Operator, Stmt, StmtFunctionDef,
};
use ruff_text_size::Ranged;

use crate::python;

/// The text of an attribute path of the argument, where it has one: `model._meta.name`.
pub(super) type Attributes<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A function as a lambda: its body is assignments to names and one `return`, put into each other.
pub(super) fn of_function(function: &StmtFunctionDef, source: &str) -> Option<String> {
    let parameter = function.parameters.iter_non_variadic_params().next()?;
    let mut locals: Vec<(String, String)> = Vec::new();
    for statement in &function.body {
        match statement {
            Stmt::Assign(assign) => {
                let [Expr::Name(name)] = assign.targets.as_slice() else { return None };
                let text = python::span(assign.value.range()).text(source).to_owned();
                locals.push((name.id.to_string(), text));
            }
            Stmt::Return(returned) => {
                let value = returned.value.as_deref()?;
                let text = python::span(value.range()).text(source);
                // Each name is bound by a lambda of its own around the rest.
                let head = format!("lambda {}: ", parameter.parameter.name.id);
                let body = locals.iter().rev().fold(text.to_owned(), |inner, (name, value)| {
                    format!("(lambda {name}: {inner})({value})")
                });
                return Some(head + &body);
            }
            // A docstring.
            Stmt::Expr(_) => {}
            _ => return None,
        }
    }
    None
}

/// Whether a text is that of a function.
pub(super) fn is_function(text: &str) -> bool {
    text.starts_with("lambda")
}

/// What such a function gives.
pub(super) fn run(text: &str, attributes: Attributes<'_>) -> Option<String> {
    let parsed = python::parse(text);
    let [Stmt::Expr(expression)] = parsed.module.body.as_slice() else { return None };
    let Expr::Lambda(lambda) = &*expression.value else { return None };
    let parameter = lambda.parameters.as_ref()?.iter_non_variadic_params().next()?;
    let run = Run { parameter: parameter.parameter.name.id.as_str(), attributes };
    run.text(&lambda.body, &[], 0)
}

struct Run<'a> {
    parameter: &'a str,
    attributes: Attributes<'a>,
}

/// Local names: a text, or another name for an attribute path of the argument.
type Locals = [(String, Local)];

#[derive(Clone)]
enum Local {
    Text(String),
    Path(String),
}

impl Run<'_> {
    fn text(&self, expr: &Expr, locals: &Locals, depth: usize) -> Option<String> {
        if depth > 32 {
            return None;
        }
        let deeper = |expr: &Expr| self.text(expr, locals, depth + 1);
        match expr {
            Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
            Expr::Name(_) | Expr::Attribute(_) => match self.place(expr, locals)? {
                Local::Text(text) => Some(text),
                Local::Path(path) => (self.attributes)(&path),
            },
            Expr::BinOp(operation) => match operation.op {
                Operator::Add => Some(deeper(&operation.left)? + &deeper(&operation.right)?),
                Operator::Mod => {
                    let values: Vec<String> = match &*operation.right {
                        Expr::Tuple(tuple) => {
                            tuple.elts.iter().map(deeper).collect::<Option<_>>()?
                        }
                        single => vec![deeper(single)?],
                    };
                    filled(&deeper(&operation.left)?, "%s", values)
                }
                _ => None,
            },
            Expr::FString(string) => {
                let mut out = String::new();
                for part in string.value.iter() {
                    let elements = match part {
                        FStringPart::Literal(literal) => {
                            out.push_str(&literal.value);
                            continue;
                        }
                        FStringPart::FString(inner) => &inner.elements,
                    };
                    for element in elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => {
                                out.push_str(&literal.value);
                            }
                            InterpolatedStringElement::Interpolation(inner) => {
                                out.push_str(&deeper(&inner.expression)?);
                            }
                        }
                    }
                }
                Some(out)
            }
            Expr::Call(call) => self.call(call, locals, depth),
            _ => None,
        }
    }

    /// A method of a text, or a local name bound by a lambda that is called at once.
    fn call(&self, call: &ExprCall, locals: &Locals, depth: usize) -> Option<String> {
        if let Expr::Lambda(lambda) = &*call.func {
            let name = lambda.parameters.as_ref()?.iter_non_variadic_params().next()?;
            let [value] = &*call.arguments.args else { return None };
            let local = self
                .place(value, locals)
                .or_else(|| self.text(value, locals, depth + 1).map(Local::Text))?;
            let mut inner = locals.to_vec();
            inner.push((name.parameter.name.id.to_string(), local));
            return self.text(&lambda.body, &inner, depth + 1);
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        let receiver = self.text(&method.value, locals, depth + 1)?;
        let args: Vec<String> = call
            .arguments
            .args
            .iter()
            .map(|arg| self.text(arg, locals, depth + 1))
            .collect::<Option<_>>()?;
        match (method.attr.id.as_str(), args.as_slice()) {
            ("lower", []) => Some(receiver.to_lowercase()),
            ("upper", []) => Some(receiver.to_uppercase()),
            ("replace", [from, to]) => Some(receiver.replace(from.as_str(), to)),
            ("format", _) => filled(&receiver, "{}", args),
            _ => None,
        }
    }

    /// What a name or an attribute path stands for.
    fn place(&self, expr: &Expr, locals: &Locals) -> Option<Local> {
        let path = python::dotted(expr)?;
        let (first, rest) = path.split_once('.').unwrap_or((path.as_str(), ""));
        let join = |base: &str| match (base, rest) {
            ("", rest) => rest.to_owned(),
            (base, "") => base.to_owned(),
            (base, rest) => format!("{base}.{rest}"),
        };
        match locals.iter().rfind(|(name, _)| name == first) {
            Some((_, Local::Text(text))) => rest.is_empty().then(|| Local::Text(text.clone())),
            Some((_, Local::Path(base))) => Some(Local::Path(join(base))),
            None => (first == self.parameter).then(|| Local::Path(join(""))),
        }
    }
}

/// Fills the places of a format; there must be as many as values.
fn filled(format: &str, place: &str, values: Vec<String>) -> Option<String> {
    if format.matches(place).count() != values.len() {
        return None;
    }
    let mut values = values.into_iter();
    let mut parts = format.split(place);
    let first = parts.next()?.to_owned();
    parts.try_fold(first, |out, part| Some(out + &values.next()? + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        run(text, &|path| (path == "model._meta.name").then(|| "car".to_owned()))
    }

    #[test]
    fn names_are_put_together() {
        for text in [
            "lambda field: '%s_items' % field.model._meta.name",
            "lambda f: f'{f.model._meta.name}_items'",
            "lambda f: f.model._meta.name.lower() + '_items'",
            "lambda f: (lambda m: '{}_{}'.format(m._meta.name, 'items'))(f.model)",
        ] {
            assert_eq!(name(text).as_deref(), Some("car_items"), "{text}");
        }
        assert_eq!(name("lambda f: unknown(f)"), None);
        assert_eq!(name("lambda f: f.model"), None);
    }
}
