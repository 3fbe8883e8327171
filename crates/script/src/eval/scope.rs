//! Names in scopes.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::{Expr, Pattern, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};
use throughline_order::Gather as _;

use super::raise;
use crate::Machine;
use crate::value::{Names, Outcome, Value};

/// Names that Python has without import, and scripts here have not.
const NOT_HERE: &[&str] = &[
    "eval",
    "exec",
    "compile",
    "open",
    "input",
    "globals",
    "locals",
    "vars",
    "__import__",
    "bin",
    "hex",
    "oct",
    "ascii",
    "format",
    "memoryview",
    "bytearray",
    "bytes",
    "complex",
    "delattr",
    "breakpoint",
    "help",
    "exit",
    "quit",
    "aiter",
    "anext",
];

/// What a scope belongs to.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// The script.
    Script,
    /// A call of a function, with the names that its body binds.
    Call(Rc<FxHashSet<Rc<str>>>),
    /// A comprehension.
    Comprehension,
}

/// A scope: names that are bound in it, and the scope around it.
pub struct Scope {
    kind: Kind,
    names: RefCell<Names>,
    parent: Option<Rc<Scope>>,
    /// Names that `global` (true) or `nonlocal` (false) hand on.
    handed_on: RefCell<FxHashMap<Rc<str>, bool>>,
}

impl Scope {
    /// The scope of a script.
    pub fn script() -> Rc<Self> {
        Rc::new(Self::of(Kind::Script, None))
    }

    fn of(kind: Kind, parent: Option<Rc<Self>>) -> Self {
        Self { kind, names: RefCell::default(), parent, handed_on: RefCell::default() }
    }

    pub(crate) fn call(parent: &Rc<Self>, locals: Rc<FxHashSet<Rc<str>>>) -> Rc<Self> {
        Rc::new(Self::of(Kind::Call(locals), Some(parent.clone())))
    }

    pub(crate) fn comprehension(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self::of(Kind::Comprehension, Some(parent.clone())))
    }

    /// Binds a name here.
    pub fn set(&self, name: &str, value: Value) {
        let mut names = self.names.borrow_mut();
        match names.get_mut(name) {
            Some(slot) => *slot = value,
            None => {
                names.insert(name.into(), value);
            }
        }
    }

    /// A name that is bound here.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    /// A name that is bound here or around.
    pub(crate) fn reach(&self, name: &str) -> Option<Value> {
        self.get(name).or_else(|| self.parent.as_ref().and_then(|parent| parent.reach(name)))
    }

    /// All names that are bound here.
    pub fn names(&self) -> Vec<Rc<str>> {
        self.names.borrow().keys().cloned().gather()
    }

    pub(crate) fn is_script(&self) -> bool {
        matches!(self.kind, Kind::Script)
    }

    /// Hands a name on to the script or to the function around.
    pub(crate) fn hand_on(&self, name: &str, to_script: bool) {
        self.handed_on.borrow_mut().insert(name.into(), to_script);
    }

    fn outermost(self: &Rc<Self>) -> Rc<Self> {
        let mut scope = self.clone();
        while let Some(parent) = scope.parent.clone() {
            scope = parent;
        }
        scope
    }

    /// Assigns as a statement does.
    pub(crate) fn assign(self: &Rc<Self>, name: &str, value: Value) {
        match self.owner(name) {
            Some(owner) => owner.set(name, value),
            None => self.set(name, value),
        }
    }

    /// The scope that a statement's name belongs to, where that is another one.
    fn owner(self: &Rc<Self>, name: &str) -> Option<Rc<Self>> {
        match self.handed_on.borrow().get(name) {
            Some(true) => Some(self.outermost()),
            Some(false) => {
                let mut scope = self.parent.clone()?;
                while scope.get(name).is_none() {
                    scope = scope.parent.clone()?;
                }
                Some(scope)
            }
            None => None,
        }
    }

    /// Assigns as `:=` does: past comprehensions.
    pub(crate) fn assign_through(self: &Rc<Self>, name: &str, value: Value) {
        let mut scope = self.clone();
        while let (Kind::Comprehension, Some(parent)) = (&scope.kind, scope.parent.clone()) {
            scope = parent;
        }
        scope.assign(name, value);
    }

    /// `del name`; whether it was bound.
    pub(crate) fn remove(self: &Rc<Self>, name: &str) -> bool {
        let owner = self.owner(name).unwrap_or_else(|| self.clone());
        owner.names.borrow_mut().shift_remove(name).is_some()
    }
}

impl Machine {
    /// The value of a name.
    pub(crate) fn lookup(&mut self, scope: &Rc<Scope>, name: &str) -> Outcome {
        let mut here = Some(scope.clone());
        while let Some(scope) = here {
            if let Some(value) = scope.get(name) {
                return Ok(value);
            }
            if let Kind::Call(locals) = &scope.kind
                && locals.contains(name)
                && !scope.handed_on.borrow().contains_key(name)
            {
                return Err(raise(
                    "UnboundLocalError",
                    format!(
                        "cannot access local variable '{name}' where it is not associated with a value"
                    ),
                ));
            }
            here = scope.parent.clone();
        }
        match self.built_in(name).or_else(|| super::parent::of_class(name)) {
            Some(value) => Ok(value),
            None if NOT_HERE.contains(&name) => {
                Err(super::refuse(format!("Python's `{name}` is not supported here.")))
            }
            None if self.unknown.contains(name) => {
                Err(super::refuse(format!("`{name}` is not supported here.")))
            }
            None => Err(raise("NameError", format!("name '{name}' is not defined"))),
        }
    }
}

/// The names that a function's body binds, those of nested functions not among them.
pub(crate) fn bound_names(body: &[Stmt], out: &mut FxHashSet<Rc<str>>) {
    for statement in body {
        match statement {
            Stmt::FunctionDef(function) => add(function.name.as_str(), out),
            Stmt::ClassDef(class) => add(class.name.as_str(), out),
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| targets(target, out)),
            Stmt::AugAssign(assign) => targets(&assign.target, out),
            Stmt::AnnAssign(assign) => targets(&assign.target, out),
            Stmt::For(each) => {
                targets(&each.target, out);
                bound_names(&each.body, out);
                bound_names(&each.orelse, out);
            }
            Stmt::While(each) => {
                bound_names(&each.body, out);
                bound_names(&each.orelse, out);
            }
            Stmt::If(choice) => {
                bound_names(&choice.body, out);
                choice.elif_else_clauses.iter().for_each(|clause| bound_names(&clause.body, out));
            }
            Stmt::With(with) => {
                with.items
                    .iter()
                    .filter_map(|item| item.optional_vars.as_deref())
                    .for_each(|target| targets(target, out));
                bound_names(&with.body, out);
            }
            Stmt::Try(attempt) => {
                bound_names(&attempt.body, out);
                for ruff_python_ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    if let Some(name) = &handler.name {
                        add(name.as_str(), out);
                    }
                    bound_names(&handler.body, out);
                }
                bound_names(&attempt.orelse, out);
                bound_names(&attempt.finalbody, out);
            }
            Stmt::Match(choice) => {
                for case in &choice.cases {
                    if let Pattern::MatchAs(pattern) = &case.pattern
                        && let Some(name) = &pattern.name
                    {
                        add(name.as_str(), out);
                    }
                    bound_names(&case.body, out);
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    add(name.as_str().split('.').next().unwrap_or_default(), out);
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    add(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), out);
                }
            }
            Stmt::Expr(_)
            | Stmt::Return(_)
            | Stmt::Delete(_)
            | Stmt::TypeAlias(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::IpyEscapeCommand(_) => {}
        }
    }
}

fn targets(target: &Expr, out: &mut FxHashSet<Rc<str>>) {
    match target {
        Expr::Name(name) => add(name.id.as_str(), out),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|each| targets(each, out)),
        Expr::List(list) => list.elts.iter().for_each(|each| targets(each, out)),
        Expr::Starred(starred) => targets(&starred.value, out),
        _ => {}
    }
}

fn add(name: &str, out: &mut FxHashSet<Rc<str>>) {
    if !out.contains(name) {
        out.insert(name.into());
    }
}
