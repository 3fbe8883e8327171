//! Runs the models file, as far as its methods, constants and enumerations are concerned. What its classes mean to the ORM is known already.

use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_python_parser::parse_module;
use throughline_order::Gather as _;

use super::opaque::{Opaque, opaque};
use super::{World, enums};
use crate::Machine;
use crate::eval::{Scope, refuse};
use crate::orm::Runtime;
use crate::value::{Args, Class, Hooks, Outcome, Value};

/// Runs the models source: makes a class for every model, and the module that scripts import the models from.
pub(crate) fn load(
    machine: &mut Machine,
    world: &Rc<World>,
    runtime: &'static dyn Runtime,
    source: &str,
) {
    let scope = Scope::script();
    if let Ok(parsed) = parse_module(source) {
        for statement in &parsed.into_syntax().body {
            match statement {
                Stmt::ClassDef(def) => class(machine, world, runtime, def, &scope),
                Stmt::Import(_) | Stmt::ImportFrom(_) => imported(machine, statement, &scope),
                other => {
                    // What fails in a models file has failed there before: the script goes on without it.
                    let _ = machine.statement(other, &scope);
                }
            }
        }
    }
    for model in &world.models {
        if world.class(model.at).is_none() {
            let class = Rc::new(model_class(world, runtime, model.at, &model.name));
            world.set_class(model.at, class);
        }
    }
    let module = Class::new("models", "", &[]);
    for name in scope.names() {
        match scope.get(&name) {
            Some(value) if !Opaque::is(&value) => {
                module.set(&name, value.clone());
                machine.scope.set(&name, value);
            }
            Some(_) => {
                machine.unknown.insert(name);
            }
            None => {}
        }
    }
    machine.modules.insert("".into(), Rc::new(module));
}

fn model_class(world: &Rc<World>, runtime: &'static dyn Runtime, at: usize, name: &str) -> Class {
    let mut class = Class::new(name, "models", &[]);
    class.hooks = Some(runtime.hooks(world, at));
    class
}

/// Imports bind what is there, and a nothing for all else.
fn imported(machine: &mut Machine, statement: &Stmt, scope: &Rc<Scope>) {
    match statement {
        Stmt::Import(import) => {
            for alias in &import.names {
                let one =
                    ruff_python_ast::StmtImport { names: vec![alias.clone()], ..import.clone() };
                if machine.import(&one, scope).is_err() {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    scope.set(name.split('.').next().unwrap_or(name), opaque());
                }
            }
        }
        Stmt::ImportFrom(import) => {
            for alias in &import.names {
                let one = ruff_python_ast::StmtImportFrom {
                    names: vec![alias.clone()],
                    ..import.clone()
                };
                if machine.import_from(&one, scope).is_err() {
                    scope.set(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), opaque());
                }
            }
        }
        _ => {}
    }
}

/// Where a model's class keeps its `Meta`.
pub(crate) const META: &str = " Meta";

/// Where a model's class keeps the names that its body binds to what is not run here.
pub(crate) const OTHERS: &str = " others";

/// A class with a parent that is not here.
struct Partly;

impl Hooks for Partly {
    fn construct(&self, _: &mut Machine, class: &Rc<Class>, _: Args) -> Outcome<Option<Value>> {
        Err(refuse(format!(
            "`{}` derives from a class that is not here, so no instance of it can be made.",
            class.name
        )))
    }
}

/// Makes a class: of a model, an enumeration, or a mixin.
fn class(
    machine: &mut Machine,
    world: &Rc<World>,
    runtime: &'static dyn Runtime,
    def: &StmtClassDef,
    scope: &Rc<Scope>,
) {
    let name = def.name.as_str();
    let written = def.arguments.as_deref().map_or(&[][..], |arguments| &arguments.args);
    let inside = Scope::call(scope, Rc::default());
    for statement in &def.body {
        match statement {
            Stmt::ClassDef(inner) => class(machine, world, runtime, inner, &inside),
            Stmt::FunctionDef(function) => {
                let made = machine.statement(statement, &inside);
                if made.is_err() {
                    inside.set(function.name.as_str(), opaque());
                }
            }
            other => {
                let _ = machine.statement(other, &inside);
            }
        }
    }
    // In the order of the body: members of an enumeration have one.
    let bound: Vec<(Rc<str>, Value)> = ordered(&def.body)
        .into_iter()
        .filter_map(|name| Some((name.into(), inside.get(name)?)))
        .gather();
    if let Some(mixed) = enums::named(written) {
        scope.set(name, Value::Class(enums::of(name, mixed, bound)));
        return;
    }
    let mut unknown = false;
    let parents: Vec<Rc<Class>> = written
        .iter()
        .filter_map(|base| match machine.eval(base, scope) {
            Ok(Value::Class(class)) if &*class.module != "builtins" => Some(class),
            other => {
                unknown |= matches!(other, Ok(value) if Opaque::is(&value));
                None
            }
        })
        .gather();
    let mut made = Class::new(name, "models", &parents);
    if made.hooks.is_none() && unknown {
        made.hooks = Some(Rc::new(Partly));
    }
    if let Some(at) = world.find(name) {
        made.hooks = Some(runtime.hooks(world, at));
    }
    let fields = world.named(name).cloned();
    // What is nothing here and no column either: generic relations.
    let others = bound.iter().filter(|(name, value)| {
        let known = fields.as_ref().is_some_and(|model| model.field(name).is_some());
        Opaque::is(value) && !known
    });
    let others: Vec<Value> = others.map(|(name, _)| Value::Str(name.clone())).gather();
    made.set(OTHERS, Value::tuple(others));
    for (name, value) in bound {
        let is_field = fields
            .as_ref()
            .is_some_and(|model| model.field(&name).is_some() || model.relation(&name).is_some());
        if &*name == "Meta" {
            // Not an attribute: what it says beyond names is asked for under a name that no script has.
            made.set(META, value);
        } else if !is_field && !Opaque::is(&value) {
            made.set(&name, value);
        }
    }
    let made = Rc::new(made);
    inside.set(crate::eval::CLASS, Value::Class(made.clone()));
    if let Some(at) = world.find(name) {
        world.set_class(at, made.clone());
    }
    scope.set(name, Value::Class(made));
}

/// The names that a class body binds at its own level, in order.
fn ordered(body: &[Stmt]) -> Vec<&str> {
    let mut out = Vec::new();
    for statement in body {
        match statement {
            Stmt::FunctionDef(function) => out.push(function.name.as_str()),
            Stmt::ClassDef(class) => out.push(class.name.as_str()),
            Stmt::Assign(assign) => {
                out.extend(assign.targets.iter().filter_map(|target| match target {
                    Expr::Name(name) => Some(name.id.as_str()),
                    _ => None,
                }))
            }
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    out.push(name.id.as_str());
                }
            }
            _ => {}
        }
    }
    out
}
