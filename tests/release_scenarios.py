"""The releases that the plan's page tells of, each with what is deployed before it and the order that is expected.

A release that has no safe order is followed by those into which it is split, as the plan advises.
"""

from dataclasses import replace

from release_pieces import (
    ADD_ROLE,
    ADD_TAG_ID,
    CREATE_TAGS,
    HANDLE,
    KIND,
    KIND_COLUMN,
    MAIL,
    MAIL_FIELD,
    NICK_FIELD,
    NUMBER,
    ROLE,
    ROLE_COLUMN,
    ROLE_ENUM,
    ROLE_FIELD,
    TAG,
    TAG_ID,
    TAG_MODEL,
    TAKE_ADMIN_AWAY,
    USER_FIELDS,
    WITHOUT_NICK,
    WITHOUT_NICK_FIELD,
    Scenario,
    Tree,
)
from release_project import BACK, FRONT, PRISMA, SHOP, USER, USERS


def admin(prisma: bool, models: bool) -> Tree:
    """Who knows the value ADMIN."""
    python = ROLE + ("    ADMIN = 'ADMIN'\n" if models else "")
    schema = USERS % ROLE_FIELD + ROLE_ENUM % ("  ADMIN" if prisma else "")
    return Tree(schema, python + USER + ROLE_COLUMN + SHOP)


MIGRATE_FIRST = (PRISMA, FRONT, BACK)
MIGRATE_LAST = (FRONT, BACK, PRISMA)
DEPLOY = (FRONT, BACK)

NULLABLE = Scenario(
    "a nullable column",
    (
        Tree(
            USERS % MAIL_FIELD,
            USER + MAIL + SHOP,
            "ALTER TABLE users ADD mail text;",
            order=MIGRATE_FIRST,
            tells=(("order", "front end (new): SELECT on users fails: it names the column mail, which is not there"),),
        ),
    ),
)
REQUIRED = Scenario(
    "a required column",
    (
        Tree(
            USERS % "  mail String\n",
            USER + MAIL.replace("str | None", "str") + SHOP,
            "ALTER TABLE users ADD mail text NOT NULL;",
            tells=(
                (
                    "conflict",
                    "front end (old): INSERT on users fails: mail is NOT NULL without a default, and its Prisma "
                    "client does not know it",
                ),
                ("splits", "add a required column"),
                ("splits", "ALTER TABLE users ADD COLUMN mail text"),
            ),
        ),
        NULLABLE.releases[0],
        Tree(
            USERS % "  mail String\n",
            USER + MAIL.replace("str | None", "str") + SHOP,
            "ALTER TABLE users ALTER mail SET NOT NULL;",
            order=MIGRATE_LAST,
            tells=(
                (
                    "risks",
                    "front end (new): SELECT on users can fail: mail may be NULL, and its Prisma client takes it for "
                    "a value",
                ),
            ),
        ),
    ),
)
RENAME = Scenario(
    "a rename",
    (
        Tree(
            USER_FIELDS.replace("nick", "handle"),
            USER.replace("nick", "handle") + SHOP,
            "ALTER TABLE users RENAME nick TO handle;",
            tells=(("splits", "rename the column to handle"),),
        ),
        Tree(
            USERS % "  handle String?\n",
            USER + HANDLE + SHOP,
            "ALTER TABLE users ADD handle text; UPDATE users SET handle = nick;",
            order=MIGRATE_FIRST,
        ),
        Tree(
            USER_FIELDS.replace(NICK_FIELD, "  nick String? @ignore\n  handle String?\n"),
            WITHOUT_NICK + HANDLE + SHOP,
            order=DEPLOY,
        ),
        Tree(
            USER_FIELDS.replace("nick", "handle"),
            WITHOUT_NICK + HANDLE + SHOP,
            "ALTER TABLE users DROP nick;",
            order=(PRISMA, FRONT, BACK),
        ),
    ),
)
ANOTHER_TYPE = Scenario(
    "another type",
    (
        Tree(
            USER_FIELDS.replace("nick String?", "nick Int?"),
            USER.replace("str | None] = mapped_column(Text)", "int | None]") + SHOP,
            "ALTER TABLE users ALTER nick TYPE integer USING length(nick);",
            tells=(("splits", "change the type from text to integer"),),
        ),
        Tree(
            USERS % "  number Int?\n",
            USER + NUMBER + SHOP,
            "ALTER TABLE users ADD number integer; UPDATE users SET number = length(nick);",
            order=MIGRATE_FIRST,
        ),
        Tree(
            USER_FIELDS.replace(NICK_FIELD, "  nick String? @ignore\n  number Int?\n"),
            WITHOUT_NICK + NUMBER + SHOP,
            order=DEPLOY,
        ),
        Tree(
            USER_FIELDS.replace("nick String?", "number Int?"),
            WITHOUT_NICK + NUMBER + SHOP,
            "ALTER TABLE users DROP nick;",
            order=(PRISMA, FRONT, BACK),
        ),
    ),
)
STILL_MIRRORED = Scenario(
    "drop a column that is still mirrored",
    (
        Tree(
            WITHOUT_NICK_FIELD,
            USER + SHOP,
            "ALTER TABLE users DROP nick;",
            tells=(
                ("conflict", "back end (new): SELECT on users fails: it names the column nick, which is not there"),
                ("splits", "drop the column"),
            ),
        ),
        Tree(USER_FIELDS, WITHOUT_NICK + SHOP, order=DEPLOY),
        Tree(USER_FIELDS.replace("nick String?", "nick String? @ignore"), WITHOUT_NICK + SHOP, order=DEPLOY),
        Tree(WITHOUT_NICK_FIELD, WITHOUT_NICK + SHOP, "ALTER TABLE users DROP nick;", order=(PRISMA, FRONT, BACK)),
    ),
)
NO_LONGER_MIRRORED = Scenario(
    "drop one that is no longer mirrored",
    (
        Tree(
            WITHOUT_NICK_FIELD,
            WITHOUT_NICK + SHOP,
            "ALTER TABLE users DROP nick;",
            order=MIGRATE_LAST,
            tells=(("order", "back end (old): SELECT on users fails: it names the column nick, which is not there"),),
        ),
    ),
)
WITH_TAGS = Tree(
    USER_FIELDS + TAG_MODEL,
    USER + SHOP + TAG_ID + TAG,
    CREATE_TAGS,
    (ADD_TAG_ID,),
    (PRISMA, "a1", FRONT, BACK),
    (("order", 'relation "tags" does not exist'),),
)
NEW_TABLE = Scenario("a new Prisma table with a foreign key from Flask's", (WITH_TAGS,))
DROPPED_TABLE = Scenario(
    "Prisma drops a table that Flask refers to",
    (
        Tree(
            prisma="DROP TABLE tags;",
            alembic=("op.drop_column('shops', 'tag_id')",),
            order=(FRONT, BACK, "a1", PRISMA),
            tells=(("order", "back end (old): SELECT on shops fails: it names the column tag_id, which is not there"),),
        ),
    ),
    WITH_TAGS,
)
PRISMAS_VALUE = Scenario(
    "an enum value by Prisma",
    (replace(admin(True, True), prisma="ALTER TYPE role ADD VALUE 'ADMIN';", order=MIGRATE_FIRST),),
    replace(admin(False, False), prisma=ADD_ROLE % "'USER'"),
)
ALEMBICS_VALUE = Scenario(
    "an enum value by Alembic",
    (
        Tree(
            models=KIND + "    online = 'online'\n" + USER + SHOP + KIND_COLUMN,
            alembic=("op.execute(\"ALTER TYPE shop_kind ADD VALUE 'online'\")",),
            order=("a1", FRONT, BACK),
        ),
    ),
    Tree(
        models=KIND + USER + SHOP + KIND_COLUMN,
        alembic=(
            "op.execute(\"CREATE TYPE shop_kind AS ENUM ('street')\")\n"
            "    op.execute('ALTER TABLE shops ADD kind shop_kind')",
        ),
    ),
)
VALUE_TAKEN_AWAY = Scenario(
    "an enum value that Prisma takes away",
    (replace(admin(False, False), prisma=TAKE_ADMIN_AWAY, order=MIGRATE_LAST),),
    replace(admin(True, True), prisma=ADD_ROLE % "'USER', 'ADMIN'"),
)
INTERLEAVED = Scenario(
    "interleaved histories: Alembic is cut in two",
    (
        Tree(
            USER_FIELDS + TAG_MODEL,
            USER + SHOP + TAG_ID + TAG,
            "DROP TABLE old_tags; " + CREATE_TAGS,
            (
                "op.drop_constraint('shops_tag_id_fkey', 'shops')",
                "op.create_foreign_key('shops_tag_id_fkey', 'shops', 'tags', ['tag_id'], ['id'])",
            ),
            ("a1", PRISMA, "a2", FRONT, BACK),
            (
                ("order", "cannot drop table old_tags because other objects depend on it"),
                ("order", 'relation "tags" does not exist'),
            ),
        ),
    ),
    # Nobody maps the old table, or there would be no order.
    Tree(
        models=USER + SHOP,
        prisma="CREATE TABLE old_tags (id int PRIMARY KEY);",
        alembic=(ADD_TAG_ID.replace("tags.id", "old_tags.id"),),
    ),
)
CYCLE = Scenario(
    "a cycle of three steps",
    (
        Tree(
            WITHOUT_NICK_FIELD + TAG_MODEL,
            WITHOUT_NICK + SHOP + TAG_ID + TAG,
            CREATE_TAGS + " ALTER TABLE users DROP nick;",
            (ADD_TAG_ID,),
            # Each waits for the next one, and the last for the first.
            tells=(
                ("conflict", "back end (old): SELECT on users fails: it names the column nick, which is not there"),
                ("conflict", "back end (new): SELECT on shops fails: it names the column tag_id, which is not there"),
                ("conflict", 'relation "tags" does not exist'),
                ("splits", "drop the column"),
            ),
        ),
        Tree(
            USER_FIELDS.replace("nick String?", "nick String? @ignore") + TAG_MODEL,
            WITHOUT_NICK + SHOP + TAG_ID + TAG,
            CREATE_TAGS,
            (ADD_TAG_ID,),
            (PRISMA, "a1", FRONT, BACK),
        ),
        Tree(
            WITHOUT_NICK_FIELD + TAG_MODEL,
            WITHOUT_NICK + SHOP + TAG_ID + TAG,
            "ALTER TABLE users DROP nick;",
            order=(PRISMA, FRONT, BACK),
        ),
    ),
)
SCENARIOS = (
    NULLABLE,
    REQUIRED,
    RENAME,
    ANOTHER_TYPE,
    STILL_MIRRORED,
    NO_LONGER_MIRRORED,
    NEW_TABLE,
    DROPPED_TABLE,
    PRISMAS_VALUE,
    ALEMBICS_VALUE,
    VALUE_TAKEN_AWAY,
    INTERLEAVED,
    CYCLE,
)
