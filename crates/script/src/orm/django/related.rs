//! Managers of relations: `author.books`, `course.students`.
//!
//! Follows `create_reverse_many_to_one_manager` and `create_forward_many_to_many_manager` of Django 5.2.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::RelationKind;
use throughline_order::Gather as _;

use super::STYLE;
use super::instance::{key_of, with_state};
use super::queryset::QuerySet;
use super::save;
use super::through::{Each, each};
use crate::Machine;
use crate::database::{Cell, Reply, Sent};
use crate::eval::raise;
use crate::orm::Runtime;
use crate::sql::{Delete, Expr, Insert, Is, Source, Update, Writer};
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::{Field, Model, World, to_cell};

/// A manager of a relation.
pub(super) struct Related {
    pub(super) world: Rc<World>,
    /// Whose relation it is.
    pub(super) instance: Rc<Instance>,
    /// What it gives.
    pub(super) target: usize,
    /// The name by which prefetched rows are kept.
    pub(super) cache: Rc<str>,
    pub(super) kind: Kind,
}

/// How the rows are told.
pub(super) enum Kind {
    /// Rows that point here by this foreign key.
    Key {
        /// The foreign key's name.
        field: Rc<str>,
        null: bool,
    },
    /// Rows on the other side of a through table.
    Many {
        through: Rc<Model>,
        generated: bool,
        /// Fields of the through model: to the instance, to the target.
        near: Rc<str>,
        far: Rc<str>,
        /// What filters call the instance's side, from the target.
        symmetrical: bool,
    },
}

impl Related {
    pub(super) fn key(&self) -> Value {
        key_of(&self.world, &self.instance)
    }

    pub(super) fn target_model(&self) -> Option<Rc<Model>> {
        self.world.model(self.target).cloned()
    }

    /// The query set that it starts with.
    pub(super) fn start(&self, machine: &mut Machine) -> Outcome<QuerySet> {
        let set = super::manager::default_set(machine, &self.world, self.target)?;
        Ok(self.start_from(set))
    }

    /// The same, from every row.
    pub(super) fn start_plainly(&self) -> QuerySet {
        self.start_from(QuerySet::all(self.world.clone(), self.target))
    }

    fn start_from(&self, mut set: QuerySet) -> QuerySet {
        if let Some(rows) =
            with_state(&self.instance, |state| state.prefetched.get(&self.cache).cloned()).flatten()
        {
            *set.fetched.borrow_mut() = Some(rows);
        }
        let Some(target) = self.target_model() else { return set };
        match &self.kind {
            Kind::Key { field, .. } => {
                if let Some(field_of) = target.field(field) {
                    if self.referenced(&target, field).is_none() {
                        set.query.empty = true;
                    }
                    let cell = to_cell(Some(&field_of.ty), &self.referenced(&target, field))
                        .unwrap_or(Cell::Null);
                    let column = set.query.column(0, &field_of.column);
                    set.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
                    let one = target.relation(field);
                    set.known = vec![super::known::Known {
                        field: field.clone(),
                        attname: field_of.attname.clone(),
                        key: self.referenced(&target, field),
                        instance: self.instance.clone(),
                        accessor: one
                            .filter(|one| one.kind == RelationKind::OneToOne)
                            .and_then(|one| one.accessor.clone()),
                    }];
                }
            }
            Kind::Many { through, near, far, .. } => {
                if let (Some(near), Some(far), Some(key)) =
                    (through.field(near), through.field(far), target.key())
                {
                    let cell = to_cell(Some(&near.ty), &self.own(through, &near.name))
                        .unwrap_or(Cell::Null);
                    let to = super::path::referred(through, &far.name, &target).unwrap_or(key);
                    let at = set.query.join_through(through, &to.column, far);
                    let column = set.query.column(at, &near.column);
                    set.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
                }
            }
        }
        // A filter that follows at once is about the same rows.
        set.query.sticky = set.query.touched_by_manager();
        set
    }

    /// The value that the foreign key holds for this instance.
    pub(super) fn referenced(&self, target: &Model, field: &str) -> Value {
        let to = target
            .relation(field)
            .and_then(|relation| relation.key.clone())
            .map(|key| key.to_field);
        match to {
            Some(to) => {
                let own =
                    self.world.model_of(&self.instance.class).and_then(|at| self.world.model(at));
                let attname = own.and_then(|model| {
                    super::query::field_of(&self.world, model, &to)
                        .map(|(_, field)| field.attname.clone())
                });
                attname
                    .and_then(|attname| self.instance.get(&attname))
                    .unwrap_or_else(|| self.key())
            }
            None => self.key(),
        }
    }

    pub(super) fn send(&self, machine: &mut Machine, sent: Sent) -> Outcome<Reply> {
        self.world
            .send(sent)
            .map_err(|error| super::Django.database_error(machine, &self.world, &error))
    }

    fn forget(&self) {
        with_state(&self.instance, |state| state.prefetched.swap_remove(&self.cache));
    }

    /// `rel.create(…)`
    pub(super) fn create(self: Rc<Self>, machine: &mut Machine, mut args: Args) -> Outcome {
        self.forget();
        let Some(class) = self.world.class(self.target) else { return Ok(Value::None) };
        let through = args.take("through_defaults");
        if let Kind::Key { field, .. } = &self.kind {
            self.has_key(machine, field)?;
            args.keywords.push((field.clone(), Value::Instance(self.instance.clone())));
        }
        let made = machine.call(&Value::Class(class), args)?;
        if let Value::Instance(instance) = &made {
            save::saved(machine, &self.world, instance, None, save::Force::Insert)?;
            if matches!(self.kind, Kind::Many { .. }) {
                self.add_many(machine, vec![made.clone()], through)?;
            }
        }
        Ok(made)
    }

    fn add(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        self.forget();
        let through = args.take("through_defaults");
        let each = each(machine, &mut args)?;
        match &self.kind {
            Kind::Key { field, .. } => self.add_by_key(machine, field, &args.positional, each)?,
            Kind::Many { .. } => self.add_many(machine, args.positional, through)?,
        }
        Ok(Value::None)
    }

    fn add_by_key(
        &self,
        machine: &mut Machine,
        field: &Rc<str>,
        rows: &[Value],
        each: Each,
    ) -> Outcome<()> {
        self.has_key(machine, field)?;
        let Some(target) = self.target_model() else { return Ok(()) };
        let mut keys = Vec::new();
        for row in rows {
            let instance = self.checked(machine, row, &target)?;
            machine.set_attribute(
                &Value::Instance(instance.clone()),
                field,
                Value::Instance(self.instance.clone()),
            )?;
            if each == Each::Saved {
                save::saved(machine, &self.world, &instance, None, save::Force::Nothing)?;
                continue;
            }
            if !with_state(&instance, |state| state.saved).unwrap_or(false) {
                let shown = machine.repr(row)?;
                return Err(raise(
                    "ValueError",
                    format!(
                        "{shown} instance isn't saved. Use bulk=False or save the object first."
                    ),
                ));
            }
            keys.push(key_of(&self.world, &instance));
        }
        let keys = crate::orm::hashed::ordered(keys);
        self.point(machine, &target, field, &keys, &self.referenced(&target, field))
    }

    /// `UPDATE … SET key = … WHERE id IN (…)`
    fn point(
        &self,
        machine: &mut Machine,
        target: &Model,
        field: &str,
        keys: &[Value],
        to: &Value,
    ) -> Outcome<()> {
        let (Some(field), Some(key)) = (target.field(field), target.key()) else { return Ok(()) };
        if keys.is_empty() {
            return Ok(());
        }
        let items =
            keys.iter().filter_map(|value| to_cell(Some(&key.ty), value)).map(Expr::Param).gather();
        let update = Update {
            table: target.table.clone(),
            set: vec![(
                field.column.clone(),
                Expr::Param(to_cell(Some(&field.ty), to).unwrap_or(Cell::Null)),
            )],
            condition: Some(Expr::In(
                Box::new(Expr::column(&target.table, &key.column)),
                items,
                Is::So,
            )),
        };
        self.send(machine, Writer::new(&STYLE).update(&update))?;
        Ok(())
    }

    fn checked(&self, machine: &mut Machine, row: &Value, target: &Model) -> Outcome<Rc<Instance>> {
        if let Value::Instance(instance) = row
            && self
                .world
                .model_of(&instance.class)
                .is_some_and(|at| self.world.is_kind_of(at, target))
        {
            return Ok(instance.clone());
        }
        let shown = machine.repr(row)?;
        Err(raise("TypeError", format!("'{}' instance expected, got {shown}", target.name)))
    }

    /// The keys of what is added or removed: instances or keys.
    fn keys(&self, machine: &mut Machine, rows: &[Value]) -> Outcome<Vec<Value>> {
        let Some(target) = self.target_model() else { return Ok(Vec::new()) };
        let mut out: Vec<Value> = Vec::new();
        for row in rows {
            let key = match row {
                Value::Instance(instance) if self.world.model_of(&instance.class).is_some() => {
                    let instance =
                        self.checked(machine, &Value::Instance(instance.clone()), &target)?;
                    let key = match &self.kind {
                        Kind::Many { through, far, .. } => self.theirs(through, far, &instance),
                        Kind::Key { .. } => key_of(&self.world, &instance),
                    };
                    if key.is_none() {
                        let shown = machine.repr(row)?;
                        let side = match &self.kind {
                            Kind::Many { far, .. } => far.to_string(),
                            Kind::Key { .. } => target.name.to_lowercase(),
                        };
                        let message = format!(
                            "Cannot add \"{shown}\": the value for field \"{side}\" is None"
                        );
                        return Err(raise("ValueError", message));
                    }
                    key
                }
                other => {
                    // A key must be one.
                    if let Kind::Many { through, far, .. } = &self.kind
                        && let Some(field) = super::path::referred(through, far, &target)
                    {
                        super::lookup::fits(machine, Some(&field.ty), &field.name, other)?;
                        super::bulk::read(field, other)
                    } else {
                        other.clone()
                    }
                }
            };
            let mut known = false;
            for other in &out {
                known |= machine.equal(other, &key)?;
            }
            if !known {
                out.push(key);
            }
        }
        Ok(out)
    }

    fn add_many(
        &self,
        machine: &mut Machine,
        rows: Vec<Value>,
        defaults: Option<Value>,
    ) -> Outcome<()> {
        let Kind::Many { through, generated, near, far, symmetrical } = &self.kind else {
            return Ok(());
        };
        let keys = crate::orm::hashed::ordered(self.keys(machine, &rows)?);
        self.add_pairs(machine, through, *generated, (near, far), &keys, &defaults)?;
        if *symmetrical {
            self.add_pairs(machine, through, *generated, (far, near), &keys, &defaults)?;
        }
        Ok(())
    }

    fn add_pairs(
        &self,
        machine: &mut Machine,
        through: &Rc<Model>,
        generated: bool,
        (near, far): (&str, &str),
        keys: &[Value],
        defaults: &Option<Value>,
    ) -> Outcome<()> {
        let (Some(near), Some(far)) = (through.field(near), through.field(far)) else {
            return Ok(());
        };
        if keys.is_empty() {
            return Ok(());
        }
        let own = self.own(through, &near.name);
        let cell =
            |field: &Field, value: &Value| to_cell(Some(&field.ty), value).unwrap_or(Cell::Null);
        if generated {
            let mut insert = Insert {
                verb: "INSERT OR IGNORE",
                table: through.table.clone(),
                ..Insert::default()
            };
            let sides: Vec<&Field> = through
                .fields
                .iter()
                .filter(|field| field.name == near.name || field.name == far.name)
                .gather();
            insert.columns = sides.iter().map(|field| field.column.clone()).gather();
            insert.rows = keys
                .iter()
                .map(|key| {
                    sides
                        .iter()
                        .map(|field| {
                            Expr::Param(cell(
                                field,
                                if field.name == near.name { &own } else { key },
                            ))
                        })
                        .gather()
                })
                .gather();
            self.send(machine, Writer::new(&STYLE).insert(&insert))?;
            return Ok(());
        }
        let present = self.present(machine, through, near, far, keys)?;
        let mut missing = Vec::new();
        for key in keys {
            let mut known = false;
            for other in &present {
                known |= machine.equal(other, key)?;
            }
            if !known {
                missing.push(key.clone());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let Some(class) = self.world.class(through.at) else { return Ok(()) };
        let mut rows = Vec::new();
        for key in &missing {
            let mut keywords = Vec::new();
            if let Some(defaults) = defaults.as_ref().filter(|defaults| !defaults.is_none()) {
                for (name, value) in machine.mapping(defaults)? {
                    let value = if matches!(value, Value::Function(_)) {
                        machine.call(&value, Args::default())?
                    } else {
                        value
                    };
                    if let Value::Str(name) = name {
                        keywords.push((name, value));
                    }
                }
            }
            keywords.push((near.attname.clone(), own.clone()));
            keywords.push((far.attname.clone(), key.clone()));
            let args = Args { positional: Vec::new(), keywords };
            if let Value::Instance(row) = machine.call(&Value::Class(class.clone()), args)? {
                rows.push(row);
            }
        }
        save::bulk_create(machine, &self.world, through, &rows, None, None)
    }

    fn remove(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        self.forget();
        let each = each(machine, &mut args)?;
        match &self.kind {
            Kind::Key { field, .. } => {
                let Some(target) = self.target_model() else { return Ok(Value::None) };
                if !args.positional.is_empty() {
                    self.has_key(machine, field)?;
                }
                let own = self.referenced(&target, field);
                let attname = target.field(field).map(|field| field.attname.clone());
                let mut keys = Vec::new();
                for row in &args.positional {
                    let instance = self.checked(machine, row, &target)?;
                    let held = attname.as_ref().and_then(|attname| instance.get(attname));
                    if !machine.equal(&held.unwrap_or(Value::None), &own)? {
                        let (row, this) = (
                            machine.repr(row)?,
                            machine.repr(&Value::Instance(self.instance.clone()))?,
                        );
                        let message = format!("{row} is not related to {this}.");
                        let class = Value::Class(self.instance.class.clone());
                        return Err(match machine.attribute(&class, "DoesNotExist")? {
                            Value::Class(class) => {
                                machine.exception(&class, vec![Value::from(message)])
                            }
                            _ => raise("ValueError", message),
                        });
                    }
                    keys.push(key_of(&self.world, &instance));
                }
                if each == Each::Saved {
                    return Err(crate::eval::refuse(
                        "`bulk=False` of `remove` is not supported here.",
                    ));
                }
                let keys = crate::orm::hashed::ordered(keys);
                self.point(machine, &target, field, &keys, &Value::None)?;
            }
            Kind::Many { .. } => {
                let keys = self.keys(machine, &args.positional)?;
                self.remove_keys(machine, &keys)?;
            }
        }
        Ok(Value::None)
    }

    fn remove_keys(&self, machine: &mut Machine, keys: &[Value]) -> Outcome<()> {
        let Kind::Many { through, near, far, symmetrical, .. } = &self.kind else { return Ok(()) };
        if keys.is_empty() {
            return Ok(());
        }
        let one = |near: &str, far: &str| -> Option<Expr> {
            let (near, far) = (through.field(near)?, through.field(far)?);
            let own = to_cell(Some(&near.ty), &self.own(through, &near.name))?;
            let items =
                keys.iter().filter_map(|key| to_cell(Some(&far.ty), key)).map(Expr::Param).gather();
            Some(Expr::And(vec![
                Expr::binary("=", Expr::column(&through.table, &near.column), Expr::Param(own)),
                Expr::In(Box::new(Expr::column(&through.table, &far.column)), items, Is::So),
            ]))
        };
        let mut ways: Vec<Expr> = one(near, far).into_iter().gather();
        if *symmetrical {
            ways.extend(one(far, near));
        }
        self.delete(machine, through, Expr::Or(ways))
    }

    fn delete(&self, machine: &mut Machine, through: &Model, condition: Expr) -> Outcome<()> {
        let condition = match condition {
            Expr::Or(mut ways) if ways.len() == 1 => ways.pop().unwrap_or(Expr::Or(Vec::new())),
            other => other,
        };
        let delete =
            Delete { table: Source::table(&through.table, None), condition: Some(condition) };
        self.send(machine, Writer::new(&STYLE).delete(&delete))?;
        Ok(())
    }

    fn clear(&self, machine: &mut Machine) -> Outcome {
        self.forget();
        match &self.kind {
            Kind::Key { field, .. } => {
                let Some(target) = self.target_model() else { return Ok(Value::None) };
                if let Some(of) = target.field(field) {
                    let own = to_cell(Some(&of.ty), &self.referenced(&target, field))
                        .unwrap_or(Cell::Null);
                    let update = Update {
                        table: target.table.clone(),
                        set: vec![(of.column.clone(), Expr::Param(Cell::Null))],
                        condition: Some(Expr::binary(
                            "=",
                            Expr::column(&target.table, &of.column),
                            Expr::Param(own),
                        )),
                    };
                    self.send(machine, Writer::new(&STYLE).update(&update))?;
                }
            }
            Kind::Many { through, near, far, symmetrical, .. } => {
                let one = |side: &str| -> Option<Expr> {
                    let field = through.field(side)?;
                    let own = to_cell(Some(&field.ty), &self.own(through, &field.name))?;
                    Some(Expr::binary(
                        "=",
                        Expr::column(&through.table, &field.column),
                        Expr::Param(own),
                    ))
                };
                let mut ways: Vec<Expr> = one(near).into_iter().gather();
                if *symmetrical {
                    ways.extend(one(far));
                }
                self.delete(machine, through, Expr::Or(ways))?;
            }
        }
        Ok(Value::None)
    }

    fn set(self: &Rc<Self>, machine: &mut Machine, mut args: Args) -> Outcome {
        let clear = match args.take("clear") {
            Some(clear) => machine.truth(&clear)?,
            None => false,
        };
        let defaults = args.take("through_defaults");
        let each = each(machine, &mut args)?;
        let wanted = machine.list_of(args.positional.first().unwrap_or(&Value::None))?;
        match &self.kind {
            Kind::Key { field, null } => {
                let mut new = wanted.clone();
                if *null && !clear {
                    let rows = self.start(machine)?.copy().rows(machine)?;
                    let mut gone = Vec::new();
                    for row in rows {
                        let mut stays = false;
                        for other in &wanted {
                            stays |= machine.equal(&row, other)?;
                        }
                        if stays {
                            let mut rest = Vec::new();
                            for other in new {
                                if !machine.equal(&row, &other)? {
                                    rest.push(other);
                                }
                            }
                            new = rest;
                        } else {
                            gone.push(row);
                        }
                    }
                    if !gone.is_empty() {
                        self.remove(machine, Args::of(gone))?;
                    }
                } else if *null {
                    self.clear(machine)?;
                }
                self.forget();
                self.add_by_key(machine, field, &new, each)?;
            }
            Kind::Many { .. } if clear => {
                self.clear(machine)?;
                self.add_many(machine, wanted, defaults)?;
            }
            Kind::Many { .. } => {
                self.forget();
                let mut now = self.start(machine)?.copy();
                if let (Kind::Many { through, far, .. }, Some(target)) =
                    (&self.kind, self.target_model())
                    && let Some(field) = super::path::referred(through, far, &target)
                {
                    now.shape = super::queryset::Shape::Flat(field.attname.clone());
                }
                let now = now.rows(machine)?;
                let keys = self.keys(machine, &wanted)?;
                let (mut gone, mut new) = (Vec::new(), Vec::new());
                for old in &now {
                    let mut stays = false;
                    for key in &keys {
                        stays |= machine.equal(old, key)?;
                    }
                    if !stays {
                        gone.push(old.clone());
                    }
                }
                for key in keys {
                    let mut known = false;
                    for old in &now {
                        known |= machine.equal(old, &key)?;
                    }
                    if !known {
                        new.push(key);
                    }
                }
                self.remove_keys(machine, &gone)?;
                self.add_many(machine, new, defaults)?;
            }
        }
        Ok(Value::None)
    }
}

impl Object for Related {
    fn class(&self) -> Rc<Class> {
        let name = match self.kind {
            Kind::Key { .. } => "RelatedManager",
            Kind::Many { .. } => "ManyRelatedManager",
        };
        Rc::new(Class::new(name, "django.db.models.fields.related_descriptors", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let may_remove = !matches!(self.kind, Kind::Key { null: false, .. });
        let method: fn(&Rc<Self>, &mut Machine, Args) -> Outcome = match name {
            "add" => |this, machine, args| this.world.atomically(|| this.add(machine, args)),
            "create" => {
                |this, machine, args| this.world.atomically(|| this.clone().create(machine, args))
            }
            "set" => |this, machine, args| this.world.atomically(|| this.set(machine, args)),
            "remove" if may_remove => {
                |this, machine, args| this.world.atomically(|| this.remove(machine, args))
            }
            "clear" if may_remove => {
                |this, machine, _| this.world.atomically(|| this.clear(machine))
            }
            "remove" | "clear" | "delete" => return Ok(None),
            // The through table alone knows how many there are.
            "count" if self.is_counted_by_links() => |this, machine, _| {
                this.links().map_or(Ok(Value::None), |set| set.count(machine).map(Value::from))
            },
            "exists" if self.is_counted_by_links() => |this, machine, _| {
                this.links().map_or(Ok(Value::None), |set| set.exists(machine).map(Value::Bool))
            },
            // What was prefetched is there.
            "all" | "get_queryset" => |this, machine, _| {
                let mut set = this.start(machine)?;
                set.manager = Some(this.clone());
                Ok(Value::Object(Rc::new(set)))
            },
            _ => {
                if super::manager::is_inner(name) {
                    return Err(super::manager::inner(name, "a manager"));
                }
                let this = Value::Object(self.clone());
                let own = super::manager::method_of_default(&self.world, self.target, name, &this);
                if own.is_some() {
                    return Ok(own);
                }
                let mut set = self.start(machine)?;
                set.manager = Some(self.clone());
                return Rc::new(set).attribute(machine, name);
            }
        };
        Ok(Some(Value::native("method", move |machine, args| method(&self, machine, args))))
    }

    /// `rel(manager="objects")`
    fn call(self: Rc<Self>, _: &mut Machine, mut args: Args) -> Outcome<Option<Value>> {
        match args.take("manager").as_ref().and_then(Value::as_str) {
            Some("objects" | "_default_manager" | "_base_manager") => Ok(Some(Value::Object(self))),
            _ => Err(raise("AttributeError", "the related model has no manager of this name")),
        }
    }
}
