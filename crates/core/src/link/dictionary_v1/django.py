import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, User
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CASCADE, SET_NULL, Q, F, CharField, ForeignKey, ManyToManyField, Model, TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

User = get_user_model()


class TimeStampedModel(models.Model):
    """Abstract base with timestamps."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    modified = models.DateTimeField(auto_now=True)
    date_created = models.DateTimeField(auto_now_add=True, db_index=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", _("Published")
    ACTIVE = "active", "Active"
    PENDING = "pending", "Pending"
    CANCELLED = "cancelled", "Cancelled"

class Priority(models.IntegerChoices):
    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"

STATUS_CHOICES = [
    ("draft", "Draft"),
    ("open", "Open"),
    ("closed", "Closed"),
]


class ArticleManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(is_active=True)

    def get_absolute_url(self):
        return reverse("article-detail", kwargs={"pk": self.pk})

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}"


class Profile(TimeStampedModel):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    id = models.BigAutoField(primary_key=True)
    id = models.AutoField(primary_key=True)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="owned_%(class)s")
    bio = models.TextField(blank=True)
    bio = models.TextField(null=True, blank=True)
    avatar = models.ImageField(upload_to="avatars/", null=True, blank=True)
    photo = models.ImageField(upload_to="photos/%Y/%m/%d/")
    file = models.FileField(upload_to="files/")
    website = models.URLField(blank=True)
    website = models.URLField(max_length=200, null=True, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_number = models.CharField(max_length=15, null=True, blank=True)
    address = models.CharField(max_length=255, null=True)
    address = models.TextField()
    street = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=50, choices=STATUS_CHOICES, default="draft")
    country = models.CharField(max_length=100, blank=True, default="")
    zip_code = models.CharField(max_length=10)
    postal_code = models.CharField(max_length=20)
    gender = models.CharField(max_length=1, choices=GENDER_CHOICES)
    ip = models.GenericIPAddressField(null=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    content_object = GenericForeignKey("content_type", "object_id")

    class Meta:
        db_table = "profile"
        managed = False
        app_label = "blog"
        get_latest_by = "created_at"
        default_related_name = "%(app_label)s_%(class)s"


class Employee(models.Model):
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=50, null=True)
    last_name = models.CharField(max_length=50, null=True)
    email = models.EmailField(unique=True)
    email = models.EmailField(max_length=254, null=True)
    email = models.CharField(max_length=255, null=True)
    username = models.CharField(max_length=150, unique=True)
    password = models.CharField(max_length=128)
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    friends = models.ManyToManyField("self", symmetrical=False, related_name="followers", through="Friendship")
    department = models.ForeignKey("Department", on_delete=models.PROTECT, related_name="employees")
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, db_column="company_id")
    salary = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE)
    hire_date = models.DateField(auto_now_add=True)
    position = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    age = models.PositiveIntegerField(null=True)


class Customer(models.Model):
    name = models.CharField(max_length=255)
    name = models.CharField(max_length=255, null=True)
    phone = models.CharField(max_length=20)


class Category(models.Model):
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True)
    slug = models.SlugField(max_length=100, unique_for_date="publish")
    description = models.TextField(blank=True)
    description = models.TextField(null=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Product(models.Model):
    name = models.CharField(max_length=200, db_index=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="products")
    category = models.ForeignKey(Category, related_name="products", on_delete=models.CASCADE)
    supplier = models.ForeignKey(Supplier, on_delete=models.SET_NULL, null=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    stock = models.PositiveIntegerField(default=0)
    quantity = models.IntegerField(default=1, validators=[MinValueValidator(0)])
    quantity = models.PositiveIntegerField(default=1)
    sku = models.CharField(max_length=50, unique=True)
    weight = models.FloatField(null=True)
    image = models.URLField(null=True)
    available = models.BooleanField(default=True)
    attributes = models.JSONField(default=dict, blank=True)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    products = models.ManyToManyField(Product, through="OrderItem", through_fields=("order", "product"))
    order_date = models.DateTimeField(auto_now_add=True)
    date = models.DateField()
    total = models.DecimalField(max_digits=10, decimal_places=2)
    total_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    paid = models.BooleanField(default=False)
    shipped_at = models.DateTimeField(null=True)


class OrderItem(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_items")
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    discount = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("0.00"))

    class Meta:
        unique_together = ("order", "product")
        unique_together = [["order", "product"]]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="unique_order_product"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="quantity_positive"),
        ]
        indexes = [
            models.Index(fields=["order", "-created_at"]),
        ]


class Payment(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="payments")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    method = models.CharField(max_length=20)
    type = models.CharField(max_length=20)
    balance = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="EUR")
    number = models.CharField(max_length=20, unique=True)
    transaction = models.BigIntegerField(null=True)
    duration = models.DurationField(null=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    start_time = models.TimeField()
    end_time = models.TimeField(null=True)
    due_date = models.DateTimeField(null=True)


class Room(models.Model):
    number = models.PositiveSmallIntegerField()
    building = models.ForeignKey(Building, on_delete=models.CASCADE)
    capacity = models.IntegerField()
    location = models.CharField(max_length=255, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    year = models.IntegerField(null=True)
    score = models.SmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    level = models.IntegerField(default=1)


class Reservation(models.Model):
    guest = models.ForeignKey(Guest, models.CASCADE)
    room = models.ForeignKey(Room, on_delete=models.RESTRICT, related_name="+")
    check_in = models.DateField()
    check_out = models.DateField()


class Publisher(models.Model):
    name = models.CharField(max_length=300)


class Author(models.Model):
    name = models.CharField(max_length=100)
    name = models.CharField(max_length=200, verbose_name="name", help_text="The name.")
    born = models.DateField(null=True, blank=True)
    biography = models.TextField(blank=True, default="")

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    authors = models.ManyToManyField(Author, related_name="books")
    editor = models.ForeignKey("Author", on_delete=models.SET_NULL, null=True, related_name="edited_books", related_query_name="edited")
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, to_field="code", db_constraint=False)
    genres = models.ManyToManyField("Genre", blank=True, db_table="book_genre")
    isbn = models.CharField(max_length=13, unique=True)
    pages = models.IntegerField(null=True)
    language = models.CharField(max_length=10)
    published = models.DateField(null=True)
    publication_date = models.DateField(null=True, blank=True)
    copies = models.IntegerField(default=1)

    class Meta:
        ordering = ["-published", "title"]

    def __str__(self):
        return self.title


class Post(models.Model):
    title = models.CharField(max_length=255)
    title = models.CharField(max_length=255, null=True)
    slug = models.SlugField(max_length=200, unique=True)
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts")
    body = models.TextField()
    text = models.TextField()
    content = models.TextField()
    summary = models.CharField(max_length=300, blank=True)
    tags = models.ManyToManyField("Tag", related_name="posts", blank=True)
    tags = models.ManyToManyField(Tag, blank=True, through="PostTag", related_name="posts")
    likes = models.ManyToManyField(User, related_name="liked_posts")
    is_published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    pub_date = models.DateTimeField("date published")
    publish = models.DateTimeField(default=timezone.now)
    views = models.PositiveIntegerField(default=0)
    votes = models.IntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]


class Comment(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    content = models.CharField(max_length=255, null=True)
    message = models.TextField()
    approved = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.user} on {self.post}"


class Tag(models.Model):
    name = models.CharField(max_length=50, unique=True)


class Question(models.Model):
    question_text = models.CharField(max_length=200)
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    choice_text = models.CharField(max_length=200)


class Group(models.Model):
    members = models.ManyToManyField(Person, through="Membership", related_name="groups")
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    date_joined = models.DateField()
    invite_reason = models.CharField(max_length=64)


class Project(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="tasks")
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    budget = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    priority = models.IntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    completed = models.BooleanField(default=False)


class Place(models.Model):
    name = models.CharField(max_length=50)
    name = models.CharField(max_length=30)


class Restaurant(Place):
    place = models.OneToOneField(Place, on_delete=models.CASCADE, parent_link=True)
    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True)
    serves_pizza = models.BooleanField(default=False)


class Teacher(models.Model):
    subject = models.CharField(max_length=100)
    teacher = models.ForeignKey(Teacher, on_delete=models.SET_NULL, null=True, related_name="courses")


class Student(models.Model):
    name = models.CharField(max_length=80)
    student_number = models.CharField(max_length=10, unique=True)
    enrollment_date = models.DateField(null=True)


class Course(models.Model):
    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    credits = models.SmallIntegerField(default=6)
    students = models.ManyToManyField(Student, through="Enrollment", related_name="courses")
    instructor = models.ForeignKey(Instructor, on_delete=models.SET_NULL, null=True)


class Enrollment(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    semester = models.CharField(max_length=20)
    grade = models.CharField(max_length=2, blank=True)
    grade = models.CharField(max_length=2, null=True, blank=True)
    since = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "course"], name="unique_enrollment"),
        ]
