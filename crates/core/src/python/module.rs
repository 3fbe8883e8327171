//! Statements that bind names: imports, assignments, functions, classes.

use rustc_hash::FxHashMap;

use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtImportFrom};
use ruff_text_size::Ranged;

use super::{Bound, Class, Scope, dotted, enums, eval, fold, init, span};
use crate::document::{Import, Value};

/// The bodies of a compound statement that would run when the file is imported: of `if` the branch whose condition is
/// known to hold (all of them where that is unknown), of `try` everything but the handlers. `None` for other statements.
pub fn blocks<'a>(statement: &'a Stmt, scope: &Scope, source: &str) -> Option<Vec<&'a [Stmt]>> {
    match statement {
        Stmt::If(choice) => {
            let mut out: Vec<&[Stmt]> = Vec::new();
            let clauses =
                choice.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
            for (test, body) in std::iter::once((Some(&*choice.test), &choice.body)).chain(clauses)
            {
                match test.map_or(Some(true), |test| fold::truth(&eval(test, scope, source))) {
                    Some(false) => {}
                    Some(true) => {
                        out.push(body);
                        break;
                    }
                    None => out.push(body),
                }
            }
            Some(out)
        }
        Stmt::Try(attempt) => Some(vec![&attempt.body, &attempt.orelse, &attempt.finalbody]),
        Stmt::With(with) => Some(vec![&with.body]),
        _ => None,
    }
}

/// The names and the value of an assignment with plain names on its left: `a = b = 1`, `a: int = 1`.
pub fn assigned(statement: &Stmt) -> Option<(Vec<&Expr>, &Expr)> {
    let is_name = |expr: &&Expr| matches!(expr, Expr::Name(name) if !name.id.is_empty());
    match statement {
        Stmt::Assign(assign) => {
            Some((assign.targets.iter().filter(is_name).collect(), &assign.value))
        }
        Stmt::AnnAssign(assign) => {
            let value = assign.value.as_deref()?;
            Some((std::iter::once(&*assign.target).filter(is_name).collect(), value))
        }
        _ => None,
    }
}

/// Binds what a simple statement binds. Imports are also listed, in `imports`.
pub fn bind(statement: &Stmt, scope: &mut Scope, source: &str, imports: &mut Vec<Import>) {
    match statement {
        Stmt::Import(import) => {
            for alias in &import.names {
                let path = alias.name.id.as_str().to_owned();
                // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
                let (name, path) = match &alias.asname {
                    Some(asname) => (asname.id.as_str().to_owned(), path),
                    None => {
                        let root = path.split('.').next().unwrap_or_default().to_owned();
                        (root.clone(), root)
                    }
                };
                add(name, path, span(import.range), scope, imports);
            }
        }
        Stmt::ImportFrom(import) => bind_from(import, scope, imports),
        Stmt::FunctionDef(function) => scope.bind(function.name.id.as_str(), Bound::Opaque),
        Stmt::Assign(_) | Stmt::AnnAssign(_) => {
            let Some((targets, value)) = assigned(statement) else { return };
            let bound = bound(value, scope, source);
            for target in targets {
                if let Expr::Name(name) = target {
                    scope.bind(name.id.as_str(), bound.clone());
                }
            }
            bind_unpacked(statement, scope, source);
        }
        Stmt::AugAssign(assign) => {
            if let Expr::Name(name) = &*assign.target {
                let before = eval(&assign.target, scope, source);
                let folded = fold::binary(assign.op, &before, &eval(&assign.value, scope, source));
                scope.bind(name.id.as_str(), folded.map_or(Bound::Opaque, Bound::Value));
            }
        }
        _ => {}
    }
}

/// `A, B = 1, 2`.
fn bind_unpacked(statement: &Stmt, scope: &mut Scope, source: &str) {
    let Stmt::Assign(assign) = statement else { return };
    for target in &assign.targets {
        let Expr::Tuple(names) = target else { continue };
        let Value::List(values) = eval(&assign.value, scope, source) else { continue };
        for (name, value) in names.elts.iter().zip(values) {
            if let Expr::Name(name) = name {
                scope.bind(name.id.as_str(), Bound::Value(value));
            }
        }
    }
}

fn bound(value: &Expr, scope: &Scope, source: &str) -> Bound {
    if let Some(Bound::Class(class)) = dotted(value).and_then(|path| scope.lookup(&path)) {
        return Bound::Class(class);
    }
    match eval(value, scope, source) {
        Value::Name(path) => Bound::Path(path),
        value => Bound::Value(value),
    }
}

fn bind_from(import: &StmtImportFrom, scope: &mut Scope, imports: &mut Vec<Import>) {
    let dots = ".".repeat(import.level as usize);
    let module =
        import.module.as_ref().map(|module| module.id.as_str().to_owned()).unwrap_or_default();
    for alias in import.names.iter().filter(|alias| !alias.name.id.is_empty()) {
        let separator = if module.is_empty() { "" } else { "." };
        let path = format!("{dots}{module}{separator}{}", alias.name.id);
        let name = alias.asname.as_ref().unwrap_or(&alias.name).id.as_str().to_owned();
        add(name, path, span(import.range()), scope, imports);
    }
}

fn add(
    name: String,
    path: String,
    span: crate::document::Span,
    scope: &mut Scope,
    imports: &mut Vec<Import>,
) {
    if name != "*" {
        scope.bind(name.clone(), Bound::Path(path.clone()));
    }
    imports.push(Import { name, path, span });
}

/// Reads a class that is no model: an enumeration, a field class, a mixin.
pub fn class(def: &StmtClassDef, scope: &mut Scope, source: &str) -> Class {
    scope.enter();
    let mut ignored = Vec::new();
    for statement in &def.body {
        if let Stmt::ClassDef(inner) = statement {
            let class = class(inner, scope, source);
            scope.bind(inner.name.id.as_str(), Bound::Class(class.into()));
        } else {
            bind(statement, scope, source, &mut ignored);
        }
    }
    close_class(def, scope, source)
}

/// Leaves the body of a class that was entered and bound statement by statement; gives what is known of the class.
pub fn close_class(def: &StmtClassDef, scope: &mut Scope, source: &str) -> Class {
    let bases = bases(def, scope);
    let members = enums::kind_of(&bases, scope).map(|kind| {
        let plain = |statement: &Stmt| {
            let (targets, value) = assigned(statement)?;
            let [Expr::Name(name)] = targets.as_slice() else { return None };
            Some((name.id.as_str().to_owned(), eval(value, scope, source)))
        };
        enums::members(kind, &def.body.iter().filter_map(plain).collect::<Vec<_>>())
    });
    let mut names: FxHashMap<String, Bound> = scope.leave();
    if let Some(members) = &members {
        enums::bind_members(members, &mut names);
    }
    let returns =
        def.body.iter().filter_map(|statement| returned(statement, scope, source)).collect();
    let init = def.body.iter().find_map(|statement| match statement {
        Stmt::FunctionDef(function) if function.name.id == "__init__" => {
            Some((init::presets(function, scope, source), init::signature(function, scope, source)))
        }
        _ => None,
    });
    let (init, signature) =
        init.map_or_else(|| (Vec::new(), None), |(init, signature)| (init, Some(signature)));
    Class { bases, names, members, returns, init, signature }
}

/// A function of one statement that returns a constant.
fn returned(statement: &Stmt, scope: &Scope, source: &str) -> Option<(String, Value)> {
    let Stmt::FunctionDef(function) = statement else { return None };
    let [Stmt::Return(returned)] = function.body.as_slice() else { return None };
    Some((function.name.id.as_str().to_owned(), eval(returned.value.as_deref()?, scope, source)))
}

/// The base classes as dotted paths, imports followed.
fn bases(def: &StmtClassDef, scope: &Scope) -> Vec<String> {
    let arguments = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
    arguments.filter_map(|base| dotted(base).map(|path| scope.resolve(&path))).collect()
}
