//! Through models.
//!
//! Source: `create_default_through_model` and `forbid_through_relations` in `ormar/fields/many_to_many.py`,
//! `adjust_through_many_to_many_model` in `ormar/models/helpers/sqlalchemy.py`; recorded in `ormar/004`, `ormar/008`, `ormar/011`, `ormar/042`.

use super::field::blank;
use super::{Class, Column, Config, FieldForm, Fields, Kind, Ref, Reference, Text, World};

impl<'a> World<'a> {
    /// Makes the through model of a many-to-many that names none.
    pub(super) fn default_through(&mut self, id: usize, owner: usize) -> Option<usize> {
        let Ref::Class(target) = self.field(id)?.to else { return None };
        let name = format!("{}{}", self.name(owner), self.name(target));
        let table = format!("{}s_{}s", self.lower(owner), self.lower(target));
        let of = self.config(owner)?;
        let mut config = Config {
            tablename: Some(Text::from(table)),
            schema: of.schema.clone(),
            metadata: of.metadata.clone(),
            database: of.database,
            ..Config::default()
        };
        config.fields.set(Text::from("id"), self.fields.len());
        self.fields.push(super::class::auto_key());
        self.configs.push(config);
        let class = self.classes.len();
        self.classes.push(Class {
            lower: name.to_lowercase(),
            name: Text::from(name),
            declared: None,
            config: Some(self.configs.len() - 1),
            bases: Vec::new(),
            generated_by: Some(id),
            parsed: None,
            own: Fields::default(),
            expanding: false,
            proxy: false,
        });
        // The exception, if there is one, belongs to the model that is being made.
        let before = self.problems.len();
        self.configure(class, &Fields::default());
        for problem in self.problems.iter_mut().skip(before) {
            problem.class = owner;
            problem.field = Some(id);
        }
        if let Some(field) = self.fields.get_mut(id) {
            field.through = Ref::Class(class);
        }
        Some(class)
    }

    /// A through model must have no relations: those to both ends are added, so it serves one relation only.
    pub(super) fn forbid_relations(&mut self, class: usize, id: usize, through: usize) {
        let related = self.config(through).and_then(|config| {
            let mut fields = config.fields.iter().map(|(_, field)| field);
            fields.find(|field| self.field(*field).is_some_and(super::FieldState::is_relation))
        });
        let Some(related) = related else { return };
        let message = format!(
            "Through Models cannot have explicit relations defined. Remove the relations from Model {}",
            self.name(through)
        );
        if let Some(problem) =
            self.raise(Kind::RelationsInThrough, "ModelDefinitionError", message, class, Some(id))
        {
            problem.other = Some(related);
        }
    }

    /// The names of a through model's keys: to the owner, to the target.
    pub(in crate::orm::ormar) fn through_names(&self, id: usize) -> Option<(Text<'a>, Text<'a>)> {
        let field = self.field(id)?;
        let Ref::Class(target) = field.to else { return None };
        let name = |given: &Option<Text<'a>>, prefix: &str, class: usize| {
            let prefix = if field.self_reference { prefix } else { "" };
            given.clone().unwrap_or_else(|| Text::from(format!("{prefix}{}", self.lower(class))))
        };
        let (to_owner, to_target) = &field.through_names;
        Some((name(to_owner, "to_", field.owner?), name(to_target, "from_", target)))
    }

    /// Gives a through model its two keys: first that to the target.
    pub(super) fn adjust_through(&mut self, id: usize) {
        let Some((source_name, target_name)) = self.through_names(id) else { return };
        let Some(field) = self.field(id) else { return };
        let (Ref::Class(target), Ref::Class(through), Some(owner)) =
            (field.to.clone(), field.through.clone(), field.owner)
        else {
            return;
        };
        let (to_owner, to_target) = field.through_nullable;
        let (owner_key, target_key) = field.through_keys.clone();
        self.through_key(through, target, &target_name);
        self.through_key(through, owner, &source_name);
        self.append_key(through, target, &target_name, target_key, to_target);
        self.append_key(through, owner, &source_name, owner_key, to_owner);
    }

    fn through_key(&mut self, through: usize, to: usize, name: &Text<'a>) {
        let mut key = blank(name.clone(), FieldForm::ForeignKey);
        key.on_delete = Some("CASCADE");
        key.owner = Some(through);
        let id = self.fields.len();
        self.fields.push(key);
        self.aim(through, id, Ref::Class(to));
        if let Some(config) = self.config_mut(through) {
            config.fields.set(name.clone(), id);
        }
    }

    fn append_key(
        &mut self,
        through: usize,
        to: usize,
        name: &Text<'a>,
        key_name: Option<Text<'a>>,
        nullable: bool,
    ) {
        let Some(key) = self.key_of(to) else { return };
        let (ty, alias) = (key.ty.clone(), key.column().to_owned());
        let table = self.config(to).and_then(|config| config.tablename.clone()).unwrap_or_default();
        let Some(config) = self.config_mut(through) else { return };
        let own = config.tablename.clone().unwrap_or_default();
        let column = Column {
            name: name.clone(),
            field: config.fields.get(name),
            ty,
            null: nullable,
            primary_key: false,
            unique: false,
            index: false,
            auto: false,
            reference: Some(Reference {
                name: key_name
                    .unwrap_or_else(|| Text::from(format!("fk_{own}_{table}_{name}_{alias}"))),
                table,
                column: Text::from(alias),
                on_delete: Some("CASCADE"),
                on_update: Some("CASCADE"),
            }),
        };
        config.columns.push(column.clone());
        if let Some(table) = config.table.and_then(|table| self.tables.get_mut(table)) {
            table.append(column);
        }
    }
}
