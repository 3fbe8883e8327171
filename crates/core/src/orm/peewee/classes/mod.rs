//! What Python holds once Peewee has read the file: classes with their fields, in the order in which they are made.
//!
//! Peewee has no start-up: each class is finished by the metaclass when Python has read its body (`ModelBase.__new__`), and it
//! changes the classes that it points at on the spot. So the file is replayed class by class, on objects like Peewee's own;
//! resolving, tables and rules all read what comes out. Where Peewee raises, the fault is kept and the replay goes on as well
//! as it can. Source: `peewee.py` 4.5.3, `ModelBase`, `Metadata`, `Field.bind` and its overrides.

mod bind;
mod calls;
mod create;
mod late;

pub(super) use bind::is_hidden;
pub(super) use create::argument;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::check::Moment;
use crate::document::{Document, Field, Name, Value};
use crate::orm::named::Named;
use crate::resolve::Origin;

/// Index into [`World::classes`].
pub(super) type ClassId = usize;
/// Index into [`World::objects`].
pub(super) type ObjectId = usize;
/// A name that mostly stands in the document.
pub(super) type Text<'a> = Cow<'a, str>;

/// All classes and field objects.
pub(super) struct World<'a> {
    /// What was replayed.
    pub(super) document: &'a Document,
    /// Every class that was made, through models included, in order.
    pub(super) classes: Vec<Class<'a>>,
    /// Every field object, copies for children included.
    pub(super) objects: Vec<Object<'a>>,
    /// Where Peewee raises.
    pub(super) faults: Vec<Fault<'a>>,
    /// What a reverse side of a many-to-many took away: of which class, under which name, what was there, and the new one.
    pub(super) replaced: Vec<(ClassId, Text<'a>, ObjectId, ObjectId)>,
    /// The module's names, each with the classes that it stood for, the latest last.
    names: FxHashMap<&'a str, Vec<ClassId>>,
    /// `DeferredForeignKey`s that wait for their model.
    unresolved: Vec<ObjectId>,
    /// Many-to-many fields that wait for a `DeferredThroughModel`, by its name.
    waiting: FxHashMap<&'a str, Vec<(ClassId, ObjectId, Text<'a>)>>,
    /// `Field._field_counter`.
    counter: u32,
    /// When: the place in the file, and the step there.
    moment: Moment,
}

/// A model class.
#[derive(Debug)]
pub(super) struct Class<'a> {
    /// Index into the document's models; `None` for a generated through model.
    pub(super) model: Option<usize>,
    /// `__name__`.
    pub(super) name: Text<'a>,
    /// `_meta.name`.
    pub(super) lower: String,
    /// `_meta.table_name`.
    pub(super) table: Text<'a>,
    /// Whether another class derives from it.
    pub(super) is_base: bool,
    /// `_meta.sorted_fields`.
    pub(super) sorted: Vec<ObjectId>,
    /// `_meta.fields`.
    pub(super) fields: Named<'a, ObjectId>,
    /// `_meta.combined`: by name and by column.
    pub(super) combined: Named<'a, ObjectId>,
    /// `_meta.manytomany`, in order.
    pub(super) many: Named<'a, ObjectId>,
    /// `_meta.backrefs`: keys that point here.
    pub(super) backrefs: Vec<ObjectId>,
    /// `_meta.model_refs`: its own keys, with the classes that they point at.
    pub(super) refs: Vec<(ClassId, ObjectId)>,
    /// `_meta.primary_key`.
    pub(super) key: Key<'a>,
    /// `_meta.indexes`.
    pub(super) indexes: Vec<IndexEntry<'a>>,
    /// Options, its own over inherited ones.
    pub(super) options: Vec<(&'a str, &'a Value)>,
    /// Whether a database was given at some time: by `Meta`, by `bind`.
    pub(super) bound: bool,
    /// For a generated through model: the class and the field that made it.
    pub(super) generated_by: Option<(ClassId, Text<'a>)>,
    /// `__dict__`: what each attribute is, in order of its first binding.
    attributes: Named<'a, Attribute>,
}

/// A primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// `False`: none.
    Absent,
    /// Not set yet.
    Unset,
    /// A field.
    Field(ObjectId),
    /// Several fields, by name.
    Composite(&'a [Name]),
}

/// What an attribute of a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    /// A field that nothing has bound: one that waits for its through model.
    Raw(ObjectId),
    /// `FieldAccessor`.
    Field(ObjectId),
    /// `BackrefAccessor`.
    Backref(ObjectId),
    /// `ObjectIdAccessor`.
    ObjectId(ObjectId),
    /// Anything else: a method, a constant.
    Other,
}

/// An item of `_meta.indexes`.
#[derive(Clone, Debug)]
pub(super) enum IndexEntry<'a> {
    /// As written in `Meta.indexes`, with the index of the model that has it.
    Written(&'a Value, usize),
    /// The unique pair of a generated through model.
    Pair([String; 2]),
    /// What `Model.add_index(…)` made, for that class.
    Added {
        /// The class whose table it is on.
        class: ClassId,
        /// The call's arguments.
        args: &'a [crate::document::Argument],
    },
}

/// A field object.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    /// Its declaration; `None` for what Peewee adds.
    pub(super) declared: Option<&'a Field>,
    /// Where that is.
    pub(super) origin: Option<Origin>,
    /// `_sort_key`: primary keys first, then in order of creation.
    pub(super) sort_key: (u8, u32),
    /// `primary_key`.
    pub(super) primary_key: bool,
    /// `null`.
    pub(super) null: bool,
    /// `unique`.
    pub(super) unique: bool,
    /// `index`.
    pub(super) index: bool,
    /// The class that it is bound to.
    pub(super) class: Option<ClassId>,
    /// `name`.
    pub(super) name: Text<'a>,
    /// `column_name`.
    pub(super) column: Option<Text<'a>>,
    /// What kind of field.
    pub(super) kind: Kind<'a>,
}

/// A kind of field object.
#[derive(Clone, Debug)]
pub(super) enum Kind<'a> {
    /// A plain column.
    Column,
    /// The key that Peewee adds.
    Auto,
    /// A foreign key.
    Key(Box<ForeignKey<'a>>),
    /// A foreign key whose model is not there yet: its name in lower case.
    Deferred(String),
    /// A many-to-many.
    Many(Box<Many<'a>>),
    /// Nothing in the table.
    Virtual,
}

/// What a foreign key has of its own.
#[derive(Clone, Debug)]
pub(super) struct ForeignKey<'a> {
    /// `rel_model`.
    pub(super) model: Referent<'a>,
    /// `rel_field`.
    pub(super) field: RelField<'a>,
    /// `declared_backref`: gone after the first binding, unless it is a function.
    pub(super) declared_backref: Option<&'a str>,
    /// `backref`.
    pub(super) backref: String,
    /// `object_id_name`.
    pub(super) object_id: Option<Text<'a>>,
    /// Whether it stood as a `DeferredForeignKey`: then the table has no constraint for it.
    pub(super) deferred: bool,
    /// For the keys of a through model: the many-to-many that has the actions.
    pub(super) actions_of: Option<&'a Field>,
}

/// What a relation points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Referent<'a> {
    /// A class.
    Class(ClassId),
    /// `"self"`: the class that it is bound to.
    Itself,
    /// Something that is no class here, as written.
    Missing(&'a str),
}

/// What a foreign key references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelField<'a> {
    /// Not looked up yet: the primary key.
    Unset,
    /// Not looked up yet: the attribute of this name.
    Named(&'a str),
    /// A field.
    Object(ObjectId),
    /// The target's composite key.
    Composite,
    /// Nothing that has a column.
    Absent,
}

/// What a many-to-many has of its own.
#[derive(Clone, Debug)]
pub(super) struct Many<'a> {
    /// `rel_model`.
    pub(super) model: Referent<'a>,
    /// `backref`.
    pub(super) backref: Option<Text<'a>>,
    /// `_through_model`.
    pub(super) through: Through<'a>,
    /// Whether Peewee made it as the other side of one.
    pub(super) is_backref: bool,
    /// The keys of the through model that lead to each side: of the class that has the field, of the target.
    pub(super) sides: Option<(ObjectId, ObjectId)>,
}

/// The through model of a many-to-many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through<'a> {
    /// Not given: Peewee makes one.
    Automatic,
    /// A class.
    Class(ClassId),
    /// A `DeferredThroughModel` by its name.
    Deferred(&'a str),
    /// Something that is no class here.
    Missing,
}

/// Where Peewee raises while the file is imported.
#[derive(Clone, Debug)]
pub(super) struct Fault<'a> {
    /// What.
    pub(super) what: What<'a>,
    /// When.
    pub(super) moment: Moment,
    /// The class that is being made.
    pub(super) class: Option<ClassId>,
    /// The field object at fault.
    pub(super) object: Option<ObjectId>,
}

/// A reason to raise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// `over-determined primary key`.
    TwoPrimaryKeys,
    /// A relation to something that is no class; the attribute that is looked for on it.
    NotAModel {
        /// Python's name for its type.
        ty: &'static str,
        /// `_meta`, or the field that is referenced.
        attribute: &'a str,
    },
    /// `object_id_name` is the field's own name.
    ObjectIdIsName,
    /// The target has no attribute that `field=` names.
    NoSuchField(ClassId, &'a str),
    /// The through model has no key to that class.
    NoKey {
        /// To which.
        to: ClassId,
        /// The through model.
        through: ClassId,
    },
    /// `backref` is no text.
    BackrefIsNoText(&'static str),
    /// A column that is not there when its field is taken away.
    NoColumn(String),
    /// `class Meta(Base.Meta)`.
    MetaIsGone {
        /// The class that is asked.
        base: String,
        /// Where.
        span: crate::document::Span,
    },
    /// Tables are made of a class without a database.
    Unbound(ClassId, crate::document::Span),
}

/// Replays a file.
pub(super) fn replay(document: &Document) -> World<'_> {
    let mut world = World {
        document,
        classes: Vec::with_capacity(document.models.len()),
        objects: Vec::with_capacity(document.models.len() * 8),
        faults: Vec::new(),
        replaced: Vec::new(),
        names: FxHashMap::default(),
        unresolved: Vec::new(),
        waiting: FxHashMap::default(),
        counter: 0,
        moment: Moment::default(),
    };
    let mut calls = document.calls.iter().peekable();
    for (at, model) in document.models.iter().enumerate() {
        while let Some(call) = calls.next_if(|call| call.span.start < model.span.start) {
            world.call(call);
        }
        world.declare(at, model);
    }
    calls.for_each(|call| world.call(call));
    world.link_late();
    world
}

/// How many keys reference one another before that is taken for a ring.
const DEEPEST: u32 = 32;

impl<'a> World<'a> {
    /// The class of this id.
    pub(super) fn class(&self, id: ClassId) -> Option<&Class<'a>> {
        self.classes.get(id)
    }

    /// The object of this id.
    pub(super) fn object(&self, id: ObjectId) -> Option<&Object<'a>> {
        self.objects.get(id)
    }

    /// The class that a module-level name stands for now: the last one made.
    pub(super) fn named(&self, name: &str) -> Option<ClassId> {
        self.names.get(name)?.last().copied()
    }

    /// What stands in the module at the end: for each name its last class, in order; through models of theirs come after.
    pub(super) fn found(&self) -> Vec<ClassId> {
        let own = (0..self.classes.len()).filter(|id| {
            self.class(*id)
                .is_some_and(|class| class.model.is_some() && self.named(&class.name) == Some(*id))
        });
        let mut found: Vec<ClassId> = own.collect();
        let mut seen: rustc_hash::FxHashSet<ClassId> = found.iter().copied().collect();
        for at in 0..found.len() {
            let Some(class) = found.get(at).and_then(|id| self.class(*id)) else { continue };
            for (_, object) in class.many.iter() {
                if let Some(Kind::Many(many)) = self.object(object).map(|object| &object.kind)
                    && let Through::Class(through) = many.through
                    && seen.insert(through)
                {
                    found.push(through);
                }
            }
        }
        found
    }

    /// Whether a class only serves as a base: it has children and no columns but an `id`.
    pub(super) fn is_bare(&self, class: &Class<'a>) -> bool {
        class.is_base && class.fields.names().all(|name| name == "id")
    }

    /// The class that a relation points at.
    pub(super) fn target(&self, object: &Object<'a>) -> Option<ClassId> {
        let referent = match &object.kind {
            Kind::Key(key) => key.model,
            Kind::Many(many) => many.model,
            Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Virtual => return None,
        };
        match referent {
            Referent::Class(id) => Some(id),
            Referent::Itself => object.class,
            Referent::Missing(_) => None,
        }
    }

    /// Whether a foreign key references a key that references a key …, without end.
    pub(super) fn goes_round(&self, object: &Object<'a>) -> bool {
        let mut current = object;
        for _ in 0..DEEPEST {
            let Kind::Key(key) = &current.kind else { return false };
            let RelField::Object(id) = key.field else { return false };
            let Some(next) = self.object(id) else { return false };
            current = next;
        }
        true
    }

    /// The column that a foreign key holds in the end: of the field that it references, through keys that reference keys.
    pub(super) fn referenced<'s>(&'s self, object: &'s Object<'a>) -> Option<&'s Object<'a>> {
        let mut current = object;
        for _ in 0..DEEPEST {
            let Kind::Key(key) = &current.kind else { return Some(current) };
            let RelField::Object(id) = key.field else { return None };
            current = self.object(id)?;
        }
        None
    }

    /// `DeferredForeignKey`s that never found their model.
    pub(super) fn unresolved(&self) -> impl Iterator<Item = ObjectId> {
        self.unresolved.iter().copied()
    }

    fn fault(&mut self, what: What<'a>, class: Option<ClassId>, object: Option<ObjectId>) {
        self.moment.step += 1;
        self.faults.push(Fault { what, moment: self.moment, class, object });
    }

    /// A new field object of so high an order as there are fields before it.
    fn order(&mut self) -> u32 {
        self.counter += 1;
        self.counter
    }
}

impl<'a> Class<'a> {
    /// What an attribute of the class's own `__dict__` is.
    pub(super) fn attribute(&self, name: &str) -> Option<Attribute> {
        self.attributes.get(name)
    }

    /// An option, its own or inherited.
    pub(super) fn option(&self, name: &str) -> Option<&'a Value> {
        self.options.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// Whether an option is given and true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.option(name).is_some_and(super::fields::truth)
    }

    /// `setattr`.
    fn set(&mut self, name: Text<'a>, attribute: Attribute) {
        self.attributes.set(name, attribute);
    }
}
