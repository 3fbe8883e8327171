//! Why something was raised, and what to do: beneath the words of the ORM, in ours.

use throughline_order::Gather as _;

use super::graph::Graph;

/// Why something was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The reason.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A class of exceptions, a part of its message, the reason, and what to do. The first that fits is taken.
const REASONS: &[(&str, &str, &str, &str)] = &[
    (
        "RelatedObjectDoesNotExist",
        "",
        "This relation is to one row, and here there is none.",
        "`hasattr(…)` asks without raising; or catch the exception.",
    ),
    (
        "DoesNotExist",
        "",
        "Exactly one row was asked for, and no row fits the conditions.",
        "Look without them first; where none is a good answer, `first()` gives None.",
    ),
    (
        "NoMatch",
        "",
        "A row was asked for, and no row fits the conditions.",
        "Where none is a good answer, `get_or_none()` gives None.",
    ),
    (
        "MultipleObjectsReturned",
        "",
        "Exactly one row was asked for, and more than one fits the conditions.",
        "Add a condition that only one row meets, or take one of them with `first()`. A lookup over a relation to many gives a row once for each match.",
    ),
    (
        "MultipleMatches",
        "",
        "Exactly one row was asked for, and more than one fits the conditions.",
        "Add a condition that only one row meets, or take one of them with `first()`.",
    ),
    (
        "FieldError",
        "Cannot resolve keyword",
        "A keyword begins with a field or with a relation's query name, and this model has none of that name.",
        "The message lists what there is. From the model that is pointed at, a relation's name in lookups may be another than its attribute.",
    ),
    (
        "FieldError",
        "Unknown filter",
        "A keyword begins with a field or a relation, and this model has none of that name.",
        "Write it as the models do; `__` goes on through a relation.",
    ),
    (
        "FieldError",
        "Unsupported lookup",
        "What stands after the last `__` is neither a field nor a lookup of this column.",
        "Lookups are `exact`, `contains`, `in`, `gt` and the like; the type of the column decides which.",
    ),
    (
        "FieldError",
        "",
        "A name in this call is no field or relation of the model.",
        "Write it as the models do; `__` goes on through a relation.",
    ),
    (
        "NoValuesFetched",
        "",
        "A relation is empty until its rows are fetched; nothing is fetched behind your back.",
        "`await` the relation, or call `fetch_related()` or `prefetch_related()` first.",
    ),
    (
        "IntegrityError",
        "UNIQUE constraint failed",
        "Another row has the same value where it must be the only one. Nothing was written.",
        "Choose another value, or change the row that is there: `get_or_create()` and `update_or_create()` do either.",
    ),
    (
        "IntegrityError",
        "NOT NULL constraint failed",
        "The column must have a value, and none was given.",
        "Give the field a value, or a default, or allow NULL in the models.",
    ),
    (
        "IntegrityError",
        "FOREIGN KEY constraint failed",
        "A row would point at one that is not there: either it was not saved, or it is being deleted while others point at it.",
        "Save what is pointed at first; delete what points at it first, or say so with `on_delete`.",
    ),
    (
        "IntegrityError",
        "CHECK constraint failed",
        "The row breaks a condition that the models give to the table.",
        "The constraint's name is in the message; its condition stands in the models.",
    ),
    (
        "ProtectedError",
        "",
        "`on_delete` of these relations is PROTECT: rows that point here keep it from being deleted.",
        "Delete those rows first, or point them elsewhere.",
    ),
    (
        "RestrictedError",
        "",
        "`on_delete` of these relations is RESTRICT: rows that point here keep it from being deleted.",
        "Delete those rows first, or point them elsewhere.",
    ),
    (
        "ValueError",
        "unsaved related object",
        "A row points at another by its key, and one that is not saved has none.",
        "Save the related instance first.",
    ),
    (
        "ValueError",
        "needs to have a value for field",
        "A relation to many is kept in rows of its own, which need this instance's key.",
        "Save the instance first.",
    ),
    (
        "NameError",
        "",
        "No statement before this one has given that name a value.",
        "Running all forgets the names of earlier runs; run the statement that sets it as well.",
    ),
    (
        "AttributeError",
        "object has no attribute",
        "The value is of another kind than this attribute belongs to.",
        "A query has methods, an instance has fields: take one with `first()` or `get()`, or go through it with `for`.",
    ),
    (
        "AttributeError",
        "has no attribute",
        "The class has nothing of that name.",
        "Begin the name in the editor: what there is, is offered.",
    ),
    (
        "AttributeError",
        "Manager isn't accessible via",
        "Managers belong to the class: they are about all rows, and an instance is one.",
        "Write the model's name before the manager.",
    ),
    (
        "ImportError",
        "",
        "Scripts can import the ORM, the models, and a few modules of Python's library.",
        "",
    ),
    (
        "ModuleNotFoundError",
        "",
        "Scripts can import the ORM, the models, and a few modules of Python's library.",
        "",
    ),
    (
        "TypeError",
        "coroutine",
        "A call of this ORM gives something that must be awaited first.",
        "Write `await` before it.",
    ),
    (
        "TypeError",
        "object is not iterable",
        "A loop goes through a list or a query, and this is neither.",
        "A query of an asynchronous ORM must be awaited first.",
    ),
    (
        "RecursionError",
        "",
        "Calls are nested without end: one that calls itself never stops doing so.",
        "",
    ),
    (
        "FieldDoesNotExist",
        "",
        "The model has no field of that name; relations that other models declare are no fields of it.",
        "Write it as the models do.",
    ),
    (
        "ValidationError",
        "format",
        "A text stands where a date or a time is needed, and does not read as one.",
        "Write it as the message shows, or give a `date` or `datetime`.",
    ),
    (
        "ValidationError",
        "Field required",
        "A field without a default must be given when an instance is made.",
        "Give it, or give the field a default or let it be empty in the models.",
    ),
    (
        "ValidationError",
        "",
        "A value does not fit what the models say of its field. Nothing was written.",
        "The message names the field and what it takes: change the value, or the field.",
    ),
    (
        "NotSupportedError",
        "after ",
        "A combination of queries can only be ordered, cut and read: its parts are queries of their own.",
        "Do this to each part before they are combined.",
    ),
    (
        "NotSupportedError",
        "",
        "The ORM has this for other databases, and not for SQLite, which is the one here.",
        "Say it with conditions or a subquery, which every database has.",
    ),
    (
        "DataError",
        "",
        "The database cannot keep this value in its column: it is too long, too large, or of another kind.",
        "Change the value, or the type of the field in the models.",
    ),
    (
        "OperationalError",
        "no such column",
        "The statement names a column that its tables do not have.",
        "Compare the names in the SQL of this step with the tables: a field may have a column of another name.",
    ),
    (
        "OperationalError",
        "no such table",
        "The statement names a table that the models do not make.",
        "Compare the names in the SQL of this step with the tables.",
    ),
    (
        "ProgrammingError",
        "",
        "A value cannot be handed to the database: it is of a kind that no column holds.",
        "Give a number, a text, a date or the like; of an instance, give its key.",
    ),
    (
        "InterfaceError",
        "",
        "The model has no database, so nothing can be asked of it.",
        "Set `database` in its `Meta`, or in that of a class that it derives from.",
    ),
    (
        "InternalError",
        "",
        "The database is in the middle of something else.",
        "End the transaction that is open, then try again.",
    ),
    (
        "StatementError",
        "",
        "The statement could not be put together with its values.",
        "Look at the SQL of this step and at the kinds of its values.",
    ),
    (
        "DatabaseError",
        "did not affect any rows",
        "An update was asked for, and the row of this instance is not there (any more).",
        "Save it without `update_fields` and `force_update`, so that it may be inserted.",
    ),
    (
        "IntegrityError",
        "",
        "The row would break a constraint of its table. Nothing was written.",
        "The message names the constraint; the tables show what it asks for.",
    ),
    (
        "OperationalError",
        "",
        "The database cannot run this statement as it stands.",
        "Look at the SQL of this step: the message says which part of it.",
    ),
    (
        "DatabaseError",
        "",
        "The database did not carry out the statement.",
        "Look at the SQL of this step: the message says which part of it.",
    ),
    (
        "Error",
        "",
        "The layer between the ORM and the database did not take the call.",
        "Look at the SQL of this step: the message says which part of it.",
    ),
    (
        "ConfigurationError",
        "",
        "The models or this query are put together in a way that the ORM does not take.",
        "The message names the model and the field: change it there.",
    ),
    (
        "ParamsError",
        "",
        "An argument of this call is of a kind, or has a value, that it does not take.",
        "The message says what it takes.",
    ),
    (
        "TransactionManagementError",
        "",
        "A transaction is ended only once, and only where one is open.",
        "Leave it to the `with` block, which commits at its end and rolls back when something is raised.",
    ),
    (
        "IncompleteInstanceError",
        "",
        "Not all of the instance's fields were read (`only()`), so it cannot be written as a whole.",
        "Name what is to be written in `update_fields`, or read the whole row.",
    ),
    (
        "ObjectDoesNotExistError",
        "",
        "A row was asked for by its key, and no row has it.",
        "Where none is a good answer, `get_or_none()` gives None.",
    ),
    (
        "NotExistOrMultiple",
        "",
        "Exactly one row was asked for, and there is none, or there are several.",
        "`filter()` gives however many there are.",
    ),
    (
        "UnSupportedError",
        "",
        "The ORM has this for other databases, and not for SQLite, which is the one here.",
        "Say it with other conditions.",
    ),
    (
        "DBConnectionError",
        "",
        "There is no connection to the database that was asked for.",
        "Scripts here have one database, and need not name it.",
    ),
    (
        "QueryDefinitionError",
        "",
        "The calls of this query do not go together.",
        "The message says which: leave one out, or give what it needs.",
    ),
    (
        "RelationshipInstanceError",
        "unsaved",
        "A relation is kept by the keys of its rows, and an instance that is not saved has none.",
        "Save the instance first.",
    ),
    (
        "RelationshipInstanceError",
        "",
        "A relation takes instances of the related model, their keys, or their values as a dictionary.",
        "Give one of those.",
    ),
    (
        "ModelPersistenceError",
        "",
        "The instance has no row yet (or no key), and this call needs one.",
        "Save it first, or load it.",
    ),
    (
        "ModelListEmptyError",
        "",
        "There is nothing to write: the list is empty.",
        "Give at least one instance.",
    ),
    (
        "ModelDefinitionError",
        "",
        "The models are put together in a way that the ORM does not take.",
        "The message names the model: change it there.",
    ),
    (
        "ModelError",
        "",
        "The model is not ready for this, or has no field of that name.",
        "Write names as the models do; references to later classes need `update_forward_refs()`.",
    ),
    (
        "SignalDefinitionError",
        "",
        "A signal calls functions that take the sender and keywords.",
        "Give the function `sender` and `**kwargs`.",
    ),
    (
        "ReferenceError",
        "",
        "A relation's list does not keep its instances: one that no name holds is gone.",
        "Give it a name, or load the relation again.",
    ),
    (
        "ConnectionDoesNotExist",
        "",
        "The playground has one database, called `default`.",
        "Leave `using(…)` out.",
    ),
    (
        "ImproperlyConfigured",
        "",
        "The model has no database, so it can make no table.",
        "Set `database` in its `Meta`, or in that of a class that it derives from.",
    ),
    (
        "ObjectDoesNotExist",
        "",
        "Exactly one row was asked for, and no row fits the conditions.",
        "Look without them first; where none is a good answer, `first()` gives None.",
    ),
    ("AssertionError", "", "What was asserted does not hold.", ""),
];

pub(super) fn why(graph: &Graph, lineage: &[String], message: &str) -> Option<Why> {
    let found = lineage.iter().find_map(|class| {
        REASONS.iter().find(|(of, part, ..)| of == class && message.contains(part))
    });
    let (_, _, why, hint) = found?;
    let hint = meant(graph, message).or_else(|| (!hint.is_empty()).then(|| (*hint).to_owned()));
    Some(Why { why: (*why).to_owned(), hint })
}

/// The name that was meant, where a message says which names there are.
fn meant(graph: &Graph, message: &str) -> Option<String> {
    let rest = message.split_once("Cannot resolve keyword '")?.1;
    let (wrong, rest) = rest.split_once('\'')?;
    let choices: Vec<&str> = rest.split_once("Choices are: ")?.1.split(", ").gather();
    // The attribute of a way back was written where lookups have a name of their own.
    let by_attribute = graph.world.models.iter().flat_map(|model| &model.reverse).find(|reverse| {
        reverse.accessor.as_deref() == Some(wrong) && choices.contains(&&*reverse.query_name)
    });
    if let Some(reverse) = by_attribute {
        return Some(format!(
            "`{wrong}` is the attribute; in lookups the relation is called `{}`.",
            reverse.query_name
        ));
    }
    let near = choices.iter().map(|choice| (distance(wrong, choice), choice)).min()?;
    (near.0 <= 2.max(wrong.len() / 3) && near.0 * 2 < wrong.len())
        .then(|| format!("Did you mean `{}`?", near.1))
}

/// How many letters must be changed, added or taken away to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().gather();
    let mut row: Vec<usize> = (0..=b.len()).gather();
    for (at, letter) in a.chars().enumerate() {
        let mut next = vec![at + 1];
        for (column, other) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let change = get(&row, column) + usize::from(letter != *other);
            let best = change.min(get(&row, column + 1) + 1).min(get(&next, column) + 1);
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
