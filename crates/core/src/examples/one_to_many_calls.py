# One to many. Ctrl+Enter runs all, Shift+Enter the
# statement at the caret.
author = Author.objects.order_by("name").first()

# The way back has no name of its own, so Django calls it
# book_set ...
author.book_set.all()

# ... but in lookups it is the model's name, without
# "_set".
Author.objects.filter(book__pages__gt=200).distinct()

# How many books each author has: one statement.
from django.db.models import Count

Author.objects.annotate(books=Count("book")).order_by(
    "-books", "name"
).values("name", "books")

# One statement for each book: see the note, and what
# mends it.
for book in Book.objects.all():
    print(book.title, "by", book.author.name)

# The other side adds to the relation, too.
from datetime import date

author.book_set.create(
    title="A New Book", published=date(2025, 3, 1)
)
author.book_set.count()
