//! Public names that objects of ormar 0.26.0 have, as `dir()` lists them. One that is not here yet is refused; any other is no attribute there either.

/// Class, names; all classes of fields are `Field`. `Model` stands for the classes and instances of models.
pub(super) const NAMES: &[(&str, &str)] = &[
    (
        "Field",
        "add alias alias_priority all annotation apply_typevars_map asdict autoincrement clear column_type comment \
         constraints construct_constraints count create create_default_through_model db_alias default default_factory \
         default_factory_takes_validated_data default_source_field_name default_target_field_name default_value \
         deprecated deprecation_message description discriminator encrypt_backend encrypt_custom_backend encrypt_secret \
         evaluate_forward_ref examples exclude exclude_fields exclude_if exists expand_relationship \
         field_title_generator fields filter first foreign_key_name from_annotated_attribute from_annotation from_field \
         frozen get get_alias get_column get_default get_filter_clause_target get_model_relation_fields get_on_update \
         get_or_create get_pydantic_default get_related_field_alias get_related_field_name get_related_name \
         get_relation_name get_source_model get_source_related_name has_default has_on_update \
         has_unresolved_forward_refs index init init_var is_auto_primary_key is_multi is_relation is_required \
         is_through is_valid_uni_relation json_schema_extra kw_only limit max_length merge_field_infos metadata \
         metadata_lookup min_length name nullable offset on_update ondelete onupdate order_by orders_by ormar_default \
         owner prefetch_related primary_key rebuild_annotation regex register_relation related_name related_orders_by \
         remove repr represent_as_base64_str select_related self_reference self_reference_primary serialization_alias \
         server_default set_self_reference_flag skip_field skip_reverse sql_nullable through through_foreign_key_name \
         through_relation_name through_relation_nullable through_reverse_foreign_key_name through_reverse_relation_name \
         through_reverse_relation_nullable title to to_pk_only unique update update_or_create validate_default \
         validation_alias virtual",
    ),
    (
        "FieldAccessor",
        "asc contains desc endswith icontains iendswith iexact in_ isnull istartswith startswith",
    ),
    ("FilterGroup", "actions exclude filter_type get_text_clause is_source_model_filter resolve"),
    (
        "Model",
        "apply_row_plan ba build_row_extraction_plan construct copy copy_selected_validators_type db_backend_name \
         delete dict dump_all_json_fields_to_str extract_db_own_fields extract_related_fields extract_related_names \
         extract_through_names from_orm from_row get_column_alias get_column_name_from_alias get_name \
         get_names_to_exclude get_or_build_row_plan get_pydantic json load load_all merge_instances_list \
         merge_two_instances model_computed_fields model_config model_construct model_copy model_dump model_dump_json \
         model_extra model_fields model_fields_set model_json_schema model_parametrized_name model_post_init \
         model_rebuild model_validate model_validate_json model_validate_strings mro own_table_columns parse_file \
         parse_non_db_fields parse_obj parse_raw pk pk_column pk_type populate_default_values populate_onupdate_value \
         populate_through_models prepare_model_to_save prepare_model_to_update reconvert_str_to_bytes register remove \
         save save_related saved schema schema_json serialize_bs serialize_nested_models_json_fields set_save_status \
         signals substitute_models_with_pks translate_aliases_to_columns translate_columns_to_aliases \
         translate_enum_columns update update_forward_refs update_from_dict upsert validate validate_enums",
    ),
    (
        "OrmarConfig",
        "abstract alias_manager columns comment constraints copy database emit_parent_signals engine extra metadata \
         model_fields orders_by pkname property_fields proxy queryset_class requires_ref_update schema signals table \
         tablename",
    ),
    (
        "QuerySet",
        "all avg build_select_expression bulk_create bulk_update check_single_result_rows_count count create delete \
         exclude exclude_clauses exclude_fields exists fields filter filter_clauses first first_or_none flatten_fields \
         get get_or_create get_or_none iterate last last_or_none limit limit_count limit_sql_raw max min model \
         model_cls model_config offset order_by order_bys paginate prefetch_related proxy_source_model query_offset \
         rebuild_self select_all select_related sum table update update_or_create values values_list",
    ),
    (
        "QuerysetProxy",
        "add append clear copy count extend field_name index insert pop queryset_proxy related_field_name relation \
         remove reverse sort type_ update_cache",
    ),
    (
        "RelationProxy",
        "add append clear copy count extend field_name index insert pop queryset_proxy related_field_name relation \
         relation_name remove reverse sort type_ update_cache",
    ),
];
