//! Names: the target ORM's own in place of the source ORM's own, and fields whose names the target cannot have.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::check::names::is_keyword;

impl Fitter<'_> {
    /// Replaces names that are the source ORM's own by the target's. What the user chose stays.
    pub(super) fn own_names(&mut self, schema: &mut Schema) {
        let Some(source) = self.source else { return };
        let writer = self.writer;
        let before = tables(schema);
        for model in &mut schema.models {
            if model.table == (source.table)(&model.name) {
                model.table = (writer.table)(&model.name);
            }
        }
        let after = tables(schema);
        for model in &mut schema.models {
            let mut columns: Vec<(String, String)> = Vec::new();
            for field in &mut model.fields {
                match &mut field.shape {
                    Shape::Column(column) => {
                        if column.implicit && column.auto {
                            column.ty = writer.plain_key.clone();
                        }
                    }
                    Shape::Key(key) => {
                        if key.column == (source.key_column)(&field.name) {
                            let new = (writer.key_column)(&field.name);
                            columns.push((std::mem::replace(&mut key.column, new.clone()), new));
                        }
                        if key.index == source.key_index {
                            key.index = writer.key_index && !key.unique && !key.one_to_one;
                        }
                    }
                    Shape::Many(many) => {
                        let ThroughShape::Generated(through) = &mut many.through else { continue };
                        let table = |tables: &HashMap<String, String>| {
                            tables.get(&model.name).cloned().unwrap_or_default()
                        };
                        let (old, new) = (table(&before), table(&after));
                        let was = (source.through)(&ends(
                            &model.name,
                            &old,
                            &field.name,
                            &many.target,
                            &before,
                        ));
                        let own = (writer.through)(&ends(
                            &model.name,
                            &new,
                            &field.name,
                            &many.target,
                            &after,
                        ));
                        if through.table == was.table {
                            through.table.clone_from(&own.table);
                        }
                        if through.owner_column == was.owner_column
                            && through.target_column == was.target_column
                        {
                            through.owner_column.clone_from(&own.owner_column);
                            through.target_column.clone_from(&own.target_column);
                        }
                        // The ORM's own way of making it, where the user did not ask for another.
                        if through.unique == was.unique
                            && through.null == was.null
                            && through.key == was.key
                        {
                            through.unique = own.unique;
                            through.null = own.null;
                            through.key.clone_from(&own.key);
                        }
                        if through.on_delete == was.on_delete && through.on_update == was.on_update
                        {
                            through.on_delete = own.on_delete;
                            through.on_update = own.on_update;
                        }
                    }
                }
            }
            for sql in model.checks.iter_mut().filter_map(|check| check.sql.as_mut()) {
                *sql = sql_with_columns(sql, &columns);
            }
        }
    }

    /// Renames models whose names the ORM refuses. Their tables stay.
    pub(super) fn model_names(&mut self, schema: &mut Schema) {
        if self.same {
            return;
        }
        let names: Vec<String> = schema.models.iter().map(|model| model.name.clone()).collect();
        for old in names.iter().filter(|name| (self.writer.refuses_model)(name)) {
            let words: Vec<&str> = old.split('_').filter(|word| !word.is_empty()).collect();
            let base = if words.is_empty() { "Model".to_owned() } else { words.join("_") };
            // Through models call their keys after their models: no keyword may come of it.
            let new = free(&base, &|name| {
                (self.writer.refuses_model)(name)
                    || is_keyword(&name.to_lowercase())
                    || names.iter().any(|other| other == name)
            });
            let why = format!(
                "The ORM has no models of such a name. It is called `{new}` here; its table stays."
            );
            self.say(old, None, format!("The name `{old}`"), why);
            for model in &mut schema.models {
                if model.name == *old {
                    model.name.clone_from(&new);
                }
                for field in &mut model.fields {
                    let (target, through) = match &mut field.shape {
                        Shape::Column(_) => continue,
                        Shape::Key(key) => (&mut key.target, None),
                        Shape::Many(many) => (
                            &mut many.target,
                            match &mut many.through {
                                ThroughShape::Declared { model, .. } => Some(model),
                                ThroughShape::Generated(_) => None,
                            },
                        ),
                    };
                    for name in std::iter::once(target).chain(through).filter(|name| *name == old) {
                        name.clone_from(&new);
                    }
                }
            }
        }
    }

    /// Names of tables and columns without quotation marks, where the ORM does not escape them.
    pub(super) fn quoted_names(&mut self, schema: &mut Schema) {
        let Some(why) = self.writer.cannot(Feature::QuoteInName).filter(|_| !self.same) else {
            return;
        };
        for model in &mut schema.models {
            let columns = model.fields.iter_mut().filter_map(|field| match &mut field.shape {
                Shape::Column(column) => Some((Some(field.name.clone()), &mut column.column)),
                Shape::Key(key) => Some((Some(field.name.clone()), &mut key.column)),
                Shape::Many(_) => None,
            });
            for (field, name) in columns.chain([(None, &mut model.table)]) {
                if !name.contains('"') {
                    continue;
                }
                let new = name.replace('"', "_");
                self.unsaid.push(Unsaid {
                    model: Some(model.name.clone()),
                    field,
                    what: format!("The name `{name}`"),
                    why: format!("{why} It is called `{new}` here."),
                });
                *name = new;
            }
        }
    }

    /// No two models share a table: what one ORM lets pass the next refuses.
    pub(super) fn shared_tables(&mut self, schema: &mut Schema) {
        if self.same && self.writer.cannot(Feature::SharedTable).is_none() {
            return;
        }
        let mut used: HashSet<String> = HashSet::new();
        for model in &mut schema.models {
            let table = free(&model.table, &|name| used.contains(name));
            if table != model.table {
                let why =
                    format!("Another model has that table already. It is called `{table}` here.");
                self.say(&model.name, None, format!("The table `{}`", model.table), why);
                model.table.clone_from(&table);
            }
            used.insert(table);
        }
    }

    /// Renames fields whose names mean something else in the ORM. Their columns stay.
    pub(super) fn field_names(&mut self, schema: &mut Schema) {
        if self.same {
            return;
        }
        let mut not_here: HashMap<String, Vec<String>> = HashMap::new();
        for model in &schema.models {
            for field in &model.fields {
                let target = match &field.shape {
                    Shape::Column(_) => continue,
                    Shape::Key(key) => &key.target,
                    Shape::Many(many) => &many.target,
                };
                if let Some(name) = (self.writer.reserved_on_target)(&model.name) {
                    not_here.entry(target.clone()).or_default().push(name);
                }
            }
        }
        let mut renamed: Vec<(String, String, String)> = Vec::new();
        for model in &mut schema.models {
            let names: Vec<String> = model.fields.iter().map(|field| field.name.clone()).collect();
            let here = not_here.get(&model.name);
            for name in &names {
                let taken = |name: &str| {
                    (self.writer.refuses)(name)
                        || here.is_some_and(|here| here.iter().any(|other| other == name))
                };
                if !taken(name) {
                    continue;
                }
                let base = name.trim_matches('_').replace("__", "_");
                let other = |wanted: &str| taken(wanted) || names.iter().any(|name| name == wanted);
                let new = free(&format!("{base}_field"), &other);
                let why = format!(
                    "The name means something else to the ORM. The field is called `{new}` here; its column stays."
                );
                self.unsaid.push(Unsaid {
                    model: Some(model.name.clone()),
                    field: Some(name.clone()),
                    what: format!("A field called `{name}`"),
                    why,
                });
                rename(model, name, &new);
                renamed.push((model.name.clone(), name.clone(), new));
            }
        }
        for (model, old, new) in &renamed {
            for other in &mut schema.models {
                for field in &mut other.fields {
                    match &mut field.shape {
                        Shape::Column(_) => {}
                        Shape::Key(key) => {
                            if key.target == *model && key.to_field.as_ref() == Some(old) {
                                key.to_field = Some(new.clone());
                            }
                        }
                        Shape::Many(many) => {
                            if let ThroughShape::Declared {
                                model: through,
                                owner_field,
                                target_field,
                            } = &mut many.through
                                && through == model
                            {
                                for name in [owner_field, target_field] {
                                    if name == old {
                                        name.clone_from(new);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A condition in SQL with other names for some columns.
fn sql_with_columns(sql: &str, renamed: &[(String, String)]) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            // A text or a quoted name ends where its sign stands again.
            '\'' | '"' | '`' => {
                rest.get(1..).and_then(|rest| rest.find(first)).map_or(rest.len(), |end| end + 2)
            }
            first if is_word(first) => rest.find(|sign| !is_word(sign)).unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let bare = token.trim_matches(['"', '`']);
        match renamed.iter().find(|(old, _)| old == bare) {
            Some((_, new)) => out.push_str(&token.replace(bare, new)),
            None => out.push_str(token),
        }
        rest = after;
    }
    out
}

fn is_word(sign: char) -> bool {
    sign == '_' || sign.is_alphanumeric()
}

/// Renames a field within its model.
pub(super) fn rename(model: &mut SchemaModel, old: &str, new: &str) {
    for field in model.fields.iter_mut().filter(|field| field.name == old) {
        field.name = new.to_owned();
    }
    for key in model.primary_key.iter_mut().filter(|key| *key == old) {
        *key = new.to_owned();
    }
    let groups = model.uniques.iter_mut().chain(&mut model.indexes);
    for (name, _) in groups.flat_map(|group| &mut group.fields) {
        if name == old {
            *name = new.to_owned();
        }
    }
    for name in &mut model.ordering {
        let (sign, bare) = match name.strip_prefix('-') {
            Some(bare) => ("-", bare),
            None => ("", name.as_str()),
        };
        if bare == old {
            *name = format!("{sign}{new}");
        }
    }
}
