//! Python as the written source needs it: literals, imports, and names that are still there in another ORM's file.

use std::collections::BTreeSet;

use ruff_python_ast::Expr;
use ruff_python_ast::visitor::{Visitor, walk_expr};

use super::schema::{SchemaModel, Shape};
use crate::document::Value;
use crate::orm;

/// The import lines that written code needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    plain: BTreeSet<String>,
    from: BTreeSet<(String, String)>,
}

impl Imports {
    /// `import datetime`.
    pub fn module(&mut self, module: &str) {
        self.plain.insert(module.to_owned());
    }

    /// `from module import name`; the name may be followed by `as other`.
    pub fn from(&mut self, module: &str, name: &str) {
        self.from.insert((module.to_owned(), name.to_owned()));
    }

    /// The lines: the standard library's first, then those of each other package, a blank line between.
    pub fn lines(&self) -> String {
        let mut groups: [Vec<String>; 2] = [Vec::new(), Vec::new()];
        let [standard, other] = &mut groups;
        for module in &self.plain {
            let group = if STANDARD.contains(&root(module)) { &mut *standard } else { &mut *other };
            group.push(format!("import {module}"));
        }
        let mut modules: Vec<&str> = self.from.iter().map(|(module, _)| module.as_str()).collect();
        modules.dedup();
        for module in modules {
            let names: Vec<&str> = self
                .from
                .iter()
                .filter(|(from, _)| from == module)
                .map(|(_, name)| name.as_str())
                .collect();
            let line = format!("from {module} import {}", names.join(", "));
            let line = if line.chars().count() <= 88 {
                line
            } else {
                let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
                format!("from {module} import (\n{names})")
            };
            let group = if STANDARD.contains(&root(module)) { &mut *standard } else { &mut *other };
            group.push(line);
        }
        let blocks: Vec<String> =
            groups.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n")).collect();
        blocks.join("\n\n")
    }
}

fn root(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// Modules of Python's own that models import.
const STANDARD: &[&str] = &[
    "collections",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "json",
    "math",
    "os",
    "random",
    "secrets",
    "string",
    "time",
    "typing",
    "uuid",
];

/// Modules of which the written code always uses the whole: `import datetime`, `datetime.datetime.now`.
const WHOLE: &[&str] = &["datetime", "decimal", "uuid"];

/// Names that are always there and that a default may be.
const BUILT_IN: &[&str] = &[
    "dict",
    "list",
    "set",
    "tuple",
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "frozenset",
    "object",
];

/// What stands for the ORMs' own helpers elsewhere.
const REPLACED: &[(&str, &str)] = &[
    ("django.utils.timezone.now", "datetime.datetime.now"),
    ("tortoise.timezone.now", "datetime.datetime.now"),
];

/// A string literal.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 32 => {
                out.push_str(&format!("\\x{:02x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A value as source for the file of the ORM `target`, with what it must import.
///
/// # Errors
/// The name that the file would not have: of a function or class of the user's, or of another ORM.
pub fn literal(
    value: &Value,
    known: &[(String, String)],
    target: &str,
    imports: &mut Imports,
) -> Result<String, String> {
    let each = |items: &[Value], imports: &mut Imports| {
        let items: Result<Vec<String>, String> =
            items.iter().map(|item| literal(item, known, target, imports)).collect();
        items.map(|items| items.join(", "))
    };
    Ok(match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) => number.to_string(),
        Value::Number(text) => text.clone(),
        Value::Str(text) => quoted(text),
        Value::List(items) => format!("[{}]", each(items, imports)?),
        Value::Dict(entries) => {
            let entry = |(key, value): &(Value, Value), imports: &mut Imports| {
                let key = literal(key, known, target, imports)?;
                Ok::<String, String>(format!("{key}: {}", literal(value, known, target, imports)?))
            };
            let entries: Result<Vec<String>, String> =
                entries.iter().map(|pair| entry(pair, imports)).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        Value::Name(path) => name(path, known, target, imports)?,
        Value::Call { callee, args }
            if !callee.starts_with(|first: char| first.is_alphabetic() || first == '_') =>
        {
            let mut parts = Vec::with_capacity(args.len());
            for arg in args {
                let value = literal(&arg.value, known, target, imports)?;
                parts.push(match &arg.keyword {
                    Some(keyword) => format!("{keyword}={value}"),
                    None => value,
                });
            }
            operation(callee, &parts)
        }
        Value::Call { callee, args } => {
            let callee = name(callee, known, target, imports)?;
            let mut written = Vec::with_capacity(args.len());
            for arg in args {
                let value = literal(&arg.value, known, target, imports)?;
                written.push(match &arg.keyword {
                    Some(keyword) => format!("{keyword}={value}"),
                    None => value,
                });
            }
            format!("{callee}({})", written.join(", "))
        }
        Value::Other(text) => expression(text, known, target, imports)?,
    })
}

/// A class of the ORM's that a star import may bind: the imports are taken over.
fn stars(
    path: &str,
    known: &[(String, String)],
    target: &str,
    imports: &mut Imports,
) -> Option<String> {
    let modules: Vec<&str> = known
        .iter()
        .filter_map(|(name, path)| path.strip_suffix(".*").filter(|_| name == "*"))
        .filter(|module| root(module) == target)
        .collect();
    let class = path.starts_with(|first: char| first.is_uppercase());
    for module in &modules {
        imports.from(module, "*");
    }
    (class && !modules.is_empty()).then(|| path.to_owned())
}

/// An operator between its operands, or a method (`.desc`) of the first.
fn operation(operator: &str, parts: &[String]) -> String {
    match (operator.strip_prefix('.'), parts) {
        (Some(method), [on, rest @ ..]) => format!("{on}.{method}({})", rest.join(", ")),
        (_, [only]) => format!("{operator}{only}"),
        _ => format!("({})", parts.join(&format!(" {operator} "))),
    }
}

/// An expression as it was written, where all its names are there in the written file, too.
fn expression(
    text: &str,
    known: &[(String, String)],
    target: &str,
    imports: &mut Imports,
) -> Result<String, String> {
    let parsed = ruff_python_parser::parse_expression(text).map_err(|_| text.to_owned())?;
    let mut names = Names::default();
    names.visit_expr(parsed.expr());
    if names.binds {
        return Err(text.to_owned());
    }
    for used in names.used {
        if BUILT_IN.contains(&used.as_str()) {
            continue;
        }
        let import = known.iter().rfind(|(bound, _)| *bound == used);
        let (_, path) = import.ok_or_else(|| used.clone())?;
        // What it is called here must be what it is called there.
        if name(path, known, target, imports)? != used {
            return Err(used);
        }
    }
    Ok(text.to_owned())
}

/// The names that an expression uses, and whether it binds any itself (a lambda with parameters, a comprehension).
#[derive(Default)]
struct Names {
    used: Vec<String>,
    binds: bool,
}

impl<'a> Visitor<'a> for Names {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.used.push(name.id.to_string()),
            Expr::Lambda(lambda) => self.binds |= lambda.parameters.is_some(),
            Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_)
            | Expr::Named(_) => {
                self.binds = true;
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// A dotted path, with the import that binds it.
fn name(
    path: &str,
    known: &[(String, String)],
    target: &str,
    imports: &mut Imports,
) -> Result<String, String> {
    if BUILT_IN.contains(&path) {
        return Ok(path.to_owned());
    }
    let path = match REPLACED.iter().find(|(from, _)| *from == path && root(from) != target) {
        Some((_, to)) => to,
        None => path,
    };
    let first = root(path);
    if WHOLE.contains(&first) && path.contains('.') {
        imports.module(first);
        return Ok(path.to_owned());
    }
    let orms_own = orm::ALL.iter().any(|orm| {
        let mut modules = orm.profile().imports.iter().map(|(module, _)| root(module));
        orm.profile().id != target && modules.any(|module| module == first)
    });
    let is_prefix = |prefix: &str| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let import = known
        .iter()
        .filter(|(_, imported)| is_prefix(imported))
        .max_by_key(|(_, imported)| imported.len());
    let Some((bound, imported)) = import.filter(|_| !orms_own) else {
        return stars(path, known, target, imports).ok_or_else(|| path.to_owned());
    };
    match imported.rsplit_once('.') {
        None => imports.module(imported),
        Some((module, last)) if last == bound => imports.from(module, last),
        Some((module, last)) => imports.from(module, &format!("{last} as {bound}")),
    }
    let rest = path.get(imported.len()..).unwrap_or_default();
    Ok(format!("{bound}{rest}"))
}

/// A database default that is a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// `'new'`.
    Text(String),
    /// `3`, `-1.5`.
    Number(String),
    /// `TRUE`.
    Truth(&'static str),
    /// `NULL`.
    Null,
    /// `CURRENT_TIMESTAMP`.
    Now,
}

/// Reads SQL that is a constant or the present moment.
pub fn constant(sql: &str) -> Option<Constant> {
    let sql = sql.trim();
    let inner = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(inner) = inner {
        let lonely = inner.replace("''", "").contains('\'');
        return (!lonely).then(|| Constant::Text(inner.replace("''", "'")));
    }
    match sql.to_ascii_uppercase().as_str() {
        "CURRENT_TIMESTAMP" => return Some(Constant::Now),
        "TRUE" => return Some(Constant::Truth("True")),
        "FALSE" => return Some(Constant::Truth("False")),
        "NULL" => return Some(Constant::Null),
        _ => {}
    }
    let digits = sql.strip_prefix('-').unwrap_or(sql);
    let number = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
        && digits.matches('.').count() < 2
        && !digits.ends_with('.')
        && (digits == "0" || digits.starts_with("0.") || !digits.starts_with('0'));
    number.then(|| Constant::Number(sql.to_owned()))
}

/// SQL that is no constant, in the brackets that a default wants.
pub fn bracketed(sql: &str) -> String {
    format!("({})", unbracketed(sql))
}

/// One comparison of a field with a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The field.
    pub field: String,
    /// `>=`.
    pub operator: &'static str,
    /// The constant.
    pub value: Constant,
}

/// Reads a condition that is comparisons of columns with constants, joined by AND.
pub fn simple_condition(sql: &str, model: &SchemaModel) -> Option<Vec<Comparison>> {
    let mut out = Vec::new();
    let parts = split_and(unbracketed(sql));
    for part in parts {
        let part = unbracketed(part);
        let (at, operator) =
            OPERATORS.iter().find_map(|operator| Some((part.find(operator)?, *operator)))?;
        let column = part.get(..at)?.trim().trim_matches('"');
        let value = constant(part.get(at + operator.len()..)?)?;
        let field = model.fields.iter().find(|field| match &field.shape {
            Shape::Column(shape) => shape.column == column,
            Shape::Key(_) | Shape::Many(_) => false,
        })?;
        if matches!(value, Constant::Null | Constant::Now) {
            return None;
        }
        out.push(Comparison { field: field.name.clone(), operator, value });
    }
    Some(out)
}

/// The longer ones first.
const OPERATORS: &[&str] = &[">=", "<=", "<>", "!=", ">", "<", "="];

/// Without brackets around the whole.
pub(super) fn unbracketed(sql: &str) -> &str {
    let mut sql = sql.trim();
    while let Some(inner) = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0_i32;
        let closes_early = inner.chars().any(|letter| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth < 0
        });
        if closes_early {
            break;
        }
        sql = inner.trim();
    }
    sql
}

/// Splits at AND; text with AND in a string is not split well, and then not understood by [`constant`].
fn split_and(sql: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = sql;
    let upper = |text: &str| text.to_ascii_uppercase();
    while let Some(at) = upper(rest).find(" AND ") {
        let (Some(head), Some(tail)) = (rest.get(..at), rest.get(at + 5..)) else { break };
        parts.push(head);
        rest = tail;
    }
    parts.push(rest);
    parts
}
