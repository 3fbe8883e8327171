//! The text as lines and statements: where to put what comes, and how much goes with what goes.

use ruff_python_ast::{Expr, ModModule, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::written::INDENT;
use super::{EditError, TextEdit};
use crate::document::{Field, LineIndex, Model, Span};
use crate::python;

/// A source that parses.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) module: ModModule,
    /// The line break that the file uses.
    pub(super) eol: &'static str,
    /// One level of indentation.
    unit: String,
}

/// A statement with those beside it.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    pub(super) body: &'s [Stmt],
    pub(super) at: usize,
}

impl Place<'_> {
    fn span(self) -> Span {
        self.body.get(self.at).map(span_of).unwrap_or_default()
    }

    fn before(self) -> Option<Span> {
        self.at.checked_sub(1).and_then(|at| self.body.get(at)).map(span_of)
    }

    fn after(self) -> Option<Span> {
        self.body.get(self.at + 1).map(span_of)
    }
}

fn span_of(node: &impl Ranged) -> Span {
    python::span(node.range())
}

impl<'a> Source<'a> {
    /// Parses the text.
    pub(super) fn parse(text: &'a str) -> Result<Self, EditError> {
        let parsed = python::parse(text);
        if let Some(error) = parsed.errors.first() {
            let line = LineIndex::new(text).line(error.span.start);
            return Err(EditError::Refused(format!(
                "Line {line} is not Python yet: {}. Mend it first.",
                error.message
            )));
        }
        let eol = match text.find('\n') {
            Some(at) if text.get(..at).is_some_and(|before| before.ends_with('\r')) => "\r\n",
            _ => "\n",
        };
        let mut source = Self { text, module: parsed.module, eol, unit: String::new() };
        source.unit = source.find_unit().unwrap_or(INDENT).to_owned();
        Ok(source)
    }

    /// The indentation of the first indented body.
    fn find_unit(&self) -> Option<&'a str> {
        self.module.body.iter().find_map(|statement| {
            let body = match statement {
                Stmt::ClassDef(def) => &def.body,
                Stmt::FunctionDef(def) => &def.body,
                _ => return None,
            };
            Some(self.indent(span_of(body.first()?).start)).filter(|indent| !indent.is_empty())
        })
    }

    /// The start of the line that holds the byte.
    pub(super) fn line_start(&self, at: u32) -> u32 {
        let before = Span::new(0, at).text(self.text);
        before.rfind('\n').map_or(0, |found| found as u32 + 1)
    }

    /// The end of the line that holds the byte, before its line break.
    pub(super) fn line_end(&self, at: u32) -> u32 {
        let rest = self.from(at);
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len() as u32
    }

    /// The start of the line after the one that holds the byte; the end of the text where there is none.
    pub(super) fn next_line(&self, at: u32) -> u32 {
        let rest = self.from(at);
        at + rest.find('\n').map_or(rest.len(), |found| found + 1) as u32
    }

    /// The text from a byte on.
    pub(super) fn from(&self, at: u32) -> &'a str {
        self.text.get(at as usize..).unwrap_or_default()
    }

    pub(super) const fn end(&self) -> u32 {
        self.text.len() as u32
    }

    /// The white space before the byte, where there is nothing else on its line.
    pub(super) fn indent(&self, at: u32) -> &'a str {
        let before = Span::new(self.line_start(at), at).text(self.text);
        if before.trim().is_empty() { before } else { "" }
    }

    fn starts_line(&self, at: u32) -> bool {
        Span::new(self.line_start(at), at).text(self.text).trim().is_empty()
    }

    /// Skips lines with nothing on them.
    fn skip_blank(&self, from: u32) -> u32 {
        let mut at = from;
        while at < self.end() && Span::new(at, self.next_line(at)).text(self.text).trim().is_empty()
        {
            at = self.next_line(at);
        }
        at
    }

    /// The start of the blank lines that end where a line starts.
    fn blank_before(&self, line: u32) -> u32 {
        let mut at = line;
        while at > 0 && Span::new(self.line_start(at - 1), at).text(self.text).trim().is_empty() {
            at = self.line_start(at - 1);
        }
        at
    }

    /// What an ORM wrote, in the file's own line breaks and indentation, deeper by `indent`.
    pub(super) fn adapt(&self, written: &str, indent: &str) -> String {
        let mut out = String::with_capacity(written.len());
        for (at, line) in written.split('\n').enumerate() {
            if at > 0 {
                out.push_str(self.eol);
            }
            let text = line.trim_start_matches(' ');
            if !text.is_empty() {
                let levels = (line.len() - text.len()) / INDENT.len();
                out.push_str(if at > 0 { indent } else { "" });
                out.push_str(&self.unit.repeat(levels));
                out.push_str(text);
            }
        }
        out
    }

    /// The class statement of a model.
    pub(super) fn class(&self, model: &Model) -> Result<&StmtClassDef, EditError> {
        find_class(&self.module.body, model.span)
            .ok_or_else(|| EditError::NoModel(model.name.text.clone()))
    }

    /// The statement of a field.
    pub(super) fn field<'s>(&'s self, class: &'s StmtClassDef, field: &Field) -> Option<Place<'s>> {
        find_statement(&class.body, field.span)
    }

    /// A new statement at the end of a model's fields; the first line of `statement` is not indented.
    pub(super) fn insert_field(
        &self,
        class: &StmtClassDef,
        model: &Model,
        statement: &str,
    ) -> Vec<TextEdit> {
        let Some(first) = class.body.first() else { return Vec::new() };
        let header = self.colon(class, span_of(first).start);
        if self.line_start(span_of(first).start) == self.line_start(header) {
            return self.insert_into_one_line(class, statement, header);
        }
        let indent = self.indent(span_of(first).start);
        let text = self.adapt(statement, indent);
        let eol = self.eol;
        let rest =
            if is_docstring(first) { class.body.get(1..).unwrap_or_default() } else { &class.body };
        if let [only] = rest
            && is_placeholder(only)
        {
            return vec![TextEdit { span: span_of(only), insert: text }];
        }
        let after = |at: u32, insert: String| {
            let at = self.line_end(at);
            vec![TextEdit { span: Span::new(at, at), insert }]
        };
        let anchor = rest
            .iter()
            .rfind(|statement| model.fields.iter().any(|field| field.span == span_of(*statement)));
        if let Some(anchor) = anchor {
            return after(span_of(anchor).end, format!("{eol}{indent}{text}"));
        }
        // Without fields: before the options and methods, after what else there is (choices, constants).
        match rest.iter().take_while(|statement| !is_tail(statement)).last() {
            Some(Stmt::ClassDef(def)) => {
                after(span_of(def).end, format!("{eol}{eol}{indent}{text}"))
            }
            Some(anchor) => after(span_of(anchor).end, format!("{eol}{indent}{text}")),
            None => {
                let top = if is_docstring(first) { span_of(first).end } else { header };
                let gap = if is_docstring(first) { eol } else { "" };
                let followed =
                    !rest.is_empty() && self.skip_blank(self.next_line(top)) == self.next_line(top);
                after(top, format!("{eol}{gap}{indent}{text}{}", if followed { eol } else { "" }))
            }
        }
    }

    /// `class A(Model): pass` becomes a class of several lines.
    fn insert_into_one_line(
        &self,
        class: &StmtClassDef,
        statement: &str,
        header: u32,
    ) -> Vec<TextEdit> {
        let indent = format!("{}{}", self.indent(span_of(class).start), self.unit);
        let text = self.adapt(statement, &indent);
        let Some(first) = class.body.first() else { return Vec::new() };
        let start = header + 1;
        if class.body.len() == 1 && is_placeholder(first) {
            return vec![TextEdit {
                span: Span::new(start, span_of(first).end),
                insert: format!("{}{indent}{text}", self.eol),
            }];
        }
        let end = self.line_end(span_of(first).end);
        vec![
            TextEdit {
                span: Span::new(start, span_of(first).start),
                insert: format!("{}{indent}", self.eol),
            },
            TextEdit { span: Span::new(end, end), insert: format!("{}{indent}{text}", self.eol) },
        ]
    }

    /// The colon that ends a class statement's header.
    fn colon(&self, class: &StmtClassDef, body: u32) -> u32 {
        let name = class
            .arguments
            .as_ref()
            .map_or_else(|| span_of(&class.name).end, |arguments| span_of(&**arguments).end);
        let after =
            class.type_params.as_ref().map_or(name, |params| name.max(span_of(&**params).end));
        let gap = Span::new(after, body).text(self.text);
        after + gap.find(':').unwrap_or_default() as u32
    }

    /// Removes a statement from a class body with the comment on its line; an empty body keeps a `pass`.
    pub(super) fn remove_statement(&self, place: Place<'_>) -> Vec<TextEdit> {
        let span = place.span();
        let cut =
            |start, end| vec![TextEdit { span: Span::new(start, end), insert: String::new() }];
        if place.body.len() == 1 {
            let end = if self.starts_line(span.start) { self.line_end(span.end) } else { span.end };
            return vec![TextEdit { span: Span::new(span.start, end), insert: "pass".into() }];
        }
        if let Some(next) = place.after().filter(|next| next.start < self.line_end(span.end)) {
            return cut(span.start, next.start);
        }
        if let Some(before) =
            place.before().filter(|before| before.end > self.line_start(span.start))
        {
            return cut(before.end, span.end);
        }
        let (mut start, mut end) = (self.line_start(span.start), self.next_line(span.end));
        let rest = self.skip_blank(end);
        if place.at == 0 && self.blank_before(start) == start {
            // No gap between the header and what follows.
            end = if rest < self.end() { rest } else { end };
        } else if rest > end || rest == self.end() {
            // One gap is left of the two around it.
            start = self.blank_before(start);
        }
        if end == self.end() && !self.text.ends_with('\n') {
            // The last line of a file without a line break at its end: its predecessor becomes such a line.
            start = self.line_end(start.saturating_sub(1)).min(start);
            start -= u32::from(Span::new(0, start).text(self.text).ends_with('\r'));
        }
        cut(start, end)
    }

    /// Removes a class with the blank lines before it, or after it where it is the first thing in the file.
    pub(super) fn remove_class(&self, class: &StmtClassDef) -> Vec<TextEdit> {
        let span = span_of(class);
        let alone = find_statement(&self.module.body, span).is_some_and(|place| {
            place.body.len() == 1 && !std::ptr::eq(place.body, self.module.body.as_slice())
        });
        if alone {
            // A block cannot be empty.
            return vec![TextEdit { span, insert: "pass".into() }];
        }
        let line = self.line_start(span.start);
        let end = self.next_line(span.end);
        let start = self.blank_before(line);
        let span =
            if start == 0 { Span::new(0, self.skip_blank(end)) } else { Span::new(start, end) };
        vec![TextEdit { span, insert: String::new() }]
    }

    /// A new class at the end of the file, two blank lines below what stands there.
    pub(super) fn append_class(&self, class: &str) -> TextEdit {
        let content = self.text.trim_end();
        let breaks = self.text.get(content.len()..).unwrap_or_default().matches('\n').count();
        let gap = if content.is_empty() { 0 } else { 3usize.saturating_sub(breaks) };
        let insert = format!("{}{}{}", self.eol.repeat(gap), self.adapt(class, ""), self.eol);
        TextEdit { span: Span::new(self.end(), self.end()), insert }
    }

    /// A statement above a class, two blank lines apart from it.
    pub(super) fn before_class(&self, class: &StmtClassDef, statement: &str) -> TextEdit {
        let at = self.line_start(span_of(class).start);
        TextEdit { span: Span::new(at, at), insert: format!("{statement}{}", self.eol.repeat(3)) }
    }

    /// An import where imports stand.
    pub(super) fn add_import(&self, line: &str) -> TextEdit {
        let eol = self.eol;
        let imports = self
            .module
            .body
            .iter()
            .filter(|statement| matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_)));
        if let Some(last) = imports.last() {
            let at = self.line_end(span_of(last).end);
            return TextEdit { span: Span::new(at, at), insert: format!("{eol}{line}") };
        }
        match self.module.body.first() {
            Some(docstring) if is_docstring(docstring) => {
                let at = self.line_end(span_of(docstring).end);
                let next = self.next_line(at);
                let gap = if self.skip_blank(next) > next { String::new() } else { eol.repeat(2) };
                TextEdit { span: Span::new(at, at), insert: format!("{eol}{eol}{line}{gap}") }
            }
            Some(first) => {
                let at = self.line_start(span_of(first).start);
                TextEdit { span: Span::new(at, at), insert: format!("{line}{eol}{eol}{eol}") }
            }
            None => {
                let at = self.end();
                let gap = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { eol };
                TextEdit { span: Span::new(at, at), insert: format!("{gap}{line}{eol}") }
            }
        }
    }
}

fn find_class(body: &[Stmt], span: Span) -> Option<&StmtClassDef> {
    body.iter().find_map(|statement| match statement {
        Stmt::ClassDef(def) if span_of(def) == span => Some(def),
        other => nested(other).into_iter().find_map(|body| find_class(body, span)),
    })
}

fn find_statement(body: &[Stmt], span: Span) -> Option<Place<'_>> {
    if let Some(at) = body.iter().position(|statement| span_of(statement) == span) {
        return Some(Place { body, at });
    }
    body.iter().flat_map(nested).find_map(|body| find_statement(body, span))
}

/// The blocks of a compound statement in which classes and fields can be declared.
fn nested(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::If(choice) => std::iter::once(&*choice.body)
            .chain(choice.elif_else_clauses.iter().map(|clause| &*clause.body))
            .collect(),
        Stmt::Try(attempt) => vec![&*attempt.body, &*attempt.orelse, &*attempt.finalbody],
        Stmt::With(with) => vec![&*with.body],
        _ => Vec::new(),
    }
}

fn is_docstring(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(expr) if expr.value.is_string_literal_expr())
}

fn is_placeholder(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(expr) => matches!(*expr.value, Expr::EllipsisLiteral(_)),
        _ => false,
    }
}

/// Options and methods: fields go before them.
fn is_tail(statement: &Stmt) -> bool {
    match statement {
        Stmt::FunctionDef(_) => true,
        Stmt::ClassDef(def) => matches!(def.name.id.as_str(), "Meta" | "Config"),
        _ => false,
    }
}
