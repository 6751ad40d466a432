"""The default of a Decimal keeps all its digits, and is written as PostgreSQL writes a number."""

from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import schemasync

NUMBERS = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", fullmatch=True)
STRINGS = st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{0,4})?([eE][+-]?[0-9])?", fullmatch=True).filter(str.isascii)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.one_of(NUMBERS.filter(str.isascii), STRINGS.map('"{}"'.format)))
def test_every_spelling_of_a_number(tmp_path: Path, written: str) -> None:
    schema = tmp_path / "schema.prisma"
    schema.write_text(
        'datasource db {\n  provider = "postgresql"\n}\n'
        f"model Price {{\n  id Int @id\n  amount Decimal @default({written})\n}}\n"
    )
    (table,) = schemasync.read_prisma(schema).tables
    default = table.columns[1].default
    number = Decimal(written.strip('"'))
    assert default is not None
    assert default.sql == (f"{number:f}" if number else f"{abs(number):f}")
