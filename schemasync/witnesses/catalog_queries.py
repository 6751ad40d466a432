"""The SQL that reads PostgreSQL's catalogue: one constant a kind of fact, sent together as one statement.

Sources: PostgreSQL manual, part "Internals", chapter "System Catalogs", for versions 13 to 18.

Every value travels as text and every row starts with its kind, so one `UNION ALL` carries all kinds in one round trip.
Values that are only ever used together (a type, its modifier and its collation) travel as one text, which the reader
uses as a key without taking it apart. `pg_get_expr` gets no relation where the expression can name no column, and no
function prints a whole index or constraint where its parts are at hand: both cost more than all the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

WIDTH = 7

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


@dataclass(frozen=True, slots=True)
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


SERVER = Query("server", ("version",), "SELECT version()")

NAMESPACES = Query(
    "namespace",
    ("name", "asked for"),
    "SELECT n.nspname, (n.oid IN (SELECT oid FROM asked))::text FROM pg_namespace n WHERE n.nspname !~ '^pg_'"
    " OR n.oid IN (SELECT oid FROM asked)",
)

TABLES = Query(
    "table",
    ("oid", "schema", "name", "kind"),
    "SELECT r.oid::text, r.nspname, r.relname, r.relkind::text FROM relations r",
)

COLUMNS = Query(
    "column",
    ("table", "number", "name", "type key", "not null, has default, identity, generated"),
    """SELECT a.attrelid::text, a.attnum::text, a.attname,
    a.atttypid::text || ' ' || a.atttypmod::text || ' ' || a.attcollation::text,
    CASE WHEN a.attnotnull THEN 't' ELSE 'f' END || CASE WHEN a.atthasdef THEN 't' ELSE 'f' END
    || a.attidentity::text || ':' || a.attgenerated::text
    FROM pg_attribute a
    WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM relations)) AND a.attnum > 0 AND NOT a.attisdropped""",
)

# Joined to the columns by the reader: the planner would look up each column's default by itself. Only a generated
# column's expression names columns ({VAR in the node tree); pg_get_expr then needs the relation.
DEFAULTS = Query(
    "default",
    ("table and column number", "expression"),
    """SELECT d.adrelid::text || ' ' || d.adnum::text,
    pg_get_expr(d.adbin, CASE WHEN position('{VAR ' IN d.adbin::text) > 0 THEN d.adrelid ELSE 0 END)
    FROM pg_attrdef d JOIN relations r ON r.oid = d.adrelid""",
)

# One row for each type, modifier and collation in use. An array is named by its element; format_type is asked only
# where the modifier has no simple arithmetic (intervals, types of extensions).
TYPES = Query(
    "type",
    ("type key", "name", "schema, or null of an extension's type", "array", "formatted", "collation", "element's oid"),
    """SELECT u.atttypid::text || ' ' || u.atttypmod::text || ' ' || u.attcollation::text,
    coalesce(e.typname, t.typname), CASE WHEN NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_type'::regclass AND d.objid = coalesce(e.oid, t.oid) AND d.deptype = 'e')
        THEN n.nspname END,
    (e.oid IS NOT NULL)::text,
    CASE WHEN u.atttypmod >= 0 AND coalesce(e.oid, t.oid) NOT IN (1042, 1043, 1700, 1083, 1114, 1184, 1266, 1560, 1562)
        THEN format_type(u.atttypid, u.atttypmod) END,
    CASE WHEN l.collname IS NOT NULL THEN
        CASE WHEN m.nspname IN ('pg_catalog', 'public') THEN '' ELSE m.nspname || '.' END || l.collname END,
    coalesce(e.oid, t.oid)::text
    FROM (SELECT DISTINCT a.atttypid, a.atttypmod, a.attcollation FROM pg_attribute a
        WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM relations)) AND a.attnum > 0 AND NOT a.attisdropped) u
    JOIN pg_type t ON t.oid = u.atttypid
    LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
    JOIN pg_namespace n ON n.oid = coalesce(e.typnamespace, t.typnamespace)
    LEFT JOIN pg_collation l ON l.oid = u.attcollation AND u.attcollation <> t.typcollation
    LEFT JOIN pg_namespace m ON m.oid = l.collnamespace""",
)

# From PostgreSQL 18 NOT NULL is a constraint too (contype n); only one that is not validated says more than attnotnull.
# A foreign key's copies on and towards partitions (conparentid) follow from the one that was declared.
CONSTRAINTS = Query(
    "constraint",
    (
        "table",
        "flags",
        "name",
        "columns",
        "index or referenced table",
        "referenced columns",
        "expression or definition",
    ),
    """SELECT k.conrelid::text, k.contype::text || CASE WHEN k.condeferrable THEN 't' ELSE 'f' END
    || CASE WHEN k.condeferred THEN 't' ELSE 'f' END || CASE WHEN k.convalidated THEN 't' ELSE 'f' END
    || CASE WHEN k.connoinherit THEN 't' ELSE 'f' END || k.confmatchtype::text || k.confupdtype::text
    || k.confdeltype::text,
    k.conname, k.conkey::text, CASE k.contype WHEN 'f' THEN k.confrelid ELSE k.conindid END::text, k.confkey::text,
    CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid) END
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND (k.contype <> 'f' OR k.conparentid = 0)
    OR k.contype = 'n' AND NOT k.convalidated""",
)

REFERENCED = Query(
    "referenced",
    ("table", "schema", "name", "column number", "column"),
    """SELECT DISTINCT f.oid::text, n.nspname, f.relname, a.attnum::text, a.attname
    FROM (SELECT k.confrelid, k.confkey FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
        AND k.conrelid IN (SELECT oid FROM relations) AND k.confrelid NOT IN (SELECT oid FROM relations)) k
    JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace n ON n.oid = f.relnamespace
    JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = ANY (k.confkey)""",
)

# Expressions come with the type of their value, which decides whether an operator class is the default one.
INDEXES = Query(
    "index",
    ("table", "oid", "name", "shape", "options", "predicate", "expressions"),
    """SELECT i.indrelid::text, i.indexrelid::text, c.relname, CASE WHEN i.indisunique THEN 't' ELSE 'f' END
    || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN 't' ELSE 'f' END
    || CASE WHEN $nulls_not_distinct THEN 't' ELSE 'f' END || i.indnkeyatts::text
    || '|' || i.indkey::text || '|' || i.indoption::text || '|' || i.indclass::text || '|' || i.indcollation::text
    || '|' || m.oid::text || '|' || m.amname, array_to_json(c.reloptions)::text, pg_get_expr(i.indpred, i.indrelid),
    CASE WHEN i.indexprs IS NOT NULL THEN (SELECT
        json_agg(json_build_array(pg_get_indexdef(i.indexrelid, a.attnum, false), a.atttypid::text) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND i.indkey[a.attnum - 1] = 0)::text END
    FROM pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am m ON m.oid = c.relam WHERE NOT i.indisprimary""",
)

OPERATOR_CLASSES = Query(
    "operator class",
    ("oid", "name", "default", "method", "type"),
    "SELECT o.oid::text, o.opcname, o.opcdefault::text, o.opcmethod::text, o.opcintype::text FROM pg_opclass o",
)

# Nearly every index has the default collation (100) or none (0).
INDEX_COLLATIONS = Query(
    "index collation",
    ("oid", "name"),
    """SELECT DISTINCT l.oid::text, CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN '' ELSE n.nspname || '.' END
    || l.collname FROM pg_index i JOIN relations r ON r.oid = i.indrelid
    CROSS JOIN LATERAL unnest(i.indcollation) AS used JOIN pg_collation l ON l.oid = used
    JOIN pg_namespace n ON n.oid = l.collnamespace
    WHERE translate(replace(i.indcollation::text, '100', ''), '0 ', '') <> '' AND used NOT IN (0, 100)""",
)

IDENTITIES = Query(
    "identity",
    ("table", "column number", "options"),
    """SELECT d.refobjid::text, d.refobjsubid::text, json_build_array(s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
    s.seqcache, s.seqcycle, s.seqtypid::bigint)::text
    FROM pg_sequence s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
    AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
    JOIN relations r ON r.oid = d.refobjid""",
)

COMMENTS = Query(
    "comment",
    ("table", "column number", "comment"),
    """SELECT d.objoid::text, d.objsubid::text, d.description
    FROM pg_description d JOIN relations r ON r.oid = d.objoid WHERE d.classoid = 'pg_class'::regclass""",
)

ENUMS = Query(
    "enum",
    ("schema", "name", "values", "comment"),
    """SELECT n.nspname, t.typname, (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
    WHERE e.enumtypid = t.oid)::text, d.description
    FROM pg_type t JOIN asked n ON n.oid = t.typnamespace
    LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
    WHERE t.typtype = 'e' AND t.oid <> ALL (ARRAY"""
    + EXTENSION_MEMBER.format(catalog="pg_type")
    + ")",
)

PARTITIONS = Query(
    "partitions left out",
    ("schema", "parent", "how many"),
    """SELECT n.nspname, p.relname, count(*)::text FROM pg_class c JOIN asked n ON n.oid = c.relnamespace
    JOIN pg_inherits h ON h.inhrelid = c.oid JOIN pg_class p ON p.oid = h.inhparent
    WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND NOT $complete GROUP BY n.nspname, p.relname""",
)

QUERIES = (
    SERVER,
    NAMESPACES,
    TABLES,
    COLUMNS,
    DEFAULTS,
    TYPES,
    CONSTRAINTS,
    REFERENCED,
    INDEXES,
    OPERATOR_CLASSES,
    INDEX_COLLATIONS,
    IDENTITIES,
    COMMENTS,
    ENUMS,
    PARTITIONS,
)


def catalogue_statement(
    version: int, schemas: Sequence[str] | None, queries: Sequence[Query], *, complete: bool
) -> str:
    """The one SELECT that carries all queries' rows, each as its kind and `WIDTH` texts.

    Args:
        version: the server's major version.
        schemas: the schemas asked for; None is all but the system's.
        queries: what to read.
        complete: whether partitions are tables of their own.
    """
    if schemas is None:
        wanted = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    else:
        wanted = f"n.nspname = ANY (ARRAY[{', '.join(map(literal, schemas))}]::name[])"
    values = {name: since if version >= first else before for name, (first, since, before) in VERSIONED.items()}
    values["complete"] = "true" if complete else "false"
    parts = [_branch(query) for query in queries]
    statement = (
        f"WITH asked AS MATERIALIZED (SELECT n.oid, n.nspname FROM pg_namespace n WHERE $wanted),\n"
        f"relations AS MATERIALIZED ({RELATIONS})\n" + "\nUNION ALL\n".join(parts)
    )
    return Template(statement).substitute(values, wanted=wanted)


def _branch(query: Query) -> str:
    names = [f"c{number}" for number in range(len(query.columns))]
    texts = [f"q.{name}::text" for name in names] + ["NULL"] * (WIDTH - len(names))
    return f"SELECT '{query.kind}', {', '.join(texts)} FROM ({query.sql}) AS q({', '.join(names)})"


def literal(text: str) -> str:
    """A string as SQL, right whatever `standard_conforming_strings` says."""
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
