//! What star imports of `playhouse` bind.
//!
//! Most of its modules import all of Peewee themselves, and so hand it on. Recorded with `vars()` of the modules of Peewee 4.5.3.

use super::names::ALL;

/// The names that `from MODULE import *` binds; `None` for modules that are not known.
pub(super) fn names(module: &str) -> Option<Vec<&'static str>> {
    if module == "peewee" {
        return Some(ALL.to_vec());
    }
    let module = module.strip_prefix("playhouse.")?;
    let (_, whole, own) = PLAYHOUSE.iter().find(|(known, _, _)| *known == module)?;
    let peewee = match whole {
        Peewee::Whole => ALL,
        Peewee::Named => &[],
    };
    Some([peewee, own].concat())
}

/// What a module has of Peewee.
enum Peewee {
    /// All of it.
    Whole,
    /// What is listed.
    Named,
}

#[rustfmt::skip]
static PLAYHOUSE: &[(&str, Peewee, &[&str])] = &[
    ("cockroachdb", Peewee::Whole, &[
        "ArrayField", "BinaryJSONField", "CockroachDatabase", "EnclosedNodeList", "ExceededMaxAttempts", "IntervalField", "NESTED_TX_MIN_VERSION",
        "NodeList", "PooledCockroachDatabase", "RowIDField", "TXN_ERR_MSG", "UUIDKeyField", "functools", "re", "run_transaction"
    ]),
    ("dataset", Peewee::Whole, &[
        "CSVExporter", "CSVImporter", "DataSet", "Decimal", "Exporter", "Importer", "Introspector", "JSONExporter", "JSONImporter",
        "SchemaMigrator", "TSVExporter", "TSVImporter", "base64", "connect", "csv", "datetime", "json", "migrate", "operator", "reduce", "urlparse",
        "uuid"
    ]),
    ("db_url", Peewee::Whole, &[
        "CockroachDatabase", "MariaDBConnectorDatabase", "MySQLConnectorDatabase", "PooledCockroachDatabase", "PooledMariaDBConnectorDatabase",
        "PooledMySQLConnectorDatabase", "PooledMySQLDatabase", "PooledPostgresqlDatabase", "PooledPostgresqlExtDatabase", "PooledPsycopg3Database",
        "PooledSqliteDatabase", "PostgresqlExtDatabase", "Psycopg3Database", "connect", "parse", "parse_qsl", "parseresult_to_dict",
        "register_database", "schemes", "unquote", "urlparse"
    ]),
    ("fields", Peewee::Named, &[
        "BlobField", "CharField", "CompressedField", "EnumField", "EnumFieldMixin", "IntEnumField", "IntegerField", "PickleField", "bz2", "pickle",
        "zlib"
    ]),
    ("hybrid", Peewee::Named, &[
        "ModelDescriptor", "hybrid_method", "hybrid_property"
    ]),
    ("kv", Peewee::Whole, &[
        "Expression", "KeyValue", "PickleField", "Sentinel", "operator"
    ]),
    ("migrate", Peewee::Whole, &[
        "CockroachDBMigrator", "CockroachDatabase", "CommaNodeList", "EnclosedNodeList", "Expression", "MySQLColumn", "MySQLMigrator", "Node",
        "NodeList", "Operation", "PostgresqlMigrator", "SchemaMigrator", "SqliteMigrator", "ValueLiterals", "callable_", "contextmanager",
        "functools", "make_index_name", "migrate", "namedtuple", "operation", "re", "sqlite3"
    ]),
    ("mysql_ext", Peewee::Named, &[
        "Expression", "ImproperlyConfigured", "InterfaceError", "JSONField", "JSONPath", "MariaDBConnectorDatabase", "Match",
        "MySQLConnectorDatabase", "MySQLDatabase", "MySQLJSONField", "NodeList", "OP", "PooledMariaDBConnectorDatabase",
        "PooledMySQLConnectorDatabase", "SQL", "Value", "fn", "mariadb", "mysql_connector"
    ]),
    ("pool", Peewee::Named, &[
        "MaxConnectionsExceeded", "MySQLDatabase", "PoolConnection", "PooledDatabase", "PooledMySQLDatabase", "PooledPostgresqlDatabase",
        "PooledSqliteDatabase", "PostgresqlDatabase", "SqliteDatabase", "functools", "heapq", "locked", "logger", "logging", "make_int",
        "namedtuple", "threading", "time"
    ]),
    ("postgres_ext", Peewee::Whole, &[
        "ACONTAINED_BY", "ACONTAINS", "ACONTAINS_ANY", "ArrayField", "ArrayValue", "BinaryJSONField", "ColumnBase", "DateTimeTZField", "Expression",
        "FetchManyCursor", "FieldDatabaseHook", "HCONTAINS_ANY_KEY", "HCONTAINS_DICT", "HCONTAINS_KEY", "HCONTAINS_KEYS", "HKEY", "HStoreField",
        "HUPDATE", "IndexedFieldMixin", "IntervalField", "JSONB_CONTAINED_BY", "JSONB_CONTAINS", "JSONB_CONTAINS_ALL_KEYS",
        "JSONB_CONTAINS_ANY_KEY", "JSONB_CONTAINS_KEY", "JSONB_EXISTS", "JSONB_PATH", "JSONB_PATH_EXISTS", "JSONB_PATH_MATCH", "JSONB_PATH_REMOVE",
        "JSONB_REMOVE", "Json", "JsonLookup", "JsonPath", "Match", "Node", "NodeList", "ObjectSlice", "PooledPostgresqlExtDatabase",
        "PooledPsycopg3Database", "PostgresqlExtDatabase", "Psycopg2Adapter", "Psycopg2ExtAdapter", "Psycopg3Adapter", "Psycopg3Database",
        "Psycopg3ExtAdapter", "SelectBase", "ServerSide", "ServerSideQuery", "TSVectorField", "TS_MATCH", "ValueLiterals", "json", "logger",
        "logging", "register_hstore", "register_hstore_pg3"
    ]),
    ("reflection", Peewee::Whole, &[
        "CockroachDBMetadata", "CockroachDatabase", "CommaNodeList", "DatabaseMetadata", "FieldTypeMap", "Introspector", "Metadata",
        "MySQLMetadata", "OrderedDict", "PostgresqlMetadata", "RESERVED_WORDS", "SqliteMetadata", "UnknownField", "datetime", "decimal",
        "generate_models", "get_table_sql", "introspect", "isclass", "make_snake_case", "namedtuple", "postgres_ext", "print_model",
        "print_table_sql", "re", "uuid", "warnings"
    ]),
    ("shortcuts", Peewee::Whole, &[
        "Alias", "CompoundSelectQuery", "Metadata", "ReconnectMixin", "ThreadSafeDatabaseMetadata", "callable_", "dict_to_model", "insert_where",
        "model_to_dict", "resolve_multimodel_query", "threading", "update_model_from_dict"
    ]),
    ("signals", Peewee::Named, &[
        "Model", "Signal", "post_delete", "post_save", "pre_delete", "pre_init", "pre_save"
    ]),
    ("sqlite_ext", Peewee::Whole, &[
        "AutoIncrementField", "BaseFTSModel", "ColumnBase", "DocIDField", "EnclosedNodeList", "Expression", "FTS3_MATCHINFO", "FTS4_MATCHINFO",
        "FTS5Model", "FTS5_MIN_SQLITE_VERSION", "FTSModel", "FTS_VERSION", "ISODateTimeField", "JSONBField", "JSONBPath", "JSONPath", "Node",
        "NodeList", "RowIDField", "SearchField", "TDecimalField", "VirtualModel", "VirtualTableSchemaManager", "json", "match", "merge_dict", "re",
        "sqlite3"
    ]),
];
