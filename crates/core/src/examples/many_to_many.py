from django.db import models


class Topping(models.Model):
    name = models.CharField(max_length=40, unique=True)
    vegetarian = models.BooleanField(default=True)

    def __str__(self):
        return self.name


class Pizza(models.Model):
    name = models.CharField(max_length=40, unique=True)
    price = models.DecimalField(max_digits=5, decimal_places=2)
    # Nobody wrote a model for the pairs: Django makes the table app_pizza_toppings.
    toppings = models.ManyToManyField(Topping, related_name="pizzas")

    def __str__(self):
        return self.name
