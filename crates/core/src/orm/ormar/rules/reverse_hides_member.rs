//! A reverse name that replaces a method.

use super::{Context, related};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::FieldForm;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-hides-member", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse name of a relation is that of a method or attribute of its target.

## Why

ormar puts the reverse side on the class, over what is there, and says nothing.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)

    def books(self):
        return []

class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author, related_name="books")
```

## Fix

Give the relation another `related_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, field) in cx.world.fields.iter().enumerate() {
        let (Some(declared), Some(owner)) = (field.declared, field.owner) else { continue };
        if field.skip_reverse || field.form == FieldForm::Plain || field.form == FieldForm::Through
        {
            continue;
        }
        let (Some(target), Some(name)) = (cx.target(Some(id)), cx.world.related_name(id)) else {
            continue;
        };
        if cx.world.registered(field, &name).is_none() {
            continue;
        }
        let member = cx
            .model(target)
            .is_some_and(|model| model.members.iter().any(|member| member.name.text == *name));
        let general = ATTRIBUTES.binary_search(&&*name).is_ok();
        if !member && !general {
            continue;
        }
        let whose = if member { cx.world.name(target) } else { "every model" };
        let (model, field_name) = (cx.world.name(owner), declared.name.text.as_str());
        let mut found = Diagnostic::advice(RULE.name, declared.name.span, format!("{name} of {whose} is replaced."))
            .object(format!("{model}.{field_name}"))
            .subject(model, Some(field_name))
            .related(cx.world.name(target), Some(&name), None)
            .titled(format!("The way back replaces `{name}` of {}", if member { format!("`{whose}`") } else { whose.to_owned() }))
            .why(format!("`{0}.{name}` is there already. ormar puts the reverse side of `{field_name}` in its place, and says nothing.", cx.world.name(target)));
        if let Some((title, edits)) = related::rename(cx, Some(id)) {
            found = found.fix(title, Some(edits));
        }
        out.push(found);
    }
}

/// Public attributes of every model (`dir(ormar.Model)` of 0.26); sorted.
#[rustfmt::skip]
pub(super) static ATTRIBUTES: [&str; 74] = [
    "apply_row_plan", "build_row_extraction_plan", "construct", "copy", "copy_selected_validators_type", "db_backend_name",
    "delete", "dict", "dump_all_json_fields_to_str", "extract_db_own_fields", "extract_related_fields", "extract_related_names",
    "extract_through_names", "from_orm", "from_row", "get_column_alias", "get_column_name_from_alias", "get_name",
    "get_names_to_exclude", "get_or_build_row_plan", "get_pydantic", "json", "load", "load_all", "merge_instances_list",
    "merge_two_instances", "model_computed_fields", "model_config", "model_construct", "model_copy", "model_dump",
    "model_dump_json", "model_extra", "model_fields", "model_fields_set", "model_json_schema", "model_parametrized_name",
    "model_post_init", "model_rebuild", "model_validate", "model_validate_json", "model_validate_strings", "own_table_columns",
    "parse_file", "parse_non_db_fields", "parse_obj", "parse_raw", "pk_column", "pk_type", "populate_default_values",
    "populate_onupdate_value", "populate_through_models", "prepare_model_to_save", "prepare_model_to_update",
    "reconvert_str_to_bytes", "remove", "save", "save_related", "saved", "schema", "schema_json",
    "serialize_nested_models_json_fields", "set_save_status", "signals", "substitute_models_with_pks",
    "translate_aliases_to_columns", "translate_columns_to_aliases", "translate_enum_columns", "update", "update_forward_refs",
    "update_from_dict", "upsert", "validate", "validate_enums",
];
