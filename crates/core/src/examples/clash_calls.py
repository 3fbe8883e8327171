# Django refuses these models until the clash is mended:
# press the fix, then run this.
person = Person.objects.order_by("name").first()
Article.objects.filter(author=person)

# Each of the two relations has its own way.
Article.objects.exclude(reviewer=None).values(
    "title", "author__name", "reviewer__name"
)
