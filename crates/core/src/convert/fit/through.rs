//! What stands between the two sides of a many-to-many.

use std::collections::{HashMap, HashSet};

use super::*;

/// A generated table that has to become a model.
struct Promoted {
    owner: String,
    field: String,
    target: String,
    through: GeneratedThrough,
}

impl Fitter<'_> {
    pub(super) fn throughs(&mut self, schema: &mut Schema) {
        let tables = tables(schema);
        let mut promoted: Vec<Promoted> = Vec::new();
        let mut used: HashSet<String> =
            schema.models.iter().map(|model| model.table.clone()).collect();
        let uses = uses(schema);
        let keys = key_targets(schema);
        let late = match (self.same, self.writer.cannot(Feature::LateMany).is_some()) {
            (false, true) if self.writer.cannot(Feature::LateKey).is_some() => late(schema),
            (false, true) => entangled(schema),
            (true, _) | (_, false) => HashSet::new(),
        };
        for model in &mut schema.models {
            let (name, table) = (model.name.clone(), model.table.clone());
            model.fields.retain_mut(|field| {
                let at = field.name.clone();
                let Shape::Many(many) = &mut field.shape else { return true };
                let itself = many.target == name;
                let late = late.contains(&(name.clone(), at.clone()));
                match &mut many.through {
                    ThroughShape::Generated(through) => {
                        let ends = ends(&name, &table, &at, &many.target, &tables);
                        let own = (self.writer.through)(&ends);
                        let keeps = self.generated(&name, &at, through, &own, &mut used);
                        let alone = itself
                            && !self.same
                            && self.writer.cannot(Feature::ManyToItself).is_some();
                        if keeps && !late && !alone {
                            return true;
                        }
                        promoted.push(Promoted {
                            owner: name.clone(),
                            field: at.clone(),
                            target: many.target.clone(),
                            through: through.clone(),
                        });
                        if late
                            && self.lacks(
                                Feature::LateMany,
                                &name,
                                Some(&at),
                                "A many-to-many to a model further down",
                            )
                        {
                            return false;
                        }
                        !(itself
                            && self.lacks(
                                Feature::ManyToItself,
                                &name,
                                Some(&at),
                                "A many-to-many to its own model",
                            ))
                    }
                    ThroughShape::Declared { model: through, owner_field, target_field } => {
                        if late
                            && self.lacks(
                                Feature::LateMany,
                                &name,
                                Some(&at),
                                "A many-to-many to a model further down",
                            )
                        {
                            return false;
                        }
                        if itself
                            && self.lacks(
                                Feature::ManyToItself,
                                &name,
                                Some(&at),
                                "A many-to-many to its own model",
                            )
                        {
                            return false;
                        }
                        let chosen = [owner_field.as_str(), target_field.as_str()];
                        let keys = keys.get(through.as_str()).map_or(&[][..], Vec::as_slice);
                        let uses = uses.get(through.as_str()).copied().unwrap_or_default();
                        self.declared(&name, &at, &many.target, (through, &chosen), keys, uses)
                    }
                }
            });
        }
        for each in promoted {
            self.promote(schema, each);
        }
        if self.writer.cannot(Feature::ThroughKeysDeclared).is_some() && !self.same {
            self.undeclared_keys(schema);
        }
    }

    /// Fits a generated table to how the ORM makes it; false where it has to become a model to keep its names.
    fn generated(
        &mut self,
        model: &str,
        field: &str,
        through: &mut GeneratedThrough,
        own: &GeneratedThrough,
        used: &mut HashSet<String>,
    ) -> bool {
        let at = Some(field);
        let cannot = |feature: Feature| self.writer.cannot(feature).is_some();
        if !self.same && !used.insert(through.table.clone()) {
            // Elsewhere no two relations share one table.
            let shared = through.table.clone();
            through.table = free(&format!("{shared}_{field}"), &|name| used.contains(name));
            let why = format!(
                "Another relation has that table already. It is called `{}` here.",
                through.table
            );
            self.say(model, at, format!("The through table `{shared}`"), why);
            used.insert(through.table.clone());
        } else {
            used.insert(through.table.clone());
        }
        let columns =
            through.owner_column != own.owner_column || through.target_column != own.target_column;
        if (through.table != own.table && cannot(Feature::ThroughTable))
            || (columns && cannot(Feature::ThroughColumns))
        {
            return false;
        }
        match (&through.key, &own.key) {
            (Some(_), None) => {
                if self.lacks(Feature::ThroughKey, model, at, "The through table's own key") {
                    through.key = None;
                }
            }
            (None, Some(key)) => {
                if self.lacks(
                    Feature::ThroughWithoutKey,
                    model,
                    at,
                    "A through table without a key of its own",
                ) {
                    through.key = Some(key.clone());
                }
            }
            (Some(ty), Some(key)) => {
                if ty != key {
                    let why =
                        "It is a matter of the table that the ORM makes, not of what is stored.";
                    self.say(
                        model,
                        at,
                        format!("The type {ty} of the through table's own key"),
                        format!("{why} It is {key} here."),
                    );
                    through.key = Some(key.clone());
                }
            }
            (None, None) => {}
        }
        if through.unique && self.lacks(Feature::ThroughUnique, model, at, "Each pair once") {
            through.unique = false;
        } else if !through.unique
            && self.lacks(Feature::ThroughRepeated, model, at, "A pair that may stand twice")
        {
            through.unique = true;
        }
        if through.null
            && self.lacks(Feature::ThroughNull, model, at, "Through columns that may be NULL")
        {
            through.null = false;
        } else if !through.null
            && self.lacks(
                Feature::ThroughRequired,
                model,
                at,
                "Through columns that cannot be NULL",
            )
        {
            through.null = true;
        }
        if !through.constraint {
            if self.lacks(
                Feature::ThroughUnenforced,
                model,
                at,
                "A through table that is not enforced",
            ) {
                through.constraint = true;
                (through.on_delete, through.on_update) = (own.on_delete, own.on_update);
            }
            return true;
        }
        if through.on_delete != own.on_delete {
            let what = format!("{} in the through table", through.on_delete.sql());
            if self.lacks(Feature::ThroughAction, model, at, what) {
                through.on_delete = own.on_delete;
            }
        }
        if through.on_update != own.on_update {
            let what = format!("ON UPDATE {} in the through table", through.on_update.sql());
            if self.lacks(Feature::ThroughUpdate, model, at, what) {
                through.on_update = own.on_update;
            }
        }
        true
    }

    /// Whether a relation through a declared model stays.
    fn declared(
        &mut self,
        model: &str,
        field: &str,
        target: &str,
        (through, chosen): (&str, &[&str; 2]),
        keys: &[(String, String)],
        uses: usize,
    ) -> bool {
        if self.same {
            return true;
        }
        if !chosen.iter().all(|chosen| keys.iter().any(|(key, _)| key == chosen)) {
            let what = format!("The many-to-many through {through}");
            let why =
                "The keys of that model stand in a parent's table, so the relation is left out.";
            self.say(model, Some(field), what, why);
            return false;
        }
        if self.writer.cannot(Feature::ThroughKeysDeclared).is_some() {
            if uses == 1 && keys.len() == 2 {
                return true;
            }
            let what = format!("The many-to-many through {through}");
            let why = "The ORM declares the keys of a through model itself, for one relation, and allows no others in it. The model and its keys stay; the relation is left out.";
            self.say(model, Some(field), what, why);
            return false;
        }
        // Without a way to choose, the first key to each side counts.
        let first = |to: &str, skip: usize| {
            keys.iter().filter(|(_, target)| target == to).nth(skip).map(|(name, _)| name.as_str())
        };
        let taken = [first(model, 0), first(target, usize::from(model == target))];
        if taken == [Some(chosen[0]), Some(chosen[1])] {
            return true;
        }
        !self.lacks(
            Feature::ThroughFields,
            model,
            Some(field),
            format!("The choice of keys in {through}"),
        )
    }

    /// Writes a generated table as a model of its own.
    fn promote(&mut self, schema: &mut Schema, promoted: Promoted) {
        let Promoted { owner, field, target, through } = promoted;
        let promoted_field = field.clone();
        // A table that the ORM generates may have a class, which is called so.
        let generated = |model: &SchemaModel, name: &str| {
            model.fields.iter().any(|field| match &field.shape {
                Shape::Many(ManyShape { through: ThroughShape::Generated(_), target, .. }) => {
                    let itself = model.name == owner && field.name == promoted_field;
                    !itself && format!("{}{target}", model.name).eq_ignore_ascii_case(name)
                }
                Shape::Column(_) | Shape::Key(_) | Shape::Many(_) => false,
            })
        };
        let taken = |name: &str| {
            schema
                .models
                .iter()
                .any(|model| model.name.eq_ignore_ascii_case(name) || generated(model, name))
        };
        let plain = format!("{owner}{target}");
        let name = if taken(&plain) {
            free(&format!("{owner}{}", capital(&field)), &taken)
        } else {
            plain
        };
        let (from, to) = if owner == target {
            (format!("from_{}", owner.to_lowercase()), format!("to_{}", target.to_lowercase()))
        } else {
            (owner.to_lowercase(), target.to_lowercase())
        };
        let implied = self.writer.cannot(Feature::ThroughKeysDeclared).is_some();
        // Where the ORM declares the keys, their names are those of the columns.
        let (from, to) = if implied {
            (through.owner_column.clone(), through.target_column.clone())
        } else {
            (from, to)
        };
        let key = |name: &str, column: &str, target: &str| SchemaField {
            name: name.to_owned(),
            shape: Shape::Key(KeyShape {
                column: column.to_owned(),
                target: target.to_owned(),
                ty: ColumnType::Integer,
                to_field: None,
                one_to_one: false,
                null: through.null,
                unique: false,
                index: self.writer.key_index,
                on_delete: through.on_delete,
                on_update: through.on_update,
                constraint: through.constraint,
                default: None,
                reverse: ReverseNames::none(),
                parent_link: false,
            }),
            extra: Vec::new(),
        };
        let mut fields = Vec::with_capacity(3);
        let composite =
            through.key.is_none() && self.writer.cannot(Feature::CompositeKey).is_none();
        let primary_key = if composite {
            vec![from.clone(), to.clone()]
        } else {
            let ty = through.key.clone().unwrap_or_else(|| self.writer.plain_key.clone());
            fields.push(fresh_key("id", ty));
            vec!["id".to_owned()]
        };
        fields.push(key(&from, &through.owner_column, &owner));
        fields.push(key(&to, &through.target_column, &target));
        let pair = vec![(from.clone(), false), (to.clone(), false)];
        let unique = through.unique && !composite;
        let uniques = if unique {
            vec![Group { fields: pair, constraint: true, ..Group::default() }]
        } else {
            Vec::new()
        };
        let what = format!("The names of the through table `{}` and its columns", through.table);
        let why = format!(
            "The ORM cannot be told them for a table that it generates. The model {name} is declared for it."
        );
        self.say(&owner, Some(&field), what, why);
        schema.models.push(SchemaModel {
            name: name.clone(),
            table: through.table,
            fields,
            primary_key,
            uniques,
            indexes: Vec::new(),
            checks: Vec::new(),
            ordering: Vec::new(),
            extra: Vec::new(),
        });
        let fields = schema
            .models
            .iter_mut()
            .filter(|model| model.name == owner)
            .flat_map(|model| &mut model.fields);
        for many in fields.filter(|other| other.name == field) {
            if let Shape::Many(many) = &mut many.shape {
                many.through = ThroughShape::Declared {
                    model: name.clone(),
                    owner_field: from.clone(),
                    target_field: to.clone(),
                };
            }
        }
    }

    /// For an ORM that adds the keys of a through model itself: they are called like their columns, cascade, and are in no constraint.
    fn undeclared_keys(&mut self, schema: &mut Schema) {
        let mut throughs: Vec<(String, [String; 2])> = Vec::new();
        for model in &schema.models {
            for field in &model.fields {
                if let Shape::Many(ManyShape {
                    through: ThroughShape::Declared { model, owner_field, target_field },
                    ..
                }) = &field.shape
                {
                    throughs.push((model.clone(), [owner_field.clone(), target_field.clone()]));
                }
            }
        }
        let mut renamed: HashMap<(String, String), String> = HashMap::new();
        for (name, keys) in &throughs {
            let Some(model) = schema.models.iter_mut().find(|model| model.name == *name) else {
                continue;
            };
            // A key of two relations cannot be: the ORM wants one of its own.
            if model.primary_key.len() != 1 || keys.iter().any(|key| model.is_key(key)) {
                let taken = |wanted: &str| model.field(wanted).is_some();
                let own = if taken("id") { free("key", &taken) } else { "id".into() };
                let what = "The primary key of a through model over its relations";
                self.say(
                    name,
                    None,
                    what,
                    "The ORM wants a key of its own there: an `id` stands beside them.",
                );
                model.fields.insert(0, fresh_key(&own, self.writer.plain_key.clone()));
                model.primary_key = vec![own];
            }
            let lost: Vec<String> = model
                .uniques
                .iter()
                .chain(&model.indexes)
                .filter(|group| group.fields.iter().any(|(field, _)| keys.contains(field)))
                .map(|group| {
                    group
                        .fields
                        .iter()
                        .map(|(field, _)| field.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                })
                .collect();
            for fields in lost {
                let why = self
                    .writer
                    .cannot(Feature::ThroughUnique)
                    .or(self.writer.cannot(Feature::ThroughKeysDeclared));
                self.say(
                    name,
                    None,
                    format!("The constraint over {fields}"),
                    why.unwrap_or_default(),
                );
            }
            let free_of_keys =
                |group: &Group| !group.fields.iter().any(|(field, _)| keys.contains(field));
            model.uniques.retain(free_of_keys);
            model.indexes.retain(free_of_keys);
            for key in keys {
                let Some(field) = model.fields.iter_mut().find(|field| field.name == *key) else {
                    continue;
                };
                let Shape::Key(shape) = &mut field.shape else { continue };
                let mut lost: Vec<String> = Vec::new();
                if shape.on_delete != Action::Cascade || shape.on_update != Action::Cascade {
                    lost.push(format!(
                        "{} on deletion, {} on update",
                        shape.on_delete.sql(),
                        shape.on_update.sql()
                    ));
                }
                if shape.reverse.accessor.is_some() {
                    lost.push("its reverse side".into());
                }
                if shape.unique || shape.one_to_one {
                    lost.push("uniqueness".into());
                }
                if shape.to_field.is_some() {
                    lost.push("the referenced field".into());
                }
                if *key != shape.column {
                    lost.push("its name beside that of the column".into());
                }
                let (why, column) = (
                    self.writer.cannot(Feature::ThroughKeysDeclared).unwrap_or_default(),
                    shape.column.clone(),
                );
                (shape.on_delete, shape.on_update) = (Action::Cascade, Action::Cascade);
                (shape.unique, shape.one_to_one, shape.index, shape.to_field) =
                    (false, false, false, None);
                (shape.default, shape.constraint, shape.reverse) =
                    (None, true, ReverseNames::none());
                if !lost.is_empty() {
                    self.say(name, Some(key), format!("Of this key: {}", lost.join("; ")), why);
                }
                super::names::rename(model, key, &column);
                renamed.insert((name.clone(), key.clone()), column);
            }
        }
        for model in &mut schema.models {
            for field in &mut model.fields {
                let Shape::Many(many) = &mut field.shape else { continue };
                let ThroughShape::Declared { model: through, owner_field, target_field } =
                    &mut many.through
                else {
                    continue;
                };
                for key in [owner_field, target_field] {
                    let new = renamed.get(&(through.clone(), key.clone()));
                    let Some(new) = new.filter(|new| *new != key) else { continue };
                    let why = self.writer.cannot(Feature::ThroughKeysDeclared).unwrap_or_default();
                    let what = format!("The name of `{through}.{key}`, which is `{new}` here");
                    self.say(&model.name, Some(&field.name), what, why);
                    key.clone_from(new);
                }
            }
        }
    }
}

/// The relations whose target comes after their owner in any order.
pub(super) fn late(schema: &Schema) -> HashSet<(String, String)> {
    let needs = |model: &SchemaModel| -> Vec<String> {
        super::super::order::targets(model).into_iter().map(str::to_owned).collect()
    };
    let order = super::super::order::in_declaration_order(schema, &needs);
    let places: HashMap<&str, usize> =
        order.iter().enumerate().map(|(at, model)| (model.name.as_str(), at)).collect();
    let mut out = HashSet::new();
    for model in &order {
        for field in &model.fields {
            let target = match &field.shape {
                Shape::Column(_) => continue,
                Shape::Key(key) => &key.target,
                Shape::Many(many) => &many.target,
            };
            if places.get(target.as_str()) > places.get(model.name.as_str()) {
                out.insert((model.name.clone(), field.name.clone()));
            }
        }
    }
    out
}

/// Those of them that are not the only relation of their model, or whose model another one needs before its target is there.
pub(super) fn entangled(schema: &Schema) -> HashSet<(String, String)> {
    let mut relations: HashMap<&str, usize> = HashMap::new();
    let mut needed: HashMap<&str, usize> = HashMap::new();
    for model in &schema.models {
        for field in &model.fields {
            let target = match &field.shape {
                Shape::Column(_) => continue,
                Shape::Key(key) => &key.target,
                Shape::Many(many) => &many.target,
            };
            *relations.entry(model.name.as_str()).or_default() += 1;
            *needed.entry(target.as_str()).or_default() += 1;
        }
    }
    let count = |counts: &HashMap<&str, usize>, name: &str| counts.get(name).copied().unwrap_or(0);
    let mut late = late(schema);
    late.retain(|(model, _)| count(&relations, model) > 1 || count(&needed, model) > 1);
    late
}

/// How many relations each declared through model serves.
fn uses(schema: &Schema) -> HashMap<String, usize> {
    let mut uses = HashMap::new();
    for model in &schema.models {
        for through in super::super::order::throughs(model) {
            *uses.entry(through.to_owned()).or_default() += 1;
        }
    }
    uses
}

/// The keys of each model, with their targets.
fn key_targets(schema: &Schema) -> HashMap<String, Vec<(String, String)>> {
    let keys = |model: &SchemaModel| {
        let keys = model.fields.iter().filter_map(|field| match &field.shape {
            Shape::Key(key) => Some((field.name.clone(), key.target.clone())),
            Shape::Column(_) | Shape::Many(_) => None,
        });
        keys.collect()
    };
    schema.models.iter().map(|model| (model.name.clone(), keys(model))).collect()
}

fn capital(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}
