//! Joins: which foreign key they go along, and where their rows come.

use std::rc::Rc;

use super::node::{Node, Source};
use super::query::{Branch, Joined, Query};
use crate::eval::raise;
use crate::value::Outcome;
use crate::world::{Model, Relation};

/// What `join(…)` is given.
pub(super) struct Wanted {
    pub(super) to: Source,
    pub(super) kind: &'static str,
    pub(super) on: Option<Node>,
    pub(super) from: Option<Source>,
    pub(super) attribute: Option<Rc<str>>,
}

/// A foreign key between two models, and whether it is the joined one that has it.
struct Found {
    name: Rc<str>,
    to_field: Rc<str>,
    back: bool,
}

impl Query {
    /// Adds a join.
    ///
    /// # Errors
    /// `ValueError` where it is not clear along which foreign key.
    pub(super) fn join(&mut self, wanted: Wanted) -> Outcome<()> {
        let from = wanted.from.unwrap_or_else(|| self.context.clone());
        let to = wanted.to;
        let (mut attribute, mut on) = (wanted.attribute, wanted.on);
        if let Some(Node::Alias(inner, name)) = on {
            attribute = attribute.or(Some(name));
            on = Some(*inner);
        }
        let (Some(near), Some(far)) =
            (self.session.model(from.model()), self.session.model(to.model()))
        else {
            return Err(raise("ValueError", "No sources to join on."));
        };
        // A field in place of a condition says which foreign key.
        let field = match &on {
            Some(Node::Field(_, name)) => Some(name.clone()),
            _ => None,
        };
        if field.is_some() {
            on = None;
        }
        let found = self.between(&near, &far, field.as_deref(), on.as_ref())?;
        let on = match (on, &found) {
            (Some(on), _) => on,
            (None, Some(found)) if found.back => Node::binary(
                "=",
                Node::Field(to.clone(), found.name.clone()),
                Node::Field(from.clone(), found.to_field.clone()),
            ),
            (None, Some(found)) => Node::binary(
                "=",
                Node::Field(from.clone(), found.name.clone()),
                Node::Field(to.clone(), found.to_field.clone()),
            ),
            (None, None) => return Err(unable(&near, &far)),
        };
        let attribute = attribute.unwrap_or_else(|| match &found {
            Some(found) if !found.back => found.name.clone(),
            _ => far.name.to_lowercase().into(),
        });
        let outer = wanted.kind.contains("LEFT") || wanted.kind.contains("FULL");
        self.tree.push(Branch { from, to: to.clone(), attribute, outer });
        self.joins.push(Joined { kind: wanted.kind, source: to.clone(), on });
        self.context = to;
        Ok(())
    }

    fn between(
        &self,
        near: &Model,
        far: &Model,
        field: Option<&str>,
        on: Option<&Node>,
    ) -> Outcome<Option<Found>> {
        let session = &self.session;
        let mut keys = session.keys(near, far);
        let back = keys.is_empty();
        if back {
            keys = session.keys(far, near);
        }
        if keys.is_empty() {
            return if on.is_some() { Ok(None) } else { Err(unable(near, far)) };
        }
        let found = |relation: &Relation, back: bool| {
            let (_, to_field) = session.referred(relation)?;
            Some(Found { name: relation.name.clone(), to_field, back })
        };
        if let Some(field) = field {
            keys.retain(|relation| {
                &*relation.name == field
                    || back && session.referred(relation).is_some_and(|(_, name)| *name == *field)
            });
        }
        if let [only] = keys.as_slice() {
            return Ok(found(only, back));
        }
        if let Some(on) = on {
            // The foreign key that the condition compares.
            let Node::Binary(_, left, right) = on else { return Ok(None) };
            let named = [left, right].into_iter().find_map(|side| match side.bare() {
                Node::Field(_, name) => keys.iter().find(|relation| relation.name == *name),
                _ => None,
            });
            return Ok(named.and_then(|relation| found(relation, false)));
        }
        let wanted = far.name.to_lowercase();
        if let Some(named) = keys.iter().find(|relation| *relation.name == *wanted) {
            return Ok(found(named, back));
        }
        Err(raise(
            "ValueError",
            format!(
                "More than one foreign key between <Model: {}> and <Model: {}>. Please specify which you are joining on.",
                near.name, far.name
            ),
        ))
    }
}

fn unable(near: &Model, far: &Model) -> Box<crate::Raised> {
    raise(
        "ValueError",
        format!(
            "Unable to find foreign key between <Model: {}> and <Model: {}>. Please specify an explicit join condition.",
            near.name, far.name
        ),
    )
}
