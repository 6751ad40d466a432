"""Runs of hostile and legitimate migrations, and how it is told from outside whether one got through."""

import json
import secrets
from contextlib import closing
from typing import Any

import psycopg2
from attacks.hostile_deeper import HOSTILE_DEEPER
from attacks.hostile_drivers import HOSTILE_DRIVERS
from attacks.hostile_python import HOSTILE_PYTHON
from attacks.hostile_sql import HOSTILE_SQL
from attacks.taking_apart import TAKING_APART
from databases import Database
from fence_project import DECLARED

from schemasync.migrate.facts import protected_facts, read_facts
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.protected import protection
from schemasync.ownership import Ownership
from schemasync.urls import connection_parameters

IN_SQL = {**HOSTILE_SQL, **HOSTILE_DEEPER}
IN_PYTHON = {**HOSTILE_PYTHON, **HOSTILE_DRIVERS, **TAKING_APART}
HOSTILE = (*HOSTILE_SQL, *HOSTILE_DEEPER, *HOSTILE_PYTHON, *HOSTILE_DRIVERS)

# Rows of everything that is not Alembic's, and where its sequences stand.
TABLES = ("users", "sessions", "badges", "legacy", "_prisma_migrations", "active_users")
# What belongs to the database or its server, and is read by other means than the fence's.
ELSEWHERE = (
    "SELECT oid::text, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1",
    "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf' ORDER BY 1",
    "SELECT datconnlimit, datallowconn, datacl::text, shobj_description(oid, 'pg_database') FROM pg_database "
    "WHERE datname = current_database()",
    "SELECT rolpassword FROM pg_authid WHERE rolname = 'fence_application'",
)
SEQUENCES = ("users_id_seq", "sessions_id_seq", "badges_id_seq", "legacy_id_seq")


def hostile_body(name: str, database: Database) -> str:
    """The body of upgrade() of a hostile migration."""
    if name in IN_PYTHON:
        return f"URL = {database.url!r}\n{IN_PYTHON[name]}"
    parameters = connection_parameters(database.url)
    values = {
        "{role}": f"role_{secrets.token_hex(4)}",
        "{dsn}": database.url,
        "{options}": ", ".join(f"{name} '{parameters[name]}'" for name in ("host", "port", "dbname")),
        "{login}": ", ".join(f"{name} '{parameters[name]}'" for name in ("user", "password") if name in parameters),
    }
    lines = []
    for statement in IN_SQL[name]:
        for placeholder, value in values.items():
            statement = statement.replace(placeholder, value)
        lines.append(f"op.get_bind().exec_driver_sql({statement.replace('%', '%%')!r})")
    return "\n".join(lines)


def protected_state(database: Database) -> dict[str, Any]:
    """All that must stay as it is, read by other means than the fence's where rows are concerned."""
    parameters: dict[str, Any] = dict(connection_parameters(database.url))
    with closing(psycopg2.connect(**parameters)) as connection:
        connection.autocommit = True
        divided = protection(read_inventory(connection), DECLARED, Ownership())
        facts = protected_facts(read_facts(connection), divided)
    state: dict[str, Any] = {"facts": facts}
    for table in TABLES:
        try:
            state[table] = json.dumps(database.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY 1"))
        except psycopg2.Error as error:
            state[table] = type(error).__name__
    for question in ELSEWHERE:
        state[question] = database.execute(question)
    for sequence in SEQUENCES:
        try:
            state[sequence] = database.execute(f"SELECT last_value, is_called FROM {sequence}")
        except psycopg2.Error as error:
            state[sequence] = type(error).__name__
    return state
