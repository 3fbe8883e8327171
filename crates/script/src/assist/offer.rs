//! The names that may stand at a place.

use throughline_order::Gather as _;

use super::graph::{Graph, Step};
use super::kinds::Kind;
use super::read::{What, read};
use super::spelling::Takes;
use crate::world::Field;

/// Put where the caret is, so that there is a name in any case.
const MARK: &str = "\u{1c3}";

/// What may stand at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// The byte where the name begins that is being written.
    pub from: u32,
    /// The names.
    pub names: Vec<Offer>,
}

/// A name that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name, with what follows it always: `name=`.
    pub name: String,
    /// What it is, in a word or two.
    pub what: String,
    /// What it does, in a sentence; nothing where that is plain.
    pub says: String,
}

impl Offer {
    fn new(name: impl Into<String>, what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { name: name.into(), what: what.into(), says: says.into() }
    }
}

pub(super) fn offer(graph: &Graph, script: &str, at: u32) -> Offered {
    let (Some(before), Some(after)) = (script.get(..at as usize), script.get(at as usize..)) else {
        return Offered::default();
    };
    let offered = offer_in(graph, &marked(before), before, at);
    if !offered.names.is_empty() {
        return offered;
    }
    // What comes after the caret may say what a name before it is, as in a comprehension.
    offer_in(graph, &format!("{before}{MARK}{after}"), before, at)
}

fn offer_in(graph: &Graph, marked: &str, before: &str, at: u32) -> Offered {
    let reading = read(graph, marked);
    let is_here = |end: u32| end == at + MARK.len() as u32;
    let Some(fact) = reading.facts.iter().find(|fact| is_here(fact.at.end)) else {
        return Offered::default();
    };
    let written = before.get(fact.at.start as usize..).unwrap_or_default();
    let names = match fact.what {
        What::Member(of) => return Offered { from: fact.at.start, names: members(graph, of) },
        What::Path(model, takes) => return along(graph, model, takes, written, fact.at.start),
        What::Name(_, Some((model, takes @ (Takes::Conditions | Takes::Fields))))
            if !written.is_empty() || before.ends_with(['(', ' ', ',']) =>
        {
            let offered = along(graph, model, takes, written, fact.at.start);
            if offered.from > fact.at.start {
                return offered;
            }
            let mut names = offered.names;
            names.extend(globals(graph, &reading.names));
            names
        }
        What::Name(..) => globals(graph, &reading.names),
    };
    Offered { from: fact.at.start, names }
}

/// The text up to the caret with a mark there, and what closes everything that is open.
fn marked(before: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    let mut quote: Option<char> = None;
    let mut letters = before.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(_), '\\') => drop(letters.next()),
            // A text ends with its line; one in three quotes is read as three texts, which comes to the same.
            (Some(mark), _) if letter == mark || letter == '\n' => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '#') => while letters.next_if(|letter| *letter != '\n').is_some() {},
            (None, '(') => open.push(')'),
            (None, '[') => open.push(']'),
            (None, '{') => open.push('}'),
            (None, ')' | ']' | '}') => drop(open.pop()),
            (None, _) => {}
        }
    }
    let mut out = format!("{before}{MARK}");
    out.extend(quote);
    out.extend(open.iter().rev());
    // A loop or a condition whose head is being written needs a body.
    let head = before.rsplit('\n').next().unwrap_or_default().trim_start();
    if open.is_empty()
        && ["for ", "async for ", "if ", "while "].iter().any(|word| head.starts_with(word))
        && !head.contains(':')
    {
        out.push_str(": pass");
    }
    out
}

/// What a value has.
fn members(graph: &Graph, of: Kind) -> Vec<Offer> {
    let mut out = Vec::new();
    if let Kind::One(model) = of {
        for (name, step) in graph.on_instances(model) {
            out.push(Offer::new(name, about(graph, step), ""));
        }
    }
    if let (Kind::Class(model), None) = (of, graph.spelling.manager) {
        // Peewee's fields are what its expressions are made of.
        out.extend(
            graph
                .on_instances(model)
                .into_iter()
                .map(|(name, step)| Offer::new(name, about(graph, step), "")),
        );
    }
    if let (Kind::Class(model), Some(manager)) = (of, graph.spelling.manager) {
        let says = format!("Where queries of {} begin.", graph.name(model));
        out.push(Offer::new(manager, "manager", says));
    }
    let methods = graph.methods(of).into_iter();
    out.extend(methods.map(|method| Offer::new(method.name, "method", method.says)));
    out
}

/// What may come next on a way through relations.
fn along(graph: &Graph, model: usize, takes: Takes, written: &str, start: u32) -> Offered {
    let sign = written.len() - written.trim_start_matches('-').len();
    let path = written.get(sign..).unwrap_or_default();
    let (way, last) = path.rsplit_once("__").map_or(("", path), |(way, last)| (way, last));
    let from = start + (written.len() - last.len()) as u32;
    let nothing = Offered { from, names: Vec::new() };
    let (mut at, mut field): (usize, Option<&Field>) = (model, None);
    for name in way.split("__").filter(|name| !name.is_empty()) {
        let Some(step) = graph.by_lookup(at, name) else { return nothing };
        match (step, graph.target(&step)) {
            (_, Some(target)) => (at, field) = (target, None),
            (Step::Field(found), None) => field = Some(found),
            (Step::Forward(..) | Step::Back(_), None) => return nothing,
        }
    }
    let is_keyword = matches!(takes, Takes::Conditions | Takes::Fields);
    let ending = if is_keyword { "=" } else { "" };
    let mut names = Vec::new();
    if let Some(field) = field {
        if takes == Takes::Conditions {
            let lookups = graph.spelling.lookups.iter().filter(|lookup| lookup.of.holds(&field.ty));
            names.extend(
                lookups
                    .map(|lookup| Offer::new(format!("{}=", lookup.name), "lookup", lookup.says)),
            );
        }
        return Offered { from, names };
    }
    let deep = takes != Takes::Fields;
    for (name, step) in graph.in_lookups(at) {
        let is_relation = graph.target(&step).is_some();
        let fits = match takes {
            Takes::Relations => is_relation,
            Takes::Fields => !matches!(step, Step::Back(_)) && !step.is_many(),
            Takes::Conditions | Takes::Names | Takes::Nothing => true,
        };
        if fits {
            names.push(Offer::new(format!("{name}{ending}"), about(graph, step), ""));
        }
    }
    if deep && !way.is_empty() && takes == Takes::Conditions {
        names.push(Offer::new(
            "isnull=",
            "lookup",
            "there is none (True), or there is one (False)",
        ));
    }
    Offered { from, names }
}

/// Names that can stand anywhere.
fn globals(graph: &Graph, known: &super::read::Names) -> Vec<Offer> {
    let mut out: Vec<Offer> = known
        .all()
        .into_iter()
        .filter(|(name, _)| !name.contains(MARK))
        .map(|(name, kind)| Offer::new(name, said(graph, kind), ""))
        .gather();
    let models = graph.world.models.iter().filter(|model| model.declared.is_some());
    out.extend(models.map(|model| Offer::new(&*model.name, "model", "")));
    let names = graph.spelling.names.iter();
    out.extend(names.map(|(name, _, says)| Offer::new(*name, "name", *says)));
    out
}

/// What a value is, in words.
pub(super) fn said(graph: &Graph, kind: Kind) -> String {
    match kind {
        Kind::Class(_) => "model".to_owned(),
        Kind::Manager(model) => format!("manager of {}", graph.name(model)),
        Kind::Rows(model) => format!("query of {}", graph.name(model)),
        Kind::Many(model) => format!("many {}", graph.name(model)),
        Kind::One(model) => graph.name(model).to_owned(),
        Kind::List(model) => format!("list of {}", graph.name(model)),
        Kind::Other => String::new(),
    }
}

/// What a name leads to, in words.
pub(super) fn about(graph: &Graph, step: Step<'_>) -> String {
    let target = graph.target(&step).map(|target| graph.name(target));
    match (step, target) {
        (Step::Field(field), _) if field.primary_key => "key".to_owned(),
        (Step::Field(_), _) => "field".to_owned(),
        (Step::Forward(..) | Step::Back(_), Some(target)) if step.is_many() => {
            format!("many {target}")
        }
        (Step::Forward(..) | Step::Back(_), Some(target)) => target.to_owned(),
        (Step::Forward(..) | Step::Back(_), None) => "relation".to_owned(),
    }
}
