//! Queries whose names and types are known: what the checker makes and the planner reads.

use std::sync::Arc;

use gluesql_core::data::Value;
use throughline_order::Gather as _;

use crate::functions::Function;
use crate::outcome::Span;
use crate::types::Type;
use crate::values::Values;

/// A source of rows, numbered throughout the statement.
pub(crate) type SourceId = usize;

/// An expression with its type.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) ty: Type,
    pub(crate) span: Option<Span>,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Column(SourceId, usize),
    Value(Value),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    IsNull(Box<Expr>),
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    Coalesce(Vec<Expr>),
    /// To the expression's own type; only widenings.
    Convert(Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    Call(&'static Function, Vec<Expr>),
    /// An aggregate of the select, by its place.
    Aggregate(usize),
    /// A window function of the select, by its place.
    Window(usize),
    Scalar(Box<Query>),
    Exists(Box<Query>),
    InQuery(Box<Expr>, Box<Query>),
    /// Membership in a set that is known by now.
    InSet(Box<Expr>, Arc<Set>),
}

/// The values of a subquery.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) values: Values,
    /// Whether NULL is among them, so that "not in" is never known.
    pub(crate) has_null: bool,
    /// How the question was put.
    pub(crate) asked: Asked,
}

/// The two questions that a set answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// IN: NULL in, NULL out.
    In,
    /// EXISTS: never NULL.
    Exists,
}

impl Set {
    /// The answer for a value. None is NULL.
    pub(crate) fn holds(&self, value: &Value) -> Option<bool> {
        let found = !value.is_null() && self.values.contains(value);
        match self.asked {
            Asked::Exists => Some(found),
            Asked::In if found => Some(true),
            Asked::In if self.values.is_empty() && !self.has_null => Some(false),
            Asked::In if value.is_null() || self.has_null => None,
            Asked::In => Some(false),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Concat,
    Bits(Bits),
}

/// Operators on the bits of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bits {
    And,
    Or,
    Left,
    Right,
}

/// A query with ORDER BY and LIMIT.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) body: Body,
    pub(crate) columns: Vec<Output>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: u64,
    /// The sources of enclosing queries that it reads.
    pub(crate) outer: Vec<SourceId>,
}

/// A column of a result.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) ty: Type,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Select(Box<Select>),
    Values(Vec<Vec<Expr>>),
    Set {
        op: SetOp,
        all: bool,
        left: Box<Query>,
        right: Box<Query>,
    },
    /// Rows that are there already: a materialised CTE or the working table of a recursive one.
    Recursive(Box<Recursive>),
}

/// A recursive CTE: the rows to begin with, and the step that reads the rows of the last round as `working`.
#[derive(Clone, Debug)]
pub(crate) struct Recursive {
    pub(crate) first: Query,
    pub(crate) step: Query,
    pub(crate) working: usize,
    pub(crate) all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOp {
    Union,
    Intersect,
    Except,
}

/// An ORDER BY key: an expression over the select's sources, or (set operations, VALUES) a column of the result.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) by: OrderBy,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum OrderBy {
    Output(usize),
    Expr(Expr),
}

#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub(crate) from: Option<From>,
    pub(crate) filter: Vec<Expr>,
    pub(crate) group: Vec<Expr>,
    pub(crate) aggregates: Vec<Aggregate>,
    pub(crate) windows: Vec<Window>,
    /// Whether rows are grouped (GROUP BY, or an aggregate).
    pub(crate) grouped: bool,
    pub(crate) having: Option<Expr>,
    pub(crate) projection: Vec<Expr>,
    pub(crate) distinct: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum From {
    Source(Source),
    Join { kind: JoinKind, left: Box<From>, right: Box<From>, on: Vec<Expr> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Full,
}

#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: SourceId,
    pub(crate) kind: SourceKind,
    /// Types of its columns, in order.
    pub(crate) types: Vec<Type>,
}

#[derive(Clone, Debug)]
pub(crate) enum SourceKind {
    /// A table; its last column is the row's number.
    Table(String),
    Query(Box<Query>),
    /// A CTE that is read in more than one place, or is recursive: its rows are kept by number.
    Shared(usize, Arc<Query>),
    /// The working table of a recursive CTE.
    Working(usize),
    Series(Box<Expr>),
    /// Rows that are known.
    Rows(Arc<Vec<Vec<Value>>>),
}

#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub(crate) function: AggregateFunction,
    pub(crate) argument: Option<Expr>,
    pub(crate) distinct: bool,
    pub(crate) separator: String,
    pub(crate) order: Vec<(Expr, bool, bool)>,
    pub(crate) ty: Type,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AggregateFunction {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Concat,
}

#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) function: WindowFunction,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) partition: Vec<Expr>,
    pub(crate) order: Vec<(Expr, bool, bool)>,
    /// From the first row of the partition to here.
    pub(crate) frame: (FrameKind, FrameEnd),
    pub(crate) ty: Type,
}

/// Whether rows that are equal in the window's order count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Rows,
    Range,
}

/// Where a frame ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameEnd {
    CurrentRow,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WindowFunction {
    RowNumber,
    Rank,
    DenseRank,
    Lag,
    Lead,
    FirstValue,
    LastValue,
    NTile,
    Aggregate(AggregateFunction),
}

impl Select {
    /// All its expressions but those of FROM.
    pub(crate) fn parts_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let aggregates = self.aggregates.iter_mut().flat_map(|aggregate| {
            aggregate.argument.iter_mut().chain(aggregate.order.iter_mut().map(|(key, ..)| key))
        });
        let windows = self.windows.iter_mut().flat_map(|window| {
            window
                .arguments
                .iter_mut()
                .chain(&mut window.partition)
                .chain(window.order.iter_mut().map(|(key, ..)| key))
        });
        let own = self
            .filter
            .iter_mut()
            .chain(&mut self.group)
            .chain(&mut self.having)
            .chain(&mut self.projection);
        own.chain(aggregates).chain(windows)
    }
}

impl Expr {
    pub(crate) fn new(kind: Kind, ty: Type) -> Self {
        Self { kind, ty, span: None }
    }

    pub(crate) fn value(value: Value, ty: Type) -> Self {
        Self::new(Kind::Value(value), ty)
    }

    pub(crate) fn null() -> Self {
        Self::value(Value::Null, Type::Null)
    }

    pub(crate) fn truth(truth: bool) -> Self {
        Self::value(Value::Bool(truth), Type::Bool)
    }

    pub(crate) fn integer(number: i64) -> Self {
        Self::value(Value::I64(number), Type::Int)
    }

    pub(crate) fn at(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }

    pub(crate) fn as_value(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The expressions directly inside, subqueries left out.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Column(..)
            | Kind::Value(_)
            | Kind::Aggregate(_)
            | Kind::Window(_)
            | Kind::Scalar(_)
            | Kind::Exists(_) => Vec::new(),
            Kind::Compare(_, left, right) | Kind::Arithmetic(_, left, right) => vec![left, right],
            Kind::And(parts) | Kind::Or(parts) | Kind::Coalesce(parts) | Kind::Call(_, parts) => {
                parts.iter().gather()
            }
            Kind::Not(inner)
            | Kind::IsNull(inner)
            | Kind::Negate(inner)
            | Kind::Convert(inner)
            | Kind::InQuery(inner, _)
            | Kind::InSet(inner, _) => {
                vec![inner]
            }
            Kind::Case(branches, otherwise) => branches
                .iter()
                .flat_map(|(when, then)| [when, then])
                .chain(otherwise.as_deref())
                .gather(),
            Kind::In(inner, list) => std::iter::once(&**inner).chain(list).gather(),
        }
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            Kind::Column(..)
            | Kind::Value(_)
            | Kind::Aggregate(_)
            | Kind::Window(_)
            | Kind::Scalar(_)
            | Kind::Exists(_) => Vec::new(),
            Kind::Compare(_, left, right) | Kind::Arithmetic(_, left, right) => vec![left, right],
            Kind::And(parts) | Kind::Or(parts) | Kind::Coalesce(parts) | Kind::Call(_, parts) => {
                parts.iter_mut().gather()
            }
            Kind::Not(inner)
            | Kind::IsNull(inner)
            | Kind::Negate(inner)
            | Kind::Convert(inner)
            | Kind::InQuery(inner, _)
            | Kind::InSet(inner, _) => {
                vec![inner]
            }
            Kind::Case(branches, otherwise) => branches
                .iter_mut()
                .flat_map(|(when, then)| [when, then])
                .chain(otherwise.as_deref_mut())
                .gather(),
            Kind::In(inner, list) => std::iter::once(&mut **inner).chain(list).gather(),
        }
    }

    /// The query inside, if it is a subquery.
    pub(crate) fn subquery(&self) -> Option<&Query> {
        match &self.kind {
            Kind::Scalar(query) | Kind::Exists(query) | Kind::InQuery(_, query) => Some(query),
            _ => None,
        }
    }

    /// The sources that it reads, those of subqueries' outer references included.
    pub(crate) fn sources(&self) -> Vec<SourceId> {
        let mut found = Vec::new();
        self.collect_sources(&mut found);
        found
    }

    fn collect_sources(&self, found: &mut Vec<SourceId>) {
        let mut add = |id: SourceId| {
            if !found.contains(&id) {
                found.push(id);
            }
        };
        if let Kind::Column(id, _) = &self.kind {
            add(*id);
        }
        if let Some(query) = self.subquery() {
            query.outer.iter().copied().for_each(add);
        }
        for child in self.children() {
            child.collect_sources(found);
        }
    }

    /// Whether two expressions say the same. Of subqueries, only copies of one do: each has its own numbers of sources.
    pub(crate) fn same(&self, other: &Expr) -> bool {
        let (mine, theirs) = (self.children(), other.children());
        let head = match (&self.kind, &other.kind) {
            (Kind::Column(a, x), Kind::Column(b, y)) => a == b && x == y,
            (Kind::Value(a), Kind::Value(b)) => a == b && self.ty == other.ty,
            (Kind::Compare(a, ..), Kind::Compare(b, ..)) => a == b,
            (Kind::Arithmetic(a, ..), Kind::Arithmetic(b, ..)) => a == b,
            (Kind::Call(a, _), Kind::Call(b, _)) => a.name == b.name,
            (Kind::Aggregate(a), Kind::Aggregate(b)) | (Kind::Window(a), Kind::Window(b)) => a == b,
            (Kind::Case(a, x), Kind::Case(b, y)) => {
                a.len() == b.len() && x.is_some() == y.is_some()
            }
            (Kind::Scalar(a), Kind::Scalar(b)) | (Kind::Exists(a), Kind::Exists(b)) => a.same(b),
            (Kind::InSet(_, a), Kind::InSet(_, b)) => Arc::ptr_eq(a, b),
            (Kind::Scalar(_) | Kind::Exists(_) | Kind::InQuery(..) | Kind::InSet(..), _) => false,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        head && mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(a, b)| a.same(b))
    }
}

impl Query {
    fn same(&self, other: &Query) -> bool {
        let (Body::Select(a), Body::Select(b)) = (&self.body, &other.body) else { return false };
        let all =
            |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
        let aggregates = a.aggregates.len() == b.aggregates.len()
            && a.aggregates.iter().zip(&b.aggregates).all(|(a, b)| {
                a.function == b.function
                    && a.distinct == b.distinct
                    && all(a.argument.as_slice(), b.argument.as_slice())
            });
        let numbers = |select: &Select| select.from.as_ref().map(From::numbers);
        numbers(a).is_some()
            && numbers(a) == numbers(b)
            && aggregates
            && all(&a.projection, &b.projection)
            && all(&a.filter, &b.filter)
            && all(&a.group, &b.group)
            && all(a.having.as_slice(), b.having.as_slice())
            && (self.limit, self.offset) == (other.limit, other.offset)
    }
}

impl From {
    /// The numbers of its sources.
    fn numbers(&self) -> Vec<SourceId> {
        match self {
            From::Source(source) => vec![source.id],
            From::Join { left, right, .. } => {
                left.numbers().into_iter().chain(right.numbers()).gather()
            }
        }
    }
}

impl Comparison {
    /// The comparison with its sides exchanged.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }
}
