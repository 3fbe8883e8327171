//! `Book.author.name == 'Ann'`: fields of model classes in conditions and orders.

use std::any::Any;
use std::rc::Rc;

use super::clause::Group;
use super::link::{Kind, link};
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Class, Object, Outcome, Side, Value};
use crate::world::World;

/// A field of a model class, or a relation that leads further.
pub(super) struct Accessor {
    world: Rc<World>,
    /// The model that it leads to; `None` for a plain field.
    model: Option<usize>,
    pub(super) path: String,
}

impl Accessor {
    /// `Book.author`
    pub(super) fn first(world: &Rc<World>, model: usize, name: &str) -> Value {
        let model = link(world, model, name).map(|link| link.target);
        Value::Object(Rc::new(Self { world: world.clone(), model, path: name.to_owned() }))
    }
}

/// Methods, each with its lookup.
const METHODS: &[(&str, &str)] = &[
    ("iexact", "iexact"),
    ("contains", "contains"),
    ("icontains", "icontains"),
    ("startswith", "startswith"),
    ("istartswith", "istartswith"),
    ("endswith", "endswith"),
    ("iendswith", "iendswith"),
    ("isnull", "isnull"),
    ("in_", "in"),
];

impl Object for Accessor {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("FieldAccessor", "ormar.queryset.field_accessor", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let path = self.path.clone();
        if let Some(model) = self.model {
            let further = link(&self.world, model, name);
            let plain = self.world.model(model).is_some_and(|of| of.field(name).is_some());
            if further.is_some() || plain {
                return Ok(Some(Value::Object(Rc::new(Self {
                    world: self.world.clone(),
                    model: further
                        .filter(|link| link.kind != Kind::Through || !plain)
                        .map(|link| link.target),
                    path: format!("{path}__{name}"),
                }))));
            }
            return Ok(None);
        }
        match name {
            "asc" | "desc" => {
                let sign = if name == "desc" { "-" } else { "" };
                return Ok(Some(Value::native("asc", move |machine, args| {
                    let [nulls] = args.bind("asc", ["nulls_ordering"], 0)?;
                    // Where NULLs go stands behind the path, as no path has a space.
                    Ok(Value::from(match nulls.filter(|nulls| !nulls.is_none()) {
                        Some(nulls) if matches!(nulls.as_str(), Some("first" | "last")) => {
                            format!("{sign}{path} nulls {}", machine.str(&nulls)?)
                        }
                        Some(_) => {
                            let message = "Invalid option for ordering nulls values.";
                            return Err(crate::eval::raise("ValueError", message));
                        }
                        None => format!("{sign}{path}"),
                    }))
                })));
            }
            _ => {}
        }
        let Some((method, lookup)) = METHODS.iter().find(|(method, _)| *method == name) else {
            return Ok(None);
        };
        Ok(Some(Value::native(method, move |_, args| {
            Ok(Group::one(format!("{path}__{lookup}"), args.only(method)?))
        })))
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        _: Side,
    ) -> Outcome<Option<Value>> {
        let lookup = match op {
            "==" => "exact",
            ">" => "gt",
            ">=" => "gte",
            "<" => "lt",
            "<=" => "lte",
            "%" => "contains",
            "<<" => "in",
            ">>" => {
                let path = format!("{}__isnull", self.path);
                return Ok(Some(Group::one(path, Value::Bool(true))));
            }
            "!=" => {
                return Err(refuse("`!=` of a field is no condition in ormar: use `exclude`."));
            }
            _ => return Ok(None),
        };
        Ok(Some(Group::one(format!("{}__{lookup}", self.path), other.clone())))
    }
}
