//! The names of the other sides, so that none is taken twice.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::Expr;

use super::*;
use crate::document::RelationKind;

impl Fitter<'_> {
    /// How many relations reserve a name on their target.
    fn reserved(&self, schema: &Schema) -> HashMap<(String, String), usize> {
        let mut out = HashMap::new();
        for model in &schema.models {
            let Some(name) = (self.writer.reserved_on_target)(&model.name) else { continue };
            for field in &model.fields {
                let target = match &field.shape {
                    Shape::Column(_) => continue,
                    Shape::Key(key) => &key.target,
                    Shape::Many(many) => &many.target,
                };
                *out.entry((target.clone(), name.clone())).or_default() += 1;
            }
        }
        out
    }

    pub(super) fn reverse_names(&mut self, schema: &mut Schema, names: Names) {
        let tables = tables(schema);
        let mut taken: HashMap<String, HashSet<String>> = schema
            .models
            .iter()
            .map(|model| {
                (model.name.clone(), model.fields.iter().map(|field| field.name.clone()).collect())
            })
            .collect();
        let reserved = self.reserved(schema);
        let shares = self.writer.cannot(Feature::SharedReverse).is_none();
        let mut given: HashSet<(String, String)> = HashSet::new();
        // What the user chose comes first: defaults give way to it.
        for chosen in [true, false] {
            for model in &mut schema.models {
                let (name, table) = (model.name.clone(), model.table.clone());
                for field in &mut model.fields {
                    let (target, kind, hidden, reverse) = match &mut field.shape {
                        Shape::Column(_) => continue,
                        Shape::Key(key) => {
                            let kind = if key.one_to_one {
                                RelationKind::OneToOne
                            } else {
                                RelationKind::ForeignKey
                            };
                            (&key.target, kind, Feature::HiddenKey, &mut key.reverse)
                        }
                        // Both sides are one field.
                        Shape::Many(many) if many.symmetrical => continue,
                        Shape::Many(many) => (
                            &many.target,
                            RelationKind::ManyToMany,
                            Feature::HiddenMany,
                            &mut many.reverse,
                        ),
                    };
                    if reverse.declared != chosen {
                        continue;
                    }
                    let ends = ends(&name, &table, &field.name, target, &tables);
                    let own = (self.writer.reverse)(&ends, kind);
                    if reverse.query_declared
                        && self.lacks(
                            Feature::QueryName,
                            &name,
                            Some(&field.name),
                            "A name of its own in filters",
                        )
                    {
                        reverse.query_declared = false;
                    }
                    let keeps = reverse.declared || (names == Names::Keep && !self.same);
                    let wanted = match (&reverse.accessor, keeps) {
                        (Some(accessor), true) => accessor.clone(),
                        (None, _) if reverse.hidden() => {
                            if !self.lacks(
                                hidden,
                                &name,
                                Some(&field.name),
                                "A relation without a reverse side",
                            ) {
                                continue;
                            }
                            own.accessor.clone().unwrap_or_default()
                        }
                        _ => match (&reverse.accessor, self.same) {
                            (Some(accessor), true) => accessor.clone(),
                            _ => own.accessor.clone().unwrap_or_default(),
                        },
                    };
                    let reserved = |wanted: &str| {
                        let own = (self.writer.reserved_on_target)(&name);
                        let all = reserved.get(&(target.clone(), wanted.to_owned())).copied();
                        all.unwrap_or_default() > usize::from(own.as_deref() == Some(wanted))
                    };
                    let Some(names) = taken.get_mut(target) else { continue };
                    let default_query = own.accessor.as_ref() == Some(&wanted);
                    let clashes = |name: &str| {
                        let query = own
                            .query_name
                            .as_deref()
                            .filter(|_| default_query && own.accessor.as_deref() == Some(name));
                        names.contains(name)
                            || reserved(name)
                            || !is_name(name)
                            || (self.writer.refuses)(name)
                            || query.is_some_and(|query| names.contains(query))
                    };
                    let fits = if self.same {
                        shares || !given.contains(&(target.clone(), wanted.clone()))
                    } else {
                        !clashes(&wanted)
                    };
                    let accessor = if fits {
                        wanted.clone()
                    } else {
                        let other = format!("{}_{}s", field.name, name.to_lowercase());
                        free(&other, &clashes)
                    };
                    let is_own = own.accessor.as_ref() == Some(&accessor);
                    names.insert(accessor.clone());
                    given.insert((target.clone(), accessor.clone()));
                    if let Some(query) = own.query_name.clone().filter(|_| is_own) {
                        names.insert(query);
                    }
                    if accessor != wanted {
                        let why = format!(
                            "{target} has that name already, or it means something else there. `{accessor}` stands here."
                        );
                        self.say(
                            &name,
                            Some(&field.name),
                            format!("The reverse name `{wanted}`"),
                            why,
                        );
                    }
                    if !self.same || !fits || reverse.accessor.is_none() {
                        reverse.query_name = if reverse.query_declared {
                            reverse.query_name.clone()
                        } else if is_own {
                            own.query_name
                        } else {
                            Some(accessor.clone())
                        };
                        reverse.accessor = Some(accessor);
                    }
                }
            }
        }
    }
}

/// Whether an attribute can be called so.
fn is_name(text: &str) -> bool {
    ruff_python_parser::parse_expression(text)
        .is_ok_and(|parsed| matches!(parsed.expr(), Expr::Name(name) if name.id == text))
}
