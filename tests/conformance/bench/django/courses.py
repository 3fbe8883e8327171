def story():
    students = [Student.objects.create(name=f"student {number}") for number in range(6)]
    courses = [Course.objects.create(title=f"course {number}") for number in range(3)]
    for place, student in enumerate(students):
        course = courses[place % 3]
        Enrollment.objects.create(student=student, course=course, begun="2025-06-11")
        Enrollment.objects.update_or_create(student=student, course=courses[0], defaults={"grade": "A"})
    for course in courses:
        [student.name for student in course.students.all()]
        course.students.count()
        course.enrollment_set.filter(grade="A").exists()
    for student in students:
        [course.title for course in student.courses.order_by("title")]
        Course.objects.filter(enrollment__student=student).count()
    list(Enrollment.objects.select_related("student", "course").order_by("id"))
    for course in Course.objects.prefetch_related("students"):
        len(course.students.all())
    Enrollment.objects.filter(course__title="course 1").update(grade="B")
    courses[2].students.add(students[0], through_defaults={"grade": "C"})
    courses[2].students.remove(students[0])
    courses[1].students.clear()
    Student.objects.filter(courses=None).count()
    Enrollment.objects.all().delete()
    Course.objects.all().delete()
    Student.objects.all().delete()
