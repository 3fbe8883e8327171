//! Statements as they stand in a text whose indentation cannot be trusted.

use super::scan::{Open, code, indent};
use super::text::Line;
use crate::orm;

/// What a statement says about where it can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `class Meta:`, and what else stands in a model by its name.
    Options,
    /// Any other class.
    Class,
    /// A function that takes `self` or `cls`.
    Method,
    Function,
    /// It belongs to the statement below.
    Decorator,
    /// `if`, `for`, `with`: what belongs to it is lost without indentation.
    Block(String),
    /// `return`, `raise`, `pass`: no statement of the same block comes after it.
    Last,
    /// A field, or an annotation: it stands in a class.
    Member,
    /// `name = value` that could stand anywhere.
    Assignment,
    Import,
    /// A string alone.
    Docstring,
    /// Any other statement.
    Other,
    /// Blank lines and comments.
    Gap,
}

/// A statement with its lines, and the deeper lines below it that are its own.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) kind: Kind,
    pub(super) indent: usize,
    /// The lines of the statement itself.
    pub(super) head: Vec<Line>,
    /// The statements that stand deeper below it.
    pub(super) body: Vec<Unit>,
}

impl Unit {
    /// Whether something has to stand deeper below it.
    pub(super) fn opens(&self) -> bool {
        match self.kind {
            Kind::Options | Kind::Class | Kind::Method | Kind::Function | Kind::Block(_) => self
                .head
                .last()
                .is_some_and(|line| code(&line.text, Open::default()).ends_with(':')),
            _ => false,
        }
    }

    /// Whether what has to stand below it does not.
    pub(super) fn lost_body(&self) -> bool {
        self.opens() && self.body.iter().all(|unit| unit.kind == Kind::Gap)
    }

    pub(super) fn line(&self) -> u32 {
        self.head.first().map_or(0, |line| line.number)
    }

    pub(super) fn text(&self) -> &str {
        self.head.first().map_or("", |line| line.text.trim())
    }
}

/// The statements of a text, each with those that stand deeper below it.
pub(super) fn units(lines: &[Line]) -> Vec<Unit> {
    let mut flat = Vec::new();
    let mut open = Open::default();
    for line in lines {
        if open.is_closed() {
            flat.push(Unit {
                kind: kind(code(&line.text, open)),
                indent: indent(&line.text),
                head: vec![line.clone()],
                body: Vec::new(),
            });
        } else if let Some(unit) = flat.last_mut() {
            unit.head.push(line.clone());
        }
        open = open.after(&line.text);
    }
    for unit in &mut flat {
        // A call over several lines shows what it is in its first.
        if unit.kind == Kind::Other && unit.head.len() > 1 {
            unit.kind = kind(
                &unit.head.iter().map(|line| code(&line.text, Open::default())).collect::<String>(),
            );
        }
    }
    nest(&mut flat.into_iter().peekable(), None)
}

fn nest(
    flat: &mut std::iter::Peekable<std::vec::IntoIter<Unit>>,
    above: Option<usize>,
) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::new();
    while let Some(next) = flat.peek() {
        // Gaps go with what stands before them.
        if next.kind == Kind::Gap {
            out.extend(flat.next());
            continue;
        }
        if above.is_some_and(|above| next.indent <= above) {
            break;
        }
        let Some(mut unit) = flat.next() else { break };
        if unit.opens() {
            unit.body = nest(flat, Some(unit.indent));
            // Gaps at the end stand between it and what comes after.
            let kept =
                unit.body.iter().rposition(|unit| unit.kind != Kind::Gap).map_or(0, |at| at + 1);
            let gaps = unit.body.split_off(kept);
            out.push(unit);
            out.extend(gaps);
        } else {
            out.push(unit);
        }
    }
    out
}

fn kind(code: &str) -> Kind {
    let word: String =
        code.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let rest = code.get(word.len()..).unwrap_or_default().trim_start();
    match word.as_str() {
        "" if code.is_empty() => Kind::Gap,
        "" if code.starts_with('@') => Kind::Decorator,
        "" if code.starts_with(['"', '\'']) => Kind::Docstring,
        "" if code.starts_with("...") => Kind::Last,
        "class" if ["Meta", "Config"].iter().any(|name| is_class(rest, name)) => Kind::Options,
        "class" => Kind::Class,
        "def" => function(rest),
        "async" if rest.starts_with("def ") => function(rest.get(4..).unwrap_or_default()),
        "if" | "for" | "while" | "with" | "try" | "except" | "else" | "elif" | "finally"
        | "match" | "async"
            if code.contains(':') =>
        {
            Kind::Block(word)
        }
        "return" | "raise" | "pass" | "break" | "continue" => Kind::Last,
        "import" | "from" => Kind::Import,
        "r" | "u" | "b" | "f" if rest.starts_with(['"', '\'']) => Kind::Docstring,
        _ => statement(rest),
    }
}

fn is_class(rest: &str, name: &str) -> bool {
    rest.strip_prefix(name).is_some_and(|after| after.trim_start().starts_with(['(', ':']))
}

fn function(rest: &str) -> Kind {
    let first = rest.split_once('(').map_or("", |(_, parameters)| parameters.trim_start());
    let name: String =
        first.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    if matches!(name.as_str(), "self" | "cls") { Kind::Method } else { Kind::Function }
}

/// What follows a name: `: type`, `= value`, or anything.
fn statement(rest: &str) -> Kind {
    if let Some(annotated) = rest.strip_prefix(':') {
        return if annotated.is_empty() { Kind::Other } else { Kind::Member };
    }
    match rest.strip_prefix('=') {
        Some(value) if !value.starts_with('=') => {
            if is_member(value.trim()) {
                Kind::Member
            } else {
                Kind::Assignment
            }
        }
        _ => Kind::Other,
    }
}

/// Whether a value is one that only a model's class has: a call of a field class of some ORM, or a manager.
fn is_member(value: &str) -> bool {
    let Some((callee, _)) = value.split_once('(') else { return false };
    let name = callee.rsplit('.').next().unwrap_or_default().trim();
    name.ends_with("Field")
        || name.ends_with("Manager")
        || name == "as_manager"
        || matches!(name, "ForeignKey" | "ManyToMany")
        || orm::ALL
            .iter()
            .any(|orm| orm.profile().field_classes.iter().any(|class| class.name == name))
}
