//! `Metadata.add_field` and what `bind` does for each kind of field.

use std::borrow::Cow;

use super::{
    Attribute, ClassId, Key, Kind, Many, Object, ObjectId, Referent, RelField, Text, Through, What,
    World,
};
use crate::document::Value;
use crate::orm::peewee::{fields, template};

/// Reverse names that mean that there is none.
pub(in crate::orm::peewee) fn is_hidden(backref: &str) -> bool {
    matches!(backref, "+" | "!")
}

impl<'a> World<'a> {
    /// `Metadata.add_field`.
    pub(super) fn add_field(&mut self, class: ClassId, name: Text<'a>, object: ObjectId) {
        let is_reverse = matches!(self.object(object).map(|object| &object.kind), Some(Kind::Many(many)) if many.is_backref);
        let Some(meta) = self.classes.get_mut(class) else { return };
        let mut before = meta.fields.get(&name);
        if before.is_some() {
            self.remove_field(class, &name);
        } else {
            before = meta.many.remove(&name);
        }
        if let Some(before) = before.filter(|_| is_reverse) {
            self.replaced.push((class, name.clone(), before, object));
        }
        let Some(kind) = self.object(object).map(|object| &object.kind) else { return };
        match kind {
            Kind::Column | Kind::Auto | Kind::Deferred(_) => {
                self.bind(class, name, object);
                self.enter(class, object);
            }
            Kind::Key(_) => {
                self.bind_key(class, name, object);
                self.enter(class, object);
                self.add_ref(class, object);
            }
            Kind::Many(_) => self.bind_many(class, name, object),
            Kind::Virtual => self.bind(class, name, object),
        }
    }

    /// `Metadata.remove_field`.
    fn remove_field(&mut self, class: ClassId, name: &str) {
        let Some(meta) = self.classes.get_mut(class) else { return };
        let Some(original) = meta.fields.remove(name) else { return };
        let Some(object) = self.objects.get(original) else { return };
        meta.combined.remove(name);
        let column = object.column.clone().unwrap_or_default();
        let gone = column != name && meta.combined.remove(&column).is_none();
        if let Some(at) = meta.sorted.iter().position(|known| *known == original) {
            meta.sorted.remove(at);
        }
        meta.refs.retain(|(_, key)| *key != original);
        if let Some(target) = self.target(object)
            && let Some(target) = self.classes.get_mut(target)
        {
            target.backrefs.retain(|key| *key != original);
        }
        if gone {
            self.fault(What::NoColumn(column.into_owned()), Some(class), Some(original));
        }
    }

    /// `Field.bind`.
    fn bind(&mut self, class: ClassId, name: Text<'a>, id: ObjectId) {
        let Some(object) = self.objects.get_mut(id) else { return };
        object.class = Some(class);
        object.name = name.clone();
        if object.column.is_none() {
            object.column = Some(name.clone());
        }
        if let Some(meta) = self.classes.get_mut(class) {
            meta.set(name, Attribute::Field(id));
        }
    }

    /// Keeps a bound field in the class's tables of fields.
    fn enter(&mut self, class: ClassId, id: ObjectId) {
        let (Some(meta), Some(object)) = (self.classes.get_mut(class), self.objects.get(id)) else {
            return;
        };
        let column = object.column.clone().unwrap_or_default();
        meta.fields.set(object.name.clone(), id);
        meta.combined.set(object.name.clone(), id);
        meta.combined.set(column, id);
        let key = object.sort_key;
        let objects = &self.objects;
        let at = meta
            .sorted
            .partition_point(|other| objects.get(*other).is_some_and(|other| other.sort_key < key));
        meta.sorted.insert(at, id);
    }

    fn add_ref(&mut self, class: ClassId, id: ObjectId) {
        let Some(target) = self.object(id).and_then(|object| self.target(object)) else { return };
        if let Some(meta) = self.classes.get_mut(class) {
            meta.refs.push((target, id));
        }
        if let Some(meta) = self.classes.get_mut(target) {
            meta.backrefs.push(id);
        }
    }

    /// `ForeignKeyField.bind`.
    fn bind_key(&mut self, class: ClassId, name: Text<'a>, id: ObjectId) {
        let Some(Object { declared, column, kind: Kind::Key(key), .. }) = self.objects.get_mut(id)
        else {
            return;
        };
        let declared = *declared;
        let column = column
            .get_or_insert_with(|| {
                if name.ends_with("_id") {
                    name.clone()
                } else {
                    Cow::Owned([&*name, "_id"].concat())
                }
            })
            .clone();
        let clash = key.object_id.as_ref() == Some(&name);
        let object_id = key
            .object_id
            .get_or_insert_with(|| {
                if column == name { Cow::Owned([&*name, "_id"].concat()) } else { column }
            })
            .clone();
        let (wanted, referent, backref) = (key.field, key.model, key.declared_backref);
        if clash {
            self.fault(What::ObjectIdIsName, Some(class), Some(id));
        }
        let target = match referent {
            Referent::Class(target) => Some(target),
            Referent::Itself => Some(class),
            Referent::Missing(_) => None,
        };
        match target {
            None => self.not_a_model(class, id, wanted),
            Some(target) => {
                let found = self.rel_field(target, wanted, Some(class), Some(id));
                if let Some(Kind::Key(key)) =
                    self.objects.get_mut(id).map(|object| &mut object.kind)
                {
                    key.field = found;
                }
            }
        }
        self.bind(class, name.clone(), id);
        let backref = self.backref(class, &name, id, backref, declared);
        if let Some(meta) = self.classes.get_mut(class) {
            meta.set(object_id, Attribute::ObjectId(id));
        }
        if !is_hidden(&backref)
            && let Some(meta) = target.and_then(|target| self.classes.get_mut(target))
        {
            meta.set(Cow::Owned(backref), Attribute::Backref(id));
        }
    }

    /// Works out `backref`, once the field is bound. What is declared counts once, unless it is a function.
    fn backref(
        &mut self,
        class: ClassId,
        name: &str,
        id: ObjectId,
        written: Option<&'a str>,
        declared: Option<&'a crate::document::Field>,
    ) -> String {
        let meta = self.class(class);
        let lower = meta.map_or("", |meta| meta.lower.as_str());
        let function = written.filter(|text| template::is_function(text));
        let made = match function {
            Some(function) => template::run(function, &|path| match path {
                "model._meta.name" => Some(lower.to_owned()),
                "model.__name__" => meta.map(|meta| meta.name.to_string()),
                "model._meta.table_name" => meta.map(|meta| meta.table.to_string()),
                "name" => Some(name.to_owned()),
                _ => None,
            }),
            None => written.map(str::to_owned),
        };
        let backref =
            made.filter(|made| !made.is_empty()).unwrap_or_else(|| [lower, "_set"].concat());
        if function.is_none()
            && written.is_none()
            && let Some(value) =
                declared.and_then(|field| super::create::argument(field, "backref"))
            && let Some(ty) = not_text(value)
        {
            self.fault(What::BackrefIsNoText(ty), Some(class), Some(id));
        }
        if let Some(Kind::Key(key)) = self.objects.get_mut(id).map(|object| &mut object.kind) {
            key.backref.clone_from(&backref);
            key.declared_backref = function;
        }
        backref
    }

    /// A relation to something that is no class.
    fn not_a_model(&mut self, class: ClassId, id: ObjectId, wanted: RelField<'a>) {
        let Some(object) = self.object(id) else { return };
        let written = object.declared.and_then(|field| {
            super::create::argument(field, "rel_model")
                .or_else(|| super::create::argument(field, "model"))
        });
        let Some(ty) = written.and_then(type_name) else { return };
        let attribute = match wanted {
            RelField::Named(name) => name,
            RelField::Unset | RelField::Object(_) | RelField::Composite | RelField::Absent => {
                "_meta"
            }
        };
        self.fault(What::NotAModel { ty, attribute }, Some(class), Some(id));
    }

    /// The field of the target that a key references.
    pub(super) fn rel_field(
        &mut self,
        target: ClassId,
        wanted: RelField<'a>,
        class: Option<ClassId>,
        id: Option<ObjectId>,
    ) -> RelField<'a> {
        let Some(meta) = self.class(target) else { return RelField::Absent };
        match wanted {
            RelField::Unset => match meta.key {
                Key::Field(object) => RelField::Object(object),
                Key::Composite(_) => RelField::Composite,
                Key::Absent | Key::Unset => RelField::Absent,
            },
            RelField::Named(name) => match meta.attribute(name) {
                Some(Attribute::Field(object) | Attribute::ObjectId(object)) => {
                    RelField::Object(object)
                }
                // A field of the class itself that is bound after the key (`peewee/306`).
                Some(Attribute::Raw(object)) => {
                    match self.object(object).map(|object| &object.kind) {
                        Some(Kind::Column | Kind::Auto | Kind::Key(_)) => RelField::Object(object),
                        Some(Kind::Many(_) | Kind::Deferred(_) | Kind::Virtual) | None => {
                            RelField::Absent
                        }
                    }
                }
                Some(Attribute::Backref(_) | Attribute::Other) => RelField::Absent,
                None => {
                    self.fault(What::NoSuchField(target, name), class, id);
                    RelField::Absent
                }
            },
            RelField::Object(_) | RelField::Composite | RelField::Absent => wanted,
        }
    }

    /// `ManyToManyField.bind`.
    fn bind_many(&mut self, class: ClassId, name: Text<'a>, id: ObjectId) {
        let Some(Object { kind: Kind::Many(many), .. }) = self.objects.get(id) else { return };
        if let Through::Deferred(waits_for) = many.through {
            self.waiting.entry(waits_for).or_default().push((class, id, name));
            return;
        }
        let (is_backref, backref, referent) = (many.is_backref, many.backref.clone(), many.model);
        if let Some(object) = self.objects.get_mut(id) {
            object.class = Some(class);
            object.name = name.clone();
            object.column = Some(name.clone());
        }
        let Referent::Class(target) = referent else {
            match many_through(&self.objects, id) {
                // The keys of a given through model are looked at first, those to this side before the others.
                Some(through) => {
                    self.fault(What::NoKey { to: class, through }, Some(class), Some(id))
                }
                None => self.not_a_model(class, id, RelField::Unset),
            }
            if let Some(meta) = self.classes.get_mut(class) {
                meta.set(name.clone(), Attribute::Field(id));
                meta.many.set(name, id);
            }
            return;
        };
        let through = self.through(class, id, target, is_backref);
        let through = through.filter(|through| self.accessor(class, id, target, *through));
        if let Some(meta) = self.classes.get_mut(class) {
            meta.set(name.clone(), Attribute::Field(id));
        }
        if !is_backref {
            let lower = self.class(class).map(|meta| format!("{}s", meta.lower));
            let backref = backref.unwrap_or_else(|| Cow::Owned(lower.unwrap_or_default()));
            if let Some(Kind::Many(many)) = self.objects.get_mut(id).map(|object| &mut object.kind)
            {
                many.backref = Some(backref.clone());
            }
            if !is_hidden(&backref)
                && let Some(through) = through
            {
                self.add_other_side(class, &name, target, backref, through, id);
            }
        }
        if let Some(meta) = self.classes.get_mut(class) {
            meta.many.set(name, id);
        }
    }

    fn add_other_side(
        &mut self,
        class: ClassId,
        name: &Text<'a>,
        target: ClassId,
        backref: Text<'a>,
        through: ClassId,
        of: ObjectId,
    ) {
        let Some(object) = self.object(of) else { return };
        let other = Object {
            sort_key: (2, 0),
            class: None,
            name: Cow::Borrowed(""),
            kind: Kind::Many(Box::new(Many {
                model: Referent::Class(class),
                backref: Some(name.clone()),
                through: Through::Class(through),
                is_backref: true,
                sides: None,
            })),
            ..object.clone()
        };
        let other = self.add(other);
        self.add_field(target, backref, other);
    }

    /// The through model, which is made now where none is given.
    fn through(
        &mut self,
        class: ClassId,
        id: ObjectId,
        target: ClassId,
        is_backref: bool,
    ) -> Option<ClassId> {
        let Some(Kind::Many(many)) = self.object(id).map(|object| &object.kind) else {
            return None;
        };
        let through = match many.through {
            Through::Class(through) => Some(through),
            Through::Automatic => {
                let sides = if is_backref { (target, class) } else { (class, target) };
                self.generate(class, id, sides)
            }
            Through::Deferred(_) | Through::Missing => None,
        };
        if let (Some(Kind::Many(many)), Some(through)) =
            (self.objects.get_mut(id).map(|object| &mut object.kind), through)
        {
            many.through = Through::Class(through);
        }
        through
    }

    /// `ManyToManyFieldAccessor.__init__`: the first key of the through model to each side. Says whether there are both.
    fn accessor(
        &mut self,
        class: ClassId,
        id: ObjectId,
        target: ClassId,
        through: ClassId,
    ) -> bool {
        let Some(meta) = self.class(through) else { return false };
        let first =
            |side: ClassId| meta.refs.iter().find(|(to, _)| *to == side).map(|(_, key)| *key);
        match (first(class), first(target)) {
            (Some(source), Some(destination)) => {
                if let Some(Kind::Many(many)) =
                    self.objects.get_mut(id).map(|object| &mut object.kind)
                {
                    many.sides = Some((source, destination));
                }
                return true;
            }
            (None, _) => self.fault(What::NoKey { to: class, through }, Some(class), Some(id)),
            (_, None) => self.fault(What::NoKey { to: target, through }, Some(class), Some(id)),
        }
        false
    }
}

/// The through model that is given to a many-to-many.
fn many_through(objects: &[Object<'_>], id: ObjectId) -> Option<ClassId> {
    match objects.get(id).map(|object| &object.kind) {
        Some(Kind::Many(many)) => match many.through {
            Through::Class(through) => Some(through),
            Through::Automatic | Through::Deferred(_) | Through::Missing => None,
        },
        _ => None,
    }
}

/// Python's name for the type of a constant that is no class; `None` where it may well be a class.
fn type_name(value: &Value) -> Option<&'static str> {
    match value {
        Value::None => Some("NoneType"),
        Value::Bool(_) => Some("bool"),
        Value::Int(_) => Some("int"),
        Value::Number(_) => Some("float"),
        Value::Str(_) => Some("str"),
        Value::List(_) => Some("list"),
        Value::Dict(_) => Some("dict"),
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => None,
    }
}

/// The type of a reverse name that is neither text nor empty.
fn not_text(value: &Value) -> Option<&'static str> {
    type_name(value).filter(|ty| *ty != "str" && fields::truth(value))
}
