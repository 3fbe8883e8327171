from django.db import models


class Role(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "app"


class Member(models.Model):
    name = models.CharField(max_length=40)
    roles = models.ManyToManyField(Role, related_name="members")

    class Meta:
        app_label = "app"


class Writer(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "app"


class Novel(models.Model):
    title = models.CharField(max_length=80)
    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="novels")

    class Meta:
        app_label = "app"


class Student(models.Model):
    name = models.CharField(max_length=80)


class Course(models.Model):
    title = models.CharField(max_length=80)
    students = models.ManyToManyField(Student, through="Enrollment", related_name="courses")


class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    begun = models.DateField(null=True)
    grade = models.CharField(max_length=2, default="")
