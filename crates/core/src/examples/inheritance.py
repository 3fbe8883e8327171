from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120)

    def __str__(self):
        return self.name


# A child has a table of its own, with only its own fields. Its key points at the parent's row.
class Restaurant(Place):
    cuisine = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()


class Museum(Place):
    free_on_sundays = models.BooleanField(default=False)


class Visit(models.Model):
    visitor = models.CharField(max_length=80)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="visits")
    day = models.DateField()
    rating = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]
