from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class Article(models.Model):
    title = models.CharField(max_length=200)
    # Both relations want to be called article_set on Person. Name one of them.
    author = models.ForeignKey(Person, on_delete=models.CASCADE)
    reviewer = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    published = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.title
