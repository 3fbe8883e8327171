use std::fs;
use std::path::Path;

use super::{Confidence, Pasted, repair};
use crate::python;

const MODELS: &str = "\
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        ordering = [\"name\"]

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(
        max_length=200,
    )
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
";

/// The models of every recorded case: text that Python accepts.
fn cases() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/fixtures");
    let mut out = Vec::new();
    for orm in fs::read_dir(root).unwrap() {
        for case in fs::read_dir(orm.unwrap().path()).into_iter().flatten() {
            let path = case.unwrap().path().join("models.py");
            if let Ok(source) = fs::read_to_string(path)
                && python::is_valid(&source)
            {
                out.push(source);
            }
        }
    }
    assert!(out.len() > 50, "the cases have moved");
    out
}

/// What a text says: its lines without blank ones.
fn said(source: &str) -> Vec<&str> {
    source.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

#[track_caller]
fn assert_repaired(pasted: &str, wanted: &str) -> Pasted {
    let got = repair(pasted);
    assert_eq!(got.confidence, Confidence::Repaired, "{pasted}\n{got:#?}");
    assert_eq!(said(&got.source), said(wanted), "{got:#?}");
    assert!(!got.repairs.is_empty());
    got
}

#[track_caller]
fn assert_scrambled(pasted: &str, line: u32) {
    let got = repair(pasted);
    assert_eq!(got.confidence, Confidence::Scrambled, "{got:#?}");
    assert_eq!(got.source, pasted);
    assert!(got.repairs.is_empty());
    assert_eq!(got.trouble.unwrap().line, line);
}

fn numbered(source: &str, write: &dyn Fn(usize, &str) -> String) -> String {
    source.lines().zip(1..).map(|(line, number)| write(number, line) + "\n").collect()
}

fn prompted(source: &str) -> String {
    let mut open = super::scan::Open::default();
    let mut before = String::new();
    source
        .lines()
        .map(|line| {
            let starts =
                open.is_closed() && !line.starts_with([' ', ')', ']', '}']) && !line.is_empty();
            let starts = starts && !before.starts_with('@');
            open = open.after(line);
            before = line.to_owned();
            format!("{} {line}\n", if starts { ">>>" } else { "..." })
        })
        .collect()
}

/// Every way in which a page wraps code and loses nothing.
/// What a page does to code, by name.
type Wrapping = (&'static str, fn(&str) -> String);

fn wrappings() -> Vec<Wrapping> {
    vec![
        ("fence", |source| format!("Here it is:\n\n```python\n{source}```\n\nThat was it.\n")),
        ("tildes", |source| format!("~~~\n{source}~~~\n")),
        ("bars", |source| numbered(source, &|number, line| format!("{number:>4} | {line}"))),
        ("right", |source| numbered(source, &|number, line| format!("{number:>4}  {line}"))),
        ("left", |source| numbered(source, &|number, line| format!("{number:<5}{line}"))),
        ("tabs", |source| numbered(source, &|number, line| format!("{number}\t{line}"))),
        ("diff", |source| {
            let added: String = source.lines().map(|line| format!("+{line}\n")).collect();
            format!("--- a/models.py\n+++ b/models.py\n@@ -0,0 +1,9 @@\n-old = 1\n{added}")
        }),
        ("quotation", |source| source.lines().map(|line| format!("> {line}\n")).collect()),
        ("prompts", prompted),
        ("Windows", |source| format!("```py\n{source}```\n").replace('\n', "\r\n")),
    ]
}

#[test]
fn good_python_is_never_changed() {
    for source in cases() {
        for source in [source.clone(), source.replace('\n', "\r\n"), format!("\n\n{source}")] {
            let got = repair(&source);
            assert_eq!(got.source, source);
            assert_eq!((got.confidence, got.repairs.len()), (Confidence::Sound, 0));
        }
    }
}

#[test]
fn what_a_page_wraps_around_code_comes_off() {
    for source in cases() {
        for (name, wrap) in wrappings() {
            let got = repair(&wrap(&source));
            assert_eq!(got.confidence, Confidence::Repaired, "{name}: {}\n{got:#?}", wrap(&source));
            assert_eq!(said(&got.source), said(&source), "{name}");
        }
    }
}

/// Flattened text is either what it was or refused: never other Python.
#[test]
fn lost_indentation_comes_back_or_is_refused() {
    let mut restored = 0;
    // Python's compiler has to accept it: a `return` in a class body has no better place than below the class.
    let all: Vec<String> =
        cases().into_iter().filter(|source| python::import(source).errors.is_empty()).collect();
    // A known gap: letters that Python reads as two (ligatures) are no letters to the repair, which then misplaces their lines.
    let ligature = |source: &String| source.contains(['\u{fb01}', '\u{fb02}']);
    for source in all.iter().filter(|source| !ligature(source)) {
        let flat: String = source.lines().map(|line| format!("{}\n", line.trim_start())).collect();
        let got = repair(&flat);
        match got.confidence {
            Confidence::Repaired => {
                restored += 1;
                let heads = |text: &str| -> Vec<String> {
                    super::units::units(&super::text::Text::new(text).lines)
                        .iter()
                        .flat_map(heads)
                        .collect()
                };
                assert_eq!(heads(&got.source), heads(source), "{flat}\n---\n{}", got.source);
            }
            Confidence::Sound | Confidence::Scrambled | Confidence::Broken => {
                assert_eq!(said(&got.source), said(&flat));
            }
        }
    }
    assert!(restored * 2 > all.len(), "only {restored} of {} were put back", all.len());
}

/// The statements with their depth; comments may stand at any.
fn heads(unit: &super::units::Unit) -> Vec<String> {
    if unit.kind == super::units::Kind::Gap {
        return Vec::new();
    }
    let own = format!("{}{}", " ".repeat(unit.indent), unit.text());
    std::iter::once(own).chain(unit.body.iter().flat_map(heads)).collect()
}

#[test]
fn only_the_python_of_several_blocks_is_taken() {
    let page = "# Guide\n\nInstall it:\n\n```bash\npip install django\n```\n\nThen:\n\n```python\nimport a\n```\n\nand don't forget\n\n```\nclass B(a.C):\n    x = 1\n```\n";
    let got = assert_repaired(page, "import a\nclass B(a.C):\n    x = 1\n");
    assert_eq!(got.repairs[0].what, "Took the Python out of 2 of 3 fenced blocks");
    assert_eq!((got.repairs[0].first, got.repairs[0].last), (12, 19));
}

#[test]
fn prose_around_code_is_left_out() {
    let page = format!(
        "In this part we'll add two models.\nThey are related, as you can see:\n\nmodels.py\nCopy\n{MODELS}\nThe `author` field points at Author. Don't forget to migrate!\n\n- first one\n- second one\n"
    );
    assert_repaired(&page, MODELS);
}

#[test]
fn code_that_prose_indents_goes_to_the_margin() {
    let block: String = MODELS.lines().map(|line| format!("    {line}\n")).collect();
    assert_repaired(&format!("Write this::\n\n{block}\nThat is all there is to it.\n"), MODELS);
}

#[test]
fn typesetting_is_undone() {
    let set = MODELS
        .replace("[\"name\"]", "[“name”]")
        .replace("    name", "\u{a0}\u{a0}\u{a0}\u{a0}name");
    assert_repaired(&set, MODELS);
    assert_repaired("x = ‘a’\ny = “It’s”\nz = 1 – 2\n", "x = 'a'\ny = \"It’s\"\nz = 1 - 2\n");
    assert_repaired(
        "def f():\n    “””Says ‘hello’.”””\n",
        "def f():\n    \"\"\"Says ‘hello’.\"\"\"\n",
    );
}

#[test]
fn html_is_undone() {
    assert_repaired(
        "<pre><code class=\"python\">x = [&quot;a&quot;, &#39;b&#39;]\ny = 1 &lt; 2</code></pre>\n",
        "x = [\"a\", 'b']\ny = 1 < 2\n",
    );
}

#[test]
fn a_shell_s_answers_are_left_out() {
    assert_repaired(
        ">>> from shop.models import Author\n>>> Author.objects.count()\n3\n>>> for author in Author.objects.all():\n...     print(author)\n...\nAda\nBela\n",
        "from shop.models import Author\nAuthor.objects.count()\nfor author in Author.objects.all():\n    print(author)\n",
    );
    assert_repaired(
        "In [1]: class A:\n   ...:     x = 1\n   ...: \n\nIn [2]: A.x\nOut[2]: 1\n",
        "class A:\n    x = 1\nA.x\n",
    );
}

#[test]
fn values_on_the_next_line_are_joined() {
    assert_repaired(
        "class A(Model):\n    name =\n    CharField()\n    size: int =\n        3\n",
        "class A(Model):\n    name = CharField()\n    size: int = 3\n",
    );
}

#[test]
fn flattened_classes_are_indented() {
    let flat: String = MODELS.lines().map(|line| format!("{}\n", line.trim_start())).collect();
    assert_repaired(&flat, MODELS);
    let one_level =
        MODELS.replace("        ordering", "    ordering").replace("        return", "    return");
    assert_repaired(&one_level, MODELS);
}

#[test]
fn scrambled_lines_are_explained() {
    // Names and values in two columns, read one after the other.
    assert_scrambled(
        "class Author(models.Model):\n= models.CharField(max_length=9)\nname\nclass Book(models.Model):\ntitle = models.TextField() pages\n",
        2,
    );
    assert_scrambled("class A(Model):\nname\n= CharField()\nsize\n", 2);
    assert_scrambled(
        "class A(Model):\nx = CharField()\ndef f(self):\nif self.x:\ny = 1\nreturn 2\n",
        4,
    );
    assert_scrambled("class A(Model):\nclass B(Model):\nx = CharField()\n", 1);
    assert_scrambled(
        "class A(Model):\nx = CharField()\n\ny = [1]\nclass B(Model):\nz = CharField()\n",
        4,
    );
}

#[test]
fn an_author_s_own_mistake_stays() {
    for source in [
        "class A(models.Model):\n    name models.CharField()\n",
        "from django.db imports models\nx = 1\n",
        "class A(models.Model):\n    \"\"\"\n    >>> A.x\n    ```\n    Some words about it here.\n    ```\n    \"\"\"\n    x = (\n",
    ] {
        let got = repair(source);
        assert_eq!((got.confidence, got.source.as_str()), (Confidence::Broken, source), "{got:#?}");
        assert!(got.repairs.is_empty());
    }
}

#[test]
fn nothing_is_lost_where_there_is_no_code() {
    for text in ["", "\n\n", "Just some words, and no code at all.\n", "```\n```\n"] {
        assert_eq!(repair(text).source, text);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(200) })]

    /// Whatever comes, what is called repaired is Python, and what is called scrambled is as it came.
    #[test]
    fn what_is_said_of_the_text_is_true(lines in proptest::collection::vec(0_usize..NOISE.len(), 0..24)) {
        let pasted: String = lines.iter().map(|at| format!("{}\n", NOISE[*at])).collect();
        let got = repair(&pasted);
        match got.confidence {
            Confidence::Sound => assert_eq!(got.source, pasted),
            Confidence::Repaired => {
                assert!(python::is_valid(&got.source), "{pasted}\n---\n{}", got.source);
                assert!(!got.repairs.is_empty());
                assert_eq!(repair(&got.source).source, got.source);
            }
            Confidence::Scrambled => assert_eq!((got.source, got.repairs.len()), (pasted, 0)),
            Confidence::Broken => assert!(got.trouble.is_none()),
        }
    }
}

/// Lines of pages, in any order.
const NOISE: &[&str] = &[
    "",
    "class A(models.Model):",
    "    name = models.CharField(max_length=9)",
    "name = models.CharField(max_length=9)",
    "    class Meta:",
    "        ordering = [\"name\"]",
    "def f(self):",
    "    return self.name",
    "```python",
    "```",
    "~~~",
    ">>> A.objects.all()",
    "... x",
    "In [1]: x = 1",
    "Here's how it's done, it is easy:",
    "- a point",
    "  1 | x = 1",
    "2  y = (",
    "3",
    "+added = 1",
    "-removed = 1",
    "> quoted",
    "x = “a”",
    "y = ‘b",
    "z = &quot;c&quot;",
    "= models.TextField()",
    "name =",
    "\"\"\"",
    "if x:",
    "\u{a0}\u{a0}tab\tbed",
];
