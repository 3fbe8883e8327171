//! Public names that objects of Peewee 4.5.3 have, as `dir()` lists them. One that is not here yet is refused; any other is no attribute there either.

/// Class, names. `Model` stands for the classes and instances of models.
pub(super) const NAMES: &[(&str, &str)] = &[
    (
        "Alias",
        "alias asc between bin_and bin_or bind_to c cast clone coerce collate concat contains converter copy desc \
         distinct endswith get_sort_key ilike in_ iregexp is_alias is_null like name node not_in regexp startswith \
         unalias unwrap",
    ),
    ("BackrefAccessor", "field model rel_model"),
    (
        "CTE",
        "alias apply_alias apply_column c clone coerce copy cte get_sort_key is_alias join left_outer_join select \
         select_from union union_all unwrap",
    ),
    (
        "Expression",
        "alias asc between bin_and bin_or bind_to cast clone coerce collate concat contains converter copy desc \
         distinct endswith flat get_sort_key ilike in_ iregexp is_alias is_null lhs like not_in op regexp rhs \
         startswith unalias unwrap",
    ),
    (
        "Field",
        "accessor_class adapt alias asc auto_increment auto_round backref backref_accessor_class between bin_and bin_or \
         bind bind_to case_value cast choices clone coerce collate collation column column_name concat constraint_name \
         constraints contains converter copy day db_value ddl ddl_datatype decimal_places declared_backref default \
         default_index_type deferrable deferred desc distinct endswith field_type flag foreign_key_constraint formats \
         from_timestamp get_constraint_name get_modifiers get_sort_key get_timestamp help_text hour ilike in_ index \
         index_type iregexp is_alias is_null lazy_load like max_digits minute model month name not_in null \
         object_id_name on_delete on_update primary_key python_value regexp rel_field rel_model resolution rounding \
         safe_name second sequence startswith ticks_to_microsecond to_timestamp to_value truncate unalias unindexed \
         unique unwrap utc valid_resolutions verbose_name year",
    ),
    (
        "Function",
        "alias arguments asc between bin_and bin_or bind_to cast clone coerce collate concat contains converter copy \
         desc distinct endswith filter get_sort_key ilike in_ iregexp is_alias is_null like name no_coerce_functions \
         not_in order_by over python_value regexp startswith subquery_functions unalias unwrap",
    ),
    (
        "ManyToManyQuery",
        "add aexecute alias apply_alias apply_column bind c clear clone coerce columns convert_dict_to_node copy count \
         create_table cte default_row_type dicts distinct ensure_join except_ execute exists filter first for_update \
         from_ get get_or_none get_sort_key group_by group_by_extend having intersect is_alias iterator join join_from \
         lateral left_outer_join lhs limit model models namedtuples objects offset op order_by order_by_extend orwhere \
         paginate peek prefetch remove rhs scalar scalars select select_extend select_from selected_columns sql switch \
         tuples union union_all unwrap where window with_cte with_related",
    ),
    (
        "Metadata",
        "add_field add_manytomany add_ref auto_increment backrefs columns combined composite_key constraints database \
         defaults depends_on entity fields fields_to_index get_database_instance get_default_dict get_primary_keys \
         indexes legacy_table_names make_table_name manytomany model model_backrefs model_graph model_refs name \
         only_save_dirty options primary_key refs remove_field remove_manytomany remove_ref schema set_database \
         set_primary_key set_table_name sorted_field_names sorted_fields strict_tables table table_function table_name \
         table_settings temporary without_rowid",
    ),
    (
        "Model",
        "_populate_unsaved_relations DoesNotExist add_index alias bind bind_ctx bulk_create bulk_update clone coerce copy create create_table \
         delete delete_by_id delete_instance dependencies dirty_field_names dirty_fields drop_table filter get \
         get_by_id get_id get_or_create get_or_none index insert insert_from insert_many is_alias is_dirty noop raw \
         replace replace_many save select set_by_id table_exists truncate_table unwrap update validate_model",
    ),
    ("ModelAlias", "alias clone coerce copy get_field_aliases is_alias model select unwrap"),
    (
        "ModelCompoundSelectQuery",
        "aexecute alias apply_alias apply_column bind c clone coerce columns convert_dict_to_node copy count \
         create_table cte default_row_type dicts distinct ensure_join except_ execute exists filter first for_update \
         from_ get get_or_none get_sort_key group_by group_by_extend having intersect is_alias iterator join join_from \
         lateral left_outer_join lhs limit model models namedtuples objects offset op order_by order_by_extend orwhere \
         paginate peek prefetch rhs scalar scalars select select_extend select_from selected_columns sql switch tuples \
         union union_all unwrap where window with_cte with_related",
    ),
    (
        "ModelDelete",
        "aexecute apply_returning bind clone coerce copy cte default_row_type dicts execute execute_returning \
         handle_result is_alias iterator limit model models namedtuples objects offset order_by order_by_extend orwhere \
         paginate returning sql table tuples unwrap where with_cte",
    ),
    (
        "ModelInsert",
        "DefaultValuesException MULTI QUERY SIMPLE aexecute apply_returning as_rowcount bind clone coerce copy cte \
         default_row_type dicts execute execute_returning get_default_columns get_default_data handle_result is_alias \
         iterator limit model models namedtuples objects offset on_conflict on_conflict_ignore on_conflict_replace \
         order_by order_by_extend orwhere paginate returning sql table tuples unwrap where with_cte",
    ),
    (
        "ModelSelect",
        "aexecute alias apply_alias apply_column bind c clone coerce columns convert_dict_to_node copy count \
         create_table cte default_row_type dicts distinct ensure_join except_ execute exists filter first for_update \
         from_ get get_or_none get_sort_key group_by group_by_extend having intersect is_alias iterator join join_from \
         lateral left_outer_join lhs limit model models namedtuples objects offset op order_by order_by_extend orwhere \
         paginate peek prefetch rhs scalar scalars select select_extend select_from selected_columns sql switch tuples \
         union union_all unwrap where window with_cte with_related",
    ),
    (
        "ModelUpdate",
        "aexecute apply_returning bind clone coerce copy cte default_row_type dicts execute execute_returning from_ \
         handle_result is_alias iterator limit model models namedtuples objects offset order_by order_by_extend orwhere \
         paginate returning sql table tuples unwrap where with_cte",
    ),
    (
        "Ordering",
        "alias asc between bin_and bin_or bind_to cast clone coerce collate collation concat contains converter copy \
         desc direction distinct endswith get_sort_key ilike in_ iregexp is_alias is_null like node not_in nulls regexp \
         startswith unalias unwrap",
    ),
    (
        "SqliteDatabase",
        "Model after_commit aggregate application_id atomic attach autoconnect batch_commit begin bind bind_ctx \
         cache_size close collation commit compound_select_parentheses conflict_statement conflict_update connect \
         connect_params connection connection_context context_class create_tables cursor data_version database \
         default_values_insert deferred detach dispose drop_tables execute execute_sql extract_date field_types \
         for_update foreign_keys from_timestamp func get_binary_type get_columns get_context_options get_foreign_keys \
         get_indexes get_noop_select get_primary_keys get_sql_context get_tables get_views in_transaction \
         index_schema_prefix index_using_precedes_table index_value_literals init is_closed is_connection_usable \
         journal_mode journal_size_limit json_methods last_insert_id limit_max load_extension manual_commit mmap_size \
         nulls_ordering operations page_size param pop_transaction pragma push_transaction query_hooks quote random \
         read_uncommitted register_aggregate register_collation register_function register_window_function \
         returning_clause rollback rows_affected safe_create_index safe_drop_index savepoint sequence_exists sequences \
         server_version session_commit session_rollback session_start synchronous table_exists thread_safe timeout \
         to_timestamp top_transaction transaction transaction_depth truncate_date truncate_table unload_extension \
         unregister_aggregate unregister_collation unregister_function unregister_window_function use_concat_function \
         user_version wal_autocheckpoint window_function",
    ),
    ("_atomic", "db"),
];
