//! Writes a call with the names of an ORM.

use throughline_order::Gather as _;

use super::super::graph::{Graph, Step};
use super::super::spelling::{Ahead, FirstBy, Keywords, Slice, Style, Texts};
use super::{Call, Condition, End, Hop, Query, Way};

pub(super) fn call(graph: &Graph, call: &Call) -> Result<String, String> {
    match (call, &graph.spelling.style) {
        (Call::Add(owner, hop, given), style) => {
            let name = attribute(graph, hop)?;
            let awaits = match style {
                Style::Keywords(keywords) => keywords.awaits,
                Style::Expressions => "",
            };
            Ok(format!("{awaits}{owner}.{name}.add({given})"))
        }
        (Call::Query(query), Style::Keywords(keywords)) => by_keywords(graph, keywords, query),
        (Call::Query(query), Style::Expressions) => Expressions::new(graph, query)?.write(query),
    }
}

/// The model's place; the other ORM's models may lack what it generates by itself.
fn model(graph: &Graph, name: &str) -> Result<usize, String> {
    graph.world.find(name).ok_or_else(|| format!("There is no model `{name}` there."))
}

fn is_same(step: &Step<'_>, hop: &Hop) -> bool {
    step.declared() == Some((&hop.model, &hop.field))
        && matches!(step, Step::Forward(..)) == hop.forward
}

/// The attribute that leads along a relation.
fn attribute(graph: &Graph, hop: &Hop) -> Result<String, String> {
    let owner = if hop.forward {
        model(graph, &hop.model)?
    } else {
        let declaring = model(graph, &hop.model)?;
        let relation = graph.model(declaring).and_then(|model| model.relation(&hop.field));
        model(graph, relation.map_or("", |relation| &relation.target))?
    };
    let found = graph.on_instances(owner).into_iter().find(|(_, step)| is_same(step, hop));
    found.map(|(name, _)| name.to_owned()).ok_or_else(|| no_way(hop))
}

fn no_way(hop: &Hop) -> String {
    format!("`{}.{}` has no name in this direction there.", hop.model, hop.field)
}

/// A way as a keyword or a text has it.
fn path(graph: &Graph, from: &str, way: &Way) -> Result<String, String> {
    let mut at = model(graph, from)?;
    let mut names: Vec<String> = Vec::new();
    for hop in &way.hops {
        let found = graph.in_lookups(at).into_iter().find(|(_, step)| is_same(step, hop));
        let (name, step) = found.ok_or_else(|| no_way(hop))?;
        names.push(name.to_owned());
        at = graph.target(&step).ok_or_else(|| no_way(hop))?;
    }
    if let Some(field) = &way.field {
        if graph.by_lookup(at, field).is_none() {
            return Err(format!("`{}` has no field `{field}` there.", graph.name(at)));
        }
        names.push(field.clone());
    }
    Ok(names.join("__"))
}

fn by_keywords(graph: &Graph, keywords: &Keywords, query: &Query) -> Result<String, String> {
    model(graph, &query.model)?;
    let mut code = query.model.clone();
    if let Some(manager) = graph.spelling.manager {
        code.push_str(&format!(".{manager}"));
    }
    let begin = code.len();
    let conditions = |negated: bool| -> Result<Vec<String>, String> {
        let kept = query.conditions.iter().filter(|condition| condition.negated == negated);
        kept.map(|Condition { way, lookup, value, .. }| {
            let lookup = if lookup == "exact" { String::new() } else { format!("__{lookup}") };
            Ok(format!("{}{lookup}={value}", path(graph, &query.model, way)?))
        })
        .collect()
    };
    let mut asked = conditions(false)?;
    let get = matches!(query.end, End::Get) && query.order.is_empty() && query.loads.is_empty();
    if !asked.is_empty() && !get {
        code.push_str(&format!(".filter({})", asked.join(", ")));
    }
    for excluded in conditions(true)? {
        code.push_str(&format!(".exclude({excluded})"));
    }
    let is_bare = code.len() == begin;
    if is_bare && keywords.needs_all && !get && !matches!(query.end, End::Create(_)) {
        code.push_str(".all()");
    }
    if let Ahead::Methods { one, many, .. } = graph.spelling.ahead {
        for way in &query.loads {
            let method = if way.many { many } else { one };
            code.push_str(&format!(".{method}(\"{}\")", path(graph, &query.model, way)?));
        }
    }
    if query.distinct && keywords.distinct.is_empty() {
        return Err("`distinct()` cannot be said there.".into());
    }
    if query.distinct {
        code.push_str(keywords.distinct);
    }
    let mut order = Vec::new();
    for (way, turned) in &query.order {
        order.push(format!(
            "\"{}{}\"",
            if *turned { "-" } else { "" },
            path(graph, &query.model, way)?
        ));
    }
    if matches!(query.end, End::First) && order.is_empty() && keywords.first_by == FirstBy::Chance {
        order.push("\"id\"".into());
    }
    if !order.is_empty() {
        code.push_str(&format!(".order_by({})", order.join(", ")));
    }
    if code.len() == begin && query.limit.is_some() {
        // A manager itself has no slices.
        code.push_str(".all()");
    }
    let sliced = match (&query.limit, keywords.slice) {
        (Some(limit), Slice::Brackets) => format!("[:{limit}]"),
        (Some(limit), Slice::Limit) => {
            code.push_str(&format!(".limit({limit})"));
            String::new()
        }
        (None, _) => String::new(),
    };
    let end = match &query.end {
        End::Rows => {
            if code.len() == begin && keywords.rows.is_empty() { ".all()" } else { keywords.rows }
                .to_owned()
        }
        End::First => format!(".{}()", keywords.first),
        End::Get => format!(
            ".get({})",
            if get { std::mem::take(&mut asked).join(", ") } else { String::new() }
        ),
        End::Count => ".count()".into(),
        End::Exists => ".exists()".into(),
        End::Delete => format!(".delete({})", if is_bare { keywords.delete_all } else { "" }),
        End::Values(ways) => {
            let names: Result<Vec<String>, String> = ways
                .iter()
                .map(|way| Ok(format!("\"{}\"", path(graph, &query.model, way)?)))
                .collect();
            match keywords.texts {
                Texts::Each => format!(".values({})", names?.join(", ")),
                Texts::List => format!(".values([{}])", names?.join(", ")),
            }
        }
        End::Create(fields) => created(fields),
    };
    Ok(format!("{}{code}{sliced}{end}", keywords.awaits))
}

fn created(fields: &[(String, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).gather();
    format!(".create({})", fields.join(", "))
}

/// Joins and expressions of an ORM that has no keywords.
struct Expressions<'a> {
    graph: &'a Graph,
    joins: Vec<String>,
    joined: Vec<String>,
    ways: Vec<(Vec<Hop>, String)>,
}

impl<'a> Expressions<'a> {
    fn new(graph: &'a Graph, query: &Query) -> Result<Self, String> {
        model(graph, &query.model)?;
        Ok(Self { graph, joins: Vec::new(), joined: vec![query.model.clone()], ways: Vec::new() })
    }

    /// Joins what a way goes along; gives the model where it ends.
    fn go(&mut self, from: &str, hops: &[Hop]) -> Result<String, String> {
        let mut at = from.to_owned();
        for count in 1..=hops.len() {
            let Some((hop, way)) = hops.get(..count).and_then(|way| Some((way.last()?, way)))
            else {
                break;
            };
            if let Some((_, model)) = self.ways.iter().find(|(known, _)| known.as_slice() == way) {
                at = model.clone();
                continue;
            }
            at = self.join(&at, hop)?;
            self.ways.push((way.to_vec(), at.clone()));
        }
        Ok(at)
    }

    fn join(&mut self, at: &str, hop: &Hop) -> Result<String, String> {
        let declaring = model(self.graph, &hop.model)?;
        let relation = self.graph.model(declaring).and_then(|model| model.relation(&hop.field));
        let relation = relation.ok_or_else(|| no_way(hop))?;
        let to = if hop.forward { &*relation.target } else { &*hop.model };
        if self.joined.iter().any(|known| known == to) {
            return Err(format!("`{to}` would be joined twice, which takes an alias."));
        }
        self.joined.push(to.to_owned());
        match &relation.through {
            None => {
                self.joins.push(format!(".join_from({at}, {to}, on={}.{})", hop.model, hop.field))
            }
            Some(through) => {
                let between = if through.generated {
                    format!("{}.{}.get_through_model()", hop.model, hop.field)
                } else {
                    through.model.to_string()
                };
                self.joins.push(format!(".join_from({at}, {between}).join_from({between}, {to})"));
            }
        }
        Ok(to.to_owned())
    }

    /// `Model.field` at the end of a way.
    fn field(&mut self, from: &str, way: &Way) -> Result<String, String> {
        let (hops, name) =
            match (&way.field, way.hops.split_last()) {
                (Some(field), _) => (way.hops.as_slice(), field.clone()),
                // The key is in the row that points.
                (None, Some((last, before))) if last.forward && !way.many => {
                    (before, last.field.clone())
                }
                _ => return Err(
                    "A whole instance at the end of a relation to many cannot be compared there."
                        .into(),
                ),
            };
        let at = self.go(from, hops)?;
        let known =
            self.graph.world.named(&at).is_some_and(|model| {
                model.field(&name).is_some() || model.relation(&name).is_some()
            });
        if known {
            Ok(format!("{at}.{name}"))
        } else {
            Err(format!("`{at}` has no field `{name}` there."))
        }
    }

    fn write(mut self, query: &Query) -> Result<String, String> {
        let from = &query.model;
        if let End::Create(fields) = &query.end {
            return Ok(format!("{from}{}", created(fields)));
        }
        if !query.loads.is_empty() {
            return Err("Relations are loaded by joins and `prefetch()` there; what it takes depends on the loop.".into());
        }
        let mut wanted = Vec::new();
        for Condition { negated, way, lookup, value } in &query.conditions {
            let field = self.field(from, way)?;
            let said = match (lookup.as_str(), value.as_str()) {
                ("exact", "None") | ("isnull", "True") => format!("{field}.is_null()"),
                ("isnull", "False") => format!("{field}.is_null(False)"),
                ("exact", _) => format!("{field} == {value}"),
                ("gt", _) => format!("{field} > {value}"),
                ("gte", _) => format!("{field} >= {value}"),
                ("lt", _) => format!("{field} < {value}"),
                ("lte", _) => format!("{field} <= {value}"),
                ("in", _) => format!("{field}.in_({value})"),
                ("contains" | "icontains", _) => format!("{field}.contains({value})"),
                ("startswith" | "istartswith", _) => format!("{field}.startswith({value})"),
                ("endswith" | "iendswith", _) => format!("{field}.endswith({value})"),
                (lookup, _) => return Err(format!("`{lookup}` is not translated.")),
            };
            wanted.push(if *negated { format!("~({said})") } else { said });
        }
        let mut order = Vec::new();
        for (way, turned) in &query.order {
            let field = self.field(from, way)?;
            order.push(if *turned { format!("{field}.desc()") } else { field });
        }
        let mut selected = Vec::new();
        if let End::Values(ways) = &query.end {
            for way in ways {
                selected.push(self.field(from, way)?);
            }
        }
        if matches!(query.end, End::First) && order.is_empty() {
            let key = self.graph.world.named(from).and_then(|model| model.key());
            order.extend(key.map(|key| format!("{from}.{}", key.name)));
        }
        let is_delete = matches!(query.end, End::Delete);
        if is_delete && !(self.joins.is_empty() && order.is_empty() && query.limit.is_none()) {
            return Err("A statement that deletes has no joins there.".into());
        }
        let mut code = if is_delete {
            format!("{from}.delete()")
        } else {
            format!("{from}.select({})", selected.join(", "))
        };
        code.push_str(&self.joins.concat());
        if !wanted.is_empty() {
            code.push_str(&format!(".where({})", wanted.join(", ")));
        }
        if query.distinct {
            code.push_str(".distinct()");
        }
        if !order.is_empty() {
            code.push_str(&format!(".order_by({})", order.join(", ")));
        }
        if let Some(limit) = &query.limit {
            code.push_str(&format!(".limit({limit})"));
        }
        code.push_str(match &query.end {
            End::Rows | End::Create(_) => "",
            End::First => ".first()",
            End::Get => ".get()",
            End::Count => ".count()",
            End::Exists => ".exists()",
            End::Delete => ".execute()",
            End::Values(_) => ".dicts()",
        });
        Ok(code)
    }
}
