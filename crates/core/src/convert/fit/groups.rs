//! Uniques, indexes, checks, order and options of a model.

use super::super::python::simple_condition;
use super::columns::{is_odd, unindexable};
use super::*;

impl Fitter<'_> {
    pub(super) fn groups(&mut self, model: &mut SchemaModel) {
        let name = model.name.clone();
        let mut options = std::mem::take(&mut model.extra);
        self.extras(&name, None, &mut options);
        model.extra = options;
        let columns: Vec<String> = model
            .fields
            .iter()
            .filter(|field| !matches!(field.shape, Shape::Many(_)))
            .map(|field| field.name.clone())
            .collect();
        for (list, what) in
            [(&mut model.uniques, "unique constraint"), (&mut model.indexes, "index")]
        {
            list.retain_mut(|group| self.group(&name, &columns, what, group));
        }
        let odd: Vec<&str> = model
            .fields
            .iter()
            .filter(|field| match &field.shape {
                Shape::Column(column) => is_odd(&column.column),
                Shape::Key(key) => is_odd(&key.column),
                Shape::Many(_) => false,
            })
            .map(|field| field.name.as_str())
            .collect();
        model.indexes.retain(|group| {
            let shown: Vec<&str> = group.fields.iter().map(|(field, _)| field.as_str()).collect();
            !(shown.iter().any(|field| odd.contains(field))
                && self.lacks(
                    Feature::OddNameInIndex,
                    &name,
                    None,
                    format!("The index over {}", shown.join(", ")),
                ))
        });
        let unique: Vec<_> = model.uniques.iter().map(|group| group.fields.clone()).collect();
        model.indexes.retain(|group| {
            let shown: Vec<&str> = group.fields.iter().map(|(field, _)| field.as_str()).collect();
            !(group.special.is_empty()
                && unique.contains(&group.fields)
                && self.lacks(
                    Feature::IndexOfUnique,
                    &name,
                    None,
                    format!("The index over {}", shown.join(", ")),
                ))
        });
        if !self.same {
            alone(model, self.says_apart());
            for group in &mut model.uniques {
                group.constraint = true;
            }
        }
        self.checks(model);
        self.ordering(model, &columns);
    }

    /// Whether a group stays.
    fn group(&mut self, model: &str, columns: &[String], what: &str, group: &mut Group) -> bool {
        let shown: Vec<&str> = group.fields.iter().map(|(field, _)| field.as_str()).collect();
        let shown = format!(
            "The {what} {}",
            match (&group.name, shown.is_empty()) {
                (Some(name), _) => format!("`{name}`"),
                (None, false) => format!("over {}", shown.join(", ")),
                (None, true) => "over an expression".into(),
            }
        );
        if !group.special.is_empty() {
            if !self.same {
                self.say(model, None, shown, "It has a condition, an expression or an option that cannot be carried over, so it is left out.");
                return false;
            }
            let unknown = group
                .special
                .iter()
                .find_map(|(_, value)| writable(value, &self.imports, self.id).err());
            if let Some(unknown) = unknown {
                let why = format!("`{unknown}` is not part of the models: take it over by hand.");
                self.say(model, None, shown, why);
                return false;
            }
        } else if !self.same
            && (group.fields.is_empty()
                || !group.fields.iter().all(|(field, _)| columns.contains(field)))
        {
            let why = "It names something that is no column here, so it is left out.";
            self.say(model, None, shown, why);
            return false;
        }
        if group.fields.iter().any(|(_, down)| *down)
            && self.lacks(Feature::Descending, model, None, shown)
        {
            for (_, down) in &mut group.fields {
                *down = false;
            }
        }
        true
    }

    fn checks(&mut self, model: &mut SchemaModel) {
        let name = model.name.clone();
        let checks = std::mem::take(&mut model.checks);
        for check in checks {
            let shown = match (&check.name, &check.sql) {
                (Some(name), _) => format!("The check `{name}`"),
                (None, Some(sql)) => format!("The check `{sql}`"),
                (None, None) => "A check".into(),
            };
            if self.same
                && check
                    .written
                    .as_ref()
                    .is_some_and(|value| writable(value, &self.imports, self.id).is_ok())
            {
                model.checks.push(check);
                continue;
            }
            if self.lacks(Feature::Check, &name, None, shown.clone()) {
                continue;
            }
            match &check.sql {
                None => self.say(
                    &name,
                    None,
                    shown,
                    "Its condition is not understood, so it is left out.",
                ),
                Some(sql) => {
                    let fits = self.writer.cannot(Feature::CheckAsSql).is_none()
                        || simple_condition(sql, model).is_some();
                    if fits || !self.lacks(Feature::CheckAsSql, &name, None, shown) {
                        model.checks.push(CheckGroup { written: None, ..check });
                    }
                }
            }
        }
    }

    fn ordering(&mut self, model: &mut SchemaModel, columns: &[String]) {
        if model.ordering.is_empty() || self.same {
            return;
        }
        let name = model.name.clone();
        let shown = format!("The default order by {}", model.ordering.join(", "));
        if self.lacks(Feature::Ordering, &name, None, shown.clone()) {
            model.ordering.clear();
        } else if !model
            .ordering
            .iter()
            .all(|field| columns.iter().any(|column| column == field.trim_start_matches('-')))
        {
            self.say(
                &name,
                None,
                shown,
                "It names something other than the model's own columns, so it is left out.",
            );
            model.ordering.clear();
        }
    }
}

/// A unique or index over one field is said by the field.
fn alone(model: &mut SchemaModel, apart: bool) {
    let key = model.primary_key.clone();
    let kept: Vec<String> = model
        .fields
        .iter()
        .filter(|field| match &field.shape {
            Shape::Column(column) => apart && unindexable(&column.ty),
            Shape::Key(_) | Shape::Many(_) => false,
        })
        .map(|field| field.name.clone())
        .collect();
    let mut single = |groups: &mut Vec<Group>, set: &dyn Fn(&mut Shape)| {
        groups.retain(|group| match group.fields.as_slice() {
            [(only, false)] if group.special.is_empty() && !kept.contains(only) => {
                let field = model.fields.iter_mut().find(|field| field.name == *only);
                if let Some(field) = field.filter(|_| key.as_slice() != std::slice::from_ref(only))
                {
                    set(&mut field.shape);
                }
                false
            }
            _ => true,
        });
    };
    single(&mut model.uniques, &|shape| match shape {
        Shape::Column(column) => (column.unique, column.index) = (true, false),
        Shape::Key(key) => (key.unique, key.index) = (true, false),
        Shape::Many(_) => {}
    });
    single(&mut model.indexes, &|shape| match shape {
        Shape::Column(column) => column.index = !column.unique,
        Shape::Key(key) => key.index = !key.unique && !key.one_to_one,
        Shape::Many(_) => {}
    });
}
