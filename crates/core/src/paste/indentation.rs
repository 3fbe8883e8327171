//! Indentation that a page took away: put back where there is one way to do it.
//!
//! Fields stand in classes, `Meta` stands in a model, methods take `self`, and `return` ends a body: so much is certain.
//! Where a body holds `if` or `for`, or a plain assignment could stand inside or outside, nothing is, and the text stays as it is.

use super::Trouble;
use super::joins::shortened;
use super::scan::indent;
use super::text::{Line, Text, is_python};
use super::units::{Kind, Unit, units};

const STEP: usize = 4;

/// Moves text that is indented as a whole, or all but for its first line, to the left margin.
pub(super) fn shift(text: &mut Text) -> Result<(), Trouble> {
    let filled = || text.lines.iter().filter(|line| !line.is_blank());
    let rest = filled().skip(1).map(|line| indent(&line.text)).min().unwrap_or_default();
    let first = filled().next().map_or(0, |line| indent(&line.text));
    if rest == 0 || first > rest {
        return Ok(());
    }
    let moved: Vec<Line> = text
        .lines
        .iter()
        .map(|line| {
            let own = indent(&line.text);
            Line { number: line.number, text: at(own.saturating_sub(rest), &line.text) }
        })
        .collect();
    // A class whose body is all that follows it is indented rightly, if Python says so.
    if first == rest || is_python(&moved) {
        let numbers: Vec<u32> =
            filled().filter(|line| indent(&line.text) > 0).map(|line| line.number).collect();
        text.lines = moved;
        text.note("Moved the code to the left margin", &numbers);
    }
    Ok(())
}

fn at(indent: usize, line: &str) -> String {
    let body = line.trim_start();
    if body.is_empty() { String::new() } else { format!("{}{body}", " ".repeat(indent)) }
}

/// Puts indentation back below statements that need it and have none.
pub(super) fn restore(text: &mut Text) -> Result<(), Trouble> {
    let units = units(&text.lines);
    if !is_lost(&units) {
        return Ok(());
    }
    let mut writer = Writer { lines: Vec::new(), moved: Vec::new() };
    writer.top(&mut Units { all: units, at: 0 })?;
    if is_python(&writer.lines) {
        text.lines = writer.lines;
        text.note("Put the lost indentation back", &writer.moved);
    }
    Ok(())
}

fn is_lost(units: &[Unit]) -> bool {
    units.iter().any(|unit| unit.lost_body() || is_lost(&unit.body))
}

/// The statements of one indentation, read one by one.
struct Units {
    all: Vec<Unit>,
    at: usize,
}

impl Units {
    /// The next statement, without blank lines and comments.
    fn peek(&self) -> Option<&Unit> {
        self.all.iter().skip(self.at).find(|unit| unit.kind != Kind::Gap)
    }

    /// What the next statement is; for a decorator, what it decorates.
    fn kind(&self) -> Option<&Kind> {
        let rest = self.all.iter().skip(self.at);
        rest.map(|unit| &unit.kind).find(|kind| !matches!(kind, Kind::Gap | Kind::Decorator))
    }

    fn is_decorated(&self) -> bool {
        self.peek().is_some_and(|unit| unit.kind == Kind::Decorator)
    }

    /// Whether a blank line stands before the next statement.
    fn is_apart(&self) -> bool {
        self.all.get(self.at).is_some_and(|unit| unit.kind == Kind::Gap && unit.text().is_empty())
    }

    /// Whether plain assignments here are the class's: more of it comes after them, or they are all that it has.
    fn goes_on(&self, class: &Unit) -> bool {
        let mut after = self.all.iter().skip(self.at).map(|unit| &unit.kind);
        let next =
            after.find(|kind| !matches!(kind, Kind::Gap | Kind::Decorator | Kind::Assignment));
        is_enumeration(class) || matches!(next, Some(Kind::Member | Kind::Method | Kind::Options))
    }

    /// Whether the next assignment is of a kind that modules have and options do not: of a call, or to `__all__` and its like.
    fn is_foreign(&self) -> bool {
        self.peek().is_some_and(|unit| {
            let value = unit.text().split_once('=').map_or("", |(_, value)| value.trim());
            let callee = value.split_once('(').map_or("", |(callee, _)| callee);
            let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
            unit.text().starts_with("__") || (!callee.is_empty() && callee.chars().all(is_name))
        })
    }

    /// The next statement with the gaps before it.
    fn take(&mut self) -> (Vec<Unit>, Option<Unit>) {
        let mut gaps = Vec::new();
        while let Some(unit) = self.all.get(self.at) {
            self.at += 1;
            if unit.kind == Kind::Gap {
                gaps.push(unit.clone());
            } else {
                return (gaps, Some(unit.clone()));
            }
        }
        (gaps, None)
    }
}

struct Writer {
    lines: Vec<Line>,
    /// Lines that came to stand elsewhere.
    moved: Vec<u32>,
}

impl Writer {
    /// Writes a statement's lines so that its first stands at `level`.
    fn write(&mut self, unit: &Unit, level: usize) {
        let is_open = unit.head.len() > 1;
        for (place, line) in unit.head.iter().enumerate() {
            let own = indent(&line.text);
            let target = if place == 0 {
                level
            } else if own > unit.indent {
                own - unit.indent + level
            } else if is_open && line.text.trim_start().starts_with([')', ']', '}', '"', '\'']) {
                level
            } else {
                level + STEP
            };
            self.put(line, target);
        }
    }

    fn put(&mut self, line: &Line, target: usize) {
        if !line.is_blank() && indent(&line.text) != target {
            self.moved.push(line.number);
        }
        self.lines.push(Line { number: line.number, text: at(target, &line.text) });
    }

    /// Writes the gaps and then the statement, with what stands below it.
    fn next(&mut self, units: &mut Units, level: usize, place: Inside) -> Result<(), Trouble> {
        let (gaps, unit) = units.take();
        for gap in &gaps {
            self.write(gap, level);
        }
        let Some(unit) = unit else { return Ok(()) };
        self.write(&unit, level);
        if !unit.opens() {
            return Ok(());
        }
        let below = level + STEP;
        if unit.lost_body() {
            return match &unit.kind {
                Kind::Options => self.options(&unit, units, below),
                Kind::Class if place == Inside::Class => self.options(&unit, units, below),
                Kind::Class => self.class(&unit, units, below),
                Kind::Method | Kind::Function => self.function(&unit, units, below),
                _ => Err(block(&unit)),
            };
        }
        let mut body = Units { all: unit.body, at: 0 };
        let inside = match unit.kind {
            Kind::Class | Kind::Options => Inside::Class,
            _ => Inside::Function,
        };
        while body.peek().is_some() {
            self.next(&mut body, below, inside)?;
        }
        Ok(())
    }

    fn top(&mut self, units: &mut Units) -> Result<(), Trouble> {
        while let Some(unit) = units.peek() {
            if matches!(unit.kind, Kind::Member | Kind::Method | Kind::Options) {
                return Err(homeless(unit));
            }
            self.next(units, 0, Inside::Module)?;
        }
        for gap in units.take().0 {
            self.write(&gap, 0);
        }
        Ok(())
    }

    /// The body of a class that nothing indents: up to the first statement that cannot stand in it.
    fn class(&mut self, class: &Unit, units: &mut Units, level: usize) -> Result<(), Trouble> {
        let mut count = 0;
        while let Some(kind) = units.kind() {
            let belongs = match kind {
                // Fields below an enumeration are those of the model around it, whose lines are not told apart.
                Kind::Member if is_enumeration(class) => return Err(either(units, class)),
                Kind::Member | Kind::Options | Kind::Method | Kind::Docstring => true,
                Kind::Last => count == 0,
                // `@staticmethod` decorates a method without `self`.
                Kind::Function => {
                    units.is_decorated()
                        && units.peek().is_some_and(|unit| unit.text().starts_with("@staticmethod"))
                }
                Kind::Assignment if count > 0 && (units.is_apart() || !units.goes_on(class)) => {
                    return Err(either(units, class));
                }
                Kind::Assignment => true,
                Kind::Class
                | Kind::Import
                | Kind::Other
                | Kind::Block(_)
                | Kind::Gap
                | Kind::Decorator => false,
            };
            if !belongs {
                break;
            }
            count += 1;
            self.next(units, level, Inside::Class)?;
        }
        if count == 0 { Err(empty(class)) } else { Ok(()) }
    }

    /// The body of `Meta` and of classes inside of models: assignments, up to the first that only a model can have.
    fn options(&mut self, class: &Unit, units: &mut Units, level: usize) -> Result<(), Trouble> {
        let mut count = 0;
        while let Some(Kind::Assignment | Kind::Docstring | Kind::Last) = units.kind() {
            if count > 0 && (units.is_apart() || units.is_foreign()) {
                return Err(either(units, class));
            }
            count += 1;
            self.next(units, level, Inside::Class)?;
        }
        if count == 0 { Err(empty(class)) } else { Ok(()) }
    }

    /// The body of a function: up to and with the first `return` or its like.
    fn function(
        &mut self,
        function: &Unit,
        units: &mut Units,
        level: usize,
    ) -> Result<(), Trouble> {
        let mut count = 0;
        let mut unsure = false;
        while let Some(unit) = units.peek() {
            let kind = unit.kind.clone();
            match kind {
                Kind::Last => {
                    return self.next(units, level, Inside::Function);
                }
                Kind::Block(_) if unit.lost_body() => return Err(block(unit)),
                Kind::Block(_) | Kind::Other | Kind::Import | Kind::Docstring => {}
                Kind::Assignment => unsure = true,
                Kind::Options
                | Kind::Class
                | Kind::Method
                | Kind::Function
                | Kind::Decorator
                | Kind::Member
                | Kind::Gap => break,
            }
            count += 1;
            // What speaks of the object is the method's; all else could stand in the module, after it.
            unsure |= kind == Kind::Other
                && !["self", "cls", "super("].iter().any(|own| unit.text().contains(own));
            self.next(units, level, Inside::Function)?;
        }
        if count == 0 {
            return Err(empty(function));
        }
        if unsure { Err(endless(function)) } else { Ok(()) }
    }
}

/// What a statement stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Module,
    Class,
    Function,
}

fn trouble(unit: &Unit, what: String, why: &str) -> Trouble {
    Trouble {
        line: unit.line(),
        what,
        why: why.into(),
        hint: "Copy the code again where the page keeps its indentation (a raw view, or the page's source), or indent these lines by hand.".into(),
    }
}

fn block(unit: &Unit) -> Trouble {
    trouble(
        unit,
        format!("Nothing is indented below `{}`", shortened(unit.text())),
        "Any number of the lines below may belong to it, and the code would do something else each time.",
    )
}

fn empty(unit: &Unit) -> Trouble {
    trouble(
        unit,
        format!("Nothing that can belong to `{}` stands below it", shortened(unit.text())),
        "The page has moved its lines elsewhere or left them out, and nothing says where they are.",
    )
}

fn endless(unit: &Unit) -> Trouble {
    trouble(
        unit,
        format!("Nothing says where the body of `{}` ends", shortened(unit.text())),
        "Its lines lost their indentation, and no `return` closes it: the last of them may stand inside it or after it.",
    )
}

fn is_enumeration(class: &Unit) -> bool {
    ["Choices", "Enum"].iter().any(|base| class.text().contains(base))
}

fn homeless(unit: &Unit) -> Trouble {
    trouble(
        unit,
        format!("`{}` belongs into a class", shortened(unit.text())),
        "The lines lost their indentation, and what stands above it does not say which class that is.",
    )
}

fn either(units: &Units, class: &Unit) -> Trouble {
    let at = units.peek().unwrap_or(class);
    trouble(
        at,
        format!(
            "`{}` may stand inside `{}` or after it",
            shortened(at.text()),
            shortened(class.text())
        ),
        "The lines lost their indentation, and both are right Python with another meaning.",
    )
}
