"""What Peewee's `create_tables` sends, caught on the way to a database that is not there."""

import sys
import types


def statements(path, dialect):
    module = types.ModuleType("recorded_models")
    sys.modules["recorded_models"] = module
    exec(compile(path.read_text(), "models.py", "exec"), module.__dict__)
    import peewee

    database = {"postgres": peewee.PostgresqlDatabase, "mysql": peewee.MySQLDatabase}[dialect]("recorded")
    out = []

    def catch(sql, parameters=None, *_):
        if parameters:
            raise ValueError(f"a statement with parameters: {sql}")
        out.append(sql)

    database.execute_sql = catch
    models = []
    for value in list(module.__dict__.values()):
        if isinstance(value, type) and issubclass(value, peewee.Model) and value.__module__ == "recorded_models":
            through = [field.through_model for field in value._meta.manytomany.values()]
            for model in [value, *(model for model in through if isinstance(model, type))]:
                # What only serves as a base has no table.
                base = bool(model.__subclasses__()) and set(model._meta.fields) <= {"id"}
                if not base and model not in models:
                    models.append(model)
    for model in models:
        model.bind(database, bind_refs=False, bind_backrefs=False)
    database.create_tables(models, safe=False)
    return out
