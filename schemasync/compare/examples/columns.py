"""Columns."""

from schemasync.compare.examples import Example, Pair, pair

ID = "    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)\n"


def _prisma(fields: str) -> str:
    lines = "".join(f"  {line}\n" for line in fields.splitlines())
    return f'model User {{\n  id    Int     @id\n{lines}\n  @@map("users")\n}}\n'


def _python(*columns: str) -> str:
    return 'class User(Base):\n    __tablename__ = "users"\n' + ID + "".join(f"    {line}\n" for line in columns)


def _sql(*columns: str) -> str:
    return f"CREATE TABLE users ({', '.join(('id integer PRIMARY KEY', *columns))});\n"


PAIRS: dict[str, Pair] = {
    "column-missing": pair(
        Example(prisma=_prisma("email String"), python=_python()),
        python=_python("email: Mapped[str] = mapped_column(Text)"),
    ),
    "column-extra": pair(
        Example(prisma=_prisma(""), python=_python("nickname: Mapped[str | None] = mapped_column(Text)")),
        python=_python(),
    ),
    "column-type": pair(
        Example(
            prisma=_prisma("seen  DateTime"),
            python=_python("seen: Mapped[datetime] = mapped_column(DateTime(timezone=True))"),
        ),
        python=_python("seen: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3))"),
    ),
    "column-length": pair(
        Example(
            prisma=_prisma("email String @db.VarChar(255)"),
            python=_python("email: Mapped[str] = mapped_column(String(50))"),
        ),
        python=_python("email: Mapped[str] = mapped_column(String(255))"),
    ),
    "column-nullability": pair(
        Example(prisma=_prisma("name  String?"), python=_python("name: Mapped[str] = mapped_column(Text)")),
        python=_python("name: Mapped[str | None] = mapped_column(Text)"),
    ),
    "column-default": pair(
        Example(
            prisma=_prisma("score Int @default(10)"),
            python=_python('score: Mapped[int] = mapped_column(server_default="0")'),
        ),
        python=_python('score: Mapped[int] = mapped_column(server_default="10")'),
    ),
    "client-default": pair(
        Example(
            prisma=_prisma("token String @default(uuid())"),
            python=_python("token: Mapped[str] = mapped_column(Text)"),
        ),
        python=_python("token: Mapped[str] = mapped_column(Text, default=lambda: str(uuid4()))"),
    ),
    "column-identity": pair(
        Example(
            python=(
                'class User(Base):\n    __tablename__ = "users"\n'
                "    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)\n"
            ),
            sql="CREATE TABLE users (id integer PRIMARY KEY);\n",
        ),
        sql="CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n",
    ),
    "column-generated": pair(
        Example(
            python=_python("net: Mapped[int]", 'gross: Mapped[int | None] = mapped_column(Computed("net * 2", True))'),
            sql=_sql("net integer NOT NULL", "gross integer GENERATED ALWAYS AS (net * 3) STORED"),
        ),
        sql=_sql("net integer NOT NULL", "gross integer GENERATED ALWAYS AS (net * 2) STORED"),
    ),
    "column-collation": pair(
        Example(
            python=_python('name: Mapped[str] = mapped_column(Text(collation="C"))'),
            sql=_sql('name text COLLATE "POSIX" NOT NULL'),
        ),
        sql=_sql('name text COLLATE "C" NOT NULL'),
    ),
    "column-comment": pair(
        Example(
            python=_python('name: Mapped[str] = mapped_column(Text, comment="As it is spoken")'),
            sql=_sql("name text NOT NULL"),
        ),
        sql=_sql("name text NOT NULL") + "COMMENT ON COLUMN users.name IS 'As it is spoken';\n",
    ),
}
