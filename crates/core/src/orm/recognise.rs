//! Which ORM a text is written for.

use std::fmt;
use throughline_order::Arrange as _;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use super::{ALL, Orm};
use crate::document::{Document, Span};
use crate::python;

/// What gives an ORM away in a text. Each spelling is as it stands there, without what the file calls its imports.
#[derive(Debug)]
pub struct Marks {
    /// What its models files import: `django`.
    pub packages: &'static [&'static str],
    /// What its models derive from: `models.Model`.
    pub bases: &'static [&'static str],
    /// What is called in class bodies and beside them: `models.` for all that begins so, `ForeignKeyField` for that name alone.
    pub calls: &'static [&'static str],
    /// Keywords of those calls: `on_delete`.
    pub keywords: &'static [&'static str],
    /// What classes assign, with the class for options: `ormar_config`, `Meta.db_table`.
    pub attributes: &'static [&'static str],
}

impl Marks {
    /// No marks: a text is never taken for this ORM's.
    pub const NONE: Self =
        Self { packages: &[], bases: &[], calls: &[], keywords: &[], attributes: &[] };
}

/// The ORM that a text is written for, as far as it can be told.
#[derive(Clone)]
pub struct Recognised {
    /// The ORM.
    pub orm: &'static dyn Orm,
    /// How sure that is.
    pub certainty: Certainty,
    /// What says so, the strongest first, each only once.
    pub evidence: Vec<Evidence>,
}

impl fmt::Debug for Recognised {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recognised")
            .field("orm", &self.orm.profile().id)
            .field("certainty", &self.certainty)
            .field("evidence", &self.evidence)
            .finish()
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The text imports this ORM and no other, or says enough that is this ORM's alone.
    Certain,
    /// Most of what it says is this ORM's.
    Likely,
}

/// Something in the text that is this ORM's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// As it stands there: `import django`, `models.CharField`.
    pub what: String,
    /// Where it stands first.
    pub span: Span,
    weight: u32,
}

/// The ORM whose models a text declares; `None` where it declares none, or as much of one as of another.
pub fn recognise(source: &str) -> Option<Recognised> {
    let module = python::parse(source).module;
    let mut signs = Vec::new();
    block(&module.body, Outer::Module, &mut signs);
    let mut found: Vec<Candidate> =
        ALL.iter().map(|orm| candidate(*orm, &signs)).filter(|found| found.score > 0).collect();
    found.arrange_by_key(|found| std::cmp::Reverse((found.imports, found.score)));
    let mut found = found.into_iter();
    let best = found.next()?;
    let (imports, score) = found.next().map_or((0, 0), |next| (next.imports, next.score));
    let certainty = if (best.imports > 0 && imports == 0) || (score == 0 && best.score >= BASE) {
        Certainty::Certain
    } else if (best.imports, best.score) > (imports, score) {
        Certainty::Likely
    } else {
        return None;
    };
    let mut evidence = best.evidence;
    evidence.arrange_by_key(|evidence| std::cmp::Reverse(evidence.weight));
    Some(Recognised { orm: best.orm, certainty, evidence })
}

/// The ORM whose packages a document imports, where it imports those of no other, and the package. What [`recognise`] is sure of, without reading the text again.
pub fn imported(document: &Document) -> Option<(&'static dyn Orm, &'static str)> {
    let package = |orm: &&'static dyn Orm| {
        let is_imported = |package: &&&'static str| {
            let mut imports = document.imports.iter();
            imports.any(|import| import.path.split('.').next() == Some(**package))
        };
        orm.marks().packages.iter().find(is_imported).map(|package| (*orm, *package))
    };
    let mut found = ALL.iter().filter_map(package);
    found.next().filter(|_| found.next().is_none())
}

/// What a text is written for that is none of the ORMs here, by what it imports: `SQLAlchemy`.
pub fn stranger(source: &str) -> Option<&'static str> {
    let module = python::parse(source).module;
    let mut signs = Vec::new();
    block(&module.body, Outer::Module, &mut signs);
    STRANGERS
        .iter()
        .find(|(package, _)| {
            signs.iter().any(|sign| sign.sort == Sort::Package && sign.text == *package)
        })
        .map(|(_, title)| *title)
}

/// Packages that declare models in ways of their own.
const STRANGERS: &[(&str, &str)] = &[
    ("sqlmodel", "SQLModel"),
    ("flask_sqlalchemy", "Flask-SQLAlchemy"),
    ("sqlalchemy", "SQLAlchemy"),
    ("pony", "Pony ORM"),
    ("mongoengine", "MongoEngine"),
    ("beanie", "Beanie"),
    ("odoo", "Odoo"),
    ("piccolo", "Piccolo"),
    ("edgy", "Edgy"),
    ("saffier", "Saffier"),
    ("gino", "GINO"),
    ("pydantic", "Pydantic"),
];

/// What a text shows of one kind. An import outweighs everything; a base class, much of what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Package,
    Base,
    Call,
    Keyword,
    Attribute,
}

const BASE: u32 = 4;

const fn weight(sort: Sort) -> u32 {
    match sort {
        Sort::Package => 100,
        Sort::Base => BASE,
        Sort::Attribute => 3,
        Sort::Call => 2,
        Sort::Keyword => 1,
    }
}

struct Sign {
    sort: Sort,
    text: String,
    span: Span,
}

struct Candidate {
    orm: &'static dyn Orm,
    imports: usize,
    score: u32,
    evidence: Vec<Evidence>,
}

fn candidate(orm: &'static dyn Orm, signs: &[Sign]) -> Candidate {
    let marks = orm.marks();
    let mut out = Candidate { orm, imports: 0, score: 0, evidence: Vec::new() };
    for sign in signs {
        let known = match sign.sort {
            Sort::Package => marks.packages,
            Sort::Base => marks.bases,
            Sort::Call => marks.calls,
            Sort::Keyword => marks.keywords,
            Sort::Attribute => marks.attributes,
        };
        let fits = |mark: &&str| {
            if mark.ends_with('.') { sign.text.starts_with(*mark) } else { sign.text == *mark }
        };
        if !known.iter().any(fits) {
            continue;
        }
        let weight = weight(sign.sort);
        let what = match sign.sort {
            Sort::Package => format!("import {}", sign.text),
            Sort::Keyword => format!("{}=", sign.text),
            Sort::Base | Sort::Call | Sort::Attribute => sign.text.clone(),
        };
        out.score += weight;
        if out.evidence.iter().all(|known| known.what != what) {
            out.imports += usize::from(sign.sort == Sort::Package);
            out.evidence.push(Evidence { what, span: sign.span, weight });
        }
    }
    out
}

/// What statements stand in.
#[derive(Clone, Copy)]
enum Outer<'a> {
    Module,
    Model,
    Options(&'a str),
}

fn block(body: &[Stmt], outer: Outer<'_>, signs: &mut Vec<Sign>) {
    for statement in body {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    package(&alias.name.id, alias.range(), signs);
                }
            }
            Stmt::ImportFrom(import) => {
                if let (Some(module), 0) = (&import.module, import.level) {
                    package(&module.id, import.range(), signs);
                }
            }
            Stmt::ClassDef(class) => {
                for base in class.bases() {
                    push(Sort::Base, python::dotted(base), base.range(), signs);
                }
                let inner = match outer {
                    Outer::Module => Outer::Model,
                    Outer::Model | Outer::Options(_) => Outer::Options(class.name.id.as_str()),
                };
                block(&class.body, inner, signs);
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    attribute(target, outer, signs);
                }
                call(&assign.value, signs);
            }
            Stmt::AnnAssign(assign) => {
                attribute(&assign.target, outer, signs);
                if let Some(value) = &assign.value {
                    call(value, signs);
                }
            }
            Stmt::If(statement) => block(&statement.body, outer, signs),
            Stmt::Try(statement) => block(&statement.body, outer, signs),
            _ => {}
        }
    }
}

fn package(module: &str, range: ruff_text_size::TextRange, signs: &mut Vec<Sign>) {
    let root = module.split('.').next().unwrap_or_default();
    signs.push(Sign { sort: Sort::Package, text: root.into(), span: python::span(range) });
}

fn attribute(target: &Expr, outer: Outer<'_>, signs: &mut Vec<Sign>) {
    let Expr::Name(name) = target else { return };
    let text = match outer {
        Outer::Module => return,
        Outer::Model => name.id.to_string(),
        Outer::Options(class) => format!("{class}.{}", name.id),
    };
    push(Sort::Attribute, Some(text), name.range(), signs);
}

fn call(value: &Expr, signs: &mut Vec<Sign>) {
    let Expr::Call(call) = value else { return };
    push(Sort::Call, python::dotted(&call.func), call.func.range(), signs);
    for keyword in &call.arguments.keywords {
        if let Some(name) = &keyword.arg {
            push(Sort::Keyword, Some(name.id.to_string()), name.range(), signs);
        }
    }
}

fn push(sort: Sort, text: Option<String>, range: ruff_text_size::TextRange, signs: &mut Vec<Sign>) {
    signs.extend(text.map(|text| Sign { sort, text, span: python::span(range) }));
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn imports_of_one_orm_alone_say_which() {
        let of = |source: &str| {
            let document = ALL[0].read(source);
            imported(&document).map(|(orm, package)| (orm.profile().id, package))
        };
        assert_eq!(of("from tortoise.models import Model"), Some(("tortoise", "tortoise")));
        assert_eq!(of("import ormar\nimport json"), Some(("ormar", "ormar")));
        assert_eq!(of("from peewee import *"), Some(("peewee", "peewee")));
        assert_eq!(of("import json"), None);
        assert_eq!(of("import peewee\nfrom django.db import models"), None);
    }

    /// The recorded cases are models files of the ORM whose folder they stand in.
    #[test]
    fn every_recorded_case_is_recognised() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/fixtures");
        let mut seen = 0;
        for orm in ALL.iter().filter(|orm| !orm.marks().packages.is_empty()) {
            for case in fs::read_dir(root.join(orm.profile().id)).into_iter().flatten() {
                let path = case.unwrap().path().join("models.py");
                let Ok(source) = fs::read_to_string(&path) else { continue };
                let found = recognise(&source);
                let found = found.unwrap_or_else(|| panic!("{}: nothing", path.display()));
                assert_eq!(
                    found.orm.profile().id,
                    orm.profile().id,
                    "{}: {found:?}",
                    path.display()
                );
                assert_eq!(found.certainty, Certainty::Certain, "{}: {found:?}", path.display());
                seen += 1;
            }
        }
        assert!(seen > 50);
    }

    #[test]
    fn a_part_of_a_file_is_enough() {
        let found = recognise("class A(models.Model):\n    x = models.CharField(max_length=9)\n");
        let found = found.unwrap();
        assert_eq!((found.orm.profile().id, found.certainty), ("django", Certainty::Certain));
        let what: Vec<&str> = found.evidence.iter().map(|sign| sign.what.as_str()).collect();
        assert_eq!(what, ["models.Model", "models.CharField"]);
    }

    #[test]
    fn plain_python_is_no_orm_s() {
        assert!(recognise("import json\n\n\nclass A(dict):\n    x = 1\n").is_none());
        assert!(recognise("").is_none());
    }

    #[test]
    fn others_are_called_by_their_name() {
        let source =
            "from sqlalchemy.orm import DeclarativeBase\n\n\nclass A(DeclarativeBase):\n    pass\n";
        assert!(recognise(source).is_none());
        assert_eq!(stranger(source), Some("SQLAlchemy"));
    }
}
