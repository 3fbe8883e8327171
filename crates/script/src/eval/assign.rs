//! Assignments.

use std::rc::Rc;

use ruff_python_ast::{Expr, StmtAugAssign};
use ruff_text_size::Ranged;
use throughline_order::Gather as _;

use super::statement::span;
use super::{Machine, Scope, raise, refuse};
use crate::value::{Outcome, Value};

impl Machine {
    /// `target = value`
    pub(crate) fn assign(&mut self, target: &Expr, value: Value, scope: &Rc<Scope>) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                scope.assign(name.id.as_str(), value);
                Ok(())
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, &value, scope),
            Expr::List(list) => self.unpack(&list.elts, &value, scope),
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value, scope)?;
                self.set_attribute(&owner, attribute.attr.as_str(), value)
                    .map_err(|raised| raised.at(span(attribute.range())))
            }
            Expr::Subscript(subscript) => {
                let whole = self.eval(&subscript.value, scope)?;
                let key = self.eval(&subscript.slice, scope)?;
                self.set_item(&whole, &key, value)
            }
            other => Err(refuse("This cannot be assigned to.").at(span(other.range()))),
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: &Value, scope: &Rc<Scope>) -> Outcome<()> {
        let items = match value {
            Value::Tuple(items) => items.to_vec(),
            Value::List(items) => items.borrow().clone(),
            other => match self.iterate(other) {
                Ok(items) => self.all(&items)?,
                Err(_) => {
                    return Err(raise(
                        "TypeError",
                        format!("cannot unpack non-iterable {} object", other.type_name()),
                    ));
                }
            },
        };
        let starred = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        let (count, wanted) = (items.len(), targets.len());
        match starred {
            None if count > wanted => {
                Err(raise("ValueError", format!("too many values to unpack (expected {wanted})")))
            }
            None if count < wanted => Err(raise(
                "ValueError",
                format!("not enough values to unpack (expected {wanted}, got {count})"),
            )),
            None => targets
                .iter()
                .zip(items)
                .try_for_each(|(target, item)| self.assign(target, item, scope)),
            Some(_) if count + 1 < wanted => Err(raise(
                "ValueError",
                format!(
                    "not enough values to unpack (expected at least {}, got {count})",
                    wanted - 1
                ),
            )),
            Some(at) => {
                let mut items = items.into_iter();
                let many = count + 1 - wanted;
                for (place, target) in targets.iter().enumerate() {
                    match target {
                        Expr::Starred(starred) if place == at => {
                            let rest = items.by_ref().take(many).gather();
                            self.assign(&starred.value, Value::list(rest), scope)?;
                        }
                        target => {
                            let item = items.next().unwrap_or(Value::None);
                            self.assign(target, item, scope)?;
                        }
                    }
                }
                Ok(())
            }
        }
    }

    /// `target += value`: a list grows in place.
    pub(crate) fn augmented(
        &mut self,
        statement: &StmtAugAssign,
        scope: &Rc<Scope>,
    ) -> Outcome<()> {
        let op = statement.op.as_str();
        match &*statement.target {
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value, scope)?;
                let before = self.attribute(&owner, attribute.attr.as_str())?;
                let value = self.eval(&statement.value, scope)?;
                let after = self.in_place(op, &before, &value)?;
                self.set_attribute(&owner, attribute.attr.as_str(), after)
            }
            Expr::Subscript(subscript) => {
                let whole = self.eval(&subscript.value, scope)?;
                let key = self.eval(&subscript.slice, scope)?;
                let before = self.item(&whole, &key)?;
                let value = self.eval(&statement.value, scope)?;
                let after = self.in_place(op, &before, &value)?;
                self.set_item(&whole, &key, after)
            }
            target => {
                let before = self.eval(target, scope)?;
                let value = self.eval(&statement.value, scope)?;
                let after = self.in_place(op, &before, &value)?;
                self.assign(target, after, scope)
            }
        }
    }

    fn in_place(&mut self, op: &'static str, before: &Value, value: &Value) -> Outcome {
        match (before, op) {
            (Value::List(items), "+") => {
                let more = self.iterate(value)?;
                let more = self.all(&more)?;
                self.fits(items.borrow().len() + more.len())?;
                items.borrow_mut().extend(more);
                Ok(before.clone())
            }
            (Value::Dict(dict), "|") if matches!(value, Value::Dict(_)) => {
                let Value::Dict(other) = value else { return Ok(before.clone()) };
                let other = other.borrow().clone();
                for (key, written, value) in other.entries() {
                    dict.borrow_mut().insert(key.clone(), written.clone(), value.clone());
                }
                Ok(before.clone())
            }
            _ => self.binary_named(op, before, value, &format!("{op}=")),
        }
    }
}
