"""The SQL for what only PostgreSQL knows: sequences, types, functions, operators and text search.

Each row is an object, as in `catalog_complete_tables`.
"""

from schemasync.witnesses.catalog_complete_tables import objects
from schemasync.witnesses.catalog_statement import EXTENSION_MEMBER


def own(oid: str, catalog: str) -> str:
    """That an object is no extension's."""
    return f"{oid} <> ALL (ARRAY{EXTENSION_MEMBER.format(catalog=catalog)})"


SEQUENCES = objects(
    f"""SELECT 'sequence', n.nspname, NULL, c.relname, json_build_object('type', format_type(s.seqtypid, NULL),
    'start', s.seqstart::text, 'increment', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text,
    'cache', s.seqcache::text, 'cycle', s.seqcycle::text,
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
    'owned by', quote_ident(m.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname),
    'identity', CASE d.deptype WHEN 'i' THEN 'yes' END)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN asked n ON n.oid = c.relnamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_namespace m ON m.oid = t.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE c.relpersistence <> 't' AND {own("c.oid", "pg_class")}"""
)

DOMAINS = objects(
    f"""SELECT 'domain', n.nspname, NULL, t.typname, json_build_object('type', format_type(t.typbasetype, t.typtypmod),
    'default', t.typdefault, 'not null', t.typnotnull::text,
    'collation', CASE WHEN t.typcollation <> b.typcollation THEN (SELECT quote_ident(m.nspname) || '.'
        || quote_ident(l.collname) FROM pg_collation l JOIN pg_namespace m ON m.oid = l.collnamespace
        WHERE l.oid = t.typcollation) END,
    'checks', (SELECT string_agg(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), E'\\n'
        ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid))
    FROM pg_type t JOIN asked n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
    WHERE t.typtype = 'd' AND {own("t.oid", "pg_type")}"""
)

COMPOSITE_TYPES = objects(
    f"""SELECT 'type', n.nspname, NULL, t.typname, json_build_object('kind', 'composite', 'attributes',
    (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attcollation <> b.typcollation THEN ' collate ' || quote_ident(l.collname) ELSE '' END, ', '
        ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
    FROM pg_type t JOIN asked n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype = 'c' AND c.relkind = 'c' AND {own("t.oid", "pg_type")}"""
)

RANGE_TYPES = objects(
    f"""SELECT 'type', n.nspname, NULL, t.typname, json_build_object('kind', 'range', 'subtype',
    format_type(r.rngsubtype, NULL), 'operator class', (SELECT o.opcname FROM pg_opclass o WHERE o.oid = r.rngsubopc),
    'collation', (SELECT l.collname FROM pg_collation l WHERE l.oid = r.rngcollation),
    'canonical', nullif(r.rngcanonical::text, '-'), 'difference', nullif(r.rngsubdiff::text, '-'),
    'multirange', $multirange)
    FROM pg_type t JOIN asked n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid
    WHERE t.typtype = 'r' AND {own("t.oid", "pg_type")}"""
)

BASE_TYPES = objects(
    f"""SELECT 'type', n.nspname, NULL, t.typname, json_build_object('kind', CASE WHEN t.typisdefined THEN 'base'
    ELSE 'shell' END, 'input', t.typinput::text, 'output', t.typoutput::text, 'receive', t.typreceive::text,
    'send', t.typsend::text, 'modifier in', t.typmodin::text, 'modifier out', t.typmodout::text,
    'analyze', t.typanalyze::text, 'subscript', ($subscript)::text, 'length', t.typlen::text,
    'by value', t.typbyval::text,
    'category', t.typcategory::text, 'preferred', t.typispreferred::text, 'delimiter', t.typdelim::text,
    'alignment', t.typalign::text, 'storage', t.typstorage::text, 'default', t.typdefault,
    'element', CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END)
    FROM pg_type t JOIN asked n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('b', 'p') AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    AND {own("t.oid", "pg_type")}"""
)

FUNCTIONS = objects(
    f"""SELECT 'function', n.nspname, NULL, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    json_build_object('definition', pg_get_functiondef(p.oid))
    FROM pg_proc p JOIN asked n ON n.oid = p.pronamespace WHERE p.prokind <> 'a' AND {own("p.oid", "pg_proc")}"""
)

AGGREGATES = objects(
    f"""SELECT 'function', n.nspname, NULL, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    json_build_object('kind', 'aggregate', 'arguments', pg_get_function_arguments(p.oid), 'result',
    pg_get_function_result(p.oid), 'parallel', p.proparallel::text, 'aggregate kind', a.aggkind::text,
    'direct arguments', a.aggnumdirectargs::text, 'transition', a.aggtransfn::text, 'final', a.aggfinalfn::text,
    'combine', a.aggcombinefn::text, 'serialize', a.aggserialfn::text, 'deserialize', a.aggdeserialfn::text,
    'moving transition', a.aggmtransfn::text, 'moving inverse', a.aggminvtransfn::text,
    'moving final', a.aggmfinalfn::text,
    'final extra', a.aggfinalextra::text || a.aggmfinalextra::text,
    'final modify', a.aggfinalmodify::text || a.aggmfinalmodify::text, 'sort operator', a.aggsortop::regoperator::text,
    'state', format_type(a.aggtranstype, NULL), 'state size', a.aggtransspace::text, 'initial', a.agginitval,
    'moving state', format_type(nullif(a.aggmtranstype, 0), NULL), 'moving state size', a.aggmtransspace::text,
    'moving initial', a.aggminitval)
    FROM pg_proc p JOIN asked n ON n.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid
    WHERE {own("p.oid", "pg_proc")}"""
)

OPERATORS = objects(
    f"""SELECT 'operator', n.nspname, NULL, o.oprname || '(' || CASE WHEN o.oprleft = 0 THEN 'NONE'
    ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL) || ')',
    json_build_object('owner', pg_get_userbyid(o.oprowner),
    'function', o.oprcode::text, 'commutator', o.oprcom::regoperator::text, 'negator', o.oprnegate::regoperator::text,
    'restrict', o.oprrest::text, 'join', o.oprjoin::text, 'merges', o.oprcanmerge::text, 'hashes', o.oprcanhash::text)
    FROM pg_operator o JOIN asked n ON n.oid = o.oprnamespace WHERE {own("o.oid", "pg_operator")}"""
)

OPERATOR_CLASSES = objects(
    f"""SELECT 'operator', n.nspname, NULL, 'class ' || o.opcname || ' using ' || m.amname,
    json_build_object('owner', pg_get_userbyid(o.opcowner),
    'type', format_type(o.opcintype, NULL), 'default', o.opcdefault::text, 'family', f.opfname,
    'storage', CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END)
    FROM pg_opclass o JOIN asked n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod
    JOIN pg_opfamily f ON f.oid = o.opcfamily WHERE {own("o.oid", "pg_opclass")}"""
)

OPERATOR_FAMILIES = objects(
    f"""SELECT 'operator', n.nspname, NULL, 'family ' || f.opfname || ' using ' || m.amname,
    json_build_object('owner', pg_get_userbyid(f.opfowner),
    'operators', (SELECT string_agg(o.amopstrategy || ' ' || o.amopopr::regoperator::text || ' ' || o.amoppurpose::text
        || coalesce(' ' || s.opfname, ''), ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
        FROM pg_amop o LEFT JOIN pg_opfamily s ON s.oid = o.amopsortfamily WHERE o.amopfamily = f.oid),
    'functions', (SELECT string_agg(p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', '
        || format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure::text, ', '
        ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE "C") FROM pg_amproc p WHERE p.amprocfamily = f.oid))
    FROM pg_opfamily f JOIN asked n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
    WHERE {own("f.oid", "pg_opfamily")}"""
)

COLLATIONS = objects(
    f"""SELECT 'collation', n.nspname, NULL, k.collname, json_build_object('owner', pg_get_userbyid(k.collowner),
    'provider', k.collprovider::text, 'collate',
    k.collcollate, 'ctype', k.collctype, 'deterministic', k.collisdeterministic::text, 'locale',
    coalesce($collation_locale, $icu_locale), 'rules', $icu_rules, 'encoding',
    CASE WHEN k.collencoding >= 0 THEN pg_encoding_to_char(k.collencoding) END)
    FROM pg_collation k JOIN asked n ON n.oid = k.collnamespace WHERE {own("k.oid", "pg_collation")}"""
)

CONVERSIONS = objects(
    f"""SELECT 'conversion', n.nspname, NULL, c.conname, json_build_object('owner', pg_get_userbyid(c.conowner),
    'from', pg_encoding_to_char(c.conforencoding),
    'to', pg_encoding_to_char(c.contoencoding), 'function', c.conproc::text, 'default', c.condefault::text)
    FROM pg_conversion c JOIN asked n ON n.oid = c.connamespace WHERE {own("c.oid", "pg_conversion")}"""
)

TEXT_SEARCH_CONFIGURATIONS = objects(
    f"""SELECT 'text-search', n.nspname, NULL, 'configuration ' || c.cfgname,
    json_build_object('owner', pg_get_userbyid(c.cfgowner),
    'parser',
    (SELECT quote_ident(m.nspname) || '.' || quote_ident(p.prsname) FROM pg_ts_parser p
        JOIN pg_namespace m ON m.oid = p.prsnamespace WHERE p.oid = c.cfgparser),
    'mapping', (SELECT string_agg(m.maptokentype || ' ' || m.mapdict::regdictionary::text, ', '
        ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))
    FROM pg_ts_config c JOIN asked n ON n.oid = c.cfgnamespace WHERE {own("c.oid", "pg_ts_config")}"""
)

TEXT_SEARCH_DICTIONARIES = objects(
    f"""SELECT 'text-search', n.nspname, NULL, 'dictionary ' || d.dictname,
    json_build_object('owner', pg_get_userbyid(d.dictowner),
    'template',
    (SELECT quote_ident(m.nspname) || '.' || quote_ident(t.tmplname) FROM pg_ts_template t
        JOIN pg_namespace m ON m.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate), 'options', d.dictinitoption)
    FROM pg_ts_dict d JOIN asked n ON n.oid = d.dictnamespace WHERE {own("d.oid", "pg_ts_dict")}"""
)

TEXT_SEARCH_TEMPLATES = objects(
    f"""SELECT 'text-search', n.nspname, NULL, 'template ' || t.tmplname, json_build_object('init', t.tmplinit::text,
    'lexize', t.tmpllexize::text)
    FROM pg_ts_template t JOIN asked n ON n.oid = t.tmplnamespace WHERE {own("t.oid", "pg_ts_template")}"""
)

TEXT_SEARCH_PARSERS = objects(
    f"""SELECT 'text-search', n.nspname, NULL, 'parser ' || p.prsname, json_build_object('start', p.prsstart::text,
    'token', p.prstoken::text, 'end', p.prsend::text, 'headline', p.prsheadline::text, 'types', p.prslextype::text)
    FROM pg_ts_parser p JOIN asked n ON n.oid = p.prsnamespace WHERE {own("p.oid", "pg_ts_parser")}"""
)

TYPE_QUERIES = (
    SEQUENCES,
    DOMAINS,
    COMPOSITE_TYPES,
    RANGE_TYPES,
    BASE_TYPES,
    FUNCTIONS,
    AGGREGATES,
    OPERATORS,
    OPERATOR_CLASSES,
    OPERATOR_FAMILIES,
    COLLATIONS,
    CONVERSIONS,
    TEXT_SEARCH_CONFIGURATIONS,
    TEXT_SEARCH_DICTIONARIES,
    TEXT_SEARCH_TEMPLATES,
    TEXT_SEARCH_PARSERS,
)
