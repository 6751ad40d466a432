"""Foreign keys side by side: `foreign-key-missing`, `-extra`, `-action`, `-deferrable`."""

from collections.abc import Iterator, Mapping

from schemasync.compare.constraints import columns_exist, name_finding, not_valid, target_exists
from schemasync.compare.fixes import differing, fix, fix_extra, nothing_fails
from schemasync.compare.matching import paired
from schemasync.compare.sides import Consequence, Finding, TableSides, grouped_by_value
from schemasync.schema.model import ForeignKey, Location
from schemasync.schema.names import qualified


def foreign_key_findings(sides: TableSides) -> Iterator[Finding]:
    """Foreign keys: missing, extra, and what differs of those in common."""
    reference = sides.reference
    if sides.tables[reference].kind not in ("table", "partitioned table"):
        return
    held: dict[int, dict[str, ForeignKey | None]] = {}
    ours = sides.tables[reference].foreign_keys
    if sides.agree("foreign_keys"):
        return
    for position in range(len(ours)):
        held[position] = {reference: ours[position]}
    extra: dict[object, dict[str, ForeignKey]] = {}
    for name in sides.others(reference):
        pairs, _, only_theirs = paired(
            ours, sides.tables[name].foreign_keys, (_signature, _target, lambda key: key.name), lambda key: key.name
        )
        matched = {id(one): other for one, other in pairs}
        for position, key in enumerate(ours):
            held[position][name] = matched.get(id(key))
        for key in only_theirs:
            extra.setdefault((_signature(key), key.name if name != "sqlalchemy" else None), {})[name] = key
    for position, expected in enumerate(ours):
        yield from _compared(sides, expected, held[position])
    for stated in _merged(extra):
        yield from _extra(sides, stated)


def _signature(key: ForeignKey) -> tuple[object, ...]:
    pairs = sorted(zip(key.columns, key.referenced_columns, strict=False))
    return (tuple(pairs), key.referenced_schema, key.referenced_table)


def _target(key: ForeignKey) -> tuple[object, ...]:
    return (key.columns, key.referenced_schema, key.referenced_table)


def _merged(extra: Mapping[object, dict[str, ForeignKey]]) -> list[dict[str, ForeignKey]]:
    """The same extra key of several witnesses as one, in a fixed order."""
    by_signature: dict[tuple[object, ...], dict[str, ForeignKey]] = {}
    for stated in extra.values():
        for name, key in stated.items():
            slot = by_signature.setdefault(_signature(key), {})
            if name in slot:
                by_signature[(*_signature(key), key.name)] = {name: key}
            else:
                slot[name] = key
    return sorted(by_signature.values(), key=lambda stated: str(next(iter(stated.values())).columns))


def describe(key: ForeignKey | None) -> str | None:
    """A foreign key as a value of a drift: `(a, b) → table(c, d)`."""
    if key is None:
        return None
    target = qualified(key.referenced_schema, key.referenced_table)
    return f"({', '.join(key.columns)}) → {target}({', '.join(key.referenced_columns)})"


def _name(sides: TableSides, key: ForeignKey) -> str:
    return key.name if key.name is not None else f"{sides.name}_{'_'.join(key.columns)}_fkey"


def _compared(sides: TableSides, expected: ForeignKey, held: Mapping[str, ForeignKey | None]) -> Iterator[Finding]:
    lacking: dict[str, Consequence] = {}
    for name, key in held.items():
        if key is not None and _signature(key) == _signature(expected):
            continue
        if not columns_exist(sides, name, expected.columns) or not target_exists(sides, name, expected):
            continue
        lacking[name] = (
            Consequence("warning", "relationship() cannot join by it without an explicit primaryjoin.")
            if sides.role(name) != "database"
            else Consequence("error", "Rows that refer to nothing can be stored, and deletes no longer cascade.")
        )
    subject = _name(sides, expected)
    places = {name: key.location if key else None for name, key in held.items()}
    if lacking:
        values = {name: describe(key) for name, key in held.items()}
        yield sides.drift(
            "foreign-key-missing",
            subject,
            {name: value for name, value in values.items() if columns_exist(sides, name, expected.columns)},
            lacking,
            f"the foreign key {subject} of {sides.name}, {describe(expected)}, is missing from "
            f"{differing(sides, list(lacking))}",
            fix(sides, list(lacking), f"add the foreign key {describe(expected)} {_actions(expected)}"),
            places,
        )
    common = {name: key for name, key in held.items() if key is not None and name not in lacking}
    yield from _attributes(sides, subject, expected, common, places)


def _actions(key: ForeignKey) -> str:
    match = "MATCH FULL " if key.match_full else ""
    return f"{match}ON DELETE {key.on_delete} ON UPDATE {key.on_update}"


def _attributes(
    sides: TableSides,
    subject: str,
    expected: ForeignKey,
    held: Mapping[str, ForeignKey],
    places: Mapping[str, Location | None],
) -> Iterator[Finding]:
    reference = sides.reference
    actions = {
        name: _action_consequence(sides, name, expected, key)
        for name, key in held.items()
        if _actions(key) != _actions(expected)
    }
    if actions:
        values = {name: _actions(key) for name, key in held.items()}
        yield sides.drift(
            "foreign-key-action",
            subject,
            values,
            actions,
            f"the foreign key {subject} of {sides.name} is {values[reference]} in {sides.where(reference)}, "
            + ", ".join(
                f"{value} in {' and '.join(where)}"
                for value, where in grouped_by_value(sides, {name: values[name] for name in actions})
            ),
            fix(sides, list(actions), f"make {subject} {_actions(expected)}"),
            places,
        )
    deferrable = {
        name: Consequence("warning", "Statements inside a transaction are checked at another moment.")
        for name, key in held.items()
        if name in sides.others(reference, "deferrable")
        and "deferrable" not in sides.witnesses[reference].silent
        and _deferrable(key) != _deferrable(expected)
    }
    if deferrable:
        yield sides.drift(
            "foreign-key-deferrable",
            subject,
            {name: _deferrable(key) for name, key in held.items()},
            deferrable,
            f"the foreign key {subject} of {sides.name} is {_deferrable(expected)} in {sides.where(reference)} only",
            fix(sides, list(deferrable), f"make {subject} {_deferrable(expected)}", update=None),
            places,
        )
    # Whether the database has validated a constraint is its own business: every witness means a valid one.
    invalid = {name for name, key in held.items() if not key.validated}
    if invalid and expected.validated:
        yield not_valid(sides, subject, "foreign key", sorted(invalid), held.keys(), places)
    yield from name_finding(
        sides, "constraint-name", "foreign key", expected.name, {name: key.name for name, key in held.items()}, places
    )


def _deferrable(key: ForeignKey) -> str:
    if not key.deferrable:
        return "not deferrable"
    return "deferrable initially deferred" if key.initially_deferred else "deferrable"


def _action_consequence(sides: TableSides, name: str, expected: ForeignKey, key: ForeignKey) -> Consequence:
    refusing = {"NO ACTION", "RESTRICT"}
    alike = all(
        one == other or {one, other} <= refusing
        for one, other in ((expected.on_delete, key.on_delete), (expected.on_update, key.on_update))
    )
    if alike and expected.match_full == key.match_full:
        return Consequence("info", "Nothing fails: both refuse the change.")
    if sides.role(name) != "database":
        return Consequence("warning", nothing_fails(sides, name))
    if expected.on_delete != key.on_delete and not {expected.on_delete, key.on_delete} <= refusing:
        return Consequence(
            "error", f"Deleting a {key.referenced_table} row does {key.on_delete}, not {expected.on_delete}."
        )
    return Consequence(
        "warning", f"Changing a {key.referenced_table} key does {key.on_update}, not {expected.on_update}."
    )


def _extra(sides: TableSides, stated: Mapping[str, ForeignKey]) -> Iterator[Finding]:
    reference = sides.reference
    key = next(iter(stated.values()))
    if not columns_exist(sides, reference, key.columns) or not target_exists(sides, reference, key):
        return
    behind = {
        name: Consequence("warning", "INSERTs and deletes that the owner allows are refused by the database.")
        if sides.role(name) == "database"
        else Consequence("warning", nothing_fails(sides, name))
        for name in stated
    }
    subject = _name(sides, key)
    values = {name: describe(stated.get(name)) for name in sides.tables if columns_exist(sides, name, key.columns)}
    yield sides.drift(
        "foreign-key-extra",
        subject,
        values,
        behind,
        f"the foreign key {subject} of {sides.name}, {describe(key)}, is in {differing(sides, list(stated))} "
        f"but not in {sides.where(reference)}",
        fix_extra(sides, list(stated), f"drop the foreign key {subject}", "declare it"),
        {name: item.location for name, item in stated.items()},
    )
