"""The statements of one mapped class, or of one table without a class, as SQLAlchemy itself sends them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemasync.release.rehearsal_trials import LIMIT

Row = Mapping[str, str | None]
Value = Callable[[Any, Row, Mapping[str, str]], Any]


class MismatchError(Exception):
    """A value came back that the mapping does not take for one of its own."""


class CoreModel:
    """A table that no class is mapped to.

    Args:
        table: SQLAlchemy's Table.
        value: gives the Python value of a column in a row of texts.
    """

    def __init__(self, table: Any, value: Value) -> None:
        self.table, self.value = table, value

    @property
    def has_key(self) -> bool:
        """Whether one row can be asked for."""
        return len(self.table.primary_key.columns) > 0

    @property
    def has_values(self) -> bool:
        """Whether an UPDATE has anything to set."""
        return any(True for _ in _changed(self.table))

    def rows(self, tables: Mapping[str, Any]) -> dict[Any, Any] | None:
        """For each table of an INSERT a row; None where one is missing."""
        there = tables.get(_name(self.table))
        return {self.table: there} if there and there.get("candidate") else None

    def select(self, session: Any) -> None:
        """Every mapped column of the first rows, and whether the values are of the mapped types."""
        from sqlalchemy import select

        columns = list(self.table.columns)
        for row in session.execute(select(*columns).limit(LIMIT)):
            for column, value in zip(columns, row, strict=True):
                demand_type(column, value)

    def get(self, session: Any, there: Any) -> None:
        """One row, by its key."""
        from sqlalchemy import select

        keys = [
            column == self.value(column, there["existing"], there["types"]) for column in self.table.primary_key.columns
        ]
        session.execute(select(self.table).where(*keys)).all()

    def insert(self, session: Any, rows: Mapping[Any, Any], *, everything: bool = False) -> None:
        """A row with all values, or with those alone that nobody else fills in."""
        row, types = rows[self.table]["candidate"], rows[self.table]["types"]
        given = {
            column: self.value(column, row, types)
            for column in self.table.columns
            if _is_given(column, row, everything=everything)
        }
        session.execute(self.table.insert().values(given))

    def update(self, session: Any, there: Any) -> None:
        """All values of one row, set to what they are."""
        row, types = there["existing"], there["types"]
        keys = [column == self.value(column, row, types) for column in self.table.primary_key.columns]
        values = {column: self.value(column, row, types) for column in _changed(self.table)}
        if values:
            session.execute(self.table.update().where(*keys).values(values))


class MappedModel(CoreModel):
    """A mapped class.

    Args:
        table, value: as for a table.
        mapper: its class's mapper.
    """

    def __init__(self, table: Any, value: Value, mapper: Any) -> None:
        super().__init__(table, value)
        self.mapper = mapper

    def rows(self, tables: Mapping[str, Any]) -> dict[Any, Any] | None:
        """As for a table; a class that inherits by joining needs a row of every table."""
        found = {table: tables.get(_name(table)) for table in self.mapper.tables}
        return found if all(there and there.get("candidate") for there in found.values()) else None

    def select(self, session: Any) -> None:
        """The class's own SELECT; by its columns where the rows' made-up kinds name no class."""
        from sqlalchemy import select

        attributes = [one for one in self.mapper.column_attrs if hasattr(self.mapper.class_, one.key)]
        if self.mapper.polymorphic_on is None:
            session.scalars(select(self.mapper.class_).limit(LIMIT)).unique().all()
        named = [getattr(self.mapper.class_, one.key) for one in attributes]
        for row in session.execute(select(*named).limit(LIMIT)):
            for attribute, value in zip(attributes, row, strict=True):
                demand_type(attribute.columns[0], value)

    def get(self, session: Any, there: Any) -> None:
        """`session.get()` with the key of a row that is there."""
        if self.mapper.polymorphic_on is not None:
            super().get(session, there)
            return
        session.get(self.mapper.class_, self._key(there))

    def insert(self, session: Any, rows: Mapping[Any, Any], *, everything: bool = False) -> None:
        """A new object, flushed by the unit of work."""
        # Without its constructor, which may want anything; its columns' defaults are filled in all the same.
        made = self.mapper.class_manager.new_instance()
        decided: set[str] = set()  # a key that tables share is the first one's to give
        for table in self.mapper.tables:
            row, types = rows[table]["candidate"], rows[table]["types"]
            constructed = rows[self.table].get("constructed", ())
            for column in table.columns:
                attribute = self._attribute(column)
                if attribute is None or attribute in decided:
                    continue
                decided.add(attribute)
                if _is_given(column, row, everything=everything) or (
                    column.name in constructed and column.default is None
                ):
                    vars(made)[attribute] = self.value(column, row, types)
        if self.mapper.polymorphic_on is not None and self.mapper.polymorphic_identity is not None:
            discriminator = self._attribute(self.mapper.polymorphic_on)
            if discriminator is not None:
                vars(made)[discriminator] = self.mapper.polymorphic_identity
        session.add(made)
        session.flush()

    def update(self, session: Any, there: Any) -> None:
        """An object that is there, with every value set anew, flushed by the unit of work."""
        from sqlalchemy.orm.attributes import flag_modified

        found = None
        if self.mapper.polymorphic_on is None and self.mapper.inherits is None:
            found = session.get(self.mapper.class_, self._key(there))
        if found is None:
            super().update(session, there)
            return
        for column in _changed(self.table):
            attribute = self._attribute(column)
            if attribute is not None and attribute in vars(found):
                flag_modified(found, attribute)
        session.flush()

    def _key(self, there: Any) -> tuple[Any, ...]:
        return tuple(self.value(one, there["existing"], there["types"]) for one in self.mapper.primary_key)

    def _attribute(self, column: Any) -> str | None:
        try:
            return str(self.mapper.get_property_by_column(column).key)
        except Exception:  # noqa: BLE001 - a column that the class leaves out; SQLAlchemy raises several kinds
            return None


def values_by(connection: Any) -> Value:
    """Gives the Python value that a mapping makes of a value's text, or the driver's own where it makes none.

    Args:
        connection: SQLAlchemy's, in autocommit mode.
    """
    from sqlalchemy import literal_column, select
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.types import NullType

    def value(column: Any, row: Row, types: Mapping[str, str]) -> Any:
        text = row.get(column.name)
        if text is None:
            return None
        sql = "CAST('" + text.replace("'", "''") + f"' AS {types[column.name]})"
        for type_ in (column.type, NullType()):
            try:
                return connection.execute(select(literal_column(sql, type_))).scalar()
            except DBAPIError:
                return text
            except Exception:  # noqa: BLE001, S112 - the type's own processor takes a made-up value for none of its own
                continue
        return text

    return value


def demand_type(column: Any, value: Any) -> None:
    """Raise where a value is not of the Python type that the mapping declares.

    Raises:
        MismatchError: with the column's name and both types.
    """
    from sqlalchemy.types import TypeDecorator

    if value is None or isinstance(column.type, TypeDecorator):
        return
    try:
        wanted = column.type.python_type
    except NotImplementedError:
        return
    if wanted in (dict, list, object) or (isinstance(value, bool) == (wanted is bool) and isinstance(value, wanted)):
        return
    if {type(value).__name__, wanted.__name__} <= {"float", "Decimal", "int"} and wanted is not int:
        return
    came = type(value).__name__
    raise MismatchError(f"{column.name} came as {came}, and its mapping takes it for {wanted.__name__}")


def _is_given(column: Any, row: Row, *, everything: bool) -> bool:
    """Whether an INSERT is handed a value for a column."""
    if column.computed is not None or (column.identity is not None and column.identity.always):
        return False
    if column.name not in row:  # it is named all the same, with NULL
        return everything or (not column.nullable and column.default is None and column.server_default is None)
    if column is column.table.autoincrement_column and column.default is None and not column.foreign_keys:
        return False
    if everything:
        return True
    return not column.nullable and column.default is None and column.server_default is None


def _changed(table: Any) -> Iterator[Any]:
    for column in table.columns:
        if not column.primary_key and column.computed is None and column.identity is None:
            yield column


def _name(table: Any) -> str:
    return f"{table.schema or 'public'}.{table.name}"
