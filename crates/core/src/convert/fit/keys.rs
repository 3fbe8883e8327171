//! Primary keys, and the types of what references them.

use std::collections::HashMap;

use super::*;

impl Fitter<'_> {
    pub(super) fn primary_key(&mut self, model: &mut SchemaModel) {
        let name = model.name.clone();
        let relation = model.primary_key.len() == 1
            && model
                .fields
                .iter()
                .any(|field| matches!(field.shape, Shape::Key(_)) && model.is_key(&field.name));
        let needs_own = match model.primary_key.len() {
            0 => self.lacks(Feature::NoKey, &name, None, "A table without a primary key"),
            1 => {
                let key = model.primary_key.first().cloned();
                relation
                    && self.lacks(
                        Feature::RelationAsKey,
                        &name,
                        key.as_deref(),
                        "A relation as the primary key",
                    )
            }
            _ => self.lacks(Feature::CompositeKey, &name, None, "A primary key of several columns"),
        };
        if needs_own {
            match model.primary_key.as_slice() {
                [] => {}
                [only] => {
                    let key = model.fields.iter_mut().find(|field| field.name == *only);
                    if let Some(Shape::Key(key)) = key.map(|field| &mut field.shape) {
                        key.unique = true;
                    }
                }
                several => {
                    let fields = several.iter().map(|field| (field.clone(), false)).collect();
                    model.uniques.insert(0, Group { fields, constraint: true, ..Group::default() });
                }
            }
            let taken = |wanted: &str| model.field(wanted).is_some();
            let own = if taken("id") { free("key", &taken) } else { "id".into() };
            model.fields.insert(0, fresh_key(&own, self.writer.plain_key.clone()));
            model.primary_key = vec![own];
        } else if relation && !self.same && self.writer.cannot(Feature::ForeignKeyAsKey).is_some() {
            for field in &mut model.fields {
                let Shape::Key(key) = &mut field.shape else { continue };
                if model.primary_key.first() == Some(&field.name) && !key.one_to_one {
                    self.lacks(
                        Feature::ForeignKeyAsKey,
                        &name,
                        Some(&field.name),
                        "A foreign key as the primary key",
                    );
                    key.one_to_one = true;
                }
            }
        }
    }

    /// A key has the type of what it references, which may have changed, and which may be a key itself.
    pub(super) fn key_types(&mut self, schema: &mut Schema) {
        let mut referenced: HashMap<(String, String), Result<ColumnType, (String, String)>> =
            HashMap::new();
        let primary: HashMap<String, String> = schema
            .models
            .iter()
            .filter_map(|model| Some((model.name.clone(), model.primary_key.first()?.clone())))
            .collect();
        let target_of = |key: &KeyShape| {
            let field = key.to_field.clone().or_else(|| primary.get(&key.target).cloned());
            field.map(|field| (key.target.clone(), field))
        };
        for model in &schema.models {
            for field in &model.fields {
                let at = (model.name.clone(), field.name.clone());
                match &field.shape {
                    Shape::Column(column) => {
                        referenced.insert(at, Ok(column.ty.clone()));
                    }
                    Shape::Key(key) => {
                        if let Some(target) = target_of(key) {
                            referenced.insert(at, Err(target));
                        }
                    }
                    Shape::Many(_) => {}
                }
            }
        }
        for model in &mut schema.models {
            for field in &mut model.fields {
                let Shape::Key(key) = &mut field.shape else { continue };
                let mut at = target_of(key);
                for _ in 0..32 {
                    match at.as_ref().and_then(|at| referenced.get(at)) {
                        Some(Ok(ty)) => {
                            key.ty = ty.clone();
                            break;
                        }
                        Some(Err(next)) => at = Some(next.clone()),
                        None => break,
                    }
                }
            }
        }
    }
}
