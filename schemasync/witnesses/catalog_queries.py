"""The SQL that reads PostgreSQL's catalogue: one constant a kind of fact, sent together as one statement.

Sources: PostgreSQL manual, part "Internals", chapter "System Catalogs", for versions 13 to 18.

Values that are only ever used together (a type, its modifier and its collation) travel as one text, which the reader
uses as a key without taking it apart, and the columns of one table as one text. `pg_get_expr` gets no relation where
the expression can name no column, and no function prints a whole index or constraint where its parts are at hand: both
cost more than all the rest.
"""

from schemasync.witnesses.catalog_statement import EXTENSION_MEMBER, Query

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

# What a column's type is known by: type and modifier as one number, and the collation where it is neither none (0) nor
# the default one (100).
_TYPE_KEY = """((a.atttypid::int8 << 32) + a.atttypmod)::text
        || CASE WHEN a.attcollation IN (0, 100) THEN '' ELSE ' ' || a.attcollation::text END"""

# A row a table: its columns' numbers, and as one text, with `$separator` between them, each one's type key, flags,
# "\x1f" and name. Of unusual columns JSON says what the key does not: what format_type makes of a modifier without
# simple arithmetic (intervals, types of extensions), and a collation's name.
COLUMNS = Query(
    "column",
    ("table", "numbers", "type key, flags (not null, has default, identity, generated), name", "unusual type keys"),
    f"""SELECT a.attrelid::text, array_agg(a.attnum)::text,
    string_agg({_TYPE_KEY}
        || CASE WHEN a.attidentity <> '' OR a.attgenerated <> ''
            THEN concat(' ', a.attnotnull, a.atthasdef, a.attidentity, ':', a.attgenerated, E'\\x1f')
            WHEN a.attnotnull THEN CASE WHEN a.atthasdef THEN E' tt\\x1f' ELSE E' tf\\x1f' END
            WHEN a.atthasdef THEN E' ft\\x1f' ELSE E' ff\\x1f' END || a.attname, $separator),
    json_agg(json_build_array({_TYPE_KEY},
        CASE WHEN a.atttypmod >= 0 THEN format_type(a.atttypid, a.atttypmod) END,
        (SELECT CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN '' ELSE n.nspname || '.' END || l.collname
            FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation)))
    FILTER (WHERE a.attcollation NOT IN (0, 100) OR a.atttypmod >= 0 AND a.atttypid NOT IN (
        1042, 1043, 1700, 1083, 1114, 1184, 1266, 1560, 1562, 1014, 1015, 1231, 1183, 1115, 1185, 1270, 1561, 1563))
    FROM pg_attribute a
    WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM relations)) AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY a.attrelid""",
)

# Joined to the columns by the reader: the planner would look up each column's default by itself. Equal expressions are
# printed once. Only a generated column's expression names columns ({VAR in the node tree); pg_get_expr then needs the
# relation.
DEFAULTS = Query(
    "default",
    ("tables and column numbers", "expression"),
    """SELECT w.places, w.expression FROM $defaults AS g CROSS JOIN LATERAL (
        SELECT g.places, pg_get_expr(g.adbin, 0) AS expression WHERE position('{VAR ' IN g.adbin::text) = 0
        UNION ALL SELECT d.adrelid::text || ' ' || d.adnum::text, pg_get_expr(d.adbin, d.adrelid)
        FROM unnest(g.oids) AS o(oid) JOIN pg_attrdef d ON d.oid = o.oid
        WHERE position('{VAR ' IN g.adbin::text) > 0
    ) AS w""",
)

# All types: telling which are in use would cost more than sending them. An array is known by its element.
TYPES = Query(
    "type",
    ("oid", "array's oid", "name", "schema, or null of an extension's type", "collation's oid"),
    """SELECT t.oid::text, t.typarray::text, t.typname, CASE WHEN t.oid <> ALL (ARRAY"""
    + EXTENSION_MEMBER.format(catalog="pg_type")
    + """) THEN n.nspname END, t.typcollation::text
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typelem = 0 OR t.typarray <> 0""",
)

# From PostgreSQL 18 NOT NULL is a constraint too (contype n); only one that is not validated says more than attnotnull.
# A foreign key's copies on and towards partitions (conparentid) follow from the one that was declared. Of a table that
# is not read itself its schema, name and columns are sent along, as JSON.
CONSTRAINTS = Query(
    "constraint",
    (
        "table",
        "flags",
        "name",
        "columns",
        "index or referenced table",
        "referenced columns",
        "expression, definition, or what is referenced outside",
    ),
    """SELECT k.conrelid::text, k.contype::text || CASE WHEN k.condeferrable THEN 't' ELSE 'f' END
    || CASE WHEN k.condeferred THEN 't' ELSE 'f' END || CASE WHEN k.convalidated THEN 't' ELSE 'f' END
    || CASE WHEN k.connoinherit THEN 't' ELSE 'f' END || k.confmatchtype::text || k.confupdtype::text
    || k.confdeltype::text,
    k.conname, k.conkey::text, CASE k.contype WHEN 'f' THEN k.confrelid ELSE k.conindid END::text, k.confkey::text,
    CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid)
    WHEN 'f' THEN CASE WHEN k.confrelid NOT IN (SELECT oid FROM relations) THEN (SELECT json_build_array(n.nspname,
        f.relname, (SELECT json_agg(a.attname ORDER BY u.place)
            FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
            JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = u.number))::text
        FROM pg_class f JOIN pg_namespace n ON n.oid = f.relnamespace WHERE f.oid = k.confrelid) END END
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND (k.contype <> 'f' OR k.conparentid = 0)
    OR k.contype = 'n' AND NOT k.convalidated""",
)

# Expressions come with the type of their value, which decides whether an operator class is the default one; collations
# with their names, where they are not the default one (100) or none (0).
INDEXES = Query(
    "index",
    ("table", "oid", "name", "shape", "options", "predicate", "expressions and collations"),
    """SELECT i.indrelid::text, i.indexrelid::text, c.relname, CASE WHEN i.indisunique THEN 't' ELSE 'f' END
    || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN 't' ELSE 'f' END
    || CASE WHEN $nulls_not_distinct THEN 't' ELSE 'f' END || i.indnkeyatts::text
    || '|' || i.indkey::text || '|' || i.indoption::text || '|' || i.indclass::text || '|' || i.indcollation::text
    || '|' || m.oid::text || '|' || m.amname, array_to_json(c.reloptions)::text, pg_get_expr(i.indpred, i.indrelid),
    CASE WHEN i.indexprs IS NOT NULL OR NOT i.indcollation::oid[] <@ '{0, 100}'::oid[] THEN json_build_array(
        (SELECT json_agg(json_build_array(pg_get_indexdef(i.indexrelid, a.attnum, false), a.atttypid::text)
            ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND i.indkey[a.attnum - 1] = 0),
        (SELECT json_object_agg(l.oid::text,
            CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN '' ELSE n.nspname || '.' END || l.collname)
            FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
            WHERE l.oid = ANY (i.indcollation::oid[]) AND l.oid <> 100))::text END
    FROM pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am m ON m.oid = c.relam WHERE NOT i.indisprimary""",
)

OPERATOR_CLASSES = Query(
    "operator class",
    ("oid", "name", "default", "method", "type"),
    "SELECT o.oid::text, o.opcname, o.opcdefault::text, o.opcmethod::text, o.opcintype::text FROM pg_opclass o",
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
    INDEXES,
    OPERATOR_CLASSES,
    IDENTITIES,
    COMMENTS,
    ENUMS,
    PARTITIONS,
)
