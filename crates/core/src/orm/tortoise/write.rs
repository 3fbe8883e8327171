//! How Tortoise's models are spelled.

use super::fields::{self, Shape};
use super::profile::PROFILE;
use super::world::APP;
use crate::document::{Document, FieldKind, Model, RelationKind};
use crate::edit::{FieldDraft, INDENT, RelationDraft, ThroughDraft, Written};
use crate::orm::references::Names;

/// The imports of a new file.
pub(super) const SKELETON: &str =
    "from tortoise import fields\nfrom tortoise.models import Model\n";

/// Where Tortoise's models name fields.
pub(super) static NAMES: Names = Names {
    blocks: &["Meta", "PydanticMeta"],
    options: &["unique_together", "indexes", "ordering", "constraints", "include", "exclude"],
    own: &["fields"],
    beside: &["source_fields"],
    groups: &[],
};

/// `fields.CharField`, or `CharField` where the file imports it so.
fn spelled(document: &Document, name: &str) -> String {
    let of_fields = |path: &str| path == "tortoise.fields" || path.starts_with("tortoise.fields.");
    let bare = document.imports.iter().any(|import| {
        let from = import.path.rsplit_once('.');
        from.is_some_and(|(from, last)| {
            of_fields(from) && (last == name || last == "*") && (import.name == name || last == "*")
        })
    });
    if bare {
        return name.to_owned();
    }
    let alias = document.imports.iter().rfind(|import| import.path == "tortoise.fields");
    let alias = alias.map_or("fields", |import| import.name.as_str());
    // `import tortoise.fields` binds `tortoise`.
    let alias = if alias == "tortoise" { "tortoise.fields" } else { alias };
    format!("{alias}.{name}")
}

/// `Model`, or `models.Model`, as the file has it.
fn base(document: &Document) -> String {
    let bound = |path: &str| document.imports.iter().rfind(|import| import.path == path);
    match (
        bound("tortoise.models.Model").or_else(|| bound("tortoise.Model")),
        bound("tortoise.models"),
    ) {
        (Some(import), _) => import.name.clone(),
        (None, Some(module)) => format!("{}.Model", module.name),
        (None, None) => "Model".into(),
    }
}

/// The import that written text needs and the file does not have.
pub(super) fn import_for(document: &Document, written: &str) -> Option<&'static str> {
    let bound = |name: &str| {
        document.imports.iter().any(|import| import.name == name || import.name == "*")
    };
    let uses = |start: &str| {
        written
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
            .any(|word| word == start || (start.ends_with('.') && word.starts_with(start)))
    };
    if uses("fields.") && !bound("fields") {
        Some("from tortoise import fields")
    } else if uses("Model") && !bound("Model") {
        Some("from tortoise.models import Model")
    } else {
        None
    }
}

/// A class without fields. It gets its key by itself.
pub(super) fn model(document: &Document, name: &str) -> String {
    format!("class {name}({}):\n{INDENT}pass", base(document))
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
        RelationKind::ForeignKey => "ForeignKeyField",
        RelationKind::OneToOne => "OneToOneField",
        RelationKind::ManyToMany => "ManyToManyField",
    }
}

/// A relation.
pub(super) fn relation(document: &Document, owner: &Model, draft: &RelationDraft) -> Written {
    let written = Written::new(spelled(document, class(draft.kind)))
        .positional("to", reference(document, &draft.target));
    let related_name = draft.related_name.as_ref().map(|name| quoted(name));
    match draft.kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => {
            // `CASCADE` is what is meant where nothing is said.
            let action = draft.on_delete.as_deref().filter(|action| *action != "CASCADE");
            written
                .keyword("on_delete", action.map(|action| spelled(document, action)))
                .keyword("null", draft.null.then_some("True"))
                .keyword("related_name", related_name)
        }
        RelationKind::ManyToMany => {
            let through = match &draft.through {
                ThroughDraft::Automatic => None,
                ThroughDraft::Model(name) => existing(document, owner, &draft.target, name),
                ThroughDraft::NewModel { name, .. } => {
                    let (from, to) = through_fields(&owner.name.text, &draft.target);
                    Some((name.to_lowercase(), format!("{from}_id"), format!("{to}_id")))
                }
            };
            let (table, backward, forward) = match through {
                Some((table, backward, forward)) => (Some(table), Some(backward), Some(forward)),
                None => (None, None, None),
            };
            // What Tortoise would take by itself need not be said.
            let own_forward = format!("{}_id", last(&draft.target).to_lowercase());
            let own_backward = format!("{}_id", table_of(owner));
            let said = |key: Option<String>, own: &str| {
                key.filter(|key| key != own || own_forward == own_backward).map(|key| quoted(&key))
            };
            written
                .keyword("through", table.map(|table| quoted(&table)))
                .keyword("forward_key", said(forward, &own_forward))
                .keyword("backward_key", said(backward, &own_backward))
                .keyword("related_name", related_name)
        }
    }
}

/// Table and key columns of a through model that is there: towards its owner, towards its target.
fn existing(
    document: &Document,
    owner: &Model,
    target: &str,
    name: &str,
) -> Option<(String, String, String)> {
    let through = document.model(last(name))?;
    let keys = through.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Relation(relation) if relation.kind != RelationKind::ManyToMany => {
            let column = field.column.as_ref().map(|column| column.text.clone());
            let column = column.unwrap_or_else(|| format!("{}_id", field.name.text));
            Some((last(&relation.target.as_ref()?.text).to_owned(), column))
        }
        FieldKind::Relation(_) | FieldKind::Column(_) | FieldKind::Virtual => None,
    });
    let keys: Vec<(String, String)> = keys.collect();
    let from = keys.iter().position(|(model, _)| *model == owner.name.text);
    let to = keys
        .iter()
        .enumerate()
        .position(|(at, (model, _))| model == last(target) && Some(at) != from);
    let column = |at: Option<usize>, model: &str| {
        at.and_then(|at| keys.get(at))
            .map_or_else(|| format!("{}_id", model.to_lowercase()), |(_, column)| column.clone())
    };
    Some((table_of(through), column(from, &owner.name.text), column(to, last(target))))
}

fn table_of(model: &Model) -> String {
    model
        .meta
        .table
        .as_ref()
        .map_or_else(|| model.name.text.to_lowercase(), |table| table.text.clone())
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A model as a relation names it: with the app, in quotes.
fn reference(document: &Document, target: &str) -> String {
    let label = document.models.iter().find_map(|model| model.meta.app_label.as_ref());
    let label = label.map_or(APP, |label| label.text.as_str());
    quoted(&format!("{label}.{}", last(target)))
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
    let itself = owner.name.text == last(target);
    let key = |to: &str| {
        Written::new(spelled(document, "ForeignKeyField"))
            .positional("to", reference(document, to))
            // Two keys to one model would ask for the same reverse name.
            .keyword("related_name", itself.then_some("False"))
    };
    let mut body = vec![key(&owner.name.text).statement(&from), key(target).statement(&to)];
    body.extend(extra.iter().map(|draft| field(document, draft).statement(&draft.name)));
    body.push(format!("\nclass Meta:\n{INDENT}unique_together = ((\"{from}\", \"{to}\"),)"));
    format!("class {name}({}):\n{}", base(document), indented(&body.join("\n")))
}

/// Every line that is not empty, deeper by one level.
fn indented(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{INDENT}{line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// `student` and `course`; `from_person` and `to_person` where both are one.
pub(super) fn through_fields(owner: &str, target: &str) -> (String, String) {
    let (from, to) = (crate::check::names::snake(owner), crate::check::names::snake(last(target)));
    if from == to { (format!("from_{from}"), format!("to_{to}")) } else { (from, to) }
}

/// What the positional arguments of a class are.
pub(super) fn positional(class: &str) -> &'static [&'static str] {
    fields::known(class).map_or(&[], |known| known.positional)
}

const RELATIONS: &[&str] = &["ForeignKeyField", "OneToOneField", "ManyToManyField"];
const KEYS: &[&str] = &["ForeignKeyField", "OneToOneField"];
const MANY: &[&str] = &["ManyToManyField"];
const MOMENTS: &[&str] = &["DatetimeField", "TimeField"];
const ENUMERATIONS: &[&str] = &["IntEnumField", "CharEnumField"];
const NUMBERS: &[&str] = &["IntField", "BigIntField", "SmallIntField"];

/// Arguments that only some classes heed: the others take them into `**kwargs` and drop them without a word.
const SPECIFIC: &[(&str, &[&str])] = &[
    ("max_length", &["CharField", "CharEnumField"]),
    ("max_digits", &["DecimalField"]),
    ("decimal_places", &["DecimalField"]),
    ("auto_now", MOMENTS),
    ("auto_now_add", MOMENTS),
    ("enum_type", ENUMERATIONS),
    ("encoder", &["JSONField"]),
    ("decoder", &["JSONField"]),
    ("element_type", &["ArrayField"]),
    ("generated", NUMBERS),
    ("to", RELATIONS),
    ("on_delete", RELATIONS),
    ("related_name", RELATIONS),
    ("db_constraint", RELATIONS),
    ("to_field", KEYS),
    ("through", MANY),
    ("forward_key", MANY),
    ("backward_key", MANY),
    ("create_unique_index", MANY),
];

/// What a many-to-many has no column for.
const COLUMN_ONLY: &[&str] = &[
    "null",
    "primary_key",
    "pk",
    "default",
    "db_default",
    "db_index",
    "index",
    "source_field",
    "validators",
];

/// Whether an argument means nothing to a class, or is refused by it.
pub(super) fn drops(class: &str, keyword: &str) -> bool {
    let Some(known) = fields::known(class) else { return false };
    let not_for_it =
        SPECIFIC.iter().any(|(name, classes)| *name == keyword && !classes.contains(&known.name));
    not_for_it
        || (known.shape == Shape::ManyToMany && (COLUMN_ONLY.contains(&keyword) || keyword == "unique"))
        // A one-to-one is unique by itself, and saying so is a `TypeError`.
        || (known.shape == Shape::OneToOne && keyword == "unique")
        || (!known.indexable && matches!(keyword, "unique" | "db_index" | "index"))
}
