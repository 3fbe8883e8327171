from django.db import models


class Student(models.Model):
    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    born = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.name


class Course(models.Model):
    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    credits = models.SmallIntegerField(default=6)
    students = models.ManyToManyField(
        Student,
        through="Enrollment",
        related_name="courses",
    )

    def __str__(self):
        return self.title


class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    grade = models.CharField(max_length=2, blank=True)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "course"],
                name="unique_enrollment",
            ),
        ]
