# Teams in Tortoise. Ctrl+Enter runs all, Shift+Enter the
# statement at the caret.
project = await Project.all().order_by("title").first()

# The key is there at once, the row is fetched.
project.lead_id
lead = await project.lead
lead.name

# A relation to many is fetched, too, and can be asked
# like a query.
await project.fetch_related("members")
[member.name for member in project.members]
await project.tasks.filter(done=False).count()

# A lookup walks from the member over tasks to the
# project.
await Member.filter(
    tasks__project=project
).distinct().values("name", "email")

# One statement for each task: see the note.
for task in await Task.all():
    owner = await task.project
    print(task.title, owner.title)

# With prefetch_related two statements do.
for task in await Task.all().prefetch_related("project"):
    print(task.title, task.project.title)

await project.members.add(lead)
await project.members.all().count()
