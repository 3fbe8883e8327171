# expect: advice app.Item.box
# expect: advice app.Item.new
# expect: advice app.Item.old
from django.db import models


class Box(models.Model):
    def label(self):
        return ""


class Item(models.Model):
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="objects")
    old = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="label")
    new = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="delete")
