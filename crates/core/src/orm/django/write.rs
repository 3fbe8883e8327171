//! How Django's models are spelled.

use super::fields::{self, Shape};
use super::profile::PROFILE;
use crate::document::{Document, Model, RelationKind};
use crate::edit::{FieldDraft, INDENT, RelationDraft, ThroughDraft, Written};
use crate::orm::references::Names;

/// Where Django's models name fields.
pub(super) static NAMES: Names = Names {
    blocks: &["Meta"],
    options: &[
        "unique_together",
        "index_together",
        "ordering",
        "order_with_respect_to",
        "get_latest_by",
        "indexes",
        "constraints",
    ],
    own: &["fields", "include", "unique_for_date", "unique_for_month", "unique_for_year"],
    beside: &["unique_for_date", "unique_for_month", "unique_for_year"],
    groups: &["GenericForeignKey", "CompositePrimaryKey"],
};

/// The import of a new file.
pub(super) const IMPORT: &str = "from django.db import models";

/// Modules under which all that models are made of can be had.
const MODULES: [&str; 2] = ["django.db.models", "django.contrib.gis.db.models"];

/// `models.CharField`, or `CharField` where the file imports it so.
fn spelled(document: &Document, name: &str) -> String {
    let module = |path: &str| MODULES.contains(&path);
    let bare = document.imports.iter().any(|import| {
        let from_models = import
            .path
            .rsplit_once('.')
            .is_some_and(|(from, last)| (last == name || last == "*") && module(from));
        from_models && (import.name == name || import.name == "*")
    });
    if bare {
        return name.to_owned();
    }
    let alias = document
        .imports
        .iter()
        .rfind(|import| module(&import.path))
        .map_or("models", |import| import.name.as_str());
    format!("{alias}.{name}")
}

/// The import that gives `models`, where written text needs it and the file binds no such name.
pub(super) fn import_for(document: &Document, written: &str) -> Option<&'static str> {
    let uses = written
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
        .any(|word| word.starts_with("models."));
    let bound = document.imports.iter().any(|import| import.name == "models");
    (uses && !bound).then_some(IMPORT)
}

/// A class without fields.
pub(super) fn model(document: &Document, name: &str) -> String {
    format!("class {name}({}):\n{INDENT}pass", spelled(document, "Model"))
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
    let missing = required.iter().filter(|(keyword, _)| {
        !draft.arguments.iter().any(|(given, value)| given == keyword && value.is_some())
    });
    let mut written = Written::new(callee);
    for (keyword, value) in missing {
        written = written.keyword(keyword, Some(*value));
    }
    for (keyword, value) in &draft.arguments {
        if value.is_some() {
            written = written.keyword(keyword, value.clone());
        }
    }
    written
}

/// The field class of a kind.
const fn class(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::ForeignKey => "ForeignKey",
        RelationKind::OneToOne => "OneToOneField",
        RelationKind::ManyToMany => "ManyToManyField",
    }
}

/// A relation.
pub(super) fn relation(document: &Document, owner: &Model, draft: &RelationDraft) -> Written {
    let written = Written::new(spelled(document, class(draft.kind)))
        .positional("to", reference(document, owner, &draft.target));
    let related_name = draft.related_name.as_ref().map(|name| quoted(name));
    match draft.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => {
            let action = draft.on_delete.as_deref().unwrap_or("CASCADE");
            written
                .keyword("on_delete", Some(spelled(document, action)))
                .keyword("null", draft.null.then_some("True"))
                .keyword("related_name", related_name)
        }
        RelationKind::ManyToMany => {
            let through = match &draft.through {
                ThroughDraft::Automatic => None,
                ThroughDraft::Model(name) => Some(reference(document, owner, name)),
                ThroughDraft::NewModel { name, .. } => Some(quoted(name)),
            };
            written
                .keyword("through", through)
                .keyword("through_fields", None::<String>)
                .keyword("related_name", related_name)
        }
    }
}

/// A model as a relation of `owner` names it: the class where it exists by then, else a string.
fn reference(document: &Document, owner: &Model, target: &str) -> String {
    if target == owner.name.text {
        return quoted("self");
    }
    let before = document.model(target).is_some_and(|model| model.span.end <= owner.span.start);
    let imported = document.imports.iter().any(|import| import.name == target);
    if before || (imported && document.model(target).is_none()) {
        target.to_owned()
    } else {
        quoted(target)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A through model with a key to both sides, and each pair at most once.
pub(super) fn through(
    document: &Document,
    owner: &Model,
    target: &str,
    name: &str,
    extra: &[FieldDraft],
) -> String {
    let (from, to) = through_fields(&owner.name.text, target);
    let itself = owner.name.text == target;
    let target = if document.model(target).is_some() {
        target.to_owned()
    } else {
        reference(document, owner, target)
    };
    let key = |to: &str| {
        let key = Written::new(spelled(document, "ForeignKey"))
            .positional("to", to)
            .keyword("on_delete", Some(spelled(document, "CASCADE")));
        // Two keys to one model would ask for the same reverse name.
        key.keyword("related_name", itself.then(|| quoted("+")))
    };
    let mut body = vec![key(&owner.name.text).statement(&from), key(&target).statement(&to)];
    body.extend(extra.iter().map(|draft| field(document, draft).statement(&draft.name)));
    let unique = Written::new(spelled(document, "UniqueConstraint"))
        .keyword("fields", Some(format!("[\"{from}\", \"{to}\"]")))
        .keyword("name", Some(quoted(&format!("unique_{}", snake(name)))));
    let options = format!(
        "\nclass Meta:\n{INDENT}constraints = [\n{}\n{INDENT}]",
        indented(&format!("{},", unique.expression(3)), 2)
    );
    body.push(options);
    format!("class {name}({}):\n{}", spelled(document, "Model"), indented(&body.join("\n"), 1))
}

/// Every line that is not empty, deeper by so many levels.
fn indented(text: &str, levels: usize) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.is_empty() { String::new() } else { format!("{}{line}", INDENT.repeat(levels)) }
        })
        .collect();
    lines.join("\n")
}

/// `student` and `course`; `from_person` and `to_person` where both are one.
pub(super) fn through_fields(owner: &str, target: &str) -> (String, String) {
    let (from, to) = (snake(owner), snake(target.rsplit('.').next().unwrap_or(target)));
    if from == to { (format!("from_{from}"), format!("to_{to}")) } else { (from, to) }
}

/// `BlogPost` as `blog_post`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
        out.extend(letter.to_lowercase());
    }
    out
}

/// What the positional arguments of a class are.
pub(super) fn positional(class: &str) -> &'static [&'static str] {
    fields::known(class).map_or(&[], |known| known.positional)
}

const RELATIONS: &[&str] =
    &["ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation", "ForeignObject"];
const KEYS: &[&str] = &["ForeignKey", "OneToOneField"];
const MANY: &[&str] = &["ManyToManyField"];
const FILES: &[&str] = &["FileField", "ImageField"];
const MOMENTS: &[&str] = &["DateField", "DateTimeField", "TimeField"];
const TEXTS: &[&str] = &["CharField", "TextField", "EmailField", "SlugField", "URLField"];

/// Arguments that only some classes take or heed: in Django 5.2 the others raise `TypeError`, warn (`fields.W122`, `W340`, `W343`) or pass over them.
const SPECIFIC: &[(&str, &[&str])] = &[
    (
        "max_length",
        &[
            "CharField",
            "EmailField",
            "SlugField",
            "URLField",
            "FileField",
            "ImageField",
            "FilePathField",
            "BinaryField",
        ],
    ),
    ("max_digits", &["DecimalField"]),
    ("decimal_places", &["DecimalField"]),
    ("auto_now", MOMENTS),
    ("auto_now_add", MOMENTS),
    ("upload_to", FILES),
    ("storage", FILES),
    ("width_field", &["ImageField"]),
    ("height_field", &["ImageField"]),
    ("path", &["FilePathField"]),
    ("match", &["FilePathField"]),
    ("recursive", &["FilePathField"]),
    ("allow_files", &["FilePathField"]),
    ("allow_folders", &["FilePathField"]),
    ("protocol", &["GenericIPAddressField"]),
    ("unpack_ipv4", &["GenericIPAddressField"]),
    ("encoder", &["JSONField"]),
    ("decoder", &["JSONField"]),
    ("allow_unicode", &["SlugField"]),
    ("db_collation", TEXTS),
    ("expression", &["GeneratedField"]),
    ("output_field", &["GeneratedField"]),
    ("db_persist", &["GeneratedField"]),
    ("to", RELATIONS),
    ("on_delete", KEYS),
    ("to_field", KEYS),
    ("parent_link", KEYS),
    ("related_name", RELATIONS),
    ("related_query_name", RELATIONS),
    ("limit_choices_to", RELATIONS),
    ("db_constraint", RELATIONS),
    ("symmetrical", MANY),
    ("through", MANY),
    ("through_fields", MANY),
    ("db_table", MANY),
    ("swappable", MANY),
];

/// What a many-to-many has no column for.
const COLUMN_ONLY: &[&str] = &[
    "null",
    "unique",
    "primary_key",
    "default",
    "db_default",
    "db_index",
    "db_column",
    "db_comment",
    "choices",
    "validators",
    "unique_for_date",
    "unique_for_month",
    "unique_for_year",
];

/// Whether an argument means nothing to a class.
pub(super) fn drops(class: &str, keyword: &str) -> bool {
    let Some(known) = fields::known(class) else { return false };
    let not_for_it =
        SPECIFIC.iter().any(|(name, classes)| *name == keyword && !classes.contains(&class));
    not_for_it
        || (known.shape == Shape::ManyToMany && COLUMN_ONLY.contains(&keyword))
        // A one-to-one is unique by itself.
        || (known.shape == Shape::OneToOne && keyword == "unique")
}
