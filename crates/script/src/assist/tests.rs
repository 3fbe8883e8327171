use throughline_core::live::Models;
use throughline_core::{analyze, orm};

use super::*;
use crate::database::{Cell, Database, DatabaseError, Reply};

/// Nothing is run here.
struct Silent;

impl Database for Silent {
    fn run(&mut self, _: &str, _: &[Cell]) -> Result<Reply, DatabaseError> {
        Ok(Reply::default())
    }
}

const DJANGO: &str = "
from django.db import models

class Student(models.Model):
    name = models.CharField(max_length=80)
    born = models.DateField(null=True)

class Course(models.Model):
    title = models.CharField(max_length=200)
    students = models.ManyToManyField(Student, through='Enrollment', related_name='courses')

class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    grade = models.CharField(max_length=2)
";

const TORTOISE: &str = "
from tortoise import fields
from tortoise.models import Model

class Project(Model):
    title = fields.CharField(max_length=100)

class Task(Model):
    title = fields.CharField(max_length=100)
    project = fields.ForeignKeyField('models.Project', related_name='tasks')
";

const PEEWEE: &str = "
from peewee import *

db = SqliteDatabase(':memory:')

class Person(Model):
    name = CharField()
    class Meta:
        database = db

class Message(Model):
    sender = ForeignKeyField(Person, backref='sent')
    text = TextField()
    class Meta:
        database = db
";

fn assist(id: &str, models: &str) -> Assist {
    let runtime = crate::orm::by_id(id).unwrap();
    let analysis = analyze(orm::by_id(id).unwrap(), models);
    Assist::new(runtime, &World::new(&Models::of(&analysis), Box::new(Silent)))
}

/// The names offered at the `|`.
fn offered(assist: &Assist, script: &str) -> Vec<String> {
    let at = script.find('|').unwrap();
    let script = script.replace('|', "");
    let offered = assist.offer(&script, at as u32);
    let written = &script[offered.from as usize..at];
    offered
        .names
        .into_iter()
        .map(|offer| offer.name)
        .filter(|name| name.starts_with(written))
        .collect()
}

#[test]
fn managers_and_methods_are_offered() {
    let django = assist("django", DJANGO);
    assert_eq!(offered(&django, "Cour|"), ["Course"]);
    assert_eq!(offered(&django, "Course.|"), ["objects"]);
    assert_eq!(offered(&django, "Course.objects.fil|"), ["filter"]);
    assert_eq!(
        offered(&django, "x = Course.objects.filter(title='a').ord|\nprint(x)"),
        ["order_by"]
    );
    assert_eq!(
        offered(&assist("tortoise", TORTOISE), "await Task.get_or|"),
        ["get_or_create", "get_or_none"]
    );
    assert_eq!(offered(&assist("peewee", PEEWEE), "Message.select().whe|"), ["where"]);
    assert_eq!(offered(&assist("peewee", PEEWEE), "Message.select().where(Message.te|"), ["text"]);
}

#[test]
fn ways_are_offered_step_by_step() {
    let django = assist("django", DJANGO);
    assert_eq!(offered(&django, "Course.objects.filter(enr|"), ["enrollment="]);
    assert_eq!(offered(&django, "Course.objects.filter(enrollment__stu|"), ["student="]);
    assert_eq!(offered(&django, "Course.objects.filter(Q(enrollment__student__na|"), ["name="]);
    assert_eq!(offered(&django, "Course.objects.filter(title__ico|='x').first()"), ["icontains="]);
    // A day has no part that a text could be in.
    assert!(!offered(&django, "Student.objects.filter(born__|").contains(&"icontains=".to_owned()));
    assert!(offered(&django, "Student.objects.filter(born__|").contains(&"year=".to_owned()));
    assert_eq!(offered(&django, "Course.objects.order_by('-enrollment__gra|"), ["grade"]);
    // Only relations can be loaded.
    assert_eq!(offered(&django, "Enrollment.objects.select_related('|"), ["student", "course"]);
    assert_eq!(offered(&django, "Course.objects.annotate(n=Count('stu|"), ["students"]);
}

#[test]
fn instances_have_their_accessors() {
    let django = assist("django", DJANGO);
    assert_eq!(offered(&django, "c = Course.objects.get(id=1)\nc.enr|"), ["enrollment_set"]);
    assert_eq!(
        offered(
            &django,
            "c = Course.objects.first()\nfor e in c.enrollment_set.all():\n    e.student.na|"
        ),
        ["name"]
    );
    assert_eq!(offered(&django, "[s.cou| for s in Student.objects.all()]"), ["courses"]);
    assert_eq!(
        offered(&django, "c = Course.objects.first()\nc.students.a|"),
        ["add", "aggregate", "all", "annotate"]
    );
    let tortoise = assist("tortoise", TORTOISE);
    assert_eq!(offered(&tortoise, "for p in await Project.all():\n    p.ta|"), ["tasks"]);
}

#[test]
fn names_are_explained() {
    let django = assist("django", DJANGO);
    let explained = |script: &str| {
        let at = script.find('|').unwrap() as u32;
        django.explain(&script.replace('|', ""), at).map(|explained| explained.text)
    };
    assert_eq!(
        explained("Course.objects.filter(enroll|ment__grade='A')").unwrap(),
        "`Course.enrollment`: many Enrollment, the way back of `Enrollment.course`. As an attribute it is `enrollment_set`."
    );
    assert_eq!(
        explained("Course.objects.filter(enrollment__gra|de='A')").unwrap(),
        "`Enrollment.grade`: a field. Column `grade`."
    );
    assert_eq!(
        explained("Course.objects.fi|lter()").unwrap(),
        "`filter()`: The rows for which all conditions hold."
    );
    assert_eq!(explained("un|known"), None);
}

#[test]
fn ways_are_said_in_words() {
    let django = assist("django", DJANGO);
    let script = "Course.objects.filter(enrollment__student__name='Ada')";
    let walks = django.walks(script, Span::new(0, script.len() as u32));
    assert_eq!(walks.len(), 1);
    assert_eq!(
        walks[0].words,
        "Course → Enrollment → Student, by query name `enrollment`, then by `student`"
    );
    let edges: Vec<(&str, &str)> =
        walks[0].edges.iter().map(|edge| (&*edge.model, &*edge.field)).collect();
    assert_eq!(edges, [("Enrollment", "course"), ("Enrollment", "student")]);
    // A many-to-many through a model that is drawn goes along that model's relations.
    let script = "Student.objects.filter(courses__title='a')";
    let walks = django.walks(script, Span::new(0, script.len() as u32));
    assert_eq!(walks[0].words, "Student → Course, by query name `courses`");
    let edges: Vec<(&str, &str)> =
        walks[0].edges.iter().map(|edge| (&*edge.model, &*edge.field)).collect();
    assert_eq!(edges, [("Enrollment", "student"), ("Enrollment", "course")]);
}

#[test]
fn exceptions_are_explained() {
    let django = assist("django", DJANGO);
    let why = |class: &str, message: &str| {
        django.why(&[class.to_owned()], message).and_then(|why| why.hint)
    };
    let message = "Cannot resolve keyword 'enrollment_set' into field. Choices are: enrollment, id, students, title";
    assert_eq!(
        why("FieldError", message).unwrap(),
        "`enrollment_set` is the attribute; in lookups the relation is called `enrollment`."
    );
    let message =
        "Cannot resolve keyword 'titel' into field. Choices are: enrollment, id, students, title";
    assert_eq!(why("FieldError", message).unwrap(), "Did you mean `title`?");
    assert!(django.why(&["DoesNotExist".into(), "ObjectDoesNotExist".into()], "").is_some());
    assert_eq!(django.why(&["KeyError".into()], "'a'"), None);
}

#[test]
fn loops_are_mended() {
    let mended = |assist: &Assist, script: &str| {
        assist.mend(script, Span::new(0, script.len() as u32)).map(|mend| mend.script)
    };
    let django = assist("django", DJANGO);
    assert_eq!(
        mended(&django, "for e in Enrollment.objects.all():\n    print(e.student.name)").unwrap(),
        "for e in Enrollment.objects.select_related(\"student\"):\n    print(e.student.name)"
    );
    assert_eq!(
        mended(&django, "rows = Enrollment.objects.filter(grade='A')[:5]\n[(e.course.title, e.student.name) for e in rows]").unwrap(),
        "rows = Enrollment.objects.select_related(\"course\", \"student\").filter(grade='A')[:5]\n[(e.course.title, e.student.name) for e in rows]"
    );
    assert_eq!(
        mended(&django, "for c in Course.objects.order_by('title'):\n    list(c.students.all())")
            .unwrap(),
        "for c in Course.objects.prefetch_related(\"students\").order_by('title'):\n    list(c.students.all())"
    );
    assert_eq!(mended(&django, "for c in Course.objects.all():\n    print(c.title)"), None);
    assert_eq!(
        mended(
            &assist("tortoise", TORTOISE),
            "for t in await Task.all():\n    print((await t.project).title)"
        )
        .unwrap(),
        "for t in await Task.all().select_related(\"project\"):\n    print((await t.project).title)"
    );
    let peewee = assist("peewee", PEEWEE);
    assert_eq!(
        mended(&peewee, "for m in Message.select():\n    print(m.sender.name)").unwrap(),
        "for m in Message.select(Message, Person).join(Person, on=Message.sender):\n    print(m.sender.name)"
    );
    assert_eq!(
        mended(&peewee, "for p in Person.select().order_by(Person.name):\n    print(len(p.sent))")
            .unwrap(),
        "for p in prefetch(Person.select().order_by(Person.name), Message):\n    print(len(p.sent))"
    );
}

/// The models of [`DJANGO`] as other ORMs have them.
const IN_TORTOISE: &str = "
from tortoise import fields
from tortoise.models import Model

class Student(Model):
    name = fields.CharField(max_length=80)
    born = fields.DateField(null=True)

class Course(Model):
    title = fields.CharField(max_length=200)
    students = fields.ManyToManyField('models.Student', through='enrollment', related_name='courses')

class Enrollment(Model):
    student = fields.ForeignKeyField('models.Student', related_name='enrollments')
    course = fields.ForeignKeyField('models.Course', related_name='enrollments')
    grade = fields.CharField(max_length=2)
";

const IN_PEEWEE: &str = "
from peewee import *

class Student(Model):
    name = CharField()
    born = DateField(null=True)

class Course(Model):
    title = CharField()

class Enrollment(Model):
    student = ForeignKeyField(Student)
    course = ForeignKeyField(Course)
    grade = CharField()
";

#[test]
fn calls_are_said_in_other_orms() {
    let (django, tortoise, peewee) =
        (assist("django", DJANGO), assist("tortoise", IN_TORTOISE), assist("peewee", IN_PEEWEE));
    let said = |from: &Assist, to: &Assist, script: &str| {
        from.same(to, script, Span::new(0, script.len() as u32)).map(|same| same.code)
    };
    let script = "Course.objects.filter(enrollment__student__name='Ada').order_by('-title')[:5]";
    assert_eq!(
        said(&django, &tortoise, script).unwrap(),
        "await Course.filter(enrollments__student__name='Ada').order_by(\"-title\").limit(5)"
    );
    assert_eq!(
        said(&django, &peewee, script).unwrap(),
        "Course.select().join_from(Course, Enrollment, on=Enrollment.course).join_from(Enrollment, Student, on=Enrollment.student)\
         .where(Student.name == 'Ada').order_by(Course.title.desc()).limit(5)"
    );
    assert_eq!(
        said(&tortoise, &django, "await Student.all().count()").unwrap(),
        "Student.objects.count()"
    );
    assert_eq!(said(&django, &tortoise, "Student.objects.all()").unwrap(), "await Student.all()");
    assert_eq!(
        said(&django, &peewee, "s = Student.objects.first()").unwrap(),
        "Student.select().order_by(Student.id).first()"
    );
    assert_eq!(
        said(&django, &tortoise, "Student.objects.first()").unwrap(),
        "await Student.all().order_by(\"id\").first()"
    );
    assert_eq!(
        said(&django, &django, "Student.objects.get(name='A')").unwrap(),
        "Student.objects.get(name='A')"
    );
    assert_eq!(
        said(&tortoise, &django, "await Student.all().limit(3)").unwrap(),
        "Student.objects.all()[:3]"
    );
    assert_eq!(
        said(&tortoise, &django, "await Student.all().order_by('name')").unwrap(),
        "Student.objects.order_by(\"name\")"
    );
    // What is not known to come to the same is refused by name.
    let refused = |script: &str| said(&django, &tortoise, script).unwrap_err();
    assert!(refused("Student.objects.exclude(born=None)").contains("NULL"));
    assert!(refused("Student.objects.annotate(n=Count('courses'))").contains("annotate"));
    assert!(
        refused("Course.objects.filter(students__name='a').filter(students__name='b')")
            .contains("second")
    );
    assert!(refused("Student.objects.filter(name=input())").contains("input()"));
}

/// Every class of exceptions that a runtime brings has a reason, whatever its message; one that others derive from may leave it to them.
#[test]
fn exceptions_of_the_orms_are_explained() {
    for runtime in crate::orm::ALL {
        let analysis = analyze(orm::by_id(runtime.id()).unwrap(), "");
        let models = Models::of(&analysis);
        let now =
            chrono::NaiveDate::from_ymd_opt(2026, 1, 2).unwrap().and_hms_opt(3, 4, 5).unwrap();
        let machine = crate::Machine::new(crate::Limits::default(), now);
        let mut plain: Vec<std::rc::Rc<str>> = machine.modules.keys().cloned().collect();
        plain.push("".into());
        let script = crate::Script::new(*runtime, &models, "", Box::new(Silent), machine);
        let assist = assist(runtime.id(), "");
        let (mut seen, mut silent) = (0, Vec::new());
        let mut bases: Vec<std::rc::Rc<str>> = Vec::new();
        for (path, module) in &script.machine.modules {
            if plain.contains(path) {
                continue;
            }
            for value in module.names.borrow().values() {
                let crate::Value::Class(class) = value else { continue };
                if !class.derives_from("Exception") || &*class.module == "builtins" {
                    continue;
                }
                bases.extend(class.mro.iter().map(|base| base.name.clone()));
                let above = class.mro.iter().map(|base| base.name.to_string());
                let lineage: Vec<String> =
                    std::iter::once(class.name.to_string()).chain(above).collect();
                seen += 1;
                if assist.why(&lineage, "something else").is_none() {
                    silent.push(class.name.clone());
                }
            }
        }
        silent.retain(|class| !bases.contains(class));
        assert!(seen > 5, "{} brings exceptions", runtime.id());
        assert!(silent.is_empty(), "{}: {silent:#?}", runtime.id());
    }
}
