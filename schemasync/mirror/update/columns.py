"""Edits one mapped class until it states its owner's facts."""

import re
from collections.abc import Mapping

import libcst as cst

from schemasync.compare.drift import Drift
from schemasync.mirror import defaults
from schemasync.mirror.columns import ColumnText, ColumnWriter, serial_arguments
from schemasync.mirror.constraints import column_keys, key_settings
from schemasync.mirror.core import without_annotations
from schemasync.mirror.layout import Argument, Call, annotated, comment, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.update.annotations import reads_otherwise, with_none
from schemasync.mirror.update.calls import type_position, with_keywords
from schemasync.mirror.update.classes import Attribute, MappedClass, keyword, last_use
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.outcome import Outcome, done
from schemasync.mirror.update.work import TableWork
from schemasync.schema.model import Column, ForeignKey

COLUMN_KINDS = frozenset(
    {"column-type", "column-length", "column-nullability", "column-default", "client-default", "python-type"}
)
FOREIGN_KEY_KINDS = frozenset({"foreign-key-missing", "foreign-key-action"})


class ColumnEditor:
    """The columns and foreign keys of one class.

    Args:
        plan: what everything is called.
        writer: writes columns as this class has them.
        names: the file's names.
    """

    def __init__(
        self,
        plan: Plan,
        work: TableWork,
        mapped: MappedClass,
        names: FileNames,
        writer: ColumnWriter,
        enum_imports: Mapping[str, str],
    ) -> None:
        self.plan = plan
        self.work = work
        self.mapped = mapped
        self.source = mapped.source
        self.names = names
        self.writer = writer
        self.enum_imports = enum_imports
        self.outcome = Outcome()
        self.keys = column_keys(work.expected, plan.default_schema, self._use)
        self.class_name = mapped.node.name.value
        self._inserted: dict[cst.CSTNode | None, list[str]] = {}
        self._last_anchor: cst.CSTNode | None = None

    def _use(self, name: str) -> str:
        return self.names(name)

    def edit(self) -> None:
        """Asks for all edits of columns, in the owner's order of columns."""
        by_column = self._drifts_by_column()
        missing = {column.name for column in self.work.missing}
        for column in self.work.expected.columns:
            attribute = self._attribute(column)
            if column.name in missing:
                self._write(column, "added")
                continue
            drifts = by_column.get(column.name, [])
            if attribute is not None and attribute.function in ("Column", "mapped_column"):
                self._last_anchor = attribute.statement
                if drifts:
                    self._change(column, attribute, drifts)
            elif drifts and attribute is None:
                self._write(column, "overridden")
            elif drifts:
                self._leave(drifts, f"{attribute.name} is no plain column" if attribute else "")
        for anchor, lines in self._inserted.items():
            self._insert(anchor, lines)

    def _drifts_by_column(self) -> dict[str, list[Drift]]:
        found: dict[str, list[Drift]] = {}
        for drift in self.work.drifts:
            if drift.kind in COLUMN_KINDS and drift.object is not None:
                found.setdefault(drift.object, []).append(drift)
            elif drift.kind in FOREIGN_KEY_KINDS or self._names_foreign_key(drift):
                key = self._foreign_key(drift)
                if key is not None and len(key.columns) == 1:
                    found.setdefault(key.columns[0], []).append(drift)
        return found

    def _names_foreign_key(self, drift: Drift) -> bool:
        return drift.kind == "constraint-name" and self._foreign_key(drift) is not None

    def _foreign_key(self, drift: Drift) -> ForeignKey | None:
        return next((key for key in self.work.expected.foreign_keys if key.name == drift.object), None)

    def _attribute(self, column: Column) -> Attribute | None:
        """The statement that declares a column in this class; None where an ancestor does."""
        model = self.work.model.column(column.name) if self.work.model is not None else None
        name = model.field if model is not None and model.field else self._name(column)
        return self.mapped.attributes.get(name)

    def _name(self, column: Column) -> str:
        return self.plan.names.models[self.work.expected.key].attributes[column.name]

    def _text(self, column: Column) -> ColumnText:
        text = self._plain_text(column)
        self._require(text)
        return text

    def _plain_text(self, column: Column) -> ColumnText:
        key = self.work.expected.primary_key
        columns = key.columns if key is not None else ()
        return self.writer.text(column, is_key=column.name in columns, alone=len(columns) == 1)

    def _require(self, text: ColumnText, used: str | None = None) -> None:
        """Asks for the names that a column needs.

        Args:
            used: the text that comes to stand in the file, where that is not all of the column's.
        """
        names = set(text.symbols) if self.mapped.is_typed else without_annotations(text.symbols)
        if used is not None:
            words = set(re.findall(r"\w+", used))
            names = {name for name in names if name.startswith("enum ") or self.names(name).partition(".")[0] in words}
        self.names.require(names)
        enums = [name.removeprefix("enum ") for name in text.symbols if name.startswith("enum ")]
        for name in enums:
            if used is not None and name not in re.findall(r"\w+", used):
                continue
            needed = self.mapped.is_typed or name != text.annotation.removesuffix(" | None")
            if needed and name in self.enum_imports:
                self.names.require_from(self.enum_imports[name], name)

    def _write(self, column: Column, did: str) -> None:
        """A column's whole statement, new or in place of an inherited one."""
        text = self._text(column)
        name = self._name(column)
        keys = self.keys.get(column.name, ())
        if keys:
            self.names.require(["ForeignKey"])
        if column.default is not None and column.default.kind == "sequence" and not self._is_key(column):
            self.names.require(["Sequence", "text"])
            keys = (*keys, *serial_arguments(self.work.expected, column, self.plan.default_schema, self._use))
        lines = [comment(column.documentation, self._indent)] if column.documentation and did == "added" else []
        lines.append(self._statement(name, column.name, text, keys))
        anchor = self._place(name)
        self._inserted.setdefault(anchor, []).extend(lines)
        what = "added" if did == "added" else "overrode the inherited"
        self.outcome.did.append(f"{self.class_name}: {what} {name}")

    def _place(self, name: str) -> cst.CSTNode | None:
        """The statement behind which a column goes: where the owner has it, or behind the last use of its name."""
        using = last_use(self.mapped, name)
        if using is None or self._last_anchor is None:
            return using or self._last_anchor
        return max(using, self._last_anchor, key=self.source.line)

    def _is_key(self, column: Column) -> bool:
        key = self.work.expected.primary_key
        return key is not None and column.name in key.columns

    @property
    def _indent(self) -> int:
        body = self.mapped.node.body.body
        return self.source.column(body[0]) if body else 4

    def _statement(self, name: str, column: str, text: ColumnText, keys: tuple[Argument, ...]) -> str:
        first = () if name == column else (literal(column),)
        arguments: tuple[Argument, ...] = (*first, text.type, *keys, *text.keywords)
        if self.mapped.is_typed:
            self.names.require(["Mapped", "mapped_column"])
            call = Call(self.names("mapped_column"), arguments)
            return annotated(name, text.annotation, self.names("Mapped"), call, self._indent, width=self.source.width)
        function = self.mapped.column_function
        if not function:
            self.names.require(["Column"])
            function = self.names("Column")
        return laid_out(Call(f"{name} = {function}", arguments), self._indent, width=self.source.width)

    def _insert(self, anchor: cst.CSTNode | None, lines: list[str]) -> None:
        if anchor is not None:
            self.source.insert_after(anchor, "\n".join(lines))
            return
        own = self.mapped.columns()
        if own:
            self.source.insert_before(own[0].statement, "\n".join(lines))
            return
        head = self.mapped.attributes.get("__table_args__") or self.mapped.attributes["__tablename__"]
        self.source.insert_after(head.statement, "\n".join(["", *lines]))

    def _change(self, column: Column, attribute: Attribute, drifts: list[Drift]) -> None:
        """Corrects a column's own statement."""
        call = attribute.call
        assert call is not None
        if self.source.has_comment(attribute.statement.body[0]):
            self._leave(drifts, f"{attribute.name} has a comment inside its declaration")
            return
        kinds = {drift.kind for drift in drifts}
        text = self._plain_text(column)
        written = self.source.argument(call)
        assert isinstance(written, Call)
        inner = self._inner(attribute)
        changes: dict[str, Argument | None] = {}
        if "column-nullability" in kinds:
            if inner is None or keyword(call, "nullable") is not None:
                changes["nullable"] = None if column.nullable else "nullable=False"
            inner = None if inner is None else with_none(inner, nullable=column.nullable)
        if "column-default" in kinds:
            changes.update(self._default_changes(column, text))
        if "client-default" in kinds:
            changes.update(self._named(text, ("default", "onupdate")))
        new = with_keywords(written, changes, call)
        if kinds & {"column-type", "column-length"}:
            position, is_there = type_position(call)
            rest = new.arguments[position + 1 :] if is_there else new.arguments[position:]
            new = new.with_arguments((*new.arguments[:position], text.type, *rest))
        if inner is not None and reads_otherwise(inner, text, kinds):
            inner = text.annotation
        new = self._with_keys(column, new, drifts)
        self._require(text, used=f"{new} {inner or ''}")
        self._rewrite(attribute, new, inner)
        self.outcome.did += [f"{self.class_name}: {done(drift.fix)}" for drift in drifts]

    def _inner(self, attribute: Attribute) -> str | None:
        """The annotation inside `Mapped[…]`; None without one."""
        if attribute.annotation is None:
            return None
        found = attribute.annotation.annotation
        if isinstance(found, cst.Subscript) and isinstance(found.slice[0].slice, cst.Index):
            return self.source.text(found.slice[0].slice.value)
        return None

    def _default_changes(self, column: Column, text: ColumnText) -> dict[str, Argument | None]:
        default = column.default
        if default is None:
            model = self.work.model.column(column.name) if self.work.model is not None else None
            if model is not None and model.default is not None and model.default.kind == "sequence":
                return {"autoincrement": "autoincrement=False"}
            return {"server_default": None}
        if default.kind == "sequence":
            return {"autoincrement": "autoincrement=True", "server_default": None, "default": None}
        self.names.require(["text"] if isinstance(defaults.server_default(default, str), Call) else [])
        return self._named(text, ("server_default",))

    def _named(self, text: ColumnText, wanted: tuple[str, ...]) -> dict[str, Argument | None]:
        found: dict[str, Argument | None] = {}
        for argument in text.keywords:
            name = str(argument).partition("=")[0]
            if name in wanted:
                found[name] = argument
        return found

    def _with_keys(self, column: Column, call: Call, drifts: list[Drift]) -> Call:
        """The column's call with the foreign keys that it lacks, and the actions that differ."""
        for drift in drifts:
            key = self._foreign_key(drift)
            if key is None or drift.kind not in (*FOREIGN_KEY_KINDS, "constraint-name"):
                continue
            arguments = list(call.arguments)
            positions = [
                number
                for number, item in enumerate(arguments)
                if isinstance(item, Call) and item.head.rpartition(".")[2] == "ForeignKey"
            ]
            if drift.kind == "foreign-key-missing" or not positions:
                self.names.require(["ForeignKey"])
                place = next(
                    (number for number, item in enumerate(arguments) if re.match(r"\w+=", str(item))), len(arguments)
                )
                new = next(item for item in self.keys[column.name] if f'name="{key.name}"' in str(item))
                arguments.insert(place, new)
            else:
                position = next(
                    (number for number in positions if key.referenced_table in str(arguments[number])), positions[0]
                )
                found = arguments[position]
                assert isinstance(found, Call)
                arguments[position] = _with_settings(found, key, drift.kind)
            call = call.with_arguments(tuple(arguments))
        return call

    def _rewrite(self, attribute: Attribute, call: Call, inner: str | None) -> None:
        """Writes a statement anew, in its own place."""
        part = attribute.statement.body[0]
        indent = self.source.column(attribute.statement)
        width = self.source.width
        if isinstance(part, cst.AnnAssign) and inner is not None:
            found = part.annotation.annotation
            assert isinstance(found, cst.Subscript)
            generic = self.source.text(found.value)
            text = annotated(attribute.name, inner, generic, call, indent, width=width)
        else:
            prefix = self.source.content[self.source.span(part)[0] : self.source.span(attribute.call or part)[0]]
            head = prefix.decode(self.source.module.encoding)
            text = laid_out(call.with_head(head + call.head), indent, width=width)
        self.source.replace(part, text.lstrip(" "))

    def _leave(self, drifts: list[Drift], why: str) -> None:
        self.outcome.left += [f"{drift.message} ({why})" for drift in drifts]


def _with_settings(call: Call, key: ForeignKey, kind: str) -> Call:
    """A `ForeignKey(…)` with the owner's actions or name."""
    wanted = {item.partition("=")[0]: item for item in key_settings(key)}
    names = ("name",) if kind == "constraint-name" else ("ondelete", "onupdate", "match")
    stated = [wanted[name] for name in names if name in wanted]
    arguments: list[Argument] = []
    place = len(call.arguments)
    for item in call.arguments:
        if str(item).partition("=")[0] in names:
            place = min(place, len(arguments))
        else:
            arguments.append(item)
    arguments[place:place] = stated
    return call.with_arguments(tuple(arguments))
