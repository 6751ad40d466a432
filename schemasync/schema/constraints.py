"""The nouns that belong to a table: its constraints and indexes, and where a witness states something."""

from typing import Literal

from schemasync.records import beside, record

Action = Literal["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]


@record(frozen=True, slots=True)
class Location:
    """Where a witness states a fact: a file, a line from 1 and a column from 1."""

    path: str
    line: int
    column: int = 1


@record(frozen=True, slots=True)
class PrimaryKey:
    """A primary key; a name of None is one that the witness leaves to the database."""

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class Unique:
    """A unique constraint."""

    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    nulls_not_distinct: bool = False
    include: tuple[str, ...] = ()
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; `validated` is false after `NOT VALID`."""

    columns: tuple[str, ...]
    referenced_schema: str
    referenced_table: str
    referenced_columns: tuple[str, ...]
    name: str | None = None
    on_delete: Action = "NO ACTION"
    on_update: Action = "NO ACTION"
    match_full: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class Check:
    """A CHECK constraint; the expression without the outer brackets."""

    expression: str
    name: str | None = None
    validated: bool = True
    no_inherit: bool = False
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class Exclusion:
    """An exclusion constraint; the definition as `pg_get_constraintdef` prints it."""

    definition: str
    name: str | None = None
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class IndexPart:
    """A column or expression of an index. An operator class of None is the type's default one."""

    column: str | None = None
    expression: str | None = None
    descending: bool = False
    nulls_first: bool = False
    operator_class: str | None = None
    collation: str | None = None


@record(frozen=True, slots=True)
class Index:
    """An index that backs no constraint. `predicate` is a partial index's WHERE."""

    parts: tuple[IndexPart, ...]
    name: str | None = None
    unique: bool = False
    method: str = "btree"
    predicate: str | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    valid: bool = True
    options: tuple[tuple[str, str], ...] = ()
    location: Location | None = beside(default=None, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns, in order."""
        return tuple(part.column for part in self.parts if part.column is not None)
