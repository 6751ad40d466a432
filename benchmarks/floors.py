"""The least that the work can cost: a scanner of lines that judges nothing, and catalogue rows that nobody reads."""

import re
from typing import Any

_NAME = re.compile(r"\w+")
_TYPE = re.compile(r"\w+(?:\?|\[\])?")
_ATTRIBUTE = re.compile(r"@@?([\w.]+)(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?\s*")
_ARGUMENT = re.compile(r'(?:(\w+):\s*)?("[^"]*"|\[[^\]]*\]|\w+\([^)]*\)|[-\w.]+)\s*,?\s*')


class Line:
    """A field: what is written, and where."""

    __slots__ = ("attributes", "line", "name", "type")

    def __init__(self, name: str, type_: str, attributes: Any, line: int) -> None:
        self.name, self.type, self.attributes, self.line = name, type_, attributes, line


def scan(text: str) -> list[tuple[list[str], list[Line]]]:
    """Every block of an ordinary schema, with its fields; each text of attributes is taken apart once."""
    known: dict[str, Any] = {}
    blocks: list[tuple[list[str], list[Line]]] = []
    fields: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split(None, 2)
        if not words or words[0] == "}" or words[0].startswith("//"):
            continue
        if line.endswith("{"):
            fields = []
            blocks.append((words, fields))
            continue
        rest = line.strip() if words[0].startswith("@@") else words[2] if len(words) > 2 else ""
        attributes = known.get(rest)
        if attributes is None:
            attributes = known[rest] = _attributes(rest)
        fields.append(Line(words[0], words[1] if len(words) > 1 else "", attributes, number))
    return blocks


def _attributes(text: str) -> list[tuple[str, list[Any], int, int]]:
    return [(one[1], _ARGUMENT.findall(one[2] or ""), *one.span()) for one in _ATTRIBUTE.finditer(text)]


_RELATIONS = "SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
_CATALOGUE = (
    f"SELECT oid, relname, relkind FROM pg_class WHERE oid IN ({_RELATIONS})",
    f"""SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated, attcollation
    FROM pg_attribute WHERE attrelid = ANY (ARRAY({_RELATIONS})) AND attnum > 0 AND NOT attisdropped""",
    f"SELECT adrelid, adnum, pg_get_expr(adbin, 0) FROM pg_attrdef WHERE adrelid IN ({_RELATIONS})",
    f"""SELECT conrelid, conname, contype, conkey, confrelid, confkey, confupdtype, confdeltype, condeferrable,
    condeferred, conindid, CASE WHEN contype = 'c' THEN pg_get_constraintdef(oid) END
    FROM pg_constraint WHERE conrelid IN ({_RELATIONS})""",
    f"""SELECT i.indrelid, i.indexrelid, c.relname, i.indisunique, i.indkey, i.indoption, i.indclass, c.relam,
    c.reloptions, pg_get_expr(i.indpred, i.indrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN ({_RELATIONS})""",
    "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
    "SELECT oid, typname, typtype, typelem FROM pg_type WHERE typrelid = 0",
    "SELECT oid, opcname, opcdefault FROM pg_opclass",
    f"SELECT objoid, objsubid, description FROM pg_description WHERE objoid IN ({_RELATIONS})",
)


def catalogue_rows(connection: Any) -> int:
    """Fetch what a reader needs of the catalogue, kind by kind; how many rows that is."""
    count = 0
    with connection.cursor() as cursor:
        for query in _CATALOGUE:
            cursor.execute(query)
            count += len(cursor.fetchall())
    return count
