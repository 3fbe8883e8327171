from django.db import models


class Seat(models.Model):
    pk = models.CompositePrimaryKey("row", "number")
    row = models.ForeignKey("Row", on_delete=models.CASCADE)
    number = models.IntegerField()


class Row(models.Model):
    pass
