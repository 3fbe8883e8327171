//! Conditions (`Q` objects) as SQL, with the brackets and the NULL guards that Django's query builder writes.
//!
//! Source: `Q._combine`, `Node.add`, `Query.build_filter` and `WhereNode.as_sql` of 5.2; recorded in `django/044`.

use super::expression::Writer;
use super::spelling;
use crate::document::{Argument, ColumnType, Value};
use crate::sql::Dialect;
use throughline_order::Arrange as _;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Connector {
    And,
    Or,
}

/// Django's `Node`: also what a `Q` is.
#[derive(Clone, Debug)]
struct Node<T> {
    connector: Connector,
    negated: bool,
    children: Vec<Child<T>>,
}

#[derive(Clone, Debug)]
enum Child<T> {
    Leaf(T),
    Node(Node<T>),
}

impl<T: Clone> Node<T> {
    fn new(connector: Connector) -> Self {
        Self { connector, negated: false, children: Vec::new() }
    }

    /// Django's `Node.add`: a part that says nothing of its own is dissolved.
    fn add(&mut self, part: Self) {
        if !part.negated && (part.connector == self.connector || part.children.len() == 1) {
            self.children.extend(part.children);
        } else {
            self.children.push(Child::Node(part));
        }
    }
}

/// What a leaf of a `Q` is: a look-up, or an expression that is a condition itself.
#[derive(Clone, Debug)]
enum Leaf<'a> {
    Lookup(&'a str, &'a Value),
    Expression(&'a Value),
}

/// A condition as SQL. `None` where a part of it is not understood.
pub(super) fn write(value: &Value, writer: Writer<'_>) -> Option<String> {
    let q = read(value)?;
    let clause = build(&q, false, writer)?;
    (!clause.children.is_empty()).then(|| text(&clause))
}

fn read(value: &Value) -> Option<Node<Leaf<'_>>> {
    let Value::Call { callee, args } = value else { return None };
    match (callee.as_str(), args.as_slice()) {
        ("~", [inner]) => {
            let mut inner = read(&inner.value)?;
            inner.negated = !inner.negated;
            Some(inner)
        }
        ("&" | "|", [left, right]) => {
            let (left, right) = (read(&left.value)?, read(&right.value)?);
            // An empty `Q()` is neutral.
            if left.children.is_empty() {
                return Some(right);
            }
            if right.children.is_empty() {
                return Some(left);
            }
            let mut out = Node::new(if callee == "&" { Connector::And } else { Connector::Or });
            out.add(left);
            out.add(right);
            Some(out)
        }
        (name, _) if name.rsplit('.').next() == Some("Q") => q(args),
        _ => {
            let mut out = Node::new(Connector::And);
            out.children.push(Child::Leaf(Leaf::Expression(value)));
            Some(out)
        }
    }
}

/// `Q(a, b=1)`: positional parts first, then the look-ups in order of their names.
fn q(args: &[Argument]) -> Option<Node<Leaf<'_>>> {
    let named = |keyword: &str| {
        args.iter().find(|arg| arg.keyword.as_deref() == Some(keyword)).map(|arg| &arg.value)
    };
    let connector = match named("_connector") {
        None => Connector::And,
        Some(Value::Str(text)) if text == "AND" => Connector::And,
        Some(Value::Str(text)) if text == "OR" => Connector::Or,
        Some(Value::Name(path)) if path.ends_with("Q.OR") => Connector::Or,
        Some(_) => return None,
    };
    let mut out = Node::new(connector);
    out.negated = matches!(named("_negated"), Some(Value::Bool(true)));
    for arg in args.iter().filter(|arg| arg.keyword.is_none()) {
        match &arg.value {
            Value::List(pair) => match pair.as_slice() {
                [Value::Str(lookup), value] => {
                    out.children.push(Child::Leaf(Leaf::Lookup(lookup, value)))
                }
                _ => return None,
            },
            other => out.children.push(Child::Node(read(other)?)),
        }
    }
    let mut lookups: Vec<(&str, &Value)> =
        args.iter().filter_map(|arg| Some((arg.keyword.as_deref()?, &arg.value))).collect();
    lookups.retain(|(keyword, _)| *keyword != "_connector" && *keyword != "_negated");
    lookups.arrange_by_key(|(keyword, _)| *keyword);
    out.children.extend(
        lookups.into_iter().map(|(lookup, value)| Child::Leaf(Leaf::Lookup(lookup, value))),
    );
    Some(out)
}

/// Django's `_add_q`.
fn build(q: &Node<Leaf<'_>>, negated_around: bool, writer: Writer<'_>) -> Option<Node<String>> {
    let negated = negated_around ^ q.negated;
    let mut out = Node::new(q.connector);
    out.negated = q.negated;
    for child in &q.children {
        let clause = match child {
            Child::Node(inner) => build(inner, negated, writer)?,
            Child::Leaf(Leaf::Lookup(lookup, value)) => leaf(lookup, value, negated, writer)?,
            Child::Leaf(Leaf::Expression(value)) => clause(comparison(value, writer)?),
        };
        if !clause.children.is_empty() {
            out.add(clause);
        }
    }
    Some(out)
}

fn clause(sql: String) -> Node<String> {
    let mut node = Node::new(Connector::And);
    node.children.push(Child::Leaf(sql));
    node
}

/// `GreaterThan(F("a"), F("b"))` and its like.
fn comparison(value: &Value, writer: Writer<'_>) -> Option<String> {
    let Value::Call { callee, args } = value else { return None };
    if callee.rsplit('.').next() == Some("ExpressionWrapper") {
        let inner = bracketed(write(&args.first()?.value, writer)?);
        return Some(match writer.dialect {
            // There a condition must be a comparison.
            Dialect::MySql => format!("{inner} = {}", spelling::boolean(true, writer.dialect)),
            Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => inner,
        });
    }
    let operator = match callee.rsplit('.').next()? {
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        "Exact" => "=",
        _ => return None,
    };
    let [left, right] = args.as_slice() else { return None };
    let left = writer.expression(&left.value)?.text;
    let right = match &right.value {
        Value::Call { callee, .. } if !callee.ends_with("Value") => {
            bracketed(writer.expression(&right.value)?.text)
        }
        other => writer.expression(other)?.text,
    };
    Some(format!("{left} {operator} {right}"))
}

fn bracketed(sql: String) -> String {
    if sql.starts_with('(') { sql } else { format!("({sql})") }
}

/// Django's `build_filter` for one look-up, with the guard against NULL under a negation.
fn leaf(lookup: &str, value: &Value, negated: bool, writer: Writer<'_>) -> Option<Node<String>> {
    let (name, kind) = match lookup.split_once("__") {
        Some((name, kind)) => (name, kind),
        None => (lookup, "exact"),
    };
    let named = writer.columns.get(name)?;
    let column = writer.column(name)?;
    let kind =
        if *value == Value::None && matches!(kind, "exact" | "iexact") { "isnull" } else { kind };
    if kind == "isnull" {
        let is_null = !matches!(value, Value::Bool(false));
        return Some(clause(format!(
            "{} IS {}NULL",
            column.text,
            if is_null { "" } else { "NOT " }
        )));
    }
    let right = unwrap_value(value);
    let expression = if is_expression(right) { Some(writer.expression(right)?) } else { None };
    let operand = || match &expression {
        Some(sql) => Some(bracketed(sql.text.clone())),
        None => match (&named.ty, writer.dialect) {
            // A text is no JSON to MySQL.
            (ColumnType::Json, Dialect::MySql) => {
                writer.literal(right, &named.ty).map(|json| format!("JSON_EXTRACT({json}, '$')"))
            }
            _ => writer.literal(right, &named.ty),
        },
    };
    let left = &column.text;
    let text = || right.as_str().filter(|_| expression.is_none());
    let sql = match kind {
        "exact" if named.ty == ColumnType::Boolean && matches!(right, Value::Bool(_)) => {
            boolean(left, *right == Value::Bool(true), writer)
        }
        "exact" => format!("{left} = {}", operand()?),
        "gt" => format!("{left} > {}", operand()?),
        "gte" => format!("{left} >= {}", operand()?),
        "lt" => format!("{left} < {}", operand()?),
        "lte" => format!("{left} <= {}", operand()?),
        "in" => {
            let mut items: Vec<String> = Vec::new();
            for item in right.as_list()?.iter().filter(|item| **item != Value::None) {
                let item = writer.literal(item, &named.ty)?;
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            if items.is_empty() {
                return None;
            }
            format!("{left} IN ({})", items.join(", "))
        }
        "range" => {
            let [from, to] = right.as_list()? else { return None };
            format!(
                "{left} BETWEEN {} AND {}",
                writer.literal(from, &named.ty)?,
                writer.literal(to, &named.ty)?
            )
        }
        "contains" | "icontains" | "startswith" | "istartswith" | "endswith" | "iendswith"
        | "iexact" | "regex" | "iregex" => pattern(left, &named.ty, kind, text()?, writer)?,
        _ => return None,
    };
    let mut out = clause(sql);
    if negated {
        let guards = column.nullable.into_iter().chain(expression.and_then(|sql| sql.nullable));
        out.children.extend(guards.map(|column| Child::Leaf(format!("{column} IS NOT NULL"))));
    }
    Some(out)
}

/// A look-up in a text. Those that start with an `i` take no notice of the case.
fn pattern(
    left: &str,
    ty: &ColumnType,
    lookup: &str,
    text: &str,
    writer: Writer<'_>,
) -> Option<String> {
    let (exact, kind) = match lookup {
        "iexact" => (false, "exact"),
        "icontains" | "istartswith" | "iendswith" | "iregex" => (false, lookup.get(1..)?),
        other => (true, other),
    };
    // Only on PostgreSQL is equality without case no pattern.
    let escape = kind != "regex" && (kind != "exact" || writer.dialect != Dialect::Postgres);
    let escaped = if escape {
        text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
    } else {
        text.to_owned()
    };
    let (before, after) = match kind {
        "contains" => ("%", "%"),
        "startswith" => ("", "%"),
        "endswith" => ("%", ""),
        _ => ("", ""),
    };
    let right = writer.string(&format!("{before}{escaped}{after}"));
    Some(match (writer.dialect, kind, exact) {
        (Dialect::Engine, "regex", _) => return None,
        (Dialect::Sqlite, "regex", true) => format!("{left} REGEXP {right}"),
        (Dialect::Sqlite, "regex", false) => format!("{left} REGEXP '(?i)' || {right}"),
        (Dialect::MySql, "regex", true) => format!("REGEXP_LIKE({left}, {right}, 'c')"),
        (Dialect::MySql, "regex", false) => format!("REGEXP_LIKE({left}, {right}, 'i')"),
        (Dialect::Engine | Dialect::Sqlite, _, _) => format!("{left} LIKE {right} ESCAPE '\\'"),
        (Dialect::MySql, _, true) => format!("{left} LIKE BINARY {right}"),
        (Dialect::MySql, _, false) => format!("{left} LIKE {right}"),
        (Dialect::Postgres, _, _) => {
            let left = match ty {
                ColumnType::Ip => format!("HOST({left})"),
                _ => format!("{left}::text"),
            };
            match (kind, exact) {
                ("regex", true) => format!("{left} ~ {right}"),
                ("regex", false) => format!("{left} ~* {right}"),
                ("exact", _) => format!("UPPER({left}) = UPPER({right})"),
                (_, true) => format!("{left} LIKE {right}"),
                (_, false) => format!("UPPER({left}) LIKE UPPER({right})"),
            }
        }
    })
}

/// A boolean column is a condition by itself for Django, but not on MySQL; standard SQL compares it.
fn boolean(column: &str, wanted: bool, writer: Writer<'_>) -> String {
    match (writer.dialect, wanted) {
        (Dialect::Sqlite | Dialect::Postgres, true) => column.to_owned(),
        (Dialect::Sqlite | Dialect::Postgres, false) => format!("NOT {column}"),
        (Dialect::Engine | Dialect::MySql, _) => {
            writer.constants.set(true);
            format!("{column} = {}", spelling::boolean(wanted, writer.dialect))
        }
    }
}

/// `Value(3)` compares like `3`.
fn unwrap_value(value: &Value) -> &Value {
    match value {
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("Value") => {
            args.first().map_or(value, |arg| &arg.value)
        }
        other => other,
    }
}

/// Whether a value is computed by the database; dates, decimals and the like are constants.
fn is_expression(value: &Value) -> bool {
    let Value::Call { callee, .. } = value else { return false };
    !matches!(
        callee.rsplit('.').next().unwrap_or_default(),
        "Decimal" | "date" | "datetime" | "time" | "timedelta" | "UUID"
    )
}

fn text(node: &Node<String>) -> String {
    let parts: Vec<String> = node
        .children
        .iter()
        .map(|child| match child {
            Child::Leaf(sql) => sql.clone(),
            Child::Node(inner) => text(inner),
        })
        .collect();
    let joined = parts.join(match node.connector {
        Connector::And => " AND ",
        Connector::Or => " OR ",
    });
    if node.negated {
        format!("NOT ({joined})")
    } else if parts.len() > 1 {
        format!("({joined})")
    } else {
        joined
    }
}
