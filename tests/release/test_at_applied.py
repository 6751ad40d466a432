"""`schemasync check --at-applied` on the example, whose two histories each build their own enums."""

import psycopg2

from schemasync.demo import running_example
from schemasync.project import check


def test_the_database_is_what_its_migrations_build_and_then_it_is_not() -> None:
    with running_example(lambda _: None) as example:
        _, found = check(example.configuration, at_applied=True)
        assert found.drifts == ()
        connection = psycopg2.connect(example.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("ALTER TYPE job_status ADD VALUE 'BY HAND'; CREATE TYPE stray AS ENUM ('a')")
            cursor.execute("ALTER TABLE users DROP image; CREATE TABLE strange (id int)")
        connection.close()
        _, found = check(example.configuration, at_applied=True)
        assert sorted((one.kind, one.table or one.object) for one in found.drifts) == [
            ("column-missing", "users"),
            ("enum-extra", "stray"),
            ("enum-values", "job_status"),
            ("table-extra", "strange"),
        ]
