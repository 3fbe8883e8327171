//! What the `__init__` of a class says about the keyword arguments of its parent: `kwargs["max_length"] = 104`.

use ruff_python_ast::{Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};

use super::{Bound, Scope, dotted, eval};
use crate::document::Value;

/// A keyword argument that a class sets by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The keyword.
    pub keyword: String,
    /// Its value.
    pub value: Value,
    /// Whether it replaces what the caller gives; otherwise it stands in where the caller gives nothing.
    pub forced: bool,
}

/// What an `__init__` takes and gives on by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The names of its own parameters, without `self`.
    pub parameters: Vec<String>,
    /// What it gives to its parent's `__init__` by position: a value, or the name of a parameter.
    pub passed: Vec<Value>,
}

/// Reads the parameters of `__init__`, and the positional arguments of `super().__init__(…)`.
pub(super) fn signature(function: &StmtFunctionDef, scope: &Scope, source: &str) -> Signature {
    let parameters = function.parameters.iter_non_variadic_params().skip(1);
    let parameters: Vec<String> =
        parameters.map(|each| each.parameter.name.id.to_string()).collect();
    let mut inner = scope.clone();
    for name in &parameters {
        inner.bind(name.clone(), Bound::Path(name.clone()));
    }
    let call = function.body.iter().find_map(|statement| match statement {
        Stmt::Expr(expression) => match &*expression.value {
            Expr::Call(call) if matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.id == "__init__") => {
                Some(call)
            }
            _ => None,
        },
        _ => None,
    });
    let passed = call.map(|call| {
        // `Field.__init__(self, …)` names the object itself first.
        let explicit =
            matches!(&*call.func, Expr::Attribute(attribute) if dotted(&attribute.value).is_some());
        let args = call.arguments.args.iter().skip(usize::from(explicit));
        args.filter(|arg| !matches!(arg, Expr::Starred(_)))
            .map(|arg| eval(arg, &inner, source))
            .collect()
    });
    Signature { parameters, passed: passed.unwrap_or_default() }
}

/// Reads `__init__` for `kwargs[…] = …`, `kwargs.setdefault(…)` and the keywords of `super().__init__(…)`.
pub(super) fn presets(function: &StmtFunctionDef, scope: &Scope, source: &str) -> Vec<Preset> {
    let mut out = Vec::new();
    let mut inner = scope.clone();
    let defaults = defaults(&function.parameters, scope, source);
    for (name, value) in &defaults {
        inner.bind(name.clone(), value.clone().map_or(Bound::Opaque, Bound::Value));
    }
    for statement in &function.body {
        match statement {
            Stmt::Assign(assign) => {
                if let [Expr::Subscript(target)] = assign.targets.as_slice()
                    && dotted(&target.value).as_deref() == Some("kwargs")
                    && let Value::Str(keyword) = eval(&target.slice, &inner, source)
                {
                    out.push(Preset {
                        keyword,
                        value: eval(&assign.value, &inner, source),
                        forced: true,
                    });
                }
            }
            Stmt::Expr(expression) => {
                if let Expr::Call(call) = &*expression.value {
                    from_call(call, &defaults, &inner, source, &mut out);
                }
            }
            _ => {}
        }
    }
    out
}

type Defaults = Vec<(String, Option<Value>)>;

fn defaults(parameters: &Parameters, scope: &Scope, source: &str) -> Defaults {
    let value = |default: Option<&Expr>| default.map(|expr| eval(expr, scope, source));
    parameters
        .iter_non_variadic_params()
        .map(|each| (each.parameter.name.id.as_str().to_owned(), value(each.default())))
        .collect()
}

fn from_call(
    call: &ExprCall,
    defaults: &Defaults,
    scope: &Scope,
    source: &str,
    out: &mut Vec<Preset>,
) {
    if dotted(&call.func).as_deref() == Some("kwargs.setdefault")
        && let [key, value] = &*call.arguments.args
        && let Value::Str(keyword) = eval(key, scope, source)
    {
        out.push(Preset { keyword, value: eval(value, scope, source), forced: false });
        return;
    }
    let Expr::Attribute(attribute) = &*call.func else { return };
    if attribute.attr.id != "__init__" {
        return;
    }
    for keyword in &call.arguments.keywords {
        let Some(name) = &keyword.arg else { continue };
        let passed_on = matches!(&keyword.value, Expr::Name(value) if defaults.iter().any(|(parameter, _)| *parameter == value.id.as_str()));
        let value = eval(&keyword.value, scope, source);
        if passed_on && matches!(value, Value::Name(_)) {
            continue; // A parameter without a default: the caller's own argument.
        }
        out.push(Preset { keyword: name.id.as_str().to_owned(), value, forced: !passed_on });
    }
}
