//! How Peewee's models are spelled.

use rustc_hash::FxHashMap;

use super::fields::{self, Shape};
use super::{starred, template};
use crate::document::{Document, Model, ModelKind, RelationKind, Value};
use crate::edit::{FieldDraft, INDENT, RelationDraft, ThroughDraft, Written};

/// The import of a new file.
pub(super) const IMPORT: &str = "from peewee import *";

/// A new file: the import, a database, and the base class that Peewee's documentation gives every model.
pub(super) const SKELETON: &str = "from peewee import *\n\ndb = SqliteDatabase(\"app.db\")\n\n\nclass BaseModel(Model):\n    class Meta:\n        database = db\n";

/// `CharField`, or `peewee.CharField` where the file imports the module.
fn spelled(document: &Document, name: &str) -> String {
    if is_bare(document, name) {
        return name.to_owned();
    }
    let module = document.imports.iter().rfind(|import| import.path == "peewee");
    module.map_or_else(|| name.to_owned(), |import| format!("{}.{name}", import.name))
}

/// Whether the file imports a name of Peewee's by itself.
fn is_bare(document: &Document, name: &str) -> bool {
    document.imports.iter().any(|import| {
        let Some((module, last)) = import.path.rsplit_once('.') else { return false };
        if last == "*" {
            starred::names(module).is_some_and(|names| names.contains(&name))
        } else {
            import.name == name && module == "peewee" && last == name
        }
    })
}

/// The import that gives Peewee's names, where written text needs one that the file does not bind.
pub(super) fn import_for(document: &Document, written: &str) -> Option<&'static str> {
    let words = written.split(|letter: char| {
        !letter.is_alphanumeric() && letter != '_' && letter != '.' && letter != '"'
    });
    let bound = |word: &str| {
        document.imports.iter().any(|import| import.name == word)
            || document.model(word).is_some()
            || is_bare(document, word)
    };
    let needs = words
        .filter(|word| {
            super::names::ALL
                .binary_search_by_key(&word.to_lowercase(), |name| name.to_lowercase())
                .is_ok()
        })
        .any(|word| super::names::ALL.contains(&word) && !bound(word));
    needs.then_some(IMPORT)
}

/// The class that models of the file derive from: the base class that most of them have, else `Model`.
fn base(document: &Document) -> String {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    let abstracts = document.models.iter().filter(|model| model.kind == ModelKind::Abstract);
    for model in abstracts {
        counts.insert(&model.name.text, 0);
    }
    let mut best: Option<(&str, usize)> = None;
    for base in document.models.iter().filter_map(|model| model.bases.first()) {
        if let Some(count) = counts.get_mut(base.path.as_str()) {
            *count += 1;
            if best.is_none_or(|(_, most)| *count > most) {
                best = Some((&base.path, *count));
            }
        }
    }
    if let Some((name, _)) = best {
        return name.to_owned();
    }
    // A base class that nothing derives from yet: it has no fields, but options.
    let lone = document.models.iter().find(|model| {
        model.fields.is_empty() && model.members.is_empty() && model.meta.span.is_some()
    });
    lone.map_or_else(|| spelled(document, "Model"), |model| model.name.text.clone())
}

/// A class without fields.
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
    let mut written = Written::new(callee);
    for (keyword, value) in &draft.arguments {
        if value.is_some() {
            written = written.keyword(keyword, value.clone());
        }
    }
    written
}

/// A relation. A key to a model that comes later is a `DeferredForeignKey`: Peewee takes no names in quotes.
pub(super) fn relation(document: &Document, owner: &Model, draft: &RelationDraft) -> Written {
    let backref = draft.related_name.as_ref().map(|name| quoted(name));
    if draft.kind == RelationKind::ManyToMany {
        let through = match &draft.through {
            ThroughDraft::Automatic => None,
            ThroughDraft::Model(name) => Some(name.clone()),
            // It comes after both models, and so after this.
            ThroughDraft::NewModel { name, .. } => Some(format!("{name}{DEFERRED}")),
        };
        return Written::new(spelled(document, "ManyToManyField"))
            .positional("model", draft.target.clone())
            .keyword("backref", backref)
            .keyword("through_model", through);
    }
    let itself = draft.target == owner.name.text;
    let written = if itself {
        Written::new(spelled(document, "ForeignKeyField")).positional("model", quoted("self"))
    } else if is_later(document, owner, &draft.target) {
        Written::new(spelled(document, "DeferredForeignKey"))
            .positional("rel_model_name", quoted(&draft.target))
    } else {
        Written::new(spelled(document, "ForeignKeyField")).positional("model", draft.target.clone())
    };
    // A function that makes the reverse name is not in the draft, and stays as it is.
    let function = owner.fields.iter().any(|field| {
        let relation = field.relation();
        relation
            .and_then(|relation| relation.target.as_ref())
            .is_some_and(|target| target.text == draft.target)
            && field.arg("backref").is_some_and(
                |arg| matches!(&arg.value, Value::Other(text) if template::is_function(text)),
            )
    });
    let written =
        if function && backref.is_none() { written } else { written.keyword("backref", backref) };
    let action = draft.on_delete.as_ref().map(|action| quoted(&action.replace('_', " ")));
    let unique = draft.kind == RelationKind::OneToOne;
    written
        .keyword("on_delete", action)
        .keyword("null", draft.null.then_some("True"))
        .keyword("unique", unique.then_some("True"))
}

/// Whether a model is declared, but not above another.
fn is_later(document: &Document, owner: &Model, target: &str) -> bool {
    let mut named = document.models.iter().filter(|model| model.name.text == target);
    named.clone().next().is_some() && !named.any(|model| model.span.end <= owner.span.start)
}

/// A many-to-many has no deferred form for its target, as keys have.
pub(super) fn refuses_relation(
    document: &Document,
    owner: &Model,
    draft: &RelationDraft,
) -> Option<String> {
    let (owner_name, target) = (&owner.name.text, &draft.target);
    let late = draft.kind == RelationKind::ManyToMany
        && target != owner_name
        && is_later(document, owner, target);
    late.then(|| {
        format!("Peewee wants {target} above {owner_name} for a many-to-many. Draw it from {target} to {owner_name}, or move the class up in the text.")
    })
}

/// How the stand-in of a through model ends: `EnrollmentDeferred`.
const DEFERRED: &str = "Deferred";

/// The through model whose stand-in a relation names, which is not declared yet.
fn deferred(written: &str) -> Option<&str> {
    let (_, after) = written.split_once("through_model=")?;
    let end = after.find(|sign: char| sign != '_' && !sign.is_alphanumeric());
    after.get(..end.unwrap_or(after.len()))?.strip_suffix(DEFERRED)
}

/// The stand-in of a through model that comes later (`peewee/009`).
pub(super) fn preparation(document: &Document, written: &str) -> Option<String> {
    let name = deferred(written)?;
    let class = spelled(document, "DeferredThroughModel");
    Some(format!("{name}{DEFERRED} = {class}()"))
}

/// Puts the through model in the place of its stand-in.
pub(super) fn completion(written: &str) -> Option<String> {
    deferred(written).map(|name| format!("{name}{DEFERRED}.set_model({name})"))
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
    let key = |to: &str| {
        let key = Written::new(spelled(document, "ForeignKeyField")).positional("model", to);
        // Two keys to one model would ask for the same reverse name, and only the last would get it.
        key.keyword("backref", itself.then(|| quoted("+")))
    };
    let mut body = vec![key(&owner.name.text).statement(&from), key(target).statement(&to)];
    body.extend(extra.iter().map(|draft| field(document, draft).statement(&draft.name)));
    body.push(format!(
        "\nclass Meta:\n{INDENT}indexes = (\n{INDENT}{INDENT}((\"{from}\", \"{to}\"), True),\n{INDENT})"
    ));
    format!("class {name}({}):\n{}", base(document), indented(&body.join("\n")))
}

/// Every line that is not empty, deeper by a level.
fn indented(text: &str) -> String {
    let deeper =
        |line: &str| if line.is_empty() { String::new() } else { format!("{INDENT}{line}") };
    text.lines().map(deeper).collect::<Vec<_>>().join("\n")
}

/// `student` and `course`; `from_person` and `to_person` where both are one.
pub(super) fn through_fields(owner: &str, target: &str) -> (String, String) {
    let snake = crate::check::names::snake;
    let (from, to) = (snake(owner), snake(target.rsplit('.').next().unwrap_or(target)));
    if from == to { (format!("from_{from}"), format!("to_{to}")) } else { (from, to) }
}

/// What the positional arguments of a class are.
pub(super) fn positional(class: &str) -> &'static [&'static str] {
    fields::anywhere(class).map_or(&[], |known| known.positional)
}

/// Whether an argument means nothing to a class: Peewee raises `TypeError` for it.
pub(super) fn drops(class: &str, keyword: &str) -> bool {
    let Some(known) = fields::anywhere(class) else { return false };
    match known.shape {
        // It hands its keywords on to a foreign key.
        Shape::Deferred => {
            keyword != "rel_model_name"
                && fields::known("ForeignKeyField")
                    .is_none_or(|key| !key.positional.contains(&keyword) || keyword == "model")
        }
        Shape::Column | Shape::ForeignKey | Shape::ManyToMany | Shape::Virtual => {
            let extra = match known.name {
                "TimestampField" => &["resolution", "utc"][..],
                _ => &[],
            };
            !known.positional.contains(&keyword)
                && !fields::FIELD.contains(&keyword)
                && !extra.contains(&keyword)
                || (known.shape == Shape::ManyToMany && !known.positional.contains(&keyword))
        }
    }
}
