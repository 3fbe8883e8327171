//! `ModelBase.__new__`: a class is made.

use std::borrow::Cow;
use throughline_order::Arrange as _;

use super::{
    Attribute, Class, ClassId, ForeignKey, IndexEntry, Key, Kind, Many, Object, ObjectId, Referent,
    RelField, Text, Through, What, World,
};
use crate::check::Moment;
use crate::document::{Field, FieldKind, Meta, Model, ModelKind, Span, TargetForm, Value};
use crate::orm::named::Named;
use crate::orm::peewee::fields::{self, truth};
use crate::orm::peewee::{template, text};
use crate::resolve::Origin;

/// `ModelBase.inheritable`, with what `__new__` hands on besides.
const INHERITABLE: &[&str] = &[
    "constraints",
    "database",
    "options",
    "schema",
    "table_function",
    "temporary",
    "only_save_dirty",
    "legacy_table_names",
    "table_settings",
    "strict_tables",
];

static NO_FIELDS: &[crate::document::Name] = &[];

impl<'a> World<'a> {
    /// A class statement of the file.
    pub(super) fn declare(&mut self, at: usize, model: &'a Model) {
        if model.kind == ModelKind::Mixin {
            self.names.remove(model.name.text.as_str());
            return;
        }
        for base in &model.meta.bases {
            if let Some(owner) = base.path.strip_suffix(".Meta")
                && (self.named(owner).is_some() || owner == "Model")
            {
                self.moment = Moment { at: base.span.end, step: 0 };
                let what = What::MetaIsGone { base: owner.to_owned(), span: base.span };
                self.fault(what, None, None);
            }
        }
        self.moment = Moment { at: model.span.end, step: 0 };
        let bases: Vec<ClassId> =
            model.bases.iter().filter_map(|base| self.class_at(&base.path, base.span)).collect();
        let attributes = self.body(at, model);
        let mut class = Class { model: Some(at), ..empty(Cow::Borrowed(model.name.text.as_str())) };
        class.bound = option(&model.meta, "database").is_some_and(|value| *value != Value::None);
        class.options =
            model.meta.options.iter().map(|(name, value)| (name.text.as_str(), value)).collect();
        let own_indexes = option(&model.meta, "indexes");
        class.indexes = own_indexes
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .map(|value| IndexEntry::Written(value, at))
            .collect();
        let id = self.make(class, &bases, attributes, &model.meta, own_indexes.is_some());
        self.names.entry(&model.name.text).or_default().push(id);
        self.finish(id);
    }

    /// The class that a path names at a place of the file.
    pub(super) fn class_at(&self, path: &str, _: Span) -> Option<ClassId> {
        self.named(path)
    }

    /// The class body: fields and other members in the order in which they are bound.
    fn body(&mut self, at: usize, model: &'a Model) -> Named<'a, Attribute> {
        let mut out: Vec<(u32, Text<'a>, Attribute)> =
            Vec::with_capacity(model.fields.len() + model.members.len());
        let mut before: Option<(Span, ObjectId)> = None;
        for (index, field) in model.fields.iter().enumerate() {
            if !model.span.contains(field.span) {
                continue; // `add_field`, further down.
            }
            // `a = b = CharField()` is one object under two names.
            let same = before.filter(|(span, _)| *span == field.span).map(|(_, object)| object);
            let object = match same {
                Some(object) => object,
                None => self.field(field, Origin { model: at, field: index }),
            };
            before = Some((field.span, object));
            let name = Cow::Borrowed(field.name.text.as_str());
            out.push((field.name.span.start, name, Attribute::Raw(object)));
        }
        out.extend(model.members.iter().map(|member| {
            (member.name.span.start, Cow::Borrowed(member.name.text.as_str()), Attribute::Other)
        }));
        out.arrange_by_key(|(start, _, _)| *start);
        let mut attributes = Named::with_capacity(out.len());
        for (_, name, attribute) in out {
            attributes.set(name, attribute);
        }
        attributes
    }

    /// The object of a field's call.
    pub(super) fn field(&mut self, field: &'a Field, origin: Origin) -> ObjectId {
        let kind = match &field.kind {
            FieldKind::Column(_) => Kind::Column,
            FieldKind::Virtual => Kind::Virtual,
            FieldKind::Relation(relation) => {
                let deferred = field.base == Some("DeferredForeignKey");
                let model = match &relation.target {
                    None => Referent::Missing(""),
                    Some(target) => match target.form {
                        TargetForm::Itself if !deferred => Referent::Itself,
                        TargetForm::Itself | TargetForm::Text => {
                            Referent::Missing(target.text.as_str())
                        }
                        TargetForm::Class => self
                            .class_at(target.path.as_deref().unwrap_or(&target.text), target.span)
                            .map_or(Referent::Missing(target.text.as_str()), Referent::Class),
                    },
                };
                if relation.kind == crate::document::RelationKind::ManyToMany {
                    // `"self"` means nothing to a many-to-many.
                    let model =
                        if model == Referent::Itself { Referent::Missing("self") } else { model };
                    let through = match &relation.through {
                        None => Through::Automatic,
                        Some(through) => {
                            let path = through.path.as_deref().unwrap_or(&through.text);
                            match self.class_at(path, through.span) {
                                Some(class) => Through::Class(class),
                                None if path.ends_with("DeferredThroughModel") => {
                                    Through::Deferred(through.text.as_str())
                                }
                                None => Through::Missing,
                            }
                        }
                    };
                    let backref = relation
                        .related_name
                        .as_ref()
                        .map(|name| Cow::Borrowed(name.text.as_str()));
                    Kind::Many(Box::new(Many {
                        model,
                        backref: backref.filter(|name| !name.is_empty()),
                        through,
                        is_backref: false,
                        sides: None,
                    }))
                } else if deferred {
                    let wanted = relation.target.as_ref().map(|target| target.text.to_lowercase());
                    Kind::Deferred(wanted.unwrap_or_default())
                } else {
                    Kind::Key(Box::new(foreign_key(field, model)))
                }
            }
        };
        self.insert(field, origin, kind)
    }

    fn insert(&mut self, field: &'a Field, origin: Origin, kind: Kind<'a>) -> ObjectId {
        let order = self.order();
        let object = Object {
            declared: Some(field),
            origin: Some(origin),
            sort_key: (if field.primary_key { 1 } else { 2 }, order),
            primary_key: field.primary_key,
            null: field.null,
            unique: field.unique,
            index: field.index.unwrap_or(matches!(kind, Kind::Key(_))),
            class: None,
            name: Cow::Borrowed(""),
            column: field.column.as_ref().map(|name| Cow::Borrowed(name.text.as_str())),
            kind,
        };
        self.add(object)
    }

    pub(super) fn add(&mut self, object: Object<'a>) -> ObjectId {
        let id = self.objects.len();
        if matches!(object.kind, Kind::Deferred(_)) {
            self.unresolved.push(id);
        }
        self.objects.push(object);
        id
    }

    /// A foreign key in the place of a `DeferredForeignKey`.
    pub(super) fn undeferred(&mut self, deferred: ObjectId, model: ClassId) -> Option<ObjectId> {
        let object = self.object(deferred)?;
        let (field, origin) = (object.declared?, object.origin?);
        let mut key = foreign_key(field, Referent::Class(model));
        key.deferred = true;
        Some(self.insert(field, origin, Kind::Key(Box::new(key))))
    }

    /// `copy.deepcopy` of a field: all that it has become, under its old order; but a deferred key is made anew.
    fn copy(&mut self, id: ObjectId) -> Option<ObjectId> {
        let mut object = self.object(id)?.clone();
        if matches!(object.kind, Kind::Deferred(_)) {
            object.sort_key.1 = self.order();
            let given = object.declared.and_then(|field| field.column.as_ref());
            object.column = given.map(|name| Cow::Borrowed(name.text.as_str()));
        }
        Some(self.add(object))
    }

    /// The generated through model of a many-to-many: `ManyToManyField._create_through_model`.
    pub(super) fn generate(
        &mut self,
        owner: ClassId,
        field: ObjectId,
        sides: (ClassId, ClassId),
    ) -> Option<ClassId> {
        let (left, right) = (self.class(sides.0)?, self.class(sides.1)?);
        let name = format!("{}{}Through", left.name, right.name);
        let mut class = empty(Cow::Owned(name));
        class.table = Cow::Owned(format!("{}_{}_through", left.table, right.table));
        class.bound = self.class(owner)?.bound;
        class.options.extend(left.option("schema").map(|schema| ("schema", schema)));
        class.indexes = vec![IndexEntry::Pair([left.lower.clone(), right.lower.clone()])];
        class.generated_by = Some((owner, self.object(field)?.name.clone()));
        let names = [left.lower.clone(), right.lower.clone()];
        let declared = self.object(field)?.declared;
        let mut attributes: Named<'a, Attribute> = Named::default();
        for (side, name) in [sides.0, sides.1].into_iter().zip(names) {
            let order = self.order();
            let key = ForeignKey {
                model: Referent::Class(side),
                field: RelField::Unset,
                declared_backref: None,
                backref: String::new(),
                object_id: None,
                deferred: false,
                actions_of: declared,
            };
            let object = self.add(Object {
                declared: None,
                origin: None,
                sort_key: (2, order),
                primary_key: false,
                null: false,
                unique: false,
                index: true,
                class: None,
                name: Cow::Borrowed(""),
                column: None,
                kind: Kind::Key(Box::new(key)),
            });
            // A relation to the model itself has but one key.
            attributes.remove(&name);
            attributes.set(Cow::Owned(name), Attribute::Raw(object));
        }
        let id = self.make_generated(class, attributes);
        self.finish(id);
        Some(id)
    }

    fn make_generated(&mut self, class: Class<'a>, attributes: Named<'a, Attribute>) -> ClassId {
        let table = class.table.clone();
        let id = self.push(class, attributes);
        if let Some(class) = self.classes.get_mut(id) {
            class.table = table;
        }
        self.keys(id, Key::Unset, None);
        id
    }

    /// Everything after the class body, up to `validate_model`.
    fn make(
        &mut self,
        mut class: Class<'a>,
        bases: &[ClassId],
        mut attributes: Named<'a, Attribute>,
        meta: &'a Meta,
        own_indexes: bool,
    ) -> ClassId {
        let own_key = match option(meta, "primary_key") {
            Some(Value::Bool(false)) => Key::Absent,
            Some(_) if meta.primary_key.is_some() => {
                Key::Composite(meta.primary_key.as_deref().unwrap_or(NO_FIELDS))
            }
            _ => Key::Unset,
        };
        let mut parent_key = Key::Unset;
        for (nth, base) in bases.iter().enumerate() {
            let Some(parent) = self.classes.get_mut(*base) else { continue };
            parent.is_base = true;
            if parent_key == Key::Unset {
                parent_key = parent.key;
            }
            for (name, value) in &parent.options {
                let own = class.options.iter().any(|(known, _)| known == name);
                if INHERITABLE.contains(name) && !own {
                    class.options.push((name, value));
                }
            }
            class.bound |= parent.bound && option(meta, "database").is_none() && nth == 0;
            if !own_indexes && nth == 0 {
                class.indexes = parent.indexes.clone();
            }
            let fields: Vec<(Text<'a>, ObjectId)> = parent
                .attributes
                .iter()
                .filter_map(|(name, attribute)| match attribute {
                    Attribute::Field(object) => Some((name.clone(), object)),
                    Attribute::Raw(_)
                    | Attribute::Backref(_)
                    | Attribute::ObjectId(_)
                    | Attribute::Other => None,
                })
                .collect();
            for (name, object) in fields {
                let is_key = self.object(object).is_none_or(|object| object.primary_key);
                if is_key || attributes.contains(&name) {
                    continue;
                }
                if let Some(copy) = self.copy(object) {
                    attributes.set(name, Attribute::Raw(copy));
                }
            }
        }
        class.table = table(&class, meta);
        // What `'self'` references until the class has its own: the option of the parent.
        class.key = if own_key == Key::Unset { parent_key } else { own_key };
        let parent_key = match parent_key {
            Key::Field(object) => self.copy(object).map_or(Key::Unset, Key::Field),
            other => other,
        };
        let id = self.push(class, attributes);
        self.keys(id, own_key, Some(parent_key));
        id
    }

    fn push(&mut self, mut class: Class<'a>, attributes: Named<'a, Attribute>) -> ClassId {
        class.attributes = attributes;
        self.classes.push(class);
        self.classes.len() - 1
    }

    /// Finds the primary key, then adds it and all other fields to the class.
    fn keys(&mut self, id: ClassId, own: Key<'a>, parent: Option<Key<'a>>) {
        let raw: Vec<(Text<'a>, ObjectId)> = self
            .class(id)
            .into_iter()
            .flat_map(|class| class.attributes.iter())
            .filter_map(|(name, attribute)| match attribute {
                Attribute::Raw(object) => Some((name.clone(), object)),
                _ => None,
            })
            .collect();
        if let Some(class) = self.classes.get_mut(id) {
            let most = raw.len() + 1;
            class.sorted.reserve_exact(most);
            class.fields.reserve(most);
            // A key is in it under two names.
            class.combined.reserve(most + 2);
        }
        let mut key = own;
        let mut key_name: Option<Text<'a>> = None;
        let mut rest = Vec::with_capacity(raw.len());
        for (name, object) in raw {
            let is_key = self.object(object).is_some_and(|object| object.primary_key);
            if is_key && matches!(key, Key::Field(_) | Key::Composite(_)) {
                self.fault(What::TwoPrimaryKeys, Some(id), Some(object));
                rest.push((name, object));
            } else if is_key {
                key = Key::Field(object);
                key_name = Some(name);
            } else {
                rest.push((name, object));
            }
        }
        if key == Key::Unset {
            key = parent.unwrap_or(Key::Unset);
            if let Key::Field(object) = key {
                key_name = self.object(object).map(|object| object.name.clone());
            }
        }
        if key == Key::Unset {
            let order = self.order();
            let auto = self.add(Object {
                declared: None,
                origin: None,
                sort_key: (1, order),
                primary_key: true,
                null: false,
                unique: false,
                index: false,
                class: None,
                name: Cow::Borrowed("id"),
                column: None,
                kind: Kind::Auto,
            });
            key = Key::Field(auto);
            key_name = Some(Cow::Borrowed("id"));
        }
        match key {
            Key::Field(object) => {
                self.add_field(id, key_name.unwrap_or_default(), object);
                self.set_key(id, key);
            }
            Key::Composite(_) | Key::Absent | Key::Unset => self.set_key(id, key),
        }
        for (name, object) in rest {
            self.add_field(id, name, object);
        }
    }

    pub(super) fn set_key(&mut self, id: ClassId, key: Key<'a>) {
        if let Some(class) = self.classes.get_mut(id) {
            class.key = key;
        }
    }

    /// `DeferredForeignKey.resolve`: keys that waited for a class of this name find it.
    pub(super) fn finish(&mut self, id: ClassId) {
        if self.unresolved.is_empty() {
            return;
        }
        let Some(lower) = self.class(id).map(|class| class.name.to_lowercase()) else { return };
        let (found, rest): (Vec<ObjectId>, Vec<ObjectId>) =
            std::mem::take(&mut self.unresolved).into_iter().partition(|object| {
                matches!(self.object(*object).map(|object| &object.kind), Some(Kind::Deferred(wanted)) if *wanted == lower)
            });
        self.unresolved = rest;
        for deferred in found {
            self.set_model(deferred, id);
        }
    }

    /// `DeferredForeignKey.set_model`.
    pub(super) fn set_model(&mut self, deferred: ObjectId, model: ClassId) {
        let Some(object) = self.object(deferred) else { return };
        let (class, name) = (object.class, object.name.clone());
        let Some(class) = class else { return };
        let Some(key) = self.undeferred(deferred, model) else { return };
        let is_key = self.object(key).is_some_and(|key| key.primary_key);
        self.add_field(class, name, key);
        if is_key {
            self.set_key(class, Key::Field(key));
        }
    }
}

fn empty(name: Text<'_>) -> Class<'_> {
    let lower = name.to_lowercase();
    Class {
        model: None,
        table: Cow::Owned(lower.clone()),
        lower,
        name,
        is_base: false,
        sorted: Vec::new(),
        fields: Named::default(),
        combined: Named::default(),
        many: Named::default(),
        backrefs: Vec::new(),
        refs: Vec::new(),
        key: Key::Unset,
        indexes: Vec::new(),
        options: Vec::new(),
        bound: false,
        generated_by: None,
        attributes: Named::default(),
    }
}

fn foreign_key<'a>(field: &'a Field, model: Referent<'a>) -> ForeignKey<'a> {
    let relation = field.relation();
    let written = ["related_name", "backref"].into_iter().find_map(|name| argument(field, name));
    let backref = match written {
        Some(Value::Other(text)) if template::is_function(text) => Some(text.as_str()),
        _ => relation
            .and_then(|relation| relation.related_name.as_ref())
            .map(|name| name.text.as_str()),
    };
    let rel_field = match relation.and_then(|relation| relation.to_field.as_ref()) {
        Some(name) => RelField::Named(name.text.as_str()),
        None => RelField::Unset,
    };
    ForeignKey {
        model,
        field: rel_field,
        declared_backref: backref.filter(|text| !text.is_empty()),
        backref: String::new(),
        object_id: argument(field, "object_id_name")
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(Cow::Borrowed),
        deferred: false,
        actions_of: Some(field),
    }
}

/// An argument of a field by its name, however it is written.
pub(in crate::orm::peewee) fn argument<'a>(field: &'a Field, name: &str) -> Option<&'a Value> {
    if let Some(arg) = field.arg(name) {
        return Some(&arg.value);
    }
    if field.args.iter().all(|arg| arg.keyword.is_some()) {
        return None;
    }
    let known = fields::anywhere(field.base?)?;
    let at = known.positional.iter().position(|parameter| *parameter == name)?;
    field.args.iter().filter(|arg| arg.keyword.is_none()).nth(at).map(|arg| &arg.value)
}

fn option<'a>(meta: &'a Meta, name: &str) -> Option<&'a Value> {
    meta.options.iter().find(|(known, _)| known.text == name).map(|(_, value)| value)
}

/// `_meta.table_name`.
fn table<'a>(class: &Class<'a>, meta: &'a Meta) -> Text<'a> {
    if let Some(table) = &meta.table {
        return Cow::Borrowed(table.text.as_str());
    }
    if let Some(Value::Other(function)) = class.option("table_function")
        && let Some(made) =
            template::run(function, &|path| (path == "__name__").then(|| class.name.to_string()))
    {
        return Cow::Owned(made);
    }
    let legacy = class.option("legacy_table_names").is_none_or(truth);
    Cow::Owned(if legacy { class.lower.clone() } else { text::snake(&class.name) })
}
