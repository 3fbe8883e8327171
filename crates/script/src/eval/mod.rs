//! Running statements.

mod assign;
mod attribute;
mod call;
mod class;
mod compare;
mod comprehension;
mod exception;
mod expression;
mod import;
mod iterate;
mod operate;
mod parent;
mod raised;
mod scope;
mod statement;

use std::cell::Cell;
use std::rc::Rc;

pub(crate) use attribute::{CLOSED, no_attribute};
pub(crate) use call::bind;
pub(crate) use class::dotted;
pub(crate) use compare::float as float_of;
pub use exception::Described;
pub(crate) use operate::time_of;
pub(crate) use parent::CLASS;
pub use raised::{Raised, Stop, raise, refuse};
pub use scope::Scope;
pub(crate) use statement::Flow;

use crate::builtins::Builtins;
use crate::value::{Class, Named, Outcome, Value};

/// How far a run may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Statements, calls and items of iterators.
    pub steps: u64,
    /// Calls and containers inside of each other.
    pub depth: u32,
    /// Bytes that are printed.
    pub output: usize,
    /// Items of one list, or bytes of one string.
    pub size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000_000, depth: 200, output: 1 << 20, size: 1 << 24 }
    }
}

/// What runs a script: its names, what it printed, how far it may go.
pub struct Machine {
    /// The script's names.
    pub scope: Rc<Scope>,
    /// What it has printed.
    pub output: String,
    /// How far it may go.
    pub limits: Limits,
    /// Whether expressions within statements of the script show their values, as at a prompt.
    pub echo: bool,
    /// Whether to stop at the next step.
    pub cancelled: Rc<Cell<bool>>,
    /// What `datetime.now()` says.
    pub now: chrono::NaiveDateTime,
    /// Where `uuid4()` and the like go on from.
    pub chance: u64,
    /// Modules that can be imported, by their dotted names.
    pub modules: Named<Rc<Class>>,
    /// Modules that a program with this ORM does not have.
    pub absent: Vec<&'static str>,
    /// Names of the ORM that are not here, and those that the models file imports from what is not.
    pub(crate) unknown: rustc_hash::FxHashSet<Rc<str>>,
    /// Names that objects of the ORM have there, by their class. One that is not found is refused, as it is no mistake of the script.
    pub beyond: &'static [(&'static str, &'static str)],
    builtins: Rc<Builtins>,
    steps: u64,
    depth: u32,
    /// Containers that are being written.
    pub(crate) writing: Vec<usize>,
    /// Exceptions that are being handled, the innermost last.
    handling: Vec<Raised>,
}

impl Machine {
    /// A machine with an empty script.
    pub fn new(limits: Limits, now: chrono::NaiveDateTime) -> Self {
        // Python's clock knows microseconds.
        let now = chrono::SubsecRound::trunc_subsecs(now, 6);
        let builtins = Rc::new(Builtins::new());
        let modules = crate::builtins::modules(&builtins);
        Self {
            scope: Scope::script(),
            output: String::new(),
            echo: false,
            limits,
            cancelled: Rc::default(),
            now,
            chance: 0x9e37_79b9_7f4a_7c15,
            modules,
            absent: Vec::new(),
            unknown: rustc_hash::FxHashSet::default(),
            beyond: &[],
            builtins,
            steps: 0,
            depth: 0,
            writing: Vec::new(),
            handling: Vec::new(),
        }
    }

    /// The built-in class of this name.
    pub fn class(&self, name: &str) -> Option<Rc<Class>> {
        self.builtins.class(name)
    }

    pub(crate) fn built_in(&self, name: &str) -> Option<Value> {
        self.builtins.get(name)
    }

    /// Counts steps anew: for the next run with the same names.
    pub fn renew(&mut self) {
        self.steps = 0;
        self.output.clear();
    }

    /// Counts a step.
    ///
    /// # Errors
    /// [`Raised::Stopped`] where there are no more, or the run is cancelled.
    pub fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > self.limits.steps {
            return Err(Box::new(Raised::Stopped(Stop::Steps)));
        }
        if self.steps.is_multiple_of(64) && self.cancelled.get() {
            return Err(Box::new(Raised::Stopped(Stop::Cancelled)));
        }
        Ok(())
    }

    /// Goes one level deeper.
    ///
    /// # Errors
    /// `RecursionError` where that is too deep; else what happens inside.
    pub fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth >= self.limits.depth {
            return Err(raise("RecursionError", "maximum recursion depth exceeded"));
        }
        self.depth += 1;
        let done = inside(self);
        self.depth -= 1;
        done
    }

    /// Checks that a value of this size may be made.
    ///
    /// # Errors
    /// [`Raised::Stopped`] where it may not.
    pub fn fits(&self, size: usize) -> Outcome<()> {
        if size > self.limits.size {
            return Err(Box::new(Raised::Stopped(Stop::Memory)));
        }
        Ok(())
    }

    /// Prints.
    ///
    /// # Errors
    /// [`Raised::Stopped`] where too much was printed.
    pub fn print(&mut self, text: &str) -> Outcome<()> {
        if self.output.len() + text.len() > self.limits.output {
            return Err(Box::new(Raised::Stopped(Stop::Output)));
        }
        self.output.push_str(text);
        Ok(())
    }
}
