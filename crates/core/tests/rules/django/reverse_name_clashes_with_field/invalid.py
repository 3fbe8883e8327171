# expect: fields.E302 app.Role.users
# expect: fields.E302 app.User.roles
# expect: fields.E302 app.Volume.shelf
# expect: fields.E303 app.Role.users
# expect: fields.E303 app.User.roles
# expect: fields.E303 app.Volume.shelf
from django.db import models


class Shelf(models.Model):
    volume = models.IntegerField()
    volume_set = models.IntegerField()


class Volume(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)


class User(models.Model):
    roles = models.ManyToManyField("Role", related_name="users")


class Role(models.Model):
    users = models.ManyToManyField(User, related_name="roles")
