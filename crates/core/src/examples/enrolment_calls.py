# Many to many through a model of its own. Ctrl+Enter runs
# all, Shift+Enter the statement at the caret.
course = Course.objects.order_by("title").first()
course.students.all()

# A lookup goes through the pairs: from the course, over
# enrollment, to the student.
Course.objects.filter(
    enrollment__student=Student.objects.first()
)

# The grade belongs to the pair, so it is asked of the
# pair.
Enrollment.objects.filter(course=course).order_by(
    "student__name"
).values("student__name", "grade", "since")

# One statement for each enrollment: see the note, and
# what mends it.
for enrollment in Enrollment.objects.all():
    print(enrollment.student.name, enrollment.grade)

# A new pair needs a value for every field of its own that
# has no default.
from datetime import date

ada, is_new = Student.objects.get_or_create(
    email="ada@example.org",
    defaults={"name": "Ada Example"},
)
course.students.add(
    ada, through_defaults={"since": date(2025, 9, 1)}
)
ada.courses.count()
