"""A Schema as JSON and back: the snapshot witness.

The format is the model itself: an object for each value, keys in declaration order, attributes at their default left
out. It is versioned; a reader refuses a version that it does not know.
"""

import json
import re
from collections.abc import Sequence
from typing import cast

from schemasync.errors import SnapshotError
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Schema
from schemasync.schema.plain_values import plain, reader

VERSION = 1
_MIGRATIONS = "migrations"
# JSON can spell half of a surrogate pair, which is no character and cannot be written anywhere.
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def to_json(schema: Schema, migrations: Sequence[str] | None = None) -> str:
    """The schema as JSON text, deterministic, one line a table.

    Args:
        schema: the schema.
        migrations: those that the build comes with whose schema it is; None leaves them out.
    """
    content = plain(schema)
    lines = []
    if migrations is not None:
        lines.append(f'  "{_MIGRATIONS}": {json.dumps(list(migrations), ensure_ascii=False)}')
    for key, value in content.items():
        if isinstance(value, list) and key in ("tables", "enums", "objects"):
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f"  {json.dumps(key)}: [\n    {rows}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join([f'  "schemasync": {VERSION}', *lines]) + "\n}\n"


def from_json(text: str) -> Schema:
    """The schema that `to_json` wrote.

    Raises:
        SnapshotError: the text is no snapshot, or one of a newer format.
    """
    try:
        content = json.loads(text)
        if _HALF_CHARACTER.search(text):
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"the snapshot is not valid JSON: {error}") from error
    if not isinstance(content, dict) or "schemasync" not in content:
        raise SnapshotError(
            "the file is not a schemasync snapshot", hint="write one with: schemasync snapshot --output FILE"
        )
    version = content.pop("schemasync")
    content.pop(_MIGRATIONS, None)
    if version != VERSION:
        raise SnapshotError(
            f"the snapshot has format {version!r}; this version of schemasync reads format {VERSION}",
            hint="write the snapshot again, or install the version that wrote it",
        )
    try:
        with collection_put_off():
            return cast(Schema, reader(Schema)(content))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise SnapshotError(f"the snapshot is damaged: {error}") from error


def migrations_of(text: str) -> tuple[str, ...] | None:
    """The migrations that a snapshot names; None where it names none.

    Raises:
        SnapshotError: the text is no snapshot.
    """
    from_json(text)
    named = json.loads(text).get(_MIGRATIONS)
    return tuple(map(str, named)) if isinstance(named, list) else None
