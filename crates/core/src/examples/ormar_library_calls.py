# A library in ormar. Ctrl+Enter runs all, Shift+Enter the
# statement at the caret.
book = await Book.objects.order_by("title").first()

# A relation is empty until it is loaded.
book.shelves
await book.shelves.all()

# select_related() joins, prefetch_related() asks again:
# both fill the relation.
books = (
    await Book.objects.select_related("shelves")
    .order_by("title")
    .all()
)
[
    (each.title, [shelf.label for shelf in each.shelves])
    for each in books
]

# Filters go through relations by their names.
await Book.objects.filter(
    shelves__placing__position=1
).all()

# A new pair, with a value in the through model.
shelf, is_new = await Shelf.objects.get_or_create(
    label="New arrivals"
)
await book.shelves.add(shelf, position=3)
await book.shelves.filter(label="New arrivals").count()

# The way back of the loans has no name of its own:
# book.loans.
await book.loans.create(borrower="Ada")
await Loan.objects.filter(book__title=book.title).values(
    ["borrower"]
)
