//! Whole models files in Peewee's words.
//!
//! Its own names: `peewee/001`, `006`, `022`; what it cannot say: `peewee/012` (no many-to-many of a model with itself), and the rest by its
//! signatures in 4.5.3.

use std::collections::{BTreeSet, HashSet};

use crate::convert::layout::{call, class, file, list};
use crate::convert::{
    Action, CheckGroup, ColumnShape, Ends, Extra, Feature, GeneratedThrough, Group, Imports,
    KeyShape, ManyShape, ReverseNames, Schema, SchemaField, SchemaModel, Shape, SourceWriter,
    ThroughShape, bracketed, constant, in_declaration_order, literal, quoted, targets,
};
use crate::document::{ColumnType, RelationKind, Value};
use crate::edit::Written;

/// Peewee's writer.
pub(super) static WRITER: SourceWriter = SourceWriter {
    cannot: &[
        (
            Feature::IndexOfUnique,
            "Peewee gives it the name of the unique one, and so makes it once.",
        ),
        (Feature::ThroughUnenforced, "The keys of Peewee's through tables are constraints."),
        (
            Feature::OneToOne,
            "Peewee has foreign keys only. A unique one stands here; its other side is a query of at most one row.",
        ),
        (
            Feature::Unenforced,
            "A foreign key of Peewee is always a constraint. SQLite heeds it only with the pragma `foreign_keys`.",
        ),
        (
            Feature::Symmetrical,
            "A many-to-many of Peewee runs one way: add each pair both ways round.",
        ),
        (
            Feature::ManyToItself,
            "Peewee has no many-to-many of a model with itself. The through model stands alone: query it.",
        ),
        (
            Feature::LateKey,
            "Peewee declares it by DeferredForeignKey, and makes a column without a constraint of it.",
        ),
        (
            Feature::LateMany,
            "Peewee wants the class itself, and these stand in a circle. The through model stands alone: query it.",
        ),
        (
            Feature::ThroughWithoutKey,
            "Peewee's generated through tables have an `id`; Peewee never needs it in a table that has none.",
        ),
        (Feature::ThroughRepeated, "Peewee's generated through tables keep each pair once."),
        (Feature::ThroughNull, "The columns of Peewee's generated through tables allow no NULL."),
        (Feature::ThroughTable, "Peewee names a generated through table after the models' tables."),
        (
            Feature::ThroughColumns,
            "Peewee names the columns of a generated through table after the models.",
        ),
        (
            Feature::ThroughFields,
            "Peewee takes the first key to each side. The relation is left out: query the through model.",
        ),
        (Feature::QueryName, "Peewee has no such name: queries join models."),
        (
            Feature::Inheritance,
            "A Peewee model copies the fields of its parents. A unique foreign key that is the primary key stands here; the parent's fields are reached through it.",
        ),
        (Feature::Ordering, "Peewee has no default order. Say order_by in each query."),
        (
            Feature::MomentOfCreation,
            "Peewee has no auto_now_add. A default stands here, which is set when the object is made.",
        ),
        (
            Feature::MomentOfSave,
            "Peewee has no auto_now. A default stands here, which is set when the object is made; later saves leave it.",
        ),
        (Feature::Descending, "The indexes in a Peewee model's Meta are ascending."),
    ],
    actions: &[
        Action::NoAction,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
        Action::Restrict,
    ],
    nearest,
    offers: |_| true,
    refuses,
    refuses_model: |_| false,
    reserved_on_target: |_| None,
    implicit_key: Some(ColumnType::Integer),
    plain_key: ColumnType::Integer,
    comment_arguments: None,
    key_index: true,
    table: str::to_lowercase,
    key_column,
    reverse,
    through,
    write,
};

/// A name that ends in `_id` is the column's (`peewee/022`).
fn key_column(field: &str) -> String {
    if field.ends_with("_id") { field.to_owned() } else { format!("{field}_id") }
}

/// Members of `Model`, which a field would replace.
fn refuses(name: &str) -> bool {
    const TAKEN: &[&str] = &[
        "DoesNotExist",
        "Meta",
        "add_index",
        "alias",
        "bind",
        "bind_ctx",
        "bulk_create",
        "bulk_update",
        "clone",
        "coerce",
        "copy",
        "create",
        "create_table",
        "delete",
        "delete_by_id",
        "delete_instance",
        "dependencies",
        "dirty_field_names",
        "dirty_fields",
        "drop_table",
        "filter",
        "get",
        "get_by_id",
        "get_id",
        "get_or_create",
        "get_or_none",
        "index",
        "insert",
        "insert_from",
        "insert_many",
        "is_alias",
        "is_dirty",
        "noop",
        "raw",
        "replace",
        "replace_many",
        "save",
        "select",
        "set_by_id",
        "table_exists",
        "truncate_table",
        "unwrap",
        "update",
        "validate_model",
    ];
    TAKEN.contains(&name) || name.starts_with('_')
}

fn nearest(column: &ColumnShape) -> Option<(ColumnType, &'static str)> {
    const SIGNED: &str =
        "Peewee's integers have a sign: nothing refuses a negative number any more.";
    Some(match &column.ty {
        ColumnType::SmallInt if column.auto => {
            (ColumnType::Integer, "Peewee numbers rows by integers and big integers only.")
        }
        ColumnType::SmallIntUnsigned => (ColumnType::SmallInt, SIGNED),
        ColumnType::IntegerUnsigned => (ColumnType::Integer, SIGNED),
        ColumnType::BigIntUnsigned => (ColumnType::BigInt, SIGNED),
        ColumnType::Varchar(None) => (ColumnType::Text, "Peewee's CharField has a length."),
        ColumnType::Decimal(None) => {
            (ColumnType::Decimal(Some((10, 5))), "Peewee's DecimalField has numbers of digits.")
        }
        ColumnType::Ip => {
            (ColumnType::Varchar(Some(39)), "Peewee keeps addresses as numbers, and IPv4 only.")
        }
        ColumnType::Duration => (
            ColumnType::BigInt,
            "Peewee has no type for spans of time. Store microseconds, as the column does.",
        ),
        ColumnType::Unknown(_) => (ColumnType::Text, "It is not known."),
        _ => return None,
    })
}

fn reverse(ends: &Ends<'_>, kind: RelationKind) -> ReverseNames {
    let owner = ends.owner.to_lowercase();
    let name = match kind {
        RelationKind::ForeignKey | RelationKind::OneToOne => format!("{owner}_set"),
        RelationKind::ManyToMany => format!("{owner}s"),
    };
    ReverseNames { accessor: Some(name), ..ReverseNames::default() }
}

fn through(ends: &Ends<'_>) -> GeneratedThrough {
    let (owner, target) = (ends.owner.to_lowercase(), ends.target.to_lowercase());
    // It has none of a model with itself: these are for the model that stands there instead.
    let (owner, target) = if owner == target {
        (format!("from_{owner}"), format!("to_{target}"))
    } else {
        (owner, target)
    };
    GeneratedThrough {
        table: format!("{}_{}_through", ends.owner_table, ends.target_table),
        owner_column: format!("{owner}_id"),
        target_column: format!("{target}_id"),
        key: Some(ColumnType::Integer),
        unique: true,
        null: false,
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        constraint: true,
    }
}

fn write(schema: &Schema) -> String {
    let unenforced: Vec<(String, String)> = schema
        .models
        .iter()
        .flat_map(|model| model.fields.iter().map(move |field| (model, field)))
        .filter_map(|(model, field)| match &field.shape {
            Shape::Key(key) if !key.constraint && key.target != model.name => {
                Some((model.name.clone(), key.target.clone()))
            }
            Shape::Column(_) | Shape::Key(_) | Shape::Many(_) => None,
        })
        .collect();
    let needs = |model: &SchemaModel| {
        let needed = |target: &str| {
            model.fields.iter().any(|field| match &field.shape {
                Shape::Key(key) => key.constraint && key.target == target,
                Shape::Many(many) => many.target == target,
                Shape::Column(_) => false,
            })
        };
        let all = targets(model).into_iter().filter(|target| needed(target));
        // A deferred key is completed by a class that comes after it, never by one before.
        let waiting = unenforced.iter().filter(|(_, target)| *target == model.name);
        all.chain(waiting.map(|(owner, _)| owner.as_str())).map(str::to_owned).collect::<Vec<_>>()
    };
    let order = in_declaration_order(schema, &needs);
    let mut writer = Writer {
        schema,
        imports: Imports::default(),
        used: BTreeSet::new(),
        declared: HashSet::new(),
        deferred: Vec::new(),
    };
    writer.uses("Model");
    writer.uses("SqliteDatabase");
    let mut parts: Vec<String> = Vec::new();
    for model in order {
        let before = writer.deferred.len();
        let written = writer.model(model);
        let new = writer.deferred.get(before..).unwrap_or_default();
        let lines: Vec<String> = new
            .iter()
            .map(|through| format!("{through}Deferred = DeferredThroughModel()"))
            .collect();
        if !lines.is_empty() {
            parts.push(lines.join("\n"));
        }
        parts.push(written);
        // As soon as a through model is there, its relation can be.
        writer.declared.insert(model.name.clone());
        let ready = writer.deferred.contains(&model.name);
        if ready {
            parts.push(format!("{0}Deferred.set_model({0})", model.name));
        }
    }
    // Those whose through model stands above already.
    let places: Vec<&str> = writer.deferred.iter().map(String::as_str).collect();
    for through in places {
        let line = format!("{through}Deferred.set_model({through})");
        if !parts.contains(&line) {
            parts.push(line);
        }
    }
    parts.insert(0, BASE.to_owned());
    for name in &writer.used {
        writer.imports.from("peewee", name);
    }
    let file = file(&writer.imports.lines(), &parts);
    file.replacen("\n\n\ndb = ", "\n\ndb = ", 1)
}

const BASE: &str = "db = SqliteDatabase(\"app.db\", pragmas={\"foreign_keys\": 1})


class BaseModel(Model):
    class Meta:
        database = db";

struct Writer<'a> {
    schema: &'a Schema,
    imports: Imports,
    used: BTreeSet<&'static str>,
    declared: HashSet<String>,
    /// Declared through models, in the order in which relations name them.
    deferred: Vec<String>,
}

impl Writer<'_> {
    fn uses(&mut self, name: &'static str) {
        self.used.insert(name);
    }

    fn value(&mut self, value: &Value) -> Option<String> {
        literal(value, &self.schema.imports, self.schema.orm, &mut self.imports).ok()
    }

    fn model(&mut self, model: &SchemaModel) -> String {
        let mut body: Vec<String> =
            model.fields.iter().filter_map(|field| self.field(model, field)).collect();
        let meta = self.meta(model);
        if !meta.is_empty() {
            if !body.is_empty() {
                body.push(String::new());
            }
            body.push(class("Meta", "", &meta));
        }
        class(&model.name, "BaseModel", &body)
    }

    fn field(&mut self, model: &SchemaModel, field: &SchemaField) -> Option<String> {
        let written = match &field.shape {
            Shape::Column(column) => self.column(model, field, column)?,
            Shape::Key(key) => self.key(model, field, key),
            Shape::Many(many) => self.many(model, field, many),
        };
        Some(self.extras(written, &field.extra).statement(&field.name))
    }

    fn extras(&mut self, mut written: Written, extras: &[Extra]) -> Written {
        for extra in extras {
            let value = self.value(&extra.value);
            written = written.keyword(&extra.keyword, value);
        }
        written
    }

    fn column(
        &mut self,
        model: &SchemaModel,
        field: &SchemaField,
        column: &ColumnShape,
    ) -> Option<Written> {
        let key = model.is_key(&field.name);
        let automatic = key && column.auto && column.implicit && column.ty == ColumnType::Integer;
        if automatic && column.column == "id" && field.name == "id" && field.extra.is_empty() {
            return None;
        }
        let class = class_of(column, key);
        if class == "JSONField" {
            self.imports.from("playhouse.sqlite_ext", class);
        } else {
            self.uses(class);
        }
        let mut written = Written::new(class);
        match &column.ty {
            ColumnType::Varchar(Some(length)) | ColumnType::Char(length) if *length != 255 => {
                written = written.keyword("max_length", Some(length.to_string()));
            }
            ColumnType::Decimal(Some((digits, places))) if (*digits, *places) != (10, 5) => {
                written = written
                    .keyword("max_digits", Some(digits.to_string()))
                    .keyword("decimal_places", Some(places.to_string()));
            }
            _ => {}
        }
        let choices = self.choices(column);
        let default = column.default.as_ref().and_then(|value| self.value(value));
        let constraints = column.db_default.as_ref().map(|sql| {
            self.uses("SQL");
            let default = if column.db_default.as_deref().and_then(constant).is_some() {
                sql.clone()
            } else {
                bracketed(sql)
            };
            format!("[SQL({})]", quoted(&format!("DEFAULT {default}")))
        });
        let numbers = matches!(class, "AutoField" | "BigAutoField");
        Some(
            written
                .keyword("primary_key", (key && !numbers).then_some("True"))
                .keyword("unique", column.unique.then_some("True"))
                .keyword("index", column.index.then_some("True"))
                .keyword("null", column.null.then_some("True"))
                .keyword("choices", choices)
                .keyword("default", default)
                .keyword("constraints", constraints)
                .keyword(
                    "column_name",
                    (column.column != field.name).then(|| quoted(&column.column)),
                ),
        )
    }

    fn choices(&mut self, column: &ColumnShape) -> Option<String> {
        if column.choices.is_empty() {
            return None;
        }
        let pairs = column.choices.iter().map(|(value, label)| {
            Some(format!("({}, {})", self.value(value)?, self.value(label)?))
        });
        Some(format!("[{}]", pairs.collect::<Option<Vec<_>>>()?.join(", ")))
    }

    fn key(&mut self, model: &SchemaModel, field: &SchemaField, key: &KeyShape) -> Written {
        let itself = key.target == model.name;
        // Only a deferred one has no constraint.
        let there = key.constraint && (itself || self.declared.contains(&key.target));
        let (class, target) = if there {
            ("ForeignKeyField", key.target.clone())
        } else {
            ("DeferredForeignKey", quoted(&key.target))
        };
        self.uses(class);
        let target = if itself && there { quoted("self") } else { target };
        let primary = model.is_key(&field.name);
        let default = key.default.as_ref().and_then(|value| self.value(value));
        let ends = ends(self.schema, model, field, &key.target);
        Written::new(class)
            .positional("model", target)
            .keyword("field", key.to_field.as_ref().map(|field| quoted(field)))
            .keyword("backref", backref(&key.reverse, &reverse(&ends, RelationKind::ForeignKey)))
            .keyword("on_delete", action(key.on_delete))
            .keyword("on_update", action(key.on_update))
            .keyword("primary_key", primary.then_some("True"))
            .keyword("unique", key.unique.then_some("True"))
            .keyword("index", (!key.index && !key.unique && !primary).then_some("False"))
            .keyword("null", key.null.then_some("True"))
            .keyword("default", default)
            .keyword(
                "column_name",
                (key.column != key_column(&field.name)).then(|| quoted(&key.column)),
            )
    }

    fn many(&mut self, model: &SchemaModel, field: &SchemaField, many: &ManyShape) -> Written {
        self.uses("ManyToManyField");
        let ends = ends(self.schema, model, field, &many.target);
        let written = Written::new("ManyToManyField")
            .positional("model", many.target.clone())
            .keyword("backref", backref(&many.reverse, &reverse(&ends, RelationKind::ManyToMany)));
        match &many.through {
            ThroughShape::Generated(through) => written
                .keyword("on_delete", action(through.on_delete))
                .keyword("on_update", action(through.on_update)),
            ThroughShape::Declared { model: through, .. } => {
                if self.declared.contains(through) {
                    return written.keyword("through_model", Some(through.clone()));
                }
                self.uses("DeferredThroughModel");
                if !self.deferred.contains(through) {
                    self.deferred.push(through.clone());
                }
                written.keyword("through_model", Some(format!("{through}Deferred")))
            }
        }
    }

    fn meta(&mut self, model: &SchemaModel) -> Vec<String> {
        let mut out = Vec::new();
        if model.table != model.name.to_lowercase() {
            out.push(format!("table_name = {}", quoted(&model.table)));
        }
        match model.primary_key.as_slice() {
            [] => out.push("primary_key = False".to_owned()),
            [_] => {}
            several => {
                self.uses("CompositeKey");
                let names: Vec<String> = several.iter().map(|name| quoted(name)).collect();
                out.push(call("primary_key = CompositeKey", &names, 2));
            }
        }
        let group = |unique: &'static str| {
            move |group: &Group| {
                let names: Vec<String> =
                    group.fields.iter().map(|(name, _)| quoted(name)).collect();
                format!("({}, {unique})", list("", ("(", ")"), &names, 3))
            }
        };
        let indexes: Vec<String> = model
            .uniques
            .iter()
            .map(group("True"))
            .chain(model.indexes.iter().map(group("False")))
            .collect();
        if !indexes.is_empty() {
            out.push(list("indexes = ", ("(", ")"), &indexes, 2));
        }
        let checks: Vec<String> =
            model.checks.iter().filter_map(|check| self.check(check)).collect();
        if !checks.is_empty() {
            out.push(list("constraints = ", ("[", "]"), &checks, 2));
        }
        for extra in &model.extra {
            if let Some(value) = self.value(&extra.value) {
                out.push(format!("{} = {value}", extra.keyword));
            }
        }
        out
    }

    fn check(&mut self, check: &CheckGroup) -> Option<String> {
        let sql = check.sql.as_ref()?;
        Some(match &check.name {
            Some(name) => {
                self.uses("SQL");
                let name = name.replace('"', "\"\"");
                format!("SQL({})", quoted(&format!("CONSTRAINT \"{name}\" CHECK ({sql})")))
            }
            None => {
                self.uses("Check");
                format!("Check({})", quoted(sql))
            }
        })
    }
}

fn ends<'a>(
    schema: &'a Schema,
    model: &'a SchemaModel,
    field: &'a SchemaField,
    target: &'a str,
) -> Ends<'a> {
    let target_table = schema.model(target).map_or("", |target| target.table.as_str());
    Ends { owner: &model.name, owner_table: &model.table, field: &field.name, target, target_table }
}

fn backref(names: &ReverseNames, own: &ReverseNames) -> Option<String> {
    match &names.accessor {
        None => Some(quoted("+")),
        accessor if *accessor == own.accessor => None,
        Some(accessor) => Some(quoted(accessor)),
    }
}

fn action(action: Action) -> Option<String> {
    match action {
        Action::NoAction | Action::SetValue => None,
        Action::Cascade | Action::SetNull | Action::SetDefault | Action::Restrict => {
            Some(quoted(action.sql()))
        }
        Action::Protect => Some(quoted("RESTRICT")),
    }
}

fn class_of(column: &ColumnShape, key: bool) -> &'static str {
    if matches!(column.ty, ColumnType::Unknown(_)) && column.class == Some("BareField") {
        return "BareField";
    }
    match (&column.ty, column.auto && key) {
        (ColumnType::BigInt | ColumnType::BigIntUnsigned, true) => "BigAutoField",
        (_, true) => "AutoField",
        (ColumnType::SmallInt | ColumnType::SmallIntUnsigned, false) => "SmallIntegerField",
        (ColumnType::Integer | ColumnType::IntegerUnsigned, false) => "IntegerField",
        (ColumnType::BigInt | ColumnType::BigIntUnsigned | ColumnType::Duration, false) => {
            "BigIntegerField"
        }
        (ColumnType::Varchar(Some(_)) | ColumnType::Ip, false) => "CharField",
        (ColumnType::Char(_), false) => "FixedCharField",
        (ColumnType::Varchar(None) | ColumnType::Text | ColumnType::Unknown(_), false) => {
            "TextField"
        }
        (ColumnType::Boolean, false) => "BooleanField",
        (ColumnType::Decimal(_), false) => "DecimalField",
        (ColumnType::Float, false) => "FloatField",
        (ColumnType::Date, false) => "DateField",
        (ColumnType::DateTime, false) => "DateTimeField",
        (ColumnType::Time, false) => "TimeField",
        (ColumnType::Json, false) => "JSONField",
        (ColumnType::Binary, false) => "BlobField",
        (ColumnType::Uuid, false) => "UUIDField",
    }
}
