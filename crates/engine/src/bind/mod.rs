//! The checker: resolves every name and type before anything runs, and refuses what the engine could not get right.

mod call;
mod coerce;
mod expr;
mod from;
mod group;
mod literal;
mod query;
mod subquery;
mod window;

use std::sync::Arc;

use gluesql_core::chrono::NaiveDateTime;
use gluesql_core::sqlparser::ast::Expr as Ast;
use throughline_order::Gather as _;

use crate::error::{Result, SqlError};
use crate::ir::{Aggregate, Expr, From, Kind, Query, Source, SourceId, SourceKind, Window};
use crate::store::Database;
use crate::text::{Name, did_you_mean, fold};
use crate::types::Type;

pub(crate) use coerce::assign;
pub(crate) use literal::data_type;

/// What a name in FROM stands for.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: SourceId,
    pub(crate) alias: String,
    pub(crate) columns: Vec<(String, Type)>,
    /// Columns that are left out of `*` and of bare names, since USING merged them.
    pub(crate) merged: Vec<usize>,
}

/// Where an expression stands, as far as aggregates are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Aggregates may stand here.
    Output,
    /// They may not: WHERE, ON, GROUP BY.
    Rows(&'static str),
    /// Inside an aggregate.
    Argument,
}

/// One query level while it is being checked.
pub(crate) struct Frame<'a> {
    pub(crate) items: Vec<Item>,
    /// Columns that USING and NATURAL merged.
    pub(crate) using: Vec<(String, Expr)>,
    pub(crate) aliases: Vec<(String, &'a Ast)>,
    pub(crate) aggregates: Vec<Aggregate>,
    pub(crate) windows: Vec<Window>,
    pub(crate) place: Place,
    /// Sources of enclosing levels that this level reads.
    pub(crate) outer: Vec<SourceId>,
    expanding: bool,
}

/// A common table expression in scope.
#[derive(Clone)]
pub(crate) struct Cte {
    name: String,
    columns: Vec<(String, Type)>,
    kind: SourceKind,
}

/// Checks one statement.
pub(crate) struct Binder<'a> {
    pub(crate) db: &'a Database,
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) ctes: Vec<Cte>,
    next: SourceId,
    shared: usize,
    /// The views that are being read.
    pub(crate) within: Vec<String>,
    /// The values of the statement's parameters.
    parameters: &'a [Expr],
    now: NaiveDateTime,
}

impl Frame<'_> {
    fn new() -> Self {
        Self {
            items: Vec::new(),
            using: Vec::new(),
            aliases: Vec::new(),
            aggregates: Vec::new(),
            windows: Vec::new(),
            place: Place::Rows("here"),
            outer: Vec::new(),
            expanding: false,
        }
    }
}

impl<'a> Binder<'a> {
    pub(crate) fn new(db: &'a Database) -> Self {
        Self {
            db,
            frames: Vec::new(),
            ctes: Vec::new(),
            next: 0,
            shared: 0,
            within: Vec::new(),
            parameters: &[],
            now: crate::functions::now_value(),
        }
    }

    pub(crate) fn new_source(&mut self) -> SourceId {
        self.next += 1;
        self.next - 1
    }

    /// How many sources there are so far; the planner numbers its own after them.
    pub(crate) fn sources(&self) -> usize {
        self.next
    }

    fn frame(&mut self) -> Result<&mut Frame<'a>> {
        self.frames
            .last_mut()
            .ok_or_else(|| SqlError::error("an expression stands outside any query"))
    }

    fn place(&self) -> Place {
        self.frames.last().map_or(Place::Output, |frame| frame.place)
    }

    /// Opens a level whose only source is a table, for UPDATE, DELETE and the schema's expressions. The last column is the row's number.
    pub(crate) fn open_table(&mut self, name: &str, alias: &str) -> Result<Source> {
        let (source, item) = self.table_source(name, alias)?;
        let mut frame = Frame::new();
        frame.items.push(item);
        self.frames.push(frame);
        Ok(source)
    }

    /// Adds rows that are known to the current level, under a name.
    pub(crate) fn open_rows(
        &mut self,
        alias: &str,
        columns: Vec<(String, Type)>,
        rows: Arc<Vec<Vec<gluesql_core::data::Value>>>,
    ) -> Source {
        let id = self.new_source();
        let types = columns.iter().map(|(_, ty)| *ty).gather();
        let item = Item { id, alias: alias.to_owned(), columns, merged: Vec::new() };
        match self.frames.last_mut() {
            Some(frame) => frame.items.push(item),
            None => {
                let mut frame = Frame::new();
                frame.items.push(item);
                self.frames.push(frame);
            }
        }
        Source { id, kind: SourceKind::Rows(rows), types }
    }

    /// Leaves the last source's columns out of bare names: they are reached by `alias.column` only.
    pub(crate) fn hide_last(&mut self) {
        if let Some(item) = self.frames.last_mut().and_then(|frame| frame.items.last_mut()) {
            item.merged = (0..item.columns.len()).gather();
        }
    }

    /// FROM of an UPDATE, next to its table.
    pub(crate) fn more(
        &mut self,
        from: &'a gluesql_core::sqlparser::ast::TableWithJoins,
    ) -> Result<From> {
        self.joined(from)
    }

    /// WHERE of an UPDATE or a DELETE.
    pub(crate) fn filter(&mut self, selection: Option<&'a Ast>) -> Result<Vec<Expr>> {
        let Some(selection) = selection else { return Ok(Vec::new()) };
        self.frame()?.place = Place::Rows("WHERE");
        let expr = self.expr(selection)?;
        Ok(expr::conjuncts(self.condition(expr)?))
    }

    fn table_source(&mut self, name: &str, alias: &str) -> Result<(Source, Item)> {
        let Some(table) = self.db.table(name) else {
            let (tables, views) = (self.db.tables(), self.db.views());
            let names = tables.iter().map(|table| table.def.name.as_str());
            let names = names.chain(views.iter().map(|view| view.name.as_str()));
            let mut error = SqlError::error(format!("there is no table {name}"));
            error.hint = did_you_mean(name, names);
            return Err(error);
        };
        let id = self.new_source();
        let columns: Vec<(String, Type)> =
            table.def.columns.iter().map(|column| (column.name.clone(), column.ty)).gather();
        let mut types: Vec<Type> = columns.iter().map(|(_, ty)| *ty).gather();
        types.push(Type::Int);
        let item = Item { id, alias: alias.to_owned(), columns, merged: Vec::new() };
        Ok((Source { id, kind: SourceKind::Table(table.def.name.clone()), types }, item))
    }

    /// Resolves `name` or `table.name`, from the innermost level outwards.
    fn column(&mut self, qualifier: Option<&Name>, name: &Name) -> Result<Expr> {
        for level in (0..self.frames.len()).rev() {
            if let Some(expr) = self.column_at(level, qualifier, name)? {
                for id in expr.sources() {
                    for frame in self.frames.iter_mut().skip(level + 1) {
                        if !frame.outer.contains(&id) {
                            frame.outer.push(id);
                        }
                    }
                }
                return Ok(expr.at(name.span));
            }
        }
        Err(self.unknown_column(qualifier, name))
    }

    fn column_at(
        &mut self,
        level: usize,
        qualifier: Option<&Name>,
        name: &Name,
    ) -> Result<Option<Expr>> {
        let Some(frame) = self.frames.get(level) else { return Ok(None) };
        let wanted = fold(&name.text);
        let mut found: Vec<(String, Expr)> = Vec::new();
        if qualifier.is_none()
            && let Some((_, expr)) = frame.using.iter().find(|(known, _)| *known == wanted)
        {
            return Ok(Some(expr.clone()));
        }
        for item in &frame.items {
            if let Some(qualifier) = qualifier
                && fold(&qualifier.text) != fold(&item.alias)
            {
                continue;
            }
            for (at, (column, ty)) in item.columns.iter().enumerate() {
                if fold(column) == wanted && (qualifier.is_some() || !item.merged.contains(&at)) {
                    found.push((item.alias.clone(), Expr::new(Kind::Column(item.id, at), *ty)));
                }
            }
        }
        if found.len() > 1 {
            let sources: Vec<&str> = found.iter().map(|(alias, _)| alias.as_str()).gather();
            let error = SqlError::error(format!(
                "column {} is ambiguous: {} have it",
                name.text,
                sources.join(" and ")
            ));
            let first = sources.first().copied().unwrap_or_default();
            return Err(error.hint(format!("write {first}.{}", name.text)).at(name.span));
        }
        if let Some((_, expr)) = found.pop() {
            return Ok(Some(expr));
        }
        self.alias_at(level, qualifier, &wanted)
    }

    /// A name that SELECT gave to an expression.
    fn alias_at(
        &mut self,
        level: usize,
        qualifier: Option<&Name>,
        wanted: &str,
    ) -> Result<Option<Expr>> {
        let Some(frame) = self.frames.get_mut(level) else { return Ok(None) };
        if qualifier.is_some() || frame.expanding {
            return Ok(None);
        }
        let Some((_, ast)) = frame.aliases.iter().find(|(alias, _)| alias == wanted).cloned()
        else {
            return Ok(None);
        };
        if level + 1 != self.frames.len() {
            return Ok(None);
        }
        if let Some(frame) = self.frames.get_mut(level) {
            frame.expanding = true;
        }
        let bound = self.expr(ast);
        if let Some(frame) = self.frames.get_mut(level) {
            frame.expanding = false;
        }
        bound.map(Some)
    }

    fn unknown_column(&self, qualifier: Option<&Name>, name: &Name) -> SqlError {
        let items = || self.frames.iter().rev().flat_map(|frame| &frame.items);
        if let Some(qualifier) = qualifier {
            let Some(item) = items().find(|item| fold(&item.alias) == fold(&qualifier.text)) else {
                let mut error =
                    SqlError::error(format!("there is no table or alias {} here", qualifier.text));
                error.hint = did_you_mean(&qualifier.text, items().map(|item| item.alias.as_str()));
                return error.at(qualifier.span);
            };
            let mut error = SqlError::error(format!("{} has no column {}", item.alias, name.text));
            error.hint =
                did_you_mean(&name.text, item.columns.iter().map(|(column, _)| column.as_str()));
            return error.at(name.span);
        }
        let mut error = SqlError::error(format!("there is no column {}", name.text));
        error.hint = did_you_mean(
            &name.text,
            items().flat_map(|item| item.columns.iter().map(|(column, _)| column.as_str())),
        );
        if error.hint.is_none() && self.db.table(&name.text).is_some() {
            error.hint = Some(format!("{} is a table; name one of its columns", name.text));
        }
        error.at(name.span)
    }

    /// Every source in a FROM.
    pub(crate) fn sources_of(from: &From) -> Vec<SourceId> {
        match from {
            From::Source(source) => vec![source.id],
            From::Join { left, right, .. } => {
                [Self::sources_of(left), Self::sources_of(right)].concat()
            }
        }
    }

    /// With values for parameters.
    pub(crate) fn given(mut self, parameters: &'a [Expr]) -> Self {
        self.parameters = parameters;
        self
    }

    /// A query that stands alone.
    pub(crate) fn statement(
        db: &'a Database,
        parameters: &'a [Expr],
        ast: &'a gluesql_core::sqlparser::ast::Query,
    ) -> Result<(Query, usize)> {
        let mut binder = Self::new(db).given(parameters);
        let query = binder.query(ast)?;
        Ok((query, binder.sources()))
    }
}
