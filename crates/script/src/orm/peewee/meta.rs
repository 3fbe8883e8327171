//! What fields and `Model._meta` show of themselves.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::class;
use super::node::{Node, Source, value_of};
use super::session::Session;
use crate::Machine;
use crate::eval::raise;
use crate::value::{Class, Object, Outcome, Value};

/// `Author.name.column_name`, `Book.author.rel_model`, `User.roles.get_through_model()`.
pub(super) fn field_attribute(
    session: &Rc<Session>,
    source: &Source,
    field: &str,
    name: &str,
) -> Outcome<Option<Value>> {
    let Some(model) = session.model(source.model()) else { return Ok(None) };
    let class_of =
        |name: &str| session.find(name).map_or(Value::None, |at| Value::Class(session.class(at)));
    let many = super::many::many_of(session, &model, field);
    if let Some(many) = many {
        return Ok(match name {
            "name" => Some(Value::str(field)),
            "through_model" => Some(Value::Class(session.class(many.through))),
            "get_through_model" => {
                let class = session.class(many.through);
                Some(Value::native("get_through_model", move |_, _| {
                    Ok(Value::Class(class.clone()))
                }))
            }
            "rel_model" => Some(Value::Class(session.class(many.target))),
            "model" => Some(class_of(&model.name)),
            _ => None,
        });
    }
    let Some(found) = model.field(field) else { return Ok(None) };
    let relation = model.relation(&found.name).filter(|relation| relation.key.is_some());
    Ok(Some(match (name, relation) {
        ("name", _) => Value::Str(found.name.clone()),
        ("column_name", _) => Value::Str(found.column.clone()),
        ("null", _) => Value::Bool(found.null),
        ("unique", _) => Value::Bool(found.unique),
        ("primary_key", _) => Value::Bool(found.primary_key),
        ("model", _) => class_of(&model.name),
        (part @ ("year" | "month" | "day" | "hour" | "minute" | "second"), None)
            if is_moment(found, part) =>
        {
            let args = vec![
                Node::Value(Value::str(part)),
                Node::Field(source.clone(), found.name.clone()),
            ];
            value_of(session, Node::Call("date_part".into(), args, None))
        }
        ("truncate" | "to_timestamp", None) if is_moment(found, "day") => {
            return Err(crate::eval::refuse(format!(
                "`.{name}()` of a date is not supported here: use `.year`, `.month` or `.day`."
            )));
        }
        ("object_id_name", Some(_)) => Value::Str(found.attname.clone()),
        ("rel_model", Some(relation)) => class_of(&relation.target),
        ("on_delete", Some(relation)) => relation.on_delete.clone().map_or(Value::None, Value::Str),
        ("backref", Some(relation)) => relation.accessor.clone().map_or(Value::None, Value::Str),
        ("rel_field", Some(relation)) => {
            let Some((target, to)) = session.referred(relation) else { return Ok(None) };
            value_of(session, Node::Field(Source::Model(target.at), to))
        }
        (_, Some(relation)) if !super::condition::known(name) => {
            // Fields of the model that it leads to.
            let target = session.named(&relation.target);
            match target
                .as_ref()
                .and_then(|target| Some((target.at, target.field(name)?.name.clone())))
            {
                Some((at, to)) => value_of(session, Node::Field(Source::Model(at), to)),
                None => {
                    return Err(raise(
                        "AttributeError",
                        format!(
                            "Foreign-key has no attribute {name}, nor is it a valid field on the related model."
                        ),
                    ));
                }
            }
        }
        _ => return Ok(None),
    }))
}

/// Whether a field has this part of a date or a time.
fn is_moment(field: &crate::world::Field, part: &str) -> bool {
    use throughline_core::document::ColumnType;
    match field.ty {
        ColumnType::DateTime => true,
        ColumnType::Date => matches!(part, "year" | "month" | "day"),
        ColumnType::Time => matches!(part, "hour" | "minute" | "second"),
        _ => false,
    }
}

/// `Model._meta`
pub(super) struct Meta {
    pub(super) session: Rc<Session>,
    pub(super) model: usize,
}

impl Object for Meta {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Metadata", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let session = self.session.clone();
        let Some(model) = session.model(self.model) else { return Ok(None) };
        let at = self.model;
        Ok(Some(match name {
            "table_name" => Value::Str(model.table.clone()),
            "name" => Value::str(model.name.to_lowercase()),
            "model" => Value::Class(session.class(at)),
            "sorted_fields" => Value::list(class::fields(&session, at)),
            "sorted_field_names" => Value::list(
                model.fields.iter().map(|field| Value::Str(field.name.clone())).gather(),
            ),
            "fields" => {
                let mut dict = crate::value::Dict::default();
                for (field, value) in model.fields.iter().zip(class::fields(&session, at)) {
                    dict.set(&field.name, value);
                }
                Value::dict(dict)
            }
            "columns" => {
                let mut dict = crate::value::Dict::default();
                for (field, value) in model.fields.iter().zip(class::fields(&session, at)) {
                    dict.set(&field.column, value);
                }
                Value::dict(dict)
            }
            "primary_key" => match model.key() {
                Some(key) => value_of(&session, Node::Field(Source::Model(at), key.name.clone())),
                None => Value::Bool(false),
            },
            "database" => {
                if session.unbound.borrow().contains(&at) {
                    Value::None
                } else {
                    Value::Object(Rc::new(super::connection::Connection {
                        session: session.clone(),
                    }))
                }
            }
            "set_database" => Value::native("set_database", move |_, args| {
                if args.only("set_database")?.is_none() {
                    session.unbound.borrow_mut().insert(at);
                } else {
                    session.unbound.borrow_mut().remove(&at);
                }
                Ok(Value::None)
            }),
            _ => return Ok(None),
        }))
    }
}

/// `Model.__dict__`
pub(super) fn namespace(session: &Session, model: usize, class: &Class) -> Value {
    let mut dict = crate::value::Dict::default();
    if let Some(model) = session.model(model) {
        for field in &model.fields {
            dict.set(&field.name, Value::None);
            dict.set(&field.attname, Value::None);
        }
        for relation in model.relations.iter().filter(|relation| relation.through.is_some()) {
            dict.set(&relation.name, Value::None);
        }
        for accessor in model.reverse.iter().filter_map(|reverse| reverse.accessor.as_ref()) {
            dict.set(accessor, Value::None);
        }
    }
    for (name, value) in class.names.borrow().iter() {
        dict.set(name, value.clone());
    }
    Value::dict(dict)
}
