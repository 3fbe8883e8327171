//! Reads a call that is written with keywords.

use ruff_python_ast::{Expr, ExprCall, Stmt, UnaryOp};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use throughline_core::Span;
use throughline_order::Gather as _;

use super::super::graph::{Graph, Step};
use super::super::kinds::Kind;
use super::super::read::{Names, read, span};
use super::super::spelling::Style;
use super::{Call, Condition, End, Hop, Query, Way};

/// Lookups that all ORMs have.
const LOOKUPS: &[&str] = &[
    "exact",
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "isnull",
];

pub(super) fn call(graph: &Graph, script: &str, statement: Span) -> Result<Call, String> {
    if !matches!(graph.spelling.style, Style::Keywords(_)) {
        return Err("Calls that are written with expressions are not read yet.".into());
    }
    let names = read(graph, script).names;
    let module = parse_module(script).map_err(|_| "The script is not Python yet.".to_owned())?;
    let body = &module.syntax().body;
    let found = body.iter().find(|each| {
        let at = span(each.range());
        at.start <= statement.start && statement.start < at.end
    });
    let expr = match found {
        Some(Stmt::Expr(expr)) => &*expr.value,
        Some(Stmt::Assign(assign)) => &*assign.value,
        Some(Stmt::For(each)) => &*each.iter,
        _ => return Err("Only a call of a model, or a loop over one, is translated.".into()),
    };
    let reader = Reader { graph, names: &names, script };
    reader.expr(expr)
}

struct Reader<'a> {
    graph: &'a Graph,
    names: &'a Names,
    script: &'a str,
}

impl Reader<'_> {
    fn text(&self, expr: &impl Ranged) -> String {
        let at = span(expr.range());
        self.script.get(at.start as usize..at.end as usize).unwrap_or_default().to_owned()
    }

    fn expr(&self, expr: &Expr) -> Result<Call, String> {
        let expr = match expr {
            Expr::Await(awaited) => &*awaited.value,
            other => other,
        };
        if let Expr::Call(call) = expr
            && let Expr::Attribute(method) = &*call.func
            && let Expr::Attribute(relation) = &*method.value
            && let Kind::One(model) = self.graph.kind(self.names, &relation.value)
        {
            return self.on_relation(
                model,
                &self.text(&*relation.value),
                &relation.attr,
                &method.attr,
                call,
            );
        }
        let mut query = Query::default();
        let model = self.chain(expr, &mut query)?;
        query.model = self.graph.name(model).to_owned();
        Ok(Call::Query(Box::new(query)))
    }

    fn on_relation(
        &self,
        model: usize,
        owner: &str,
        relation: &str,
        method: &str,
        call: &ExprCall,
    ) -> Result<Call, String> {
        let step = self.graph.by_attribute(model, relation);
        let hop = step.as_ref().and_then(hop);
        let is_many = step.is_some_and(|step| match step {
            Step::Forward(..) => step.is_many(),
            Step::Back(reverse) => {
                reverse.kind == throughline_core::document::RelationKind::ManyToMany
            }
            Step::Field(_) => false,
        });
        match (hop, method) {
            (Some(hop), "add") if is_many && call.arguments.keywords.is_empty() => {
                let given: Result<Vec<String>, String> =
                    call.arguments.args.iter().map(|each| self.value(each)).collect();
                Ok(Call::Add(owner.to_owned(), hop, given?.join(", ")))
            }
            _ => Err(format!("`{method}()` on a relation of an instance is not translated yet.")),
        }
    }

    /// Reads a chain of methods from its beginning; gives the model that it begins at.
    fn chain(&self, expr: &Expr, query: &mut Query) -> Result<usize, String> {
        match expr {
            Expr::Call(call) => {
                let Expr::Attribute(method) = &*call.func else {
                    return Err(format!("`{}` is not translated.", self.text(expr)));
                };
                let model = self.chain(&method.value, query)?;
                self.method(model, &method.attr, call, query)?;
                Ok(model)
            }
            Expr::Subscript(subscript) => {
                let model = self.chain(&subscript.value, query)?;
                match &*subscript.slice {
                    Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
                        query.limit =
                            slice.upper.as_ref().map(|upper| self.value(upper)).transpose()?;
                        Ok(model)
                    }
                    _ => Err("Of slices only `[:n]` is translated.".into()),
                }
            }
            _ => match self.graph.kind(self.names, expr) {
                Kind::Manager(model) | Kind::Class(model) if !matches!(expr, Expr::Call(_)) => {
                    Ok(model)
                }
                _ => Err(format!("`{}` is not a model's rows.", self.text(expr))),
            },
        }
    }

    fn method(
        &self,
        model: usize,
        name: &str,
        call: &ExprCall,
        query: &mut Query,
    ) -> Result<(), String> {
        if !matches!(query.end, End::Rows) {
            return Err(format!("`{name}()` on what was fetched is not translated."));
        }
        let no_arguments = call.arguments.args.is_empty() && call.arguments.keywords.is_empty();
        match name {
            "all" => self.conditions(model, call, query, false)?,
            "filter" => self.conditions(model, call, query, false)?,
            "exclude" => self.conditions(model, call, query, true)?,
            "order_by" => {
                query.order = self.named(model, call, |way, turned| (way, turned))?;
            }
            "select_related" | "prefetch_related" if !no_arguments => {
                query.loads.extend(self.named(model, call, |way, _| way)?);
            }
            "distinct" if no_arguments => query.distinct = true,
            "limit" => match &*call.arguments.args {
                [limit] => query.limit = Some(self.value(limit)?),
                _ => return Err("`limit()` takes one number.".into()),
            },
            "first" | "first_or_none" => {
                self.conditions(model, call, query, false)?;
                query.end = End::First;
            }
            "get" => {
                self.conditions(model, call, query, false)?;
                query.end = End::Get;
            }
            "count" if no_arguments => query.end = End::Count,
            "exists" => {
                self.conditions(model, call, query, false)?;
                query.end = End::Exists;
            }
            "delete" if no_arguments => query.end = End::Delete,
            "values" if !no_arguments => {
                query.end = End::Values(self.named(model, call, |way, _| way)?);
            }
            "create" if call.arguments.args.is_empty() => {
                let mut fields = Vec::new();
                for keyword in &call.arguments.keywords {
                    let Some(name) = &keyword.arg else {
                        return Err("`**` is not translated.".into());
                    };
                    fields.push((name.to_string(), self.value(&keyword.value)?));
                }
                query.end = End::Create(fields);
            }
            _ => {
                return Err(format!(
                    "`{name}()` is not translated yet, or not with these arguments."
                ));
            }
        }
        Ok(())
    }

    fn conditions(
        &self,
        model: usize,
        call: &ExprCall,
        query: &mut Query,
        negated: bool,
    ) -> Result<(), String> {
        if !call.arguments.args.is_empty() {
            return Err("Of conditions only keywords are translated.".into());
        }
        if negated && call.arguments.keywords.len() > 1 {
            return Err("ORMs differ in what several conditions of one `exclude()` exclude.".into());
        }
        let many = |query: &Query| query.conditions.iter().any(|condition| condition.way.many);
        let had_many = many(query);
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { return Err("`**` is not translated.".into()) };
            let (way, lookup) = self.way(model, name)?;
            if negated && (way.many || way.null) {
                return Err(
                    "ORMs differ in what `exclude()` says of NULL, and over a relation to many."
                        .into(),
                );
            }
            if had_many && way.many {
                return Err("ORMs differ in whether a second `filter()` over a relation to many is about the same row.".into());
            }
            let value = self.value(&keyword.value)?;
            query.conditions.push(Condition { negated, way, lookup, value });
        }
        Ok(())
    }

    fn named<T>(
        &self,
        model: usize,
        call: &ExprCall,
        of: impl Fn(Way, bool) -> T,
    ) -> Result<Vec<T>, String> {
        if !call.arguments.keywords.is_empty() {
            return Err("Only names in quotes are translated here.".into());
        }
        let mut out = Vec::new();
        for argument in &call.arguments.args {
            let texts: Vec<&Expr> = match argument {
                Expr::List(list) => list.elts.iter().gather(),
                other => vec![other],
            };
            for text in texts {
                let Expr::StringLiteral(text) = text else {
                    return Err("Only names in quotes are translated here.".into());
                };
                let written = text.value.to_str();
                let (way, lookup) = self.way(model, written.trim_start_matches('-'))?;
                if lookup != "exact" {
                    return Err(format!("`{written}` names no field."));
                }
                out.push(of(way, written.starts_with('-')));
            }
        }
        Ok(out)
    }

    fn way(&self, model: usize, path: &str) -> Result<(Way, String), String> {
        let mut way = Way::default();
        let mut at = model;
        let mut parts = path.split("__").peekable();
        while let Some(name) = parts.peek() {
            if way.field.is_some() {
                break;
            }
            let Some(step) = self.graph.by_lookup(at, name) else { break };
            match (self.graph.target(&step), hop(&step)) {
                (Some(target), Some(hop)) => {
                    way.many |= step.is_many();
                    way.null |= !matches!(step, Step::Forward(_, relation) if !relation.null);
                    way.hops.push(hop);
                    at = target;
                }
                _ => {
                    if let Step::Field(field) = step {
                        way.null |= field.null;
                        way.field = Some(field.name.to_string());
                    }
                }
            }
            parts.next();
        }
        let lookup = parts.next().unwrap_or("exact").to_owned();
        if parts.next().is_some() || !LOOKUPS.contains(&&*lookup) {
            return Err(format!("The lookup in `{path}` is not translated."));
        }
        if way.hops.is_empty() && way.field.is_none() {
            return Err(format!("`{path}` names no field."));
        }
        Ok((way, lookup))
    }

    /// A value that means the same whichever ORM is asked.
    fn value(&self, expr: &Expr) -> Result<String, String> {
        if is_plain(expr) {
            Ok(self.text(expr))
        } else {
            Err(format!("The value `{}` is not carried over.", self.text(expr)))
        }
    }
}

fn hop(step: &Step<'_>) -> Option<Hop> {
    let (model, field) = step.declared()?;
    let forward = matches!(step, Step::Forward(..));
    Some(Hop { model: model.to_owned(), field: field.to_owned(), forward })
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::StringLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::Name(_) => true,
        Expr::Attribute(attribute) => is_plain(&attribute.value),
        Expr::UnaryOp(unary) => unary.op == UnaryOp::USub && is_plain(&unary.operand),
        Expr::List(list) => list.elts.iter().all(is_plain),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_plain),
        Expr::Call(call) => {
            let known = matches!(&*call.func, Expr::Name(name) if ["date", "datetime", "Decimal", "timedelta"].contains(&&*name.id));
            known
                && call.arguments.args.iter().all(is_plain)
                && call.arguments.keywords.iter().all(|keyword| is_plain(&keyword.value))
        }
        _ => false,
    }
}
