//! Plain columns: types, defaults, moments, choices.

use super::super::python::constant;
use super::*;

impl Fitter<'_> {
    pub(super) fn columns(&mut self, model: &mut SchemaModel) {
        let name = model.name.clone();
        let mut uniques: Vec<Group> = Vec::new();
        for field in &mut model.fields {
            let at = field.name.clone();
            self.extras(&name, Some(&at), &mut field.extra);
            match &mut field.shape {
                Shape::Column(column) => {
                    self.column(&name, &at, column);
                    if column.index
                        && unindexable(&column.ty)
                        && self.lacks(Feature::IndexedText, &name, Some(&at), "The index")
                    {
                        column.index = false;
                    }
                    if column.index
                        && is_odd(&column.column)
                        && self.lacks(Feature::OddNameInIndex, &name, Some(&at), "The index")
                    {
                        column.index = false;
                    }
                    if column.unique && unindexable(&column.ty) && self.says_apart() {
                        column.unique = false;
                        let fields = vec![(at.clone(), false)];
                        uniques.push(Group { fields, constraint: true, ..Group::default() });
                    }
                }
                Shape::Key(key) => {
                    self.default(&name, &at, &mut key.default);
                    if key.index
                        && is_odd(&key.column)
                        && self.lacks(Feature::OddNameInIndex, &name, Some(&at), "The index")
                    {
                        key.index = false;
                    }
                }
                Shape::Many(_) => {}
            }
        }
        model.uniques.extend(uniques);
    }

    /// Whether some columns can be unique in a group only.
    pub(super) fn says_apart(&self) -> bool {
        !self.same && self.writer.cannot(Feature::UniqueText).is_some()
    }

    fn column(&mut self, model: &str, field: &str, column: &mut ColumnShape) {
        // The ORM's own classes of other types are called like these.
        let unknown =
            matches!(&column.ty, ColumnType::Unknown(ty) if column.class != Some(ty.as_str()));
        let nearest = if self.same && !unknown { None } else { (self.writer.nearest)(column) };
        if let Some((ty, why)) = nearest {
            let what = match &column.ty {
                ColumnType::Unknown(class) => format!("The type `{class}`"),
                known => format!("The type {known}"),
            };
            self.say(model, Some(field), what, format!("{why} It is written as {ty}."));
            column.ty = ty;
        }
        if !self.same {
            column.class = None;
            column.db_written = None;
        } else if let Some(value) = &column.db_written
            && writable(value, &self.imports, self.id).is_err()
        {
            column.db_written = None;
        }
        if !column.choices.is_empty() {
            let values = column
                .choices
                .iter()
                .find_map(|(value, _)| writable(value, &self.imports, self.id).err());
            let offered = (self.writer.offers)(column);
            if self.same && !offered {
                let what = "The list of choices";
                self.say(
                    model,
                    Some(field),
                    what,
                    "It cannot be written without the code around it.",
                );
                column.choices.clear();
            } else if !offered
                && self.lacks(Feature::Choices, model, Some(field), "The list of choices")
            {
                column.choices.clear();
            } else if let Some(unknown) = values {
                self.say(
                    model,
                    Some(field),
                    "The list of choices",
                    format!("A value of it, `{unknown}`, is not known here."),
                );
                column.choices.clear();
            }
            for (value, label) in &mut column.choices {
                if writable(label, &self.imports, self.id).is_err() {
                    // A label is for people: the value will do.
                    *label = plain_label(label).unwrap_or_else(|| value.clone());
                }
            }
        }
        self.default(model, field, &mut column.default);
        self.moment(model, field, column);
        if let Some(sql) = &column.db_default
            // Text that holds JSON is not the JSON.
            && (constant(sql).is_none() || column.ty == ColumnType::Json)
        {
            let what = format!("The database default `{sql}`");
            if self.lacks(Feature::DatabaseDefault, model, Some(field), what) {
                column.db_default = None;
            }
        }
    }

    fn moment(&mut self, model: &str, field: &str, column: &mut ColumnShape) {
        let (feature, what) = match column.moment {
            None => return,
            Some(Moment::Creation) => {
                (Feature::MomentOfCreation, "Setting it when the row is made")
            }
            Some(Moment::Save) => (Feature::MomentOfSave, "Setting it at every save"),
        };
        let date = column.ty == ColumnType::Date;
        if !(self.lacks(feature, model, Some(field), what)
            || (date && self.lacks(Feature::MomentOfDate, model, Some(field), what)))
        {
            return;
        }
        column.moment = None;
        let now = match column.ty {
            ColumnType::Date => Some("datetime.date.today"),
            ColumnType::DateTime => Some("datetime.datetime.now"),
            _ => None,
        };
        if let Some(now) = now {
            column.default = Some(Value::Name(now.to_owned()));
        }
    }

    fn default(&mut self, model: &str, field: &str, default: &mut Option<Value>) {
        let Some(value) = default else { return };
        if let Err(unknown) = writable(value, &self.imports, self.id) {
            let why = format!("`{unknown}` is not part of the models: take it over by hand.");
            self.say(model, Some(field), "The default", why);
            *default = None;
        }
    }

    /// Arguments and options of the project's own ORM alone.
    pub(super) fn extras(&mut self, model: &str, field: Option<&str>, extras: &mut Vec<Extra>) {
        let taken = std::mem::take(extras);
        for extra in taken {
            let what = format!("`{}`", extra.keyword);
            if !self.same {
                self.say(
                    model,
                    field,
                    what,
                    "This ORM has no such option, or means another thing by it.",
                );
            } else if let Err(unknown) = writable(&extra.value, &self.imports, self.id) {
                let why = format!("`{unknown}` is not part of the models: take it over by hand.");
                self.say(model, field, what, why);
            } else {
                extras.push(extra);
            }
        }
    }
}

/// What some ORMs set no index on.
/// Whether a column's name is more than a word.
pub(super) fn is_odd(column: &str) -> bool {
    column.contains(['(', ')', ' ', '"', '.', ':'])
}

pub(super) fn unindexable(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Text | ColumnType::Json | ColumnType::Binary)
}

/// The text of `_("Draft")`.
fn plain_label(label: &Value) -> Option<Value> {
    match label {
        Value::Call { args, .. } => match args.as_slice() {
            [only] => only.value.as_str().map(|text| Value::Str(text.to_owned())),
            _ => None,
        },
        _ => None,
    }
}
