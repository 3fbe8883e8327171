//! From queries and expressions to SQL. Aliases are given in the order in which the text comes to them.

use std::rc::Rc;

use super::node::{Key, Node, Source};
use super::query::Query;
use super::session::Session;
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{Call, Expr, Is, Join, Order, Select, Source as Table, What, With};
use crate::value::{Outcome, Value};
use crate::world::{Field, Model, to_cell};

/// Compiles one statement.
pub(super) struct Compiler {
    session: Rc<Session>,
    aliases: Vec<(Key, Rc<str>)>,
    count: usize,
    /// Whether columns are written without their table: in the order of a compound query.
    plain: bool,
}

/// The field that gives values on the right side their type.
type Converter = Option<(Rc<Model>, Rc<str>)>;

impl Compiler {
    pub(super) fn new(session: &Rc<Session>) -> Self {
        Self { session: session.clone(), aliases: Vec::new(), count: 0, plain: false }
    }

    /// For a statement that changes a table: the table goes by its own name.
    pub(super) fn writing(session: &Rc<Session>, model: &Model) -> Self {
        let mut compiler = Self::new(session);
        compiler.aliases.push((Key::Model(model.at), model.table.clone()));
        compiler
    }

    fn alias(&mut self, source: &Source) -> Rc<str> {
        let key = source.key();
        if let Some((_, alias)) = self.aliases.iter().find(|(known, _)| *known == key) {
            return alias.clone();
        }
        let alias = source.name().unwrap_or_else(|| {
            self.count += 1;
            format!("t{}", self.count).into()
        });
        self.aliases.push((key, alias.clone()));
        alias
    }

    /// The SELECT of a query. One in the place of a value gives the primary key alone, unless something was asked for.
    pub(super) fn select(
        &mut self,
        machine: &mut Machine,
        query: &Query,
        inside: bool,
    ) -> Outcome<Select> {
        let mut with = With::default();
        for cte in &query.ctes {
            let inner = self.select(machine, &cte.query, false)?;
            with.recursive |= cte.recursive;
            with.tables.push((cte.name.clone(), cte.columns.clone(), inner));
        }
        let mut select = match &query.compound {
            Some((op, left, right)) => self.compound(machine, op, left, right)?,
            None => self.simple(machine, query, inside)?,
        };
        select.with = with;
        let plain = std::mem::replace(&mut self.plain, query.compound.is_some());
        for node in &query.order_by {
            let order = self.order(machine, node)?;
            select.order_by.push(order);
        }
        self.plain = plain;
        let number = |number: i64| Expr::Param(Cell::Int(number));
        select.limit = match (query.limit, query.offset) {
            (Some(limit), _) => Some(number(limit)),
            (None, Some(_)) => Some(number(-1)),
            (None, None) => None,
        };
        select.offset = query.offset.map(number);
        Ok(select)
    }

    fn simple(&mut self, machine: &mut Machine, query: &Query, inside: bool) -> Outcome<Select> {
        let mut select = Select { distinct: query.distinct, ..Select::default() };
        let model = self.session.model(query.root.model());
        let key = model.as_ref().and_then(|model| model.key()).map(|key| key.name.clone());
        let key = match key {
            Some(key) if inside && query.is_default && query.columns.len() > 1 => {
                Some(vec![Node::Field(query.root.clone(), key)])
            }
            _ => None,
        };
        for node in key.as_ref().unwrap_or(&query.columns) {
            let expr = self.expr(machine, node.bare(), &None)?;
            let name = match node {
                Node::Alias(_, name) => Some(name.clone()),
                Node::Query(query) => query.alias.clone(),
                _ => None,
            };
            select.columns.push((expr, name));
        }
        let root = self.table(machine, &query.root)?;
        select.from.push(root);
        for join in &query.joins {
            let source = self.table(machine, &join.source)?;
            let on = self.expr(machine, &join.on, &None)?;
            select.joins.push(Join { kind: join.kind, source, on });
        }
        if let Some(condition) = &query.condition {
            select.condition = Some(self.expr(machine, condition, &None)?);
        }
        for node in &query.group_by {
            let expr = self.expr(machine, node, &None)?;
            select.group_by.push(expr);
        }
        if let Some(having) = &query.having {
            select.having = Some(self.expr(machine, having, &None)?);
        }
        if super::chance::joins_texts_by_chance(&select, model.as_deref()) {
            return Err(refuse(
                "In which order GROUP_CONCAT joins the texts is up to SQLite here: rows of a joined table, or of one that an index gives, come as it finds them. Select the rows with `order_by()` and join the texts in Python.",
            ));
        }
        Ok(select)
    }

    fn compound(
        &mut self,
        machine: &mut Machine,
        op: &'static str,
        left: &Query,
        right: &Query,
    ) -> Outcome<Select> {
        let outer = self.aliases.clone();
        let own = |query: &Query| {
            !query.order_by.is_empty() || query.limit.is_some() || query.offset.is_some()
        };
        let wrapped = |select: Select| Select {
            columns: vec![(Expr::Star, None)],
            from: vec![Table { what: What::Select(Box::new(select)), alias: None }],
            ..Select::default()
        };
        let mut first = self.select(machine, left, false)?;
        let mixed =
            matches!(&left.compound, Some((inner, ..)) if op == "INTERSECT" && *inner != op);
        if own(left) || mixed {
            first = wrapped(first);
        }
        let after = std::mem::replace(&mut self.aliases, outer);
        let mut second = self.select(machine, right, false)?;
        self.aliases = after;
        if own(right)
            || matches!(&right.compound, Some((inner, ..)) if op == "EXCEPT" || *inner != op)
        {
            second = wrapped(second);
        }
        first.combined.push((op, second));
        Ok(first)
    }

    fn table(&mut self, machine: &mut Machine, source: &Source) -> Outcome<Table> {
        let what = match source {
            Source::Query(query) => What::Select(Box::new(self.select(machine, query, false)?)),
            Source::Cte(cte) => {
                return Ok(Table { what: What::Table(cte.name.clone()), alias: None });
            }
            Source::Model(_) | Source::Alias(_) => {
                let model = self.session.model(source.model());
                What::Table(model.map(|model| model.table.clone()).unwrap_or_default())
            }
        };
        Ok(Table { what, alias: Some(self.alias(source)) })
    }

    fn order(&mut self, machine: &mut Machine, node: &Node) -> Outcome<Order> {
        Ok(match node {
            Node::Order(by, direction, nulls) => {
                Order { by: self.expr(machine, by, &None)?, direction, nulls }
            }
            node => Order { by: self.expr(machine, node, &None)?, direction: "", nulls: "" },
        })
    }

    fn column(&mut self, source: &Source, column: Rc<str>) -> Expr {
        if self.plain {
            return Expr::Column(None, column);
        }
        Expr::Column(Some(self.alias(source)), column)
    }

    /// An expression; `converter` is the field on the left side, for values.
    pub(super) fn expr(
        &mut self,
        machine: &mut Machine,
        node: &Node,
        converter: &Converter,
    ) -> Outcome<Expr> {
        let none = &None;
        Ok(match node {
            Node::Field(source, name) => {
                let model = self.session.model(source.model());
                let field = model.as_ref().and_then(|model| model.field(name));
                self.column(
                    source,
                    field.map_or_else(|| name.clone(), |field| field.column.clone()),
                )
            }
            Node::Inner(source, name) => self.column(source, name.clone()),
            Node::Value(value) => Expr::Param(self.cell(machine, value, converter)?),
            Node::Binary(op, left, right) => self.binary(machine, op, left, right)?,
            Node::Between(of, low, high) => {
                let typed = self.converter(of);
                Expr::Between(
                    Box::new(self.expr(machine, of, none)?),
                    Box::new(self.expr(machine, low, &typed)?),
                    Box::new(self.expr(machine, high, &typed)?),
                )
            }
            Node::Not(inner) => Expr::Not(Box::new(self.expr(machine, inner, none)?)),
            Node::Call(name, args, filter) => self.call(machine, name, args, filter.as_deref())?,
            Node::Distinct(_) => {
                return Err(refuse("`.distinct()` of a column is only supported inside of `fn`."));
            }
            Node::Alias(_, name) => Expr::Name(name.clone()),
            Node::Order(by, ..) => self.expr(machine, by, none)?,
            Node::Sql(text, params) if params.is_empty() => Expr::Raw(text.to_string()),
            Node::Sql(text, params) => {
                let mut pieces = Vec::new();
                let mut params = params.iter();
                for (at, part) in text.split('?').enumerate() {
                    if at > 0 {
                        let value = params.next().cloned().unwrap_or(Value::None);
                        pieces.push(Expr::Param(self.cell(machine, &value, none)?));
                    }
                    pieces.push(Expr::Raw(part.to_owned()));
                }
                Expr::Pieces(pieces)
            }
            Node::Over(of, by, order) => {
                let of = self.expr(machine, of, none)?;
                let mut parts = Vec::with_capacity(by.len());
                for node in by {
                    parts.push(self.expr(machine, node, none)?);
                }
                let mut orders = Vec::with_capacity(order.len());
                for node in order {
                    orders.push(self.order(machine, node)?);
                }
                Expr::Over(Box::new(of), parts, orders)
            }
            Node::Case(of, whens, otherwise) => {
                let mut out = Vec::new();
                for (when, then) in whens {
                    let condition = match of {
                        Some(of) => self.binary(machine, "=", of, when)?,
                        None => self.expr(machine, when, none)?,
                    };
                    out.push((condition, self.expr(machine, then, none)?));
                }
                let otherwise = match otherwise {
                    Some(otherwise) => Some(Box::new(self.expr(machine, otherwise, none)?)),
                    None => None,
                };
                Expr::Case(out, otherwise)
            }
            Node::Cast(inner, ty) => Expr::Cast(Box::new(self.expr(machine, inner, none)?), ty),
            Node::Query(query) => Expr::Subquery(Box::new(self.select(machine, query, true)?)),
            Node::Lookups(..) => {
                return Err(raise("TypeError", "DQ objects are for filter(), not for where()"));
            }
        })
    }

    fn call(
        &mut self,
        machine: &mut Machine,
        name: &Rc<str>,
        args: &[Node],
        filter: Option<&Node>,
    ) -> Outcome<Expr> {
        if let ([Node::Query(query)], "exists") = (args, name.to_lowercase().as_str()) {
            return Ok(Expr::Exists(Box::new(self.select(machine, query, true)?)));
        }
        let mut distinct = false;
        let mut out = Vec::new();
        for arg in args {
            let arg = match arg {
                Node::Distinct(inner) => {
                    distinct = true;
                    inner
                }
                arg => arg,
            };
            out.push(self.expr(machine, arg, &None)?);
        }
        let filter = match filter {
            Some(filter) => Some(Box::new(self.expr(machine, filter, &None)?)),
            None => None,
        };
        Ok(Expr::Call(Call { name: name.clone(), args: out, distinct, filter }))
    }

    fn binary(
        &mut self,
        machine: &mut Machine,
        op: &'static str,
        left: &Node,
        right: &Node,
    ) -> Outcome<Expr> {
        let typed = self.converter(left);
        if matches!(op, "IN" | "NOT IN") {
            return self.within(machine, op, left, right, &typed);
        }
        let one = Box::new(self.expr(machine, left, &None)?);
        let is_null = matches!(right, Node::Value(Value::None));
        Ok(match op {
            "IS" if is_null => Expr::IsNull(one, Is::So),
            "IS NOT" if is_null => Expr::IsNull(one, Is::Not),
            "LIKE" => Expr::Like(one, Box::new(self.expr(machine, right, &typed)?), None),
            "LIKE ESCAPE" => {
                Expr::Like(one, Box::new(self.expr(machine, right, &None)?), Some('\\'))
            }
            op => Expr::Binary(op, one, Box::new(self.expr(machine, right, &typed)?)),
        })
    }

    fn within(
        &mut self,
        machine: &mut Machine,
        op: &'static str,
        left: &Node,
        right: &Node,
        typed: &Converter,
    ) -> Outcome<Expr> {
        let is = if op == "IN" { Is::So } else { Is::Not };
        let values = match right {
            Node::Query(query) => {
                let left = Box::new(self.expr(machine, left, &None)?);
                let select = self.select(machine, query, true)?;
                return Ok(Expr::InSelect(left, Box::new(select), is));
            }
            Node::Value(
                value @ (Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::Range(..)),
            ) => machine.list_of(value)?,
            _ => return Err(refuse("`IN` takes a list of values or a query here.")),
        };
        if values.is_empty() {
            let text = if op == "IN" { "(0 = 1)" } else { "(1 = 1)" };
            return Ok(Expr::Raw(text.to_owned()));
        }
        let left = Box::new(self.expr(machine, left, &None)?);
        let mut items = Vec::with_capacity(values.len());
        for value in &values {
            items.push(self.expr(machine, &super::node::node_of(value), typed)?);
        }
        Ok(Expr::In(left, items, is))
    }

    fn converter(&self, node: &Node) -> Converter {
        match node.bare() {
            Node::Field(source, name) => Some((self.session.model(source.model())?, name.clone())),
            _ => None,
        }
    }

    /// A value as a parameter.
    fn cell(&self, machine: &mut Machine, value: &Value, converter: &Converter) -> Outcome<Cell> {
        if let Some((model, name)) = converter
            && let Some(field) = model.field(name)
        {
            return cell(machine, &self.session, model, field, value);
        }
        let value = match value {
            Value::Instance(instance) if self.session.model_of(&instance.class).is_some() => {
                super::instance::key_of(&self.session, instance)
            }
            other => other.clone(),
        };
        match to_cell(None, &value) {
            Some(cell) => Ok(cell),
            None => Err(binding(machine, &value)),
        }
    }
}

/// A value on its way into a field's column.
pub(super) fn cell(
    machine: &mut Machine,
    session: &Session,
    model: &Model,
    field: &Field,
    value: &Value,
) -> Outcome<Cell> {
    use throughline_core::document::ColumnType;
    let value = session.key_of(model, field, value);
    if let Some(value) = super::epoch::stored(field, &value) {
        return Ok(value);
    }
    let value = match (&field.ty, &value) {
        (_, Value::None) => Value::None,
        (ColumnType::Boolean, value) => Value::Bool(machine.truth(value)?),
        (
            ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_),
            Value::Instance(_) | Value::Str(_),
        ) => value.clone(),
        (ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_), Value::Bytes(bytes)) => {
            match std::str::from_utf8(bytes) {
                Ok(text) => Value::str(text),
                Err(_) => {
                    return Err(crate::eval::refuse("These bytes are no text in UTF-8."));
                }
            }
        }
        (ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_), value) => {
            Value::Str(machine.str(value)?)
        }
        #[allow(clippy::cast_possible_truncation, reason = "as int() does")]
        (ColumnType::Integer | ColumnType::BigInt | ColumnType::SmallInt, Value::Float(number)) => {
            Value::Int(number.trunc() as i64)
        }
        (_, value) => value.clone(),
    };
    let value = match &value {
        Value::Instance(instance) if session.model_of(&instance.class).is_some() => {
            super::instance::key_of(session, instance)
        }
        _ => value,
    };
    match to_cell(Some(&field.ty), &value) {
        Some(cell) => Ok(cell),
        None => Err(binding(machine, &value)),
    }
}

fn binding(machine: &mut Machine, value: &Value) -> Box<crate::Raised> {
    let message = format!("Error binding parameter: type '{}' is not supported", value.type_name());
    super::exceptions::raised(machine, "ProgrammingError", &message)
}
