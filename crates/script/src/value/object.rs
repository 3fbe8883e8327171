//! Functions, and what an ORM adds.

use std::any::Any;
use std::rc::Rc;

use ruff_python_ast::{Expr, Parameters, Stmt};
use rustc_hash::FxHashSet;

use super::{Args, Class, Key, Outcome, Value};
use crate::Machine;
use crate::eval::Scope;

/// A function that the script (or a model) defines.
pub struct Function {
    /// Its name; `<lambda>`.
    pub name: Rc<str>,
    /// Its parameters.
    pub(crate) parameters: Rc<Parameters>,
    /// Values of parameters that may be left out: of positional ones from the end, then keyword-only ones by name.
    pub(crate) defaults: Vec<(Rc<str>, Value)>,
    /// Its body.
    pub(crate) body: Body,
    /// Names that its body binds.
    pub(crate) locals: Rc<FxHashSet<Rc<str>>>,
    /// Where it was defined.
    pub(crate) scope: Rc<Scope>,
    /// Whether it is `async`.
    pub(crate) is_async: bool,
}

/// What a function does.
pub(crate) enum Body {
    /// Statements.
    Statements(Rc<[Stmt]>),
    /// The expression of a lambda.
    Expression(Rc<Expr>),
}

/// What a function of ours does. A `dyn Fn` could be called in three ways, and each closure would bring code for all of them.
pub trait Run {
    /// Calls it.
    ///
    /// # Errors
    /// What the call raises.
    fn run(&self, machine: &mut Machine, args: Args) -> Outcome;
}

impl<F: Fn(&mut Machine, Args) -> Outcome> Run for F {
    fn run(&self, machine: &mut Machine, args: Args) -> Outcome {
        self(machine, args)
    }
}

/// A function of ours.
pub struct Native {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub run: Box<dyn Run>,
}

/// A method of a value.
pub struct Bound {
    /// The value.
    pub receiver: Value,
    /// The function, or the name of a method of a built-in type.
    pub method: Method,
}

/// What is bound.
#[derive(Clone)]
pub enum Method {
    /// A function or whatever can be called.
    Value(Value),
    /// A method of a built-in type.
    BuiltIn(&'static str),
}

/// What an ORM adds: managers, query sets, expressions. Every method says what plain Python would do by default.
pub trait Object: Any {
    /// Its class.
    fn class(&self) -> Rc<Class>;

    /// To find out which one it is.
    fn any(&self) -> &dyn Any;

    /// `x.name`.
    ///
    /// # Errors
    /// What the access raises.
    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let _ = (machine, name);
        Ok(None)
    }

    /// `super().name`, where no class of the user's has it.
    ///
    /// # Errors
    /// What the access raises.
    fn inherited(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        self.attribute(machine, name)
    }

    /// `x.name = value`; whether it was done.
    ///
    /// # Errors
    /// What the assignment raises.
    fn set_attribute(
        self: Rc<Self>,
        machine: &mut Machine,
        name: &str,
        value: Value,
    ) -> Outcome<bool> {
        let _ = (machine, name, value);
        Ok(false)
    }

    /// `x(…)`.
    ///
    /// # Errors
    /// What the call raises.
    fn call(self: Rc<Self>, machine: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        let _ = (machine, args);
        Ok(None)
    }

    /// `iter(x)`, as a value that can be iterated.
    ///
    /// # Errors
    /// What fetching raises.
    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let _ = machine;
        Ok(None)
    }

    /// `async for … in x`; where it is the same as `iter`, nothing.
    ///
    /// # Errors
    /// What fetching raises.
    fn iterate_async(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let _ = machine;
        Ok(None)
    }

    /// `len(x)`.
    ///
    /// # Errors
    /// What fetching raises.
    fn len(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<usize>> {
        let _ = machine;
        Ok(None)
    }

    /// `x[key]`.
    ///
    /// # Errors
    /// What the access raises.
    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let _ = (machine, key);
        Ok(None)
    }

    /// `item in x`; where that is to be found out by iterating, nothing.
    ///
    /// # Errors
    /// What the test raises.
    fn contains(self: Rc<Self>, machine: &mut Machine, item: &Value) -> Outcome<Option<bool>> {
        let _ = (machine, item);
        Ok(None)
    }

    /// `x + other`, `other + x` (then `reflected`), and comparisons; `op` as Python writes it.
    ///
    /// # Errors
    /// What the operator raises.
    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, op, other, side);
        Ok(None)
    }

    /// `-x`, `~x`.
    ///
    /// # Errors
    /// What the operator raises.
    fn unary(self: Rc<Self>, machine: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        let _ = (machine, op);
        Ok(None)
    }

    /// `bool(x)`.
    ///
    /// # Errors
    /// What fetching raises.
    fn truth(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<bool>> {
        let _ = machine;
        Ok(None)
    }

    /// `await x`.
    ///
    /// # Errors
    /// What waiting for it raises.
    fn wait(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let _ = machine;
        Ok(None)
    }

    /// `with x` and `async with x`: what `as` binds.
    ///
    /// # Errors
    /// What entering raises.
    fn enter(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let _ = machine;
        Ok(None)
    }

    /// The end of the block, with the exception that ended it; whether that goes no further.
    ///
    /// # Errors
    /// What leaving raises.
    fn exit(self: Rc<Self>, machine: &mut Machine, raised: Option<&Value>) -> Outcome<bool> {
        let _ = (machine, raised);
        Ok(false)
    }

    /// `repr(x)`.
    ///
    /// # Errors
    /// What fetching raises.
    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let _ = machine;
        Ok(None)
    }

    /// `str(x)`, where it is not its `repr`.
    ///
    /// # Errors
    /// What fetching raises.
    fn str(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let _ = machine;
        Ok(None)
    }

    /// As a key of a dictionary; by identity where it says nothing.
    ///
    /// # Errors
    /// `TypeError` where it cannot be one.
    fn key(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Key>> {
        let _ = machine;
        Ok(None)
    }
}

/// On which side of an operator an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `x + other`.
    Left,
    /// `other + x`.
    Right,
}
