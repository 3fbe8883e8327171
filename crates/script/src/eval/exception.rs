//! Exceptions: raising, catching, and what they say.

use std::rc::Rc;

use ruff_python_ast::StmtRaise;
use throughline_core::Span;

use super::{Machine, Raised, Scope, raise};
use crate::value::{Args, Class, Instance, Outcome, Value};

impl Machine {
    /// An exception of a class with these arguments.
    pub fn exception(&mut self, class: &Rc<Class>, args: Vec<Value>) -> Box<Raised> {
        Box::new(Raised::Exception { exception: self.exception_of(class, args), span: None })
    }

    pub(crate) fn exception_of(&mut self, class: &Rc<Class>, args: Vec<Value>) -> Rc<Instance> {
        let instance = Instance::new(class.clone());
        instance.set("args", Value::tuple(args));
        Rc::new(instance)
    }

    /// The exception that `except` would see; `None` for what it does not catch.
    pub fn caught(&mut self, raised: &Raised) -> Option<Rc<Instance>> {
        match raised {
            Raised::Exception { exception, .. } => Some(exception.clone()),
            Raised::Named { class, message, .. } => {
                let class = self.class(class)?;
                Some(self.exception_of(&class, vec![message.clone()]))
            }
            Raised::Refused { .. } | Raised::Stopped(_) => None,
        }
    }

    /// Whether `except class` catches the exception.
    pub(crate) fn matches(&mut self, exception: &Instance, class: &Value) -> Outcome<bool> {
        match class {
            Value::Class(class) => Ok(exception.class.derives(class)),
            Value::Tuple(classes) => {
                for class in classes.iter() {
                    if self.matches(exception, class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(raise(
                "TypeError",
                "catching classes that do not inherit from BaseException is not allowed",
            )),
        }
    }

    pub(crate) fn raise_statement(
        &mut self,
        statement: &StmtRaise,
        scope: &Rc<Scope>,
    ) -> Outcome<Box<Raised>> {
        let Some(exc) = &statement.exc else {
            return match self.handling.last() {
                Some(raised) => Ok(Box::new(raised.clone())),
                None => Err(raise("RuntimeError", "No active exception to reraise")),
            };
        };
        let value = self.eval(exc, scope)?;
        let value = match &value {
            Value::Class(class) if class.derives_from("BaseException") => {
                self.call(&value, Args::default())?
            }
            _ => value,
        };
        match value {
            Value::Instance(exception) if exception.class.derives_from("BaseException") => {
                Ok(Box::new(Raised::Exception { exception, span: None }))
            }
            _ => Err(raise("TypeError", "exceptions must derive from BaseException")),
        }
    }

    /// The class and the message of what ended a run, as a traceback's last line says them.
    ///
    /// # Errors
    /// What a `__str__` of the user's raises.
    pub fn described(&mut self, raised: &Raised) -> Outcome<Described> {
        Ok(match (self.caught(raised), raised) {
            (Some(exception), _) => Described {
                class: Some(exception.class.clone()),
                message: self.str(&Value::Instance(exception))?.to_string(),
                span: raised.span(),
            },
            (None, Raised::Refused { message, .. }) => {
                Described { class: None, message: message.clone(), span: raised.span() }
            }
            (None, Raised::Stopped(stop)) => {
                Described { class: None, message: stop.to_string(), span: None }
            }
            (None, Raised::Named { class, .. }) => {
                Described { class: None, message: (*class).to_owned(), span: raised.span() }
            }
            (None, Raised::Exception { .. }) => {
                Described { class: None, message: String::new(), span: raised.span() }
            }
        })
    }
}

/// What ended a run.
pub struct Described {
    /// The exception's class; `None` where it was no exception of Python's.
    pub class: Option<Rc<Class>>,
    /// What it says.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}
