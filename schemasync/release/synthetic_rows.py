"""Made-up rows in a scratch database: keys, enums, foreign keys and CHECK constraints are heeded, PostgreSQL judges."""

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schemasync.release.synthetic_checks import CheckedTable, checked_tables, satisfied
from schemasync.release.synthetic_values import natural_value
from schemasync.schema.model import Column, ForeignKey, Schema, Table
from schemasync.schema.names import quote
from schemasync.schema.types import DataType, parse_type

if TYPE_CHECKING:
    from psycopg2.extensions import connection

Key = tuple[str, str]
Row = dict[str, str | None]
# Other numbers make other unique values; by a prime, so that they differ whatever few parents or enum values there are.
_OTHER_NUMBERS = tuple(range(0, 24 * 1_009, 1_009))
# A key that refers to a parent once only leaves some of them free, for the rows that services insert.
_FREE_PARENTS = 2
_REFUSALS_BEFORE_GIVING_UP = 3


@dataclass(frozen=True, slots=True)
class Filled:
    """What a database was filled with.

    Args:
        rows: how many rows each table was given.
        reasons: why a table was given none, or fewer.
    """

    rows: Mapping[Key, int] = field(default_factory=dict)
    reasons: Mapping[Key, str] = field(default_factory=dict)


def fill(
    opened: "connection",
    schema: Schema,
    rows: int,
    *,
    only: Collection[Key] | None = None,
    may_be_null: Callable[[Key, str], bool] = lambda _table, _column: True,
) -> Filled:
    """Fill a scratch database's tables with made-up rows, parents before their children.

    Args:
        opened: a connection to it, in autocommit mode.
        schema: what it states.
        rows: how many rows each table is to have.
        only: the tables to fill; all by default.
        may_be_null: whether a nullable column is to be NULL in some rows.
    """
    maker = RowMaker(opened, schema, may_be_null)
    counts: dict[Key, int] = {}
    reasons: dict[Key, str] = {}
    for table in _parents_first(schema.tables):
        if table.kind not in ("table", "partitioned table") or (only is not None and table.key not in only):
            continue
        made, reason = _fill(maker, table, rows)
        counts[table.key] = made
        if reason:
            reasons[table.key] = reason
    return Filled(counts, reasons)


def _fill(maker: "RowMaker", table: Table, rows: int) -> tuple[int, str]:
    made = refused = 0
    reason = ""
    for number in range(rows):
        found = maker.inserted(table, number)
        if isinstance(found, str):
            reason = reason or found
            refused += 1
            if refused >= _REFUSALS_BEFORE_GIVING_UP:
                break
        else:
            made += 1
    return made, reason if made == 0 else ""


class RowMaker:
    """Makes rows for the tables of one scratch database, as they stand at this moment.

    Args:
        opened: a connection in autocommit mode.
        schema: what the database states.
        may_be_null: whether a nullable column is to be NULL in some rows.
    """

    def __init__(
        self,
        opened: "connection",
        schema: Schema,
        may_be_null: Callable[[Key, str], bool] = lambda _table, _column: True,
    ) -> None:
        self.opened, self.schema, self.may_be_null = opened, schema, may_be_null
        self._checked = checked_tables(opened)

    def inserted(self, table: Table, number: int) -> Row | str:
        """Insert a row; what it holds, as text, or why PostgreSQL took none."""
        row, reason = self._tried(table, number, keep=True)
        return row if row is not None and not reason else reason

    def candidate(self, table: Table, number: int) -> tuple[Row | None, str]:
        """A row for an INSERT, tried and taken back; and what PostgreSQL has against it, nothing as a rule."""
        return self._tried(table, number, keep=False)

    def _tried(self, table: Table, number: int, *, keep: bool) -> tuple[Row | None, str]:
        import psycopg2

        row: Row | None = None
        reason = "no row could be made up"
        for sparse in (True, False) if keep and number % 3 == 1 else (False,):
            for more in _OTHER_NUMBERS:
                try:
                    row = self._row(table, number + more, sparse=sparse, spare=keep)
                    return self._sent(table, row, keep=keep), ""
                except psycopg2.Error as error:
                    reason = " ".join(str(error.diag.message_primary or error).split())
                    if error.pgcode != "23505":  # only other values help against a duplicate
                        break
                except LookupError as error:
                    return None, str(error.args[0])
        return row, reason

    def _sent(self, table: Table, row: Row, *, keep: bool) -> Row:
        names = ", ".join(map(quote, row))
        values = ", ".join(["%s"] * len(row))
        back = ", ".join(f"{quote(column.name)}::text" for column in table.columns)
        given = f"({names}) VALUES ({values})" if row else "DEFAULT VALUES"
        with self.opened.cursor() as cursor:
            if not keep:
                cursor.execute("BEGIN")
            try:
                cursor.execute(f"INSERT INTO {sql_name(table)} {given} RETURNING {back}", list(row.values()))
                found = cursor.fetchone()
            finally:
                if not keep:
                    cursor.execute("ROLLBACK")
        if found is None:
            raise LookupError("a rule or trigger swallows what is inserted")
        return {column.name: value for column, value in zip(table.columns, found, strict=True)}

    def _row(self, table: Table, number: int, *, sparse: bool, spare: bool) -> Row:
        """The values to send.

        Args:
            sparse: whether nullable columns stay NULL.
            spare: whether some parents are kept free, where a key refers to each once only.

        Raises:
            LookupError: a value cannot be made up; says why.
        """
        checked = self._checked.get(table.key, CheckedTable())
        key = set(table.primary_key.columns) if table.primary_key is not None else set()
        required = [foreign for foreign in table.foreign_keys if not _is_optional(table, foreign)]
        referring = {name for foreign in required for name in foreign.columns}
        row: Row = {}
        for column in table.columns:
            if column.generated is not None or (column.identity is not None and column.identity.always):
                continue
            if column.name not in referring and (column.identity is not None or _draws(column)):
                continue
            type_ = self._base(checked, column)
            value = natural_value(column.name, type_, number, self._labels(type_))
            empty = sparse and column.nullable and column.name not in key and self.may_be_null(table.key, column.name)
            if value is None and not column.nullable and column.default is not None:
                continue
            if value is None and not column.nullable:
                raise LookupError(f"no value can be made up for {column.name}, of type {column.type}")
            row[column.name] = None if empty else value
        fixed: set[str] = set()
        required_first = sorted(table.foreign_keys, key=lambda one: (_is_optional(table, one), len(one.columns)))
        for place, foreign in enumerate(required_first):
            # A key that may be empty does not decide on the row's own key.
            standing = fixed | (key if _is_optional(table, foreign) and not set(foreign.columns) <= key else set())
            which = number if place == 0 else _scattered(table, number, place)
            self._refer(table, foreign, row, which, standing, spare=spare)
            fixed |= set(foreign.columns)
        free = [column for column in table.columns if column.name in row and column.name not in fixed]
        domains = {
            column.name: (self._base(checked, column), self._labels(self._base(checked, column))) for column in free
        }
        return satisfied(self.opened, table, checked, row, domains, number)

    def _refer(
        self, table: Table, foreign: ForeignKey, row: Row, number: int, standing: Collection[str], *, spare: bool
    ) -> None:
        """Give a foreign key's columns the values of some parent's row; those that stand stay."""
        if all(row.get(name, "") is None for name in foreign.columns):
            return
        once = any(set(columns) <= set(foreign.columns) for columns in unique_columns(table))
        shared = {name: row.get(name) for name in foreign.columns if name in standing}
        parents = self._parents(table, foreign, shared, once=once)
        to_itself = (foreign.referenced_schema, foreign.referenced_table) == table.key
        if once and spare and not to_itself and not shared and len(parents) <= _FREE_PARENTS:
            parents = []
        if parents:
            for name, value in zip(foreign.columns, parents[0 if once else number % len(parents)], strict=True):
                row[name] = value
        elif any(_nullable(table, name) for name in foreign.columns if name not in standing):
            for name in foreign.columns:
                if _nullable(table, name) and name not in standing:
                    row[name] = None
        elif to_itself and all(name in row for name in foreign.referenced_columns):
            row.update({mine: row[its] for mine, its in zip(foreign.columns, foreign.referenced_columns, strict=True)})
        else:
            raise LookupError(f"{foreign.referenced_table}, to which it must refer, has no row that is free")

    def _parents(
        self, table: Table, foreign: ForeignKey, shared: Mapping[str, str | None], *, once: bool
    ) -> list[tuple[str, ...]]:
        """The keys to choose from, with the values that columns have already which another key shares."""
        parent = f"{quote(foreign.referenced_schema)}.{quote(foreign.referenced_table)}"
        wanted = ", ".join(f"p.{quote(name)}::text" for name in foreign.referenced_columns)
        conditions = [f"p.{quote(name)} IS NOT NULL" for name in foreign.referenced_columns]
        pairs = list(zip(foreign.columns, foreign.referenced_columns, strict=True))
        conditions += [f"p.{quote(its)} = %s" for mine, its in pairs if mine in shared]
        if once:
            same = " AND ".join(f"c.{quote(mine)} = p.{quote(its)}" for mine, its in pairs)
            conditions.append(f"NOT EXISTS (SELECT FROM {sql_name(table)} c WHERE {same})")
        with self.opened.cursor() as cursor:
            cursor.execute(
                f"SELECT {wanted} FROM {parent} p WHERE {' AND '.join(conditions)} ORDER BY p.ctid LIMIT 200",
                [shared[mine] for mine, _ in pairs if mine in shared],
            )
            return list(cursor.fetchall())

    def _base(self, checked: CheckedTable, column: Column) -> DataType:
        domain = checked.domains.get(column.name)
        return column.type if domain is None else parse_type(domain)

    def _labels(self, type_: DataType) -> Sequence[str]:
        enum = self.schema.enum_by_key.get((type_.schema or "public", type_.name))
        return enum.values if enum is not None else ()


def unique_columns(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns whose values are unique in a table."""
    found = [table.primary_key.columns] if table.primary_key is not None else []
    found += [unique.columns for unique in table.uniques]
    return found + [index.columns for index in table.indexes if index.unique and len(index.columns) == len(index.parts)]


def sql_name(table: Table) -> str:
    """A table's name in SQL, with its schema."""
    return f"{quote(table.schema)}.{quote(table.name)}"


def _draws(column: Column) -> bool:
    return column.default is not None and column.default.kind == "sequence"


def _nullable(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.nullable


def _is_optional(table: Table, foreign: ForeignKey) -> bool:
    return any(_nullable(table, name) for name in foreign.columns)


def _scattered(table: Table, number: int, place: int) -> int:
    """Another parent for each key, so that pairs of them differ; the same in every run."""
    return random.Random(f"{table.schema}.{table.name} {number} {place}").randrange(1 << 30)  # noqa: S311 - no secret


def _parents_first(tables: Iterable[Table]) -> list[Table]:
    """Tables after those to which they must refer; where that is a circle, after as many as can be."""
    waiting = list(tables)
    known = {table.key for table in waiting}
    placed: list[Table] = []
    done: set[Key] = set()

    def needs(table: Table, *, optional: bool) -> set[Key]:
        return {
            (foreign.referenced_schema, foreign.referenced_table)
            for foreign in table.foreign_keys
            if optional or not any(_nullable(table, name) for name in foreign.columns)
        } & known - {table.key}

    while waiting:
        chosen: Any = next((one for one in waiting if needs(one, optional=True) <= done), None)
        chosen = chosen or next((one for one in waiting if needs(one, optional=False) <= done), waiting[0])
        waiting.remove(chosen)
        placed.append(chosen)
        done.add(chosen.key)
    return placed
