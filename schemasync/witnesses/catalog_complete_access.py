"""The SQL for what only PostgreSQL knows: owners, privileges, comments, and what belongs to the whole database.

Each row is an object, as in `catalog_complete_tables`. Options of user mappings and connection strings of
subscriptions hold passwords, and settings of roles and databases may: they are left out.
"""

from schemasync.witnesses.catalog_complete_privileges import granted, privileges
from schemasync.witnesses.catalog_complete_tables import objects
from schemasync.witnesses.catalog_complete_types import own
from schemasync.witnesses.catalog_statement import Query

# The first oid that is not PostgreSQL's own (`FirstNormalObjectId`).
_FIRST = 16384


def _owner(column: str) -> str:
    return f"json_build_object('owner', pg_get_userbyid({column}))"


def _privilege(schema: str, table: str, name: str, acl: str, kind: str, owner: str, source: str) -> Query:
    return objects(
        f"SELECT 'privilege', {schema}, {table}, {name}, {privileges(acl, owner)} {source} "
        f"{'AND' if 'WHERE' in source else 'WHERE'} {granted(acl, kind, owner)}"
    )


_FUNCTION = "p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'"
_RELATIONS = "FROM relations r JOIN pg_class c ON c.oid = r.oid"
# A sequence that belongs to a column follows its table's owner.
_SEQUENCES = f"""FROM pg_class c JOIN asked n ON n.oid = c.relnamespace WHERE c.relkind = 'S'
    AND c.relpersistence <> 't' AND {own("c.oid", "pg_class")}"""
_FREE_SEQUENCES = (
    _SEQUENCES
    + """ AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))"""
)
_TYPES = f"""FROM pg_type t JOIN asked n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('b', 'd', 'e', 'r') OR c.relkind = 'c') AND t.typelem = 0 AND {own("t.oid", "pg_type")}"""
_FUNCTIONS = f"FROM pg_proc p JOIN asked n ON n.oid = p.pronamespace WHERE {own('p.oid', 'pg_proc')}"
_SCHEMAS = "FROM pg_namespace s JOIN asked n ON n.oid = s.oid"

OWNER_QUERIES = (
    objects(f"SELECT 'owner', r.nspname, r.relname, r.relname, {_owner('c.relowner')} {_RELATIONS}"),
    objects(f"SELECT 'owner', n.nspname, NULL, 'sequence ' || c.relname, {_owner('c.relowner')} {_FREE_SEQUENCES}"),
    objects(f"SELECT 'owner', n.nspname, NULL, 'type ' || t.typname, {_owner('t.typowner')} {_TYPES}"),
    objects(f"SELECT 'owner', n.nspname, NULL, 'function ' || {_FUNCTION}, {_owner('p.proowner')} {_FUNCTIONS}"),
    objects(f"SELECT 'owner', n.nspname, NULL, 'schema', {_owner('s.nspowner')} {_SCHEMAS}"),
)

PRIVILEGE_QUERIES = (
    _privilege("r.nspname", "r.relname", "r.relname", "c.relacl", "r", "c.relowner", _RELATIONS),
    _privilege(
        "r.nspname",
        "r.relname",
        "'column ' || a.attname",
        "a.attacl",
        "c",
        "c.relowner",
        f"{_RELATIONS} JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped",
    ),
    _privilege("n.nspname", "NULL", "'sequence ' || c.relname", "c.relacl", "s", "c.relowner", _SEQUENCES),
    _privilege("n.nspname", "NULL", "'type ' || t.typname", "t.typacl", "T", "t.typowner", _TYPES),
    _privilege("n.nspname", "NULL", f"'function ' || {_FUNCTION}", "p.proacl", "f", "p.proowner", _FUNCTIONS),
    _privilege("n.nspname", "NULL", "'schema'", "s.nspacl", "n", "s.nspowner", _SCHEMAS),
    _privilege("''", "NULL", "'language ' || l.lanname", "l.lanacl", "l", "l.lanowner", "FROM pg_language l"),
    _privilege(
        "''",
        "NULL",
        "'foreign-data wrapper ' || w.fdwname",
        "w.fdwacl",
        "F",
        "w.fdwowner",
        "FROM pg_foreign_data_wrapper w",
    ),
    _privilege("''", "NULL", "'server ' || v.srvname", "v.srvacl", "S", "v.srvowner", "FROM pg_foreign_server v"),
    objects(
        f"""SELECT 'privilege', coalesce(n.nspname, ''), NULL,
        'default for ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
        WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
        WHEN 'L' THEN 'large objects' ELSE d.defaclobjtype::text END
        || ' of ' || quote_ident(pg_get_userbyid(d.defaclrole)),
        {privileges("d.defaclacl", "d.defaclrole")}
        FROM pg_default_acl d LEFT JOIN asked n ON n.oid = d.defaclnamespace
        WHERE d.defaclnamespace = 0 OR n.oid IS NOT NULL"""
    ),
)

# Comments on tables, columns and enums are the model's own; those on schemas and extensions stand with them.
_ATTACHED = (
    ("constraint", "pg_constraint", "conname", "conrelid"),
    ("trigger", "pg_trigger", "tgname", "tgrelid"),
    ("policy", "pg_policy", "polname", "polrelid"),
    ("rule", "pg_rewrite", "rulename", "ev_class"),
)
_ATTACHED_CLASSES = ", ".join(f"'{catalog}'::regclass" for _, catalog, *_ in _ATTACHED)
COMMENT_QUERIES = (
    *(
        objects(
            f"SELECT 'comment', r.nspname, r.relname, '{word} ' || o.{name}, json_build_object('text', d.description) "
            f"FROM pg_description d JOIN {catalog} o ON o.oid = d.objoid JOIN relations r ON r.oid = o.{relation} "
            f"WHERE d.classoid = '{catalog}'::regclass"
        )
        for word, catalog, name, relation in _ATTACHED
    ),
    objects(
        f"""SELECT 'comment', coalesce(i.schema, ''), NULL, i.type || ' ' || i.identity, json_build_object('text',
        d.description)
        FROM pg_description d LEFT JOIN pg_type t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid
        LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
        CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
        WHERE d.objoid >= {_FIRST} AND (d.classoid NOT IN ({_ATTACHED_CLASSES}, 'pg_namespace'::regclass,
            'pg_extension'::regclass, 'pg_largeobject'::regclass) OR k.contypid IN (SELECT y.oid FROM pg_type y
            JOIN asked n ON n.oid = y.typnamespace))
        AND NOT (d.classoid = 'pg_class'::regclass AND d.objoid IN (SELECT oid FROM relations))
        AND coalesce(t.typtype, 'x') <> 'e' AND (i.schema IS NULL OR i.schema IN (SELECT nspname FROM asked))
        AND NOT EXISTS (SELECT FROM pg_depend e
            WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')"""
    ),
    objects(
        """SELECT 'security-label', coalesce(i.schema, ''), NULL, i.type || ' ' || i.identity,
        json_object_agg(s.provider, s.label ORDER BY s.provider COLLATE "C")
        FROM pg_seclabel s CROSS JOIN LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) AS i
        WHERE i.schema IS NULL OR i.schema IN (SELECT nspname FROM asked) GROUP BY i.schema, i.type, i.identity"""
    ),
)

SCHEMAS = objects(
    """SELECT 'schema', n.nspname, NULL, n.nspname, json_build_object('comment', obj_description(n.oid, 'pg_namespace'))
    FROM asked n"""
)

EXTENSIONS = objects(
    """SELECT 'extension', '', NULL, e.extname, json_build_object('version', e.extversion, 'schema', n.nspname,
    'comment', obj_description(e.oid, 'pg_extension'))
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"""
)

PUBLICATIONS = objects(
    """SELECT 'publication', '', NULL, p.pubname, json_build_object('owner', pg_get_userbyid(p.pubowner),
    'all tables', p.puballtables::text, 'insert', p.pubinsert::text, 'update', p.pubupdate::text, 'delete',
    p.pubdelete::text, 'truncate', p.pubtruncate::text, 'via root', p.pubviaroot::text, 'generated', $generated_columns,
    'schemas', $publication_schemas,
    'tables', (SELECT string_agg(quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum = ANY ($publication_columns)) || ')', '')
        || coalesce(' where ' || $publication_filter, ''), ', ' ORDER BY n.nspname, c.relname)
        FROM pg_publication_rel m JOIN pg_class c ON c.oid = m.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE m.prpubid = p.oid))
    FROM pg_publication p"""
)

SUBSCRIPTIONS = objects(
    """SELECT 'subscription', '', NULL, s.subname, json_build_object('owner', pg_get_userbyid(s.subowner),
    'publications', s.subpublications::text, 'slot', s.subslotname, 'synchronous commit', $subscription_commit,
    'binary', $subscription_binary, 'streaming', $subscription_stream, 'two phases', $subscription_two_phase,
    'on error', $subscription_on_error, 'password', $subscription_password, 'run as', $subscription_run_as,
    'origin', $subscription_origin, 'failover', $subscription_failover)
    FROM pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"""
)

EVENT_TRIGGERS = objects(
    """SELECT 'event-trigger', '', NULL, e.evtname, json_build_object('owner', pg_get_userbyid(e.evtowner), 'event',
    e.evtevent, 'function', e.evtfoid::regprocedure::text, 'tags', e.evttags::text, 'state', CASE e.evtenabled
    WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replica' ELSE 'enabled always' END)
    FROM pg_event_trigger e WHERE """
    + own("e.oid", "pg_event_trigger")
)

CASTS = objects(
    f"""SELECT 'cast', '', NULL, format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL),
    json_build_object('function', CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END, 'context',
    CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END, 'method',
    CASE c.castmethod WHEN 'f' THEN 'function' WHEN 'i' THEN 'input and output' ELSE 'binary' END)
    FROM pg_cast c WHERE c.oid >= {_FIRST} AND {own("c.oid", "pg_cast")}"""
)

TRANSFORMS = objects(
    f"""SELECT 'language', '', NULL, 'transform ' || format_type(t.trftype, NULL) || ' for ' || l.lanname,
    json_build_object('from',    t.trffromsql::regprocedure::text, 'to', t.trftosql::regprocedure::text)
    FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
    WHERE t.oid >= {_FIRST} AND {own("t.oid", "pg_transform")}"""
)

LANGUAGES = objects(
    f"""SELECT 'language', '', NULL, l.lanname, json_build_object('owner', pg_get_userbyid(l.lanowner), 'trusted',
    l.lanpltrusted::text, 'handler', l.lanplcallfoid::regproc::text, 'inline', l.laninline::regproc::text, 'validator',
    l.lanvalidator::regproc::text)
    FROM pg_language l WHERE l.oid >= {_FIRST} AND {own("l.oid", "pg_language")}"""
)

ACCESS_METHODS = objects(
    f"""SELECT 'access-method', '', NULL, m.amname, json_build_object('type', m.amtype::text, 'handler',
    m.amhandler::regproc::text)
    FROM pg_am m WHERE m.oid >= {_FIRST} AND {own("m.oid", "pg_am")}"""
)

FOREIGN_DATA_WRAPPERS = objects(
    """SELECT 'foreign-server', '', NULL, 'wrapper ' || w.fdwname,
    json_build_object('owner', pg_get_userbyid(w.fdwowner),
    'handler', nullif(w.fdwhandler, 0)::regproc::text, 'validator', nullif(w.fdwvalidator, 0)::regproc::text,
    'options', w.fdwoptions::text)
    FROM pg_foreign_data_wrapper w WHERE """
    + own("w.oid", "pg_foreign_data_wrapper")
)

SERVERS = objects(
    """SELECT 'foreign-server', '', NULL, v.srvname, json_build_object('owner', pg_get_userbyid(v.srvowner),
    'wrapper', w.fdwname, 'type', v.srvtype, 'version', v.srvversion,
    'options', (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C")
        FROM unnest(v.srvoptions) AS o WHERE o !~* '^[a-z_]*(password|secret|key|token)[a-z_]*='))
    FROM pg_foreign_server v JOIN pg_foreign_data_wrapper w ON w.oid = v.srvfdw WHERE """
    + own("v.oid", "pg_foreign_server")
)

USER_MAPPINGS = objects(
    """SELECT 'foreign-server', '', NULL, 'mapping of ' || quote_ident(m.usename) || ' on ' || quote_ident(m.srvname),
    json_build_object()
    FROM pg_user_mappings m"""
)

ACCESS_QUERIES = (
    *OWNER_QUERIES,
    *PRIVILEGE_QUERIES,
    *COMMENT_QUERIES,
    SCHEMAS,
    EXTENSIONS,
    PUBLICATIONS,
    SUBSCRIPTIONS,
    EVENT_TRIGGERS,
    CASTS,
    TRANSFORMS,
    LANGUAGES,
    ACCESS_METHODS,
    FOREIGN_DATA_WRAPPERS,
    SERVERS,
    USER_MAPPINGS,
)
