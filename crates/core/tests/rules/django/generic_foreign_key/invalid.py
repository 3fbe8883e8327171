# expect: contenttypes.E001 app.Tag.item
# expect: contenttypes.E002 app.Tag.item
# expect: contenttypes.E003 app.Note.on
# expect: contenttypes.E004 app.Mark.on
# expect: contenttypes.E001 app.Child.item
# expect: contenttypes.E001 app.GrandChild.item
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Tag(models.Model):
    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    number = models.IntegerField()
    item = GenericForeignKey()


class Note(models.Model):
    number = models.IntegerField()
    on = GenericForeignKey("number", "number")


class Mark(models.Model):
    content_type = models.ForeignKey(User, on_delete=models.CASCADE)
    object_id = models.IntegerField()
    on = GenericForeignKey()


class Base(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    item = GenericForeignKey("content_type", "object")

    class Meta:
        abstract = True


class Child(Base):
    pass


class GrandChild(Child):
    pass
