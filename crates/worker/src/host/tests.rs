use throughline_core::convert::{self, convert};
use throughline_core::{analyze, live, orm};

use super::*;
use crate::protocol::{
    Counterpart, FaultKind, List, Lost, Mark, Names, Part, Range, Row, Rows, ScriptReport, Start,
    Value,
};

fn host() -> Host {
    Host::new(|| 0.0, || 0.0)
}

/// All that the host says to one request.
fn ask(host: &mut Host, ask: Ask) -> Vec<Tell> {
    let mut told = Vec::new();
    host.handle(Request { id: 7, ask }, &mut |response| {
        assert_eq!(response.id, 7);
        told.push(response.tell);
    });
    told
}

fn one(host: &mut Host, question: Ask) -> Tell {
    let mut told = ask(host, question);
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

fn run(host: &mut Host, sql: &str) -> Report {
    match one(host, Ask::Run { sql: sql.into() }) {
        Tell::Ran(report) => report,
        other => panic!("{other:?}"),
    }
}

fn page(host: &mut Host, part: Part, from: u32, count: u32) -> Vec<Row> {
    match one(host, Ask::Page { list: List { run: 7, part }, from, count }) {
        Tell::Page { rows, .. } => rows.0,
        other => panic!("{other:?}"),
    }
}

fn texts(rows: &[Row]) -> Vec<Vec<&str>> {
    rows.iter()
        .map(|row| row.cells.iter().map(|cell| cell.text().unwrap_or("NULL")).collect())
        .collect()
}

fn load(host: &mut Host, ddl: &[&str], rows: Rows) -> Vec<Lost> {
    let start = Start::Schema { ddl: ddl.iter().map(|&sql| sql.into()).collect(), rows };
    match one(host, Ask::Load { start, scripts: Vec::new(), orm: String::new() }) {
        Tell::Loaded { lost, .. } => lost,
        other => panic!("{other:?}"),
    }
}

fn rows(table: &str, columns: &[&str], rows: &[&[&str]]) -> TableRows {
    let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    TableRows {
        table: table.into(),
        columns: strings(columns),
        rows: rows.iter().map(|row| strings(row)).collect(),
    }
}

const AUTHOR: &str =
    r#"CREATE TABLE "author" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(20) NOT NULL)"#;
const BOOK: &str = r#"CREATE TABLE "book" ("id" INTEGER NOT NULL PRIMARY KEY, "title" VARCHAR(20) NOT NULL, "author_id" INTEGER NOT NULL REFERENCES "author" ("id"))"#;

fn library() -> Host {
    let mut host = host();
    let tables = vec![
        rows("author", &["id", "name"], &[&["1", "'Ann'"], &["2", "'Bo'"]]),
        rows("book", &["id", "title", "author_id"], &[&["1", "'One'", "1"]]),
    ];
    assert_eq!(load(&mut host, &[AUTHOR, BOOK], Rows::Sample(tables)), []);
    host
}

#[test]
fn a_query_leaves_its_rows_in_the_worker() {
    let mut host = library();
    let report = run(&mut host, "SELECT id, name FROM author ORDER BY id DESC");
    let StepOutcome::Rows { columns, count } = &report.steps[0].outcome else {
        panic!("{report:?}")
    };
    assert_eq!(
        (columns[0].numeric, columns[1].numeric, *count, report.changed),
        (true, false, 2, false)
    );
    assert_eq!(texts(&page(&mut host, Part::Step(0), 1, 10)), [["1", "Ann"]]);
    assert!(matches!(
        one(&mut host, Ask::Page { list: List { run: 6, part: Part::Step(0) }, from: 0, count: 1 }),
        Tell::Gone(_)
    ));
}

#[test]
fn a_script_stops_at_its_first_error_and_says_where() {
    let mut host = library();
    let sql = "SELECT 1; SELECT nome FROM author; SELECT 2";
    let report = run(&mut host, sql);
    assert_eq!(report.steps.len(), 2);
    assert_eq!(report.main_step(), Some(1));
    let fault = report.fault().unwrap();
    assert_eq!(fault.kind, FaultKind::Error);
    let range = fault.range.unwrap();
    assert_eq!(&sql[range.start as usize..range.end as usize], "nome");
}

#[test]
fn changes_are_marked() {
    let mut host = library();
    let report = run(
        &mut host,
        "UPDATE author SET name = 'Bob' WHERE id = 2; INSERT INTO author VALUES (3, ''); DELETE FROM book",
    );
    assert!(report.changed);
    let author = report.changes.iter().find(|changes| changes.table == "author").unwrap();
    assert_eq!(
        (author.added, author.updated, author.removed, author.columns[0].numeric),
        (1, 1, 0, true)
    );
    let rows = page(&mut host, Part::Changes("author".into()), 0, 10);
    assert_eq!(rows[0].mark, Mark::Updated(vec![None, Some(Value::Text("Bo".into()))]));
    assert_eq!(rows[1].mark, Mark::Added);
}

#[test]
fn rows_move_to_a_changed_schema() {
    let mut host = library();
    run(&mut host, "CREATE TABLE mine (x INTEGER); INSERT INTO mine VALUES (5)");
    let author = r#"CREATE TABLE "author" ("id" INTEGER NOT NULL PRIMARY KEY, "age" INTEGER NOT NULL, "name" VARCHAR(20) NOT NULL)"#;
    let fill = vec![rows("author", &["age"], &[&["40"], &["50"]])];
    let Tell::Dump(Some(tables)) = one(&mut host, Ask::Dump { max_rows: 100 }) else { panic!() };
    let lost = load(&mut host, &[author], Rows::Own { tables, fill });
    assert_eq!(
        lost,
        [Lost { table: Some("book".into()), rows: 1, why: "The table is no longer there.".into() }]
    );
    run(&mut host, "SELECT name, age FROM author ORDER BY id");
    assert_eq!(texts(&page(&mut host, Part::Step(0), 0, 9)), [["Ann", "40"], ["Bo", "50"]]);
    run(&mut host, "SELECT x FROM mine");
    assert_eq!(texts(&page(&mut host, Part::Step(0), 0, 9)), [["5"]]);
}

#[test]
fn what_does_not_fit_is_said_and_the_rest_is_kept() {
    let mut host = host();
    let tables = vec![
        rows("book", &["id", "title", "author_id"], &[&["1", "'One'", "1"], &["2", "'Two'", "9"]]),
        rows("author", &["id", "name"], &[&["1", "'Ann'"]]),
    ];
    let lost = load(&mut host, &[AUTHOR, BOOK], Rows::Sample(tables));
    assert_eq!(
        lost.iter().map(|lost| (lost.table.as_deref(), lost.rows)).collect::<Vec<_>>(),
        [(Some("book"), 1)]
    );
    let script = "INSERT INTO author VALUES (1, 'Ann'); INSERT INTO nothing VALUES (1); INSERT INTO author VALUES (2, 'Bo')";
    assert_eq!(load(&mut host, &[AUTHOR], Rows::Script(script.into())).len(), 1);
    assert_eq!(host.counts()[0].rows, 2);
}

#[test]
fn a_database_is_built_again_from_its_dump() {
    let mut first = library();
    run(&mut first, "CREATE TABLE mine (x INTEGER); INSERT INTO mine VALUES (5), (NULL)");
    let Tell::Dump(Some(dump)) = one(&mut first, Ask::Dump { max_rows: 100 }) else { panic!() };
    let mut second = host();
    let scripts = vec!["DELETE FROM book; SELECT nonsense".to_owned()];
    let Tell::Loaded { tables, lost } =
        one(&mut second, Ask::Load { start: Start::Dump(dump), scripts, orm: String::new() })
    else {
        panic!()
    };
    assert_eq!((lost.len(), tables.iter().map(|table| table.rows).sum::<u32>()), (0, 4));
    run(&mut first, "DELETE FROM book");
    assert_eq!(
        one(&mut first, Ask::Dump { max_rows: 100 }),
        one(&mut second, Ask::Dump { max_rows: 100 })
    );
    assert_eq!(one(&mut first, Ask::Dump { max_rows: 3 }), Tell::Dump(None));
}

#[test]
fn long_scripts_report_progress_and_list_a_bounded_number_of_steps() {
    thread_local!(static TIME: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) });
    let mut host = Host::new(|| TIME.replace(TIME.get() + 60.0), || 0.0);
    let sql = "SELECT 1;".repeat(Report::MAX_STEPS + 10);
    let mut told = ask(&mut host, Ask::Run { sql });
    let Some(Tell::Ran(report)) = told.pop() else { panic!() };
    assert_eq!((report.steps.len(), report.unlisted), (Report::MAX_STEPS, 10));
    assert!(told.len() > 10 && told.iter().all(|tell| matches!(tell, Tell::Progress { .. })));
}

#[test]
fn rows_come_as_csv() {
    let mut host = library();
    run(&mut host, "SELECT id, name || ',' AS \"n\" FROM author WHERE id = 1");
    assert_eq!(
        one(&mut host, Ask::Csv { list: List { run: 7, part: Part::Step(0) } }),
        Tell::Csv("id,n\r\n1,\"Ann,\"\r\n".into())
    );
}

const MODELS: &str = "
from django.db import models

class Author(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        db_table = 'author'

class Book(models.Model):
    title = models.CharField(max_length=20)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)

    class Meta:
        db_table = 'book'
";

/// The models as the page tells of them, written for an ORM.
fn models(id: &str) -> Models {
    let django = orm::by_id("django").unwrap();
    let analysis = analyze(django, MODELS);
    let analysis = match orm::by_id(id).unwrap() {
        same if same.profile().id == "django" => analysis,
        other => {
            let written = convert(django, &analysis, other, convert::Names::OrmDefault).unwrap();
            analyze(other, &written.source)
        }
    };
    Models { known: live::Models::of(&analysis).to_bytes(), source: MODELS.into() }
}

fn play(host: &mut Host, source: &str, names: Names) -> ScriptReport {
    let models = models("django");
    match one(host, Ask::Play { models, source: source.into(), names }) {
        Tell::Played(report) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn calls_and_sql_share_their_tables() {
    let mut host = library();
    run(&mut host, "INSERT INTO author VALUES (3, 'Cy')");
    let report = play(
        &mut host,
        "a = Author.objects.get(name='Cy')\na.book_set.create(title='New')\na.name",
        Names::Forgotten,
    );
    assert!(report.changed && report.failed().is_none(), "{report:?}");
    assert_eq!((report.changes[0].table.as_str(), report.changes[0].added), ("book", 1));
    assert_eq!(report.cards[2].value.as_deref(), Some("'Cy'"));
    run(&mut host, "SELECT title FROM book WHERE author_id = 3");
    assert_eq!(texts(&page(&mut host, Part::Step(0), 0, 9)), [["New"]]);
    let again = play(&mut host, "a.book_set.count()", Names::Kept);
    assert_eq!((again.cards[0].value.as_deref(), again.changed), (Some("1"), false));
}

#[test]
fn the_sql_of_a_call_keeps_its_rows_and_its_parameters() {
    let mut host = library();
    let report = play(&mut host, "Author.objects.filter(name='Bo')", Names::Forgotten);
    let sent = &report.cards[0].sent[0];
    assert_eq!(
        (sent.params[0].as_str(), sent.sql.contains("'Bo'"), sent.inlined.contains("'Bo'")),
        ("'Bo'", false, true)
    );
    assert_eq!(texts(&page(&mut host, Part::Sent(sent.list), 0, 9)), [["2", "Bo"]]);
    // What is shown with its parameters in it gives the same rows when it is run by hand.
    run(&mut host, &sent.inlined.clone());
    assert_eq!(texts(&page(&mut host, Part::Step(0), 0, 9)), [["2", "Bo"]]);
}

#[test]
fn statements_of_one_shape_are_noted_and_mended() {
    let mut host = library();
    run(&mut host, "INSERT INTO book VALUES (2, 'Two', 2), (3, 'Three', 1)");
    let script = "n = Author.objects.create(name='New')\nfor b in Book.objects.all():\n    print(b.author.name)";
    let report = play(&mut host, script, Names::Forgotten);
    let repeated = report.cards[1].repeated.clone().unwrap();
    let mend = repeated.mend.unwrap();
    assert_eq!((repeated.count, mend.before.count, mend.after.count), (3, 4, 1));
    assert_eq!(mend.call, ".select_related(\"author\")");
    assert_eq!(mend.source, "for b in Book.objects.select_related(\"author\"):");
    // Trying it out has left nothing behind, and the names of the script are still there.
    let again = play(&mut host, "n.name\nAuthor.objects.count()", Names::Kept);
    assert_eq!(again.cards[0].value.as_deref(), Some("'New'"));
    assert_eq!(again.cards[1].value.as_deref(), Some("3"));
}

#[test]
fn ways_reasons_and_offers_come_with_the_models() {
    let mut host = library();
    let report = play(
        &mut host,
        "Author.objects.filter(book__title='One')\nAuthor.objects.get(id=99)",
        Names::Forgotten,
    );
    assert_eq!(report.cards[0].walks[0].edges, [("Book".to_owned(), "author".to_owned())]);
    let fault = report.failed().unwrap().fault.clone().unwrap();
    assert!(fault.why.is_some() && fault.hint.is_some(), "{fault:?}");
    let models = models("django");
    let source = "Author.objects.filter(book__ti".to_owned();
    let at = source.len() as u32;
    let Tell::Offered(offers) = one(&mut host, Ask::Offer { models, source, at }) else { panic!() };
    assert!(offers.names.iter().any(|offer| offer.name == "title="), "{offers:?}");
}

#[test]
fn a_call_is_said_in_the_other_orms() {
    let mut host = library();
    let source = "Author.objects.filter(book__title='One').count()".to_owned();
    let other =
        |(id, title): (&str, &str)| Counterpart { title: title.into(), models: Some(models(id)) };
    let others =
        [("tortoise", "Tortoise"), ("ormar", "ormar"), ("peewee", "Peewee")].map(other).into();
    let models = models("django");
    let range = Range { start: 0, end: source.len() as u32 };
    let Tell::Elsewhere(all) = one(&mut host, Ask::Elsewhere { models, others, source, range })
    else {
        panic!()
    };
    let said: Vec<(&str, &str)> =
        all.iter().map(|each| (each.orm.as_str(), each.said.as_deref().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("Tortoise", "await Author.filter(books__title='One').count()"),
            ("ormar", "await Author.objects.filter(books__title='One').count()"),
            (
                "Peewee",
                "Author.select().join_from(Author, Book, on=Book.author).where(Book.title == 'One').count()"
            ),
        ]
    );
    assert!(all[1].notes.iter().any(|note| note.contains("once")), "{all:?}");
}
