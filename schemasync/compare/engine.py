"""The comparison: witnesses in, drifts out. One way to compare, whatever the question."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from schemasync.compare.agreement import Agreement
from schemasync.compare.checks import check_findings, exclusion_findings
from schemasync.compare.columns import column_findings
from schemasync.compare.counting import facts_of
from schemasync.compare.drift import Comparison, Drift
from schemasync.compare.enums import enum_findings
from schemasync.compare.external import history_findings
from schemasync.compare.foreign_keys import foreign_key_findings
from schemasync.compare.indexes import index_findings
from schemasync.compare.kinds import position
from schemasync.compare.letter import enum_letter_findings, letter_findings
from schemasync.compare.objects import object_findings
from schemasync.compare.primary_keys import primary_key_findings
from schemasync.compare.relationships import relationship_findings
from schemasync.compare.sides import LABELS, Finding, NotCompared, Speller, TableSides, in_words
from schemasync.compare.tables import table_findings
from schemasync.errors import NothingComparedError, SchemasyncError
from schemasync.ownership import Ownership, matches, owner_of, unknown_names
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Schema, Table


def compare_witnesses(
    witnesses: Mapping[str, Schema],
    ownership: Ownership | None = None,
    *,
    speller: Speller | None = None,
    unheard: Collection[str] = (),
) -> Comparison:
    """Holds two or more witnesses against each other.

    Args:
        witnesses: by name: `prisma`, `sqlalchemy`, `database`, `snapshot`, `prisma-migrations`, `alembic`.
        ownership: what the user configured; None is the default rule.
        speller: settles expressions that the text alone cannot; None leaves them in `not_compared`.
        unheard: witnesses that the project has and this comparison was not given; what nobody else declares may be
            theirs.

    Raises:
        NothingComparedError: a witness has no table in common with any other.
        ConfigurationError: the ownership contradicts itself on one of the tables.
        SchemasyncError: fewer than two witnesses, or an unknown name.
    """
    rules = ownership or Ownership()
    _demand_witnesses(witnesses)
    keys = sorted({key for schema in witnesses.values() for key in schema.table_by_key})
    compared = [key for key in keys if not rules.is_ignored(*key)]
    common = _tables_in_common(witnesses, compared)
    findings: list[Finding] = []
    facts = 0
    with collection_put_off():
        agreement = Agreement(witnesses)
        for key in compared:
            having, owner = _having(key, witnesses), owner_of(key, witnesses, rules)
            agreed = agreement.facts(having, owner)
            if agreed is not None:
                facts += agreed
                continue
            sides = TableSides(*key, owner, having, witnesses, speller)
            found = list(_table(sides, rules))
            findings += found
            findings += letter_findings(sides, found)
            facts += facts_of(sides)
    for key in keys:
        if key[1] in rules.history_tables and not matches(rules.ignore, *key):
            findings += history_findings(TableSides(*key, "sqlalchemy", _having(key, witnesses), witnesses, speller))
    findings += enum_findings(witnesses, rules)
    findings += enum_letter_findings(witnesses, rules)
    if unheard:
        findings = list(_without_undeclared(findings, unheard))
    findings += object_findings(witnesses, rules)
    drifts = sorted((item for item in findings if isinstance(item, Drift)), key=report_order)
    sentences = [item.sentence for item in findings if isinstance(item, NotCompared)]
    notes = [note for schema in witnesses.values() for note in schema.notes]
    left_out = dict.fromkeys(
        [*sentences, *_silences(witnesses), *_ignored(keys, rules), *unknown_names(keys, rules), *notes]
    )
    return Comparison(tuple(drifts), common, facts, tuple(left_out))


def _without_undeclared(findings: Iterable[Finding], unheard: Collection[str]) -> Iterator[Finding]:
    """What nobody declares is no finding while a witness that may declare it is unheard; its number is said."""
    undeclared = 0
    for item in findings:
        if isinstance(item, Drift) and item.owner is None and item.kind in ("table-extra", "enum-extra"):
            undeclared += 1
        else:
            yield item
    if undeclared:
        who = in_words("SQLAlchemy's metadata" if name == "sqlalchemy" else LABELS[name] for name in sorted(unheard))
        yield NotCompared(f"{undeclared} tables and enum types of the database that may be declared by {who}")


def report_order(drift: Drift) -> tuple[object, ...]:
    """What drifts are sorted by: table, kind, object; what belongs to no table comes last."""
    return (
        drift.table is None,
        drift.schema,
        drift.table or "",
        position(drift.kind),
        drift.object or "",
        drift.behind,
    )


def _demand_witnesses(witnesses: Mapping[str, Schema]) -> None:
    unknown = [name for name in witnesses if name not in LABELS]
    if unknown:
        raise SchemasyncError(
            f"unknown witness {in_words(unknown)}", hint=f"the witnesses are {in_words(sorted(LABELS))}"
        )
    if len(witnesses) < 2:
        raise SchemasyncError("a comparison needs two witnesses or more", hint="give --prisma, --metadata, --database")


def _tables_in_common(witnesses: Mapping[str, Schema], keys: Iterable[tuple[str, str]]) -> int:
    """How many tables at least two witnesses state; a witness that shares none has not been compared at all."""
    sharing: set[str] = set()
    common = 0
    for key in keys:
        having = [name for name, schema in witnesses.items() if key in schema.table_by_key]
        if len(having) > 1:
            common += 1
            sharing.update(having)
    alone = [name for name in witnesses if name not in sharing]
    # Two states of one database may have nothing left in common, and that is a finding; so may two empty ones.
    if set(witnesses) <= {"snapshot", "database"} or not any(schema.tables for schema in witnesses.values()):
        return common
    if alone:
        described = in_words(f"{LABELS[name]} ({len(witnesses[name].tables)} tables)" for name in alone)
        raise NothingComparedError(
            f"nothing was compared: {described} "
            f"{'has' if len(alone) == 1 else 'have'} no table in common with the others",
            hint="is it the right database and schema, have the migrations run, and are the models imported?",
        )
    return common


def _having(key: tuple[str, str], witnesses: Mapping[str, Schema]) -> dict[str, Table]:
    return {name: schema.table_by_key[key] for name, schema in witnesses.items() if key in schema.table_by_key}


def _table(sides: TableSides, rules: Ownership) -> Iterator[Finding]:
    if all(schema.complete for schema in sides.witnesses.values()) and "view" in sides.tables[sides.reference].kind:
        return  # complete witnesses state a view as an object of its own, definition and all
    yield from table_findings(sides, rules)
    if len(sides.tables) < 2:
        return
    yield from column_findings(sides)
    yield from primary_key_findings(sides)
    yield from foreign_key_findings(sides)
    yield from check_findings(sides)
    yield from exclusion_findings(sides)
    yield from index_findings(sides)
    yield from relationship_findings(sides)


_SILENCE_IN_WORDS = {
    "check": "CHECK constraints",
    "exclusion": "exclusion constraints",
    "index-expression": "indexes on expressions",
    "index-predicate": "partial indexes' predicates",
    "generated": "generated columns",
    "comment": "comments",
    "collation": "collations",
    "view": "what views select",
}


def _silences(witnesses: Mapping[str, Schema]) -> Iterator[str]:
    for name, schema in witnesses.items():
        words = [text for silence, text in _SILENCE_IN_WORDS.items() if silence in schema.silent]
        if words:
            who = "SQLAlchemy's metadata" if name == "sqlalchemy" else LABELS[name]
            yield f"{who} cannot express {in_words(words)}; on its tables these were not held against it"


def _ignored(keys: Iterable[tuple[str, str]], rules: Ownership) -> Iterator[str]:
    ignored = [name for schema, name in keys if rules.is_ignored(schema, name) and name not in rules.history_tables]
    if ignored:
        yield f"ignored by configuration: {', '.join(ignored)}"
