from typing import List, Optional

import ormar
import sqlalchemy

base = ormar.OrmarConfig(
    database=ormar.DatabaseConnection("sqlite+aiosqlite:///bench.sqlite"),
    metadata=sqlalchemy.MetaData(),
)


class Role(ormar.Model):
    ormar_config = base.copy(tablename="roles")

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=40)


class Member(ormar.Model):
    ormar_config = base.copy(tablename="members")

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=40)
    roles: Optional[List[Role]] = ormar.ManyToMany(Role, related_name="members")


class Writer(ormar.Model):
    ormar_config = base.copy(tablename="writers")

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=40)


class Novel(ormar.Model):
    ormar_config = base.copy(tablename="novels")

    id: int = ormar.Integer(primary_key=True)
    title: str = ormar.String(max_length=80)
    writer: Optional[Writer] = ormar.ForeignKey(Writer, related_name="novels")


class PostTag(ormar.Model):
    ormar_config = base.copy(tablename="posts_x_tags")

    id: int = ormar.Integer(primary_key=True)
    place: int = ormar.Integer(nullable=True)


class Tag(ormar.Model):
    ormar_config = base.copy(tablename="tags")

    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=40)


class Post(ormar.Model):
    ormar_config = base.copy(tablename="posts")

    id: int = ormar.Integer(primary_key=True)
    title: str = ormar.String(max_length=80)
    tags: Optional[List[Tag]] = ormar.ManyToMany(Tag, through=PostTag)
    writer: Optional[Writer] = ormar.ForeignKey(Writer, related_name="posts")
