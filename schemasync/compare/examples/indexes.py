"""Indexes and unique constraints."""

from schemasync.compare.examples import Example, Pair, pair


def _prisma(*attributes: str) -> str:
    lines = "".join(f"  {line}\n" for line in attributes)
    return f'model User {{\n  id    Int    @id\n  email String\n\n{lines}  @@map("users")\n}}\n'


USERS = "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);\n"
UNIQUE = "CREATE UNIQUE INDEX users_email_key ON users (email);\n"
INDEX = "CREATE INDEX users_email_idx ON users (email);\n"

PAIRS: dict[str, Pair] = {
    "unique-missing": pair(Example(prisma=_prisma("@@unique([email])"), sql=USERS), sql=USERS + UNIQUE),
    "unique-extra": pair(Example(prisma=_prisma(), sql=USERS + UNIQUE), prisma=_prisma("@@unique([email])")),
    "index-missing": pair(Example(prisma=_prisma("@@index([email])"), sql=USERS), sql=USERS + INDEX),
    "index-extra": pair(Example(prisma=_prisma(), sql=USERS + INDEX), prisma=_prisma("@@index([email])")),
    "index-definition": pair(
        Example(prisma=_prisma("@@index([email])"), sql=USERS + INDEX.replace("(email)", "USING hash (email)")),
        sql=USERS + INDEX,
    ),
    "index-name": pair(
        Example(prisma=_prisma("@@index([email])"), sql=USERS + INDEX.replace("users_email_idx", "by_email")),
        prisma=_prisma('@@index([email], map: "by_email")'),
    ),
    "index-invalid": pair(
        Example(
            prisma=_prisma("@@index([email])"),
            sql=USERS
            + INDEX
            + "-- what a CREATE INDEX CONCURRENTLY that failed leaves behind\n"
            + "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_email_idx'::regclass;\n",
        ),
        sql=USERS + INDEX,
    ),
}
