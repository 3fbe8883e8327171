from django.db import models


class Box(models.Model):
    def label(self):
        return ""


class Item(models.Model):
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="items")
