"""What a statement surely does, by PostgreSQL's own grammar."""

import pytest

from schemasync.migrate.grammar import TYPED
from schemasync.migrate.opacity import CASCADING
from schemasync.migrate.statements import _READERS as READERS
from schemasync.migrate.statements import read_statement

TOUCHES = {
    "UPDATE users SET a = 1": [("updates", "users")],
    "WITH x AS (DELETE FROM public.users RETURNING *) INSERT INTO y SELECT * FROM x": [
        ("inserts into", "y"),
        ("deletes from", "public.users"),
    ],
    "EXPLAIN ANALYZE DELETE FROM users": [("deletes from", "users")],
    "DROP TRIGGER t ON s.u": [("drops the trigger t of", "s.u")],
    "ALTER TABLE p ATTACH PARTITION users DEFAULT": [("alters", "p"), ("changes the partitions of", "users")],
    "CREATE TABLE c () INHERITS (users)": [("adds a child to", "users")],
    "SELECT setval('public.\"Users_id_seq\"', 3)": [
        ("sets the value (for good: setval is never rolled back) of", "public.Users_id_seq")
    ],
    "DO $$ BEGIN UPDATE users SET a = 1; END $$": [("updates", "users")],
    "LOCK TABLE users IN EXCLUSIVE MODE": [("locks", "users")],
    "LOCK TABLE users IN ROW SHARE MODE": [],
    "SELECT * FROM users FOR UPDATE": [],
    "COPY users TO STDOUT": [],
    "CREATE RULE r AS ON INSERT TO o DO ALSO DELETE FROM users": [("writes a rule of", "o")],
    "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM users; END": [],
    "ALTER TABLE o ADD FOREIGN KEY (a) REFERENCES users (id)": [("alters", "o")],
}
DENIED = (
    "COMMIT",
    "/* x */ ROLLBACK",
    "PREPARE TRANSACTION 'x'",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', true)",
    "SELECT dblink_exec('', '')",
    "ALTER ROLE x SUPERUSER",
    "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()",
    "COPY t FROM PROGRAM 'x'",
)
ALLOWED = ("SAVEPOINT s", "ROLLBACK TO SAVEPOINT s", "RELEASE s", "SET LOCAL lock_timeout = 1", "SELECT 1")


@pytest.mark.parametrize("sql", TOUCHES)
def test_touches(sql: str) -> None:
    reading = read_statement(sql)
    assert reading is not None
    assert [(touch.verb, ".".join(touch.name)) for touch in reading.touches] == TOUCHES[sql]


@pytest.mark.parametrize("sql", DENIED)
def test_denied(sql: str) -> None:
    reading = read_statement(sql)
    assert reading is not None
    assert reading.denials


@pytest.mark.parametrize("sql", ALLOWED)
def test_allowed(sql: str) -> None:
    reading = read_statement(sql)
    assert reading is not None
    assert (reading.touches, reading.denials) == ((), ())


def test_what_the_grammar_cannot_read_says_nothing() -> None:
    assert read_statement("FROBNICATE users") is None
    assert read_statement("SELECT 1" + " + 1" * 5000) is None


@pytest.mark.parametrize(
    ("sql", "outside"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (a)", True),
        ("CREATE INDEX i ON t (a)", False),
        ("VACUUM t", True),
        ("ANALYZE t", False),
        ("REINDEX TABLE t", False),
        ("REINDEX (CONCURRENTLY) TABLE t", True),
    ],
)
def test_what_runs_outside_of_transactions_only(sql: str, outside: bool) -> None:
    reading = read_statement(sql)
    assert reading is not None
    assert reading.outside is outside


def test_statements_in_fields_of_their_own_type_are_known_by_their_kind() -> None:
    """The tree names a node's kind only where any may stand; postgast has the types of all fields."""
    from postgast import pg_query_pb2

    found = {
        (name, field.json_name): field.message_type.name
        for name, message in pg_query_pb2.DESCRIPTOR.message_types_by_name.items()
        for field in message.fields
        if field.message_type is not None and name != "Node"
    }
    read = {*READERS, *CASCADING, "SelectStmt", "Constraint"}
    assert {place: kind for place, kind in found.items() if kind in read} == TYPED


def test_calls_in_fields_of_their_own_type_are_read() -> None:
    reading = read_statement("CALL dblink_exec('', '')")
    assert reading is not None
    assert (bool(reading.denials), reading.opaque) == (True, True)


def test_a_name_that_is_cut_within_a_character_is_read() -> None:
    reading = read_statement(f"DROP TABLE {'x' * 62}é")
    assert reading is not None
    assert [touch.verb for touch in reading.touches] == ["drops"]
