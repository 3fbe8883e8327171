//! Public names that objects of Tortoise 1.1.9 have, as `dir()` lists them. One that is not here yet is refused; any other is no attribute there either.

/// Class, names. `Model` stands for the classes and instances of models.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("CombinedExpression", "connector left resolve right"),
    ("CountQuery", "capabilities model query resolve_filters resolve_ordering sql"),
    ("DeleteQuery", "capabilities model query resolve_filters resolve_ordering sql"),
    ("ExistsQuery", "capabilities model query resolve_filters resolve_ordering sql"),
    ("F", "name resolve"),
    (
        "Function",
        "database_func default_values distinct field field_object filter populate_field_object resolve",
    ),
    (
        "ManyToManyRelation",
        "add all clear create field filter from_field instance limit offset order_by related_objects relation_field \
         remote_model remove",
    ),
    (
        "MetaInfo",
        "abstract add_field app backward_fk_fields backward_o2o_fields basequery basequery_all_fields basetable \
         constraints db db_complex_fields db_default_db_columns db_default_fields db_fields db_native_fields \
         db_pk_column db_table default_connection fetch_db_defaults fetch_fields fields fields_db_projection \
         fields_db_projection_reverse fields_map filters finalise_fields finalise_model fk_fields full_name \
         generated_db_fields get_filter indexes m2m_fields manager o2o_fields ordering pk pk_attr schema \
         table_description unique_together",
    ),
    (
        "Model",
        "Meta all annotate bulk_create bulk_update clone construct create delete describe earliest exclude exists \
         fetch_for_list fetch_related filter first get get_or_create get_or_none get_table in_bulk last latest pk raw \
         refresh_from_db register_listener save select_for_update update_from_dict update_or_create",
    ),
    ("Prefetch", "queryset relation resolve_for_queryset to_attr"),
    ("Q", "AND OR children filters join_type negate resolve"),
    (
        "QuerySet",
        "all annotate bulk_create bulk_update capabilities contains count delete distinct earliest exclude exists \
         explain fields filter first force_index get get_or_none group_by in_bulk last latest limit model offset only \
         order_by prefetch_related query raw resolve_filters resolve_ordering select_for_update select_related sql \
         union update use_index using_db values values_list",
    ),
    (
        "ReverseRelation",
        "all create filter from_field instance limit offset order_by related_objects relation_field remote_model",
    ),
    (
        "UpdateQuery",
        "capabilities model query resolve_filters resolve_ordering sql update_kwargs values",
    ),
    (
        "ValuesListQuery",
        "add_field_to_select_query capabilities fields model query resolve_filters resolve_ordering \
         resolve_to_python_value sql",
    ),
    (
        "ValuesQuery",
        "add_field_to_select_query capabilities model query resolve_filters resolve_ordering resolve_to_python_value \
         sql",
    ),
];
