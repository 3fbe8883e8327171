# A model that points at itself. Ctrl+Enter runs all,
# Shift+Enter the statement at the caret.
boss = Employee.objects.filter(
    reports__isnull=False
).first()
boss.reports.all()

# Two steps up.
Employee.objects.filter(manager__manager=boss)

# Friends are symmetrical: one add, two rows.
a, b = Employee.objects.order_by("-id")[:2]
a.friends.clear()
b.friends.clear()
a.friends.add(b)
b.friends.all()

# Mentors are not.
a.mentors.add(b)
b.mentors.filter(id=a.id).exists()
b.trainees.all()
