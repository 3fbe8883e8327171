use expect_test::{Expect, expect};

use super::*;
use crate::document::RelationKind;
use crate::orm::django::Django;

fn attempt(source: &str, change: &Edit) -> Result<String, EditError> {
    edit(&Django, source, &Django.read(source), change).map(|edits| apply(source, &edits))
}

/// Shows the lines that a change takes away and brings.
#[track_caller]
fn check(source: &str, change: Edit, expected: Expect) {
    let result = attempt(source, &change).unwrap();
    let (old, new): (Vec<&str>, Vec<&str>) =
        (source.split_inclusive('\n').collect(), result.split_inclusive('\n').collect());
    // Length of the longest common subsequence from each pair of lines on.
    let mut common = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            out.push_str(&format!("-{}\n", old[i].trim_end_matches('\n').replace('\r', "␍")));
            i += 1;
        } else {
            out.push_str(&format!("+{}\n", new[j].trim_end_matches('\n').replace('\r', "␍")));
            j += 1;
        }
    }
    expected.assert_eq(&out);
}

#[track_caller]
fn refuses(source: &str, change: Edit, expected: Expect) {
    expected.assert_eq(&attempt(source, &change).unwrap_err().to_string());
}

fn field(name: &str, class: &str, arguments: &[(&str, Option<&str>)]) -> FieldDraft {
    let arguments =
        arguments.iter().map(|(name, value)| ((*name).into(), value.map(Into::into))).collect();
    FieldDraft { name: name.into(), class: class.into(), arguments }
}

fn relation(name: &str, kind: RelationKind, target: &str) -> RelationDraft {
    RelationDraft {
        name: name.into(),
        kind,
        target: target.into(),
        related_name: None,
        null: false,
        on_delete: (kind != RelationKind::ManyToMany).then(|| "CASCADE".into()),
        through: ThroughDraft::Automatic,
    }
}

fn add_field(model: &str, field: FieldDraft) -> Edit {
    Edit::AddField { model: model.into(), field }
}

fn change_field(model: &str, field: &str, to: FieldDraft) -> Edit {
    Edit::ChangeField { model: model.into(), field: field.into(), to }
}

fn delete_field(model: &str, field: &str) -> Edit {
    Edit::DeleteField { model: model.into(), field: field.into() }
}

fn add_relation(model: &str, relation: RelationDraft) -> Edit {
    Edit::AddRelation { model: model.into(), relation }
}

fn change_relation(model: &str, field: &str, to: RelationDraft) -> Edit {
    Edit::ChangeRelation { model: model.into(), field: field.into(), to }
}

fn add_model(name: &str) -> Edit {
    Edit::AddModel { name: name.into() }
}

fn rename_model(model: &str, name: &str) -> Edit {
    Edit::RenameModel { model: model.into(), name: name.into() }
}

fn delete_model(model: &str) -> Edit {
    Edit::DeleteModel { model: model.into() }
}

const LIBRARY: &str = r#"from django.db import models


class Author(models.Model):
    """Writes books. The Author of a book."""

    name = models.CharField(max_length=100)  # as printed

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


# What authors write.
class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(
        Author,
        on_delete=models.CASCADE,  # no author, no book
        related_name="books",
    )
    year = models.IntegerField()

    class Meta:
        ordering = ["author__name", "-year"]
        unique_together = [("title", "author")]
        constraints = [
            models.CheckConstraint(condition=models.Q(year__gte=0), name="year"),
            models.UniqueConstraint(models.F("year"), name="year_once"),
        ]
        indexes = [models.Index(fields=["year", "-title"], name="title")]
"#;

mod models_of_a_file {
    use super::*;

    #[test]
    fn the_first_model_brings_the_import() {
        check(
            "",
            add_model("Author"),
            expect![[r#"
            +from django.db import models
            +
            +
            +class Author(models.Model):
            +    pass
        "#]],
        );
        check(
            "# Week 3\n",
            add_model("Author"),
            expect![[r#"
            +
            +
            +from django.db import models
            +
            +
            +class Author(models.Model):
            +    pass
        "#]],
        );
    }

    #[test]
    fn a_new_model_goes_to_the_end() {
        check(
            "from django.db import models\n\n\nclass A(models.Model):\n    pass\n",
            add_model("B"),
            expect![[r#"
            +
            +
            +class B(models.Model):
            +    pass
        "#]],
        );
        check(
            "import os\r\n\r\nX = 1",
            add_model("B"),
            expect![[r#"
            +from django.db import models␍
            -X = 1
            +X = 1␍
            +␍
            +␍
            +class B(models.Model):␍
            +    pass␍
        "#]],
        );
    }

    #[test]
    fn a_new_model_follows_the_imports_and_indentation_of_the_file() {
        check(
            "from django.db.models import Model, CharField\n\nclass A(Model):\n\tname = CharField(max_length=3)\n\n\n\n",
            add_model("B"),
            expect![[r#"
            +class B(Model):
            +	pass
        "#]],
        );
        check(
            "from django.db import models as m\n",
            add_model("B"),
            expect![[r#"
            +
            +
            +class B(m.Model):
            +    pass
        "#]],
        );
    }

    #[test]
    fn names_must_be_free_and_python() {
        refuses(LIBRARY, add_model("Book"), expect!["The name Book is taken."]);
        refuses(LIBRARY, add_model("book"), expect!["The name Book is taken."]);
        refuses(LIBRARY, add_model("models"), expect!["The name models is taken."]);
        refuses(
            LIBRARY,
            add_model("class"),
            expect![
                "class is not a Python name: use letters, digits and underscores, and no keyword."
            ],
        );
        refuses(
            LIBRARY,
            add_model("A b"),
            expect![
                "A b is not a Python name: use letters, digits and underscores, and no keyword."
            ],
        );
        refuses(LIBRARY, add_model(""), expect!["A name is needed."]);
        refuses(LIBRARY, rename_model("Reader", "Human"), expect!["There is no model Reader."]);
    }

    #[test]
    fn renaming_reaches_every_reference_and_nothing_else() {
        check(
            LIBRARY,
            rename_model("Author", "Writer"),
            expect![[r#"
            -class Author(models.Model):
            +class Writer(models.Model):
            -        Author,
            +        Writer,
        "#]],
        );
    }

    #[test]
    fn renaming_reaches_strings_annotations_and_through() {
        let source = r#"
from django.db import models

__all__ = ["Author", "Book"]

class Book(models.Model):
    """An Author's "Author"."""
    author: "Author" = models.ForeignKey("Author", models.CASCADE)
    others = models.ManyToManyField("app.Author", through='Credit', related_name="Author")
    foreign = models.ForeignKey("auth.Author", models.CASCADE)
    note = models.CharField(max_length=9, default="Author")

    def first(self, other: "list[Author]") -> "Author | None":
        return Author.objects.first()

class Author(models.Model): pass

class Credit(models.Model):
    author = models.ForeignKey(Author, models.CASCADE)
    book = models.ForeignKey(to=Book, on_delete=models.CASCADE)
"#;
        check(
            source,
            rename_model("Author", "Writer"),
            expect![[r#"
            -__all__ = ["Author", "Book"]
            +__all__ = ["Writer", "Book"]
            -    author: "Author" = models.ForeignKey("Author", models.CASCADE)
            -    others = models.ManyToManyField("app.Author", through='Credit', related_name="Author")
            +    author: "Writer" = models.ForeignKey("Writer", models.CASCADE)
            +    others = models.ManyToManyField("app.Writer", through='Credit', related_name="Author")
            -    def first(self, other: "list[Author]") -> "Author | None":
            -        return Author.objects.first()
            +    def first(self, other: "list[Writer]") -> "Writer | None":
            +        return Writer.objects.first()
            -class Author(models.Model): pass
            +class Writer(models.Model): pass
            -    author = models.ForeignKey(Author, models.CASCADE)
            +    author = models.ForeignKey(Writer, models.CASCADE)
        "#]],
        );
        check(
            source,
            rename_model("Credit", "Role"),
            expect![[r#"
            -    others = models.ManyToManyField("app.Author", through='Credit', related_name="Author")
            +    others = models.ManyToManyField("app.Author", through='Role', related_name="Author")
            -class Credit(models.Model):
            +class Role(models.Model):
        "#]],
        );
    }

    #[test]
    fn deleting_takes_the_blank_lines_before() {
        check(
            LIBRARY,
            delete_model("Author"),
            expect![[r#"
            -class Author(models.Model):
            -    """Writes books. The Author of a book."""
            -
            -    name = models.CharField(max_length=100)  # as printed
            -
            -    class Meta:
            -        ordering = ["name"]
            -
            -    def __str__(self):
            -        return self.name
            -
            -
        "#]],
        );
        check(
            "class A(models.Model):\n    pass\n\n\nclass B(models.Model): pass\n",
            delete_model("A"),
            expect![[r#"
            -class A(models.Model):
            -    pass
            -
            -
        "#]],
        );
        check(
            "class A(models.Model):\n    pass\n\n\nclass B(models.Model): pass",
            delete_model("B"),
            expect![[r#"
            -
            -
            -class B(models.Model): pass
        "#]],
        );
    }
}

mod fields_of_a_model {
    use super::*;

    #[test]
    fn a_new_field_goes_after_the_last_one() {
        check(
            LIBRARY,
            add_field("Author", field("born", "DateField", &[("null", Some("True"))])),
            expect![[r#"
            +    born = models.DateField(null=True)
        "#]],
        );
        check(
            LIBRARY,
            add_field("Book", field("price", "DecimalField", &[])),
            expect![[r#"
            +    price = models.DecimalField(max_digits=10, decimal_places=2)
        "#]],
        );
    }

    #[test]
    fn bodies_of_every_shape_take_a_field() {
        let new = || add_field("A", field("name", "CharField", &[("max_length", Some("80"))]));
        let shapes = [
            "class A(Model):\n    pass\n",
            "class A(Model):\n    pass  # later\n",
            "class A(Model): pass",
            "class A(Model): ...  # later\n",
            "class A(Model): x = models.TextField(); y = models.TextField()\n",
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n",
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n    pass\n",
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n\n    class Meta:\n        abstract = True\n",
            "class A(Model):\n    class Meta:\n        abstract = True\n",
            "class A(Model):\n    # Options.\n    class Meta:\n        abstract = True",
            "class A(Model):\n    KINDS = [\n        1,\n    ]\n\n    def f(self): pass\n",
            "class A(Model):\r\n\tx = models.TextField()",
            "class A(Model):\n  x = models.TextField(\n      blank=True,\n  )  # c\n  # d\n\n  y = 1\n",
            "class A(\n    Model,  # a: b\n):\n    class Kind(models.TextChoices):\n        A = \"a\"\n\n    @property\n    def f(self): pass\n",
        ];
        let mut out = String::new();
        for shape in shapes {
            let source = format!(
                "from django.db import models\nfrom django.db.models import Model\n{shape}"
            );
            let result = attempt(&source, &new()).unwrap();
            out.push_str(&format!(
                "{:?}\n{}\n---\n",
                shape,
                result.lines().skip(2).collect::<Vec<_>>().join("\n")
            ));
        }
        expect![[r#"
            "class A(Model):\n    pass\n"
            class A(Model):
                name = models.CharField(max_length=80)
            ---
            "class A(Model):\n    pass  # later\n"
            class A(Model):
                name = models.CharField(max_length=80)  # later
            ---
            "class A(Model): pass"
            class A(Model):
                name = models.CharField(max_length=80)
            ---
            "class A(Model): ...  # later\n"
            class A(Model):
                name = models.CharField(max_length=80)  # later
            ---
            "class A(Model): x = models.TextField(); y = models.TextField()\n"
            class A(Model):
                x = models.TextField(); y = models.TextField()
                name = models.CharField(max_length=80)
            ---
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n"
            class A(Model):
                """Docs."""

                name = models.CharField(max_length=80)
            ---
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n    pass\n"
            class A(Model):
                """Docs."""
                name = models.CharField(max_length=80)
            ---
            "class A(Model):\n    \"\"\"Docs.\"\"\"\n\n    class Meta:\n        abstract = True\n"
            class A(Model):
                """Docs."""

                name = models.CharField(max_length=80)

                class Meta:
                    abstract = True
            ---
            "class A(Model):\n    class Meta:\n        abstract = True\n"
            class A(Model):
                name = models.CharField(max_length=80)

                class Meta:
                    abstract = True
            ---
            "class A(Model):\n    # Options.\n    class Meta:\n        abstract = True"
            class A(Model):
                name = models.CharField(max_length=80)

                # Options.
                class Meta:
                    abstract = True
            ---
            "class A(Model):\n    KINDS = [\n        1,\n    ]\n\n    def f(self): pass\n"
            class A(Model):
                KINDS = [
                    1,
                ]
                name = models.CharField(max_length=80)

                def f(self): pass
            ---
            "class A(Model):\r\n\tx = models.TextField()"
            class A(Model):
            	x = models.TextField()
            	name = models.CharField(max_length=80)
            ---
            "class A(Model):\n  x = models.TextField(\n      blank=True,\n  )  # c\n  # d\n\n  y = 1\n"
            class A(Model):
              x = models.TextField(
                  blank=True,
              )  # c
              name = models.CharField(max_length=80)
              # d

              y = 1
            ---
            "class A(\n    Model,  # a: b\n):\n    class Kind(models.TextChoices):\n        A = \"a\"\n\n    @property\n    def f(self): pass\n"
            class A(
                Model,  # a: b
            ):
                class Kind(models.TextChoices):
                    A = "a"

                name = models.CharField(max_length=80)

                @property
                def f(self): pass
            ---
        "#]].assert_eq(&out);
    }

    #[test]
    fn a_missing_import_is_added() {
        check(
            "from app.base import Model\n\nclass A(Model):\n    x = models.TextField()\n",
            add_field("A", field("y", "TextField", &[])),
            expect![[r#"
            +from django.db import models
            +    y = models.TextField()
        "#]],
        );
        check(
            "\"\"\"Docs.\"\"\"\nclass A(models.Model):\n    pass\n",
            add_field("A", field("y", "TextField", &[])),
            expect![[r#"
            +
            +from django.db import models
            +
            +
            -    pass
            +    y = models.TextField()
        "#]],
        );
    }

    #[test]
    fn a_field_name_must_be_free() {
        let source = r#"from django.db import models
class Base(models.Model):
    created = models.DateField()
    class Meta:
        abstract = True
class Place(Base):
    owner = models.ForeignKey("self", models.CASCADE)
class Bar(Place):
    def open(self): ...
"#;
        let new = |name: &str| add_field("Bar", field(name, "TextField", &[]));
        refuses(source, new("created"), expect!["The name created is taken."]);
        refuses(source, new("owner"), expect!["The name owner is taken."]);
        refuses(source, new("owner_id"), expect!["The name owner_id is taken."]);
        refuses(source, new("place_ptr"), expect!["The name place_ptr is taken."]);
        refuses(source, new("open"), expect!["The name open is taken."]);
        refuses(
            source,
            new("for"),
            expect![
                "for is not a Python name: use letters, digits and underscores, and no keyword."
            ],
        );
        refuses(source, delete_field("Bar", "created"), expect!["Bar has no field created."]);
        attempt(source, &add_field("Place", field("id", "BigAutoField", &[]))).unwrap();
    }

    #[test]
    fn deleting_takes_the_whole_line() {
        check(
            LIBRARY,
            delete_field("Author", "name"),
            expect![[r#"
            -    name = models.CharField(max_length=100)  # as printed
            -
        "#]],
        );
        check(
            LIBRARY,
            delete_field("Book", "author"),
            expect![[r#"
            -    author = models.ForeignKey(
            -        Author,
            -        on_delete=models.CASCADE,  # no author, no book
            -        related_name="books",
            -    )
        "#]],
        );
    }

    #[test]
    fn deleting_leaves_a_body() {
        let delete =
            |source: &str| format!("{:?}", attempt(source, &delete_field("A", "x")).unwrap());
        expect![[r#""class A(models.Model):\n    pass\n""#]]
            .assert_eq(&delete("class A(models.Model):\n    x = models.TextField()  # c\n"));
        expect![[r#""class A(models.Model): pass  # c\n""#]]
            .assert_eq(&delete("class A(models.Model): x = models.TextField()  # c\n"));
        expect![[r#""class A(models.Model): y = 1\n""#]]
            .assert_eq(&delete("class A(models.Model): x = models.TextField(); y = 1\n"));
        expect![[r#""class A(models.Model): y = 1\n""#]]
            .assert_eq(&delete("class A(models.Model): y = 1; x = models.TextField()\n"));
        expect![[r#""class A(models.Model):\n    y = 1""#]]
            .assert_eq(&delete("class A(models.Model):\n    y = 1\n    x = models.TextField()"));
        expect![[r#""class A(models.Model):\n    \"\"\"Docs.\"\"\"\n""#]].assert_eq(&delete(
            "class A(models.Model):\n    \"\"\"Docs.\"\"\"\n\n    x = models.TextField()\n",
        ));
        expect![[r#""class A(models.Model):\r\n    class Meta:\r\n        abstract = True\r\n""#]].assert_eq(&delete("class A(models.Model):\r\n    x = models.TextField()\r\n\r\n    class Meta:\r\n        abstract = True\r\n"));
    }

    #[test]
    fn changing_touches_only_what_changes() {
        check(
            LIBRARY,
            change_field(
                "Book",
                "title",
                field(
                    "title",
                    "CharField",
                    &[("max_length", Some("80")), ("unique", Some("True"))],
                ),
            ),
            expect![[r#"
            -    title = models.CharField(max_length=200)
            +    title = models.CharField(max_length=80, unique=True)
        "#]],
        );
        check(
            LIBRARY,
            change_field("Book", "title", field("title", "TextField", &[])),
            expect![[r#"
                -    title = models.CharField(max_length=200)
                +    title = models.TextField()
            "#]],
        );
        check(
            LIBRARY,
            change_field("Book", "year", field("year", "DecimalField", &[("null", Some("True"))])),
            expect![[r#"
            -    year = models.IntegerField()
            +    year = models.DecimalField(null=True, max_digits=10, decimal_places=2)
        "#]],
        );
    }

    #[test]
    fn arguments_go_with_their_commas() {
        let change = |call: &str, arguments: &[(&str, Option<&str>)]| {
            let source = format!("class A(models.Model):\n    x = {call}\n");
            let class = Django.read(&source).models[0].fields[0].class.text.clone();
            let result =
                attempt(&source, &change_field("A", "x", field("x", &class, arguments))).unwrap();
            result
                .lines()
                .filter_map(|line| line.strip_prefix("    "))
                .collect::<Vec<_>>()
                .join("\n")
        };
        expect!["x = models.TextField(null=True)"]
            .assert_eq(&change("models.TextField()", &[("null", Some("True"))]));
        expect!["x = models.TextField()"]
            .assert_eq(&change("models.TextField(null=True)", &[("null", None)]));
        expect!["x = models.TextField(blank=True)"]
            .assert_eq(&change("models.TextField(null=True, blank=True)", &[("null", None)]));
        expect!["x = models.TextField(blank=True)"]
            .assert_eq(&change("models.TextField(blank=True, null=True)", &[("null", None)]));
        expect![[r#"
                x = models.TextField(
                    blank=True,  # b
                )"#]]
        .assert_eq(&change(
            "models.TextField(\n        null=True,  # n\n        blank=True,  # b\n    )",
            &[("null", None)],
        ));
        expect![[r#"
                x = models.TextField(
                    blank=True,  # b
                )"#]]
        .assert_eq(&change(
            "models.TextField(\n        blank=True,  # b\n        null=True  # n\n    )",
            &[("null", None)],
        ));
        expect![[r#"
                x = models.TextField(
                    blank=True,  # b
                    null=True,
                    unique=True,
                )"#]]
        .assert_eq(&change(
            "models.TextField(\n        blank=True,  # b\n    )",
            &[("null", Some("True")), ("unique", Some("True"))],
        ));
        expect![[r#"
                x = models.TextField(
                    blank=True,  # b
                    null=True
                )"#]]
        .assert_eq(&change(
            "models.TextField(\n        blank=True  # b\n    )",
            &[("null", Some("True"))],
        ));
        expect![[r#"x = models.TextField("Name", blank=True, *rest, **more)"#]].assert_eq(&change(
            "models.TextField(\"the name\", null=True, *rest, **more)",
            &[("verbose_name", Some("\"Name\"")), ("null", None), ("blank", Some("True"))],
        ));
        expect![[r#"x = models.TextField(default="x", blank=True)"#]].assert_eq(&change(
            "models.TextField(null=True, blank=True)",
            &[("null", None), ("default", Some("\"x\""))],
        ));
    }

    #[test]
    fn renaming_reaches_options_and_methods() {
        check(
            LIBRARY,
            change_field("Author", "name", field("full_name", "CharField", &[])),
            expect![[r#"
            -    name = models.CharField(max_length=100)  # as printed
            +    full_name = models.CharField(max_length=100)  # as printed
            -        ordering = ["name"]
            +        ordering = ["full_name"]
            -        return self.name
            +        return self.full_name
            -        ordering = ["author__name", "-year"]
            +        ordering = ["author__full_name", "-year"]
        "#]],
        );
        check(
            LIBRARY,
            change_field("Book", "year", field("published", "IntegerField", &[])),
            expect![[r#"
            -    year = models.IntegerField()
            +    published = models.IntegerField()
            -        ordering = ["author__name", "-year"]
            +        ordering = ["author__name", "-published"]
            -            models.CheckConstraint(condition=models.Q(year__gte=0), name="year"),
            -            models.UniqueConstraint(models.F("year"), name="year_once"),
            +            models.CheckConstraint(condition=models.Q(published__gte=0), name="year"),
            +            models.UniqueConstraint(models.F("published"), name="year_once"),
            -        indexes = [models.Index(fields=["year", "-title"], name="title")]
            +        indexes = [models.Index(fields=["published", "-title"], name="title")]
        "#]],
        );
        check(
            LIBRARY,
            change_field("Book", "title", field("name", "CharField", &[])),
            expect![[r#"
            -    title = models.CharField(max_length=200)
            +    name = models.CharField(max_length=200)
            -        unique_together = [("title", "author")]
            +        unique_together = [("name", "author")]
            -        indexes = [models.Index(fields=["year", "-title"], name="title")]
            +        indexes = [models.Index(fields=["year", "-name"], name="title")]
        "#]],
        );
    }

    #[test]
    fn renaming_reaches_other_models() {
        let source = r#"from django.db import models

class Country(models.Model):
    code = models.CharField(max_length=2, unique=True)

class City(models.Model):
    country = models.ForeignKey(Country, models.CASCADE, to_field="code")
    name = models.CharField(max_length=50, unique_for_date="founded")
    founded = models.DateField()
    twins = models.ManyToManyField("self", through="Twin", through_fields=("one", "other"))

    class Meta:
        ordering = ["country__code", "country_id", F("founded").desc()]
        get_latest_by = "founded"
        verbose_name = "founded"

class Twin(models.Model):
    one = models.ForeignKey(City, models.CASCADE, related_name="+")
    other = models.ForeignKey(City, models.CASCADE, related_name="+")
"#;
        check(
            source,
            change_field("Country", "code", field("iso", "CharField", &[])),
            expect![[r#"
            -    code = models.CharField(max_length=2, unique=True)
            +    iso = models.CharField(max_length=2, unique=True)
            -    country = models.ForeignKey(Country, models.CASCADE, to_field="code")
            +    country = models.ForeignKey(Country, models.CASCADE, to_field="iso")
            -        ordering = ["country__code", "country_id", F("founded").desc()]
            +        ordering = ["country__iso", "country_id", F("founded").desc()]
        "#]],
        );
        check(
            source,
            change_relation(
                "Twin",
                "one",
                RelationDraft {
                    related_name: Some("+".into()),
                    ..relation("first", RelationKind::ForeignKey, "City")
                },
            ),
            expect![[r#"
            -    twins = models.ManyToManyField("self", through="Twin", through_fields=("one", "other"))
            +    twins = models.ManyToManyField("self", through="Twin", through_fields=("first", "other"))
            -    one = models.ForeignKey(City, models.CASCADE, related_name="+")
            +    first = models.ForeignKey(City, models.CASCADE, related_name="+")
        "#]],
        );
        check(
            source,
            change_field("City", "founded", field("since", "DateField", &[])),
            expect![[r#"
            -    name = models.CharField(max_length=50, unique_for_date="founded")
            -    founded = models.DateField()
            +    name = models.CharField(max_length=50, unique_for_date="since")
            +    since = models.DateField()
            -        ordering = ["country__code", "country_id", F("founded").desc()]
            -        get_latest_by = "founded"
            +        ordering = ["country__code", "country_id", F("since").desc()]
            +        get_latest_by = "since"
        "#]],
        );
        check(
            source,
            change_relation(
                "City",
                "country",
                relation("land", RelationKind::ForeignKey, "Country"),
            ),
            expect![[r#"
            -    country = models.ForeignKey(Country, models.CASCADE, to_field="code")
            +    land = models.ForeignKey(Country, models.CASCADE, to_field="code")
            -        ordering = ["country__code", "country_id", F("founded").desc()]
            +        ordering = ["land__code", "land_id", F("founded").desc()]
        "#]],
        );
    }

    #[test]
    fn what_is_not_python_is_not_edited() {
        refuses(
            "class A(models.Model):\n    x = models.TextField(\n",
            delete_model("A"),
            expect!["Line 3 is not Python yet: unexpected EOF while parsing. Mend it first."],
        );
        refuses(
            "class A(models.Model):\n    x = y = models.TextField()\n",
            delete_field("A", "x"),
            expect!["x is not declared by a statement of its own. Change it in the text."],
        );
        refuses(
            LIBRARY,
            add_field("Book", field("x", "CharField", &[("max_length", Some("1 +"))])),
            expect!["1 + is not a Python expression."],
        );
    }
}

mod relations_of_a_model {
    use super::*;

    #[test]
    fn targets_are_classes_where_they_exist_by_then() {
        check(
            LIBRARY,
            add_relation(
                "Book",
                RelationDraft {
                    null: true,
                    on_delete: Some("SET_NULL".into()),
                    ..relation("editor", RelationKind::ForeignKey, "Author")
                },
            ),
            expect![[r#"
            +    editor = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True)
        "#]],
        );
        check(
            LIBRARY,
            add_relation(
                "Author",
                RelationDraft {
                    related_name: Some("favourite_of".into()),
                    ..relation("favourite", RelationKind::OneToOne, "Book")
                },
            ),
            expect![[r#"
            +    favourite = models.OneToOneField(
            +        "Book",
            +        on_delete=models.CASCADE,
            +        related_name="favourite_of",
            +    )
        "#]],
        );
        check(
            LIBRARY,
            add_relation("Author", relation("friends", RelationKind::ManyToMany, "Author")),
            expect![[r#"
            +    friends = models.ManyToManyField("self")
        "#]],
        );
    }

    #[test]
    fn bare_imports_are_followed() {
        let source = "from django.db.models import CASCADE, ForeignKey, Model\n\nclass A(Model):\n    pass\n";
        check(
            source,
            add_relation("A", relation("parent", RelationKind::ForeignKey, "A")),
            expect![[r#"
            -    pass
            +    parent = ForeignKey("self", on_delete=CASCADE)
        "#]],
        );
        check(
            source,
            add_relation("A", relation("friends", RelationKind::ManyToMany, "A")),
            expect![[r#"
            +from django.db import models
            -    pass
            +    friends = models.ManyToManyField("self")
        "#]],
        );
    }

    #[test]
    fn a_new_through_model_comes_after_both() {
        let through = ThroughDraft::NewModel {
            name: "BookAward".into(),
            fields: vec![field("year", "IntegerField", &[]), field("note", "CharField", &[])],
        };
        check(
            LIBRARY,
            add_relation(
                "Author",
                RelationDraft { through, ..relation("awards", RelationKind::ManyToMany, "Book") },
            ),
            expect![[r#"
            +    awards = models.ManyToManyField("Book", through="BookAward")
            +
            +
            +class BookAward(models.Model):
            +    author = models.ForeignKey(Author, on_delete=models.CASCADE)
            +    book = models.ForeignKey(Book, on_delete=models.CASCADE)
            +    year = models.IntegerField()
            +    note = models.CharField(max_length=100)
            +
            +    class Meta:
            +        constraints = [
            +            models.UniqueConstraint(
            +                fields=["author", "book"],
            +                name="unique_book_award",
            +            ),
            +        ]
        "#]],
        );
        let through = ThroughDraft::NewModel { name: "Friendship".into(), fields: Vec::new() };
        check(
            "from django.db import models\n\nclass Person(models.Model): pass\n",
            add_relation(
                "Person",
                RelationDraft {
                    through,
                    ..relation("friends", RelationKind::ManyToMany, "Person")
                },
            ),
            expect![[r#"
            -class Person(models.Model): pass
            +class Person(models.Model):
            +    friends = models.ManyToManyField("self", through="Friendship")
            +
            +
            +class Friendship(models.Model):
            +    from_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
            +    to_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
            +
            +    class Meta:
            +        constraints = [
            +            models.UniqueConstraint(
            +                fields=["from_person", "to_person"],
            +                name="unique_friendship",
            +            ),
            +        ]
        "#]],
        );
        let through = ThroughDraft::NewModel { name: "Book".into(), fields: Vec::new() };
        refuses(
            LIBRARY,
            add_relation(
                "Author",
                RelationDraft { through, ..relation("awards", RelationKind::ManyToMany, "Book") },
            ),
            expect!["The name Book is taken."],
        );
        let through = ThroughDraft::NewModel {
            name: "Award".into(),
            fields: vec![field("book", "TextField", &[])],
        };
        refuses(
            LIBRARY,
            add_relation(
                "Author",
                RelationDraft { through, ..relation("awards", RelationKind::ManyToMany, "Book") },
            ),
            expect!["The name book is taken."],
        );
    }

    #[test]
    fn what_is_the_same_is_not_touched() {
        let draft = RelationDraft {
            related_name: Some("books".into()),
            ..relation("author", RelationKind::ForeignKey, "Author")
        };
        let document = Django.read(LIBRARY);
        assert_eq!(
            edit(&Django, LIBRARY, &document, &change_relation("Book", "author", draft)),
            Ok(Vec::new())
        );
    }

    #[test]
    fn changing_the_kind_drops_what_no_longer_applies() {
        check(
            LIBRARY,
            change_relation(
                "Book",
                "author",
                RelationDraft {
                    related_name: Some("books".into()),
                    ..relation("author", RelationKind::ManyToMany, "Author")
                },
            ),
            expect![[r#"
            -    author = models.ForeignKey(
            +    author = models.ManyToManyField(
            -        on_delete=models.CASCADE,  # no author, no book
        "#]],
        );
        check(
            LIBRARY,
            change_relation(
                "Book",
                "author",
                RelationDraft {
                    null: true,
                    ..relation("author", RelationKind::OneToOne, "Author")
                },
            ),
            expect![[r#"
            -    author = models.ForeignKey(
            +    author = models.OneToOneField(
            -        related_name="books",
            +        null=True,
        "#]],
        );
        let kinds = |call: &str, to: RelationDraft| {
            let source = format!(
                "from django.db import models\n\nclass B(models.Model):\n    pass\n\nclass A(models.Model):\n    x = {call}\n"
            );
            attempt(&source, &change_relation("A", "x", to))
                .unwrap()
                .lines()
                .skip(6)
                .filter_map(|line| line.strip_prefix("    "))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let to = |kind| relation("x", kind, "B");
        expect![[r#"x = models.ManyToManyField(B, "as", help_text="h")"#]].assert_eq(&kinds("models.ForeignKey(B, models.CASCADE, \"as\", null=True, db_index=False, help_text=\"h\")", RelationDraft { related_name: Some("as".into()), ..to(RelationKind::ManyToMany) }));
        expect!["x = models.ManyToManyField(B)"].assert_eq(&kinds(
            "models.ForeignKey(B, models.CASCADE)",
            to(RelationKind::ManyToMany),
        ));
        expect!["x = models.ForeignKey(B, on_delete=models.CASCADE, blank=True)"].assert_eq(&kinds("models.ManyToManyField(B, through=\"T\", through_fields=(\"a\", \"b\"), blank=True)", to(RelationKind::ForeignKey)));
        expect![[r#"x = models.OneToOneField("B", related_name="as", on_delete=models.CASCADE)"#]]
            .assert_eq(&kinds(
                "models.ManyToManyField(\"B\", \"as\", symmetrical=False)",
                RelationDraft { related_name: Some("as".into()), ..to(RelationKind::OneToOne) },
            ));
        expect!["x = models.ManyToManyField(B, blank=True)"].assert_eq(&kinds(
            "models.ManyToManyField(B, through=\"T\", through_fields=(\"a\", \"b\"), blank=True)",
            to(RelationKind::ManyToMany),
        ));
        expect!["x = models.OneToOneField(B, models.PROTECT, null=False)"].assert_eq(&kinds(
            "models.ForeignKey(B, models.PROTECT, null=False, unique=True)",
            RelationDraft { on_delete: Some("PROTECT".into()), ..to(RelationKind::OneToOne) },
        ));
        expect![[r#"
                x = models.ManyToManyField(
                    to="B",
                )"#]]
        .assert_eq(&kinds(
            "models.ForeignKey(\n        to=\"B\",\n        on_delete=models.CASCADE,\n    )",
            to(RelationKind::ManyToMany),
        ));
    }

    #[test]
    fn a_relation_becomes_a_plain_field() {
        check(
            LIBRARY,
            change_field("Book", "author", field("author", "CharField", &[])),
            expect![[r#"
            -    author = models.ForeignKey(
            -        Author,
            -        on_delete=models.CASCADE,  # no author, no book
            -        related_name="books",
            +    author = models.CharField(
            +        max_length=100,
        "#]],
        );
    }
}
