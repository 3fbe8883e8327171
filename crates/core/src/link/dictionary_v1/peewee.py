from peewee import *
from peewee import Model, SqliteDatabase, CharField, ForeignKeyField
import datetime

db = SqliteDatabase("app.db")
db = SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})

class BaseModel(Model):
    class Meta:
        database = db

class Tweet(BaseModel):
    id = AutoField()
    user = ForeignKeyField(User, backref="tweets")
    user = ForeignKeyField(User, backref="tweets", on_delete="CASCADE", null=True)
    parent = ForeignKeyField("self", backref="children", null=True)
    content = TextField()
    message = TextField(null=True)
    username = CharField(unique=True)
    name = CharField(max_length=100)
    timestamp = DateTimeField(default=datetime.datetime.now)
    created_date = DateTimeField(default=datetime.datetime.now)
    is_published = BooleanField(default=True)
    birthday = DateField()
    count = IntegerField(default=0)
    price = DecimalField(max_digits=10, decimal_places=2)
    latitude = FloatField()
    uid = UUIDField(primary_key=True)
    students = ManyToManyField(Student, backref="courses", through_model=Enrollment)
    favorite = DeferredForeignKey("Tweet", null=True)

    class Meta:
        table_name = "tweets"
        indexes = (
            (("user", "name"), True),
        )
        primary_key = CompositeKey("user", "tweet")
        order_by = ("name",)

StudentCourse = Course.students.get_through_model()
StudentCourseDeferred = DeferredThroughModel()
StudentCourseDeferred.set_model(StudentCourse)
db.connect()
db.create_tables([User, Tweet])
