# Many to many. Ctrl+Enter runs all, Shift+Enter the
# statement at the caret.
pizza = Pizza.objects.order_by("name").first()
pizza.toppings.all()

# From the other side it has the name that related_name
# gives.
topping = Topping.objects.order_by("name").first()
topping.pizzas.all()

# Two conditions in one filter() are about the same
# topping, in two they need not be.
Pizza.objects.filter(
    toppings__name=topping.name, toppings__vegetarian=False
)
Pizza.objects.filter(toppings__name=topping.name).filter(
    toppings__vegetarian=False
)

# Adding what is there already changes nothing.
pizza.toppings.add(topping)
pizza.toppings.add(topping)
pizza.toppings.count()

# set() adds what is missing and removes what is too much.
pizza.toppings.set(Topping.objects.filter(vegetarian=True))
[each.name for each in pizza.toppings.all()]
