//! Whole models files in Tortoise's words.
//!
//! Its own names: `tortoise/001`, `006`, `013`, `029`; what it cannot say was tried on 1.1.9: `generate_schemas` makes no checks, a foreign
//! key as the primary key gets none, and an `Index` takes its names for columns.

use crate::convert::layout::{call, class, file, list};
use crate::convert::{
    Action, ColumnShape, Constant, Ends, Extra, Feature, GeneratedThrough, Group, Imports,
    KeyShape, ManyShape, Moment, ReverseNames, Schema, SchemaField, SchemaModel, Shape,
    SourceWriter, ThroughShape, bracketed, constant, literal, quoted,
};
use crate::document::{ColumnType, RelationKind, Value};
use crate::edit::Written;

/// Tortoise's writer.
pub(super) static WRITER: SourceWriter = SourceWriter {
    cannot: &[
        (
            Feature::QuoteInName,
            "Tortoise does not escape a quotation mark in the name of a table or column.",
        ),
        (
            Feature::OddNameInIndex,
            "Tortoise takes such a column's name for an expression, and writes it into the index without quotes.",
        ),
        (Feature::NoKey, "Every Tortoise model has a primary key. An `id` is added."),
        (
            Feature::ForeignKeyAsKey,
            "Tortoise makes no primary key of it. A one-to-one stands here, which makes the same column.",
        ),
        (
            Feature::CompositeKey,
            "Tortoise has single primary keys only. An `id` is added, and the columns are unique together.",
        ),
        (
            Feature::UniqueKey,
            "Tortoise passes over the uniqueness of a foreign key. A one-to-one stands here, which makes the same column; its other side is a single object.",
        ),
        (
            Feature::KeyToRelation,
            "Tortoise 1.1 makes no column for such a key. A plain column stands here.",
        ),
        (
            Feature::KeyCycle,
            "Tortoise's generate_schemas refuses keys that run in a circle. A plain column stands here.",
        ),
        (
            Feature::OnUpdate,
            "Tortoise has no on_update: the database does nothing when a referenced key changes.",
        ),
        (
            Feature::SetNullOnRequired,
            "Tortoise refuses it. NO_ACTION stands here: the database then refuses the deletion, as it would have.",
        ),
        (
            Feature::Symmetrical,
            "A many-to-many of Tortoise runs one way: add each pair both ways round.",
        ),
        (
            Feature::ThroughKey,
            "Tortoise's through tables have two columns only; it never needs the third of a table that has one.",
        ),
        (Feature::ThroughNull, "The columns of Tortoise's through tables allow no NULL."),
        (Feature::ThroughUpdate, "Tortoise has no on_update."),
        (Feature::HiddenMany, "Tortoise gives every many-to-many a reverse side."),
        (Feature::QueryName, "In Tortoise both are one name."),
        (
            Feature::Inheritance,
            "A Tortoise model copies the fields of its parents. A one-to-one that is the key stands here, which makes the same columns; the parent's fields are reached through it.",
        ),
        (Feature::Check, "Tortoise's generate_schemas makes no checks. It is left out."),
        (
            Feature::Choices,
            "Tortoise has enumerations in place of lists of values, and only those of short texts and of small integers. It is left out; any value is taken.",
        ),
        (
            Feature::MomentOfDate,
            "Tortoise's DateField has no auto_now. A default stands here, which is set when the object is made.",
        ),
        (Feature::Descending, "Tortoise's indexes are ascending."),
        (
            Feature::IndexedText,
            "Tortoise indexes no text without a bound, no JSON and no bytes. It is left out.",
        ),
        (
            Feature::UniqueText,
            "Tortoise lets such a field be unique in a group only, and so it is written.",
        ),
    ],
    actions: &[
        Action::NoAction,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
        Action::Restrict,
    ],
    nearest,
    offers,
    refuses,
    refuses_model: |_| false,
    reserved_on_target: |_| None,
    implicit_key: Some(ColumnType::Integer),
    plain_key: ColumnType::Integer,
    comment_arguments: Some(["description", "table_description"]),
    key_index: false,
    table,
    key_column: |field| format!("{field}_id"),
    reverse,
    through,
    write,
};

/// Whether an enumeration says the same: its values are all texts, or small integers.
fn offers(column: &ColumnShape) -> bool {
    let fits = |value: &Value| match (&column.ty, value) {
        (ColumnType::Varchar(Some(_)), Value::Str(_)) => true,
        (ColumnType::SmallInt, Value::Int(number)) => i16::try_from(*number).is_ok(),
        _ => false,
    };
    let plain = column.db_default.is_none() && column.moment.is_none();
    let mut values: Vec<&Value> = Vec::new();
    let distinct = column.choices.iter().all(|(value, _)| {
        let new = !values.contains(&value);
        values.push(value);
        new
    });
    let default = column.default.as_ref().is_none_or(|default| {
        *default == Value::None || column.choices.iter().any(|(value, _)| value == default)
    });
    plain && distinct && default && column.choices.iter().all(|(value, _)| fits(value))
}

/// `PUBLISHED` of `"published"`, `VALUE_1` of 1.
fn member(value: &Value) -> String {
    let text = match value {
        Value::Str(text) => text.clone(),
        Value::Int(number) => format!("value {}", number.to_string().replace('-', "minus ")),
        _ => String::new(),
    };
    let name: String = text
        .chars()
        .map(
            |letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' },
        )
        .collect();
    match name.chars().next() {
        None => "EMPTY".to_owned(),
        Some(first) if first.is_ascii_alphabetic() => name,
        Some(_) => format!("VALUE_{}", name.trim_start_matches('_')),
    }
}

/// `UserRole` of `user_role`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    name.split('_').map(word).collect()
}

fn table(model: &str) -> String {
    model.to_lowercase()
}

/// `Model.__dict__` and what its metaclass keeps, and the names that the written file itself uses in class bodies.
fn refuses(name: &str) -> bool {
    const TAKEN: &[&str] = &[
        "Meta",
        "all",
        "annotate",
        "bulk_create",
        "bulk_update",
        "clone",
        "construct",
        "create",
        "delete",
        "describe",
        "earliest",
        "exclude",
        "exists",
        "fetch_for_list",
        "fetch_related",
        "fields",
        "filter",
        "first",
        "get",
        "get_or_create",
        "get_or_none",
        "get_table",
        "in_bulk",
        "last",
        "latest",
        "pk",
        "raw",
        "refresh_from_db",
        "register_listener",
        "save",
        "select_for_update",
        "update_from_dict",
        "update_or_create",
    ];
    TAKEN.contains(&name) || name.starts_with('_') || name.contains("__")
}

fn nearest(column: &ColumnShape) -> Option<(ColumnType, &'static str)> {
    const SIGNED: &str =
        "Tortoise's integers have a sign: nothing refuses a negative number any more.";
    Some(match &column.ty {
        ColumnType::SmallIntUnsigned => (ColumnType::SmallInt, SIGNED),
        ColumnType::IntegerUnsigned => (ColumnType::Integer, SIGNED),
        ColumnType::BigIntUnsigned => (ColumnType::BigInt, SIGNED),
        ColumnType::Varchar(None) => (ColumnType::Text, "Tortoise's CharField wants a length."),
        ColumnType::Char(length) => {
            (ColumnType::Varchar(Some(*length)), "Tortoise has no type for text of a fixed length.")
        }
        ColumnType::Decimal(None) => {
            (ColumnType::Decimal(Some((20, 6))), "Tortoise wants the numbers of digits.")
        }
        ColumnType::Ip => (ColumnType::Varchar(Some(39)), "Tortoise has no type for addresses."),
        ColumnType::Unknown(_) => (ColumnType::Text, "It is not known."),
        _ => return None,
    })
}

fn reverse(ends: &Ends<'_>, _kind: RelationKind) -> ReverseNames {
    let name = format!("{}s", ends.owner_table);
    ReverseNames { accessor: Some(name.clone()), query_name: Some(name), ..ReverseNames::default() }
}

fn through(ends: &Ends<'_>) -> GeneratedThrough {
    let itself = if ends.owner == ends.target { "_rel" } else { "" };
    GeneratedThrough {
        table: format!("{}_{}", ends.owner_table, ends.target_table),
        owner_column: format!("{}{itself}_id", ends.owner_table),
        target_column: format!("{}_id", ends.target.to_lowercase()),
        key: None,
        unique: true,
        null: false,
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
        constraint: true,
    }
}

fn write(schema: &Schema) -> String {
    let mut writer = Writer { schema, imports: Imports::default(), enumerations: Vec::new() };
    writer.imports.from("tortoise", "fields");
    writer.imports.from("tortoise.models", "Model");
    let mut parts: Vec<String> = Vec::new();
    for model in &schema.models {
        let written = writer.model(model);
        parts.append(&mut writer.enumerations);
        parts.push(written);
    }
    file(&writer.imports.lines(), &parts)
}

struct Writer<'a> {
    schema: &'a Schema,
    imports: Imports,
    /// Classes that the model being written needs above it.
    enumerations: Vec<String>,
}

impl Writer<'_> {
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
        class(&model.name, "Model", &body)
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
        if key
            && column.implicit
            && column.auto
            && column.ty == ColumnType::Integer
            && column.column == "id"
            && field.name == "id"
        {
            return None;
        }
        if !column.choices.is_empty() {
            return Some(self.enumeration(model, field, column));
        }
        let class = match &column.ty {
            ColumnType::Unknown(class) => self.unknown_class(class),
            known => format!("fields.{}", class_of(known)),
        };
        let mut written = Written::new(class);
        match &column.ty {
            ColumnType::Varchar(Some(length)) => {
                written = written.keyword("max_length", Some(length.to_string()));
            }
            ColumnType::Decimal(Some((digits, places))) => {
                written = written
                    .keyword("max_digits", Some(digits.to_string()))
                    .keyword("decimal_places", Some(places.to_string()));
            }
            _ => {}
        }
        let whole =
            matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
        let moment = column.moment.map(|moment| match moment {
            Moment::Creation => "auto_now_add",
            Moment::Save => "auto_now",
        });
        if let Some(moment) = moment {
            written = written.keyword(moment, Some("True"));
        }
        let default = column.default.as_ref().and_then(|value| self.value(value));
        let db_default = self.db_default(column);
        Some(
            written
                .keyword("primary_key", key.then_some("True"))
                .keyword("generated", (key && whole && !column.auto).then_some("False"))
                .keyword("unique", column.unique.then_some("True"))
                .keyword("db_index", column.index.then_some("True"))
                .keyword("null", column.null.then_some("True"))
                .keyword("default", default)
                .keyword("db_default", db_default)
                .keyword(
                    "source_field",
                    (column.column != field.name).then(|| quoted(&column.column)),
                ),
        )
    }

    /// A list of values is an enumeration, declared above the model.
    fn enumeration(
        &mut self,
        model: &SchemaModel,
        field: &SchemaField,
        column: &ColumnShape,
    ) -> Written {
        let texts = matches!(column.ty, ColumnType::Varchar(_));
        let class_name = format!("{}{}", model.name, camel(&field.name));
        let mut members: Vec<(String, &Value)> = Vec::new();
        for (value, _) in &column.choices {
            let wanted = member(value);
            let taken = members.iter().filter(|(name, _)| name.starts_with(&wanted)).count();
            let name = if taken == 0 { wanted } else { format!("{wanted}_{}", taken + 1) };
            members.push((name, value));
        }
        let lines: Vec<String> = members
            .iter()
            .filter_map(|(name, value)| Some(format!("{name} = {}", self.value(value)?)))
            .collect();
        let (base, call) =
            if texts { ("str, Enum", "CharEnumField") } else { ("IntEnum", "IntEnumField") };
        self.imports.from("enum", if texts { "Enum" } else { "IntEnum" });
        self.enumerations.push(class(&class_name, base, &lines));
        let default = column.default.as_ref().and_then(|default| {
            let chosen = members.iter().find(|(_, value)| *value == default);
            chosen.map_or_else(
                || self.value(default),
                |(name, _)| Some(format!("{class_name}.{name}")),
            )
        });
        let length = match &column.ty {
            ColumnType::Varchar(length) => length.map(|length| length.to_string()),
            _ => None,
        };
        let key = model.is_key(&field.name);
        let db_default = self.db_default(column);
        Written::new(format!("fields.{call}"))
            .positional("enum_type", class_name)
            .keyword("max_length", length)
            .keyword("primary_key", key.then_some("True"))
            .keyword("generated", (key && !texts && !column.auto).then_some("False"))
            .keyword("unique", column.unique.then_some("True"))
            .keyword("db_index", column.index.then_some("True"))
            .keyword("null", column.null.then_some("True"))
            .keyword("default", default)
            .keyword("db_default", db_default)
            .keyword("source_field", (column.column != field.name).then(|| quoted(&column.column)))
    }

    fn db_default(&mut self, column: &ColumnShape) -> Option<String> {
        if let Some(value) = &column.db_written {
            return self.value(value);
        }
        let sql = column.db_default.as_ref()?;
        Some(match constant(sql) {
            // Tortoise writes it into the statement as it is; a moment it asks for its zone, which a text has not.
            Some(Constant::Text(text))
                if !text.contains('\'')
                    && !matches!(column.ty, ColumnType::DateTime | ColumnType::Time) =>
            {
                quoted(&text)
            }
            Some(Constant::Number(number)) if !exact(&column.ty) => number,
            Some(Constant::Truth(truth)) => truth.to_owned(),
            Some(Constant::Null) => "None".to_owned(),
            Some(Constant::Now) => {
                self.imports.from("tortoise.fields.db_defaults", "Now");
                "Now()".to_owned()
            }
            other => {
                self.imports.from("tortoise.fields.db_defaults", "SqlDefault");
                let sql = if other.is_some() { sql.clone() } else { bracketed(sql) };
                format!("SqlDefault({})", quoted(&sql))
            }
        })
    }

    /// A model as a relation names it: its app, a dot and its class.
    fn reference(&self, target: &str) -> String {
        let model = self.schema.model(target);
        let app = model.and_then(|model| model.extra.iter().find(|extra| extra.keyword == "app"));
        let app = app.and_then(|app| app.value.as_str()).unwrap_or("models");
        format!("{app}.{target}")
    }

    /// A class whose columns have no type that all databases know.
    fn unknown_class(&mut self, class: &str) -> String {
        let module = match class {
            "ArrayField" | "TSVectorField" => "tortoise.contrib.postgres.fields",
            "GeometryField" => "tortoise.contrib.mysql.fields",
            _ => return format!("fields.{class}"),
        };
        self.imports.from(module, class);
        class.to_owned()
    }

    fn key(&mut self, model: &SchemaModel, field: &SchemaField, key: &KeyShape) -> Written {
        let primary = model.is_key(&field.name);
        let (kind, class) = if key.one_to_one {
            (RelationKind::OneToOne, "fields.OneToOneField")
        } else {
            (RelationKind::ForeignKey, "fields.ForeignKeyField")
        };
        let default = key.default.as_ref().and_then(|value| self.value(value));
        let ends = ends(self.schema, model, field, &key.target);
        // Of a relation the field behind it is referenced (`tortoise/263`).
        let to_field = key.to_field.as_ref().map(|to| {
            let referenced = self.schema.model(&key.target).and_then(|target| target.field(to));
            match referenced.map(|referenced| &referenced.shape) {
                Some(Shape::Key(_)) => quoted(&format!("{to}_id")),
                Some(Shape::Column(_) | Shape::Many(_)) | None => quoted(to),
            }
        });
        Written::new(class)
            .positional("to", quoted(&self.reference(&key.target)))
            .keyword("related_name", related_name(&key.reverse, &reverse(&ends, kind)))
            .keyword("on_delete", on_delete(key.on_delete))
            .keyword("to_field", to_field)
            .keyword("primary_key", primary.then_some("True"))
            .keyword("unique", (key.unique && !key.one_to_one).then_some("True"))
            .keyword("db_index", key.index.then_some("True"))
            .keyword("db_constraint", (!key.constraint).then_some("False"))
            .keyword("null", key.null.then_some("True"))
            .keyword("default", default)
            .keyword(
                "source_field",
                (key.column != format!("{}_id", field.name)).then(|| quoted(&key.column)),
            )
    }

    fn many(&mut self, model: &SchemaModel, field: &SchemaField, many: &ManyShape) -> Written {
        let ends = ends(self.schema, model, field, &many.target);
        let own = through(&ends);
        let (table, owner, target, generated) = match &many.through {
            ThroughShape::Generated(through) => (
                through.table.clone(),
                through.owner_column.clone(),
                through.target_column.clone(),
                Some(through),
            ),
            ThroughShape::Declared { model: through, owner_field, target_field } => {
                let through = self.schema.model(through);
                let column = |name: &str| {
                    let field = through.and_then(|through| through.field(name));
                    field.map(column_of).unwrap_or_default()
                };
                let table = through.map(|through| through.table.clone()).unwrap_or_default();
                (table, column(owner_field), column(target_field), None)
            }
        };
        let enforced = generated.filter(|through| through.constraint);
        let loose = generated.is_some() && enforced.is_none();
        Written::new("fields.ManyToManyField")
            .positional("to", quoted(&self.reference(&many.target)))
            .keyword(
                "related_name",
                related_name(&many.reverse, &reverse(&ends, RelationKind::ManyToMany)),
            )
            .keyword("through", (table != own.table).then(|| quoted(&table)))
            .keyword("forward_key", (target != own.target_column).then(|| quoted(&target)))
            .keyword("backward_key", (owner != own.owner_column).then(|| quoted(&owner)))
            .keyword("on_delete", enforced.and_then(|through| on_delete(through.on_delete)))
            .keyword("db_constraint", loose.then_some("False"))
            .keyword("unique", generated.is_some_and(|through| !through.unique).then_some("False"))
    }

    fn meta(&mut self, model: &SchemaModel) -> Vec<String> {
        let mut out = Vec::new();
        if model.table != table(&model.name) {
            out.push(format!("table = {}", quoted(&model.table)));
        }
        if !model.ordering.is_empty() {
            let names: Vec<String> = model.ordering.iter().map(|name| quoted(name)).collect();
            out.push(list("ordering = ", ("[", "]"), &names, 2));
        }
        let uniques: Vec<String> = model.uniques.iter().map(|group| fields(model, group)).collect();
        if !uniques.is_empty() {
            out.push(list("unique_together = ", ("(", ")"), &uniques, 2));
        }
        let indexes: Vec<String> =
            model.indexes.iter().map(|group| self.index(model, group)).collect();
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

    /// A tuple; a name makes it an `Index`, which takes its fields for columns.
    fn index(&mut self, model: &SchemaModel, group: &Group) -> String {
        let plain = group.fields.iter().all(|(name, _)| {
            model.field(name).is_some_and(|field| column_of(field) == attribute(field))
        });
        let named = group.name.as_ref().filter(|_| plain);
        if named.is_none() && group.special.is_empty() {
            return fields(model, group);
        }
        let partial = group.special.iter().any(|(keyword, _)| keyword == "condition");
        let class = if partial { "PartialIndex" } else { "Index" };
        self.imports.from("tortoise.indexes", class);
        let (expressions, options): (Vec<_>, Vec<_>) =
            group.special.iter().partition(|(keyword, _)| keyword.is_empty());
        let mut items: Vec<String> =
            expressions.into_iter().filter_map(|(_, value)| self.value(value)).collect();
        if !group.fields.is_empty() {
            items.push(format!("fields={}", fields(model, group)));
        }
        for (keyword, value) in options {
            items.extend(self.value(value).map(|value| format!("{keyword}={value}")));
        }
        items.extend(named.map(|name| format!("name={}", quoted(name))));
        call(class, &items, 3)
    }
}

/// The fields of a group by their attributes, those of keys by that of the raw value: only so their columns are found.
fn fields(model: &SchemaModel, group: &Group) -> String {
    let names: Vec<String> = group
        .fields
        .iter()
        .map(|(name, _)| quoted(&model.field(name).map_or_else(|| name.clone(), attribute)))
        .collect();
    list("", ("(", ")"), &names, 3)
}

/// `author_id` of the relation `author`, where its column is another; else the field's name.
fn attribute(field: &SchemaField) -> String {
    match &field.shape {
        Shape::Key(_) => format!("{}_id", field.name),
        Shape::Column(_) | Shape::Many(_) => field.name.clone(),
    }
}

fn column_of(field: &SchemaField) -> String {
    match &field.shape {
        Shape::Column(column) => column.column.clone(),
        Shape::Key(key) => key.column.clone(),
        Shape::Many(_) => String::new(),
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

fn related_name(names: &ReverseNames, own: &ReverseNames) -> Option<String> {
    match &names.accessor {
        None => Some("False".to_owned()),
        accessor if *accessor == own.accessor => None,
        Some(accessor) => Some(quoted(accessor)),
    }
}

/// Whether a number is another thing in Python than in the column.
fn exact(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Float | ColumnType::Duration | ColumnType::Decimal(_))
}

/// `CASCADE` is the default.
fn on_delete(action: Action) -> Option<String> {
    let name = match action {
        Action::Cascade => return None,
        Action::NoAction | Action::SetValue => "NO_ACTION",
        Action::SetNull => "SET_NULL",
        Action::SetDefault => "SET_DEFAULT",
        Action::Restrict | Action::Protect => "RESTRICT",
    };
    Some(format!("fields.OnDelete.{name}"))
}

fn class_of(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::SmallInt | ColumnType::SmallIntUnsigned => "SmallIntField",
        ColumnType::Integer | ColumnType::IntegerUnsigned => "IntField",
        ColumnType::BigInt | ColumnType::BigIntUnsigned => "BigIntField",
        ColumnType::Varchar(Some(_)) | ColumnType::Char(_) | ColumnType::Ip => "CharField",
        ColumnType::Varchar(None) | ColumnType::Text | ColumnType::Unknown(_) => "TextField",
        ColumnType::Boolean => "BooleanField",
        ColumnType::Decimal(_) => "DecimalField",
        ColumnType::Float => "FloatField",
        ColumnType::Date => "DateField",
        ColumnType::DateTime => "DatetimeField",
        ColumnType::Time => "TimeField",
        ColumnType::Duration => "TimeDeltaField",
        ColumnType::Json => "JSONField",
        ColumnType::Binary => "BinaryField",
        ColumnType::Uuid => "UUIDField",
    }
}
