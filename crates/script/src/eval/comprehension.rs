//! Comprehensions and generator expressions.

use std::rc::Rc;

use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::Ranged;

use super::statement::span;
use super::{Machine, Scope};
use crate::value::{Dict, Each, Iterate, Outcome, Set, Value};

impl Machine {
    pub(crate) fn comprehension(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Outcome {
        match expr {
            Expr::ListComp(list) => {
                let mut out = Vec::new();
                self.nested(&list.generators, scope, &mut |machine, scope| {
                    out.push(machine.eval(&list.elt, scope)?);
                    machine.fits(out.len())
                })?;
                Ok(Value::list(out))
            }
            Expr::SetComp(set) => {
                let mut out = Set::default();
                self.nested(&set.generators, scope, &mut |machine, scope| {
                    let item = machine.eval(&set.elt, scope)?;
                    out.insert(machine.key(&item)?, item);
                    Ok(())
                })?;
                Ok(Value::set(out))
            }
            Expr::DictComp(dict) => {
                let mut out = Dict::default();
                self.nested(&dict.generators, scope, &mut |machine, scope| {
                    let (key, value) = match &dict.key {
                        Some(key) => (machine.eval(key, scope)?, machine.eval(&dict.value, scope)?),
                        None => {
                            return Err(super::refuse(
                                "`**` in a comprehension is not supported here.",
                            ));
                        }
                    };
                    out.insert(machine.key(&key)?, key, value);
                    Ok(())
                })?;
                Ok(Value::dict(out))
            }
            Expr::Generator(generator) => {
                // The first iterable is evaluated at once, all else when items are asked for.
                let Some(first) = generator.generators.first() else { return Ok(Value::None) };
                let source = self.eval(&first.iter, scope)?;
                let source = if first.is_async {
                    self.iterate_async(&source)?
                } else {
                    self.iterate(&source)?
                };
                let state = Generator {
                    element: Rc::new((*generator.elt).clone()),
                    clauses: generator.generators.clone().into(),
                    scope: Scope::comprehension(scope),
                    stack: vec![source],
                };
                Ok(Value::Iter(Rc::new(Each::new("generator", state))))
            }
            other => self.eval(other, scope),
        }
    }

    fn nested(
        &mut self,
        clauses: &[Comprehension],
        scope: &Rc<Scope>,
        each: &mut dyn FnMut(&mut Self, &Rc<Scope>) -> Outcome<()>,
    ) -> Outcome<()> {
        let inner = Scope::comprehension(scope);
        self.clauses(clauses, scope, &inner, each)
    }

    fn clauses(
        &mut self,
        clauses: &[Comprehension],
        outer: &Rc<Scope>,
        scope: &Rc<Scope>,
        each: &mut dyn FnMut(&mut Self, &Rc<Scope>) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some((clause, rest)) = clauses.split_first() else { return each(self, scope) };
        let place = span(clause.iter.range());
        let items = self.eval(&clause.iter, outer)?;
        let items = if clause.is_async { self.iterate_async(&items) } else { self.iterate(&items) }
            .map_err(|raised| raised.at(place))?;
        while let Some(item) = items.next(self).map_err(|raised| raised.at(place))? {
            self.assign_in(&clause.target, item, scope)?;
            if self.holds(&clause.ifs, scope)? {
                self.clauses(rest, scope, scope, each)?;
            }
        }
        Ok(())
    }

    fn holds(&mut self, conditions: &[Expr], scope: &Rc<Scope>) -> Outcome<bool> {
        for condition in conditions {
            let value = self.eval(condition, scope)?;
            if !self.truth(&value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Binds a comprehension's own names.
    fn assign_in(&mut self, target: &Expr, item: Value, scope: &Rc<Scope>) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                scope.set(name.id.as_str(), item);
                Ok(())
            }
            other => self.assign(other, item, scope),
        }
    }
}

/// A generator expression that waits for its next item.
struct Generator {
    element: Rc<Expr>,
    clauses: Rc<[Comprehension]>,
    scope: Rc<Scope>,
    /// The iterators of the clauses that are entered.
    stack: Vec<Rc<Each>>,
}

impl Iterate for Generator {
    fn next(&mut self, machine: &mut Machine) -> Outcome<Option<Value>> {
        let clauses = self.clauses.clone();
        while let Some(each) = self.stack.last().cloned() {
            let depth = self.stack.len();
            let (Some(item), Some(clause)) = (each.next(machine)?, clauses.get(depth - 1)) else {
                self.stack.pop();
                continue;
            };
            machine.assign_in(&clause.target, item, &self.scope)?;
            if !machine.holds(&clause.ifs, &self.scope)? {
                continue;
            }
            match clauses.get(depth) {
                Some(deeper) => {
                    let items = machine.eval(&deeper.iter, &self.scope)?;
                    let items = if deeper.is_async {
                        machine.iterate_async(&items)?
                    } else {
                        machine.iterate(&items)?
                    };
                    self.stack.push(items);
                }
                None => {
                    let (element, scope) = (self.element.clone(), self.scope.clone());
                    return machine.eval(&element, &scope).map(Some);
                }
            }
        }
        Ok(None)
    }
}
