//! Random schemas, rows and queries from a list of choices, so that a shorter list is a smaller case.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;

/// Draws from a list of numbers; zeros when it is used up.
pub struct Choices<'a> {
    numbers: std::slice::Iter<'a, u32>,
    aliases: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ty {
    Int,
    Real,
    Text,
    Bool,
}

/// A name in scope with its columns.
#[derive(Clone)]
pub struct Source {
    pub alias: String,
    pub columns: Vec<(String, Ty)>,
}

const TABLES: &[(&str, &[(&str, Ty)])] = &[
    (
        "author",
        &[
            ("id", Ty::Int),
            ("name", Ty::Text),
            ("age", Ty::Int),
            ("score", Ty::Real),
            ("active", Ty::Bool),
        ],
    ),
    ("post", &[("id", Ty::Int), ("title", Ty::Text), ("author_id", Ty::Int), ("rating", Ty::Real)]),
    ("tag", &[("id", Ty::Int), ("label", Ty::Text)]),
    ("post_tag", &[("post_id", Ty::Int), ("tag_id", Ty::Int), ("weight", Ty::Int)]),
];

pub const DDL: &[&str] = &[
    "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, score REAL, active BOOLEAN NOT NULL)",
    "CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER REFERENCES author(id), rating REAL)",
    "CREATE TABLE tag (id INTEGER PRIMARY KEY, label TEXT UNIQUE)",
    "CREATE TABLE post_tag (post_id INTEGER NOT NULL REFERENCES post(id), tag_id INTEGER NOT NULL REFERENCES tag(id), weight INTEGER, PRIMARY KEY (post_id, tag_id))",
];

impl<'a> Choices<'a> {
    pub fn new(numbers: &'a [u32]) -> Self {
        Self { numbers: numbers.iter(), aliases: 0 }
    }

    pub fn below(&mut self, limit: usize) -> usize {
        *self.numbers.next().unwrap_or(&0) as usize % limit.max(1)
    }

    fn one<'s, T>(&mut self, of: &'s [T]) -> &'s T {
        &of[self.below(of.len())]
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 1
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("x{}", self.aliases)
    }

    fn text(&mut self) -> &'static str {
        self.one::<&'static str>(&["a", "B", "ab", "", "Äö", "b%", "10", "a b"])
    }

    fn real(&mut self) -> &'static str {
        self.one::<&'static str>(&["0.0", "0.5", "1.5", "2.25", "-1.5", "4.0", "10.75"])
    }

    pub fn rows(&mut self) -> Vec<String> {
        let mut out = Vec::new();
        let int = |choices: &mut Self| {
            if choices.chance(4) {
                "NULL".to_owned()
            } else {
                (choices.below(7) as i64 - 1).to_string()
            }
        };
        let authors = self.below(6);
        for id in 1..=authors {
            let name =
                if self.chance(5) { "NULL".to_owned() } else { format!("'{}'", self.text()) };
            let (age, active) = (int(self), self.one(&["TRUE", "FALSE"]));
            let score = if self.chance(4) { "NULL" } else { self.real() };
            out.push(format!("INSERT INTO author VALUES ({id}, {name}, {age}, {score}, {active})"));
        }
        let posts = self.below(7);
        for id in 1..=posts {
            let author = if authors == 0 || self.chance(5) {
                "NULL".to_owned()
            } else {
                (self.below(authors) + 1).to_string()
            };
            let rating = if self.chance(4) { "NULL" } else { self.real() };
            out.push(format!(
                "INSERT INTO post VALUES ({id}, '{}', {author}, {rating})",
                self.text()
            ));
        }
        let tags = self.below(4);
        for id in 1..=tags {
            let label = if self.chance(5) { "NULL".to_owned() } else { format!("'t{id}'") };
            out.push(format!("INSERT INTO tag VALUES ({id}, {label})"));
        }
        for post in 1..=posts {
            for tag in 1..=tags {
                if self.chance(2) {
                    let weight = int(self);
                    out.push(format!("INSERT INTO post_tag VALUES ({post}, {tag}, {weight})"));
                }
            }
        }
        out
    }

    fn table(&mut self) -> (String, Source) {
        let (name, columns) = self.one(TABLES);
        let alias = self.alias();
        (
            format!("{name} {alias}"),
            Source {
                alias,
                columns: columns.iter().map(|(column, ty)| ((*column).to_owned(), *ty)).collect(),
            },
        )
    }

    /// All of a column, as an index may have it.
    fn whole_column(&mut self, ty: Ty) -> String {
        let (from, source) = self.table();
        let column = self.column(std::slice::from_ref(&source), ty);
        let column = column.unwrap_or_else(|| "NULL".to_owned());
        format!("SELECT {}{column} FROM {from}", self.one(&["", "DISTINCT "]))
    }

    fn source(&mut self, depth: usize) -> (String, Source) {
        if depth == 0 || !self.chance(5) {
            return self.table();
        }
        let types: Vec<Ty> =
            (0..=self.below(2)).map(|_| *self.one(&[Ty::Int, Ty::Text, Ty::Real])).collect();
        let query = self.query(&[], &types, depth - 1);
        let alias = self.alias();
        let columns = types.iter().enumerate().map(|(at, ty)| (format!("c{at}"), *ty)).collect();
        (format!("({query}) {alias}"), Source { alias, columns })
    }

    fn column(&mut self, scope: &[Source], ty: Ty) -> Option<String> {
        let found: Vec<String> = scope
            .iter()
            .flat_map(|source| {
                source
                    .columns
                    .iter()
                    .filter(|(_, own)| *own == ty)
                    .map(|(column, _)| format!("{}.{column}", source.alias))
            })
            .collect();
        if found.is_empty() { None } else { Some(self.one(&found).clone()) }
    }

    /// A FROM: text and what is in scope.
    fn from(&mut self, outer: &[Source], depth: usize) -> (String, Vec<Source>) {
        let (mut text, first) = self.source(depth);
        let mut scope = vec![first];
        for _ in 0..self.below(3) {
            let (right, source) = self.source(depth);
            let mut visible = scope.clone();
            visible.push(source.clone());
            let join = *self.one(&[
                "JOIN",
                "LEFT JOIN",
                "JOIN",
                "CROSS JOIN",
                "RIGHT JOIN",
                "FULL JOIN",
                "LEFT JOIN",
            ]);
            if join == "CROSS JOIN" {
                let _ = write!(text, " CROSS JOIN {right}");
            } else {
                let on = match (
                    self.column(&scope, Ty::Int),
                    self.column(std::slice::from_ref(&source), Ty::Int),
                    self.below(4),
                ) {
                    (Some(a), Some(b), 0..3) => format!("{a} = {b}"),
                    _ => self.condition(&visible, 1),
                };
                let more = if self.chance(4) {
                    format!(" AND {}", self.condition(&visible, 1))
                } else {
                    String::new()
                };
                let _ = write!(text, " {join} {right} ON {on}{more}");
            }
            scope = visible;
        }
        let _ = outer;
        (text, scope)
    }

    /// A query whose columns have these types and are named c0, c1, …
    pub fn query(&mut self, outer: &[Source], types: &[Ty], depth: usize) -> String {
        if depth > 1 && outer.is_empty() && self.chance(12) {
            let shared = self.select(outer, types, depth - 1);
            let (columns, filter) = (
                (0..types.len()).map(|at| format!("a.c{at}")).collect::<Vec<_>>().join(", "),
                if self.chance(2) { "a.c0 = b.c0" } else { "a.c0 IS NOT NULL" },
            );
            let join = *self.one(&["JOIN", "LEFT JOIN", "FULL JOIN"]);
            return format!(
                "WITH shared AS ({shared}) SELECT {columns} FROM shared a {join} shared b ON {filter}"
            );
        }
        if depth > 0 && outer.is_empty() && self.chance(7) {
            let op = *self.one(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]);
            let (left, right) =
                (self.select(outer, types, depth - 1), self.select(outer, types, depth - 1));
            return format!("{left} {op} {right}");
        }
        self.select(outer, types, depth)
    }

    fn select(&mut self, outer: &[Source], types: &[Ty], depth: usize) -> String {
        let (from, own) = self.from(outer, depth);
        let mut scope = own.clone();
        scope.extend(outer.iter().cloned());
        let filter = if self.chance(2) {
            format!(" WHERE {}", self.condition(&scope, depth + 1))
        } else {
            String::new()
        };
        if self.chance(4) {
            return self.grouped(&own, types, &from, &filter, depth);
        }
        let items: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(at, ty)| format!("{} AS c{at}", self.expr(&scope, *ty, depth + 1)))
            .collect();
        let distinct = if self.chance(5) { "DISTINCT " } else { "" };
        format!("SELECT {distinct}{} FROM {from}{filter}", items.join(", "))
    }

    /// The first rows of a table in an order that leaves nothing open, often one that an index has.
    pub fn first_rows(&mut self) -> String {
        let (from, own) = self.table();
        let columns: Vec<String> =
            own.columns.iter().map(|(column, _)| format!("{}.{column}", own.alias)).collect();
        let filter = if self.chance(2) {
            format!(" WHERE {}", self.condition(std::slice::from_ref(&own), 2))
        } else {
            String::new()
        };
        let first = self.below(columns.len());
        let keys: Vec<String> = (0..columns.len())
            .map(|at| {
                let way = *self.one(&["", " DESC", ""]);
                format!("{}{way}", columns[(first + at) % columns.len()])
            })
            .collect();
        let (limit, offset) = (self.below(5), self.below(3));
        format!(
            "SELECT {} FROM {from}{filter} ORDER BY {} LIMIT {limit} OFFSET {offset}",
            columns.join(", "),
            keys.join(", ")
        )
    }

    fn grouped(
        &mut self,
        own: &[Source],
        types: &[Ty],
        from: &str,
        filter: &str,
        depth: usize,
    ) -> String {
        let keys: Vec<(String, Ty)> = (0..self.below(3))
            .map(|_| {
                let ty = *self.one(&[Ty::Int, Ty::Text, Ty::Bool]);
                (
                    self.column(own, ty)
                        .unwrap_or_else(|| format!("{}.{}", own[0].alias, own[0].columns[0].0)),
                    ty,
                )
            })
            .collect();
        let mut keys = keys;
        if self.chance(3) {
            // What a key of the table decides, with that key.
            let source = self.one(own).clone();
            let (column, ty) = self.one(&source.columns).clone();
            let (id, id_ty) = source.columns[0].clone();
            keys.push((format!("{}.{column}", source.alias), ty));
            keys.push((format!("{}.{id}", source.alias), id_ty));
        }
        let item = |choices: &mut Self, ty: Ty| -> String {
            let key = keys.iter().find(|(_, own)| *own == ty);
            match (key, choices.below(3)) {
                (Some((key, _)), 0) if choices.column(own, ty).is_some() => key.clone(),
                _ => choices.of_aggregate(own, ty),
            }
        };
        let items: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(at, ty)| format!("{} AS c{at}", item(self, *ty)))
            .collect();
        let having = if self.chance(3) {
            format!(
                " HAVING {} {} {}",
                self.of_aggregate(own, Ty::Int),
                self.comparison(),
                self.below(4)
            )
        } else {
            String::new()
        };
        let group = if keys.is_empty() {
            String::new()
        } else {
            format!(
                " GROUP BY {}",
                keys.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ")
            )
        };
        let _ = depth;
        format!("SELECT {} FROM {from}{filter}{group}{having}", items.join(", "))
    }

    /// An aggregate, or a function of some.
    fn of_aggregate(&mut self, own: &[Source], ty: Ty) -> String {
        let aggregate = self.aggregate(own, ty);
        if !self.chance(3) {
            return aggregate;
        }
        match ty {
            Ty::Int => match self.below(3) {
                0 => format!("ABS({aggregate})"),
                1 => format!("({aggregate} / {})", self.aggregate(own, ty)),
                _ => format!("({aggregate} - {})", self.aggregate(own, ty)),
            },
            Ty::Real => format!("ROUND({aggregate}, 1)"),
            Ty::Text => format!("UPPER({aggregate} || {})", self.aggregate(own, Ty::Int)),
            Ty::Bool => aggregate,
        }
    }

    fn aggregate(&mut self, own: &[Source], ty: Ty) -> String {
        let argument = self.expr(own, ty, 1);
        let distinct = if self.chance(4) { "DISTINCT " } else { "" };
        match ty {
            Ty::Int => match self.below(5) {
                0 => "COUNT(*)".to_owned(),
                1 => format!("COUNT({distinct}{})", self.expr(own, Ty::Text, 1)),
                2 => format!("SUM({distinct}{argument})"),
                3 => format!("MAX({argument})"),
                _ => format!("COUNT(*) FILTER (WHERE {})", self.condition(own, 1)),
            },
            Ty::Real => match self.below(3) {
                0 => format!("AVG({distinct}{argument})"),
                1 => format!("SUM({argument})"),
                _ => format!("MIN({argument})"),
            },
            Ty::Text => format!("{}({argument})", self.one(&["MIN", "MAX"])),
            Ty::Bool => format!("MAX({}) > 0", self.expr(own, Ty::Int, 1)),
        }
    }

    fn comparison(&mut self) -> &'static str {
        self.one::<&'static str>(&["=", "<>", "<", "<=", ">", ">="])
    }

    pub fn condition(&mut self, scope: &[Source], depth: usize) -> String {
        let ty = *self.one(&[Ty::Int, Ty::Text, Ty::Real, Ty::Int]);
        if depth == 0 {
            return format!(
                "{} {} {}",
                self.expr(scope, ty, 0),
                self.comparison(),
                self.expr(scope, ty, 0)
            );
        }
        let less = depth - 1;
        match self.below(17) {
            0 | 1 => {
                format!("({} AND {})", self.condition(scope, less), self.condition(scope, less))
            }
            2 | 3 => {
                format!("({} OR {})", self.condition(scope, less), self.condition(scope, less))
            }
            4 => format!("NOT ({})", self.condition(scope, less)),
            5 => format!("{} IS {}NULL", self.expr(scope, ty, less), self.one(&["", "NOT "])),
            6 => {
                let items: Vec<String> = (0..=self.below(3))
                    .map(|_| if self.chance(6) { "NULL".to_owned() } else { self.literal(ty) })
                    .collect();
                format!(
                    "{} {}IN ({})",
                    self.expr(scope, ty, less),
                    self.one(&["", "NOT "]),
                    items.join(", ")
                )
            }
            7 | 8 => {
                let outer = if self.chance(2) { scope } else { &[] };
                let query = if self.chance(3) {
                    self.whole_column(ty)
                } else {
                    self.query(outer, &[ty], less.min(1))
                };
                format!("{} {}IN ({query})", self.expr(scope, ty, less), self.one(&["", "NOT "]))
            }
            9..=11 => {
                let query = self.query(scope, &[Ty::Int], less.min(1));
                format!("{}EXISTS ({query})", self.one(&["", "NOT "]))
            }
            12 => format!(
                "{} {}BETWEEN {} AND {}",
                self.expr(scope, ty, less),
                self.one(&["", "NOT "]),
                self.literal(ty),
                self.expr(scope, ty, less)
            ),
            13 => format!(
                "{} {}LIKE '{}'",
                self.expr(scope, Ty::Text, less),
                self.one(&["", "NOT "]),
                self.one(&["%a%", "a_", "%", "B%", "%ö"])
            ),
            14 => self.column(scope, Ty::Bool).unwrap_or_else(|| "1 = 1".to_owned()),
            15 => format!(
                "{} IS {}DISTINCT FROM {}",
                self.expr(scope, ty, less),
                self.one(&["", "NOT "]),
                self.expr(scope, ty, less)
            ),
            _ => format!(
                "{} {} {}",
                self.expr(scope, ty, less),
                self.comparison(),
                self.expr(scope, ty, less)
            ),
        }
    }

    fn literal(&mut self, ty: Ty) -> String {
        match ty {
            Ty::Int => (self.below(7) as i64 - 1).to_string(),
            Ty::Real => self.real().to_owned(),
            Ty::Text => format!("'{}'", self.text()),
            Ty::Bool => (*self.one(&["TRUE", "FALSE"])).to_owned(),
        }
    }

    pub fn expr(&mut self, scope: &[Source], ty: Ty, depth: usize) -> String {
        if depth == 0 || self.chance(2) {
            if self.chance(12) {
                return "NULL".to_owned();
            }
            return match self.column(scope, ty) {
                Some(column) if !self.chance(4) => column,
                _ => self.literal(ty),
            };
        }
        let less = depth - 1;
        match (ty, self.below(9)) {
            (_, 0) => format!(
                "CASE WHEN {} THEN {} ELSE {} END",
                self.condition(scope, less),
                self.expr(scope, ty, less),
                self.expr(scope, ty, less)
            ),
            (_, 1) => {
                format!("COALESCE({}, {})", self.expr(scope, ty, less), self.expr(scope, ty, less))
            }
            (_, 2) if ty != Ty::Bool => {
                format!("NULLIF({}, {})", self.expr(scope, ty, less), self.expr(scope, ty, less))
            }
            (_, 3) if ty != Ty::Bool => {
                let (from, own) = self.from(&[], 0);
                let mut inner = own.clone();
                inner.extend(scope.iter().cloned());
                let filter = self.condition(&inner, 1);
                format!("(SELECT {} FROM {from} WHERE {filter})", self.aggregate(&own, ty))
            }
            (Ty::Int, 4) => format!("LENGTH({})", self.expr(scope, Ty::Text, less)),
            (Ty::Int, 5) => format!(
                "({} / {})",
                self.expr(scope, Ty::Int, less),
                self.expr(scope, Ty::Int, less)
            ),
            (Ty::Int, 6) => format!(
                "({} % {})",
                self.expr(scope, Ty::Int, less),
                self.expr(scope, Ty::Int, less)
            ),
            (Ty::Int, 7) => format!("ABS({})", self.expr(scope, Ty::Int, less)),
            (Ty::Int, _) => format!(
                "({} {} {})",
                self.expr(scope, Ty::Int, less),
                self.one(&["+", "-", "*"]),
                self.expr(scope, Ty::Int, less)
            ),
            (Ty::Real, 4) => format!("ROUND({}, 1)", self.expr(scope, Ty::Real, less)),
            (Ty::Real, 5) => format!(
                "({} / {})",
                self.expr(scope, Ty::Real, less),
                self.expr(scope, Ty::Int, less)
            ),
            (Ty::Real, _) => format!(
                "({} {} {})",
                self.expr(scope, Ty::Real, less),
                self.one(&["+", "-", "*"]),
                self.expr(scope, Ty::Real, less)
            ),
            (Ty::Text, 4) => format!("UPPER({})", self.expr(scope, Ty::Text, less)),
            (Ty::Text, 5) => format!(
                "SUBSTR({}, {}, {})",
                self.expr(scope, Ty::Text, less),
                self.expr(scope, Ty::Int, less),
                self.below(3)
            ),
            (Ty::Text, 6) => format!(
                "REPLACE({}, 'a', {})",
                self.expr(scope, Ty::Text, less),
                self.expr(scope, Ty::Text, 0)
            ),
            (Ty::Text, 7) => format!(
                "({} || {})",
                self.expr(scope, Ty::Text, less),
                self.expr(scope, Ty::Int, less)
            ),
            (Ty::Text, _) => format!("TRIM({})", self.expr(scope, Ty::Text, less)),
            (Ty::Bool, _) => format!("({})", self.condition(scope, less)),
        }
    }
}
