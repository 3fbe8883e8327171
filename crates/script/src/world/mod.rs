//! The models of a project as a running ORM has them, and the database that they stand on.

mod cells;
pub(crate) mod enums;
mod module;
mod opaque;

use std::cell::{Cell as Flag, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use throughline_core::live::Models;

pub(crate) use cells::from_json;
pub use cells::{to_cell, to_value};
pub(crate) use module::{META, OTHERS, load};
pub(crate) use opaque::is_opaque;
pub use throughline_core::live::{Field, Link, Model, Relation, Reverse, Through};

use crate::database::{Database, DatabaseError, Reply, Sent};
use crate::value::{Class, Outcome};

/// The models and the database.
pub struct World {
    /// The models, generated through models among them.
    pub models: Vec<Rc<Model>>,
    by_name: FxHashMap<Rc<str>, usize>,
    classes: RefCell<Vec<Option<Rc<Class>>>>,
    database: RefCell<Box<dyn Database>>,
    sent: RefCell<Vec<Sent>>,
    /// What the ORM says where it does not start with these models.
    pub start: Option<Rc<str>>,
    /// How many names were made up: for aliases and save points that must differ.
    pub counter: Flag<u64>,
    /// What an ORM keeps for the whole run.
    pub(crate) shared: RefCell<Option<Rc<dyn std::any::Any>>>,
}

impl World {
    /// Models on a database that has their tables.
    pub fn new(models: &Models, database: Box<dyn Database>) -> Rc<Self> {
        let start = models.start.as_deref().map(Into::into);
        let models = models.all.clone();
        let by_name =
            models.iter().enumerate().rev().map(|(at, model)| (model.name.clone(), at)).collect();
        let classes = RefCell::new(vec![None; models.len()]);
        Rc::new(Self {
            start,
            models,
            by_name,
            classes,
            database: RefCell::new(database),
            sent: RefCell::default(),
            counter: Flag::new(0),
            shared: RefCell::default(),
        })
    }

    /// The place of the model of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The model at a place.
    pub fn model(&self, at: usize) -> Option<&Rc<Model>> {
        self.models.get(at)
    }

    /// The model of this name.
    pub fn named(&self, name: &str) -> Option<&Rc<Model>> {
        self.find(name).and_then(|at| self.model(at))
    }

    /// The parents of a model that have a table, and theirs, the first of all first.
    pub fn ancestors(&self, model: &Model) -> Vec<Rc<Model>> {
        let mut out: Vec<Rc<Model>> = Vec::new();
        for parent in model.parents.iter().filter_map(|(parent, _)| self.named(parent)) {
            // A class may have its own parent's name.
            if parent.at == model.at {
                continue;
            }
            for each in self.ancestors(parent).into_iter().chain([parent.clone()]) {
                if each.table != model.table && out.iter().all(|known| known.at != each.at) {
                    out.push(each);
                }
            }
        }
        out
    }

    /// Whether rows of a model are rows of another, too: the same table, or a child of it.
    pub fn is_kind_of(&self, at: usize, other: &Model) -> bool {
        let Some(model) = self.model(at) else { return false };
        let same = |model: &Model| model.at == other.at || model.table == other.table;
        same(model) || self.ancestors(model).iter().any(|each| same(each))
    }

    /// The Python class of a model.
    pub fn class(&self, at: usize) -> Option<Rc<Class>> {
        self.classes.borrow().get(at).cloned().flatten()
    }

    /// Binds a model's Python class.
    pub fn set_class(&self, at: usize, class: Rc<Class>) {
        let mut classes = self.classes.borrow_mut();
        if at >= classes.len() {
            classes.resize(at + 1, None);
        }
        if let Some(slot) = classes.get_mut(at) {
            *slot = Some(class);
        }
    }

    /// The model whose class this is, or which it derives from.
    pub fn model_of(&self, class: &Rc<Class>) -> Option<usize> {
        self.classes
            .borrow()
            .iter()
            .position(|known| known.as_ref().is_some_and(|known| Rc::ptr_eq(known, class)))
    }

    /// Sends a statement.
    ///
    /// # Errors
    /// [`DatabaseError`] where it does not run.
    pub fn send(&self, sent: Sent) -> Result<Reply, DatabaseError> {
        self.sent.borrow_mut().push(sent.clone());
        self.database.borrow_mut().run(&sent.sql, &sent.params)
    }

    /// Sends a statement that no one needs to see (of a transaction).
    ///
    /// # Errors
    /// [`DatabaseError`] where it does not run.
    pub fn send_quietly(&self, sql: &str) -> Result<Reply, DatabaseError> {
        self.database.borrow_mut().run(sql, &[])
    }

    /// Does something wholly or not at all.
    ///
    /// # Errors
    /// What happens inside; then the database is as before.
    pub fn atomically<T>(&self, inside: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let savepoint = self.savepoint();
        let done = inside();
        self.settle(
            savepoint,
            if done.is_ok() { &["RELEASE"] } else { &["ROLLBACK TO", "RELEASE"] },
        );
        done
    }

    fn savepoint(&self) -> Option<String> {
        let name = format!("atomic_{}", self.next());
        self.send_quietly(&format!("SAVEPOINT {name}")).ok().map(|_| name)
    }

    fn settle(&self, savepoint: Option<String>, commands: &[&str]) {
        let Some(name) = savepoint else { return };
        for command in commands {
            let _ = self.send_quietly(&format!("{command} SAVEPOINT {name}"));
        }
    }

    /// What was sent since this was last asked.
    pub fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.borrow_mut())
    }

    /// Notes a statement that the ORM sends and the database does not take.
    pub fn log_sent(&self, sent: Sent) {
        self.sent.borrow_mut().push(sent);
    }

    /// A number that was not given before.
    pub fn next(&self) -> u64 {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }
}
