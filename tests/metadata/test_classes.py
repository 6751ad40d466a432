"""Mapped classes: models, fields, relationships, inheritance, and where each stands in the source."""

from pathlib import Path
from typing import Any

import pytest

from schemasync.errors import ModelImportError
from schemasync.schema.model import Location, Relationship

SHOP = """\
from sqlalchemy import *
from sqlalchemy.orm import *

class Base(DeclarativeBase):
    pass

class Stamped:
    made: Mapped[int]

    @declared_attr
    def editor_id(cls):
        return mapped_column(ForeignKey("people.id"))

class Keyed(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)

tagged = Table(
    "tagged",
    Base.metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)

class Person(Keyed):
    __tablename__ = "people"
    name: Mapped[str] = mapped_column("full_name")
    orders: Mapped[list["Order"]] = relationship(back_populates="buyer", foreign_keys="Order.buyer_id")
    card: Mapped["Card"] = relationship(back_populates="holder")

class Card(Keyed):
    __tablename__ = "cards"
    holder_id = mapped_column(ForeignKey("people.id"), unique=True)
    holder: Mapped[Person] = relationship(back_populates="card")

class Order(Stamped, Keyed):
    __tablename__ = "orders"
    buyer_id = mapped_column(ForeignKey("people.id"))
    buyer: Mapped[Person] = relationship(back_populates="orders", foreign_keys=[buyer_id])
    editor = relationship(Person, foreign_keys="Order.editor_id")
    tags = relationship("Tag", secondary=tagged, backref="orders")
    same_buyers = relationship(
        "Order", primaryjoin=foreign(buyer_id) == remote(buyer_id), viewonly=True, uselist=True
    )
    __table_args__ = (
        UniqueConstraint("buyer_id", "made", name="orders_once"),
        Index(None, "made", "id"),
    )

class Tag(Keyed):
    __tablename__ = "tags"
    parent_id = mapped_column(ForeignKey("tags.id"))
    parent = relationship("Tag", remote_side="Tag.id", back_populates="children")
    children = relationship("Tag", back_populates="parent")
"""


def test_relationships_are_seen_from_their_table(read: Any) -> None:
    schema = read("", preamble=SHOP)
    found = {(table.name, item.name): item for table in schema.tables for item in table.relationships}
    assert found == {
        ("people", "orders"): Relationship(
            "orders", "one-to-many", "public", "orders", ("buyer_id",), False, None, "buyer"
        ),
        ("people", "card"): Relationship(
            "card", "one-to-one", "public", "cards", ("holder_id",), False, None, "holder"
        ),
        ("cards", "holder"): Relationship(
            "holder", "one-to-one", "public", "people", ("holder_id",), True, None, "card"
        ),
        ("orders", "buyer"): Relationship(
            "buyer", "many-to-one", "public", "people", ("buyer_id",), True, None, "orders"
        ),
        ("orders", "editor"): Relationship("editor", "many-to-one", "public", "people", ("editor_id",), True),
        ("orders", "tags"): Relationship(
            "tags", "many-to-many", "public", "tags", ("tag_id",), False, "tagged", "orders"
        ),
        ("tags", "orders"): Relationship(
            "orders", "many-to-many", "public", "orders", ("order_id",), False, "tagged", "tags"
        ),
        ("orders", "same_buyers"): found["orders", "same_buyers"],
        ("tags", "parent"): Relationship(
            "parent", "many-to-one", "public", "tags", ("parent_id",), True, None, "children"
        ),
        ("tags", "children"): Relationship(
            "children", "one-to-many", "public", "tags", ("parent_id",), False, None, "parent"
        ),
    }
    assert found["orders", "same_buyers"].target_table == "orders"


def _line_of(text: str) -> int:
    return next(number for number, line in enumerate(SHOP.splitlines(), 1) if text in line)


def test_everything_has_its_place_in_the_source(read: Any) -> None:
    schema = read("", preamble=SHOP)
    orders, people, tagged, tags = (schema.table(name) for name in ("orders", "people", "tagged", "tags"))
    places = {
        "class Order(": orders.location,
        "buyer_id = mapped": orders.column("buyer_id").location,
        "made: Mapped": orders.column("made").location,
        "def editor_id": orders.column("editor_id").location,
        "id: Mapped[int]": orders.column("id").location,
        'name: Mapped[str] = mapped_column("full_name")': people.column("full_name").location,
        "tagged = Table(": tagged.location,
        'Column("tag_id"': tagged.column("tag_id").location,
        "buyer: Mapped[Person]": next(item for item in orders.relationships if item.name == "buyer").location,
        'backref="orders"': next(item for item in tags.relationships if item.name == "orders").location,
        "orders_once": orders.uniques[0].location,
        "__table_args__": orders.indexes[0].location,
    }
    assert {text: place.line for text, place in places.items()} == {text: _line_of(text) for text in places}
    assert {place.path for place in places.values()} == {f"{schema.source}.py"}
    assert orders.column("buyer_id").location.column == 5
    assert tagged.location.column == 10
    assert (orders.model, tagged.model) == ("Order", None)


INHERITANCE = """
    class Person(Base):
        __tablename__ = "people"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        friend_id = mapped_column(ForeignKey("people.id"))
        friend = relationship("Person", remote_side="Person.id")
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}

    class Guest(Person):
        room: Mapped[int | None]
        __mapper_args__ = {"polymorphic_identity": "guest"}

    class Worker(Person):
        __tablename__ = "workers"
        id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
        boss_id = mapped_column(ForeignKey("workers.id"))
        boss: Mapped["Worker"] = relationship(remote_side=[id], foreign_keys=[boss_id])
        __mapper_args__ = {"polymorphic_identity": "worker", "inherit_condition": id == Person.id}
"""


def test_single_and_joined_inheritance(read: Any) -> None:
    schema = read(INHERITANCE)
    people, workers = schema.table("people"), schema.table("workers")
    assert (people.model, workers.model) == ("Person", "Worker")
    assert [(column.name, column.field, column.python_type) for column in people.columns] == [
        ("id", "id", "int"),
        ("kind", "kind", "str"),
        ("friend_id", "friend_id", None),
        ("room", "room", "int"),
    ]
    assert people.column("room").location.line == people.column("id").location.line + 7
    assert [item.name for item in workers.relationships] == ["boss"]
    assert [item.name for item in people.relationships] == ["friend"]
    assert [column.name for column in workers.columns] == ["id", "boss_id"]


def test_imperative_mappings_and_several_registries_on_one_metadata(read: Any) -> None:
    source = """
        metadata = MetaData()
        first, second = registry(metadata=metadata), registry(metadata=metadata)
        class A: pass
        class B: pass
        first.map_imperatively(A, Table("a", metadata, Column("id", Integer, primary_key=True), Column("n", Integer)),
                               properties={"number": column_property(metadata.tables["a"].c.n)})
        @second.mapped
        class C:
            __tablename__ = "c"
            id = Column(Integer, primary_key=True)
            a_id = Column(ForeignKey("a.id"))
            a = relationship(A)
        second.map_imperatively(B, Table("b", metadata, Column("id", Integer, primary_key=True)))
    """
    schema = read(source, attribute="metadata")
    assert [(table.name, table.model) for table in schema.tables] == [("a", "A"), ("b", "B"), ("c", "C")]
    assert schema.table("a").column("n").field == "number"
    assert schema.table("a").column("n").location.line == 12
    assert schema.table("c").relationships[0].target_table == "a"


@pytest.mark.parametrize("holder", ["metadata = MetaData()", "class Base(DeclarativeBase): metadata = MetaData()"])
def test_a_table_of_the_same_name_in_another_metadata_is_not_its_place(load: Any, holder: str) -> None:
    imports = "from sqlalchemy import *\nfrom sqlalchemy.orm import DeclarativeBase\n"
    other = f"{imports}OLD = Table('a', MetaData(), Column('id', Integer))\n"
    name = "Base.metadata" if "Base" in holder else "metadata"
    models = f"{imports}from app import elder, younger\n{holder}\nTable('a', {name}, Column('id', Integer))\n"
    schema = load({"app/elder.py": other, "app/models.py": models, "app/younger.py": other}, f"app.models:{name}")
    assert schema.table("a").location == Location("app/models.py", 5, 1)


def test_a_name_in_a_docstring_or_a_comment_is_no_place(read: Any) -> None:
    schema = read("""
        class A(Base):
            '''Has the unique "a_once".'''
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)  # not "a_once"
            __table_args__ = (UniqueConstraint("id", name='a_once'),)
        Table("b", Base.metadata, Column("id", Integer), *[Column("n", Integer)],  # "b_once"
              UniqueConstraint("id", "n", name="b_once"))
    """)
    lines = {table.name: table.location.line for table in schema.tables}
    places = {table.name: (table.uniques[0].location.line, table.uniques[0].location.column) for table in schema.tables}
    assert places == {"a": (lines["a"] + 4, 51), "b": (lines["b"] + 1, 40)}
    assert schema.table("b").column("n").location.column == 52


FLASK = """\
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()

class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), nullable=False, unique=True)

class Elsewhere(db.Model):
    __bind_key__ = "other"
    id = db.Column(db.Integer, primary_key=True)

marks = db.Table("marks", db.Column("user_id", db.ForeignKey("user.id")))

def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://nobody:secret@nowhere/none"
    db.init_app(app)
    return app
"""


@pytest.mark.parametrize("attribute", ["db", "db.Model", "db.metadata"])
def test_flask_sqlalchemy_without_calling_the_factory(read: Any, attribute: str) -> None:
    schema = read("", attribute=attribute, preamble=FLASK)
    assert [(table.name, table.model) for table in schema.tables] == [("marks", None), ("user", "User")]
    email = schema.table("user").column("email")
    assert (email.field, email.python_type, email.location.line) == ("email", None, 7)
    assert schema.table("marks").column("user_id").location.line == 13
    notes = ("The tables of the bind other are not read (1): they are in another database.",)
    assert schema.notes == (notes if attribute == "db" else ())


def test_core_tables_alone_are_silent_on_classes(read: Any) -> None:
    schema = read("metadata = MetaData()\nTable('a', metadata, Column('id', Integer))", attribute="metadata")
    assert {"relationship", "python-type"} <= schema.silent
    assert not {"relationship", "python-type"} & read(INHERITANCE).silent


def test_tables_are_in_order_and_in_the_default_schema(read: Any) -> None:
    source = "metadata = MetaData()\n" + "".join(
        f"Table({name!r}, metadata, Column('id', Integer), schema={schema!r})\n"
        for name, schema in [("z", None), ("b", "z"), ("c", "a"), ("a", None)]
    )
    keys = [table.key for table in read(source, attribute="metadata", default_schema="m").tables]
    assert keys == [("a", "c"), ("m", "a"), ("m", "z"), ("z", "b")]


def test_mappers_that_cannot_be_configured_are_the_users_error(read: Any, tmp_path: Path) -> None:
    source = """
        class A(Base):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)
            lost = relationship("Nowhere")
    """
    with pytest.raises(ModelImportError) as caught:
        read(source)
    assert caught.value.message.partition(".py")[2] == (
        ":8: InvalidRequestError: When initializing mapper Mapper[A(a)], expression 'Nowhere' failed to locate a name "
        "('Nowhere'). If this is a class name, consider adding this relationship() to the <class "
        f"'{caught.value.message.partition('.py')[0]}.A'> class after both dependent classes have been defined."
    )


def test_another_registry_that_is_broken_does_no_harm(read: Any) -> None:
    source = """
        class Broken(DeclarativeBase): pass
        class A(Broken):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)
            lost = relationship("Nowhere")
        class B(Base):
            __tablename__ = "b"
            id: Mapped[int] = mapped_column(primary_key=True)
    """
    assert [table.name for table in read(source).tables] == ["b"]
