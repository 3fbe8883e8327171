# A table for the parent and one for each child.
# Ctrl+Enter runs all, Shift+Enter the statement at the
# caret.
Restaurant.objects.filter(seats__gte=1).order_by("name")

# A restaurant is a place as well: creating one writes two
# rows with one key.
diner = Restaurant.objects.create(
    name="Blue Diner",
    address="1 Main Street",
    cuisine="pancakes",
    seats=24,
)
place = Place.objects.get(pk=diner.pk)
place.restaurant.cuisine

# A place need not be a museum.
try:
    place.museum
except Museum.DoesNotExist as error:
    print(error)

# Relations to the parent reach the child.
from datetime import date

diner.visits.create(
    visitor="Ada", day=date(2025, 5, 1), rating=4
)
Visit.objects.filter(
    place__restaurant__cuisine="pancakes"
).values("visitor", "rating")
