"""The SQL for what only PostgreSQL knows about tables and views: one constant a kind of object.

Each row is an object: kind, schema, table, name, and its attributes as JSON, all by name, never by oid. What is at
PostgreSQL's default is left out. Sources: PostgreSQL manual, chapter "System Catalogs"; `pg_dump` for what counts.
"""

from schemasync.witnesses.catalog_statement import Query

OBJECT = ("kind", "schema", "table", "name", "attributes")


def objects(sql: str) -> Query:
    """A query whose rows are objects."""
    return Query("object", OBJECT, sql)


VIEWS = objects(
    """SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized-view' END, r.nspname, NULL, r.relname,
    json_build_object('definition', pg_get_viewdef(r.oid), 'options', c.reloptions::text,
        'populated', CASE WHEN r.relkind = 'm' THEN c.relispopulated::text END)
    FROM relations r JOIN pg_class c ON c.oid = r.oid WHERE r.relkind IN ('v', 'm')"""
)

# A trigger's copies on partitions follow from the parent's, but for their own state.
TRIGGERS = objects(
    """SELECT 'trigger', r.nspname, r.relname, t.tgname, json_build_object('definition', pg_get_triggerdef(t.oid),
    'state', CASE t.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replica'
        ELSE 'enabled always' END)
    FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
    WHERE (NOT t.tgisinternal OR (p.oid IS NOT NULL AND t.tgconstraint = 0))
    AND (p.oid IS NULL OR p.tgenabled <> t.tgenabled)"""
)

RULES = objects(
    """SELECT 'rule', r.nspname, r.relname, u.rulename, json_build_object('definition', pg_get_ruledef(u.oid),
    'state', CASE u.ev_enabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replica'
        ELSE 'enabled always' END)
    FROM pg_rewrite u JOIN relations r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN'"""
)

POLICIES = objects(
    """SELECT 'policy', r.nspname, r.relname, p.polname, json_build_object('command',
        CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'permissive', p.polpermissive::text, 'roles', (SELECT string_agg(CASE u WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(u)) END, ', ' ORDER BY u <> 0, pg_get_userbyid(u)) FROM unnest(p.polroles) u),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN relations r ON r.oid = p.polrelid"""
)

TABLE_STORAGE = objects(
    """SELECT 'storage', r.nspname, r.relname, r.relname, a FROM (SELECT r.nspname, r.relname,
    json_strip_nulls(json_build_object(
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'options', CASE WHEN r.relkind <> 'v' THEN c.reloptions::text END, 'toast options', o.reloptions::text,
    'tablespace', s.spcname, 'access method', CASE WHEN m.amname <> 'heap' THEN m.amname END,
    'replica identity', CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index '
        || coalesce((SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
            WHERE i.indrelid = r.oid AND i.indisreplident), 'dropped') END,
    'row security', CASE WHEN c.relrowsecurity THEN 'enabled' END,
    'row security of the owner', CASE WHEN c.relforcerowsecurity THEN 'forced' END,
    'clustered on', (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE c.relhasindex AND i.indrelid = r.oid AND i.indisclustered),
    'of type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
    'server', v.srvname, 'foreign options', f.ftoptions::text))::text AS a
    FROM relations r JOIN pg_class c ON c.oid = r.oid LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
    LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace LEFT JOIN pg_am m ON m.oid = c.relam
    LEFT JOIN pg_foreign_table f ON f.ftrelid = r.oid LEFT JOIN pg_foreign_server v ON v.oid = f.ftserver) r
    WHERE a <> '{}'"""
)

COLUMN_STORAGE = objects(
    """SELECT 'storage', r.nspname, r.relname, 'column ' || a.attname, json_build_object(
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e'
        THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END,
    'compression', $compression, 'options', a.attoptions::text, 'foreign options', a.attfdwoptions::text)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN relations r ON r.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'v' AND (a.attstorage <> t.typstorage
    OR $compression IS NOT NULL OR a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL)"""
)

COLUMN_STATISTICS = objects(
    """SELECT 'statistics', r.nspname, r.relname, 'column ' || a.attname,
    json_build_object('target', ($statistics_target)::text)
    FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND $statistics_target IS NOT NULL"""
)

EXTENDED_STATISTICS = objects(
    """SELECT 'statistics', n.nspname, r.relname, s.stxname,
    json_build_object('owner', pg_get_userbyid(s.stxowner), 'definition',
    pg_get_statisticsobjdef(s.oid), 'target', ($extended_target)::text)
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN relations r ON r.oid = s.stxrelid"""
)

PARTITION_KEYS = objects(
    """SELECT 'partition', r.nspname, r.relname, r.relname, json_build_object('key', pg_get_partkeydef(r.oid),
    'default', (SELECT n.nspname || '.' || d.relname FROM pg_class d JOIN pg_namespace n ON n.oid = d.relnamespace
        WHERE d.oid = p.partdefid))
    FROM relations r JOIN pg_partitioned_table p ON p.partrelid = r.oid"""
)

PARTITION_BOUNDS = objects(
    """SELECT 'partition', r.nspname, r.relname, 'of ' || quote_ident(n.nspname) || '.' || quote_ident(p.relname),
    json_build_object('bound', pg_get_expr(c.relpartbound, c.oid),
        'detach', CASE WHEN $detach_pending THEN 'pending' END)
    FROM relations r JOIN pg_class c ON c.oid = r.oid JOIN pg_inherits h ON h.inhrelid = r.oid
    JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace WHERE r.relispartition"""
)

# Also what a table has only by inheritance, so that a column that it declares itself as well is told apart.
INHERITANCE = objects(
    """SELECT 'inheritance', r.nspname, r.relname, r.relname, json_build_object(
    'parents', string_agg(quote_ident(n.nspname) || '.' || quote_ident(p.relname), ', ' ORDER BY h.inhseqno),
    'own columns', (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal),
    'own constraints', (SELECT string_agg(quote_ident(k.conname), ', ' ORDER BY k.conname) FROM pg_constraint k
        WHERE k.conrelid = r.oid AND k.conislocal AND k.contype <> 'f'))
    FROM relations r JOIN pg_inherits h ON h.inhrelid = r.oid JOIN pg_class p ON p.oid = h.inhparent
    JOIN pg_namespace n ON n.oid = p.relnamespace GROUP BY r.oid, r.nspname, r.relname"""
)

# What the model has no word for.
CONSTRAINTS = objects(
    """SELECT 'constraint', r.nspname, r.relname, k.conname,
    json_build_object('definition', pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid LEFT JOIN pg_index i ON i.indexrelid = k.conindid
    WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 AND ($delete_columns IS NOT NULL OR NOT $enforced
    OR $period OR k.contype = 'p' AND i.indnatts > i.indnkeyatts)"""
)

# PostgreSQL 18 keeps NOT NULL by name; one with the name that PostgreSQL itself chooses says nothing more.
NOT_NULLS = objects(
    """SELECT 'not-null', r.nspname, r.relname, 'column ' || a.attname, json_build_object('name', k.conname,
    'no inherit', k.connoinherit::text, 'validated', k.convalidated::text)
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'n' AND (k.conname <> r.relname || '_' || a.attname || '_not_null' OR k.connoinherit
    OR NOT k.convalidated)"""
)

# Options of operator classes are only printed by the whole definition. An index that has nothing of all this, as most
# have not, is left out before anything is put together.
INDEX_STORAGE = objects(
    """SELECT 'storage', r.nspname, r.relname, 'index ' || c.relname, a
    FROM (SELECT i.indrelid, c.relname, json_strip_nulls(json_build_object('tablespace', s.spcname,
        'options', CASE WHEN c.reloptions IS NOT NULL AND EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid
            AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid) THEN c.reloptions::text END,
        'partition of', (SELECT quote_ident(p.relname) FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
            WHERE c.relispartition AND h.inhrelid = c.oid),
        'statistics targets', (SELECT string_agg(a.attnum || ': ' || $statistics_target, ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE i.indexprs IS NOT NULL AND a.attrelid = c.oid),
        'definition', CASE WHEN o.attrelid IS NOT NULL THEN pg_get_indexdef(c.oid) END))::text AS a
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
    LEFT JOIN (SELECT DISTINCT a.attrelid FROM pg_attribute a WHERE a.attoptions IS NOT NULL) o ON o.attrelid = c.oid
    WHERE i.indrelid IN (SELECT oid FROM relations) AND (c.reltablespace <> 0 OR c.reloptions IS NOT NULL
        OR c.relispartition OR i.indexprs IS NOT NULL OR o.attrelid IS NOT NULL)) c
    JOIN relations r ON r.oid = c.indrelid WHERE a <> '{}'"""
)

TABLE_QUERIES = (
    VIEWS,
    TRIGGERS,
    RULES,
    POLICIES,
    TABLE_STORAGE,
    COLUMN_STORAGE,
    COLUMN_STATISTICS,
    EXTENDED_STATISTICS,
    PARTITION_KEYS,
    PARTITION_BOUNDS,
    INHERITANCE,
    CONSTRAINTS,
    NOT_NULLS,
    INDEX_STORAGE,
)
