use throughline_core::orm;
use throughline_diagram::End;

use super::*;

const ENROLMENT: &str = r#"
from django.db import models

class Student(models.Model):
    name = models.CharField(max_length=80)
    born = models.DateField(null=True)

class Course(models.Model):
    code = models.SlugField(unique=True)
    students = models.ManyToManyField(Student, through="Enrollment", related_name="courses")
    assistants = models.ManyToManyField(Student, related_name="assisting")

class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.OneToOneField(Course, null=True, on_delete=models.SET_NULL)
"#;

fn shown(source: &str, choices: &Choices) -> Scene {
    let orm = orm::by_id("django").unwrap();
    let resolved = orm.resolve(&orm.read(source));
    scene(&resolved, &Tables::default(), &Marks::default(), choices)
}

fn ids(scene: &Scene) -> Vec<&str> {
    scene.relations.iter().map(|relation| relation.id.as_str()).collect()
}

#[test]
fn a_through_model_of_the_user_is_drawn_by_its_keys() {
    let scene = shown(ENROLMENT, &Choices::default());
    assert_eq!(ids(&scene), ["Course.assistants", "Enrollment.student", "Enrollment.course"]);
    assert_eq!(scene.summary(), "3 models, 1 generated through table, 3 relations");
}

#[test]
fn ends_come_from_nullability_and_uniqueness() {
    let scene = shown(ENROLMENT, &Choices::default());
    let ends = |id: &str| {
        let link = scene.links[scene.relation(id).unwrap().first_link];
        (link.from.end, link.to.end)
    };
    assert_eq!(ends("Enrollment.student"), (End::ZeroOrMany, End::ExactlyOne));
    assert_eq!(ends("Enrollment.course"), (End::ZeroOrOne, End::ZeroOrOne));
}

#[test]
fn a_closed_many_to_many_is_one_line() {
    let closed = Choices { closed: ["Course.assistants".to_owned()].into(), ..Choices::default() };
    let (open, closed) = (shown(ENROLMENT, &Choices::default()), shown(ENROLMENT, &closed));
    assert_eq!((open.nodes.len(), open.relation("Course.assistants").unwrap().links), (4, 2));
    assert_eq!((closed.nodes.len(), closed.relation("Course.assistants").unwrap().links), (3, 1));
    let line = closed.links[closed.relation("Course.assistants").unwrap().first_link];
    assert_eq!((line.from.end, line.to.end), (End::ZeroOrMany, End::ZeroOrMany));
}

#[test]
fn a_table_of_pairs_stands_between_its_ends() {
    let scene = shown(ENROLMENT, &Choices::default());
    let index = |name: &str| scene.index(name).unwrap();
    let leads = |left: &str, right: &str| {
        scene.edges.iter().any(|edge| (edge.left, edge.right) == (index(left), index(right)))
    };
    assert!(leads("Student", "Course_assistants") && leads("Course_assistants", "Course"));
    assert!(leads("Student", "Enrollment") && leads("Enrollment", "Course"));
}

#[test]
fn relations_are_spoken_as_sentences() {
    let scene = shown(ENROLMENT, &Choices::default());
    let relation = scene.relation("Enrollment.student").unwrap();
    assert_eq!(
        relation.spoken,
        "Enrollment.student: each Enrollment has exactly one Student; a Student has zero or many Enrollments"
    );
    assert_eq!(
        relation.sentences,
        [
            "An *Enrollment* has exactly one *Student*.",
            "A *Student* has zero or many in `enrollment_set`."
        ]
    );
}

#[test]
fn rows_say_kind_type_and_nullability() {
    let scene = shown(ENROLMENT, &Choices::default());
    let student = scene.node("Student").unwrap();
    let rows: Vec<(RowKind, &str, &str)> =
        student.rows.iter().map(|row| (row.kind, row.name.as_str(), row.label.as_str())).collect();
    assert_eq!(
        rows[..3],
        [
            (RowKind::Key, "id", "BigAuto"),
            (RowKind::Required, "name", "Char(80)"),
            (RowKind::Nullable, "born", "Date?")
        ]
    );
    assert!(rows.contains(&(RowKind::Reverse, "assisting", "Course.assistants")));
    let hidden =
        shown(ENROLMENT, &Choices { reverse_names: ReverseNames::Hidden, ..Choices::default() });
    assert!(hidden.node("Student").unwrap().rows.iter().all(|row| row.kind != RowKind::Reverse));
}

#[test]
fn many_fields_are_folded_and_their_lines_end_at_the_fold() {
    let fields: String =
        (0..20).map(|number| format!("    f{number} = models.IntegerField()\n")).collect();
    let source = format!(
        "{ENROLMENT}\nclass Wide(models.Model):\n{fields}    student = models.ForeignKey(Student, on_delete=models.CASCADE)\n"
    );
    let scene = shown(&source, &Choices::default());
    let wide = scene.node("Wide").unwrap();
    let more = wide.rows.iter().position(|row| row.kind == RowKind::More).unwrap();
    let line = scene.links[scene.relation("Wide.student").unwrap().first_link];
    assert_eq!(line.from.port, throughline_diagram::measure::row_port(more as i32));
    let unfolded =
        shown(&source, &Choices { unfolded: ["Wide".to_owned()].into(), ..Choices::default() });
    assert!(unfolded.node("Wide").unwrap().rows.iter().any(|row| row.name == "f19"));
}

#[test]
fn plurals_and_articles_are_regular() {
    assert_eq!(
        ["Course", "Category", "Box", "Day", "Class"].map(words::plural),
        ["Courses", "Categories", "Boxes", "Days", "Classes"]
    );
    assert_eq!(
        ["Order", "User", "Umbrella", "Unit", "Book"].map(words::article),
        ["an", "a", "an", "a", "a"]
    );
}
