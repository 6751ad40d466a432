"""SQLAlchemy's PostgreSQL dialect as it is on a live connection, without one: it spells types and expressions."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql import sqltypes, type_api
from sqlalchemy.sql.compiler import DDLCompiler

from schemasync.schema.names import cut


class Spelling:
    """Spells SQLAlchemy's constructs in PostgreSQL's SQL."""

    def __init__(self) -> None:
        # With a pyformat driver every percent sign of a literal would be doubled.
        make_dialect: Any = PGDialect
        self.dialect: PGDialect = make_dialect(paramstyle="named")
        # PostgreSQL's standard_conforming_strings is on; without a connection SQLAlchemy 2.0 takes it for off and
        # doubles every backslash.
        self.dialect._backslash_escapes = False
        make_compiler: Any = self.dialect.ddl_compiler
        self.ddl: DDLCompiler = make_compiler(self.dialect, None)

    def expression(self, clause: Any) -> str:
        """A clause, or a string that stands for SQL, with its values written as literals."""
        if isinstance(clause, str):
            clause = text(clause)
        return str(self.ddl.sql_compiler.process(clause, include_table=False, literal_binds=True)).strip()

    def literal(self, value: str) -> str:
        """A string as an SQL literal."""
        return self.ddl.sql_compiler.render_literal_value(value, sqltypes.STRINGTYPE)

    def type(self, type_: type_api.TypeEngine[Any]) -> str:
        """A type as CREATE TABLE would write it.

        Raises:
            CompileError: PostgreSQL has no such type.
        """
        return str(self.dialect.type_compiler_instance.process(type_))

    def name_of(self, constraint: Any) -> str | None:
        """The name of a constraint or index after naming conventions; None where it is left to PostgreSQL."""
        if constraint.name is None:
            return None
        from sqlalchemy.exc import IdentifierError, InvalidRequestError

        try:
            name = self.dialect.identifier_preparer.format_constraint(constraint, _alembic_quote=False)
        except IdentifierError:
            # SQLAlchemy refuses a name of too many characters; PostgreSQL cuts it, and counts bytes.
            return cut(str(constraint.name))
        except InvalidRequestError:
            # A convention that needs `%(constraint_name)s` for a constraint that has no name.
            return None
        return None if name is None else cut(str(name))


def option(item: Any, name: str) -> Any:
    """A `postgresql_…` option of a table, constraint or index; None where it is not given."""
    return item.dialect_options["postgresql"].get(name)
