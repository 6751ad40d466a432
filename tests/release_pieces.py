"""What scenarios of releases are put together from: trees, and pieces of schemas, models and migrations."""

from dataclasses import dataclass

from release_project import SHOP, USER, USERS

NICK_FIELD = "  nick String?\n"
NICK = "    nick: Mapped[str | None] = mapped_column(Text)\n"
MAIL_FIELD = "  mail String?\n"
MAIL = "    mail: Mapped[str | None] = mapped_column(Text)\n"
HANDLE = NICK.replace("nick", "handle")
NUMBER = "    number: Mapped[int | None]\n"
TAG_MODEL = '\nmodel Tag {\n  id Int @id\n  @@map("tags")\n}\n'
TAG = SHOP.replace("Shop", "Tag").replace("shops", "tags").replace("=True", "=True, autoincrement=False")
TAG_ID = "    tag_id: Mapped[int | None] = mapped_column(ForeignKey('tags.id'))\n"
ADD_TAG_ID = "op.add_column('shops', sa.Column('tag_id', sa.Integer(), sa.ForeignKey('tags.id')))"
CREATE_TAGS = 'CREATE TABLE tags (id int NOT NULL, CONSTRAINT "tags_pkey" PRIMARY KEY (id));'
ROLE_FIELD = "  role Role @default(USER)\n"
ROLE_ENUM = '\nenum Role {\n  USER\n%s\n  @@map("role")\n}\n'
ROLE = "\n\nclass Role(enum.Enum):\n    USER = 'USER'\n"
ROLE_COLUMN = "    role: Mapped[Role] = mapped_column(Enum(Role, name='role'), server_default='USER')\n"
ADD_ROLE = "CREATE TYPE role AS ENUM (%s); ALTER TABLE users ADD role role NOT NULL DEFAULT 'USER';"
KIND = "\n\nclass Kind(enum.Enum):\n    street = 'street'\n"
KIND_COLUMN = "    kind: Mapped[Kind | None] = mapped_column(Enum(Kind, name='shop_kind'))\n"
# As Prisma writes it.
TAKE_ADMIN_AWAY = """\
BEGIN;
CREATE TYPE "role_new" AS ENUM ('USER');
ALTER TABLE "users" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "users" ALTER COLUMN "role" TYPE "role_new" USING ("role"::text::"role_new");
ALTER TYPE "role" RENAME TO "role_old";
ALTER TYPE "role_new" RENAME TO "role";
DROP TYPE "role_old";
ALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'USER';
COMMIT;
"""
USER_FIELDS = USERS % ""
WITHOUT_NICK_FIELD = USER_FIELDS.replace(NICK_FIELD, "")
WITHOUT_NICK = USER.replace(NICK, "")


@dataclass(frozen=True)
class Tree:
    """What a release brings.

    Args:
        schema: of Prisma, but for the data source.
        models: but for their imports and base.
        prisma: the script of Prisma's migration.
        alembic: what the revisions do, one after the other.
        order: the safe order that is expected: `a1` stands for the first of these revisions; None where there is none.
        tells: what the plan must tell, by the names of its JSON.
    """

    schema: str = USER_FIELDS
    models: str = USER + SHOP
    prisma: str = ""
    alembic: tuple[str, ...] = ()
    order: tuple[str, ...] | None = None
    tells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scenario:
    """Releases after each other.

    Args:
        name: as the page has it.
        releases: each from what the last one that could be carried out has left.
        before: what is deployed first, by a release of its own.
    """

    name: str
    releases: tuple[Tree, ...]
    before: Tree | None = None
