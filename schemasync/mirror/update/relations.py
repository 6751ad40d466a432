"""Adds relationships to a class, and what existing ones need once another key connects the same tables."""

from collections.abc import Callable, Set

import libcst as cst

from schemasync.mirror.layout import Argument, Call, comment, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.relationships import RelationshipText, relationship_attribute
from schemasync.mirror.update.calls import rewritten, with_keywords
from schemasync.mirror.update.classes import MappedClass, keyword
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.work import End, TableWork


class RelationshipEditor:
    """The relationships of one class.

    Args:
        module_of: the module of a class that an annotation names.
        new_ends: the relationships that this update writes.
    """

    def __init__(
        self,
        plan: Plan,
        work: TableWork,
        mapped: MappedClass,
        names: FileNames,
        outcome: Outcome,
        module_of: Callable[[str], str | None],
        new_ends: Set[End],
    ) -> None:
        self.plan = plan
        self.work = work
        self.mapped = mapped
        self.source = mapped.source
        self.names = names
        self.outcome = outcome
        self.module_of = module_of
        self.new_ends = new_ends
        self.class_name = mapped.node.name.value

    def edit(self) -> None:
        """Asks for all edits."""
        drifts = {drift.object: drift for drift in self.work.drifts if drift.kind.startswith("relationship-")}
        new = []
        for text in self.plan.writer.relationships(self.work.expected):
            drift = drifts.pop(text.source.name, None)
            attribute = self.mapped.attributes.get(text.attribute)
            if drift is not None and drift.kind == "relationship-missing":
                if attribute is not None or self._is_method(text.attribute):
                    self.outcome.left.append(f"{drift.message} (the name {text.attribute} is taken)")
                else:
                    new.append(text)
            elif drift is not None:
                self.outcome.left.append(f"{drift.message} (change it by hand)")
            elif attribute is not None and attribute.call is not None:
                self._complete(text, attribute.call, attribute.statement)
        if new:
            self._write(new)

    def _is_method(self, name: str) -> bool:
        return any(isinstance(item, cst.FunctionDef) and item.name.value == name for item in self.mapped.node.body.body)

    def _complete(self, text: RelationshipText, call: cst.Call, statement: cst.SimpleStatementLine) -> None:
        """Gives a relationship the arguments without which SQLAlchemy would not know what it means any more."""
        changes: dict[str, Argument | None] = {}
        is_connected = keyword(call, "back_populates") is not None or keyword(call, "backref") is not None
        for item in text.arguments:
            name = str(item).partition("=")[0]
            explicit = keyword(call, "foreign_keys") or keyword(call, "primaryjoin")
            if name == "foreign_keys" and explicit is None:
                changes[name] = item
            if name == "back_populates" and self._is_new(text) and not is_connected:
                changes[name] = item
        if not changes:
            return
        if self.source.has_comment(call):
            needed = ", ".join(map(str, changes.values()))
            self.outcome.left.append(f"{self.class_name}.{text.attribute} needs {needed}")
            return
        written = self.source.argument(call)
        assert isinstance(written, Call)
        new = with_keywords(written, changes, call)
        self.source.replace(call, rewritten(self.source, call, new, statement))
        self.outcome.did.append(f"{self.class_name}.{text.attribute}: {', '.join(map(str, changes.values()))}")

    def _is_new(self, text: RelationshipText) -> bool:
        """Whether the other end is written by this update; two that do not know each other may be so on purpose."""
        return (text.source.target_schema, text.source.target_table, text.source.reverse) in self.new_ends

    def _write(self, texts: list[RelationshipText]) -> None:
        lines = []
        indent = self.source.column(self.mapped.node.body.body[0])
        existing = self.mapped.relationships()
        for text in texts:
            if text.source.documentation:
                lines.append(comment(text.source.documentation, indent))
            lines.append(self._statement(text, indent))
            self.outcome.did.append(f"{self.class_name}: added the relationship {text.attribute}")
        block = "\n".join(lines)
        if existing:
            self.source.insert_after(existing[-1].statement, block)
            return
        columns = self.mapped.columns()
        anchor = columns[-1].statement if columns else self.mapped.attributes["__tablename__"].statement
        self.source.insert_after(anchor, f"\n{block}")

    def _statement(self, text: RelationshipText, indent: int) -> str:
        width = self.source.width
        for variable in self.plan.join_tables.values():
            if f"secondary={variable}" in text.arguments:
                module = self.module_of(variable)
                if module is not None:
                    self.names.require_from(module, variable)
        function = self._function()
        if self.mapped.is_typed:
            self.names.require(["Mapped", "list"] if text.is_list else ["Mapped"])
            module = self.module_of(text.target)
            if module is not None and text.target != self.class_name:
                self.names.require_for_typing(module, text.target)
            return relationship_attribute(text, self.names("Mapped"), function, self.names("list"), width)
        call = Call(f"{text.attribute} = {function}", (literal(text.target), *text.arguments))
        return laid_out(call, indent, width=width)

    def _function(self) -> str:
        existing = [item for item in self.mapped.relationships() if item.function == "relationship"]
        if existing and existing[0].call is not None:
            return self.source.text(existing[0].call.func)
        self.names.require(["relationship"])
        return self.names("relationship")
