"""What the datasource and generator blocks of a Prisma schema set."""

from typing import Literal

from schemasync.records import record


@record(frozen=True, slots=True)
class Extension:
    """An entry of the datasource's `extensions`: `name(map: …, schema: …, version: …)`."""

    name: str
    map_name: str | None
    schema: str | None
    version: str | None


@record(frozen=True, slots=True)
class Datasource:
    """The datasource block.

    Args:
        name: its name, which is the prefix of native types (`@db.Text`).
        provider: `postgresql` (also written `postgres`) or `cockroachdb`.
        schemas: the PostgreSQL schemas of a multi-schema datasource, sorted; empty for a plain one.
        relation_mode: with `prisma` there are no foreign keys in the database.
        extensions: the PostgreSQL extensions, sorted by name.
        path: the file.
        line: where the block begins.
    """

    name: str
    provider: Literal["postgresql", "cockroachdb"]
    schemas: tuple[str, ...]
    relation_mode: Literal["foreignKeys", "prisma"]
    extensions: tuple[Extension, ...]
    path: str
    line: int


@record(frozen=True, slots=True)
class Generator:
    """A generator block.

    Args:
        name: its name.
        provider: its provider, None when it comes from `env()`.
        preview_features: those that it names.
    """

    name: str
    provider: str | None
    preview_features: tuple[str, ...]
