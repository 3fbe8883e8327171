//! What loads relations ahead that a loop asks for row by row.

use ruff_python_ast::{Expr, ExprAttribute};
use ruff_text_size::Ranged;
use throughline_core::Span;
use throughline_order::Gather as _;

use super::graph::Graph;
use super::kinds::Kind;
use super::read::{Names, read, span};
use super::spelling::{Ahead, At, Gives};

/// A change of a script that saves statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// What is added: `.select_related("blog")`.
    pub call: String,
    /// The whole script with it.
    pub script: String,
    /// What it does.
    pub why: String,
}

/// The query that a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base {
    model: usize,
    /// What the query's first method is called on: `Entry.objects`.
    receiver: Span,
    /// The first method: its name, whether it is called without arguments, and where the call ends.
    first: Option<(String, bool, u32)>,
    /// All of the query.
    whole: Span,
    /// Whether a loop goes through it; then the name is that of each instance.
    looped: bool,
}

impl Base {
    pub(super) fn of(graph: &Graph, names: &Names, expr: &Expr) -> Option<Self> {
        let kind = graph.kind(names, expr);
        let model = match kind {
            Kind::Rows(model) | Kind::List(model) | Kind::Manager(model) => model,
            Kind::Class(_) | Kind::Many(_) | Kind::One(_) | Kind::Other => return None,
        };
        let (mut at, mut first) = (expr, None);
        loop {
            match at {
                Expr::Await(inner) => at = &inner.value,
                Expr::Subscript(inner) => at = &inner.value,
                Expr::Call(call) => match &*call.func {
                    Expr::Attribute(method) => {
                        let bare =
                            call.arguments.args.is_empty() && call.arguments.keywords.is_empty();
                        first = Some((method.attr.to_string(), bare, span(call.range()).end));
                        at = &method.value;
                    }
                    Expr::Name(_) => at = call.arguments.args.first()?,
                    _ => return None,
                },
                Expr::Name(name) if names.base(&name.id).is_some() => {
                    return names.base(&name.id).filter(|base| !base.looped);
                }
                _ => break,
            }
        }
        let starts = match graph.kind(names, at) {
            Kind::Manager(_) => true,
            Kind::Class(_) => graph.spelling.manager.is_none(),
            Kind::Rows(_) | Kind::Many(_) | Kind::One(_) | Kind::List(_) | Kind::Other => false,
        };
        let whole = match expr {
            Expr::Await(inner) => span(inner.value.range()),
            _ => span(expr.range()),
        };
        let receiver = span(at.range());
        starts.then_some(Self { model, receiver, first, whole, looped: false })
    }

    /// The same, for the name that a loop gives to each of its instances.
    pub(super) fn in_loop(mut self) -> Self {
        self.looped = true;
        self
    }
}

/// A way from the name of a loop: `entry.blog.name`.
pub(super) struct Chain {
    at: Span,
    base: Base,
    names: Vec<String>,
}

impl Chain {
    pub(super) fn of(names: &Names, attribute: &ExprAttribute) -> Option<Self> {
        let mut way = vec![attribute.attr.to_string()];
        let mut at = &*attribute.value;
        loop {
            match at {
                Expr::Attribute(inner) => {
                    way.push(inner.attr.to_string());
                    at = &inner.value;
                }
                // Tortoise's relations are awaited: `(await task.project).title`.
                Expr::Await(inner) => at = &inner.value,
                Expr::Name(name) => {
                    let base = names.base(&name.id).filter(|base| base.looped)?;
                    way.reverse();
                    return Some(Self { at: span(attribute.range()), base, names: way });
                }
                _ => return None,
            }
        }
    }
}

pub(super) fn mend(graph: &Graph, script: &str, statement: Span) -> Option<Mend> {
    let reading = read(graph, script);
    let inside =
        |chain: &&Chain| chain.at.start >= statement.start && chain.at.end <= statement.end;
    let mut chains = reading.chains.iter().filter(inside).peekable();
    let base = chains.peek()?.base.clone();
    let (mut one, mut many): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for chain in chains.filter(|chain| chain.base == base) {
        let (path, is_many) = relations(graph, base.model, &chain.names);
        let paths = if is_many { &mut many } else { &mut one };
        // A longer way loads what a shorter one needs.
        if !path.is_empty() && !paths.iter().any(|known| known.starts_with(&path)) {
            paths.retain(|known| !path.starts_with(known.as_str()));
            paths.push(path);
        }
    }
    match graph.spelling.ahead {
        Ahead::Methods { one: join, many: ask, at } => {
            by_methods(script, &base, (join, &one), (ask, &many), at, graph)
        }
        Ahead::Join => match (one.as_slice(), many.as_slice()) {
            ([path], []) => by_join(graph, script, &base, path),
            ([], [path]) => by_prefetch(graph, script, &base, path),
            _ => None,
        },
    }
}

/// The names of a way that lead along relations, up to the first that leads to many.
fn relations(graph: &Graph, model: usize, names: &[String]) -> (String, bool) {
    let mut at = model;
    let mut path: Vec<&str> = Vec::new();
    for name in names {
        let Some(step) = graph.by_attribute(at, name) else { break };
        let Some(target) = graph.target(&step) else { break };
        path.push(name);
        if step.is_many() {
            return (path.join("__"), true);
        }
        at = target;
    }
    (path.join("__"), false)
}

fn by_methods(
    script: &str,
    base: &Base,
    (join, one): (&str, &[String]),
    (ask, many): (&str, &[String]),
    at: At,
    graph: &Graph,
) -> Option<Mend> {
    let call = |method: &str, paths: &[String]| {
        let paths: Vec<String> = paths.iter().map(|path| format!("\"{path}\"")).gather();
        if paths.is_empty() { String::new() } else { format!(".{method}({})", paths.join(", ")) }
    };
    let added = if join == ask {
        call(join, &[one, many].concat())
    } else {
        call(join, one) + &call(ask, many)
    };
    if added.is_empty() {
        return None;
    }
    let (from, to) = match (&base.first, at) {
        // `objects.all()` says no more than `objects`, where the call that comes in its place gives rows as well.
        (Some((name, true, end)), At::Manager) if name == "all" && gives_rows(graph, name) => {
            (base.receiver.end, *end)
        }
        (_, At::Manager) => (base.receiver.end, base.receiver.end),
        (Some((_, _, end)), At::Query) => (*end, *end),
        (None, At::Query) => return None,
    };
    let why = match (one.is_empty(), many.is_empty()) {
        (false, true) => "The rows that they point at come with a join, in the same statement.",
        _ if join == ask => "The related rows come with a join, in the same statement.",
        (true, _) => "One more statement fetches the related rows of all of them.",
        (false, false) => {
            "What they point at comes with a join, and one more statement fetches the rest."
        }
    };
    replaced(script, from, to, &added, added.clone(), why)
}

fn gives_rows(graph: &Graph, method: &str) -> bool {
    graph.spelling.on_rows.iter().any(|known| known.name == method && known.gives == Gives::Rows)
}

/// `Message.select(Message, Person).join(Person, on=Message.sender)`
fn by_join(graph: &Graph, script: &str, base: &Base, path: &str) -> Option<Mend> {
    let (name, bare, end) = base.first.as_ref()?;
    if name != "select" || !bare {
        return None;
    }
    let (mut at, mut models, mut joins) = (base.model, vec![graph.name(base.model)], String::new());
    for name in path.split("__") {
        let step = graph.by_attribute(at, name)?;
        let target = graph.target(&step)?;
        let to = graph.name(target);
        if models.contains(&to) {
            return None;
        }
        joins.push_str(&format!(".join({to}, on={}.{name})", graph.name(at)));
        models.push(to);
        at = target;
    }
    let added = format!(".select({}){joins}", models.join(", "));
    let why = "The rows that they point at come with the join, in the same statement.";
    replaced(script, base.receiver.end, *end, &added, added.clone(), why)
}

/// `prefetch(Person.select(), Message)`
fn by_prefetch(graph: &Graph, script: &str, base: &Base, path: &str) -> Option<Mend> {
    let step = graph.by_attribute(base.model, path)?;
    let target = graph.name(graph.target(&step)?);
    let query = script.get(base.whole.start as usize..base.whole.end as usize)?;
    let added = format!("prefetch({query}, {target})");
    let why = "One more statement fetches the related rows of all of them.";
    replaced(
        script,
        base.whole.start,
        base.whole.end,
        &added,
        format!("prefetch(…, {target})"),
        why,
    )
}

fn replaced(script: &str, from: u32, to: u32, with: &str, call: String, why: &str) -> Option<Mend> {
    let (before, after) = (script.get(..from as usize)?, script.get(to as usize..)?);
    Some(Mend { call, script: format!("{before}{with}{after}"), why: why.to_owned() })
}
