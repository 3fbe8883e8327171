//! What Python's grammar accepts and its compiler does not: `await` outside of functions, a keyword given twice, and so on.
//!
//! The messages are CPython 3.11's (`Python/compile.c`, `symtable.c` and `future.c`). It stops at the first: what concerns
//! `__future__` before what concerns names, and that before the rest.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Arguments, Comprehension, Expr, Keyword, ModModule, Parameters, Stmt, StmtFor, StmtFunctionDef,
    StmtImportFrom, StmtWhile,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::span;
use crate::document::SyntaxError;

/// The first error of this kind, if there is one.
pub(super) fn error(module: &ModModule) -> Option<SyntaxError> {
    let mut compiler = Compiler { place: Place::Module, in_loop: false, begins: true, found: None };
    compiler.visit_body(&module.body);
    compiler.found.map(|(_, at, message)| SyntaxError { message, span: span(at) })
}

/// What is around a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Module,
    Class,
    Function,
    /// A list, set or dict in the making, where nothing is asynchronous.
    Comprehension,
    Async,
}

/// The order in which CPython looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Future,
    Symbols,
    Code,
}

struct Compiler {
    place: Place,
    in_loop: bool,
    /// Whether nothing but a docstring and imports from `__future__` stands above.
    begins: bool,
    found: Option<(Pass, TextRange, String)>,
}

impl Compiler {
    fn say(&mut self, pass: Pass, at: TextRange, message: impl Into<String>) {
        if self.found.as_ref().is_none_or(|(first, ..)| pass < *first) {
            self.found = Some((pass, at, message.into()));
        }
    }

    /// Visits what has a place of its own.
    fn within(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let before = (self.place, self.in_loop);
        (self.place, self.in_loop) = (place, false);
        visit(self);
        (self.place, self.in_loop) = before;
    }

    fn body_of_loop(&mut self, body: &[Stmt], orelse: &[Stmt]) {
        let before = std::mem::replace(&mut self.in_loop, true);
        self.visit_body(body);
        self.in_loop = before;
        self.visit_body(orelse);
    }

    fn function(&mut self, function: &StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.visit_parameters(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        let place = if function.is_async { Place::Async } else { Place::Function };
        self.within(place, |inner| inner.visit_body(&function.body));
    }

    fn import(&mut self, import: &StmtImportFrom) {
        let future = import.module.as_ref().is_some_and(|module| module == "__future__");
        if future && !self.begins {
            let message = "from __future__ imports must occur at the beginning of the file";
            self.say(Pass::Future, import.range, message);
        }
        self.begins &= future;
        let star = import.names.iter().find(|alias| alias.name.as_str() == "*");
        if let (Some(star), false) = (star, self.place == Place::Module) {
            self.say(Pass::Symbols, star.range, "import * only allowed at module level");
        }
    }

    fn comprehension(&mut self, generators: &[Comprehension], parts: &[&Expr], whole: TextRange) {
        let free = matches!(self.place, Place::Async);
        if !free && generators.iter().any(|generator| generator.is_async) {
            self.say(Pass::Code, whole, COMPREHENSION);
        }
        if let [first, rest @ ..] = generators {
            self.visit_expr(&first.iter);
            let place = if free { Place::Async } else { Place::Comprehension };
            self.within(place, |inner| {
                first.ifs.iter().for_each(|test| inner.visit_expr(test));
                rest.iter().for_each(|generator| inner.visit_comprehension(generator));
                parts.iter().for_each(|part| inner.visit_expr(part));
            });
        }
    }

    fn wait(&mut self, at: TextRange) {
        let message = match self.place {
            Place::Async => return,
            Place::Module | Place::Class => "'await' outside function",
            Place::Function => "'await' outside async function",
            Place::Comprehension => COMPREHENSION,
        };
        self.say(Pass::Code, at, message);
    }

    fn only_async(&mut self, is_async: bool, what: &str, at: TextRange) {
        if is_async && self.place != Place::Async {
            self.say(Pass::Code, at, format!("'{what}' outside async function"));
        }
    }

    fn only_in_function(&mut self, what: &str, at: TextRange) {
        if matches!(self.place, Place::Module | Place::Class) {
            self.say(Pass::Code, at, format!("'{what}' outside function"));
        }
    }
}

const COMPREHENSION: &str = "asynchronous comprehension outside of an asynchronous function";

impl<'a> Visitor<'a> for Compiler {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let docstring =
            matches!(statement, Stmt::Expr(text) if text.value.is_string_literal_expr());
        if !docstring && !statement.is_import_from_stmt() {
            self.begins = false;
        }
        match statement {
            Stmt::FunctionDef(function) => return self.function(function),
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                return self.within(Place::Class, |inner| inner.visit_body(&class.body));
            }
            Stmt::For(StmtFor { target, iter, body, orelse, is_async, range, .. }) => {
                self.only_async(*is_async, "async for", *range);
                self.visit_expr(iter);
                self.visit_expr(target);
                return self.body_of_loop(body, orelse);
            }
            Stmt::While(StmtWhile { test, body, orelse, .. }) => {
                self.visit_expr(test);
                return self.body_of_loop(body, orelse);
            }
            Stmt::With(with) => self.only_async(with.is_async, "async with", with.range),
            Stmt::Return(stop) => self.only_in_function("return", stop.range),
            Stmt::Break(stop) if !self.in_loop => {
                self.say(Pass::Code, stop.range, "'break' outside loop");
            }
            Stmt::Continue(stop) if !self.in_loop => {
                self.say(Pass::Code, stop.range, "'continue' not properly in loop");
            }
            Stmt::ImportFrom(import) => self.import(import),
            Stmt::Nonlocal(names) if self.place == Place::Module => {
                let message = "nonlocal declaration not allowed at module level";
                self.say(Pass::Symbols, names.range, message);
            }
            _ => {}
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Await(wait) => self.wait(wait.range),
            Expr::Yield(value) => self.only_in_function("yield", value.range),
            Expr::YieldFrom(value) => self.only_in_function("yield", value.range),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_parameters(parameters);
                }
                return self.within(Place::Function, |inner| inner.visit_expr(&lambda.body));
            }
            Expr::ListComp(made) => {
                return self.comprehension(&made.generators, &[&made.elt], made.range);
            }
            Expr::SetComp(made) => {
                return self.comprehension(&made.generators, &[&made.elt], made.range);
            }
            Expr::DictComp(made) => {
                let parts: Vec<&Expr> =
                    made.key.iter().map(|key| &**key).chain([&*made.value]).collect();
                return self.comprehension(&made.generators, &parts, made.range);
            }
            // A generator waits when it is asked for the next.
            Expr::Generator(made) => {
                if let Some(first) = made.generators.first() {
                    self.visit_expr(&first.iter);
                }
                return self.within(Place::Async, |inner| inner.visit_expr(&made.elt));
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_arguments(&mut self, arguments: &'a Arguments) {
        for (at, keyword) in arguments.keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            let same =
                |other: &Keyword| other.arg.as_ref().is_some_and(|other| other.id == name.id);
            let before = arguments.keywords.iter().take(at).any(same);
            if before {
                self.say(Pass::Code, keyword.range, format!("keyword argument repeated: {name}"));
            }
        }
        visitor::walk_arguments(self, arguments);
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        let mut names = FxHashSet::default();
        for parameter in parameters.iter() {
            let name = parameter.name();
            if !names.insert(name.as_str()) {
                let message = format!("duplicate argument '{name}' in function definition");
                self.say(Pass::Symbols, name.range(), message);
            }
        }
        visitor::walk_parameters(self, parameters);
    }
}

#[cfg(test)]
mod tests {
    use super::error;
    use crate::python::parse;

    #[track_caller]
    fn says(source: &str, message: &str) {
        let found = error(&parse(source).module).map(|error| error.message);
        assert_eq!(found.as_deref().unwrap_or_default(), message, "{source}");
    }

    #[test]
    fn what_cpython_says() {
        says("f(a=1, a=2)", "keyword argument repeated: a");
        says("class A(a=1, a=2): pass", "keyword argument repeated: a");
        says("@f(a=1, a=1)\nclass A: pass", "keyword argument repeated: a");
        says("f(**a, **b)", "");
        says("return 1", "'return' outside function");
        says("class A:\n  return 1", "'return' outside function");
        says("await x", "'await' outside function");
        says("await f(a=1, a=1)", "'await' outside function");
        says("def f():\n  await x", "'await' outside async function");
        says("lambda: await_", "");
        says("async for a in b: pass", "'async for' outside async function");
        says("def f():\n  async with a: pass", "'async with' outside async function");
        says("async def f():\n  async with a:\n    return [await x async for x in y]", "");
        let comprehension = "asynchronous comprehension outside of an asynchronous function";
        says("[x async for x in y]", comprehension);
        says("[await x for x in y]", comprehension);
        says("(await x for x in y)", "");
        says("if 1:\n  break", "'break' outside loop");
        says("for a in b:\n  def f():\n    break", "'break' outside loop");
        says("while 1:\n  pass\nelse:\n  break", "'break' outside loop");
        says("while 1:\n  if a: continue", "");
        says("continue", "'continue' not properly in loop");
        says("lambda a, a: 1", "duplicate argument 'a' in function definition");
        says("return\ndef f(a, a): pass", "duplicate argument 'a' in function definition");
        says("def f():\n  from x import *", "import * only allowed at module level");
        says("\"\"\"Text.\"\"\"\nfrom __future__ import annotations", "");
        says(
            "x = 1\nfrom __future__ import annotations",
            "from __future__ imports must occur at the beginning of the file",
        );
        says("x = yield", "'yield' outside function");
        says("nonlocal x", "nonlocal declaration not allowed at module level");
        says("f'{await x}'", "'await' outside function");
    }
}
