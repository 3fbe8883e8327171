//! The models of Django's own apps that projects point at: `auth.User`, `contenttypes.ContentType`, … They are not in the
//! user's file, but they exist in the database of a project as `startproject` makes it, and relations to them are followed.
//!
//! Source: `django/contrib/auth/models.py` and `django/contrib/contenttypes/models.py` of 5.2: facts only.

use std::sync::LazyLock;

use crate::document::{Document, Field, ModelKind, Project};

/// Where `settings.AUTH_USER_MODEL` points by default.
pub(super) const USER: &str = "django.contrib.auth.models.User";

/// The setting that names the model of users.
pub(super) const USER_SETTING: &str = "django.conf.settings.AUTH_USER_MODEL";

const SOURCE: &str = r#"
from django.db import models

class ContentType(models.Model):
    app_label = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    class Meta:
        app_label = "contenttypes"
        db_table = "django_content_type"
        unique_together = [["app_label", "model"]]

class Permission(models.Model):
    name = models.CharField(max_length=255)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    codename = models.CharField(max_length=100)
    class Meta:
        app_label = "auth"
        unique_together = [["content_type", "codename"]]

class Group(models.Model):
    name = models.CharField(max_length=150, unique=True)
    permissions = models.ManyToManyField(Permission, blank=True)
    objects = models.Manager()
    class Meta:
        app_label = "auth"

class AbstractBaseSession(models.Model):
    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    class Meta:
        abstract = True

class AbstractBaseUser(models.Model):
    password = models.CharField(max_length=128)
    last_login = models.DateTimeField(blank=True, null=True)
    is_active = True
    class Meta:
        abstract = True

class PermissionsMixin(models.Model):
    is_superuser = models.BooleanField(default=False)
    groups = models.ManyToManyField("auth.Group", blank=True, related_name="user_set", related_query_name="user")
    user_permissions = models.ManyToManyField("auth.Permission", blank=True, related_name="user_set", related_query_name="user")
    class Meta:
        abstract = True

class AbstractUser(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(max_length=150, unique=True)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    objects = models.Manager()
    class Meta:
        abstract = True

class User(AbstractUser):
    class Meta(AbstractUser.Meta):
        app_label = "auth"
        swappable = "AUTH_USER_MODEL"
"#;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| super::read::read(SOURCE));

/// The models, as if they stood in a file.
pub(super) fn document() -> &'static Document {
    &DOCUMENT
}

/// A field that one of the abstract models lends to the models of a project.
pub(super) fn lent(file: &Document, name: &str) -> Option<&'static Field> {
    if !file.imports.iter().any(|import| import.path.starts_with("django.contrib.")) {
        return None;
    }
    let abstracts = document().models.iter().filter(|model| model.kind == ModelKind::Abstract);
    abstracts.flat_map(|model| &model.fields).find(|field| field.name.text == name)
}

/// Whether a file imports from Django's own apps or names one of their models.
pub(super) fn is_reached(document: &Document) -> bool {
    if document.project == Project::Bare {
        return false;
    }
    let targets =
        document.models.iter().flat_map(|model| &model.fields).filter_map(|field| field.relation());
    document.imports.iter().any(|import| import.path.starts_with("django.contrib."))
        || targets.filter_map(|relation| relation.target.as_ref()).any(|target| {
            target.text.starts_with("auth.")
                || target.text.ends_with("AUTH_USER_MODEL")
                || target.path.is_some()
        })
}

/// The class's name in [`document`] for a dotted path: `User` for `django.contrib.auth.models.User`.
pub(super) fn model_at(path: &str) -> Option<&str> {
    if path == USER_SETTING {
        return Some("User");
    }
    let rest = path.strip_prefix("django.contrib.")?;
    let (app, name) = rest.split_once('.')?;
    let name = name.rsplit('.').next()?;
    let known = match name {
        "User" | "Group" | "Permission" | "AbstractUser" | "PermissionsMixin"
        | "AbstractBaseUser" => app == "auth",
        "ContentType" => app == "contenttypes",
        "AbstractBaseSession" => app == "sessions",
        _ => false,
    };
    known.then_some(name)
}
