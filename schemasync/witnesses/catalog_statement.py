"""One SELECT that carries every kind of fact of PostgreSQL's catalogue.

Every value travels as text and every row starts with its kind, so one `UNION ALL` carries all kinds in one round trip.
"""

from collections.abc import Iterable, Sequence

from schemasync.late_patterns import late_pattern
from schemasync.records import record

Row = tuple[str, ...]
WIDTH = 7
_PLACE = late_pattern(r"\$(\w+)")

# Between the columns of a table, which travel as one text; PostgreSQL allows it in a name.
SEPARATOR = "\x1e"

# What a given version spells otherwise: the version from which the first text holds; before it, the second.
VERSIONED = {
    "nulls_not_distinct": (15, "i.indnullsnotdistinct", "false"),
    "delete_columns": (15, "k.confdelsetcols", "NULL::int2[]"),
    "enforced": (18, "k.conenforced", "true"),
    "period": (18, "k.conperiod", "false"),
    "compression": (14, "nullif(a.attcompression::text, '')", "NULL::text"),
    "statistics_target": (17, "a.attstattarget", "nullif(a.attstattarget, -1)"),
    "extended_target": (17, "s.stxstattarget", "nullif(s.stxstattarget, -1)"),
    "detach_pending": (14, "h.inhdetachpending", "false"),
    "multirange": (14, "format_type(r.rngmultitypid, NULL)", "NULL"),
    "subscript": (14, "nullif(t.typsubscript::oid, 0)::regproc", "NULL"),
    "collation_locale": (17, "k.colllocale", "NULL"),
    "icu_locale": (15, "to_jsonb(k)->>'colliculocale'", "NULL"),
    "icu_rules": (16, "k.collicurules", "NULL"),
    "publication_filter": (15, "pg_get_expr(m.prqual, m.prrelid)", "NULL"),
    "publication_columns": (15, "m.prattrs::int2[]", "NULL::int2[]"),
    "generated_columns": (18, "p.pubgencols::text", "NULL"),
    # Before 14 only a superuser may read it.
    "subscription_commit": (14, "s.subsynccommit", "NULL"),
    "subscription_binary": (14, "nullif(s.subbinary, false)::text", "NULL"),
    "subscription_stream": (14, "nullif(s.substream::text, 'f')", "NULL"),
    "subscription_two_phase": (15, "CASE WHEN s.subtwophasestate <> 'd' THEN 'enabled' END", "NULL"),
    "subscription_on_error": (15, "CASE WHEN s.subdisableonerr THEN 'disabled' END", "NULL"),
    "subscription_password": (16, "CASE WHEN NOT s.subpasswordrequired THEN 'not required' END", "NULL"),
    "subscription_run_as": (16, "CASE WHEN s.subrunasowner THEN 'owner' END", "NULL"),
    "subscription_origin": (16, "nullif(s.suborigin, 'any')", "NULL"),
    "subscription_failover": (17, "nullif(s.subfailover, false)::text", "NULL"),
    # From 17 on a stored expression says nothing of where it was written, so equal ones are equal texts.
    "defaults": (
        17,
        """(SELECT any_value(d.adbin) AS adbin, array_agg(d.oid) AS oids,
        string_agg(d.adrelid::text || ' ' || d.adnum::text, ',') AS places
        FROM pg_attrdef d JOIN relations r ON r.oid = d.adrelid GROUP BY d.adbin::text COLLATE "C")""",
        """(SELECT d.adbin, ARRAY[d.oid] AS oids, d.adrelid::text || ' ' || d.adnum::text AS places
        FROM pg_attrdef d JOIN relations r ON r.oid = d.adrelid)""",
    ),
    "publication_schemas": (
        15,
        """(SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname) FROM pg_publication_namespace m
        JOIN pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid)""",
        "NULL",
    ),
}

# Objects that belong to an extension come and go with it; only the extension itself is a fact.
EXTENSION_MEMBER = """(SELECT d.objid FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass
    AND d.classid = '{catalog}'::regclass AND d.deptype = 'e')"""

RELATIONS = (
    """SELECT c.oid, c.relname, c.relkind, c.relispartition, n.nspname
    FROM pg_class c JOIN asked n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ($complete OR NOT c.relispartition)
    AND c.oid <> ALL (ARRAY"""
    + EXTENSION_MEMBER.format(catalog="pg_class")
    + ")"
)


@record(frozen=True, slots=True)
class Query:
    """One kind of fact.

    Args:
        kind: what each of its rows starts with.
        columns: what its columns hold, in order; for the reader of the code.
        sql: the SELECT. `asked` names the schemas asked for, `relations` their tables and views.
    """

    kind: str
    columns: tuple[str, ...]
    sql: str


def catalogue_statement(
    version: int,
    schemas: Sequence[str] | None,
    queries: Sequence[Query],
    *,
    complete: bool,
    separator: str = SEPARATOR,
) -> str:
    """The one SELECT that carries all queries' rows, each as its kind and `WIDTH` texts.

    Args:
        version: the server's major version.
        schemas: the schemas asked for; None is all but the system's.
        queries: what to read.
        complete: whether partitions are tables of their own.
        separator: what stands between the columns of a table.
    """
    if schemas is None:
        wanted = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    else:
        wanted = f"n.nspname = ANY (ARRAY[{', '.join(map(literal, schemas))}]::name[])"
    values = {name: since if version >= first else before for name, (first, since, before) in VERSIONED.items()}
    values["complete"] = "true" if complete else "false"
    values["separator"] = " E'" + "".join(f"\\x{byte:02x}" for byte in separator.encode()) + "'"
    parts = [_branch(query) for query in queries]
    statement = (
        f"WITH asked AS MATERIALIZED (SELECT n.oid, n.nspname FROM pg_namespace n WHERE $wanted),\n"
        f"relations AS MATERIALIZED ({RELATIONS})\n" + "\nUNION ALL\n".join(parts)
    )
    values["wanted"] = wanted
    return _PLACE.sub(lambda place: values[place[1]], statement)


def _branch(query: Query) -> str:
    names = [f"c{number}" for number in range(len(query.columns))]
    texts = [f"q.{name}::text" for name in names] + ["NULL"] * (WIDTH - len(names))
    return f"SELECT '{query.kind}', {', '.join(texts)} FROM ({query.sql}) AS q({', '.join(names)})"


def is_ambiguous(rows: Iterable[Row], separator: str) -> bool:
    """Whether a column's name contains what should stand between columns.

    Args:
        rows: of the query `COLUMNS`.
        separator: what the statement was told to put between columns.
    """
    return any(texts.count(separator) != numbers.count(",") for _, _, numbers, texts, *_ in rows)


def literal(text: str) -> str:
    """A string as SQL, right whatever `standard_conforming_strings` says."""
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
