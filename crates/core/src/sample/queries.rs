//! Example queries, made from what there is.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::value::split as words;
use super::{ExampleQuery, TableRows};
use crate::document::{ColumnType, RelationKind};
use crate::resolve::{Forward, Resolved, ResolvedModel};
use crate::tables::{Column, Table, Tables};

/// No more than a menu can show.
const MOST: usize = 14;

/// The queries, the most telling first. Each finds something in the sample rows.
pub(super) fn queries(resolved: &Resolved, tables: &Tables) -> Vec<ExampleQuery> {
    let rows = Rows::new(super::rows(tables));
    let mut out: Vec<ExampleQuery> = Vec::new();
    let sides: Vec<Pairing<'_>> = many(resolved, tables).collect();
    let paired = sides.iter().filter(|pair| rows.has(pair.through, pair.keys.0));
    out.extend(paired.map(Pairing::join));
    let owned = sides.iter().filter(|pair| rows.has(pair.owner.table, pair.owner.key));
    out.extend(owned.map(Pairing::count));
    out.extend(sides.iter().filter(|pair| pair.leaves_some(&rows)).map(Pairing::without));
    let keys: Vec<Link<'_>> = links(resolved, tables)
        .filter(|link| rows.has(link.source.table, link.source.key))
        .collect();
    out.extend(keys.iter().map(Link::join));
    out.extend(keys.iter().filter(|link| !link.one).map(Link::count));
    let left = keys.iter().filter(|link| !link.itself() && link.leaves_some(&rows));
    out.extend(left.map(Link::without));
    let own = resolved.models.iter().filter(|model| model.generated_by.is_none());
    out.extend(own.filter_map(|model| top(model, tables, &rows)));
    let mut seen = Vec::new();
    out.retain(|query| {
        let new = !seen.contains(&query.title);
        seen.push(query.title.clone());
        new
    });
    balance(out)
}

/// The sample rows: what each column has that is not NULL.
struct Rows(HashMap<String, TableRows>);

impl Rows {
    fn new(rows: Vec<TableRows>) -> Self {
        Self(rows.into_iter().map(|rows| (rows.table.clone(), rows)).collect())
    }

    fn values<'r>(&'r self, table: &Table, column: &str) -> impl Iterator<Item = &'r str> {
        let found = self.0.get(&table.name).and_then(|rows| {
            let at = rows.columns.iter().position(|name| name == column)?;
            Some(rows.rows.iter().filter_map(move |row| row.get(at)))
        });
        found.into_iter().flatten().map(String::as_str).filter(|value| *value != "NULL")
    }

    fn has(&self, table: &Table, column: &str) -> bool {
        self.values(table, column).next().is_some()
    }

    /// Whether a key is nowhere among what points at it.
    fn leave_some(&self, key: (&Table, &str), pointing: (&Table, &str)) -> bool {
        let used: HashSet<&str> = self.values(pointing.0, pointing.1).collect();
        self.values(key.0, key.1).any(|value| !used.contains(value))
    }
}

/// Of each kind some, where there are too many.
fn balance(queries: Vec<ExampleQuery>) -> Vec<ExampleQuery> {
    if queries.len() <= MOST {
        return queries;
    }
    let step = queries.len();
    let keep: Vec<usize> = (0..MOST).map(|at| at * step / MOST).collect();
    queries
        .into_iter()
        .enumerate()
        .filter(|(at, _)| keep.contains(at))
        .map(|(_, query)| query)
        .collect()
}

/// A table under the name that a query gives it.
#[derive(Clone)]
struct Side<'a> {
    table: &'a Table,
    model: &'a ResolvedModel,
    /// Its name in the query: the table's own, or another where it stands there twice.
    alias: String,
    /// The column that reads best.
    label: &'a str,
    /// The column that keys refer to.
    key: &'a str,
}

impl<'a> Side<'a> {
    fn new(model: &'a ResolvedModel, tables: &'a Tables, key: &'a str) -> Option<Self> {
        let table = tables.table(&model.table)?;
        Some(Self { table, model, alias: table.name.clone(), label: label(table)?, key })
    }

    fn column(&self, column: &str) -> String {
        format!("{}.{}", quote(&self.alias), quote(column))
    }

    fn named(&self) -> String {
        if self.alias == self.table.name {
            quote(&self.alias)
        } else {
            format!("{} AS {}", quote(&self.table.name), quote(&self.alias))
        }
    }

    /// The label, and the key where the label does not tell rows apart.
    fn group(&self) -> String {
        if self.label == self.key {
            self.column(self.key)
        } else {
            format!("{}, {}", self.column(self.key), self.column(self.label))
        }
    }

    fn one(&self) -> String {
        words(&self.model.name).join(" ")
    }

    fn many(&self) -> String {
        plural(&self.one())
    }
}

/// A many-to-many with its through table.
struct Pairing<'a> {
    owner: Side<'a>,
    target: Side<'a>,
    through: &'a Table,
    /// The through table's columns to the owner and to the target.
    keys: (&'a str, &'a str),
    /// A column of the through table's own.
    extra: Option<&'a Column>,
    field: &'a str,
}

fn many<'a>(resolved: &'a Resolved, tables: &'a Tables) -> impl Iterator<Item = Pairing<'a>> {
    let relations = resolved
        .models
        .iter()
        .flat_map(|model| model.forward.iter().map(move |relation| (model, relation)));
    relations.filter_map(move |(model, relation)| pairing(model, relation, resolved, tables))
}

fn pairing<'a>(
    model: &'a ResolvedModel,
    relation: &'a Forward,
    resolved: &'a Resolved,
    tables: &'a Tables,
) -> Option<Pairing<'a>> {
    let declared = relation.through.as_ref()?;
    let through = resolved.model(&declared.model)?;
    let table = tables.table(&through.table)?;
    let key = |field: &Option<String>| {
        let column = &through.field(field.as_deref()?)?.column;
        table.foreign_keys.iter().find(|key| key.column == *column)
    };
    let (from, to) = (key(&declared.owner_field)?, key(&declared.target_field)?);
    let mut owner = Side::new(model, tables, &from.ref_column)?;
    let mut target = Side::new(resolved.model(&relation.target)?, tables, &to.ref_column)?;
    if owner.table.name != from.ref_table || target.table.name != to.ref_table {
        return None;
    }
    if owner.table.name == target.table.name {
        owner.alias = owner.one();
        target.alias = if relation.field == owner.alias {
            format!("{} 2", owner.alias)
        } else {
            singular(&words(&relation.field).join(" "))
        };
    }
    let extra = table.columns.iter().find(|column| {
        !column.reference && !column.auto && !table.primary_key.contains(&column.name)
    });
    Some(Pairing {
        owner,
        target,
        through: table,
        keys: (&from.column, &to.column),
        extra,
        field: &relation.field,
    })
}

impl Pairing<'_> {
    fn join(&self) -> ExampleQuery {
        let Self { owner, target, through, .. } = self;
        let pair = quote(&through.name);
        let mut sql = format!("SELECT {}, {}", self.headed(owner), self.headed(target));
        if let Some(extra) = self.extra {
            let _ = write!(sql, ", {pair}.{}", quote(&extra.name));
        }
        let _ = write!(
            sql,
            "\nFROM {pair}\nJOIN {} ON {} = {pair}.{}\nJOIN {} ON {} = {pair}.{}\nORDER BY {}, {}",
            owner.named(),
            owner.column(owner.key),
            quote(self.keys.0),
            target.named(),
            target.column(target.key),
            quote(self.keys.1),
            owner.column(owner.label),
            target.column(target.label),
        );
        ExampleQuery {
            title: sentence(&format!("{} and their {}", owner.many(), self.targets())),
            sql,
        }
    }

    /// The label under a heading that says whose it is.
    fn headed(&self, side: &Side<'_>) -> String {
        let name = if self.owner.table.name == self.target.table.name {
            side.alias.clone()
        } else {
            side.one()
        };
        format!("{} AS {}", side.column(side.label), quote(&name))
    }

    fn targets(&self) -> String {
        words(self.field).join(" ")
    }

    fn count(&self) -> ExampleQuery {
        let Self { owner, through, .. } = self;
        let pair = quote(&through.name);
        let heading = quote(&self.targets());
        let sql = format!(
            "SELECT {}, COUNT({pair}.{}) AS {heading}\nFROM {}\nLEFT JOIN {pair} ON {pair}.{} = {}\nGROUP BY {}\nORDER BY {heading} DESC, {}",
            owner.column(owner.label),
            quote(self.keys.1),
            owner.named(),
            quote(self.keys.0),
            owner.column(owner.key),
            owner.group(),
            owner.column(owner.label),
        );
        ExampleQuery {
            title: sentence(&format!("How many {} each {} has", self.targets(), owner.one())),
            sql,
        }
    }

    fn leaves_some(&self, rows: &Rows) -> bool {
        let (side, key) = self.alone();
        rows.leave_some((side.table, side.key), (self.through, key))
    }

    /// The side whose rows without a pair are asked for, and the through table's column to it.
    fn alone(&self) -> (&Side<'_>, &str) {
        let itself = self.owner.table.name == self.target.table.name;
        if itself { (&self.owner, self.keys.0) } else { (&self.target, self.keys.1) }
    }

    /// Rows of the other side that are in no pair.
    fn without(&self) -> ExampleQuery {
        let Self { owner, target, through, .. } = self;
        let itself = owner.table.name == target.table.name;
        let (side, key) = self.alone();
        let pair = quote(&through.name);
        let sql = format!(
            "SELECT {}\nFROM {}\nWHERE NOT EXISTS (\n  SELECT 1 FROM {pair}\n  WHERE {pair}.{} = {}\n)\nORDER BY {}",
            side.column(side.label),
            side.named(),
            quote(key),
            side.column(side.key),
            side.column(side.label),
        );
        let title = if itself {
            format!("{} without {}", owner.many(), self.targets())
        } else {
            format!("{} without {}", target.many(), an(&owner.one()))
        };
        ExampleQuery { title: sentence(&title), sql }
    }
}

/// A foreign key or one-to-one.
struct Link<'a> {
    /// The side that has the key.
    source: Side<'a>,
    target: Side<'a>,
    column: &'a str,
    /// What the target is to the source, in words: the field, of a link to a parent the parent.
    role: String,
    null: bool,
    /// Whether each target has at most one row.
    one: bool,
}

fn links<'a>(resolved: &'a Resolved, tables: &'a Tables) -> impl Iterator<Item = Link<'a>> {
    let own = resolved
        .models
        .iter()
        .filter(|model| model.generated_by.is_none() && !is_through(resolved, &model.name));
    own.flat_map(|model| model.forward.iter().map(move |relation| (model, relation))).filter_map(
        move |(model, relation)| {
            let column = relation.column.as_deref()?;
            let table = tables.table(&model.table)?;
            let key = table.foreign_keys.iter().find(|key| key.column == column)?;
            let mut source = Side::new(model, tables, table.primary_key.first()?)?;
            let mut target = Side::new(resolved.model(&relation.target)?, tables, &key.ref_column)?;
            if target.table.name != key.ref_table {
                return None;
            }
            if source.table.name == target.table.name {
                source.alias = source.one();
                target.alias = words(&relation.field).join(" ");
                if source.alias == target.alias {
                    target.alias.push_str(" 2");
                }
            }
            let role =
                if relation.parent_link { target.one() } else { words(&relation.field).join(" ") };
            Some(Link {
                source,
                target,
                column,
                role,
                null: relation.null,
                one: relation.kind == RelationKind::OneToOne,
            })
        },
    )
}

/// Whether a model stands behind a many-to-many: then the queries about that say it better.
fn is_through(resolved: &Resolved, model: &str) -> bool {
    let mut relations = resolved.models.iter().flat_map(|model| &model.forward);
    relations
        .any(|relation| relation.through.as_ref().is_some_and(|through| through.model == model))
}

impl Link<'_> {
    /// ` as author`, where the model alone does not say it.
    fn as_role(&self) -> String {
        if self.role == self.target.one() { String::new() } else { format!(" as {}", self.role) }
    }

    fn itself(&self) -> bool {
        self.source.table.name == self.target.table.name
    }

    fn join(&self) -> ExampleQuery {
        let Self { source, target, .. } = self;
        let join = if self.null { "LEFT JOIN" } else { "JOIN" };
        let sql = format!(
            "SELECT {} AS {}, {} AS {}\nFROM {}\n{join} {} ON {} = {}\nORDER BY {}",
            source.column(source.label),
            quote(&source.one()),
            target.column(target.label),
            quote(&self.role),
            source.named(),
            target.named(),
            target.column(target.key),
            source.column(self.column),
            source.column(source.label),
        );
        ExampleQuery {
            title: sentence(&format!("Each {} with its {}", source.one(), self.role)),
            sql,
        }
    }

    /// The reverse side.
    fn count(&self) -> ExampleQuery {
        let Self { source, target, .. } = self;
        let heading = quote(&source.many());
        let sql = format!(
            "SELECT {}, COUNT({}) AS {heading}\nFROM {}\nLEFT JOIN {} ON {} = {}\nGROUP BY {}\nORDER BY {heading} DESC, {}",
            target.column(target.label),
            source.column(source.key),
            target.named(),
            source.named(),
            source.column(self.column),
            target.column(target.key),
            target.group(),
            target.column(target.label),
        );
        let title = if self.itself() {
            format!("How many {} have each {} as {}", source.many(), target.one(), self.role)
        } else {
            format!("How many {} each {} has{}", source.many(), target.one(), self.as_role())
        };
        ExampleQuery { title: sentence(&title), sql }
    }

    fn leaves_some(&self, rows: &Rows) -> bool {
        let Self { source, target, .. } = self;
        rows.leave_some((target.table, target.key), (source.table, self.column))
    }

    fn without(&self) -> ExampleQuery {
        let Self { source, target, .. } = self;
        let sql = format!(
            "SELECT {}\nFROM {}\nLEFT JOIN {} ON {} = {}\nWHERE {} IS NULL\nORDER BY {}",
            target.column(target.label),
            target.named(),
            source.named(),
            source.column(self.column),
            target.column(target.key),
            source.column(source.key),
            target.column(target.label),
        );
        let what = if self.one { an(&source.one()) } else { source.many() };
        ExampleQuery {
            title: sentence(&format!("{} without {what}{}", target.many(), self.as_role())),
            sql,
        }
    }
}

/// The newest rows, or those with the most of something.
fn top(model: &ResolvedModel, tables: &Tables, rows: &Rows) -> Option<ExampleQuery> {
    let side = Side::new(model, tables, tables.table(&model.table)?.primary_key.first()?)?;
    if !LABELS.contains(&side.label) {
        return None;
    }
    let columns = || side.table.columns.iter().filter(|column| !column.reference && !column.auto);
    let moment =
        columns().find(|column| matches!(column.ty, ColumnType::Date | ColumnType::DateTime));
    let amount = columns().find(|column| matches!(column.ty, ColumnType::Decimal(_)));
    let (many, said) = (side.many(), |column: &Column| words(&column.field).join(" "));
    let (column, title) = match (amount, moment) {
        (Some(amount), _) => (amount, format!("The five {many} with the highest {}", said(amount))),
        (None, Some(moment)) => (moment, latest(&many, &said(moment))),
        (None, None) => return None,
    };
    if !rows.has(side.table, &column.name) {
        return None;
    }
    let by = side.column(&column.name);
    let known = if column.null { format!("\nWHERE {by} IS NOT NULL") } else { String::new() };
    let (label, from, key) = (side.column(side.label), side.named(), side.column(side.key));
    Some(ExampleQuery {
        title: sentence(&title),
        sql: format!(
            "SELECT {label}, {by}\nFROM {from}{known}\nORDER BY {by} DESC, {key}\nLIMIT 5"
        ),
    })
}

fn latest(many: &str, field: &str) -> String {
    match field {
        "born" | "birthday" | "birth date" | "date of birth" | "dob" => {
            format!("The five youngest {many}")
        }
        "created" | "created at" | "joined" | "date joined" | "date" | "added" | "placed at"
        | "timestamp" | "date created" => format!("The five newest {many}"),
        _ => format!("The five latest {many}, by {field}"),
    }
}

/// Columns that people know rows by, the best first.
const LABELS: &[&str] = &[
    "name",
    "title",
    "full_name",
    "label",
    "username",
    "last_name",
    "headline",
    "code",
    "slug",
    "number",
    "email",
    "sku",
];

/// The column by which people know a row.
fn label(table: &Table) -> Option<&str> {
    let best =
        LABELS.iter().find_map(|name| table.columns.iter().find(|column| column.name == *name));
    let text = || {
        table.columns.iter().find(|column| {
            matches!(column.ty, ColumnType::Varchar(_) | ColumnType::Char(_))
                && !column.reference
                && column.choices.is_empty()
        })
    };
    let key =
        || table.columns.iter().find(|column| table.primary_key.first() == Some(&column.name));
    best.or_else(text).or_else(key).map(|column| column.name.as_str())
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `a course`, `an order`.
fn an(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u'])
        && !word.starts_with("us")
        && !word.starts_with("uni")
    {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn plural(word: &str) -> String {
    if let Some(start) = word.strip_suffix("person") {
        return format!("{start}people");
    }
    if let Some(start) = word.strip_suffix("child") {
        return format!("{start}children");
    }
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('y') {
        Some(start) if !vowel_before_y => format!("{start}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) => {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    }
}

fn singular(word: &str) -> String {
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(start), _) => format!("{start}y"),
        (None, Some(start)) if !start.ends_with('s') => start.to_owned(),
        _ => word.to_owned(),
    }
}
