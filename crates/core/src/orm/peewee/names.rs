//! Peewee's own names.

/// Paths under which classes go that make a class a model: Peewee's `Model`, the same of a database (`db.Model`), those of `playhouse`.
pub(super) fn is_model_path(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    matches!(last, "Model" | "FTSModel" | "FTS5Model" | "VirtualModel" | "LSMTable")
}

/// Attributes that every model has, so that a field or a reverse name hides them (`dir(Model)` of 4.5.3).
pub(super) static MODEL_ATTRIBUTES: &[&str] = &[
    "DoesNotExist",
    "add_index",
    "alias",
    "bind",
    "bind_ctx",
    "bulk_create",
    "bulk_update",
    "clone",
    "copy",
    "create",
    "create_table",
    "delete",
    "delete_by_id",
    "delete_instance",
    "dependencies",
    "dirty_field_names",
    "dirty_fields",
    "drop_table",
    "filter",
    "get",
    "get_by_id",
    "get_id",
    "get_or_create",
    "get_or_none",
    "index",
    "insert",
    "insert_from",
    "insert_many",
    "is_alias",
    "is_dirty",
    "noop",
    "raw",
    "replace",
    "replace_many",
    "save",
    "select",
    "set_by_id",
    "table_exists",
    "truncate_table",
    "unwrap",
    "update",
    "validate_model",
];

/// `peewee.__all__` of 4.5.3.
#[rustfmt::skip]
pub(super) static ALL: &[&str] = &[
    "AnyField", "AsIs", "AutoField", "BareField", "BigAutoField", "BigBitField", "BigIntegerField", "BinaryUUIDField", "BitField",
    "BlobField", "BooleanField", "Case", "Cast", "CharField", "Check", "chunked", "Column", "CompositeKey", "Context", "Database",
    "DatabaseError", "DatabaseProxy", "DataError", "DateField", "DateTimeField", "DecimalField", "Default", "DeferredForeignKey",
    "DeferredThroughModel", "DJANGO_MAP", "DoesNotExist", "DoubleField", "DQ", "Entity", "EXCLUDED", "Field", "FixedCharField",
    "FloatField", "fn", "ForeignKeyField", "IdentityField", "ImproperlyConfigured", "Index", "IntegerField", "IntegrityError",
    "InterfaceError", "InternalError", "IPField", "JOIN", "JSONField", "Load", "ManyToManyField", "Model", "ModelIndex", "MySQLDatabase",
    "NotSupportedError", "OP", "OperationalError", "PostgresqlDatabase", "PrimaryKeyField", "prefetch", "PREFETCH_TYPE",
    "ProgrammingError", "Proxy", "QualifiedNames", "QueryEvent", "SchemaManager", "SmallIntegerField", "Select", "SQL", "SqliteDatabase",
    "Table", "TextField", "TimeField", "TimestampField", "Tuple", "UUIDField", "Value", "ValuesList", "Window",
];
