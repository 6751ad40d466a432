"""What is written for a schema: PSL in, Python out."""

import pytest

import schemasync
from schemasync.mirror.naming import attribute_name, class_name, member_name, module_name


def body(source: str, class_name: str) -> str:
    """The text of one class, without the table's arguments."""
    lines = source[source.index(f"class {class_name}(") :].split("\n\n\n")[0].splitlines()
    return "\n".join(lines)


def test_a_model(prisma):
    source = schemasync.mirror(
        prisma(
            """
            /// A person.
            model User {
              id    String  @id @default(uuid()) @db.Uuid
              /// Unique.
              email String  @unique @db.VarChar(255)
              name  String?

              @@map("users")
            }
            """
        )
    )
    assert source == (
        '"""SQLAlchemy mirrors of the tables that Prisma owns, written by schemasync mirror."""\n'
        "\n"
        "from uuid import UUID, uuid4\n"
        "\n"
        "from sqlalchemy import Index, PrimaryKeyConstraint, String, Text, Uuid\n"
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "\n"
        "\n"
        "class Base(DeclarativeBase):\n"
        '    """What all mirrors inherit from."""\n'
        "\n"
        "\n"
        "class User(Base):\n"
        '    """A person."""\n'
        "\n"
        '    __tablename__ = "users"\n'
        "    __table_args__ = (\n"
        '        PrimaryKeyConstraint("id", name="users_pkey"),\n'
        '        Index("users_email_key", "email", unique=True),\n'
        '        {"info": {"schemasync": {"owner": "prisma"}}},\n'
        "    )\n"
        "\n"
        "    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)\n"
        "    # Unique.\n"
        "    email: Mapped[str] = mapped_column(String(255))\n"
        "    name: Mapped[str | None] = mapped_column(Text)\n"
    )


TWO_WAYS = """
    model User {
      id    Int    @id @default(autoincrement())
      sent     Post[] @relation("Sent")
      received Post[] @relation("Received")
    }

    model Post {
      id         Int   @id
      fromId     Int   @map("from")
      receiverId Int?
      sentBy     User  @relation("Sent", fields: [fromId], references: [id], onDelete: Cascade)
      receivedBy User? @relation("Received", fields: [receiverId], references: [id])
    }
"""


def test_relationships_follow_their_own_key_both_ways(prisma):
    source = schemasync.mirror(prisma(TWO_WAYS))
    assert body(source, "Post").endswith(
        '    sent_by: Mapped["User"] = relationship(\n'
        '        foreign_keys="Post.from_id", back_populates="sent"\n'
        "    )\n"
        '    received_by: Mapped["User | None"] = relationship(\n'
        '        foreign_keys="Post.receiver_id", back_populates="received"\n'
        "    )"
    )
    assert body(source, "User").endswith(
        '    sent: Mapped[list["Post"]] = relationship(\n'
        '        foreign_keys="Post.from_id", back_populates="sent_by", passive_deletes="all"\n'
        "    )\n"
        '    received: Mapped[list["Post"]] = relationship(\n'
        '        foreign_keys="Post.receiver_id",\n'
        '        back_populates="received_by",\n'
        "        passive_deletes=True,\n"
        "    )"
    )


def test_an_integer_key_counts_only_where_the_database_does(prisma):
    source = schemasync.mirror(prisma(TWO_WAYS))
    assert "id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)" in body(source, "User")
    assert "id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)" in body(source, "Post")


def test_a_self_relation_has_a_remote_side(prisma):
    source = schemasync.mirror(
        prisma(
            """
            model Employee {
              id     Int        @id
              bossId Int?
              boss   Employee?  @relation("Team", fields: [bossId], references: [id], onDelete: Restrict)
              team   Employee[] @relation("Team")
            }
            """
        )
    )
    assert 'relationship(\n        remote_side="Employee.id", back_populates="team"\n    )' in source
    assert 'relationship(\n        back_populates="boss", passive_deletes="all"\n    )' in source


def test_a_one_to_one_gives_no_list(prisma):
    source = schemasync.mirror(
        prisma(
            """
            model User {
              id      Int      @id
              profile Profile?
            }

            model Profile {
              id     Int  @id
              userId Int  @unique
              user   User @relation(fields: [userId], references: [id])
            }
            """
        )
    )
    assert 'profile: Mapped["Profile | None"] = relationship(\n        back_populates="user", uselist=False,' in source


CLASHES = """
    model Text {
      id       Int      @id
      metadata Json
      registry String
      query    String
      class    String
      text     String   @default("a")
      uuid     String   @default(uuid()) @db.Uuid
      userName String
      user_name String  @map("other")
      datetime DateTime @default(now())
      str      String
      nanoid   String   @default(nanoid())
    }
"""


@pytest.mark.parametrize(
    "line",
    [
        'metadata_: Mapped[Any] = mapped_column("metadata", JSONB)',
        'registry_: Mapped[builtins.str] = mapped_column("registry", SqlText)',
        'query_: Mapped[builtins.str] = mapped_column("query", SqlText)',
        'class_: Mapped[builtins.str] = mapped_column("class", SqlText)',
        'text: Mapped[builtins.str] = mapped_column(SqlText, server_default="a")',
        "uuid: Mapped[UUID] = mapped_column(Uuid, default=uuid4)",
        'user_name: Mapped[builtins.str] = mapped_column("userName", SqlText)',
        'user_name_2: Mapped[builtins.str] = mapped_column("other", SqlText)',
        "datetime: Mapped[datetime_module.datetime] = mapped_column(",
        "nanoid: Mapped[builtins.str] = mapped_column(SqlText, default=sql_nanoid)",
        "class Text(Base):",
    ],
)
def test_names_that_clash(prisma, line):
    assert f"{line}\n" in schemasync.mirror(prisma(CLASHES))


def test_a_module_with_clashing_names_works(prisma):
    namespace: dict[str, object] = {"__name__": "clashes"}
    exec(schemasync.mirror(prisma(CLASHES)), namespace)
    columns = namespace["Text"].__table__.columns  # type: ignore[attr-defined]
    assert [column.name for column in columns][:5] == ["id", "metadata", "registry", "query", "class"]


def test_names_by_rule():
    assert [attribute_name(name) for name in ("generatedByUser", "APIKey", "import", "1st", "größe", "_")] == [
        "generated_by_user",
        "api_key",
        "import_",
        "column_1st",
        "größe",
        "column",
    ]
    assert [class_name(name) for name in ("User", "access_codes", "OAUTH_TOKEN", "kebab-case", "None", "APIKey")] == [
        "User",
        "AccessCodes",
        "OauthToken",
        "KebabCase",
        "None_",
        "APIKey",
    ]
    assert [member_name(name) for name in ("inProgress", "en-US", "1", "DONE")] == [
        "IN_PROGRESS",
        "EN_US",
        "VALUE_1",
        "DONE",
    ]
    assert [module_name(name) for name in ("AccessRequest", "Class", "Größe")] == ["access_request", "class_", "groe"]


def test_chosen_names(prisma):
    schema = prisma(TWO_WAYS)
    source = schemasync.mirror(schema, names={"Post": "Letter", "Post.sentBy": "sender", "User.id": "number"})
    assert "class Letter(Base):" in source
    assert 'sender: Mapped["User"] = relationship(' in source
    assert 'back_populates="sender"' in source
    assert 'number: Mapped[int] = mapped_column(\n        "id", Integer,' in source


def test_a_chosen_name_must_be_one(prisma):
    with pytest.raises(schemasync.ConfigurationError, match=r"User\.id = 'a b'"):
        schemasync.mirror(prisma(TWO_WAYS), names={"User.id": "a b"})


def test_an_unknown_style(prisma):
    with pytest.raises(schemasync.ConfigurationError, match="no mirror style 'orm'"):
        schemasync.mirror(prisma(TWO_WAYS), style="orm")


def test_tables_that_are_not_mirrored(prisma):
    schema = prisma(TWO_WAYS)
    source = schemasync.mirror(schema, ownership=schemasync.Ownership(mirror=("User",)))
    assert "class User(Base)" in source
    assert "Post" not in source
    with pytest.raises(schemasync.SchemasyncError, match="no table to mirror"):
        schemasync.mirror(schema, ownership=schemasync.Ownership(mirror=()))


def test_a_package_has_a_module_a_model_and_a_registry(prisma):
    files = schemasync.mirror_modules(prisma(TWO_WAYS))
    assert sorted(files) == ["__init__.py", "base.py", "post.py", "user.py"]
    assert files["__init__.py"].endswith(
        "from .base import Base\nfrom .post import Post\nfrom .user import User\n\n"
        '__all__ = [\n    "Base",\n    "Post",\n    "User",\n]\n'
    )
    assert "if TYPE_CHECKING:\n    from .user import User\n" in files["post.py"]
    absolute = schemasync.mirror_modules(prisma(TWO_WAYS), package="app.models")
    assert "from app.models.base import Base\n" in absolute["post.py"]
    assert "    from app.models.user import User\n" in absolute["post.py"]


def test_the_core_style(prisma):
    source = schemasync.mirror(prisma(TWO_WAYS), style="table")
    assert "metadata = MetaData()\n" in source
    assert (
        'user = Table(\n    "User",\n    metadata,\n    Column("id", Integer, primary_key=True, autoincrement=True),'
        in source
    )
    assert '    info={"schemasync": {"owner": "prisma"}},\n)' in source


def test_output_is_deterministic(prisma):
    schema = prisma(TWO_WAYS)
    assert schemasync.mirror(schema) == schemasync.mirror(schema)
    assert schemasync.mirror_modules(schema) == schemasync.mirror_modules(schema)


def test_no_helper_needs_a_package(prisma):
    source = schemasync.mirror(prisma("model A {\n  id String @id @default(cuid(2))\n}\n"))
    imported = [line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert {name.split(".")[0] for name in imported} == {"hashlib", "itertools", "secrets", "sqlalchemy", "time"}
    assert "default=cuid2" in source
