//! Imports: of what is there; anything else is refused by name.

use std::rc::Rc;

use ruff_python_ast::{StmtImport, StmtImportFrom};

use super::{Machine, Raised, Scope, raise, refuse};
use crate::value::{Class, Outcome, Value};

impl Machine {
    pub(crate) fn import(&mut self, statement: &StmtImport, scope: &Rc<Scope>) -> Outcome<()> {
        for alias in &statement.names {
            let path = alias.name.as_str();
            let module = self.module(path)?;
            match &alias.asname {
                Some(name) => scope.assign(name.as_str(), Value::Module(module)),
                None => {
                    let root = path.split('.').next().unwrap_or(path);
                    let module = self.module(root)?;
                    scope.assign(root, Value::Module(module));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn import_from(
        &mut self,
        statement: &StmtImportFrom,
        scope: &Rc<Scope>,
    ) -> Outcome<()> {
        let path = statement.module.as_ref().map(|module| module.as_str()).unwrap_or_default();
        if path == "__future__" {
            return Ok(());
        }
        let found = if statement.level > 0 { None } else { self.modules.get(path).cloned() };
        for alias in &statement.names {
            let name = alias.name.as_str();
            let target = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            let inside = format!("{path}.{name}");
            let value = match &found {
                Some(module) => module
                    .get(name)
                    .or_else(|| self.modules.get(inside.as_str()).cloned().map(Value::Module)),
                None => None,
            };
            if let Some(value) = value {
                scope.assign(target, value);
                continue;
            }
            if name == "*" {
                if let Some(module) = &found {
                    for (name, value) in module.names.borrow().iter() {
                        scope.assign(name, value.clone());
                    }
                }
                continue;
            }
            // The models, whatever the package is called that they stand in.
            if found.is_none() && !self.is_library(path) {
                match self.models_module().and_then(|models| models.get(name)) {
                    Some(value) => {
                        scope.assign(target, value);
                        continue;
                    }
                    None if name == "models" => {
                        if let Some(models) = self.models_module() {
                            scope.assign(target, Value::Module(models));
                            continue;
                        }
                    }
                    None => {}
                }
            }
            return Err(match &found {
                // What a library has and this has not is no mistake of the script.
                Some(_) if self.is_library(path) => {
                    refuse(format!("`{name}` of `{path}` is not supported here."))
                }
                Some(_) => {
                    raise("ImportError", format!("cannot import name '{name}' from '{path}'"))
                }
                None => self.not_here(path),
            });
        }
        Ok(())
    }

    fn module(&self, path: &str) -> Outcome<Rc<Class>> {
        if let Some(module) = self.modules.get(path) {
            return Ok(module.clone());
        }
        match self.models_module() {
            Some(models)
                if !self.is_library(path) && (path == "models" || path.ends_with(".models")) =>
            {
                Ok(models)
            }
            _ => Err(self.not_here(path)),
        }
    }

    /// Of a module that cannot be imported: Python's exception where a program would not have it either, else a refusal.
    fn not_here(&self, path: &str) -> Box<Raised> {
        let root = path.split('.').next().unwrap_or(path);
        if self.absent.contains(&root) {
            return raise("ModuleNotFoundError", format!("No module named '{root}'"));
        }
        refuse(format!(
            "`{path}` is not here: a script can import the ORM, the models, and `datetime`, `decimal`, `uuid` and the like."
        ))
    }

    /// The module that the project's models are in.
    fn models_module(&self) -> Option<Rc<Class>> {
        self.modules.get("").cloned()
    }

    /// Whether a path leads into the ORM or the standard library.
    fn is_library(&self, path: &str) -> bool {
        let root = path.split('.').next().unwrap_or(path);
        self.modules.contains_key(root)
    }
}
