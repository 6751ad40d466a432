"""What the witnesses say of a column that they have in common: one function a kind of drift."""

from collections.abc import Callable, Iterator, Mapping

from schemasync.compare.column_defaults import client_default, column_default
from schemasync.compare.column_types import column_type, python_type
from schemasync.compare.fixes import fix, nothing_fails
from schemasync.compare.sides import Consequence, Finding, NotCompared, TableSides, grouped_by_value
from schemasync.schema.expressions import same_expression
from schemasync.schema.model import Column, Silence

Held = Mapping[str, Column]


def attribute_findings(sides: TableSides, held: Held) -> Iterator[Finding]:
    """Every drift of one column that at least the reference has."""
    if len(held) < 2:
        return
    reference = held[sides.reference]
    others = [column for column in held.values() if column is not reference]
    # Equal values are the rule; only what differs is worth a closer look.
    differing = [other for other in others if not alike(reference, other)]
    if differing:
        yield from column_type(sides, held)
        yield from _nullability(sides, held)
        yield from column_default(sides, held)
    if "sqlalchemy" in held:
        yield from client_default(sides, held)
    if not all(same_rarities(reference, other) for other in differing):
        yield from _identity(sides, held)
        yield from _generated(sides, held)
        yield from _texts(sides, held, "collation", "column-collation", lambda column: column.collation)
        yield from _texts(sides, held, "comment", "column-comment", lambda column: column.comment)
        yield from _texts(
            sides, held, "comment", "storage", lambda column: ", ".join(map("=".join, column.options)) or None
        )
    annotated = held.get("sqlalchemy")
    if annotated is not None and annotated.python_type is not None and any(other != reference for other in others):
        yield from python_type(sides, held)


def alike(one: Column, other: Column) -> bool:
    """Whether two columns are the same in all that a database can state."""
    return (
        one.type == other.type
        and one.nullable is other.nullable
        and one.default == other.default
        and same_rarities(one, other)
    )


def same_rarities(one: Column, other: Column) -> bool:
    """Whether two columns are the same in what few columns have."""
    return (
        one.identity == other.identity
        and one.generated == other.generated
        and one.collation == other.collation
        and one.comment == other.comment
        and one.options == other.options
    )


def _nullability(sides: TableSides, held: Held) -> Iterator[Finding]:
    reference = sides.reference
    expected = held[reference]
    behind = {}
    for name, column in held.items():
        if column.nullable == expected.nullable:
            continue
        behind[name] = _null_consequence(sides, name, expected, column)
    if not behind:
        return
    wanted = "NULL" if expected.nullable else "NOT NULL"
    values = {name: "null" if column.nullable else "not null" for name, column in held.items()}
    yield sides.drift(
        "column-nullability",
        expected.name,
        values,
        behind,
        f"{sides.name}.{expected.name} is {values[reference]} in {sides.where(reference)}, "
        + ", ".join(
            f"{value} in {' and '.join(where)}"
            for value, where in grouped_by_value(sides, {name: values[name] for name in behind})
        ),
        fix(sides, list(behind), f"make {expected.name} {wanted}"),
        {name: column.location for name, column in held.items()},
    )


def _null_consequence(sides: TableSides, name: str, expected: Column, column: Column) -> Consequence:
    role = sides.role(name)
    has_default = expected.default is not None or expected.identity is not None or expected.generated is not None
    if role != "database":
        who = "the mirror" if role == "mirror" else "Prisma Client"
        if not column.nullable:
            return Consequence("warning", f"A row with NULL gives None where {who} promises a value.")
        if has_default or column.client_default is not None:
            return Consequence("warning", f"An explicit None written through {who} is refused (NotNullViolation).")
        return Consequence("error", f"An INSERT through {who} that leaves it out fails (NotNullViolation).")
    if column.nullable:
        return Consequence("error", "Rows with NULL can appear that the owner's side cannot read.")
    return Consequence("error", "INSERTs and UPDATEs that the owner allows fail (NotNullViolation).")


def _identity(sides: TableSides, held: Held) -> Iterator[Finding]:
    reference = sides.reference_on("identity")
    if reference is None or reference not in held:
        return
    expected = held[reference]
    behind = {}
    for name in sides.others(reference, "identity"):
        column = held.get(name)
        if column is None or column.identity == expected.identity or _generator_alike(sides, name, expected, column):
            continue
        if (
            column.identity is not None
            and expected.identity is not None
            and column.identity.always == expected.identity.always
            and None in (column.identity.options, expected.identity.options)
        ):
            continue
        always = column.identity is not None and column.identity.always
        breaks = (
            "An INSERT that names a value fails (GENERATED ALWAYS)."
            if always and sides.role(name) == "database"
            else "An INSERT without a value fails."
            if column.identity is None and column.default is None and sides.role(name) == "database"
            else nothing_fails(sides, name)
        )
        behind[name] = Consequence("warning" if breaks.startswith("Nothing") else "error", breaks)
    if not behind:
        return
    values = {name: _identity_text(column) for name, column in held.items()}
    yield sides.drift(
        "column-identity",
        expected.name,
        values,
        behind,
        f"{sides.name}.{expected.name} is filled differently: "
        + ", ".join(f"{value} in {' and '.join(where)}" for value, where in grouped_by_value(sides, values)),
        fix(sides, list(behind), f"make {expected.name} {_identity_text(expected)}", update=None),
        {name: column.location for name, column in held.items()},
    )


def _generator_alike(sides: TableSides, name: str, expected: Column, column: Column) -> bool:
    """A serial column of Prisma's or a mirror's works with an identity one: both leave the number to the database."""
    serial = [one.default is not None and one.default.kind == "sequence" for one in (expected, column)]
    names = {name, sides.reference}
    return any(serial) and not all(serial) and ("prisma" in names or sides.role(name) == "mirror")


def _identity_text(column: Column) -> str:
    if column.identity is None:
        return "autoincrement" if column.default is not None and column.default.kind == "sequence" else "no identity"
    options = "".join(f" {key} {value}" for key, value in column.identity.options or ())
    return f"generated {'always' if column.identity.always else 'by default'} as identity{options}"


def _generated(sides: TableSides, held: Held) -> Iterator[Finding]:
    reference = sides.reference_on("generated")
    if reference is None or reference not in held:
        return
    expected = held[reference]
    behind: dict[str, Consequence] = {}
    for name in sides.others(reference, "generated"):
        column = held.get(name)
        if column is None or column.generated == expected.generated:
            continue
        one, other = expected.generated, column.generated
        if one is not None and other is not None and one.stored == other.stored:
            same = same_expression(one.expression, other.expression)
            if same is None and sides.speller is not None:
                table = sides.tables[reference]
                same = sides.speller.same("generated", table, expected.name, one.expression, other.expression)
            if same is None:
                yield NotCompared(
                    f"the generated expression of {sides.name}.{expected.name}: "
                    f"{one.expression} and {other.expression} could not be spelled by PostgreSQL"
                )
            if same is not False:
                continue
        if sides.role(name) == "mirror" and sides.owner != "sqlalchemy" and other is None:
            behind[name] = Consequence("error", "An INSERT through the mirror that names it fails (GENERATED ALWAYS).")
        else:
            behind[name] = Consequence("error", "The column is computed otherwise than its owner declares.")
    if not behind:
        return
    yield sides.drift(
        "column-generated",
        expected.name,
        {name: _generated_text(column) for name, column in held.items()},
        behind,
        f"{sides.name}.{expected.name} is generated differently",
        fix(sides, list(behind), f"make {expected.name} {_generated_text(expected)}", update=None),
        {name: column.location for name, column in held.items()},
    )


def _generated_text(column: Column) -> str:
    if column.generated is None:
        return "not generated"
    return f"generated as ({column.generated.expression}) {'stored' if column.generated.stored else 'virtual'}"


def _texts(
    sides: TableSides, held: Held, silence: Silence, kind: str, text: Callable[[Column], str | None]
) -> Iterator[Finding]:
    """A drift where a text attribute differs and nothing but appearance or sorting hangs on it."""
    reference = sides.reference_on(silence)
    if reference is None or reference not in held:
        return
    if kind != "column-collation" and not sides.owner_speaks(silence):
        return
    expected = text(held[reference])
    behind = {}
    for name in sides.others(reference, silence):
        if name not in held or text(held[name]) == expected:
            continue
        if kind == "column-collation":
            if sides.role(name) == "mirror" and text(held[name]) is None:
                continue
            behind[name] = Consequence("warning", "Sorting, comparing and indexes follow another collation.")
        elif sides.role(name) != "mirror":
            behind[name] = Consequence("info", nothing_fails(sides, name))
    if not behind:
        return
    values = {
        name: text(column) or "none" for name, column in held.items() if silence not in sides.witnesses[name].silent
    }
    column_name = held[reference].name
    attribute = kind.removeprefix("column-")
    yield sides.drift(
        kind,
        column_name,
        values,
        behind,
        f"the {attribute} of {sides.name}.{column_name} differs",
        fix(sides, list(behind), f"set the {attribute} of {column_name} to {expected or 'none'}", update=None),
        {name: column.location for name, column in held.items()},
    )
