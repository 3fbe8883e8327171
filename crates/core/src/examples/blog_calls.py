# A blog. Ctrl+Enter runs all, Shift+Enter the statement
# at the caret.
from django.db.models import Count, Q

Post.objects.filter(
    Q(status="published")
    | Q(author__username__startswith="a")
).values("title", "status")

# Through two relations, and back by another.
User.objects.filter(
    posts__tags__isnull=False, comments__approved=True
).distinct()

# Two statements for each post: see the note, and what
# mends it.
for post in Post.objects.all():
    print(
        post.author.username,
        [tag.name for tag in post.tags.all()],
    )

# With it: two statements, however many posts there are.
for post in Post.objects.select_related(
    "author"
).prefetch_related("tags"):
    print(
        post.author.username,
        [tag.name for tag in post.tags.all()],
    )

Tag.objects.annotate(used=Count("posts")).order_by(
    "-used", "name"
).values_list("name", "used")

# PROTECT keeps a category that has children.
parent = Category.objects.first()
Category.objects.get_or_create(
    slug="child",
    defaults={"name": "Child", "parent": parent},
)
parent.delete()
