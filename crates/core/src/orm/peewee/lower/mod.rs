//! Stage 4 for Peewee: `create_tables` on SQLite, table by table.

mod failure;
mod index;
mod raw;
mod table;

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_order::Arrange as _;

use super::classes::{ClassId, World};
use crate::tables::{Table, Tables};

pub(super) use failure::{Failure, IndexForm, Reason};

/// Runs the stage.
pub(super) fn lower(world: &World<'_>) -> Tables {
    in_order(create(world).tables)
}

/// The tables as the stage hands them on.
pub(super) fn in_order(mut tables: Vec<Table>) -> Tables {
    tables.arrange_by(|a, b| a.name.cmp(&b.name));
    Tables { orm: "peewee", tables }
}

/// What comes of making all tables.
pub(super) struct Created<'a> {
    /// The tables, in the order in which they are made.
    pub(super) tables: Vec<Table>,
    /// Where Peewee or SQLite refuses, in that order. Only the first is ever seen.
    pub(super) failures: Vec<Failure<'a>>,
    /// Classes whose table was there already, under another's name: Peewee passes over them in silence. With the class that has it.
    pub(super) shared: Vec<(ClassId, ClassId)>,
    /// Indexes that were there already, by their name, with the class that asks for it and the one that has it.
    pub(super) skipped: Vec<(String, ClassId, ClassId)>,
}

/// What the database has by now. Names are one to SQLite whatever their case.
#[derive(Default)]
struct Schema {
    tables: FxHashMap<String, (usize, ClassId)>,
    indexes: FxHashMap<String, ClassId>,
}

/// Makes the tables of all models of the file: `Database.create_tables`.
pub(super) fn create<'a>(world: &World<'a>) -> Created<'a> {
    let concrete: Vec<ClassId> = world
        .found()
        .into_iter()
        .filter(|id| {
            world.class(*id).is_some_and(|class| class.model.is_none() || !world.is_bare(class))
        })
        .collect();
    let mut created = Created {
        tables: Vec::with_capacity(concrete.len()),
        failures: Vec::new(),
        shared: Vec::new(),
        skipped: Vec::new(),
    };
    let mut schema = Schema::default();
    let mut hidden = FxHashSet::default();
    for (place, id) in world.sorted(&concrete).into_iter().enumerate() {
        let Some(class) = world.class(id) else { continue };
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let key = class.table.to_lowercase();
        let mut failures = failure::Failures::new(place, id);
        let mut made = table::table(world, id, class, &mut failures);
        let at = match schema.tables.get(&key) {
            Some((at, owner)) => {
                created.shared.push((id, *owner));
                // What is wrong with a table that is there already does not show.
                failures.forget();
                *at
            }
            None => {
                if schema.indexes.contains_key(&key) {
                    failures.add(Reason::NameIsAnIndex(class.table.to_string()), None);
                }
                schema.tables.insert(key, (created.tables.len(), id));
                made.indexes.clear();
                created.tables.push(made);
                created.tables.len() - 1
            }
        };
        if class.flag("temporary") {
            hidden.insert(at);
        }
        for (index, on) in index::indexes(world, id, class, &mut failures) {
            let name = index.name.to_lowercase();
            if let Some(owner) = schema.indexes.get(&name) {
                created.skipped.push((index.name, id, *owner));
                continue;
            }
            if schema.tables.contains_key(&name) {
                failures.add(Reason::NameIsATable(index.name), None);
                continue;
            }
            schema.indexes.insert(name, id);
            let on = on.and_then(|on| world.class(on)).unwrap_or(class);
            let at = schema.tables.get(&on.table.to_lowercase()).map(|(at, _)| *at);
            if let Some(table) = at.and_then(|at| created.tables.get_mut(at)) {
                index::attach(table, index);
            }
        }
        created.failures.extend(failures.into_inner());
    }
    for table in &mut created.tables {
        table.indexes.arrange_by(|a, b| a.name.cmp(&b.name));
    }
    if !hidden.is_empty() {
        // A temporary table lives and dies with the connection.
        let mut at = 0..;
        created.tables.retain(|_| at.next().is_none_or(|at| !hidden.contains(&at)));
    }
    created
}
