"""The services' versions of a rehearsal: how each one's statements are sent, and with which rows."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemasync.compatibility import Service
from schemasync.release.rehearsal_statements import client_statements
from schemasync.release.rehearsal_trials import FAILED, LIMIT, PASSED, Trial, judged_code
from schemasync.release.rehearsal_worker import ModelProcess
from schemasync.release.synthetic_rows import Row, RowMaker, sql_name
from schemasync.schema.model import Schema, Table
from schemasync.schema.names import quote

# Beyond the numbers of the rows that are there.
_FRESH = 100_000


@dataclass(slots=True)
class Troupe:
    """The versions that run at some time in a release.

    Args:
        services: by name.
        processes: the back ends' models, by the version's name.
        absent: why a version's statements cannot be tried, by its name.
        written: the versions whose models are not their own, but written from what is known of them.
        untold: why a table's INSERT was not tried, by the table.
    """

    services: Mapping[str, Service]
    processes: Mapping[str, ModelProcess] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    written: Sequence[str] = ()
    untold: dict[tuple[str, str], str] = field(default_factory=dict)

    def in_common(self, names: Sequence[str], state: Schema) -> Schema:
        """A state whose enums have only the values that all these versions know: nobody writes any other yet."""
        enums = []
        for enum in state.enums:
            values = enum.values
            for name in names:
                known = self.services[name].facts.enum_by_key.get(enum.key)
                if known is not None:
                    values = tuple(value for value in values if value in known.values)
            enums.append(dataclasses.replace(enum, values=values or enum.values))
        return dataclasses.replace(state, enums=tuple(enums))

    def trials(self, name: str, url: str, maker: RowMaker) -> list[Trial]:
        """Try one version's statements on the database as it is now.

        Raises:
            ModelImportError: its models' process ended.
        """
        if name in self.absent:
            return []
        service = self.services[name]
        if service.client == "sqlalchemy":
            return self.processes[name].trials(url, dict(self._answers(service, maker)))
        return [trial for table in service.facts.tables for trial in self._of_client(service, table, maker)]

    def _answers(self, service: Service, maker: RowMaker) -> Iterator[tuple[str, Any]]:
        """What the process that tries the models must know of each table."""
        for known in service.facts.tables:
            there = maker.schema.table_by_key.get(known.key)
            if there is None:
                continue
            candidate, existing = self._rows(there, maker)
            yield (
                f"{known.schema}.{known.name}",
                {
                    "candidate": candidate,
                    "existing": existing,
                    "types": {column.name: str(column.type) for column in there.columns},
                    "enums": [
                        column.name
                        for column in there.columns
                        if (column.type.schema or "public", column.type.name) in maker.schema.enum_by_key
                    ],
                    "constructed": [column.name for column in known.columns if column.client_default is not None],
                },
            )

    def _of_client(self, service: Service, known: Table, maker: RowMaker) -> Iterator[Trial]:
        import psycopg2

        if known.kind in ("view", "materialized view"):
            return
        there = maker.schema.table_by_key.get(known.key)
        candidate, existing = self._rows(there, maker) if there is not None else (None, None)
        for one in client_statements(known, service.facts, existing=existing, candidate=candidate):
            trial = Trial(service.name, one.statement, one.variant, known.schema, known.name, PASSED)
            with maker.opened.cursor() as cursor:
                cursor.execute("BEGIN")
                try:
                    cursor.execute(one.sql, one.values)
                    unknown = _unknown_value(known, service.facts, cursor.fetchmany(LIMIT))
                    if unknown:
                        trial = dataclasses.replace(trial, outcome=FAILED, reason=unknown)
                except psycopg2.Error as error:
                    code = error.pgcode or ""
                    reason = " ".join(str(error.diag.message_primary or error).split())
                    outcome = judged_code(one.statement, code)
                    trial = dataclasses.replace(trial, outcome=outcome, reason=reason, code=code)
                finally:
                    cursor.execute("ROLLBACK")
            yield trial

    def _rows(self, there: Table, maker: RowMaker) -> tuple[Row | None, Row | None]:
        """A row for an INSERT, and one that is there; neither for a view."""
        if there.kind not in ("table", "partitioned table"):
            return None, None
        candidate, reason = maker.candidate(there, _FRESH)
        if candidate is None:
            self.untold.setdefault(there.key, reason)
        else:
            self.untold.pop(there.key, None)
        names = [column.name for column in there.columns]
        with maker.opened.cursor() as cursor:
            wanted = ", ".join(f"{quote(name)}::text" for name in names)
            cursor.execute(f"SELECT {wanted} FROM {sql_name(there)} ORDER BY ctid LIMIT 1")
            found = cursor.fetchone()
        existing = dict(zip(names, found, strict=True)) if found is not None and names else None
        return candidate, existing


def _unknown_value(known: Table, facts: Schema, rows: Sequence[Sequence[Any]]) -> str:
    """Why Prisma's client fails to read rows, in its own words: a value that its enum does not have."""
    for place, column in enumerate(known.columns):
        enum = facts.enum_by_key.get((column.type.schema or "public", column.type.name))
        if enum is None:
            continue
        for row in rows:
            for value in row[place] if isinstance(row[place], list) else [row[place]]:
                if value is not None and value not in enum.values:
                    return f"Value '{value}' not found in enum '{enum.model or enum.name}' ({column.name})"
    return ""
