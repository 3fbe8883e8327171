//! Whole models files in Django's words.
//!
//! Its own names: `orm::django::resolve`; what it cannot say: `django/037`, `django/038`, and `fields.E320`, `E321`.

use crate::convert::layout::{call, class, file, list};
use crate::convert::{
    Action, CheckGroup, ColumnShape, Constant, Ends, Extra, Feature, GeneratedThrough, Group,
    Imports, KeyShape, ManyShape, Moment, ReverseNames, Schema, SchemaField, SchemaModel, Shape,
    SourceWriter, ThroughShape, constant, literal, quoted, simple_condition,
};
use crate::document::{ColumnType, RelationKind, Value};
use crate::edit::Written;
use throughline_order::Arrange as _;

/// Django's writer.
pub(super) static WRITER: SourceWriter = SourceWriter {
    cannot: &[
        (Feature::NoKey, "Every Django model has a primary key. An `id` is added."),
        (
            Feature::QuoteInName,
            "Django does not escape a quotation mark in the name of a table or column.",
        ),
        (
            Feature::ForeignKeyAsKey,
            "Django warns of it (fields.W342). A one-to-one stands here, which makes the same column.",
        ),
        (
            Feature::OnUpdate,
            "Django has no on_update: the database does nothing when a referenced key changes.",
        ),
        (
            Feature::SetNullOnRequired,
            "Django refuses it (fields.E320). DO_NOTHING stands here: the database then refuses the deletion, as it would have.",
        ),
        (Feature::SetDefaultWithoutDefault, "Django refuses it (fields.E321)."),
        (Feature::ThroughAction, "Django always deletes the pairs of a row that goes."),
        (Feature::ThroughUpdate, "Django has no on_update."),
        (
            Feature::ThroughWithoutKey,
            "Django's through tables have an `id`; Django never needs it in a table that has none.",
        ),
        (Feature::ThroughRepeated, "Django's generated through tables keep each pair once."),
        (Feature::ThroughNull, "Django's generated through tables allow no NULL."),
        (
            Feature::ThroughColumns,
            "Django names the columns of a generated through table after the models.",
        ),
        (
            Feature::CheckAsSql,
            "Django writes checks as Q objects, and this one is more than comparisons with constants. It is left out.",
        ),
        (
            Feature::DatabaseDefault,
            "Django writes it as an expression of its own; this one is not known. It is left out.",
        ),
    ],
    actions: &[
        Action::NoAction,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
        Action::Restrict,
        Action::Protect,
    ],
    nearest,
    offers: |_| true,
    refuses,
    // `models.E023` and `models.E024`.
    refuses_model: |name| name.starts_with('_') || name.ends_with('_') || name.contains("__"),
    reserved_on_target: |_| None,
    implicit_key: Some(ColumnType::BigInt),
    plain_key: ColumnType::BigInt,
    comment_arguments: None,
    key_index: true,
    table,
    key_column: |field| format!("{field}_id"),
    reverse,
    through,
    write,
};

fn table(model: &str) -> String {
    format!("app_{}", model.to_lowercase())
}

/// `fields.E001` to `E003`, `models.E020`, and members of `Model` that a field would hide.
fn refuses(name: &str) -> bool {
    const TAKEN: &[&str] = &[
        "pk",
        "check",
        "clean",
        "save",
        "delete",
        "objects",
        "full_clean",
        "clean_fields",
        "validate_unique",
        "validate_constraints",
        "refresh_from_db",
        "serializable_value",
        "get_deferred_fields",
        "models",
    ];
    TAKEN.contains(&name) || name.ends_with('_') || name.contains("__")
}

fn nearest(column: &ColumnShape) -> Option<(ColumnType, &'static str)> {
    match &column.ty {
        ColumnType::Char(length) => Some((
            ColumnType::Varchar(Some(*length)),
            "Django has no type for text of a fixed length.",
        )),
        ColumnType::Decimal(None) => {
            Some((ColumnType::Decimal(Some((20, 6))), "Django wants the numbers of digits."))
        }
        ColumnType::Unknown(_) => Some((ColumnType::Text, "It is not known.")),
        _ => None,
    }
}

fn reverse(ends: &Ends<'_>, kind: RelationKind) -> ReverseNames {
    let owner = ends.owner.to_lowercase();
    let accessor = match kind {
        RelationKind::OneToOne => owner.clone(),
        RelationKind::ForeignKey | RelationKind::ManyToMany => format!("{owner}_set"),
    };
    ReverseNames { accessor: Some(accessor), query_name: Some(owner), ..ReverseNames::default() }
}

fn through(ends: &Ends<'_>) -> GeneratedThrough {
    let class = ends.target.rsplit('.').next().unwrap_or_default();
    let (owner, target) = (ends.owner.to_lowercase(), class.to_lowercase());
    let (from, to) = if owner == target {
        (format!("from_{owner}"), format!("to_{target}"))
    } else {
        (owner, target)
    };
    GeneratedThrough {
        table: format!("{}_{}", ends.owner_table, ends.field),
        owner_column: format!("{from}_id"),
        target_column: format!("{to}_id"),
        key: Some(ColumnType::BigInt),
        unique: true,
        null: false,
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
        constraint: true,
    }
}

fn write(schema: &Schema) -> String {
    let mut writer = Writer { schema, imports: Imports::default() };
    writer.imports.from("django.db", "models");
    let parts: Vec<String> =
        schema.models.iter().enumerate().map(|(at, model)| writer.model(at, model)).collect();
    file(&writer.imports.lines(), &parts)
}

struct Writer<'a> {
    schema: &'a Schema,
    imports: Imports,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Option<String> {
        literal(value, &self.schema.imports, self.schema.orm, &mut self.imports).ok()
    }

    fn model(&mut self, at: usize, model: &SchemaModel) -> String {
        // The first base's link is the key.
        let mut links: Vec<(bool, &str)> = model
            .fields
            .iter()
            .filter_map(|field| match &field.shape {
                Shape::Key(key) if key.parent_link => {
                    Some((!model.is_key(&field.name), key.target.as_str()))
                }
                Shape::Column(_) | Shape::Key(_) | Shape::Many(_) => None,
            })
            .collect();
        links.arrange_by_key(|(later, _)| *later);
        let parents: Vec<String> = links
            .iter()
            .map(|(_, parent)| match library(parent) {
                Some((module, class)) if self.schema.model(parent).is_none() => {
                    self.imports.from(&module, class);
                    class.to_owned()
                }
                _ => (*parent).to_owned(),
            })
            .collect();
        let bases = if parents.is_empty() { "models.Model".to_owned() } else { parents.join(", ") };
        let mut body: Vec<String> = Vec::new();
        if model.primary_key.len() > 1 {
            let fields: Vec<String> = model.primary_key.iter().map(|field| quoted(field)).collect();
            body.push(list("pk = models.CompositePrimaryKey", ("(", ")"), &fields, 1));
        }
        let fields: Vec<String> =
            model.fields.iter().filter_map(|field| self.field(at, model, field)).collect();
        body.extend(fields);
        if model.field("objects").is_some() {
            // Django refuses a model whose field takes the name of the manager.
            body.push("manager = models.Manager()".to_owned());
        }
        let meta = self.meta(model);
        if !meta.is_empty() {
            if !body.is_empty() {
                body.push(String::new());
            }
            body.push(class("Meta", "", &meta));
        }
        class(&model.name, &bases, &body)
    }

    fn field(&mut self, at: usize, model: &SchemaModel, field: &SchemaField) -> Option<String> {
        let written = match &field.shape {
            Shape::Column(column) => self.column(model, field, column)?,
            Shape::Key(key) => self.key(at, model, field, key)?,
            Shape::Many(many) => self.many(at, model, field, many),
        };
        let written = self.extras(written, &field.extra);
        Some(written.statement(&field.name))
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
        let automatic = key
            && column.auto
            && column.ty == ColumnType::BigInt
            && field.name == "id"
            && column.column == "id"
            && field.extra.is_empty();
        // `order_with_respect_to` makes the other column that no one declares.
        if automatic || (column.implicit && !column.auto) {
            return None;
        }
        let mut written = Written::new(format!("models.{}", class_of(column)));
        match &column.ty {
            ColumnType::Varchar(Some(length))
                if column.class.and_then(own_length) != Some(*length) =>
            {
                written = written.keyword("max_length", Some(length.to_string()));
            }
            ColumnType::Decimal(Some((digits, places)))
                if column.class != Some("GeneratedField") =>
            {
                written = written
                    .keyword("max_digits", Some(digits.to_string()))
                    .keyword("decimal_places", Some(places.to_string()));
            }
            _ => {}
        }
        let slug = column.class == Some("SlugField");
        let index = match (column.index, slug) {
            (true, false) => Some("True"),
            (false, true) if !column.unique && !key => Some("False"),
            _ => None,
        };
        let moment = column.moment.map(|moment| match moment {
            Moment::Creation => "auto_now_add",
            Moment::Save => "auto_now",
        });
        if let Some(moment) = moment {
            written = written.keyword(moment, Some("True"));
        }
        let choices = self.choices(column);
        let default = column.default.as_ref().and_then(|value| self.value(value));
        let db_default = self.db_default(column);
        let named = (column.column != field.name).then(|| quoted(&column.column));
        Some(
            written
                .keyword("primary_key", key.then_some("True"))
                .keyword("unique", column.unique.then_some("True"))
                .keyword("db_index", index)
                .keyword(
                    "null",
                    (column.null && column.class != Some("GeneratedField")).then_some("True"),
                )
                .keyword("choices", choices)
                .keyword("default", default)
                .keyword("db_default", db_default)
                .keyword("db_column", named),
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

    fn db_default(&mut self, column: &ColumnShape) -> Option<String> {
        if let Some(value) = &column.db_written {
            return self.value(value);
        }
        Some(match constant(column.db_default.as_ref()?)? {
            Constant::Text(text) => quoted(&text),
            Constant::Number(number) if column.ty == ColumnType::Duration => {
                self.imports.module("datetime");
                format!("datetime.timedelta(microseconds={number})")
            }
            Constant::Number(number) => number,
            Constant::Truth(truth) => truth.to_owned(),
            Constant::Null => "None".to_owned(),
            Constant::Now => {
                self.imports.from("django.db.models.functions", "Now");
                "Now()".to_owned()
            }
        })
    }

    /// A model as a relation names it: the class where it stands above, else a string.
    fn reference(&mut self, at: usize, model: &SchemaModel, target: &str) -> String {
        let above = self.schema.models.iter().take(at).any(|other| other.name == target);
        let elsewhere = library(target).filter(|_| self.schema.model(target).is_none());
        if target == "auth.User" {
            self.imports.from("django.conf", "settings");
            "settings.AUTH_USER_MODEL".to_owned()
        } else if let Some((module, class)) = elsewhere {
            self.imports.from(&module, class);
            class.to_owned()
        } else if target == model.name {
            quoted("self")
        } else if above {
            target.to_owned()
        } else {
            quoted(target)
        }
    }

    fn key(
        &mut self,
        at: usize,
        model: &SchemaModel,
        field: &SchemaField,
        key: &KeyShape,
    ) -> Option<Written> {
        let primary = model.is_key(&field.name);
        if key.parent_link
            && field.name == format!("{}_ptr", key.target.to_lowercase())
            && key.column == format!("{}_id", field.name)
            && key.reverse.accessor.as_deref() == Some(&model.name.to_lowercase())
            && key.on_delete == Action::Cascade
            && field.extra.is_empty()
        {
            return None;
        }
        let (kind, class) = if key.one_to_one {
            (RelationKind::OneToOne, "models.OneToOneField")
        } else {
            (RelationKind::ForeignKey, "models.ForeignKey")
        };
        let said = field.extra.iter().any(|extra| extra.keyword == "on_delete");
        let action = match key.on_delete {
            Action::NoAction | Action::SetValue => "DO_NOTHING",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET_NULL",
            Action::SetDefault => "SET_DEFAULT",
            Action::Restrict => "RESTRICT",
            Action::Protect => "PROTECT",
        };
        let default = key.default.as_ref().and_then(|value| self.value(value));
        let written = Written::new(class)
            .positional("to", self.reference(at, model, &key.target))
            .keyword("on_delete", (!said).then(|| format!("models.{action}")))
            .keyword("to_field", key.to_field.as_ref().map(|field| quoted(field)))
            .keyword("primary_key", primary.then_some("True"))
            .keyword("parent_link", key.parent_link.then_some("True"))
            .keyword("unique", (key.unique && !key.one_to_one).then_some("True"))
            .keyword(
                "db_index",
                (!key.index && !key.unique && !key.one_to_one && !primary).then_some("False"),
            )
            .keyword("db_constraint", (!key.constraint).then_some("False"))
            .keyword("null", key.null.then_some("True"))
            .keyword("default", default)
            .keyword(
                "db_column",
                (key.column != format!("{}_id", field.name)).then(|| quoted(&key.column)),
            );
        Some(related(written, model, field, &key.target, kind, &key.reverse))
    }

    fn many(
        &mut self,
        at: usize,
        model: &SchemaModel,
        field: &SchemaField,
        many: &ManyShape,
    ) -> Written {
        let itself = many.target == model.name;
        let mut written = Written::new("models.ManyToManyField")
            .positional("to", self.reference(at, model, &many.target));
        if itself && !many.symmetrical {
            written = written.keyword("symmetrical", Some("False"));
        }
        let target_table =
            self.schema.model(&many.target).map_or("", |target| target.table.as_str());
        match &many.through {
            ThroughShape::Generated(generated) => {
                let ends = Ends {
                    owner: &model.name,
                    owner_table: &model.table,
                    field: &field.name,
                    target: &many.target,
                    target_table,
                };
                let named = generated.table != through(&ends).table;
                written = written
                    .keyword("db_table", named.then(|| quoted(&generated.table)))
                    .keyword("db_constraint", (!generated.constraint).then_some("False"));
            }
            ThroughShape::Declared { model: through, owner_field, target_field } => {
                written = written.keyword("through", Some(self.reference(at, model, through)));
                let keys =
                    self.schema.model(through).into_iter().flat_map(|through| &through.fields);
                let to = keys.filter(|key| match &key.shape {
                    Shape::Key(key) => key.target == model.name || key.target == many.target,
                    Shape::Column(_) | Shape::Many(_) => false,
                });
                if to.count() > 2 || itself {
                    let fields = format!("({}, {})", quoted(owner_field), quoted(target_field));
                    written = written.keyword("through_fields", Some(fields));
                }
            }
        }
        if many.symmetrical {
            return written;
        }
        related(written, model, field, &many.target, RelationKind::ManyToMany, &many.reverse)
    }

    fn meta(&mut self, model: &SchemaModel) -> Vec<String> {
        let mut out = Vec::new();
        if model.table != table(&model.name) {
            out.push(format!("db_table = {}", quoted(&model.table)));
        }
        if !model.ordering.is_empty() {
            let names: Vec<String> = model.ordering.iter().map(|name| quoted(name)).collect();
            out.push(list("ordering = ", ("[", "]"), &names, 2));
        }
        let together: Vec<String> = model
            .uniques
            .iter()
            .filter(|group| !group.constraint)
            .map(|group| {
                let names: Vec<String> =
                    group.fields.iter().map(|(name, _)| quoted(name)).collect();
                list("", ("(", ")"), &names, 3)
            })
            .collect();
        if !together.is_empty() {
            out.push(list("unique_together = ", ("[", "]"), &together, 2));
        }
        let mut constraints: Vec<(usize, String)> = Vec::new();
        for (at, group) in model.uniques.iter().filter(|group| group.constraint).enumerate() {
            let name = group.name.clone().unwrap_or_else(|| constraint_name(model, "unique", at));
            let written = self.group("models.UniqueConstraint", group, Some(name));
            constraints.push((group.position, written));
        }
        for (at, check) in model.checks.iter().enumerate() {
            constraints
                .extend(self.check(model, at, check).map(|written| (check.position, written)));
        }
        constraints.arrange_by_key(|(position, _)| *position);
        let constraints: Vec<String> =
            constraints.into_iter().map(|(_, written)| written).collect();
        if !constraints.is_empty() {
            out.push(list("constraints = ", ("[", "]"), &constraints, 2));
        }
        let indexes: Vec<String> = model
            .indexes
            .iter()
            .map(|group| {
                // `models.E033`, `E034`, and at most 30 letters.
                let starts = |name: &String| {
                    name.starts_with(|first: char| first == '_' || first.is_ascii_digit())
                };
                let name =
                    group.name.clone().filter(|name| name.chars().count() <= 30 && !starts(name));
                self.group("models.Index", group, name)
            })
            .collect();
        if !indexes.is_empty() {
            out.push(list("indexes = ", ("[", "]"), &indexes, 2));
        }
        for extra in &model.extra {
            if let Some(value) = self.value(&extra.value) {
                out.push(format!("{} = {value}", extra.keyword));
            }
        }
        out
    }

    fn group(&mut self, callee: &str, group: &Group, name: Option<String>) -> String {
        let mut items: Vec<String> = Vec::new();
        let (expressions, options): (Vec<_>, Vec<_>) =
            group.special.iter().partition(|(keyword, _)| keyword.is_empty());
        for (_, value) in expressions {
            items.extend(self.value(value));
        }
        if !group.fields.is_empty() {
            let names: Vec<String> = group
                .fields
                .iter()
                .map(|(name, down)| quoted(&format!("{}{name}", if *down { "-" } else { "" })))
                .collect();
            items.push(format!("fields=[{}]", names.join(", ")));
        }
        for (keyword, value) in options {
            if let Some(value) = self.value(value) {
                items.push(format!("{keyword}={value}"));
            }
        }
        items.extend(name.map(|name| format!("name={}", quoted(&name))));
        call(callee, &items, 3)
    }

    fn check(&mut self, model: &SchemaModel, at: usize, check: &CheckGroup) -> Option<String> {
        let condition = match &check.written {
            Some(value) => self.value(value)?,
            None => condition(check.sql.as_ref()?, model)?,
        };
        let name = check.name.clone().unwrap_or_else(|| constraint_name(model, "check", at));
        let items = [format!("condition={condition}"), format!("name={}", quoted(&name))];
        Some(call("models.CheckConstraint", &items, 3))
    }
}

/// The module of a model of Django's own apps, `auth.Group`, and its class.
fn library(target: &str) -> Option<(String, &str)> {
    let (app, class) = target.split_once('.')?;
    Some((format!("django.contrib.{app}.models"), class))
}

/// Names of constraints are unique in the whole database.
fn constraint_name(model: &SchemaModel, what: &str, at: usize) -> String {
    let number = if at == 0 { String::new() } else { format!("_{}", at + 1) };
    format!("{what}_{}{number}", model.name.to_lowercase())
}

fn condition(sql: &str, model: &SchemaModel) -> Option<String> {
    let parts = simple_condition(sql, model)?.into_iter().map(|part| {
        let (not, lookup) = match part.operator {
            ">=" => ("", "__gte"),
            "<=" => ("", "__lte"),
            ">" => ("", "__gt"),
            "<" => ("", "__lt"),
            "=" => ("", ""),
            _ => ("~", ""),
        };
        let value = match part.value {
            Constant::Text(text) => quoted(&text),
            Constant::Number(number) => number,
            Constant::Truth(truth) => truth.to_owned(),
            Constant::Null | Constant::Now => return None,
        };
        Some(format!("{not}models.Q({}{lookup}={value})", part.field))
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join(" & "))
}

fn related(
    written: Written,
    model: &SchemaModel,
    field: &SchemaField,
    target: &str,
    kind: RelationKind,
    names: &ReverseNames,
) -> Written {
    let ends = Ends {
        owner: &model.name,
        owner_table: &model.table,
        field: &field.name,
        target,
        target_table: "",
    };
    let own = reverse(&ends, kind);
    let name = match &names.accessor {
        None => Some(quoted("+")),
        accessor if *accessor == own.accessor && !names.declared => None,
        // The accessor's default is chosen where its name in filters would otherwise be another.
        accessor if *accessor == own.accessor && names.query_name == own.query_name => None,
        Some(accessor) => Some(quoted(accessor)),
    };
    let query = names.query_name.as_ref().filter(|_| names.query_declared);
    written
        .keyword("related_name", name)
        .keyword("related_query_name", query.map(|name| quoted(name)))
}

/// The length that a class has by itself.
fn own_length(class: &str) -> Option<u32> {
    match class {
        "EmailField" => Some(254),
        "SlugField" => Some(50),
        "URLField" => Some(200),
        "FileField" | "ImageField" | "FilePathField" => Some(100),
        _ => None,
    }
}

fn class_of(column: &ColumnShape) -> &'static str {
    const OWN: &[&str] = &[
        "GeneratedField",
        "EmailField",
        "SlugField",
        "URLField",
        "FileField",
        "ImageField",
        "FilePathField",
    ];
    if let Some(class) = column.class.filter(|class| OWN.contains(class)) {
        return class;
    }
    match (&column.ty, column.auto) {
        (ColumnType::SmallInt, true) => "SmallAutoField",
        (ColumnType::Integer, true) => "AutoField",
        (ColumnType::BigInt, true) => "BigAutoField",
        (ColumnType::SmallInt, false) => "SmallIntegerField",
        (ColumnType::Integer, false) => "IntegerField",
        (ColumnType::BigInt, false) => "BigIntegerField",
        (ColumnType::SmallIntUnsigned, _) => "PositiveSmallIntegerField",
        (ColumnType::IntegerUnsigned, _) => "PositiveIntegerField",
        (ColumnType::BigIntUnsigned, _) => "PositiveBigIntegerField",
        (ColumnType::Varchar(_) | ColumnType::Char(_), _) => "CharField",
        (ColumnType::Text | ColumnType::Unknown(_), _) => "TextField",
        (ColumnType::Boolean, _) => "BooleanField",
        (ColumnType::Decimal(_), _) => "DecimalField",
        (ColumnType::Float, _) => "FloatField",
        (ColumnType::Date, _) => "DateField",
        (ColumnType::DateTime, _) => "DateTimeField",
        (ColumnType::Time, _) => "TimeField",
        (ColumnType::Duration, _) => "DurationField",
        (ColumnType::Json, _) => "JSONField",
        (ColumnType::Binary, _) => "BinaryField",
        (ColumnType::Uuid, _) => "UUIDField",
        (ColumnType::Ip, _) => "GenericIPAddressField",
    }
}
