# expect: fields.E347 app.Ticket.seat
from django.db import models


class Seat(models.Model):
    pk = models.CompositePrimaryKey("row", "number")
    row = models.IntegerField()
    number = models.IntegerField()


class Ticket(models.Model):
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE)
