//! Statements.

use std::rc::Rc;

use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtFor, StmtFunctionDef, StmtTry, StmtWith};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;
use throughline_core::Span;

use super::{Machine, Raised, Scope, raise, refuse, scope};
use crate::value::{Args, Function, Outcome, Value};

/// How a statement ends.
pub(crate) enum Flow {
    /// The next one follows.
    Next,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `return`.
    Return(Value),
}

pub(crate) fn span(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

impl Machine {
    /// Runs statements one after the other.
    pub(crate) fn block(&mut self, body: &[Stmt], scope: &Rc<Scope>) -> Outcome<Flow> {
        for statement in body {
            match self.statement(statement, scope)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// What ends it early.
    pub(crate) fn statement(&mut self, statement: &Stmt, scope: &Rc<Scope>) -> Outcome<Flow> {
        self.step()?;
        self.run(statement, scope).map_err(|raised| raised.at(span(statement.range())))
    }

    fn run(&mut self, statement: &Stmt, scope: &Rc<Scope>) -> Outcome<Flow> {
        match statement {
            Stmt::Expr(expr) => {
                let value = self.eval(&expr.value, scope)?;
                if self.echo && scope.is_script() && !value.is_none() {
                    let shown = self.repr(&value)?;
                    self.print(&format!("{shown}\n"))?;
                }
            }
            Stmt::Assign(assign) => {
                let value = self.eval(&assign.value, scope)?;
                for target in &assign.targets {
                    self.assign(target, value.clone(), scope)?;
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = self.eval(value, scope)?;
                    self.assign(&assign.target, value, scope)?;
                }
            }
            Stmt::AugAssign(assign) => self.augmented(assign, scope)?,
            Stmt::Return(returned) => {
                if scope.is_script() {
                    return Err(raise("SyntaxError", "'return' outside function"));
                }
                let value = match &returned.value {
                    Some(value) => self.eval(value, scope)?,
                    None => Value::None,
                };
                return Ok(Flow::Return(value));
            }
            Stmt::If(choice) => {
                let test = self.eval(&choice.test, scope)?;
                if self.truth(&test)? {
                    return self.block(&choice.body, scope);
                }
                for clause in &choice.elif_else_clauses {
                    let holds = match &clause.test {
                        Some(test) => {
                            let test = self.eval(test, scope)?;
                            self.truth(&test)?
                        }
                        None => true,
                    };
                    if holds {
                        return self.block(&clause.body, scope);
                    }
                }
            }
            Stmt::While(each) => loop {
                self.step()?;
                let test = self.eval(&each.test, scope)?;
                if !self.truth(&test)? {
                    return self.block(&each.orelse, scope);
                }
                match self.block(&each.body, scope)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                }
            },
            Stmt::For(each) => return self.each(each, scope),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Pass(_) => {}
            Stmt::FunctionDef(def) => {
                let function = self.define(def, scope)?;
                scope.assign(def.name.as_str(), function);
            }
            Stmt::Try(attempt) => return self.attempt(attempt, scope),
            Stmt::Raise(statement) => return Err(self.raise_statement(statement, scope)?),
            Stmt::Assert(assertion) => {
                let test = self.eval(&assertion.test, scope)?;
                if !self.truth(&test)? {
                    let class = self.class("AssertionError");
                    let args = match &assertion.msg {
                        Some(message) => vec![self.eval(message, scope)?],
                        None => Vec::new(),
                    };
                    return Err(match class {
                        Some(class) => self.exception(&class, args),
                        None => raise("AssertionError", ""),
                    });
                }
            }
            Stmt::With(with) => return self.with(with, &with.items, scope),
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(target, scope)?;
                }
            }
            Stmt::Global(global) => {
                global.names.iter().for_each(|name| scope.hand_on(name.as_str(), true));
            }
            Stmt::Nonlocal(nonlocal) => {
                nonlocal.names.iter().for_each(|name| scope.hand_on(name.as_str(), false));
            }
            Stmt::Import(import) => self.import(import, scope)?,
            Stmt::ImportFrom(import) => self.import_from(import, scope)?,
            Stmt::ClassDef(def) => self.class_statement(def, scope)?,
            Stmt::Match(_) => {
                return Err(refuse("`match` is not supported here: use `if` and `elif`."));
            }
            Stmt::TypeAlias(_) => return Err(refuse("`type` statements are not supported here.")),
            Stmt::IpyEscapeCommand(_) => {
                return Err(refuse("IPython's commands are not supported here."));
            }
        }
        Ok(Flow::Next)
    }

    fn each(&mut self, each: &StmtFor, scope: &Rc<Scope>) -> Outcome<Flow> {
        let items = self.eval(&each.iter, scope)?;
        let place = span(each.iter.range());
        let items = if each.is_async { self.iterate_async(&items) } else { self.iterate(&items) }
            .map_err(|raised| raised.at(place))?;
        while let Some(item) = items.next(self).map_err(|raised| raised.at(place))? {
            self.assign(&each.target, item, scope)?;
            match self.block(&each.body, scope)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        self.block(&each.orelse, scope)
    }

    /// Makes a function, and hands it to its decorators.
    fn define(&mut self, def: &StmtFunctionDef, scope: &Rc<Scope>) -> Outcome {
        let mut function = self.function(def, scope)?;
        for decorator in def.decorator_list.iter().rev() {
            let decorator = self.eval(&decorator.expression, scope)?;
            function = self.call(&decorator, Args::one(function))?;
        }
        Ok(function)
    }

    /// The function of a definition, without its decorators.
    ///
    /// # Errors
    /// What evaluating its defaults raises.
    pub fn function(&mut self, def: &StmtFunctionDef, scope: &Rc<Scope>) -> Outcome {
        if let Some(place) = super::expression::yields(&def.body) {
            return Err(refuse("`yield` is not supported here: return a list.").at(place));
        }
        let mut locals = FxHashSet::default();
        scope::bound_names(&def.body, &mut locals);
        Ok(Value::Function(Rc::new(Function {
            name: def.name.as_str().into(),
            defaults: self.defaults(&def.parameters, scope)?,
            parameters: Rc::new((*def.parameters).clone()),
            body: crate::value::function_body(def.body.to_vec()),
            locals: Rc::new(locals),
            scope: scope.clone(),
            is_async: def.is_async,
        })))
    }

    fn attempt(&mut self, attempt: &StmtTry, scope: &Rc<Scope>) -> Outcome<Flow> {
        if attempt.is_star {
            return Err(refuse("`except*` is not supported here: use `except`."));
        }
        let done = match self.block(&attempt.body, scope) {
            Ok(Flow::Next) => self.block(&attempt.orelse, scope),
            Ok(other) => Ok(other),
            Err(raised) => self.handle(attempt, raised, scope),
        };
        match self.block(&attempt.finalbody, scope)? {
            Flow::Next => done,
            other => Ok(other),
        }
    }

    fn handle(
        &mut self,
        attempt: &StmtTry,
        raised: Box<Raised>,
        scope: &Rc<Scope>,
    ) -> Outcome<Flow> {
        let Some(exception) = self.caught(&raised) else { return Err(raised) };
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let matches = match &handler.type_ {
                Some(class) => {
                    let class = self.eval(class, scope)?;
                    self.matches(&exception, &class)?
                }
                None => true,
            };
            if !matches {
                continue;
            }
            if let Some(name) = &handler.name {
                scope.assign(name.as_str(), Value::Instance(exception));
            }
            self.handling.push(*raised);
            let done = self.block(&handler.body, scope);
            self.handling.pop();
            if let Some(name) = &handler.name {
                scope.remove(name.as_str());
            }
            return done;
        }
        Err(raised)
    }

    fn with(
        &mut self,
        with: &StmtWith,
        items: &[ruff_python_ast::WithItem],
        scope: &Rc<Scope>,
    ) -> Outcome<Flow> {
        let Some((item, rest)) = items.split_first() else { return self.block(&with.body, scope) };
        let context = self.eval(&item.context_expr, scope)?;
        let place = span(item.context_expr.range());
        let Value::Object(object) = &context else {
            return Err(raise(
                "TypeError",
                format!(
                    "'{}' object does not support the context manager protocol",
                    context.type_name()
                ),
            )
            .at(place));
        };
        let entered = object.clone().enter(self)?.ok_or_else(|| {
            raise(
                "TypeError",
                format!(
                    "'{}' object does not support the context manager protocol",
                    context.type_name()
                ),
            )
            .at(place)
        })?;
        if let Some(target) = &item.optional_vars {
            self.assign(target, entered, scope)?;
        }
        match self.with(with, rest, scope) {
            Ok(flow) => {
                object.clone().exit(self, None)?;
                Ok(flow)
            }
            Err(raised) => {
                let exception = self.caught(&raised).map_or(Value::None, Value::Instance);
                if object.clone().exit(self, Some(&exception))? {
                    Ok(Flow::Next)
                } else {
                    Err(raised)
                }
            }
        }
    }

    fn delete(&mut self, target: &Expr, scope: &Rc<Scope>) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                if scope.remove(name.id.as_str()) {
                    Ok(())
                } else {
                    Err(raise("NameError", format!("name '{}' is not defined", name.id)))
                }
            }
            Expr::Subscript(subscript) => {
                let whole = self.eval(&subscript.value, scope)?;
                let key = self.eval(&subscript.slice, scope)?;
                self.delete_item(&whole, &key)
            }
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value, scope)?;
                self.delete_attribute(&owner, attribute.attr.as_str())
            }
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|each| self.delete(each, scope)),
            _ => Err(refuse("This cannot be deleted.")),
        }
    }
}
