from django.db import models


class Employee(models.Model):
    name = models.CharField(max_length=80)
    job = models.CharField(max_length=60)
    # One manager has many reports; nobody is above the first.
    manager = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    # If Ada is a friend of Bela, then Bela is a friend of Ada: two rows, no reverse name.
    friends = models.ManyToManyField("self", blank=True)
    # Mentoring has a direction.
    mentors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="trainees",
    )

    def __str__(self):
        return self.name
