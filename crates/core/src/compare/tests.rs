//! A comparison of the smallest project with every kind of relation.

use super::{Aspect, compare};
use crate::orm;

const SOURCE: &str = "from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=10)


class Author(models.Model):
    name = models.CharField(max_length=10)


class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    tags = models.ManyToManyField(Tag)
";

/// What each ORM has, in the order of `orm::ALL`.
fn values(model: &str, field: Option<&str>, aspect: Aspect) -> Vec<(&'static str, Option<String>)> {
    let django = orm::by_id("django").expect("Django is there");
    let comparison = compare(django, SOURCE, &crate::analyze(django, SOURCE));
    let found = comparison.differences.iter().find(|difference| {
        difference.model == model
            && difference.field.as_deref() == field
            && difference.aspect == aspect
    });
    let found = found.expect("they differ in this");
    assert!(found.values.iter().all(|value| value.why.ends_with('.')));
    found.values.iter().map(|value| (value.orm, value.text.clone())).collect()
}

fn of(values: &[(&'static str, Option<String>)], orm: &str) -> Option<String> {
    values.iter().find(|(id, _)| *id == orm).and_then(|(_, text)| text.clone())
}

#[test]
fn names_are_each_orms_own() {
    let tables = values("Book", None, Aspect::Table);
    assert_eq!(of(&tables, "django").as_deref(), Some("app_book"));
    assert_eq!(of(&tables, "tortoise").as_deref(), Some("book"));
    assert_eq!(of(&tables, "ormar").as_deref(), Some("books"));
    let accessors = values("Book", Some("author"), Aspect::Accessor);
    assert_eq!(of(&accessors, "django").as_deref(), Some("book_set"));
    assert_eq!(of(&accessors, "tortoise").as_deref(), Some("books"));
    let columns = values("Book", Some("author"), Aspect::Column);
    assert_eq!(of(&columns, "ormar").as_deref(), Some("author"));
    assert_eq!(of(&columns, "peewee").as_deref(), Some("author_id"));
}

#[test]
fn what_stands_between_differs() {
    let pairs = values("Book", Some("tags"), Aspect::UniquePair);
    assert_eq!(of(&pairs, "ormar").as_deref(), Some("no"));
    assert_eq!(of(&pairs, "peewee").as_deref(), Some("yes"));
    let classes = values("Book", Some("tags"), Aspect::ThroughClass);
    assert_eq!(of(&classes, "tortoise"), None);
    assert_eq!(of(&classes, "peewee").as_deref(), Some("BookTagThrough"));
}
