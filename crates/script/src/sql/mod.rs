//! SQL as trees, and its text in the style of each ORM.

mod style;
mod write;

use std::rc::Rc;

pub use style::{Style, Tables, Wrap, quoted};
pub use write::{UNBOUND, Writer};

use throughline_order::Gather as _;

use crate::database::Cell;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `"table"."column"`; without a table where the ORM leaves it out.
    Column(Option<Rc<str>>, Rc<str>),
    /// A parameter.
    Param(Cell),
    /// `left op right`
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `op operand`
    Prefix(&'static str, Box<Expr>),
    /// `NOT …`
    Not(Box<Expr>),
    /// `… AND …`; true where there is none.
    And(Vec<Expr>),
    /// `… OR …`; false where there is none.
    Or(Vec<Expr>),
    /// `… IS NULL` or `… IS NOT NULL`
    IsNull(Box<Expr>, Is),
    /// `… IN (…)`
    In(Box<Expr>, Vec<Expr>, Is),
    /// `… IN (SELECT …)`
    InSelect(Box<Expr>, Box<Select>, Is),
    /// `… BETWEEN … AND …`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `… LIKE … ESCAPE '\'`
    Like(Box<Expr>, Box<Expr>, Option<char>),
    /// `EXISTS(SELECT …)`
    Exists(Box<Select>),
    /// `(SELECT …)`
    Subquery(Box<Select>),
    /// `name(DISTINCT …) FILTER (WHERE …)`
    Call(Call),
    /// `*`
    Star,
    /// `CAST(… AS type)`
    Cast(Box<Expr>, &'static str),
    /// `CASE WHEN … THEN … ELSE … END`
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// The name that a column of the SELECT has been given.
    Name(Rc<str>),
    /// `… OVER (PARTITION BY … ORDER BY …)`
    Over(Box<Expr>, Vec<Expr>, Vec<Order>),
    /// One after the other, with nothing between: text of the user's own with its parameters.
    Pieces(Vec<Expr>),
    /// What a query inside of another one takes from it, until it stands there: a path, and how many queries further out still.
    Outer(Rc<str>, u32),
    /// In parentheses.
    Group(Box<Expr>),
    /// Text that needs no quoting: a keyword, a number.
    Raw(String),
}

/// Whether a test is negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// As it stands.
    So,
    /// With NOT.
    Not,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub name: Rc<str>,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Whether it counts equal values once.
    pub distinct: bool,
    /// The rows that an aggregate takes.
    pub filter: Option<Box<Expr>>,
}

impl Expr {
    /// `"table"."column"`
    pub fn column(table: &str, column: &str) -> Self {
        Self::Column(Some(table.into()), column.into())
    }

    /// A call.
    pub fn call(name: &str, args: Vec<Self>) -> Self {
        Self::Call(Call { name: name.into(), args, distinct: false, filter: None })
    }

    /// Shows itself and all its parts, those of subqueries left out.
    pub fn each(&self, see: &mut dyn FnMut(&Self)) {
        see(self);
        self.parts().into_iter().for_each(|part| part.each(see));
    }

    /// What it is made of, those of subqueries left out.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Binary(_, left, right) | Self::Like(left, right, _) => vec![left, right],
            Self::Prefix(_, of)
            | Self::Not(of)
            | Self::IsNull(of, _)
            | Self::InSelect(of, ..)
            | Self::Cast(of, _)
            | Self::Group(of) => vec![of],
            Self::And(parts) | Self::Or(parts) | Self::Pieces(parts) => parts.iter().gather(),
            Self::In(of, items, _) => std::iter::once(&**of).chain(items).gather(),
            Self::Between(of, low, high) => vec![of, low, high],
            Self::Call(call) => call.args.iter().chain(call.filter.as_deref()).gather(),
            Self::Case(whens, default) => {
                let whens = whens.iter().flat_map(|(when, then)| [when, then]);
                whens.chain(default.as_deref()).gather()
            }
            Self::Over(of, by, order) => {
                let order = order.iter().map(|order| &order.by);
                std::iter::once(&**of).chain(by).chain(order).gather()
            }
            Self::Column(..)
            | Self::Param(_)
            | Self::Outer(..)
            | Self::Exists(_)
            | Self::Subquery(_)
            | Self::Star
            | Self::Name(_)
            | Self::Raw(_) => Vec::new(),
        }
    }

    /// Changes all its parts, those of subqueries among them, and then itself.
    pub fn each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        match self {
            Self::Binary(_, left, right) | Self::Like(left, right, _) => {
                left.each_mut(change);
                right.each_mut(change);
            }
            Self::Prefix(_, of)
            | Self::Not(of)
            | Self::IsNull(of, _)
            | Self::Cast(of, _)
            | Self::Group(of) => of.each_mut(change),
            Self::InSelect(of, select, _) => {
                of.each_mut(change);
                select.each_mut(change);
            }
            Self::Exists(select) | Self::Subquery(select) => select.each_mut(change),
            Self::And(parts) | Self::Or(parts) | Self::Pieces(parts) => {
                parts.iter_mut().for_each(|part| part.each_mut(change));
            }
            Self::In(of, items, _) => {
                of.each_mut(change);
                items.iter_mut().for_each(|item| item.each_mut(change));
            }
            Self::Between(of, low, high) => {
                [of, low, high].into_iter().for_each(|part| part.each_mut(change));
            }
            Self::Call(call) => {
                call.args.iter_mut().for_each(|part| part.each_mut(change));
                call.filter.iter_mut().for_each(|filter| filter.each_mut(change));
            }
            Self::Case(whens, default) => {
                for (when, then) in whens {
                    when.each_mut(change);
                    then.each_mut(change);
                }
                default.iter_mut().for_each(|default| default.each_mut(change));
            }
            Self::Over(of, by, order) => {
                of.each_mut(change);
                by.iter_mut().for_each(|part| part.each_mut(change));
                order.iter_mut().for_each(|order| order.by.each_mut(change));
            }
            Self::Column(..)
            | Self::Param(_)
            | Self::Outer(..)
            | Self::Star
            | Self::Name(_)
            | Self::Raw(_) => {}
        }
        change(self);
    }

    /// `left op right`
    pub fn binary(op: &'static str, left: Self, right: Self) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }
}

/// `WITH`: queries that stand before a SELECT and have names in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct With {
    /// `RECURSIVE`
    pub recursive: bool,
    /// Each with its name and those of its columns, where it gives them.
    pub tables: Vec<(Rc<str>, Vec<Rc<str>>, Select)>,
}

/// A SELECT.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Select {
    /// `WITH`
    pub with: With,
    /// `DISTINCT`
    pub distinct: bool,
    /// What it gives, each with the name that it is given.
    pub columns: Vec<(Expr, Option<Rc<str>>)>,
    /// Where from: tables and subqueries that stand beside each other.
    pub from: Vec<Source>,
    /// Joins, in order.
    pub joins: Vec<Join>,
    /// `WHERE`
    pub condition: Option<Expr>,
    /// `GROUP BY`
    pub group_by: Vec<Expr>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `UNION` and the like, with their right sides.
    pub combined: Vec<(&'static str, Select)>,
    /// `ORDER BY`
    pub order_by: Vec<Order>,
    /// `LIMIT`
    pub limit: Option<Expr>,
    /// `OFFSET`
    pub offset: Option<Expr>,
}

impl Select {
    /// Changes every expression in it.
    pub fn each_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        self.with.tables.iter_mut().for_each(|(_, _, select)| select.each_mut(change));
        self.columns.iter_mut().for_each(|(column, _)| column.each_mut(change));
        let sources =
            self.from.iter_mut().chain(self.joins.iter_mut().map(|join| &mut join.source));
        for source in sources {
            if let What::Select(select) = &mut source.what {
                select.each_mut(change);
            }
        }
        let on = self.joins.iter_mut().map(|join| &mut join.on);
        let order = self.order_by.iter_mut().map(|order| &mut order.by);
        let rest = self.condition.iter_mut().chain(&mut self.group_by).chain(&mut self.having);
        on.chain(order).chain(rest).for_each(|expr| expr.each_mut(change));
        self.combined.iter_mut().for_each(|(_, select)| select.each_mut(change));
    }
}

/// A table or a subquery, with its alias.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it is.
    pub what: What,
    /// Its alias.
    pub alias: Option<Rc<str>>,
}

/// What stands in FROM.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A table.
    Table(Rc<str>),
    /// A subquery.
    Select(Box<Select>),
}

impl Source {
    /// A table, with an alias where it has another name here.
    pub fn table(name: &str, alias: Option<&str>) -> Self {
        Self { what: What::Table(name.into()), alias: alias.map(Into::into) }
    }
}

/// A join.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// `INNER JOIN`, `LEFT OUTER JOIN`
    pub kind: &'static str,
    /// What is joined.
    pub source: Source,
    /// Its condition.
    pub on: Expr,
}

/// An item of ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is ordered by.
    pub by: Expr,
    /// `ASC`, `DESC`, or nothing where the ORM writes nothing.
    pub direction: &'static str,
    /// `NULLS FIRST`, `NULLS LAST`.
    pub nulls: &'static str,
}

/// An INSERT.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insert {
    /// `INSERT`, `INSERT OR IGNORE`, `REPLACE`
    pub verb: &'static str,
    /// The table.
    pub table: Rc<str>,
    /// Its columns.
    pub columns: Vec<Rc<str>>,
    /// Rows of values.
    pub rows: Vec<Vec<Expr>>,
    /// A query in place of rows.
    pub select: Option<Box<Select>>,
    /// What follows the rows: `ON CONFLICT …`.
    pub conflict: Option<Conflict>,
    /// `RETURNING`
    pub returning: Vec<Expr>,
}

/// `ON CONFLICT (…) DO …`
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The columns that make the conflict.
    pub columns: Vec<Rc<str>>,
    /// `DO UPDATE SET`; nothing for `DO NOTHING`.
    pub set: Vec<(Rc<str>, Expr)>,
}

/// An UPDATE.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The table.
    pub table: Rc<str>,
    /// Columns with their values.
    pub set: Vec<(Rc<str>, Expr)>,
    /// `WHERE`
    pub condition: Option<Expr>,
}

/// A DELETE.
#[derive(Clone, Debug, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: Source,
    /// `WHERE`
    pub condition: Option<Expr>,
}
