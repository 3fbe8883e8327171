//! Runs a script, step by step.

use std::rc::Rc;

use ruff_python_ast::Stmt;
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use throughline_core::Span;
use throughline_core::live::Models;

use crate::Machine;
use crate::database::Database;
use crate::eval::{Described, Flow, Raised};
use crate::orm::Runtime;
use crate::value::{Outcome, Value};
use crate::world::{World, load};

/// A project that scripts run on: its models as Python classes, and a machine that knows them.
pub struct Script {
    /// What runs it.
    pub machine: Machine,
    /// The models and their database.
    pub world: Rc<World>,
    /// The ORM.
    pub runtime: &'static dyn Runtime,
}

impl Script {
    /// Makes models ready, whose classes a source has. The database has their tables.
    pub fn new(
        runtime: &'static dyn Runtime,
        models: &Models,
        source: &str,
        database: Box<dyn Database>,
        mut machine: Machine,
    ) -> Self {
        let world = World::new(models, database);
        runtime.install(&mut machine, &world);
        load(&mut machine, &world, runtime, source);
        machine.output.clear();
        Self { machine, world, runtime }
    }

    /// The value of the last expression of a snippet, after running what stands before it.
    ///
    /// # Errors
    /// What ends it early.
    pub fn value_of(&mut self, source: &str) -> Outcome<Option<Value>> {
        let module = match parse_module(source) {
            Ok(parsed) => parsed.into_syntax(),
            Err(error) => return Err(crate::eval::raise("SyntaxError", error.error.to_string())),
        };
        let mut value = None;
        for statement in &module.body {
            // What no one holds any more is gone before the next statement.
            drop(value.take());
            value = self.machine.top_level(statement)?;
        }
        Ok(value)
    }
}

/// One statement that was run.
pub struct Step {
    /// Where it stands.
    pub span: Span,
    /// What it printed.
    pub stdout: String,
    /// The value of an expression, unless it is `None`.
    pub value: Option<Value>,
    /// What ended it early.
    pub ended: Option<Described>,
}

impl Machine {
    /// Runs a script statement by statement, and stops at the first that does not end well. `each` is told of every step.
    pub fn run_script(&mut self, source: &str, each: &mut dyn FnMut(&mut Self, Step)) {
        let module = match parse_module(source) {
            Ok(parsed) => parsed.into_syntax(),
            Err(error) => {
                let raised = crate::eval::raise("SyntaxError", error.error.to_string())
                    .at(Span::new(error.location.start().into(), error.location.end().into()));
                let span = raised.span().unwrap_or_default();
                let ended = self.describe(&raised);
                return each(
                    self,
                    Step { span, stdout: String::new(), value: None, ended: Some(ended) },
                );
            }
        };
        for statement in &module.body {
            let range = statement.range();
            let span = Span::new(range.start().into(), range.end().into());
            let result = self.top_level(statement);
            let stdout = std::mem::take(&mut self.output);
            let (value, ended) = match result {
                Ok(value) => (value.filter(|value| !value.is_none()), None),
                Err(raised) => (None, Some(self.describe(&raised))),
            };
            let stop = ended.is_some();
            each(self, Step { span, stdout, value, ended });
            if stop {
                return;
            }
        }
    }

    /// A statement of the script; the value, where it is an expression.
    fn top_level(&mut self, statement: &Stmt) -> Outcome<Option<Value>> {
        let scope = self.scope.clone();
        if let Stmt::Expr(expr) = statement {
            return self.eval(&expr.value, &scope).map(Some);
        }
        match self.statement(statement, &scope)? {
            Flow::Next | Flow::Return(_) => Ok(None),
            Flow::Break => Err(crate::eval::raise("SyntaxError", "'break' outside loop")),
            Flow::Continue => {
                Err(crate::eval::raise("SyntaxError", "'continue' not properly in loop"))
            }
        }
    }

    /// As [`Self::described`], for what cannot be described without raising again.
    fn describe(&mut self, raised: &Raised) -> Described {
        match self.described(raised) {
            Ok(described) => described,
            Err(_) => Described {
                class: None,
                message: "<exception str() failed>".into(),
                span: raised.span(),
            },
        }
    }
}
