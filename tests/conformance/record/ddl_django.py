"""Django's schema editor, with its own backends, in the mode in which it collects its statements."""

import os
import sys
import types

LABEL = "app"
SERVERS = {
    "postgres": ("PG", "django.db.backends.postgresql", "postgres"),
    "mysql": ("MYSQL_", "django.db.backends.mysql", ""),
}


def server(prefix, engine, name):
    """The settings of a database; its address is in the environment."""
    return {
        "ENGINE": engine,
        "NAME": name,
        "HOST": os.environ.get(f"{prefix}HOST", "127.0.0.1"),
        "PORT": os.environ.get(f"{prefix}PORT", ""),
        "USER": os.environ.get(f"{prefix}USER", ""),
    }


def boot(path, dialect):
    """Fills Django's registry from a models file, as the app `app`."""
    import django.db
    from django.conf import settings

    source = path.read_text()
    apps = ["recorded.Config"]
    if "django.contrib" in source:
        apps = ["django.contrib.contenttypes", "django.contrib.auth"] + apps
    settings.configure(
        INSTALLED_APPS=apps,
        # The database is the default one: models cut the names of their tables at its limit.
        DATABASES={"default": server(*SERVERS[dialect])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=False,
        LOGGING_CONFIG=None,
    )
    from django.apps import AppConfig

    package = types.ModuleType("recorded")
    package.__path__ = []

    class Config(AppConfig):
        name = "recorded"
        label = LABEL
        path = "/"

        def import_models(self):
            self.models = self.apps.all_models[self.label]
            module = types.ModuleType("recorded.models")
            module.__package__ = "recorded"
            sys.modules["recorded.models"] = package.models = self.models_module = module
            exec(compile(source, "models.py", "exec"), module.__dict__)

    package.Config = Config
    sys.modules["recorded"] = package
    if dialect == "mysql":
        as_mysql_8(django.db.connections["default"])
    django.setup()


def as_mysql_8(connection):
    """What the backend asks the server about itself."""
    connection.__dict__["mysql_server_data"] = {
        "version": "8.4.0",
        "sql_mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
        "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
        "default_storage_engine": "InnoDB",
        "sql_auto_is_null": False,
        "lower_case_table_names": False,
        "has_zoneinfo_database": True,
    }
    connection.introspection.get_storage_engine = lambda cursor, table: "InnoDB"


def statements(path, dialect):
    boot(path, dialect)
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in apps.get_app_config(LABEL).get_models():
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
    # What a database cannot do is left out, at times as None.
    return [statement for statement in editor.collected_sql if statement != "None;"]
