# A shop. Ctrl+Enter runs all, Shift+Enter the statement
# at the caret.
from django.db.models import F, Sum

order = Order.objects.order_by("id").first()
order.items.select_related("product").values(
    "product__name", "quantity", "unit_price"
)

# What an order costs, in one statement.
Order.objects.annotate(
    total=Sum(F("items__quantity") * F("items__unit_price"))
).values("id", "status", "total")

# Customers who bought a product: the lookup walks four
# tables.
Customer.objects.filter(
    orders__items__product__stock__gt=0
).distinct()

# update() computes in the database, and knows nothing of
# save().
Product.objects.update(stock=F("stock") + 1)

# A one-to-one that is not there.
hasattr(order, "invoice")

# PROTECT keeps a customer who has orders.
order.customer.delete()
