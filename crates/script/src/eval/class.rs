//! Classes that a script defines: plain ones, exceptions, enumerations, and models where the ORM's runtime can make one.

use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt, StmtClassDef};

use super::{Machine, Scope, raise, refuse};
use crate::value::{Class, Names, Outcome, Value};
use crate::world::enums;

impl Machine {
    /// `class Name(Base): …`
    pub(crate) fn class_statement(&mut self, def: &StmtClassDef, scope: &Rc<Scope>) -> Outcome<()> {
        let arguments = def.arguments.as_deref();
        if arguments.is_some_and(|arguments| !arguments.keywords.is_empty()) {
            return Err(refuse("Keywords of a class are not supported here."));
        }
        let written = arguments.map_or(&[][..], |arguments| &arguments.args);
        let mut bases = Vec::new();
        if enums::named(written).is_none() {
            for base in written {
                bases.push(self.eval(base, scope)?);
            }
        }
        let inside = Scope::call(scope, Rc::default());
        let mut names = Names::default();
        for statement in &def.body {
            match statement {
                Stmt::ClassDef(inner) => self.class_statement(inner, &inside)?,
                other => {
                    self.statement(other, &inside)?;
                }
            }
            for name in inside.names() {
                if let (false, Some(value)) = (names.contains_key(&name), inside.get(&name)) {
                    names.insert(name, value);
                }
            }
        }
        // What was bound twice has its last value.
        for (name, value) in &mut names {
            if let Some(last) = inside.get(name) {
                *value = last;
            }
        }
        let mut made = match enums::named(written) {
            Some(kind) => Value::Class(enums::of(def.name.as_str(), kind, names)),
            None => self.new_class(def.name.as_str(), &bases, names)?,
        };
        inside.set(super::CLASS, made.clone());
        for decorator in def.decorator_list.iter().rev() {
            let decorator = self.eval(&decorator.expression, scope)?;
            made = self.call(&decorator, crate::Args::one(made))?;
        }
        scope.assign(def.name.as_str(), made);
        Ok(())
    }

    /// `type(name, bases, names)`
    pub(crate) fn new_class(&mut self, name: &str, bases: &[Value], names: Names) -> Outcome {
        let mut parents: Vec<Rc<Class>> = Vec::new();
        for base in bases {
            match base {
                Value::Class(class) => parents.push(class.clone()),
                other => {
                    return Err(refuse(format!(
                        "A class cannot be derived from `{}` here: models are declared in the models file.",
                        other.type_name()
                    )));
                }
            }
        }
        let hooks = parents.iter().find_map(|parent| parent.hooks.clone());
        if let Some(hooks) = hooks {
            let made = self.deeper(|machine| hooks.derive(machine, name, &parents, names))?;
            return made.map(Value::Class).ok_or_else(|| {
                refuse("Models cannot be declared here: they are declared in the models file.")
            });
        }
        let built_in = |class: &Rc<Class>| {
            &*class.module == "builtins" && !class.derives_from("BaseException")
        };
        if parents.iter().any(|parent| built_in(parent) && &*parent.name != "object") {
            return Err(refuse("Classes that derive from a built-in one are not supported here."));
        }
        let raised = parents.iter().any(|parent| parent.derives_from("BaseException"));
        if raised && names.contains_key("__init__") {
            return Err(refuse("An exception's own `__init__` is not supported here."));
        }
        parents.retain(|parent| &*parent.name != "object");
        let made = Class::new(name, "__main__", &parents);
        *made.names.borrow_mut() = names;
        Ok(Value::Class(Rc::new(made)))
    }

    /// The names of a class that is made by a call.
    pub(crate) fn class_names(&mut self, given: &Value) -> Outcome<Names> {
        let mut names = Names::default();
        for (name, value) in self.mapping(given)? {
            let Value::Str(name) = name else {
                return Err(raise("TypeError", "type.__new__() argument 3 must be dict"));
            };
            names.insert(name, value);
        }
        Ok(names)
    }
}

/// A dotted path, as it is written.
pub(crate) fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => {
            Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr))
        }
        _ => None,
    }
}
