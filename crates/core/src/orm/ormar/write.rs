//! How ormar's models are spelled.

use super::fields::{self, Shape};
use super::profile::PROFILE;
use crate::document::{Document, Model, ModelKind, RelationKind};
use crate::edit::{FieldDraft, INDENT, RelationDraft, ThroughDraft, Written};

/// A new, empty file: what all models share.
pub(super) const SKELETON: &str = "import ormar
import sqlalchemy

base_ormar_config = ormar.OrmarConfig(
    database=ormar.DatabaseConnection(\"sqlite+aiosqlite:///db.sqlite\"),
    metadata=sqlalchemy.MetaData(),
)
";

/// `ormar.String`, or `String` where the file imports it so.
fn spelled(document: &Document, name: &str) -> String {
    let bare = document.imports.iter().any(|import| {
        import.name == name && import.path.starts_with("ormar.") && import.path.ends_with(name)
    });
    if bare {
        return name.to_owned();
    }
    let alias = document
        .imports
        .iter()
        .rfind(|import| import.path == "ormar")
        .map_or("ormar", |import| import.name.as_str());
    format!("{alias}.{name}")
}

/// The import that written text needs and the file does not have.
pub(super) fn import_for(document: &Document, written: &str) -> Option<&'static str> {
    let uses = |word: &str| {
        written
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
            .any(|path| path == word || path.starts_with(&format!("{word}.")))
    };
    let needs =
        |name: &str| uses(name) && !document.imports.iter().any(|import| import.name == name);
    match (needs("ormar"), needs("sqlalchemy"), needs("ForwardRef")) {
        (true, true, _) => Some("import ormar, sqlalchemy"),
        (true, false, _) => Some("import ormar"),
        (false, true, _) => Some("import sqlalchemy"),
        (false, false, true) => Some("from typing import ForwardRef"),
        (false, false, false) => None,
    }
}

/// The configuration that new models copy: that of the file, or the one that its models have in common.
fn base_config(document: &Document) -> Option<String> {
    let made = document
        .calls
        .iter()
        .filter(|call| call.callee.text.ends_with("OrmarConfig"))
        .find_map(|call| call.target.as_ref());
    let imported = document.imports.iter().map(|import| import.name.as_str()).find(|name| {
        name.to_lowercase().contains("ormar_config") || name.to_lowercase().ends_with("config")
    });
    made.map(|name| name.text.clone()).or_else(|| imported.map(str::to_owned))
}

/// The statement that configures a new model.
fn config(document: &Document) -> String {
    match base_config(document) {
        Some(base) => format!("ormar_config = {base}.copy()"),
        None => format!(
            "ormar_config = {}(\n{INDENT}database={}(\"sqlite+aiosqlite:///db.sqlite\"),\n{INDENT}metadata=sqlalchemy.MetaData(),\n)",
            spelled(document, "OrmarConfig"),
            spelled(document, "DatabaseConnection")
        ),
    }
}

/// A class with nothing but the primary key that each model needs.
pub(super) fn model(document: &Document, name: &str) -> String {
    class(document, name, &[])
}

fn class(document: &Document, name: &str, fields: &[String]) -> String {
    let key = format!("id: int = {}(primary_key=True)", spelled(document, "Integer"));
    let mut body = vec![config(document), String::new(), key];
    body.extend(fields.iter().cloned());
    format!("class {name}({}):\n{}", spelled(document, "Model"), indented(&body.join("\n")))
}

/// Every line that is not empty, deeper by one level.
fn indented(text: &str) -> String {
    let line = |line: &str| {
        if line.is_empty() { String::new() } else { format!("{INDENT}{line}") }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A plain field.
pub(super) fn field(document: &Document, draft: &FieldDraft) -> Written {
    let callee = if fields::known(&draft.class).is_some() {
        spelled(document, &draft.class)
    } else {
        draft.class.clone()
    };
    let required = PROFILE
        .field_classes
        .iter()
        .find(|class| class.name == draft.class)
        .map_or(&[][..], |class| class.required);
    let given = |keyword: &str| {
        draft.arguments.iter().any(|(given, value)| given == keyword && value.is_some())
    };
    let mut written = Written::new(callee);
    for (keyword, value) in
        required.iter().filter(|(keyword, _)| !given(keyword) && !given_otherwise(keyword, &given))
    {
        written = written.keyword(keyword, Some(*value));
    }
    for (keyword, value) in draft.arguments.iter().filter(|(_, value)| value.is_some()) {
        written = written.keyword(keyword, value.clone());
    }
    written
}

/// The digits of a `Decimal` have two spellings.
fn given_otherwise(keyword: &str, given: &dyn Fn(&str) -> bool) -> bool {
    match keyword {
        "max_digits" => given("precision"),
        "decimal_places" => given("scale"),
        _ => false,
    }
}

/// A relation.
pub(super) fn relation(document: &Document, owner: &Model, draft: &RelationDraft) -> Written {
    let related_name = draft.related_name.as_ref().map(|name| quoted(name));
    let class = match draft.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => "ForeignKey",
        RelationKind::ManyToMany => "ManyToMany",
    };
    let written = Written::new(spelled(document, class))
        .positional("to", reference(document, owner, &draft.target));
    match draft.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => {
            let action = draft
                .on_delete
                .as_ref()
                .map(|action| spelled(document, &format!("ReferentialAction.{action}")));
            let unique = draft.kind == RelationKind::OneToOne;
            let written = written
                .keyword("ondelete", action)
                .keyword("nullable", (!draft.null).then_some("False"))
                .keyword("related_name", related_name);
            if unique { written.keyword("unique", Some("True")) } else { written }
        }
        RelationKind::ManyToMany => {
            let through = match &draft.through {
                ThroughDraft::Automatic => None,
                ThroughDraft::Model(name) => Some(reference(document, owner, name)),
                ThroughDraft::NewModel { name, .. } => Some(late(name)),
            };
            written.keyword("through", through).keyword("related_name", related_name)
        }
    }
}

/// A model as a relation of `owner` names it: the class where it exists by then, else a `ForwardRef`.
fn reference(document: &Document, owner: &Model, target: &str) -> String {
    let before = document.model(target).is_some_and(|model| model.span.end <= owner.span.start);
    let imported = document.imports.iter().any(|import| import.name == target);
    if before || (imported && document.model(target).is_none()) {
        target.to_owned()
    } else {
        late(target)
    }
}

/// A model that is not there yet.
pub(super) fn late(name: &str) -> String {
    format!("ForwardRef({})", quoted(name))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The calls that a model, or those that inherit from an abstract one, need below them once it says `ForwardRef`.
pub(super) fn completion(document: &Document, model: &Model, written: &str) -> Option<String> {
    if !written.contains("ForwardRef(") {
        return None;
    }
    let mut heirs = vec![model];
    for candidate in &document.models {
        if candidate.bases.iter().any(|base| heirs.iter().any(|heir| heir.name.text == base.path)) {
            heirs.push(candidate);
        }
    }
    let call = |heir: &&Model| format!("{}.update_forward_refs", heir.name.text);
    let there = |call: &String| document.calls.iter().any(|known| known.callee.text == *call);
    let calls: Vec<String> = heirs
        .iter()
        .filter(|heir| heir.kind != ModelKind::Abstract)
        .map(call)
        .filter(|call| !there(call))
        .map(|call| format!("{call}()"))
        .collect();
    (!calls.is_empty()).then(|| calls.join("\n"))
}

/// A through model: ormar adds the keys to both ends itself, and refuses one that has its own.
pub(super) fn through(document: &Document, name: &str, extra: &[FieldDraft]) -> String {
    let fields: Vec<String> =
        extra.iter().map(|draft| field(document, draft).statement(&draft.name)).collect();
    class(document, name, &fields)
}

/// `student` and `course`; `to_person` and `from_person` where both are one.
pub(super) fn through_fields(owner: &str, target: &str) -> (String, String) {
    let (from, to) = (owner.to_lowercase(), target.to_lowercase());
    if from == to { (format!("to_{from}"), format!("from_{to}")) } else { (from, to) }
}

/// Keywords of columns that mean nothing to a many-to-many.
const COLUMN_ONLY: &[&str] =
    &["unique", "index", "comment", "ondelete", "onupdate", "foreign_key_name", "sql_nullable"];

/// What only plain fields take: relations refuse these or pass over them.
const PLAIN_ONLY: &[&str] = &[
    "default",
    "server_default",
    "primary_key",
    "autoincrement",
    "on_update",
    "encrypt_secret",
    "encrypt_backend",
    "encrypt_custom_backend",
    "overwrite_pydantic_type",
];

/// Whether an argument means nothing to a class.
pub(super) fn drops(class: &str, keyword: &str) -> bool {
    let Some(known) = fields::known(class) else { return false };
    if known.keywords.contains(&keyword) {
        return false;
    }
    let of_others =
        fields::names().filter_map(fields::known).any(|other| other.keywords.contains(&keyword));
    let many = known.shape == Shape::ManyToMany && COLUMN_ONLY.contains(&keyword);
    let relation = known.shape != Shape::Column && PLAIN_ONLY.contains(&keyword);
    of_others || many || relation
}
