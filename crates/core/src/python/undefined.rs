//! Names that are used while a file is imported, and that nothing has bound by then: Python stops there with a `NameError`.
//!
//! Errs on the side of silence: a name that anything in the file binds above its use counts as bound.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ExprContext, Identifier, ModModule, Pattern, Stmt,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::span;
use crate::document::Name;

/// The undefined names in order.
pub fn undefined(module: &ModModule) -> Vec<Name> {
    undefined_beside(module, &|_| None)
}

/// What `from MODULE import *` binds, where that is known.
pub type Starred<'a> = &'a dyn Fn(&str) -> Option<Vec<&'static str>>;

/// The undefined names in order, where it is known what star imports of some modules bind.
pub fn undefined_beside(module: &ModModule, starred: Starred<'_>) -> Vec<Name> {
    let mut names = Names { bound: FxHashMap::default(), used: Vec::new(), star: false, starred };
    names.visit_body(&module.body);
    if names.star {
        return Vec::new();
    }
    let Names { bound, used, .. } = names;
    let is_undefined = |(name, at): &(&str, TextRange)| {
        bound.get(name).is_none_or(|first| *first > at.start())
            && BUILTINS.binary_search(name).is_err()
    };
    used.into_iter()
        .filter(is_undefined)
        .map(|(name, at)| Name { text: name.to_owned(), span: span(at) })
        .collect()
}

struct Names<'a> {
    /// Where each name is bound first.
    bound: FxHashMap<&'a str, TextSize>,
    used: Vec<(&'a str, TextRange)>,
    /// Whether `from … import *` may bind anything.
    star: bool,
    starred: Starred<'a>,
}

impl<'a> Names<'a> {
    fn bind(&mut self, name: &'a str, at: TextSize) {
        let first = self.bound.entry(name).or_insert(at);
        *first = (*first).min(at);
    }

    fn bind_maybe(&mut self, name: Option<&'a Identifier>) {
        if let Some(name) = name {
            self.bind(&name.id, name.start());
        }
    }

    /// Names in the head of a comprehension are bound for all of it, though its element is written first.
    fn comprehension(&mut self, generators: &'a [Comprehension], at: TextSize) {
        for generator in generators {
            self.target(&generator.target, at);
        }
    }

    fn target(&mut self, target: &'a Expr, at: TextSize) {
        match target {
            Expr::Name(name) => self.bind(&name.id, at),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|part| self.target(part, at)),
            Expr::List(list) => list.elts.iter().for_each(|part| self.target(part, at)),
            Expr::Starred(starred) => self.target(&starred.value, at),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                for parameter in function.parameters.iter_non_variadic_params() {
                    if let Some(default) = parameter.default() {
                        self.visit_expr(default);
                    }
                }
                self.bind(&function.name.id, function.name.start());
            }
            Stmt::ClassDef(class) => {
                visitor::walk_stmt(self, statement);
                // The name stands for the class only after its body.
                self.bind(&class.name.id, class.end());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind(name.id.split('.').next().unwrap_or_default(), alias.start());
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.id.as_str());
                for alias in &import.names {
                    if alias.name.id == "*" {
                        match (self.starred)(module) {
                            Some(names) => {
                                names.iter().for_each(|name| self.bind(name, alias.start()));
                            }
                            None => self.star = true,
                        }
                    }
                    self.bind_maybe(Some(alias.asname.as_ref().unwrap_or(&alias.name)));
                }
            }
            Stmt::Global(global) => {
                global.names.iter().for_each(|name| self.bind_maybe(Some(name)))
            }
            // What a guarded block misses, its handler may well expect.
            Stmt::Try(attempt) => {
                let before = self.used.len();
                self.visit_body(&attempt.body);
                self.used.truncate(before);
                for handler in &attempt.handlers {
                    self.visit_except_handler(handler);
                }
                self.visit_body(&attempt.orelse);
                self.visit_body(&attempt.finalbody);
            }
            Stmt::For(each) => {
                self.target(&each.target, each.start());
                visitor::walk_stmt(self, statement);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    /// Annotations may be meant for type checkers alone.
    fn visit_annotation(&mut self, _annotation: &'a Expr) {}

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Load if !name.id.is_empty() => {
                    self.used.push((name.id.as_str(), name.range))
                }
                ExprContext::Store => self.bind(&name.id, name.start()),
                ExprContext::Load | ExprContext::Del | ExprContext::Invalid => {}
            },
            // Its body runs later, if ever.
            Expr::Lambda(lambda) => {
                for parameter in lambda
                    .parameters
                    .iter()
                    .flat_map(|parameters| parameters.iter_non_variadic_params())
                {
                    if let Some(default) = parameter.default() {
                        self.visit_expr(default);
                    }
                }
            }
            Expr::ListComp(inner) => {
                self.comprehension(&inner.generators, inner.start());
                visitor::walk_expr(self, expr);
            }
            Expr::SetComp(inner) => {
                self.comprehension(&inner.generators, inner.start());
                visitor::walk_expr(self, expr);
            }
            Expr::DictComp(inner) => {
                self.comprehension(&inner.generators, inner.start());
                visitor::walk_expr(self, expr);
            }
            Expr::Generator(inner) => {
                self.comprehension(&inner.generators, inner.start());
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.bind_maybe(inner.name.as_ref());
        // A handler that may never run proves nothing.
        let before = self.used.len();
        visitor::walk_except_handler(self, handler);
        self.used.truncate(before);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(inner) => self.bind_maybe(inner.name.as_ref()),
            Pattern::MatchStar(inner) => self.bind_maybe(inner.name.as_ref()),
            Pattern::MatchMapping(inner) => self.bind_maybe(inner.rest.as_ref()),
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// Names that are there without an import; sorted.
#[rustfmt::skip]
static BUILTINS: [&str; 163] = [
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError", "BrokenPipeError",
    "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError",
    "ConnectionResetError", "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning", "EnvironmentError", "Exception",
    "ExceptionGroup", "False", "FileExistsError", "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError",
    "ImportError", "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError",
    "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "None", "NotADirectoryError", "NotImplemented",
    "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning", "PermissionError", "ProcessLookupError",
    "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning", "StopAsyncIteration", "StopIteration",
    "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError", "True", "TypeError", "UnboundLocalError",
    "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "ValueError",
    "Warning", "ZeroDivisionError", "__annotations__", "__build_class__", "__builtins__", "__debug__", "__doc__", "__file__", "__import__",
    "__loader__", "__module__", "__name__", "__package__", "__path__", "__qualname__", "__spec__", "abs", "aiter", "all", "anext", "any",
    "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod", "compile", "complex", "copyright",
    "credits", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit", "filter", "float", "format", "frozenset", "getattr",
    "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "license", "list",
    "locals", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range",
    "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "vars", "zip",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn names(source: &str) -> Vec<String> {
        undefined(&parse(source).module).into_iter().map(|name| name.text).collect()
    }

    #[test]
    fn builtins_are_sorted() {
        assert!(BUILTINS.is_sorted());
    }

    #[test]
    fn a_class_is_not_there_before_it_is_made() {
        assert_eq!(
            names("class A(B):\n    x = f(A)\nclass B: pass\ndef f(x): return unknown\n"),
            ["B", "f", "A"]
        );
    }

    #[test]
    fn what_is_bound_in_any_way_is_defined() {
        let source = "import a.b, c as d\nx = [e for e in a]\nfor y, z in x: print(y, z, d)\ntry:\n    import q\nexcept ImportError as w:\n    q = nothing\nv = lambda k: k\nclass N:\n    i = 1\n    j: List[int] = i\n";
        assert_eq!(names(source), Vec::<String>::new());
    }
}
