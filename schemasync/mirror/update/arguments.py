"""Edits `__table_args__`: keys, indexes and the mark; and indexes that stand behind the class."""

import re

import libcst as cst

from schemasync.compare.drift import Drift
from schemasync.mirror.constraints import foreign_key_call, index_call, key_settings
from schemasync.mirror.layout import Argument, Call, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.update.calls import rewritten
from schemasync.mirror.update.classes import MappedClass, assigned_value, declared_name, last_name
from schemasync.mirror.update.columns import FOREIGN_KEY_KINDS
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.outcome import Outcome, done
from schemasync.mirror.update.source import Edit
from schemasync.mirror.update.work import TableWork
from schemasync.schema.model import ForeignKey, Index

_MARK = '"schemasync": {"owner": "prisma"}'
INDEX_KINDS = frozenset({"index-missing", "unique-missing", "index-definition", "index-name", "constraint-name"})


class ArgumentsEditor:
    """The table's arguments of one class."""

    def __init__(self, plan: Plan, work: TableWork, mapped: MappedClass, names: FileNames, outcome: Outcome) -> None:
        self.plan = plan
        self.work = work
        self.mapped = mapped
        self.source = mapped.source
        self.names = names
        self.outcome = outcome
        self.class_name = mapped.node.name.value
        self._added: list[Call] = []
        self._replaced: dict[cst.Call, Call] = {}

    def _use(self, name: str) -> str:
        self.names.require([name])
        return self.names(name)

    def edit(self) -> None:
        """Asks for all edits."""
        for drift in self.work.drifts:
            if drift.kind in INDEX_KINDS:
                self._index(drift)
            elif drift.kind in FOREIGN_KEY_KINDS:
                self._composite_key(drift)
            elif drift.kind == "primary-key":
                self.outcome.left.append(f"{drift.message} (change it by hand)")
        self._write()

    def _index(self, drift: Drift) -> None:
        expected = next((index for index in self.work.expected.indexes if index.name == drift.object), None)
        if expected is None:
            self._key_name(drift)
            return
        if drift.kind in ("index-missing", "unique-missing"):
            self._added.append(index_call(expected, self._use))
            self.outcome.did.append(f"{self.class_name}: added the index {expected.name}")
            return
        written = drift.values.get("sqlalchemy") if drift.kind.endswith("-name") else expected.name
        found = self._declared(written, expected)
        if found is None:
            self.outcome.left.append(f"{drift.message} (its declaration was not found)")
        else:
            self._replaced[found] = index_call(expected, self._use)
            self.outcome.did.append(f"{self.class_name}: corrected the index {expected.name}")

    def _declared(self, name: str | None, expected: Index) -> cst.Call | None:
        for call in self.mapped.indexes:
            if name is not None and declared_name(call) == name:
                return call
        same = [call for call in self.mapped.indexes if set(_strings(call)) >= set(expected.columns)]
        return same[0] if len(same) == 1 else None

    def _key_name(self, drift: Drift) -> None:
        """A primary key's name; those of foreign keys in columns are the column's."""
        key = self.work.expected.primary_key
        if key is None or key.name != drift.object:
            if any(one.name == drift.object and len(one.columns) > 1 for one in self.work.expected.foreign_keys):
                self.outcome.left.append(f"{drift.message} (change it by hand)")
            return
        call = next((call for call in self.mapped.indexes if last_name(call.func) == "PrimaryKeyConstraint"), None)
        name = literal(drift.object or "")
        new = Call(self._use("PrimaryKeyConstraint"), (*map(literal, key.columns), f"name={name}"))
        if call is None:
            self._added.append(new)
        else:
            self._replaced[call] = new
        self.outcome.did.append(f"{self.class_name}: named the primary key {key.name}")

    def _composite_key(self, drift: Drift) -> None:
        key = next((key for key in self.work.expected.foreign_keys if key.name == drift.object), None)
        if key is None or len(key.columns) == 1:
            return
        found = self._declared_key(key)
        if drift.kind == "foreign-key-missing":
            self._added.append(foreign_key_call(key, self.plan.default_schema, self._use))
        elif found is None:
            self.outcome.left.append(f"{drift.message} (its declaration was not found)")
            return
        else:
            written = self.source.argument(found)
            assert isinstance(written, Call)
            settings = {item.partition("=")[0]: item for item in key_settings(key)}
            kept = [item for item in written.arguments if str(item).partition("=")[0] not in ("ondelete", "onupdate")]
            added = [settings[name] for name in ("ondelete", "onupdate") if name in settings]
            self._replaced[found] = written.with_arguments((*kept, *added))
        self.outcome.did.append(f"{self.class_name}: {done(drift.fix)}")

    def _declared_key(self, key: ForeignKey) -> cst.Call | None:
        for call in self.mapped.indexes:
            if last_name(call.func) == "ForeignKeyConstraint" and set(key.columns) <= set(_strings(call)):
                return call
        return None

    def _write(self) -> None:
        marks = not self.work.is_marked
        own = self.mapped.table_arguments
        inside = {call: new for call, new in self._replaced.items() if self._is_inside(call)}
        for call, new in self._replaced.items():
            if call not in inside:
                self.source.replace(call, rewritten(self.source, call, new, self._statement_of(call)))
        if not (marks or self._added or inside):
            return
        if marks:
            self.outcome.did.append(f"{self.class_name}: marked as Prisma's")
        if own is None:
            self._write_new()
            return
        value = assigned_value(own)
        if not isinstance(value, (cst.Tuple, cst.Dict)) or (isinstance(value, cst.Tuple) and not value.lpar):
            self.outcome.left.append(f"{self.class_name}: __table_args__ is neither a tuple nor a dictionary")
            return
        if self.source.has_comment(value):
            self._splice(value, inside, marks=marks)
            return
        self._rewrite(value, inside, marks=marks)

    def _is_inside(self, call: cst.Call) -> bool:
        own = self.mapped.table_arguments
        if own is None:
            return False
        start, end = self.source.span(own.statement)
        return start <= self.source.span(call)[0] < end

    def _statement_of(self, call: cst.Call) -> cst.CSTNode:
        start = self.source.span(call)[0]
        for statement in self.source.module.body:
            begin, end = self.source.span(statement)
            if begin <= start < end:
                return statement
        raise ValueError("the call stands in no statement")

    def _elements(self, value: cst.Tuple | cst.Dict, inside: dict[cst.Call, Call]) -> list[Argument]:
        if isinstance(value, cst.Dict):
            return [self.source.argument(value)]
        found: list[Argument] = []
        for element in value.elements:
            inner = element.value
            if isinstance(inner, cst.Call) and inside.get(inner) is not None:
                found.append(inside[inner])
            else:
                found.append(self.source.argument(inner))
        return found

    def _rewrite(self, value: cst.Tuple | cst.Dict, inside: dict[cst.Call, Call], *, marks: bool) -> None:
        elements = self._elements(value, inside)
        last = elements[-1] if elements and isinstance(elements[-1], Call) and elements[-1].opening == "{" else None
        settings = [last] if last is not None else []
        body = elements[:-1] if last is not None else elements
        if marks:
            marked = _marked(settings[0] if settings else Call("", (), "{"))
            if marked is None:
                self.outcome.left.append(f"{self.class_name}: its info is no plain dictionary; mark it by hand")
            else:
                settings = [marked]
        start, end = self.source.outer_span(value)
        exploded = b"\n" in self.source.content[start:end]
        new = Call("", (*body, *self._added, *settings), "(", exploded and len(body) > 0)
        statement = self.mapped.table_arguments
        assert statement is not None
        head = f"{statement.name} = "
        indent = self.source.column(statement.statement)
        text = laid_out(new.with_head(head), indent, width=self.source.width)
        self.source.edits.append(Edit(start, end, text[indent + len(head) :]))

    def _splice(self, value: cst.Tuple | cst.Dict, inside: dict[cst.Call, Call], *, marks: bool) -> None:
        """Edits a tuple that has comments: new elements stand on lines of their own before its settings."""
        if isinstance(value, cst.Dict) or not value.elements:
            self.outcome.left.append(f"{self.class_name}: __table_args__ has comments inside; add to it by hand")
            return
        last = value.elements[-1]
        has_settings = isinstance(last.value, cst.Dict)
        if (marks and has_settings) or not isinstance(last.comma, cst.Comma):
            self.outcome.left.append(f"{self.class_name}: __table_args__ has comments inside; add to it by hand")
            return
        for call, new in inside.items():
            self.source.replace(call, rewritten(self.source, call, new, call))
        indent = self.source.column(last.value)
        added: list[Argument] = [*self._added]
        if marks:
            added.append(Call("", (f'"info": {{{_MARK}}}',), "{"))
        lines = "\n".join(laid_out(item, indent, ",", self.source.width) for item in added)
        if has_settings:
            self.source.insert_before(last.value, lines)
        else:
            self.source.insert_after(last.value, lines)

    def _write_new(self) -> None:
        settings = Call("", (f'"info": {{{_MARK}}}',), "{")
        name = self.mapped.attributes.get("__tablename__")
        elements: tuple[Argument, ...] = (*self._added, settings)
        indent = self.source.column(self.mapped.node.body.body[0])
        text = laid_out(Call("__table_args__ = ", elements), indent, width=self.source.width)
        if name is not None:
            self.source.insert_after(name.statement, text)
        else:
            self.source.insert_before(self.mapped.node.body.body[0], text)


def _marked(settings: Call) -> Call | None:
    """A dictionary of table settings with the mark in it; None where its `info` cannot be read."""
    arguments: list[Argument] = []
    found = False
    for item in settings.arguments:
        if not re.match(r"[\"']info[\"']:", str(item)):
            arguments.append(item)
            continue
        if not isinstance(item, Call) or item.opening != "{" or "schemasync" in str(item):
            return None
        found = True
        arguments.append(item.with_arguments((*item.arguments, _MARK)))
    if not found:
        arguments.append(Call('"info": ', (_MARK,), "{"))
    return settings.with_arguments(tuple(arguments))


def _strings(call: cst.Call) -> list[str]:
    """The string literals and attribute names that a call's arguments consist of."""
    code = cst.Module([]).code_for_node(call)
    return re.findall(r"[\"'](\w+)[\"']", code) + re.findall(r"\b(\w+)(?:\.desc\(\)|\.asc\(\))?\s*[,)]", code)
