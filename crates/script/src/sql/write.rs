//! From trees to text.

use super::style::{Style, Tables, Wrap};
use super::{Call, Delete, Expr, Insert, Is, Join, Order, Select, Source, Update, What};
use crate::database::{Cell, Sent};

/// Stands in a text where a query refers to another around it, and stands in none.
pub const UNBOUND: &str = "\u{1a}";

/// Writes one statement and gathers its parameters in their order.
pub struct Writer<'a> {
    style: &'a Style,
    sql: String,
    params: Vec<Cell>,
    /// Whether the statement that is being written has one table only.
    alone: bool,
    /// What an UPDATE or DELETE gives of each row.
    returning: Vec<Expr>,
}

/// How closely a surrounding expression binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Around {
    Nothing,
    Or,
    And,
    Not,
    Operand,
}

impl<'a> Writer<'a> {
    /// With RETURNING after an UPDATE or DELETE.
    pub fn returning(mut self, columns: Vec<Expr>) -> Self {
        self.returning = columns;
        self
    }

    fn returned(&mut self) {
        let columns = std::mem::take(&mut self.returning);
        if !columns.is_empty() {
            self.push(" RETURNING ");
            self.alone = false;
            self.list(&columns);
        }
    }

    /// An empty statement in this style.
    pub fn new(style: &'a Style) -> Self {
        Self { style, sql: String::new(), params: Vec::new(), alone: true, returning: Vec::new() }
    }

    /// The text and the parameters.
    pub fn done(self) -> Sent {
        Sent { sql: self.sql, params: self.params }
    }

    /// A SELECT as a statement.
    pub fn select(mut self, select: &Select) -> Sent {
        self.write_select(select);
        self.done()
    }

    /// An INSERT as a statement.
    pub fn insert(mut self, insert: &Insert) -> Sent {
        self.push(insert.verb);
        self.push(" INTO ");
        self.name(&insert.table);
        if !insert.columns.is_empty() {
            self.push(" (");
            self.names(&insert.columns);
            self.push(")");
        }
        match (&insert.select, insert.columns.is_empty() && insert.rows.is_empty()) {
            (Some(select), _) => {
                self.push(" ");
                self.write_select(select);
            }
            (None, true) => self.push(" DEFAULT VALUES"),
            (None, false) => {
                self.push(" VALUES ");
                for (at, row) in insert.rows.iter().enumerate() {
                    if at > 0 {
                        self.push(self.style.comma);
                    }
                    self.push("(");
                    self.list(row);
                    self.push(")");
                }
            }
        }
        if let Some(conflict) = &insert.conflict {
            self.push(" ON CONFLICT");
            if !conflict.columns.is_empty() {
                self.push(" (");
                self.names(&conflict.columns);
                self.push(")");
            }
            if conflict.set.is_empty() {
                self.push(" DO NOTHING");
            } else {
                self.push(" DO UPDATE SET ");
                // The row that is there and the one that is not stand beside each other.
                self.alone = false;
                self.assignments(&conflict.set);
            }
        }
        if !insert.returning.is_empty() {
            self.push(" RETURNING ");
            self.list(&insert.returning);
        }
        self.done()
    }

    /// An UPDATE as a statement.
    pub fn update(mut self, update: &Update) -> Sent {
        self.push("UPDATE ");
        self.name(&update.table);
        self.push(" SET ");
        self.assignments(&update.set);
        self.condition(update.condition.as_ref());
        self.returned();
        self.done()
    }

    /// A DELETE as a statement.
    pub fn delete(mut self, delete: &Delete) -> Sent {
        self.push("DELETE");
        self.push(" FROM ");
        self.source(&delete.table);
        self.condition(delete.condition.as_ref());
        self.returned();
        self.done()
    }

    fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    fn name(&mut self, name: &str) {
        let quoted = (self.style.quote)(name);
        self.push(&quoted);
    }

    fn names(&mut self, names: &[std::rc::Rc<str>]) {
        for (at, name) in names.iter().enumerate() {
            if at > 0 {
                self.push(self.style.comma);
            }
            self.name(name);
        }
    }

    fn assignments(&mut self, set: &[(std::rc::Rc<str>, Expr)]) {
        for (at, (column, value)) in set.iter().enumerate() {
            if at > 0 {
                self.push(self.style.comma);
            }
            self.name(column);
            self.push(self.style.space);
            self.push("=");
            self.push(self.style.space);
            self.expr(value, Around::Nothing);
        }
    }

    fn condition(&mut self, condition: Option<&Expr>) {
        if let Some(condition) = condition {
            self.push(self.style.clause);
            self.push("WHERE ");
            self.expr(condition, Around::Nothing);
        }
    }

    /// A SELECT inside of another statement.
    pub fn write_select(&mut self, select: &Select) {
        let plain = matches!(select.from.as_slice(), [Source { what: What::Table(_), .. }]);
        let around = std::mem::replace(&mut self.alone, plain && select.joins.is_empty());
        self.write_parts(select);
        self.alone = around;
    }

    fn write_parts(&mut self, select: &Select) {
        for (at, (name, columns, of)) in select.with.tables.iter().enumerate() {
            match (at, select.with.recursive) {
                (0, true) => self.push("WITH RECURSIVE "),
                (0, false) => self.push("WITH "),
                _ => self.push(self.style.comma),
            }
            self.name(name);
            if !columns.is_empty() {
                self.push(" (");
                self.names(columns);
                self.push(")");
            }
            self.push(" AS (");
            self.write_select(of);
            self.push(")");
        }
        if !select.with.tables.is_empty() {
            self.push(" ");
        }
        self.push("SELECT ");
        if select.distinct {
            self.push("DISTINCT ");
        }
        for (at, (expr, alias)) in select.columns.iter().enumerate() {
            if at > 0 {
                self.push(self.style.comma);
            }
            self.expr(expr, Around::Nothing);
            if let Some(alias) = alias {
                self.push(self.style.column_alias);
                self.name(alias);
            }
        }
        for (at, source) in select.from.iter().enumerate() {
            if at == 0 {
                self.push(self.style.clause);
                self.push("FROM ");
            } else {
                self.push(self.style.comma);
            }
            self.source(source);
        }
        for join in &select.joins {
            self.join(join);
        }
        self.condition(select.condition.as_ref());
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.list(&select.group_by);
        }
        if let Some(having) = &select.having {
            self.push(" HAVING ");
            self.expr(having, Around::Nothing);
        }
        for (op, other) in &select.combined {
            self.push(" ");
            self.push(op);
            self.push(" ");
            self.write_select(other);
        }
        for (at, order) in select.order_by.iter().enumerate() {
            self.push(if at == 0 { " ORDER BY " } else { self.style.comma });
            self.order(order);
        }
        if let Some(limit) = &select.limit {
            self.push(" LIMIT ");
            self.expr(limit, Around::Nothing);
        }
        if let Some(offset) = &select.offset {
            self.push(" OFFSET ");
            self.expr(offset, Around::Nothing);
        }
    }

    fn source(&mut self, source: &Source) {
        match &source.what {
            What::Table(table) => self.name(table),
            What::Select(select) => {
                self.push("(");
                self.write_select(select);
                self.push(")");
            }
        }
        if let Some(alias) = &source.alias {
            self.push(self.style.table_alias);
            self.name(alias);
        }
    }

    fn join(&mut self, join: &Join) {
        self.push(" ");
        self.push(join.kind);
        self.push(" ");
        self.source(&join.source);
        self.push(" ON ");
        self.expr(&join.on, Around::Nothing);
    }

    fn order(&mut self, order: &Order) {
        self.expr(&order.by, Around::Nothing);
        for word in [order.direction, order.nulls] {
            if !word.is_empty() {
                self.push(" ");
                self.push(word);
            }
        }
    }

    fn list(&mut self, items: &[Expr]) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(self.style.comma);
            }
            self.expr(item, Around::Nothing);
        }
    }

    fn expr(&mut self, expr: &Expr, around: Around) {
        match expr {
            Expr::Column(table, column) => {
                let left_out = self.alone && self.style.tables == Tables::OfSeveral;
                if let Some(table) = table.as_ref().filter(|_| !left_out) {
                    self.name(table);
                    self.push(".");
                }
                self.name(column);
            }
            Expr::Param(cell) => {
                self.params.push(cell.clone());
                self.push("?");
            }
            Expr::Binary(op, left, right) => {
                let open = self.open(around == Around::Operand, true);
                self.expr(left, Around::Operand);
                // Words need their blanks in every style.
                let space =
                    if op.starts_with(char::is_alphabetic) { " " } else { self.style.space };
                self.push(space);
                self.push(op);
                self.push(space);
                self.expr(right, Around::Operand);
                self.close(open);
            }
            Expr::Prefix(op, operand) => {
                self.push(op);
                self.expr(operand, Around::Operand);
            }
            Expr::Not(inner) => {
                self.push("NOT ");
                if self.style.wrap == Wrap::Each {
                    self.expr(inner, Around::Nothing);
                } else {
                    self.push("(");
                    self.expr(inner, Around::Not);
                    self.push(")");
                }
            }
            Expr::And(items) => self.chain(items, " AND ", around > Around::And, "1 = 1"),
            Expr::Or(items) => self.chain(items, " OR ", around > Around::Or, "1 = 0"),
            Expr::IsNull(operand, is) => {
                let open = self.open(false, true);
                self.expr(operand, Around::Operand);
                self.push(if *is == Is::So { " IS NULL" } else { " IS NOT NULL" });
                self.close(open);
            }
            Expr::In(operand, items, is) => {
                let open = self.open(false, true);
                self.expr(operand, Around::Operand);
                self.push(if *is == Is::So { " IN (" } else { " NOT IN (" });
                self.list(items);
                self.push(")");
                self.close(open);
            }
            Expr::InSelect(operand, select, is) => {
                let open = self.open(false, true);
                self.expr(operand, Around::Operand);
                self.push(if *is == Is::So { " IN (" } else { " NOT IN (" });
                self.write_select(select);
                self.push(")");
                self.close(open);
            }
            Expr::Between(operand, from, to) => {
                let open = self.open(false, true);
                self.expr(operand, Around::Operand);
                self.push(" BETWEEN ");
                self.expr(from, Around::Operand);
                self.push(" AND ");
                self.expr(to, Around::Operand);
                self.close(open);
            }
            Expr::Like(operand, pattern, escape) => {
                let open = self.open(false, true);
                self.expr(operand, Around::Operand);
                self.push(" LIKE ");
                self.expr(pattern, Around::Operand);
                if let Some(escape) = escape {
                    self.push(&format!(" ESCAPE '{escape}'"));
                }
                self.close(open);
            }
            Expr::Exists(select) => {
                self.push("EXISTS(");
                self.write_select(select);
                self.push(")");
            }
            Expr::Subquery(select) => {
                self.push("(");
                self.write_select(select);
                self.push(")");
            }
            Expr::Call(call) => self.call(call),
            Expr::Star => self.push("*"),
            Expr::Cast(inner, ty) => {
                self.push("CAST(");
                self.expr(inner, Around::Nothing);
                self.push(" AS ");
                self.push(ty);
                self.push(")");
            }
            Expr::Case(whens, otherwise) => {
                self.push("CASE");
                for (condition, value) in whens {
                    self.push(" WHEN ");
                    self.expr(condition, Around::Nothing);
                    self.push(" THEN ");
                    self.expr(value, Around::Nothing);
                }
                if let Some(otherwise) = otherwise {
                    self.push(" ELSE ");
                    self.expr(otherwise, Around::Nothing);
                }
                self.push(" END");
            }
            // Only what is left over from a query that never came to stand in another.
            Expr::Outer(..) => self.push(UNBOUND),
            Expr::Over(of, by, order) => {
                self.expr(of, Around::Nothing);
                self.push(" OVER (");
                if !by.is_empty() {
                    self.push("PARTITION BY ");
                    self.list(by);
                }
                for (at, item) in order.iter().enumerate() {
                    let first = if by.is_empty() { "ORDER BY " } else { " ORDER BY " };
                    self.push(if at == 0 { first } else { self.style.comma });
                    self.order(item);
                }
                self.push(")");
            }
            Expr::Pieces(pieces) => {
                pieces.iter().for_each(|piece| self.expr(piece, Around::Nothing));
            }
            Expr::Name(name) => self.name(name),
            Expr::Group(inner) => {
                self.push("(");
                self.expr(inner, Around::Nothing);
                self.push(")");
            }
            Expr::Raw(text) => self.push(text),
        }
    }

    fn call(&mut self, call: &Call) {
        self.push(&call.name);
        self.push(if call.distinct { "(DISTINCT " } else { "(" });
        self.list(&call.args);
        self.push(")");
        if let Some(filter) = &call.filter {
            self.push(" FILTER (WHERE ");
            self.expr(filter, Around::Nothing);
            self.push(")");
        }
    }

    fn chain(&mut self, items: &[Expr], word: &str, inside: bool, none: &str) {
        match items {
            [] => self.push(none),
            [only] => self.expr(only, if inside { Around::Not } else { Around::Nothing }),
            [first, rest @ ..] if self.style.wrap == Wrap::Each => {
                // Pairs from the left, each in parentheses.
                let (last, front) =
                    rest.split_last().map_or((first, rest), |(last, front)| (last, front));
                self.push("(");
                let mut head = vec![first.clone()];
                head.extend(front.iter().cloned());
                self.chain(&head, word, false, none);
                self.push(word);
                self.expr(last, Around::Nothing);
                self.push(")");
            }
            items => {
                let open = self.style.wrap == Wrap::Groups || inside;
                if open {
                    self.push("(");
                }
                let around = if word == " AND " { Around::And } else { Around::Or };
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.push(word);
                    }
                    self.expr(
                        item,
                        if matches!(item, Expr::And(_) | Expr::Or(_)) {
                            Around::Not
                        } else {
                            around
                        },
                    );
                }
                if open {
                    self.push(")");
                }
            }
        }
    }

    fn open(&mut self, needed: bool, each: bool) -> bool {
        let open = needed || (each && self.style.wrap == Wrap::Each);
        if open {
            self.push("(");
        }
        open
    }

    fn close(&mut self, open: bool) {
        if open {
            self.push(")");
        }
    }
}
