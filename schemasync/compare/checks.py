"""CHECK and exclusion constraints side by side.

Prisma cannot express them. On a table that it owns the database then speaks for it, and a mirror need not repeat
what the owner's own language cannot say.
"""

from collections.abc import Generator, Iterator, Mapping

from schemasync.compare.constraints import columns_exist, name_finding, not_valid
from schemasync.compare.fixes import differing, fix, fix_extra, nothing_fails
from schemasync.compare.matching import paired
from schemasync.compare.sides import Consequence, Finding, NotCompared, TableSides, grouped_by_value
from schemasync.schema.expressions import normal_expression, tokens
from schemasync.schema.model import Check, Exclusion, Table


def check_findings(sides: TableSides) -> Iterator[Finding]:
    """`check-missing`, `check-extra`, `check-expression`, and NOT VALID ones."""
    reference = None if sides.agree("checks") else sides.reference_on("check")
    if reference is None:
        return
    ours = sides.tables[reference].checks
    held: list[dict[str, Check | None]] = [{reference: check} for check in ours]
    extra: list[dict[str, Check]] = []
    for name in sides.others(reference, "check"):
        pairs, _, only_theirs = paired(
            ours,
            sides.tables[name].checks,
            (lambda check: normal_expression(check.expression), lambda check: check.name),
            lambda check: check.name,
        )
        matched = {id(one): other for one, other in pairs}
        unmatched = [check for check in ours if id(check) not in matched]
        # What is left on both sides may be one expression in two spellings; PostgreSQL settles it.
        for check in only_theirs:
            twin = next((one for one in unmatched if _asked(sides, one, check)), None)
            if twin is None:
                _add_extra(extra, name, check)
            else:
                unmatched.remove(twin)
                matched[id(twin)] = check
        for position, check in enumerate(ours):
            held[position][name] = matched.get(id(check))
    for position, check in enumerate(ours):
        yield from _compared(sides, reference, check, held[position])
    for having in extra:
        yield _extra(sides, reference, having)


def _add_extra(extra: list[dict[str, Check]], name: str, check: Check) -> None:
    for having in extra:
        other = next(iter(having.values()))
        if name not in having and normal_expression(other.expression) == normal_expression(check.expression):
            having[name] = check
            return
    extra.append({name: check})


def _asked(sides: TableSides, one: Check, other: Check) -> bool:
    if sides.speller is None or (one.name is not None and other.name is not None):
        return False
    table = sides.tables[sides.reference]
    return sides.speller.same("check", table, None, one.expression, other.expression) is True


def _named_columns(table: Table, check: Check) -> tuple[str, ...]:
    words = {word.strip('"') for word in tokens(check.expression)}
    return tuple(column.name for column in table.columns if column.name in words)


def _subject(sides: TableSides, check: Check | Exclusion) -> str:
    return check.name if check.name is not None else f"{sides.name}_check"


def _compared(
    sides: TableSides, reference: str, expected: Check, held: Mapping[str, Check | None]
) -> Iterator[Finding]:
    subject = _subject(sides, expected)
    places = {name: check.location if check else None for name, check in held.items()}
    columns = _named_columns(sides.tables[reference], expected)
    lacking: dict[str, Consequence] = {}
    for name, check in held.items():
        if check is not None or not columns_exist(sides, name, columns):
            continue
        if sides.role(name) == "mirror":
            if sides.owner_speaks("check"):
                lacking[name] = Consequence("info", nothing_fails(sides, name))
        else:
            lacking[name] = Consequence("error", "Rows that the owner forbids can be stored.")
    if lacking:
        yield sides.drift(
            "check-missing",
            subject,
            {name: check.expression if check else None for name, check in held.items() if check or name in lacking},
            lacking,
            f"the CHECK {subject} of {sides.name}, ({expected.expression}), is missing from "
            f"{differing(sides, list(lacking))}",
            fix(sides, list(lacking), f"add CONSTRAINT {subject} CHECK ({expected.expression})", update=None),
            places,
        )
    common = {name: check for name, check in held.items() if check is not None}
    behind = {}
    for name, check in common.items():
        if name == reference:
            continue
        differs = yield from _differs(sides, expected, check)
        if differs and sides.role(name) == "database":
            behind[name] = Consequence("error", "Other rows are allowed than the owner says.")
        elif differs:
            behind[name] = Consequence("warning", nothing_fails(sides, name))
    values = {name: check.expression for name, check in common.items()}
    if behind:
        yield sides.drift(
            "check-expression",
            subject,
            values,
            behind,
            f"the CHECK {subject} of {sides.name} is ({expected.expression}) in {sides.where(reference)}, "
            + ", ".join(
                f"({value}) in {' and '.join(where)}"
                for value, where in grouped_by_value(sides, {name: values[name] for name in behind})
            ),
            fix(sides, list(behind), f"make {subject} CHECK ({expected.expression})", update=None),
            places,
        )
    invalid = [name for name, check in common.items() if not check.validated]
    if invalid and expected.validated:
        yield not_valid(sides, subject, "CHECK", invalid, common, places)
    names = {name: check.name for name, check in common.items()}
    yield from name_finding(sides, "constraint-name", "CHECK", expected.name, names, places)


def _differs(sides: TableSides, expected: Check, check: Check) -> Generator[NotCompared, None, bool]:
    if normal_expression(expected.expression) == normal_expression(check.expression):
        return expected.no_inherit != check.no_inherit
    same = None
    if sides.speller is not None:
        table = sides.tables[sides.reference]
        same = sides.speller.same("check", table, None, expected.expression, check.expression)
    if same is None:
        yield NotCompared(
            f"the CHECK {_subject(sides, expected)} of {sides.name}: whether ({expected.expression}) and "
            f"({check.expression}) mean the same, only PostgreSQL can tell, and it could not be asked"
        )
    return same is False


def _extra(sides: TableSides, reference: str, having: Mapping[str, Check]) -> Finding:
    check = next(iter(having.values()))
    subject = _subject(sides, check)
    behind = {
        name: Consequence("error", "INSERTs that the owner allows are refused (CheckViolation).")
        if sides.role(name) == "database"
        else Consequence("warning", nothing_fails(sides, name))
        for name in having
    }
    return sides.drift(
        "check-extra",
        subject,
        {
            name: having[name].expression if name in having else None
            for name in (reference, *sides.others(reference, "check"))
        },
        behind,
        f"the CHECK {subject} of {sides.name}, ({check.expression}), is in {differing(sides, list(having))} "
        f"but not in {sides.where(reference)}",
        fix_extra(sides, list(having), f"drop the constraint {subject}", "declare it"),
        {name: item.location for name, item in having.items()},
    )


def exclusion_findings(sides: TableSides) -> Iterator[Finding]:
    """`exclusion`: an exclusion constraint that is missing, extra or different."""
    reference = None if sides.agree("exclusions") else sides.reference_on("exclusion")
    if reference is None:
        return
    stated = {
        name: {_subject(sides, item): item for item in sides.tables[name].exclusions}
        for name in (reference, *sides.others(reference, "exclusion"))
    }
    for subject in sorted({subject for items in stated.values() for subject in items}):
        expected = stated[reference].get(subject)
        values = {name: _definition(items.get(subject)) for name, items in stated.items()}
        behind = {}
        for name, value in values.items():
            if _normal(value) == _normal(values[reference]):
                continue
            if sides.role(name) != "database":
                if value is not None or sides.owner_speaks("exclusion"):
                    behind[name] = Consequence("warning", nothing_fails(sides, name))
            else:
                behind[name] = Consequence("error", "Other combinations of rows are allowed than the owner says.")
        if behind:
            yield sides.drift(
                "exclusion",
                subject,
                values,
                behind,
                f"the exclusion constraint {subject} of {sides.name} differs in {differing(sides, list(behind))}",
                fix(sides, list(behind), f"make {subject} {_definition(expected) or 'absent'}", update=None),
                {name: items[subject].location if subject in items else None for name, items in stated.items()},
            )


def _definition(item: Exclusion | None) -> str | None:
    return item.definition if item is not None else None


def _normal(value: str | None) -> str | None:
    return normal_expression(value) if value is not None else None
