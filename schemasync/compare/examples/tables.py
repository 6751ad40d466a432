"""Whole tables, enums and mirrors."""

from schemasync.compare.examples import Example, Pair, pair

USER = """\
model User {
  id   Int    @id
  name String

  @@map("users")
}
"""
USER_MODEL = """\
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
"""
USERS = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);\n"
POST = """\
model Post {
  id Int @id

  @@map("posts")
}
"""
POSTS = "CREATE TABLE posts (id integer PRIMARY KEY);\n"
ROLE = """\
enum Role {
  USER
  ADMIN

  @@map("role")
}

model User {
  id   Int  @id
  role Role

  @@map("users")
}
"""
RELATED = """\
model User {
  id    Int    @id
  posts Post[]

  @@map("users")
}

model Post {
  id       Int  @id
  authorId Int  @map("author_id")
  author   User @relation(fields: [authorId], references: [id])

  @@map("posts")
}
"""
RELATED_MODELS = """\
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posts: Mapped[list["Post"]] = relationship(back_populates="author")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT", onupdate="CASCADE"))
    author: Mapped[User] = relationship(back_populates="posts")
"""


def _role(*values: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"CREATE TYPE role AS ENUM ({listed});\nCREATE TABLE users (id integer PRIMARY KEY, role role NOT NULL);\n"


PAIRS: dict[str, Pair] = {
    "table-missing": pair(Example(prisma=f"{USER}\n{POST}", sql=USERS), sql=USERS + POSTS),
    "table-extra": pair(Example(prisma=USER, sql=USERS + POSTS), prisma=f"{USER}\n{POST}"),
    "table-kind": pair(
        Example(prisma=USER, sql="CREATE VIEW users AS SELECT 1 AS id, 'ann' AS name;\n"),
        sql=USERS,
    ),
    "table-comment": pair(
        Example(
            python=USER_MODEL + '    __table_args__ = {"comment": "People who sign in"}\n',
            sql=USERS,
        ),
        sql=USERS + "COMMENT ON TABLE users IS 'People who sign in';\n",
    ),
    "owned-twice": pair(
        Example(
            prisma=USER,
            python=USER_MODEL + '    __table_args__ = {"info": {"schemasync": {"owner": "sqlalchemy"}}}\n',
        ),
        python=USER_MODEL + '    __table_args__ = {"info": {"schemasync": {"owner": "prisma"}}}\n',
    ),
    "boundary": pair(
        Example(
            prisma=USER,
            python=USER_MODEL
            + """\


class Session(Base):
    __tablename__ = "sessions"
    __table_args__ = {"info": {"schemasync": {"owner": "prisma"}}}
    id: Mapped[int] = mapped_column(primary_key=True)
""",
        ),
        python=USER_MODEL
        + """\


class Session(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
    ),
    "enum-missing": pair(
        Example(
            prisma=ROLE,
            sql="CREATE TABLE users (id integer PRIMARY KEY, role text NOT NULL);\n",
        ),
        sql=_role("USER", "ADMIN"),
    ),
    "enum-extra": pair(
        Example(prisma=ROLE, sql=_role("USER", "ADMIN") + "CREATE TYPE mood AS ENUM ('good', 'bad');\n"),
        sql=_role("USER", "ADMIN"),
    ),
    "enum-values": pair(Example(prisma=ROLE, sql=_role("USER")), sql=_role("USER", "ADMIN")),
    "enum-order": pair(Example(prisma=ROLE, sql=_role("ADMIN", "USER")), sql=_role("USER", "ADMIN")),
    "mirror-missing": pair(
        Example(prisma=f"{USER}\n{POST}", python=USER_MODEL),
        python=USER_MODEL
        + """\


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
""",
    ),
    "relationship-missing": pair(
        Example(
            prisma=RELATED,
            python=RELATED_MODELS.replace(
                '    posts: Mapped[list["Post"]] = relationship(back_populates="author")\n', ""
            ).replace('    author: Mapped[User] = relationship(back_populates="posts")\n', ""),
        ),
        python=RELATED_MODELS,
    ),
    "relationship-mismatch": pair(
        Example(
            prisma=RELATED,
            python=RELATED_MODELS.replace('Mapped[list["Post"]] = relationship(', 'Mapped["Post"] = relationship('),
        ),
        python=RELATED_MODELS,
    ),
    "python-type": pair(
        Example(prisma=USER, python=USER_MODEL.replace("name: Mapped[str]", "name: Mapped[int]")),
        python=USER_MODEL,
    ),
}
