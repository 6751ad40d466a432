"""URLs, engines and connections: one message each, nothing written, each left as it was."""

from collections.abc import Callable
from typing import Any

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import pytest
import sqlalchemy
from databases import Database

from schemasync.errors import DatabaseError
from schemasync.schema.model import Schema
from schemasync.urls import connection_parameters
from schemasync.witnesses.catalog_connection import open_reader
from schemasync.witnesses.database import read_database

TABLES = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY, a int REFERENCES a)"


class CountingCursor(psycopg2.extensions.cursor):
    """Keeps what it is told to send."""

    sent: list[str] = []  # noqa: RUF012 - shared by design: the reader makes the cursors

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name
        self.sent.append(str(query))
        super().execute(query, vars)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are sent from now on through psycopg2's plain cursors."""
    CountingCursor.sent = []
    monkeypatch.setattr(psycopg2.extensions, "cursor", CountingCursor)
    return CountingCursor.sent


@pytest.mark.parametrize("complete", [False, True])
def test_one_message_reads_everything(database: Database, monkeypatch: pytest.MonkeyPatch, complete: bool) -> None:
    database.execute(TABLES)
    sent = counted(monkeypatch)
    found = read_database(database.url, complete=complete)
    assert len(found.tables) == 2
    assert len(sent) == 1


def test_one_message_within_a_transaction(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    database.execute(TABLES)
    connection = psycopg2.connect(database.url)
    connection.cursor().execute("SELECT 1")
    sent = counted(monkeypatch)
    assert len(read_database(connection).tables) == 2
    assert len(sent) == 1
    connection.close()


def spellings(url: str) -> dict[str, Any]:
    bare = url.partition("://")[2]
    return {
        "postgres": f"postgres://{bare}",
        "psycopg2": f"postgresql+psycopg2://{bare}",
        "psycopg": f"postgresql+psycopg://{bare}",
        "asyncpg": f"postgresql+asyncpg://{bare}",
        "prisma": f"postgresql://{bare}{'&' if '?' in bare else '?'}schema=public&connection_limit=5",
        "sqlalchemy URL": sqlalchemy.make_url(f"postgresql+psycopg2://{bare}"),
    }


@pytest.mark.parametrize("spelling", ["postgres", "psycopg2", "psycopg", "asyncpg", "prisma", "sqlalchemy URL"])
def test_any_spelling_of_a_url(database: Database, spelling: str) -> None:
    database.execute(TABLES)
    assert len(read_database(spellings(database.url)[spelling]).tables) == 2


def test_the_source_has_no_password(database: Database) -> None:
    database.execute(TABLES)
    password = connection_parameters(database.url).get("password")
    engine = sqlalchemy.create_engine(spellings(database.url)["psycopg2"])
    with engine.connect() as connection:
        for given in (database.url, engine, connection, database.connect()):
            source = read_database(given).source
            assert database.name in source
            assert password is None or password not in source
    engine.dispose()


def plain(url: str) -> Any:
    return psycopg2.connect(url)


def autocommit(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def serializable(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
    return connection


def with_dictionaries(url: str) -> Any:
    return psycopg2.connect(url, cursor_factory=psycopg2.extras.RealDictCursor)


@pytest.mark.parametrize("connect", [plain, autocommit, serializable, with_dictionaries])
def test_an_idle_connection_stays_idle(database: Database, connect: Callable[[str], Any]) -> None:
    database.execute(TABLES)
    connection = connect(database.url)
    before = (connection.autocommit, connection.isolation_level, connection.readonly, connection.deferrable)
    for complete in (False, True):
        assert len(read_database(connection, complete=complete).tables) == 2
        assert connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_IDLE
    assert before == (connection.autocommit, connection.isolation_level, connection.readonly, connection.deferrable)
    connection.close()


def test_a_transaction_goes_on_with_its_settings(database: Database) -> None:
    database.execute(TABLES)
    connection = psycopg2.connect(database.url)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET search_path = a, pg_catalog; SET LOCAL DateStyle = 'SQL, DMY'; SET LOCAL lock_timeout = '7s'"
        )
        cursor.execute("CREATE TABLE public.mine (id int)")
        for complete in (False, True):
            assert len(read_database(connection, complete=complete).tables) == 3
        assert connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_INTRANS
        cursor.execute(
            "SELECT current_setting('search_path'), current_setting('DateStyle'), current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == ("a, pg_catalog", "SQL, DMY", "7s")
        cursor.execute("CREATE TABLE public.more (id int)")
        connection.commit()
        cursor.execute("SELECT current_setting('search_path'), current_setting('DateStyle')")
        assert cursor.fetchone() == ("a, pg_catalog", "ISO, MDY")
    connection.close()
    assert len(read_database(database.url).tables) == 4


def test_within_a_transaction_the_same_is_read_as_outside(database: Database) -> None:
    database.execute(TABLES + "; CREATE TYPE e AS ENUM ('x'); ALTER TABLE a ADD e e DEFAULT 'x'")
    connection = database.connect()
    database_reading = [read_database(connection, complete=complete) for complete in (False, True)]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SET LOCAL search_path = ''; SET LOCAL quote_all_identifiers = on")
        assert [read_database(connection, complete=complete) for complete in (False, True)] == database_reading
        cursor.execute("ROLLBACK")


def test_a_savepoint_survives(database: Database) -> None:
    database.execute(TABLES)
    connection = psycopg2.connect(database.url)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE c (id int); SAVEPOINT here; CREATE TABLE d (id int)")
        assert len(read_database(connection).tables) == 4
        cursor.execute("ROLLBACK TO here")
        assert len(read_database(connection).tables) == 3
    connection.close()


def test_a_failed_transaction_is_refused(database: Database) -> None:
    connection = psycopg2.connect(database.url)
    with connection.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute("SELECT nothing")
    with pytest.raises(DatabaseError, match="has failed"):
        read_database(connection)
    connection.close()
    with pytest.raises(DatabaseError, match="closed"):
        read_database(connection)


def test_an_engine_and_its_connections(database: Database) -> None:
    database.execute(TABLES)
    engine = sqlalchemy.create_engine(spellings(database.url)["psycopg2"], pool_size=1, max_overflow=0)
    assert len(read_database(engine).tables) == 2
    with engine.connect() as connection:
        assert len(read_database(connection).tables) == 2
        assert not connection.in_transaction()
        connection.execute(sqlalchemy.text("CREATE TABLE c (id int)"))
        assert len(read_database(connection).tables) == 3
        assert connection.in_transaction()
    assert len(read_database(engine).tables) == 2
    engine.dispose()


def test_reading_writes_nothing(database: Database) -> None:
    database.execute(TABLES)
    database.execute(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    counters = "SELECT pg_current_wal_insert_lsn(), txid_snapshot_xmax(txid_current_snapshot())"
    database.execute("CHECKPOINT")
    before = database.execute(counters)
    for complete in (False, True):
        assert len(read_database(database.url, complete=complete).tables) == 2
    assert database.execute(counters)[0][1] == before[0][1]


def test_a_transaction_of_ours_cannot_write(database: Database) -> None:
    with (
        open_reader(database.url) as reader,
        pytest.raises(DatabaseError, match="cannot execute CREATE TABLE in a read-only transaction"),
    ):
        reader.rows("CREATE TABLE written (id int)")
    assert read_database(database.url).tables == ()


def test_the_roles_own_limits_do_not_cut_a_reading_short(database: Database) -> None:
    database.execute(f"ALTER DATABASE {database.name} SET statement_timeout = '50ms'")
    with open_reader(database.url) as reader:
        assert reader.rows("SELECT 'slept', pg_sleep(0.2)::text") == [("slept", "")]


def test_a_role_that_may_only_connect(database: Database) -> None:
    database.execute(
        TABLES + "; CREATE VIEW v AS SELECT * FROM a; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
        "CREATE POLICY p ON a USING (id > 0); REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC; "
        "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    )
    role = f"only_connects_to_{database.name}"
    database.execute(f"CREATE ROLE {role} LOGIN")
    try:
        owner = [read_database(database.url, complete=complete) for complete in (False, True)]
        connection = database.connect()
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
        lower: list[Schema] = [read_database(connection, complete=complete) for complete in (False, True)]
        assert [found.tables for found in lower] == [found.tables for found in owner]
        assert lower[1].objects == owner[1].objects
    finally:
        database.execute(f"DROP ROLE {role}")


def test_a_view_that_a_migration_holds_is_waited_for_only_so_long(database: Database) -> None:
    database.execute(TABLES + "; CREATE VIEW v AS SELECT * FROM a")
    migration = psycopg2.connect(database.url)
    migration.cursor().execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
    connection = psycopg2.connect(database.url)
    connection.cursor().execute("SET LOCAL lock_timeout = '100ms'")
    with pytest.raises(DatabaseError, match="lock timeout") as caught:
        read_database(connection, complete=True)
    assert "migration" in caught.value.hint
    connection.close()
    migration.close()
